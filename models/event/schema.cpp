// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/schema.h"

#include <array>

namespace nightjar::event {

namespace {

using enum Field;
using enum Kind;

constexpr std::array<FieldInfo, kFieldCount> kFields{{
    {LogType, "log_type", Text, "type", "Kind of log: web, firewall, dns, tunnel, audit, …"},
    {Subtype, "subtype", Text, "", "Kind within the log type, where it has them"},
    {EventId, "event.id", Text, "recordid", "The record's own number, unique within its log"},
    {EventReason, "event.reason", Text, "reason", "Why the service decided so"},
    {EventSeverity, "event.severity", Text, "severity", "Severity as recorded"},
    {EventAction, "event.action", Text, "action", "The action as recorded: Allowed, Blocked, Drop, …"},
    {EventType, "event.type", Text, "outcome", "allowed, denied or info"},
    {UserName, "user.name", Text, "user", "The user as recorded; a location where nobody signed in"},
    {UserEmail, "user.email", Text, "email", "The user, when it is an e-mail address"},
    {UserDepartment, "user.department", Text, "dept department", "Department of the user"},
    {LocationName, "location.name", Text, "location", "Location the traffic came from"},
    {HostHostname, "host.hostname", Text, "device", "Name of the device"},
    {SourceIp, "source.ip", Text, "src cip", "Client address"},
    {SourcePort, "source.port", Integer, "sport", "Client port"},
    {SourceNatIp, "source.nat.ip", Text, "natip", "Client address after translation"},
    {SourceBytes, "source.bytes", Integer, "out bytes_out", "Bytes from client to server"},
    {DestinationIp, "destination.ip", Text, "dst dip", "Server address"},
    {DestinationPort, "destination.port", Integer, "dport", "Server port"},
    {DestinationNatIp, "destination.nat.ip", Text, "", "Server address after translation"},
    {DestinationDomain, "destination.domain", Text, "", "Server name"},
    {DestinationBytes, "destination.bytes", Integer, "in bytes_in", "Bytes from server to client"},
    {UrlOriginal, "url.original", Text, "url", "URL as recorded, usually without scheme"},
    {UrlDomain, "url.domain", Text, "host domain", "Host of the URL, lower case"},
    {UrlPath, "url.path", Text, "path", "Path of the URL"},
    {UrlQuery, "url.query", Text, "", "Query of the URL, without the question mark"},
    {UrlCategory, "url.category", Text, "cat category", "URL category"},
    {UrlSupercategory, "url.supercategory", Text, "supercat", "URL super-category"},
    {HttpRequestMethod, "http.request.method", Text, "method", "GET, POST, CONNECT, …"},
    {HttpResponseStatusCode, "http.response.status_code", Integer, "status code", "HTTP status"},
    {HttpRequestReferrer, "http.request.referrer", Text, "referer referrer", "Referring URL"},
    {HttpResponseMimeType, "http.response.mime_type", Text, "mime", "Content type of the answer"},
    {UserAgentOriginal, "user_agent.original", Text, "ua agent", "User agent"},
    {NetworkTransport, "network.transport", Text, "transport", "tcp, udp, icmp, …"},
    {NetworkProtocol, "network.protocol", Text, "proto protocol", "Protocol: HTTPS, DNS, …"},
    {NetworkApplication, "network.application", Text, "app", "Application as recognised by the service"},
    {DnsQuestionName, "dns.question.name", Text, "query qname", "Name that was asked for"},
    {DnsQuestionType, "dns.question.type", Text, "qtype", "Record type that was asked for"},
    {DnsResolvedIp, "dns.resolved_ip", Text, "answer", "Address in the answer"},
    {DnsResponseCode, "dns.response_code", Text, "rcode", "Code of the answer: NXDOMAIN, …"},
    {RuleName, "rule.name", Text, "rule", "Policy rule that decided"},
    {ThreatName, "threat.name", Text, "threat", "Threat that the service named"},
    {ThreatCategory, "threat.category", Text, "threatcat", "Category of that threat"},
    {RiskScore, "risk.score", Integer, "risk", "Page risk, 0 to 100"},
    {FileName, "file.name", Text, "file", "Name of the file transferred"},
    {FileType, "file.type", Text, "filetype", "Type of the file transferred"},
    {FileHashMd5, "file.hash.md5", Text, "md5", "MD5 of the file"},
    {FileHashSha256, "file.hash.sha256", Text, "sha256", "SHA-256 of the file"},
}};

consteval bool inOrder()
{
    for (std::size_t i = 0; i < kFields.size(); ++i) {
        if (static_cast<std::size_t>(kFields[i].field) != i || kFields[i].name.empty()) {
            return false;
        }
    }
    return true;
}
static_assert(inOrder(), "the table follows the enumeration");

bool hasAlias(std::string_view aliases, std::string_view wanted)
{
    while (!aliases.empty()) {
        const std::size_t blank = aliases.find(' ');
        if (aliases.substr(0, blank) == wanted) {
            return true;
        }
        aliases = blank == std::string_view::npos ? std::string_view() : aliases.substr(blank + 1);
    }
    return false;
}

} // namespace

std::span<const FieldInfo> fields()
{
    return kFields;
}

const FieldInfo &info(Field field)
{
    return kFields[static_cast<std::size_t>(field)];
}

std::optional<Field> findField(std::string_view nameOrAlias)
{
    for (const FieldInfo &candidate : kFields) {
        if (candidate.name == nameOrAlias) {
            return candidate.field;
        }
    }
    for (const FieldInfo &candidate : kFields) {
        if (hasAlias(candidate.aliases, nameOrAlias)) {
            return candidate.field;
        }
    }
    return std::nullopt;
}

} // namespace nightjar::event
