// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedsetup.h"

#include "base/files.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace nightjar::logs {

namespace {

struct Recipe {
    std::string_view name;
    std::string_view place; ///< in the portal: log type, and record or sub-type
    bool nss = false;       ///< an NSS virtual machine carries it
    bool cloud = false;     ///< Cloud NSS carries it
    std::string_view file;  ///< in the folder, without ".format"; empty: as the name
    std::string_view note;  ///< a sentence
};

// Labels of the portal: facts/zscaler-logs.md §1.2 (log types of the API), §4.
constexpr Recipe kRecipes[] = {
    {"web", "Web Log", true, true, {}, {}},
    {"firewall",
     "Firewall Logs",
     true,
     true,
     {},
     "With the standard firewall subscription allowed sessions arrive summed up over 15 minutes; only full logging "
     "lets beacons be found."},
    {"dns", "DNS Logs", true, true, {}, {}},
    {"tunnel-sample", "Tunnel, record type Samples", true, true, {}, {}},
    {"tunnel-event", "Tunnel, record type Tunnel Event", true, true, {}, {}},
    {"tunnel-ike1", "Tunnel, record type IKE Phase 1", true, true, {}, {}},
    {"tunnel-ike2", "Tunnel, record type IKE Phase 2", true, true, {}, {}},
    {"audit", "Admin Audit Logs", true, true, {}, {}},
    {"casb-file", "SaaS Security, application category File Sharing", true, true, {}, {}},
    {"casb-email", "SaaS Security, application category Email", true, true, {}, {}},
    {"casb-collaboration", "SaaS Security, application category Collaboration", true, true, {}, {}},
    {"casb-storage", "SaaS Security, application category Public Cloud Storage", true, true, {}, {}},
    {"casb-repository", "SaaS Security, application category Repository", true, true, {}, {}},
    {"casb-crm", "SaaS Security, application category CRM", true, true, {}, {}},
    {"casb-itsm", "SaaS Security, application category ITSM", true, true, "casb-crm", {}},
    {"casb-activity", "SaaS Security Activity", true, true, {}, {}},
    {"endpoint-dlp", "Endpoint DLP", true, true, {}, {}},
    {"email-dlp", "Email DLP", true, true, {}, {}},
    {"alert", "Alert", true, false, {}, "Alerts are about the feeds themselves: Nightjar shows them as their health."},
    {"connector-session", "Cloud & Branch Connector, Session Logs", true, true, {}, {}},
    {"connector-dns", "Cloud & Branch Connector, DNS Logs", true, true, {}, {}},
    {"connector-event", "Cloud & Branch Connector, Event Logs", true, true, {}, {}},
    {"zpa-user-activity", "User Activity", false, false, {}, {}},
    {"zpa-user-status", "User Status", false, false, {}, {}},
    {"zpa-connector-status", "App Connector Status", false, false, {}, {}},
    {"zpa-connector-metrics", "App Connector Metrics", false, false, {}, {}},
    {"zpa-browser-access", "Web Browser (Browser Access)", false, false, {}, {}},
    {"zpa-audit", "Audit Logs", false, false, {}, {}},
    {"zpa-app-protection", "AppProtection", false, false, {}, {}},
    {"zpa-pse-status", "Private Service Edge Status", false, false, {}, {}},
    {"zpa-pse-metrics", "Private Service Edge Metrics", false, false, {}, {}},
    {"zpa-pcc-status", "Private Cloud Controller Status", false, false, {}, {}},
    {"zpa-pcc-metrics", "Private Cloud Controller Metrics", false, false, {}, {}},
    {"zpa-microseg", "Microsegmentation Flow", false, false, {}, {}},
};

bool isZpa(const Recipe &recipe)
{
    return recipe.name.starts_with("zpa-");
}

std::optional<FeedTransport> transportOf(const Recipe &recipe, std::string_view asked)
{
    if (isZpa(recipe)) {
        return asked.empty() || asked == "lss" ? std::optional(FeedTransport::Lss) : std::nullopt;
    }
    if (asked.empty() ? !recipe.cloud : asked == "nss") {
        return recipe.nss ? std::optional(FeedTransport::Nss) : std::nullopt;
    }
    return recipe.cloud && (asked.empty() || asked == "cloud-nss") ? std::optional(FeedTransport::CloudNss)
                                                                   : std::nullopt;
}

void forNss(const Recipe &recipe, FeedSetup &setup)
{
    setup.settings = {{"Feed Name", "Nightjar " + setup.name},
                      {"NSS Server", "your NSS virtual machine"},
                      {"Status", "Enabled"},
                      {"SIEM Destination Type", "IP address or FQDN of the computer where Nightjar listens"},
                      {"SIEM TCP Port", "the port of \"nightjar-cli listen --syslog 0.0.0.0:PORT\""},
                      {"Log Type", std::string(recipe.place)},
                      {"SIEM Rate", "Unlimited"},
                      {"Feed Output Type", "Custom"},
                      {"Feed Escape Character", setup.escape},
                      {"Timezone", "GMT"},
                      {"User Obfuscation", "Disabled, or alerts cannot name users"},
                      {"Duplicate Logs", "10 minutes: what was sent while a connection broke comes again; Nightjar "
                                         "stores it once"}};
    setup.steps = {"In the ZIA Admin Portal open Administration, Nanolog Streaming Service, NSS Feeds, Add NSS Feed.",
                   "Enter the settings, paste the format into Feed Output Format, save and activate.",
                   "NSS sends plain TCP: keep the way to Nightjar inside a network that you trust, or tunnel it."};
}

void forCloudNss(const Recipe &recipe, FeedSetup &setup)
{
    setup.settings = {{"Feed Name", "Nightjar " + setup.name},
                      {"NSS Type", std::string(recipe.place).starts_with("Firewall") || recipe.name == "dns"
                                       ? "NSS for Firewall"
                                       : "NSS for Web"},
                      {"Status", "Enabled"},
                      {"SIEM Rate", "Unlimited"},
                      {"SIEM Type", "Other"},
                      {"OAuth 2.0 Authentication", "off"},
                      {"Max Batch Size", "512 KB"},
                      {"API URL", "https://HOST:PORT/ of \"nightjar-cli listen --http ADDR:PORT --cert F --key F\""},
                      {"HTTP Headers", "the token of \"--token-file\" in a header of its own"},
                      {"Log Type", std::string(recipe.place)},
                      {"Feed Output Type", "JSON, then Custom"},
                      {"JSON Array Notation", "off (on works as well)"},
                      {"Feed Escape Character", setup.escape},
                      {"Timezone", "GMT"}};
    setup.steps = {"In the ZIA Admin Portal open Administration, Nanolog Streaming Service, Cloud NSS Feeds, Add Cloud "
                   "NSS Feed.",
                   "Enter the settings, paste the format into Feed Output Format, save, activate, and press the test "
                   "of connectivity.",
                   "The certificate must be one that public roots know; the address must be reachable from Zscaler."};
}

void forLss(const Recipe &recipe, FeedSetup &setup)
{
    setup.settings = {{"Name", "Nightjar " + setup.name},
                      {"Domain or IP Address", "of the computer where Nightjar listens"},
                      {"TCP Port", "the port of \"nightjar-cli listen --syslog-tls 0.0.0.0:PORT\""},
                      {"TLS Encryption", "Enabled; Nightjar's certificate must be one that public roots know"},
                      {"App Connector Groups", "those that can reach Nightjar"},
                      {"Log Type", std::string(recipe.place)},
                      {"Log Template", "Custom"},
                      {"Log Stream Content", "the format"}};
    setup.steps = {"In the ZPA Admin Portal open Configuration & Control, Log Receivers, Add.",
                   "Enter the settings, choose Custom as the template and replace its content by the format.",
                   "Times are GMT; what could not be delivered within 15 minutes is lost, but for the audit log."};
}

} // namespace

