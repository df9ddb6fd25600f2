// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/flatevent.h"

#include "base/text.h"
#include "base/url.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace nightjar::intel {

namespace {

using Json = nlohmann::json;
using enum event::Field;

constexpr std::array<std::pair<std::string_view, event::Field>, 24> kShortKeys{{{"log", LogType},
                                                                                {"url", UrlOriginal},
                                                                                {"eurl", UrlOriginal},
                                                                                {"host", UrlDomain},
                                                                                {"ehost", UrlDomain},
                                                                                {"sip", DestinationIp},
                                                                                {"cdip", DestinationIp},
                                                                                {"ServerIP", DestinationIp},
                                                                                {"sdip", DestinationNatIp},
                                                                                {"cip", SourceIp},
                                                                                {"csip", SourceIp},
                                                                                {"req", DnsQuestionName},
                                                                                {"res", DnsResolvedIp},
                                                                                {"cdfqdn", DestinationDomain},
                                                                                {"Host", DestinationDomain},
                                                                                {"cdport", DestinationPort},
                                                                                {"bamd5", FileHashMd5},
                                                                                {"filemd5", FileHashMd5},
                                                                                {"md5", FileHashMd5},
                                                                                {"sha256", FileHashSha256},
                                                                                {"sha", FileHashSha256},
                                                                                {"ua", UserAgentOriginal},
                                                                                {"login", UserName},
                                                                                {"user", UserName}}};

event::BlockBuilder::Handle handleOf(event::BlockBuilder &builder, std::string_view key)
{
    const auto found =
        std::find_if(kShortKeys.begin(), kShortKeys.end(), [&](const auto &k) { return k.first == key; });
    if (found != kShortKeys.end()) {
        return builder.handle(found->second);
    }
    if (const auto field = event::findField(key); field && event::name(*field) == key) {
        return builder.handle(*field);
    }
    return key.starts_with(event::kExtraPrefix) ? builder.namedHandle(key) : builder.extraHandle(key);
}

void setValue(event::BlockBuilder &builder, event::BlockBuilder::Handle handle, const Json &value)
{
    if (value.is_string()) {
        const auto &text = value.get_ref<const std::string &>();
        const auto number = parseInteger(text);
        if (handle == builder.handle(DestinationPort) && number) {
            builder.setInteger(handle, *number);
        } else {
            builder.set(handle, text);
        }
    } else if (value.is_number_integer()) {
        builder.setInteger(handle, value.get<std::int64_t>());
    } else if (value.is_number() || value.is_boolean()) {
        builder.set(handle, value.dump());
    } else if (value.is_array()) {
        for (const Json &member : value) {
            if (!member.is_array()) {
                setValue(builder, handle, member);
            }
        }
    }
}

} // namespace

Status appendFlatEvent(event::BlockBuilder &builder, std::string_view json)
{
    const Json parsed = Json::parse(json, nullptr, false);
    if (!parsed.is_object()) {
        return fail("NJ-INTEL-030", "Cannot read the event", "the line is not a JSON object",
                    "Events are one flat JSON object a line.");
    }
    builder.beginRow(json);
    for (const auto &[key, value] : parsed.items()) {
        if (key == "time" || key == event::kTimeField || key == "datetime") {
            const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
            auto time = parseIsoTime(text);
            if (!time) {
                time = parseCtime(text);
            }
            if (!time) {
                time = parseEpoch(text);
            }
            if (time) {
                builder.setTime(*time);
            }
        } else if (key != "id") {
            setValue(builder, handleOf(builder, key), value);
        }
    }
    if (!builder.has(UrlDomain) && parsed.contains("url") && parsed["url"].is_string()) {
        if (const auto host = canonicalHost(splitUrl(parsed["url"].get_ref<const std::string &>()).host)) {
            builder.set(UrlDomain, *host);
        }
    }
    builder.commitRow();
    return {};
}

} // namespace nightjar::intel
