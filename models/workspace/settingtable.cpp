// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/settingtable.h"

#include "base/domain.h"
#include "base/text.h"
#include "base/time.h"

#include <algorithm>
#include <array>

namespace nightjar::workspace {

namespace {

using enum SettingType;

constexpr std::array<Setting, 22> kSettings{{
    {"anomaly.enabled", Boolean, "true", "", "Run the anomaly detectors"},
    {"detect.alerts_per_day", Integer, "5", "1..1000",
     "Alerts a day, in the mean, of the stream detectors; the less severe ones are left out"},
    {"detect.zone", Text, "UTC", "", "Time zone of working hours for the anomaly detectors, an IANA name"},
    {"import.zone", Text, "UTC", "", "Time zone of feeds whose records carry none, an IANA name"},
    {"intel.enabled", Boolean, "true", "", "Match events against the indicators"},
    {"look.theme", Choice, "system", "system|light|dark", "Colours of the window"},
    {"net.ca_file", Text, "", "", "PEM file of certificate authorities, for networks that inspect TLS"},
    {"net.proxy", Text, "", "", "Proxy for all requests, http://proxy.example:3128 for example; no user or password"},
    {"playbook.actions_an_hour", Integer, "60", "1..10000",
     "Blocks, requests and other actions of all playbooks in one hour"},
    {"playbook.commands", Boolean, "false", "", "Playbooks may start programs"},
    {"playbook.hosts", Text, "", "",
     "Hosts that playbooks may send requests to: hooks.example.com, *.example.org, 192.0.2.7:8443"},
    {"playbook.networks", Text, "", "", "Private networks that those hosts may stand for, 10.1.0.0/16 for example"},
    {"playbook.notify_command", Text, "", "", "Program that is given a notification as JSON on its standard input"},
    {"playbook.unverified_tls", Boolean, "false", "", "Playbooks may leave a peer's certificate unchecked"},
    {"respond.actor", Text, "you", "", "Name that stands in the journal for changes by hand"},
    {"respond.capacity", Integer, "25000", "1..275000", "Entries that the tenant's deny list takes"},
    {"respond.own_domains", DomainList, "", "", "Domains of your own, separated by commas; they are never blocked"},
    {"respond.scope", Choice, "host", "host|subdomains",
     "A domain is blocked as the host alone or with its sub-domains"},
    {"respond.selection", Boolean, "false", "",
     "deny sync fills the places that are left with the selection of the indicator engine"},
    {"retention.days", Integer, "0", "0..3650", "Events older than this are dropped; 0 keeps all"},
    {"retention.gigabytes", Integer, "0", "0..1000000",
     "The oldest events are dropped while the store is larger than this; 0 keeps all"},
    {"sigma.enabled", Boolean, "true", "", "Run the Sigma rules"},
}};

Error misfit(const Setting &setting, std::string_view value, std::string reason)
{
    return {"NJ-WORK-011",
            "\"" + std::string(value) + "\" does not fit " + std::string(setting.key),
            std::move(reason),
            {},
            std::string(setting.help)};
}

Result<std::string> checkedInteger(const Setting &setting, std::string_view value)
{
    const auto number = parseInteger(value);
    const std::size_t dots = setting.range.find("..");
    const auto low = parseInteger(setting.range.substr(0, dots));
    const auto high = parseInteger(setting.range.substr(dots + 2));
    if (!number || *number < low.value_or(0) || *number > high.value_or(0)) {
        return fail(misfit(setting, value, "It takes a whole number in " + std::string(setting.range) + "."));
    }
    return std::to_string(*number);
}

Result<std::string> checkedDomains(const Setting &setting, std::string_view value)
{
    std::string out;
    for (const std::string_view part : split(value, ',')) {
        const std::string_view text = trim(part);
        if (text.empty()) {
            continue;
        }
        const auto domain = canonicalDomain(text);
        if (!domain || isPublicSuffix(*domain)) {
            return fail(misfit(setting, text, "It is no domain of one owner."));
        }
        out += (out.empty() ? "" : ",") + *domain;
    }
    return out;
}

} // namespace

std::span<const Setting> settingTable()
{
    return kSettings;
}

const Setting *findSetting(std::string_view key)
{
    const auto found = std::find_if(kSettings.begin(), kSettings.end(), [&](const Setting &s) { return s.key == key; });
    return found == kSettings.end() ? nullptr : &*found;
}

std::string_view typeName(SettingType type)
{
    constexpr std::array<std::string_view, 5> kNames{"text", "integer", "boolean", "choice", "domain list"};
    return kNames[static_cast<std::size_t>(type)];
}

Result<std::string> checkedValue(const Setting &setting, std::string_view value)
{
    switch (setting.type) {
    case Integer:
        return checkedInteger(setting, value);
    case DomainList:
        return checkedDomains(setting, value);
    case Boolean:
        if (value != "true" && value != "false") {
            return fail(misfit(setting, value, "It takes true or false."));
        }
        break;
    case Choice: {
        const auto choices = split(setting.range, '|');
        if (std::find(choices.begin(), choices.end(), value) == choices.end()) {
            return fail(misfit(setting, value, "It takes one of " + std::string(setting.range) + "."));
        }
        break;
    }
    case Text:
        if (setting.key == "import.zone" || setting.key == "detect.zone") {
            if (const auto zone = TimeZone::named(value); !zone) {
                return fail(zone.error());
            }
        }
        if (setting.key == "net.proxy" && value.find('@') != std::string_view::npos) {
            return fail(misfit(setting, "…", "Settings hold no user or password."));
        }
        break;
    }
    return std::string(value);
}

} // namespace nightjar::workspace