std::string_view transportName(FeedTransport transport)
{
    switch (transport) {
    case FeedTransport::Nss:
        return "nss";
    case FeedTransport::CloudNss:
        return "cloud-nss";
    case FeedTransport::Lss:
        break;
    }
    return "lss";
}

std::vector<std::string_view> feedSetupNames()
{
    std::vector<std::string_view> names;
    for (const Recipe &recipe : kRecipes) {
        names.push_back(recipe.name);
    }
    return names;
}

Result<FeedSetup> feedSetup(std::string_view name, std::string_view transport, const std::filesystem::path &folder)
{
    const auto *const recipe =
        std::find_if(std::begin(kRecipes), std::end(kRecipes), [name](const Recipe &one) { return one.name == name; });
    if (recipe == std::end(kRecipes)) {
        std::string names;
        for (const Recipe &one : kRecipes) {
            names += (names.empty() ? "" : ", ") + std::string(one.name);
        }
        return fail("NJ-LOGS-035", "There is no feed " + std::string(name), "the name is not known",
                    "Use one of " + names + ".");
    }
    const auto chosen = transportOf(*recipe, transport);
    if (!chosen) {
        return fail("NJ-LOGS-036", "This feed does not come by " + std::string(transport),
                    isZpa(*recipe) ? "ZPA logs are sent by the Log Streaming Service"
                                   : "the vendor offers it by another transport only",
                    isZpa(*recipe) ? "Use --transport lss." : "Leave --transport out.");
    }
    FeedSetup setup;
    setup.name = std::string(name);
    setup.transport = *chosen;
    const std::string_view file = recipe->file.empty() ? recipe->name : recipe->file;
    auto format = readFile(folder / (std::string(file) + ".format"), 64U << 10U);
    if (!format) {
        return fail("NJ-LOGS-037", "The format of the feed cannot be read", format.error().reason, format.error().hint);
    }
    while (format->ends_with('\n')) {
        format->pop_back();
    }
    setup.format = std::move(*format);
    if (*chosen == FeedTransport::Lss) {
        forLss(*recipe, setup);
    } else {
        setup.escape = recipe->name == "alert" ? "" : "\"\\";
        *chosen == FeedTransport::Nss ? forNss(*recipe, setup) : forCloudNss(*recipe, setup);
    }
    if (!recipe->note.empty()) {
        setup.steps.emplace_back(recipe->note);
    }
    setup.steps.emplace_back("When the first records arrive, test them: nightjar-cli feed check FORMATFILE RECORDS.");
    return setup;
}

} // namespace nightjar::logs
