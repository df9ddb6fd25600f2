// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/schema.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Which key of which log type means what. The tables are data: tokens.cpp for ZIA web, firewall and DNS,
/// tokenssaas.cpp for SaaS security, DLP and connectors, tokenszpa.cpp, tokensother.cpp for the rest and what all
/// share. Source: the vendor's feed formats and help tables (facts/zscaler-logs.md §5, §7.1).
namespace nightjar::logs {

/// What is done with a value.
enum class Use : std::uint8_t {
    Extra,      ///< kept as zscaler.<token>
    Text,       ///< into the row's field
    TextList,   ///< as Text, a member for each part between bars
    Integer,    ///< into the field when it is an integer, else zscaler.<token>
    Port,       ///< as Integer; 0 says nothing
    Ip,         ///< as Text; 0.0.0.0 and :: say nothing
    Id,         ///< as Text; 0 says nothing
    Name,       ///< a host name in lower case into the field
    Host,       ///< as Name, and into url.domain
    Url,        ///< url.original, split
    User,       ///< user.name, and user.email when it is an address
    Action,     ///< the field, and event.type
    Verdict,    ///< zscaler.<token>, and event.type; event.action when nothing else gives it
    Answer,     ///< DNS: an address or a response code
    IsTcp,      ///< 0 or 1
    IpProtocol, ///< as Text; a number becomes its name (6: TCP)
    AuditValue, ///< kept; the address of a sign-in inside it goes into the field
    HashLabel,  ///< a CEF label in whose place a feed prints an MD5 value
    Time,       ///< a point in time as text
    Epoch,      ///< seconds, milliseconds, microseconds
    Zone,       ///< zone of the time, also zscaler.tz
    Second,
    Minute,
    Hour,
    Day,
    Month,
    MonthName,
    Year,
    Ignore ///< says nothing that is not elsewhere (weekday)
};

constexpr std::uint8_t kPercent = 1; ///< feeds percent-encode this value
constexpr std::uint8_t kSpare =
    2; ///< second choice for its field: used when no first choice has a value, kept as extra

struct TokenRow {
    std::string_view keys;  ///< blank-separated spellings, as normalKey() gives them
    std::string_view token; ///< the vendor's name
    Use use = Use::Extra;
    event::Field field = event::Field::Count;
    std::uint8_t flags = 0;
};

/// Lower case without blank, underscore, hyphen and dot.
std::string normalKey(std::string_view key);

std::span<const TokenRow> webTokens();
std::span<const TokenRow> firewallTokens();
std::span<const TokenRow> dnsTokens();
std::span<const TokenRow> alertTokens();
std::span<const TokenRow> tunnelTokens();
std::span<const TokenRow> auditTokens();
std::span<const TokenRow> sandboxTokens();
std::span<const TokenRow> casbTokens();
std::span<const TokenRow> endpointDlpTokens();
std::span<const TokenRow> emailDlpTokens();
std::span<const TokenRow> connectorTokens(std::string_view subtype); ///< dns, session, event, metrics
std::span<const TokenRow> zpaTokens();
std::span<const TokenRow> sharedTokens(); ///< for all types, behind their own

struct TokenMatch {
    const TokenRow *row = nullptr; ///< null: not known
    bool base64 = false;           ///< the key carries the b64 form
};
/// The row for a key of a log type, encoded forms (eurl, b64url) included. The kinds of "connector" differ.
TokenMatch findToken(std::string_view logType, std::string_view key, std::string_view subtype = {});
/// True when any log type knows the key.
bool isKnownKey(std::string_view key);

} // namespace nightjar::logs
