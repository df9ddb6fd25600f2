// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/url.h"

#include "base/address.h"
#include "base/domain.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace nightjar {
namespace {

constexpr bool isAlpha(char c)
{
    return asciiLower(c) >= 'a' && asciiLower(c) <= 'z';
}
constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isDigits(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), isDigit);
}

/// Length of "http" in "http://…" or "http:\\…", else 0.
std::size_t schemeLength(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size() && (isAlpha(text[at]) || (at > 0 && (isDigit(text[at]) || text[at] == '+' ||
                                                                 text[at] == '-' || text[at] == '.')))) {
        ++at;
    }
    const bool slashes = at > 0 && at + 2 < text.size() && text[at] == ':' &&
                         (text[at + 1] == '/' || text[at + 1] == '\\') && (text[at + 2] == '/' || text[at + 2] == '\\');
    return slashes ? at : 0;
}

void splitHostAndPort(std::string_view authority, UrlParts &parts)
{
    if (authority.starts_with('[')) {
        const std::size_t close = authority.find(']');
        if (close != std::string_view::npos) {
            parts.host = authority.substr(1, close - 1);
            const std::string_view rest = authority.substr(close + 1);
            if (rest.starts_with(':') && isDigits(rest.substr(1))) {
                parts.port = rest.substr(1);
            } else if (!rest.empty()) {
                parts.host = authority; // "[::1]x": no host
            }
            return;
        }
    }
    const std::size_t colon = authority.find(':');
    const bool one = colon != std::string_view::npos && authority.find(':', colon + 1) == std::string_view::npos;
    if (one && isDigits(authority.substr(colon + 1))) {
        parts.host = authority.substr(0, colon);
        parts.port = authority.substr(colon + 1);
    } else {
        parts.host = authority;
    }
}

constexpr bool isUnreserved(char c)
{
    return isAlpha(c) || isDigit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}
bool isReservedMark(char c)
{
    return c != '\0' && std::string_view(":/?#[]@!$&'()*+,;=").find(c) != std::string_view::npos;
}

void appendEncoded(std::string &out, char c)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<std::uint8_t>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4U]);
    out.push_back(kDigits[byte & 0xFU]);
}

/// RFC 3986 §6.2.2: unreserved characters plain, hexadecimal digits upper case, everything not allowed encoded.
std::string normaliseEscapes(std::string_view text, bool isPath)
{
    std::string out;
    out.reserve(text.size() + 8);
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '%') {
            const std::string decoded = percentDecode(text.substr(at, 3));
            if (decoded.size() != 1 || text.size() - at < 3) {
                out += "%25"; // a bare percent sign
                continue;
            }
            at += 2;
            if (isUnreserved(decoded[0])) {
                out.push_back(decoded[0]);
            } else {
                appendEncoded(out, decoded[0]);
            }
        } else if (c == '\\' && isPath) {
            out.push_back('/'); // as browsers send it
        } else if (isUnreserved(c) || isReservedMark(c)) {
            out.push_back(c);
        } else {
            appendEncoded(out, c);
        }
    }
    return out;
}

/// RFC 3986 §5.2.4. Empty segments ("//") stay.
std::string removeDotSegments(std::string_view path)
{
    std::vector<std::string_view> kept;
    const std::vector<std::string_view> segments = split(path.substr(1), '/');
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const bool last = i + 1 == segments.size();
        if (segments[i] == ".." && !kept.empty()) {
            kept.pop_back();
        }
        if (segments[i] != "." && segments[i] != "..") {
            kept.push_back(segments[i]);
        } else if (last) {
            kept.emplace_back();
        }
    }
    std::string out;
    for (const std::string_view segment : kept) {
        out.push_back('/');
        out += segment;
    }
    return out.empty() ? "/" : out;
}

/// ":8080"; empty for none and the default ports; nothing for a number that is no port.
std::optional<std::string> portSuffix(std::string_view port)
{
    if (port.empty()) {
        return std::string();
    }
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc() || end != port.data() + port.size() || number > 65'535) {
        return std::nullopt;
    }
    return number == 80 || number == 443 ? std::string() : ":" + std::to_string(number);
}

} // namespace

UrlParts splitUrl(std::string_view text)
{
    UrlParts parts;
    if (const std::size_t length = schemeLength(text); length > 0) {
        parts.scheme = text.substr(0, length);
        text.remove_prefix(length + 3);
    } else if (text.starts_with("//")) {
        text.remove_prefix(2);
    }
    const std::size_t authorityEnd = std::min(text.find_first_of("/\\?#"), text.size());
    std::string_view authority = text.substr(0, authorityEnd);
    std::string_view rest = text.substr(authorityEnd);
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        parts.hasUserInfo = true;
        authority.remove_prefix(at + 1);
    }
    splitHostAndPort(authority, parts);
    rest = rest.substr(0, rest.find('#'));
    if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
        parts.hasQuery = true;
        parts.query = rest.substr(mark + 1);
        rest = rest.substr(0, mark);
    }
    parts.path = rest;
    return parts;
}

std::optional<std::string> canonicalHost(std::string_view host)
{
    host = trim(host);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    std::string decoded;
    if (needsPercentDecode(host) && host.find(':') == std::string_view::npos) {
        decoded = percentDecode(host);
        host = decoded;
    }
    if (host.empty()) {
        return std::nullopt;
    }
    const char first = host.front();
    if (isDigit(first) || host.find(':') != std::string_view::npos) {
        if (const std::optional<IpAddress> address = IpAddress::parseLenient(host)) {
            return address->toString();
        }
    }
    return canonicalDomain(host);
}

std::optional<std::string> canonicalUrl(std::string_view text)
{
    const UrlParts parts = splitUrl(trim(text));
    std::optional<std::string> host = canonicalHost(parts.host);
    const std::optional<std::string> port = portSuffix(parts.port);
    if (!host || !port) {
        return std::nullopt;
    }
    std::string url = host->find(':') == std::string::npos ? std::move(*host) : "[" + *host + "]";
    url += *port;
    url += parts.path.empty() ? "/" : removeDotSegments(normaliseEscapes(parts.path, true));
    if (!parts.query.empty()) {
        url += "?" + normaliseEscapes(parts.query, false);
    }
    return url;
}

} // namespace nightjar
