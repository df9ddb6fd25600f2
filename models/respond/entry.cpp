// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/entry.h"

#include "base/address.h"
#include "base/domain.h"
#include "base/text.h"
#include "base/url.h"

#include <algorithm>
#include <optional>

namespace nightjar::respond {

namespace {

constexpr std::size_t kMaxEntry = 1'024;
constexpr std::size_t kMaxHost = 253;
constexpr std::size_t kMaxLabel = 63;

tl::unexpected<Error> refuse(std::string code, std::string reason, std::string hint = {})
{
    return fail(std::move(code), "Not a deny-list entry", std::move(reason), std::move(hint));
}

bool isHash(std::string_view text)
{
    const bool length = text.size() == 32 || text.size() == 40 || text.size() == 64 || text.size() == 128;
    return length && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (asciiLower(c) >= 'a' && asciiLower(c) <= 'f');
           });
}

bool isNetwork(std::string_view text)
{
    const std::size_t slash = text.find('/');
    return slash != std::string_view::npos && IpAddress::parse(text.substr(0, slash)) && Cidr::parse(text);
}

bool isRange(std::string_view text)
{
    const std::size_t dash = text.find('-');
    return dash != std::string_view::npos && IpAddress::parse(trim(text.substr(0, dash))) &&
           IpAddress::parse(trim(text.substr(dash + 1)));
}

/// The host part with a backslash before an "@", or an address as a number, is read differently by different parsers.
bool hasTrick(std::string_view text)
{
    const std::size_t scheme = text.find("://");
    const std::string_view rest = scheme == std::string_view::npos ? text : text.substr(scheme + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    return authority.find('\\') != std::string_view::npos;
}

bool isAllowedInPath(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7f && std::string_view("\"<>\\^{|}`").find(c) == std::string_view::npos;
}

Status checkLabels(std::string_view host)
{
    const std::vector<std::string_view> labels = split(host, '.');
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::string_view label = labels[i];
        const std::size_t fromRight = labels.size() - 1 - i;
        const bool alphabet = std::all_of(label.begin(), label.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        });
        if (label.empty() || label.size() > kMaxLabel || !alphabet || label == "_") {
            return refuse("NJ-RESPOND-046",
                          "a part of the host name is empty, too long or holds a character that is not allowed");
        }
        const bool underscore = label.find('_') != std::string_view::npos;
        if (underscore && (fromRight == 0 || (fromRight == 1 && labels.size() > 2))) {
            return refuse("NJ-RESPOND-046", "Zscaler takes no underscore in this part of the host name");
        }
    }
    return {};
}

Status checkPort(std::string_view port)
{
    const std::optional<std::int64_t> number = parseInteger(port);
    if (!number || *number < 1 || *number > 65'535 || port.size() > 5 || port.front() == '-') {
        return refuse("NJ-RESPOND-046", "the port is not a number between 1 and 65535");
    }
    return {};
}

/// Host and port of an entry text without leading dot.
struct HostPort {
    std::string_view host;
    std::optional<std::string_view> port;
    std::string_view tail; ///< path and query
};

HostPort cutEntry(std::string_view text)
{
    const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
    HostPort cut{text.substr(0, end), std::nullopt, text.substr(end)};
    if (const std::size_t colon = cut.host.find(':');
        colon != std::string_view::npos && cut.host.find(':', colon + 1) == std::string_view::npos) {
        cut.port = cut.host.substr(colon + 1);
        cut.host = cut.host.substr(0, colon);
    }
    return cut;
}

DenyEntry addressEntry(const IpAddress &address)
{
    DenyEntry entry;
    entry.host = address.toString();
    entry.text = entry.host;
    entry.kind = EntryKind::Address;
    entry.key = entryKey(entry.text);
    return entry;
}

