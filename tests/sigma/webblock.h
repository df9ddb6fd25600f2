// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/builder.h"

#include <array>
#include <random>
#include <string>

namespace nightjar::testsupport {

/// A full block of web events: 3,000 hosts, 400 user agents, most URLs seen once.
inline event::EventBlock webBlock()
{
    using event::Field;
    std::mt19937 random(7);
    const auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    constexpr std::array<std::string_view, 4> kTlds{"com", "net", "de", "io"};
    constexpr std::array<std::string_view, 5> kMethods{"GET", "GET", "GET", "POST", "CONNECT"};
    constexpr std::array<std::string_view, 6> kFiles{"index.html",   "app.js",   "style.css",
                                                     "api/v2/items", "logo.png", "Report%20Q3.pdf"};
    event::BlockBuilder builder;
    for (std::size_t row = 0; row < event::kMaxBlockRows; ++row) {
        builder.beginRow({});
        builder.setTime(1'700'000'000'000'000 + static_cast<Timestamp>(row) * 1000);
        const unsigned n = pick(55) * pick(55);
        const std::string host =
            "www" + std::to_string(pick(3)) + ".site" + std::to_string(n) + "." + std::string(kTlds[n % 4]);
        const std::string url = host + "/content/" + std::to_string(pick(100'000)) + "/" +
                                std::string(kFiles[pick(6)]) + "?session=" + std::to_string(random()) +
                                "&lang=en-GB&page=" + std::to_string(pick(20));
        builder.set(Field::LogType, "web");
        builder.set(Field::EventId, std::to_string(7'000'000'000ULL + row));
        builder.set(Field::EventAction, pick(20) == 0 ? "Blocked" : "Allowed");
        builder.set(Field::EventType, pick(20) == 0 ? "denied" : "allowed");
        builder.set(Field::NetworkProtocol, pick(10) == 0 ? "HTTP" : "HTTPS");
        builder.set(Field::UrlOriginal, url);
        builder.set(Field::UrlDomain, host);
        builder.set(Field::UrlCategory, "Category " + std::to_string(pick(60)));
        builder.set(Field::HttpRequestMethod, kMethods[pick(5)]);
        builder.setInteger(Field::HttpResponseStatusCode, pick(9) == 0 ? 404 : 200);
        builder.set(Field::UserAgentOriginal,
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" +
                        std::to_string(pick(400)) + ".0.0.0 Safari/537.36");
        builder.setInteger(Field::SourceBytes, pick(4000));
        builder.setInteger(Field::DestinationBytes, pick(400'000));
        builder.set(Field::SourceIp, "10.1." + std::to_string(pick(20)) + "." + std::to_string(pick(250)));
        builder.set(Field::DestinationIp, "93.184." + std::to_string(pick(60)) + "." + std::to_string(pick(250)));
        builder.setInteger(Field::RiskScore, pick(40));
        builder.commitRow();
    }
    return builder.finish();
}

} // namespace nightjar::testsupport
