// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/listwriter.h"

#include "base/hash.h"
#include "base/text.h"

#include <nlohmann/json.hpp>

#include <array>

namespace nightjar::intel {

namespace {

using Json = nlohmann::ordered_json;

/// Marking definitions of TLP 2.0, by Tlp without Unmarked: from the OASIS common object repository.
constexpr std::array<std::string_view, 5> kMarkings{"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
                                                    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
                                                    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
                                                    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
                                                    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"};

/// A UUID that the same text always gives, so that exporting twice makes no second object.
std::string uuidOf(std::string_view text)
{
    std::string hex = sha256Hex("nightjar export\n" + std::string(text)).substr(0, 32);
    hex[12] = '4';
    hex[16] = 'a';
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
           hex.substr(20);
}

std::string_view objectPath(Type type, std::string_view value)
{
    switch (type) {
    case Type::Domain:
        return "domain-name:value";
    case Type::Url:
        return "url:value";
    case Type::Ipv4:
        return "ipv4-addr:value";
    case Type::Ipv6:
        return "ipv6-addr:value";
    case Type::Cidr:
        return value.find(':') == std::string_view::npos ? "ipv4-addr:value" : "ipv6-addr:value";
    case Type::Md5:
        return "file:hashes.MD5";
    case Type::Sha1:
        return "file:hashes.'SHA-1'";
    case Type::Sha256:
        return "file:hashes.'SHA-256'";
    case Type::Email:
        return "email-addr:value";
    case Type::UserAgent:
        break;
    }
    return {};
}

std::string csvLine(const Indicator &i)
{
    std::string line;
    for (const std::string &cell :
         {std::string(name(i.type)), i.value, i.source, i.malware.empty() ? i.threat : i.malware,
          i.confidence ? std::to_string(*i.confidence) : std::string(),
          i.tlp == Tlp::Unmarked ? std::string() : std::string(name(i.tlp)), formatIsoTime(i.firstSeen),
          formatIsoTime(i.lastSeen), formatIsoTime(effectiveEnd(i)), i.reference}) {
        line += (line.empty() ? "" : ",") + csvCell(cell);
    }
    return line + "\n";
}

} // namespace

std::string stixPattern(Type type, std::string_view value)
{
    const std::string_view path = objectPath(type, value);
    if (path.empty()) {
        return {};
    }
    std::string literal;
    for (const char c : repairUtf8(value)) { // STIX 2.1 §9.2: backslash and quote are escaped
        literal += c == '\\' || c == '\'' ? std::string("\\") + c : std::string(1, c);
    }
    return "[" + std::string(path) + " = '" + literal + "']";
}

ListWriter::ListWriter(ListFormat format, Timestamp now, Sink sink)
    : m_format(format)
    , m_now(now)
    , m_sink(std::move(sink))
{
    if (format == ListFormat::Csv) {
        m_sink("type,value,source,threat,confidence,tlp,first_seen,last_seen,valid_until,reference\n");
    } else if (format == ListFormat::Stix) {
        m_sink(R"({"type":"bundle","id":"bundle--)" + uuidOf(formatIsoTime(now)) + R"(","objects":[)");
    }
}

bool ListWriter::write(const Indicator &indicator)
{
    switch (m_format) {
    case ListFormat::Csv:
        m_sink(csvLine(indicator));
        break;
    case ListFormat::Text:
        m_sink(visible(indicator.value) + "\n");
        break;
    case ListFormat::Stix:
        if (objectPath(indicator.type, indicator.value).empty()) {
            return false;
        }
        writeStix(indicator);
        break;
    }
    m_first = false;
    return true;
}

void ListWriter::writeStix(const Indicator &i)
{
    const std::string pattern = stixPattern(i.type, i.value);
    const Timestamp since = i.validFrom != kNoTime ? i.validFrom : i.firstSeen != kNoTime ? i.firstSeen : m_now;
    Json object{{"type", "indicator"},
                {"spec_version", "2.1"},
                {"id", "indicator--" + uuidOf(pattern)},
                {"created", formatIsoTime(since)},
                {"modified", formatIsoTime(std::max(m_now, since))},
                {"name", repairUtf8(i.value)},
                {"pattern", pattern},
                {"pattern_type", "stix"},
                {"valid_from", formatIsoTime(since)}};
    if (const Timestamp end = effectiveEnd(i); end != kNoTime && end > since) {
        object["valid_until"] = formatIsoTime(end);
    }
    if (i.confidence) {
        object["confidence"] = *i.confidence;
    }
    if (!i.threat.empty() || !i.malware.empty()) {
        object["labels"] = Json::array();
        for (const std::string *label : {&i.threat, &i.malware}) {
            if (!label->empty()) {
                object["labels"].push_back(repairUtf8(*label));
            }
        }
    }
    if (!i.reference.empty() || !i.source.empty()) {
        Json reference{{"source_name", i.source.empty() ? "nightjar" : repairUtf8(i.source)}};
        if (!i.reference.empty()) {
            reference["url"] = repairUtf8(i.reference);
        }
        if (!i.externalId.empty()) {
            reference["external_id"] = repairUtf8(i.externalId);
        }
        object["external_references"] = Json::array({reference});
    }
    if (i.tlp != Tlp::Unmarked) {
        object["object_marking_refs"] = {kMarkings[static_cast<std::size_t>(i.tlp) - 1]};
    }
    m_sink((m_first ? "" : ",\n") + object.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void ListWriter::finish()
{
    if (m_format == ListFormat::Stix) {
        m_sink("]}\n");
    }
}

} // namespace nightjar::intel