/// What cannot become an entry at all, told apart so that the analyst knows where it belongs.
Status refuseOtherTypes(std::string_view text)
{
    if (text.empty()) {
        return refuse("NJ-RESPOND-040", "the value is empty");
    }
    if (isHash(text)) {
        return refuse("NJ-RESPOND-041", "a file hash cannot be blocked by the deny list",
                      "Block the host it came from.");
    }
    if (isNetwork(text) || isRange(text)) {
        return refuse("NJ-RESPOND-042", "a network is stored as host and path there and would block nothing",
                      "Use an IP group or the ranges of a URL category.");
    }
    const std::size_t at = text.find('@');
    if (at != std::string_view::npos && text.find_first_of("/:") == std::string_view::npos) {
        return refuse("NJ-RESPOND-043", "an e-mail address cannot be blocked by the deny list");
    }
    if (hasTrick(text)) {
        return refuse("NJ-RESPOND-044", "parsers disagree about this spelling of the host", "Write the host plainly.");
    }
    return {};
}

/// The canonical host of a URL or domain; addresses only in plain spelling.
Result<std::string> plainHost(std::string_view host)
{
    if (const std::optional<IpAddress> address = IpAddress::parse(host)) {
        return address->toString();
    }
    if (IpAddress::parseLenient(host)) {
        return refuse("NJ-RESPOND-044",
                      "the address is written as a number, in octal or in hexadecimal: parsers disagree about it",
                      "Write it as four decimal numbers.");
    }
    std::optional<std::string> domain = canonicalDomain(host);
    if (!domain) {
        return refuse("NJ-RESPOND-046", "the host is neither a host name nor an address");
    }
    if (domain->find('.') == std::string::npos) {
        return refuse("NJ-RESPOND-045", "a single label or top-level domain would block too much or nothing");
    }
    return std::move(*domain);
}

/// Path and query of a canonical URL with what the entry grammar forbids percent-encoded.
std::string encodeTail(std::string_view tail)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : tail) {
        const auto byte = static_cast<unsigned char>(c);
        if (isAllowedInPath(c)) {
            out += c;
        } else {
            out += '%';
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
        }
    }
    return out;
}

/// ":8443" when the port is not the scheme's own; without scheme 80 and 443 count as default.
Result<std::string> portSuffix(const UrlParts &parts)
{
    if (parts.port.empty()) {
        return std::string();
    }
    if (Status port = checkPort(parts.port); !port) {
        return fail(port.error());
    }
    const std::int64_t number = parseInteger(parts.port).value_or(0);
    const bool isDefault = (number == 80 && !equalsIgnoreCase(parts.scheme, "https")) ||
                           (number == 443 && !equalsIgnoreCase(parts.scheme, "http"));
    return isDefault ? std::string() : ":" + std::to_string(number);
}

Result<DenyEntry> entryOfUrl(std::string_view text, bool dot, DomainScope scope)
{
    const UrlParts parts = splitUrl(text);
    Result<std::string> host = plainHost(parts.host);
    if (!host) {
        return fail(host.error());
    }
    Result<std::string> port = portSuffix(parts);
    if (!port) {
        return fail(port.error());
    }
    DenyEntry entry;
    entry.host = std::move(*host);
    const std::optional<IpAddress> address = IpAddress::parse(entry.host);
    if (address && !address->isV4() && !port->empty()) {
        return refuse("NJ-RESPOND-046", "the deny list has no form for an IPv6 address with a port");
    }
    if (address && dot) {
        return refuse("NJ-RESPOND-046", "an address has no subdomains");
    }
    std::string tail;
    if (parts.path.size() > 1 || parts.hasQuery) {
        const std::optional<std::string> canonical = canonicalUrl(text);
        const std::size_t slash = canonical ? canonical->find('/') : std::string::npos;
        if (slash == std::string::npos) {
            return refuse("NJ-RESPOND-046", "the path cannot be brought into canonical form");
        }
        tail = encodeTail(std::string_view(*canonical).substr(slash));
        if (tail == "/") {
            tail.clear(); // "/./" and the like: the whole host
        }
    }
    if (address && !address->isV4() && !tail.empty()) {
        return refuse("NJ-RESPOND-046", "the deny list has no form for an IPv6 address with a path");
    }
    entry.wholeHost = tail.empty() && port->empty();
    entry.kind = address ? EntryKind::Address : EntryKind::Domain;
    if (!entry.wholeHost) {
        entry.kind = EntryKind::Url;
    }
    entry.subdomains = dot || (entry.kind == EntryKind::Domain && scope == DomainScope::Subdomains);
    entry.text = (entry.subdomains ? "." : "") + entry.host + *port + tail;
    entry.key = entryKey(entry.text);
    return entry;
}

} // namespace

