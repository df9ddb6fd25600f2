// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nightjar::event {

/// How a field's values are kept and compared.
enum class Kind : std::uint8_t { Text, Integer };

/// The normalised fields, in the order in which an event is written. `@timestamp` and `id` are no columns: a block
/// keeps them as plain arrays. Every other token of a record is a column named `zscaler.<token>`.
enum class Field : std::uint8_t {
    LogType,
    Subtype,
    EventId,
    EventReason,
    EventSeverity,
    EventAction,
    EventType,
    UserName,
    UserEmail,
    UserDepartment,
    LocationName,
    HostHostname,
    SourceIp,
    SourcePort,
    SourceNatIp,
    SourceBytes,
    DestinationIp,
    DestinationPort,
    DestinationNatIp,
    DestinationDomain,
    DestinationBytes,
    UrlOriginal,
    UrlDomain,
    UrlPath,
    UrlQuery,
    UrlCategory,
    UrlSupercategory,
    HttpRequestMethod,
    HttpResponseStatusCode,
    HttpRequestReferrer,
    HttpResponseMimeType,
    UserAgentOriginal,
    NetworkTransport,
    NetworkProtocol,
    NetworkApplication,
    DnsQuestionName,
    DnsQuestionType,
    DnsResolvedIp,
    DnsResponseCode,
    RuleName,
    ThreatName,
    ThreatCategory,
    RiskScore,
    FileName,
    FileType,
    FileHashMd5,
    FileHashSha256,
    Count
};
constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::Count);

/// One row of the field table: the single source of names, types, aliases and help.
struct FieldInfo {
    Field field;
    std::string_view name; ///< ECS-style, as printed
    Kind kind;
    std::string_view aliases; ///< blank-separated short names of the query language, may be empty
    std::string_view help;    ///< one line, for completion and field help
};

std::span<const FieldInfo> fields();
const FieldInfo &info(Field field);
inline std::string_view name(Field field)
{
    return info(field).name;
}
/// By full name or alias, exact case.
std::optional<Field> findField(std::string_view nameOrAlias);

constexpr std::string_view kExtraPrefix = "zscaler.";
constexpr std::string_view kTimeField = "@timestamp";

} // namespace nightjar::event
