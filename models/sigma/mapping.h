// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// From the field names of Sigma rules to the columns of an event block.
namespace nightjar::sigma {

/// Values that no column holds as such. They are made once per distinct value of the column they come from.
enum class Derived : std::uint8_t {
    None,           ///< a column as it is
    FullUrl,        ///< scheme://url, the scheme from the protocol (https for HTTPS, SSL, tunnels; else http)
    FullUrlDecoded, ///< the same, percent-decoded; absent where that changes nothing
    Url,            ///< the recorded URL without scheme
    UrlDecoded,
    PathQuery, ///< "/path?query"
    PathQueryDecoded,
    Path,
    PathDecoded,
    Query,
    QueryDecoded,
    Extension,     ///< of the path's last segment, without dot
    FileExtension, ///< of the file name
    Host,          ///< of the URL, where the block has no host column
    UserAgent,     ///< user agent; "" where a visible request came without one
    QueryName,     ///< DNS question without its trailing dot
    ActionFirst,
    ActionSecond,
    ActionThird,   ///< allow, forward, accept or block, deny, drop
    Blocked,       ///< "true" or "false"
    Time,          ///< event time, ISO 8601 UTC
    UrlRegistered, ///< the registered part of the URL's host, lower case (base/domain.h)
    DnsRegistered, ///< of the DNS question
};

/// What a decoded form is made from; None for all others.
constexpr Derived plainOf(Derived derived)
{
    switch (derived) {
    case Derived::FullUrlDecoded:
        return Derived::FullUrl;
    case Derived::UrlDecoded:
        return Derived::Url;
    case Derived::PathQueryDecoded:
        return Derived::PathQuery;
    case Derived::PathDecoded:
        return Derived::Path;
    case Derived::QueryDecoded:
        return Derived::Query;
    default:
        return Derived::None;
    }
}

/// One place where a field's values may stand. A test on the field holds when it holds for any candidate.
struct Candidate {
    Derived derived = Derived::None;
    std::string column; ///< of None
    bool covered =
        false; ///< end of another candidate of the same field: tests that do not look at the start need not look here

    auto operator<=>(const Candidate &) const = default;
};

/// What a rule's field names mean. Immutable after construction; thread: any.
class FieldMapping {
public:
    /// Zscaler events in the normalised schema: the Sigma taxonomy of proxy, DNS and firewall rules, every schema name,
    /// `@timestamp`, `zscaler.<token>` and bare tokens. Logsources are routed by log type.
    static const FieldMapping &zscaler();
    /// Events of rawBlock() (sigma/flatjson.h): names as they are; logsources are ignored.
    static const FieldMapping &raw();

    /// Never empty.
    [[nodiscard]] std::vector<Candidate> candidates(std::string_view field) const;
    /// False when Zscaler data are not known to hold such a field: a rule that needs it will hardly match.
    [[nodiscard]] bool knows(std::string_view field) const;
    [[nodiscard]] bool routesByLogSource() const { return !m_raw; }

private:
    FieldMapping() = default;
    bool m_raw = false;
    std::map<std::string, std::vector<Candidate>, std::less<>> m_known;
};

} // namespace nightjar::sigma
