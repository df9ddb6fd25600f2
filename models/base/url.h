// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// URLs as logs and indicator feeds write them: often without scheme, sometimes defanged. One canonical form serves
/// indicators, events and the deny list (facts/cti.md §3.2 of the project's research).
namespace nightjar {

/// Views into the text that was split. No decoding.
struct UrlParts {
    std::string_view scheme; ///< "http" of "http://…", else empty
    std::string_view host;   ///< without user information, port and brackets
    std::string_view port;   ///< digits, may be empty
    std::string_view path;   ///< with leading slash, or empty
    std::string_view query;  ///< without "?", empty when absent
    bool hasQuery = false;
    bool hasUserInfo = false;
};

/// Splits "scheme://user@host:port/path?query#fragment"; every part but the host may be absent. Never fails: text that
/// is no URL becomes a host.
UrlParts splitUrl(std::string_view text);

/// Host in canonical form: A-label domain, or canonical address when it parses as one in any spelling. Empty when
/// neither.
std::optional<std::string> canonicalHost(std::string_view host);

/// host[:port unless 80/443] + path ("/" when empty) + ["?" query]. Scheme, user information and fragment dropped;
/// unreserved characters decoded once, hexadecimal digits upper case, blanks and non-ASCII encoded, dot segments
/// removed, path case kept.
std::optional<std::string> canonicalUrl(std::string_view text);

/// Undoes hxxp, [.], (dot), [:], [@] and the like, strips zero-width characters and surrounding quotes.
std::string refang(std::string_view text);

} // namespace nightjar
