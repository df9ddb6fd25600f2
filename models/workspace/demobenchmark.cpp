// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/demofile.h"
#include "workspace/demogenerator.h"
#include "workspace/demorecord.h"

#include "base/text.h"

#include <array>
#include <charconv>
#include <initializer_list>
#include <utility>

/// Records are put together from prepared pieces: the benchmark must not measure its own generator.
namespace nightjar::workspace {
namespace {

constexpr std::size_t kUsers = 2'000;
constexpr std::size_t kSites = 5'000;
constexpr Timestamp kStart = 1'772'434'800 * kMicrosPerSecond; // 2026-03-02T07:00:00Z, a Monday
constexpr std::uint64_t kFirstId = 7'529'900'000'000'000'000;

using Member = std::pair<std::string_view, std::string_view>;

std::string members(std::initializer_list<Member> pairs)
{
    std::string text;
    for (const auto &[key, value] : pairs) {
        text.push_back(',');
        appendJsonQuoted(text, key);
        text.push_back(':');
        appendJsonQuoted(text, value);
    }
    return text;
}

void appendNumber(std::string &out, std::string_view prefix, std::uint64_t value)
{
    std::array<char, 20> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out += prefix;
    out.append(digits.data(), written.ptr);
}

struct Site {
    std::string host;
    std::string address;
    std::string pieces;
};

struct Outcome {
    std::string pieces;
    bool blocked = false;
};

struct Pieces {
    std::vector<std::string> users;
    std::vector<Site> sites;
    std::vector<Outcome> outcomes; ///< most frequent first
};

std::string userPieces(const DemoUser &model, std::size_t index)
{
    const std::string number = std::to_string(index);
    const std::string login =
        model.login.substr(0, model.login.find('@')) + number + "@" + std::string(kDemoCompanyDomain);
    const std::string client = "10." + std::to_string(30 + index % 40) + "." + std::to_string(index / 250) + "." +
                               std::to_string(1 + index % 250);
    const std::string device = "PC-" + std::to_string(20'000 + index);
    return members({{"user", login},
                    {"department", model.department},
                    {"location", feedEscape(model.location)},
                    {"ClientIP", client},
                    {"clientpublicIP", model.publicIp},
                    {"deviceowner", model.deviceOwner + number},
                    {"devicehostname", device},
                    {"deviceostype", model.osType},
                    {"useragent", model.userAgent}});
}

Site makeSite(const DemoSite &model, std::size_t index)
{
    Site site;
    site.host = (index % 3 == 0   ? "www."
                 : index % 3 == 1 ? "api."
                                  : "cdn.") +
                std::to_string(index) + "." + model.domain;
    site.address = model.address;
    site.pieces = members(
        {{"hostname", site.host},
         {"urlcategory", model.category},
         {"urlsupercategory", model.superCategory},
         {"urlclass", model.urlClass},
         {"appname", model.appName},
         {"appclass", model.appClass},
         {"pagerisk", std::to_string(model.risk)},
         {"refererURL", index % 4 == 0 ? std::string_view("None") : std::string_view("www.amberbank.example/")}});
    return site;
}

Outcome makeOutcome(std::size_t index)
{
    constexpr std::array<std::string_view, 4> kTypes{"text/html", "application/json", "image/webp",
                                                     "application/javascript"};
    const bool blocked = index % 24 == 23;
    const bool threat = index == 47;
    const bool post = index % 7 == 3;
    Outcome outcome;
    outcome.blocked = blocked;
    outcome.pieces = members({{"action", blocked ? "Blocked" : "Allowed"},
                              {"reason", threat    ? "Malicious content blocked"
                                         : blocked ? "Not allowed to browse this category"
                                                   : "Allowed"},
                              {"status", blocked           ? "403"
                                         : index % 11 == 5 ? "304"
                                         : index % 17 == 9 ? "404"
                                                           : "200"},
                              {"requestmethod", post ? "POST" : "GET"},
                              {"protocol", index % 13 == 6 ? "HTTP" : "HTTPS"},
                              {"contenttype", kTypes[index % kTypes.size()]},
                              {"threatname", threat ? "JS.Inject.Sorrel" : "None"},
                              {"threatcategory", threat ? "Botnet Callback" : "None"},
                              {"threatclass", threat ? "Advanced Threat" : "None"},
                              {"threatseverity", threat ? "Critical (90–100)" : "None (0)"},
                              {"rulelabel", blocked ? "Block unwanted categories" : "None"},
                              {"ruletype", blocked ? "UrlCat" : "None"},
                              {"filetype", index % 10 == 4 ? "GZIP (gzip, gz)" : "None"},
                              {"ssldecrypted", index % 13 == 6 ? "No" : "Yes"},
                              {"clienttlsversion", "TLS1_3"}});
    return outcome;
}

/// What is the same in every record.
const std::string &constantPieces()
{
    static const std::string kPieces = members({{"product", "NSS"},
                                                {"vendor", "Zscaler"},
                                                {"company", kDemoCompany},
                                                {"tz", "GMT"},
                                                {"filename", "None"},
                                                {"bamd5", "None"},
                                                {"sha256", "None"},
                                                {"dlpengine", "None"},
                                                {"dlpdictionaries", "None"},
                                                {"bwthrottle", "NO"}}) +
                                       "}}\n";
    return kPieces;
}

Pieces makePieces(DemoRandom &random)
{
    const DemoWorld world = makeDemoWorld(random);
    Pieces pieces;
    for (std::size_t index = 0; index < kUsers; ++index) {
        pieces.users.push_back(userPieces(world.users[index % world.users.size()], index));
    }
    for (std::size_t index = 0; index < kSites; ++index) {
        pieces.sites.push_back(makeSite(world.sites[index % world.sites.size()], index));
    }
    for (std::size_t index = 0; index < 48; ++index) {
        pieces.outcomes.push_back(makeOutcome(index));
    }
    return pieces;
}

/// Fast draws: one random word is cut into the few numbers that a record needs.
class RankTable {
public:
    RankTable(std::size_t count, double exponent, DemoRandom &random)
    {
        const ZipfTable zipf(count, exponent);
        for (std::uint16_t &rank : m_ranks) {
            rank = static_cast<std::uint16_t>(zipf.draw(random));
        }
    }
    [[nodiscard]] std::size_t at(std::uint64_t bits) const { return m_ranks[bits & (m_ranks.size() - 1)]; }

private:
    std::array<std::uint16_t, std::size_t{1} << 15U> m_ranks{};
};

void appendPath(std::string &out, std::uint64_t bits)
{
    constexpr std::array<std::string_view, 8> kFirst{"/products/", "/api/v1/items/", "/static/js/", "/images/",
                                                     "/search/",   "/docs/",         "/account/",   "/reports/"};
    appendNumber(out, kFirst[bits & 7U], bits >> 3U & 0xFFFFU);
    if ((bits >> 20U & 3U) == 0) {
        appendNumber(out, "?session=", bits >> 40U);
    }
}

} // namespace

Status writeBenchmarkLog(const std::filesystem::path &path, std::size_t records, std::uint64_t seed)
{
    Result<DemoFile> file = DemoFile::create(path);
    if (!file) {
        return fail(file.error());
    }
    DemoRandom random(seed);
    const Pieces pieces = makePieces(random);
    const auto siteRanks = std::make_unique<RankTable>(kSites, 0.9, random);
    const auto userRanks = std::make_unique<RankTable>(kUsers, 0.3, random);
    Timestamp time = kStart;
    Timestamp shownSecond = -1;
    std::string shown;
    for (std::size_t record = 0; record < records; ++record) {
        const std::uint64_t bits = random.next();
        time += static_cast<Timestamp>(bits & 0x7FFFU) + 1;
        if (time / kMicrosPerSecond != shownSecond) {
            shownSecond = time / kMicrosPerSecond;
            shown = demoCtime(time);
        }
        const std::uint64_t more = random.next();
        const Site &site = pieces.sites[siteRanks->at(bits >> 16U)];
        const Outcome &outcome = pieces.outcomes[(bits >> 32U) % pieces.outcomes.size()];
        const std::uint64_t sent = 300 + (more & 0x7FFU);
        const std::uint64_t received = outcome.blocked ? 13'120 : 200 + ((more >> 11U & 0xFFFFU) << (more >> 27U & 3U));
        std::string &out = file->buffer();
        out += R"({"sourcetype":"zscalernss-web","event":{"datetime":")";
        out += shown;
        appendNumber(out, R"(","event_id":")", kFirstId + record);
        appendNumber(out, R"(","transactionsize":")", sent + received);
        appendNumber(out, R"(","responsesize":")", received);
        appendNumber(out, R"(","requestsize":")", sent);
        appendNumber(out, R"(","clienttranstime":")", more >> 32U & 0x3FFU);
        appendNumber(out, R"(","servertranstime":")", more >> 42U & 0x1FFU);
        out += R"(","url":")";
        out += site.host;
        appendPath(out, bits >> 8U ^ more);
        out += R"(","serverip":")";
        out += outcome.blocked ? std::string_view("0.0.0.0") : std::string_view(site.address);
        out += '"';
        out += pieces.users[userRanks->at(more >> 48U)];
        out += site.pieces;
        out += outcome.pieces;
        out += constantPieces();
        if (Status status = file->flushIfFull(); !status) {
            return status;
        }
    }
    return file->flush();
}

} // namespace nightjar::workspace