Result<DenyEntry> makeEntry(std::string_view indicator, DomainScope scope)
{
    if (indicator.size() > 16 * kMaxEntry) {
        return refuse("NJ-RESPOND-046", "the value is far longer than an entry can be (1,024 characters)");
    }
    const std::string whole = refang(trim(indicator));
    std::string_view text = trim(whole);
    if (Status other = refuseOtherTypes(text); !other) {
        return fail(other.error());
    }
    std::string_view bare = text;
    if (bare.size() > 2 && bare.front() == '[' && bare.back() == ']') {
        bare = bare.substr(1, bare.size() - 2);
    }
    if (const std::optional<IpAddress> address = IpAddress::parse(bare)) {
        return addressEntry(*address);
    }
    const bool dot = text.front() == '.';
    if (dot) {
        text.remove_prefix(1);
    }
    Result<DenyEntry> entry = entryOfUrl(text, dot, scope);
    if (entry) {
        if (Status grammar = checkEntry(entry->text); !grammar) {
            return fail(grammar.error());
        }
    }
    return entry;
}

Result<DenyEntry> readEntry(std::string_view entry)
{
    Result<DenyEntry> made = makeEntry(entry);
    if (made && made->text != entry && checkEntry(entry)) {
        if (std::string key = entryKey(entry); key != made->key) {
            made->key = std::move(key);
            made->wholeHost = false;
            made->kind = EntryKind::Url;
        }
        made->text = entry;
    }
    return made;
}

Status checkEntry(std::string_view entry)
{
    if (entry.empty() || entry.size() > kMaxEntry) {
        return refuse("NJ-RESPOND-046", "an entry has between 1 and 1,024 characters");
    }
    if (const std::optional<IpAddress> address = IpAddress::parse(entry)) {
        return {};
    }
    if (entry.find("://") != std::string_view::npos && entry.find("://") < entry.find('/')) {
        return refuse("NJ-RESPOND-046", "an entry has no scheme");
    }
    const HostPort cut = cutEntry(entry.front() == '.' ? entry.substr(1) : entry);
    if (cut.host.empty() || cut.host.size() > kMaxHost || cut.host.find('.') == std::string_view::npos) {
        return refuse("NJ-RESPOND-046", "the host is empty, a single label, or longer than 253 characters");
    }
    if (Status labels = checkLabels(cut.host); !labels) {
        return labels;
    }
    if (cut.port) {
        if (Status port = checkPort(*cut.port); !port) {
            return port;
        }
    }
    if (!std::all_of(cut.tail.begin(), cut.tail.end(), isAllowedInPath) ||
        cut.tail.find('#') != std::string_view::npos) {
        return refuse("NJ-RESPOND-046", "the path holds a blank or another character that must be percent-encoded");
    }
    return {};
}

std::string entryKey(std::string_view stored)
{
    std::string_view text = trim(stored);
    if (const std::size_t comment = text.find(" //"); comment != std::string_view::npos) {
        text = trim(text.substr(0, comment)); // the portal's comments
    }
    if (const std::optional<IpAddress> address = IpAddress::parse(text)) {
        return address->toString();
    }
    const bool dot = !text.empty() && text.front() == '.';
    HostPort cut = cutEntry(dot ? text.substr(1) : text);
    while (!cut.host.empty() && cut.host.back() == '.') {
        cut.host.remove_suffix(1);
    }
    std::string key = (dot ? "." : "") + canonicalDomain(cut.host).value_or(asciiLower(cut.host));
    if (cut.port && !cut.port->empty()) {
        key.append(":").append(*cut.port);
    }
    const std::string_view tail = cut.tail.substr(0, cut.tail.find('#'));
    if (tail != "/") {
        key.append(tail);
    }
    return key;
}

} // namespace nightjar::respond
