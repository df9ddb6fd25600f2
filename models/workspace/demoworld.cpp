// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/demoworld.h"

#include <array>

namespace nightjar::workspace {
namespace {

struct Department {
    std::string_view name;
    int firstHour;
    int lastHour;
};

struct Category {
    std::string_view name;
    std::string_view superCategory;
    std::string_view urlClass;
    bool blocked;
    int risk;
};

constexpr std::array<Department, 7> kDepartments{{{"Engineering", 8, 18},
                                                  {"Finance", 7, 16},
                                                  {"Sales", 7, 18},
                                                  {"Human Resources", 8, 16},
                                                  {"Procurement, Generics", 7, 16},
                                                  {"IT Operations", 6, 19},
                                                  {"Research & Development", 9, 19}}};

constexpr std::array<std::string_view, 20> kFirstNames{"anna",  "bela",  "carl", "dora",   "emil",   "fatima", "georg",
                                                       "hanna", "ivan",  "jana", "karim",  "lena",   "marek",  "nadia",
                                                       "oskar", "paula", "rosa", "stefan", "tomoko", "victor"};
constexpr std::array<std::string_view, 20> kLastNames{
    "keller", "novak",  "lind",   "moreau", "weiss", "santos", "berg",   "rossi", "dubois", "haas",
    "ito",    "jansen", "krause", "lopez",  "meyer", "olsen",  "petrov", "quist", "reuter", "sato"};

constexpr std::array<std::string_view, 6> kAgents{
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 "
    "Edg/131.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:134.0) Gecko/20100101 Firefox/134.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 "
    "Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"};
constexpr std::array<std::string_view, 6> kSystems{"Windows OS", "Windows OS", "Windows OS",
                                                   "MAC OS",     "Other OS",   "Windows OS"};

constexpr std::array<Category, 14> kCategories{
    {{"Corporate Marketing", "Business and Economy", "Business Use", false, 0},
     {"Professional Services", "Business and Economy", "Business Use", false, 2},
     {"Web Search", "Internet Communication", "General Surfing", false, 0},
     {"News and Media", "News and Media", "General Surfing", false, 4},
     {"Online Shopping", "Shopping and Auctions", "Productivity Loss", false, 6},
     {"Content Delivery Networks", "Information Technology", "Business Use", false, 1},
     {"Computers & Software", "Information Technology", "Business Use", false, 3},
     {"Travel", "Travel", "Productivity Loss", false, 5},
     {"Banking", "Business and Economy", "Privacy Risk", false, 2},
     {"Education", "Education", "General Surfing", false, 1},
     {"Web Mail", "Internet Communication", "Privacy Risk", false, 8},
     {"Gambling", "Gambling", "Legal Liability", true, 35},
     {"Adult Content", "Adult Material", "Legal Liability", true, 40},
     {"Anonymizer", "Security", "Advanced Security Risk", true, 60}}};

constexpr std::array<std::string_view, 28> kWords{
    "amber",   "birch",  "cedar",  "delta",  "ember",  "fjord",  "grove",  "harbor", "iris",  "juniper",
    "kestrel", "lumen",  "maple",  "north",  "orchid", "pixel",  "quartz", "river",  "stone", "tidal",
    "umber",   "valley", "willow", "yonder", "zephyr", "copper", "meadow", "signal"};
constexpr std::array<std::string_view, 20> kNouns{"bank",   "books", "cargo",   "cloud",  "desk",   "energy", "garden",
                                                  "health", "jobs",  "kitchen", "labs",   "market", "media",  "news",
                                                  "office", "parts", "school",  "sports", "travel", "works"};

std::string number(std::size_t value, std::size_t width)
{
    std::string text = std::to_string(value);
    text.insert(0, text.size() < width ? width - text.size() : 0, '0');
    return text;
}

DemoUser makeUser(std::size_t index, DemoRandom &random)
{
    const std::string first(kFirstNames[index % kFirstNames.size()]);
    const std::string last(kLastNames[(index * 7 + index / kFirstNames.size()) % kLastNames.size()]);
    const Department &department = kDepartments[index % kDepartments.size()];
    const std::size_t browser = random.below(kAgents.size());
    DemoUser user;
    user.login = first + "." + last + "@" + std::string(kDemoCompanyDomain);
    user.department = department.name;
    user.location = index % 3 == 0 ? "Road Warrior" : index % 3 == 1 ? "Office Vienna" : "Office Oslo->Guest";
    user.deviceName = (browser == 3 ? "MAC-" : "PC-") + number(1000 + index * 37, 5);
    user.deviceOwner = first.substr(0, 1) + last;
    user.clientIp =
        "10." + std::to_string(20 + index % 3) + "." + std::to_string(index / 8) + "." + std::to_string(20 + index);
    user.publicIp = "198.51.100." + std::to_string(index % 3 == 0 ? 40 + index : index % 3);
    user.userAgent = kAgents[browser];
    user.osType = kSystems[browser];
    user.firstHour = department.firstHour + static_cast<int>(random.below(2));
    user.lastHour = department.lastHour - static_cast<int>(random.below(2));
    user.activity = 0.4 + 1.6 * random.unit();
    return user;
}

DemoSite makeSite(std::size_t index, DemoRandom &random)
{
    // Blocked categories stand at the end of the table and among the unpopular sites.
    const std::size_t open = 11;
    const bool unwanted = index > 120 && index % 23 == 0;
    const Category &category =
        unwanted ? kCategories[open + random.below(kCategories.size() - open)] : kCategories[random.below(open)];
    const std::string word(kWords[index % kWords.size()]);
    const std::string noun(kNouns[(index / kWords.size() + index) % kNouns.size()]);
    DemoSite site;
    site.domain =
        word + (index % 2 == 0 ? "" : "-") + noun + (index < 280 ? "" : std::to_string(index % 97)) + ".example";
    site.address = demoServerAddress(random);
    site.category = category.name;
    site.superCategory = category.superCategory;
    site.urlClass = category.urlClass;
    site.appName = index % 9 == 0 ? word + " Suite" : "General Browsing";
    site.appClass = index % 9 == 0 ? "Business and Productivity" : "General Browsing";
    site.risk = category.risk;
    site.blocked = category.blocked;
    return site;
}

} // namespace

std::string demoServerAddress(DemoRandom &random)
{
    const std::size_t host = 1 + random.below(450);
    return host <= 250 ? "192.0.2." + std::to_string(host) : "203.0.113." + std::to_string(host - 250);
}

DemoWorld makeDemoWorld(DemoRandom &random)
{
    DemoWorld world;
    for (std::size_t index = 0; index < kDemoUsers; ++index) {
        world.users.push_back(makeUser(index, random));
    }
    for (std::size_t index = 0; index < kDemoSites; ++index) {
        world.sites.push_back(makeSite(index, random));
    }
    world.unknown = {"",
                     "",
                     "Miscellaneous or Unknown",
                     "Miscellaneous",
                     "General Surfing",
                     "General Browsing",
                     "General Browsing",
                     20,
                     false};
    return world;
}

} // namespace nightjar::workspace
