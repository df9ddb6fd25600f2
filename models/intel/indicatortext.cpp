// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/domain.h"
#include "base/text.h"
#include "base/url.h"
#include "intel/indicator.h"

#include <algorithm>
#include <array>
#include <charconv>

/// From what people write to canonical indicators.
namespace nightjar::intel {

namespace {

constexpr std::size_t kMaxValue = 4096;

/// Endings of files that are no top-level domains, and those that are both.
constexpr std::array<std::string_view, 44> kFileEndings{
    "exe",  "dll", "sys",  "bat",  "cmd",  "ps1",  "vbs",  "js",  "jse",  "hta", "lnk", "iso", "img", "msi",  "jar",
    "pdf",  "doc", "docx", "docm", "xls",  "xlsx", "xlsm", "ppt", "pptx", "rtf", "txt", "log", "csv", "json", "xml",
    "html", "htm", "php",  "asp",  "aspx", "jsp",  "png",  "jpg", "jpeg", "gif", "rar", "7z",  "gz",  "tmp"};
constexpr std::array<std::string_view, 4> kDoubtfulEndings{"zip", "mov", "sh", "py"};
constexpr std::array<std::string_view, 7> kDoubtfulInText{"pl", "rs", "app", "md", "so", "ps", "cab"};

/// Digests of the empty file and of a single line end: they name nothing.
constexpr std::array<std::string_view, 5> kEmptyHashes{
    "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "68b329da9893e34099c7d8ad5cb9c940",
    "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"};

constexpr std::array<std::string_view, 18> kNeverNetworks{
    "0.0.0.0/8",    "10.0.0.0/8",     "100.64.0.0/10",  "127.0.0.0/8",   "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.168.0.0/16", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/4",    "240.0.0.0/4",
    "::/127",       "64:ff9b:1::/48", "100::/64",       "fc00::/7",      "fe80::/10",      "ff00::/8"};

tl::unexpected<Error> refuse(std::string code, std::string reason, std::string hint = {})
{
    return fail(std::move(code), "Not taken as an indicator", std::move(reason), std::move(hint));
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N> &all, std::string_view wanted)
{
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

std::string_view lastLabel(std::string_view host)
{
    const std::size_t dot = host.rfind('.');
    return dot == std::string_view::npos ? host : host.substr(dot + 1);
}

Result<Indicator> fromAddress(const IpAddress &address, std::string_view port)
{
    if (isNeverIndicator(address)) {
        return refuse("NJ-INTEL-003", address.toString() + " is a private or reserved address");
    }
    Indicator out;
    out.type = address.isV4() ? Type::Ipv4 : Type::Ipv6;
    out.value = address.toString();
    if (!port.empty()) {
        std::uint16_t number = 0;
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (error != std::errc() || end != port.data() + port.size()) {
            return refuse("NJ-INTEL-002", "the port is not between 0 and 65535");
        }
        out.port = number;
    }
    return out;
}

Result<Indicator> fromNetwork(const Cidr &network)
{
    const bool v4 = network.first().isV4();
    const int bits = network.prefixLength();
    if (bits == (v4 ? 32 : 128)) {
        return fromAddress(network.first(), {});
    }
    if (bits < (v4 ? 8 : 16)) {
        return refuse("NJ-INTEL-006", network.toString() + " is too wide",
                      v4 ? "Networks from /8 on are taken." : "Networks from /16 on are taken.");
    }
    if (isNeverIndicator(network.first()) || isNeverIndicator(network.last())) {
        return refuse("NJ-INTEL-003", network.toString() + " holds private or reserved addresses");
    }
    Indicator out;
    out.type = Type::Cidr;
    out.value = network.toString();
    return out;
}

/// Hex digits of a length that a digest has.
std::optional<Type> hashType(std::string_view text)
{
    const bool hex = std::all_of(text.begin(), text.end(), [](char c) {
        const char lower = asciiLower(c);
        return (lower >= '0' && lower <= '9') || (lower >= 'a' && lower <= 'f');
    });
    if (!hex) {
        return std::nullopt;
    }
    switch (text.size()) {
    case 32:
        return Type::Md5;
    case 40:
        return Type::Sha1;
    case 64:
        return Type::Sha256;
    default:
        return std::nullopt;
    }
}

Result<Indicator> fromHash(std::string_view text, Type type)
{
    Indicator out;
    out.type = type;
    out.value = asciiLower(text);
    if (contains(kEmptyHashes, out.value)) {
        return refuse("NJ-INTEL-007", "this is the hash of an empty file");
    }
    return out;
}

/// `sure`: brackets, a scheme, www or the source say that it is a name and not a file.
Result<Indicator> fromHost(std::string_view text, bool sure, Origin origin)
{
    const std::optional<std::string> host = canonicalDomain(text);
    if (!host) {
        return refuse("NJ-INTEL-002", "this is no domain, address, URL, hash or e-mail address");
    }
    if (host->find('.') == std::string::npos) {
        return refuse("NJ-INTEL-005", "a name without a dot is not a name on the internet");
    }
    const std::string_view ending = lastLabel(*host);
    if (contains(kFileEndings, ending)) {
        return refuse("NJ-INTEL-008", "\"" + *host + "\" looks like a file name");
    }
    if (origin == Origin::FreeText && !hasKnownTopLevel(*host)) {
        return refuse("NJ-INTEL-002", "\"" + std::string(ending) + "\" is no top-level domain");
    }
    const bool oneDot = host->find('.') == host->rfind('.');
    const bool doubtful =
        oneDot && !host->starts_with("www.") &&
        (contains(kDoubtfulEndings, ending) || (origin == Origin::FreeText && contains(kDoubtfulInText, ending)));
    if (doubtful && !sure) {
        return refuse("NJ-INTEL-008", "\"" + *host + "\" may be a file name",
                      "Write it with http:// or as name[.]" + std::string(ending) + " to have it taken.");
    }
    if (isPublicSuffix(*host, true)) {
        return refuse("NJ-INTEL-004", "\"" + *host + "\" is a public suffix: unrelated owners register names below it");
    }
    Indicator out;
    out.type = Type::Domain;
    out.value = *host;
    return out;
}

Result<Indicator> fromUrl(std::string_view text, Origin origin)
{
    const UrlParts parts = splitUrl(text);
    const std::string scheme = asciiLower(parts.scheme);
    if (!scheme.empty() && scheme != "http" && scheme != "https" && scheme != "ftp") {
        return refuse("NJ-INTEL-002", "scheme \"" + scheme + "\" does not occur in proxy logs");
    }
    const std::optional<std::string> host = canonicalHost(parts.host);
    const std::optional<std::string> key = host ? canonicalUrl(text) : std::nullopt;
    if (!key) {
        return refuse("NJ-INTEL-002", "the URL has no valid host");
    }
    if (const std::optional<IpAddress> address = IpAddress::parse(*host)) {
        if (isNeverIndicator(*address)) {
            return refuse("NJ-INTEL-003", address->toString() + " is a private or reserved address");
        }
    } else if (const Result<Indicator> checked = fromHost(*host, true, origin);
               !checked && checked.error().code != "NJ-INTEL-008" && checked.error().code != "NJ-INTEL-004") {
        return checked;
    } else if (!checked && parts.scheme.empty() && checked.error().code == "NJ-INTEL-008") {
        return checked; // "setup.exe/x" without a scheme
    }
    Indicator out;
    out.type = Type::Url;
    out.value = *key;
    return out;
}

std::optional<Result<Indicator>> fromEmail(std::string_view text)
{
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0 || text.find_first_of("/ ?#:") != std::string_view::npos ||
        text.find('@', at + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    const std::optional<std::string> host = canonicalDomain(text.substr(at + 1));
    if (!host || host->find('.') == std::string::npos) {
        return Result<Indicator>(refuse("NJ-INTEL-002", "the e-mail address has no valid domain"));
    }
    Indicator out;
    out.type = Type::Email;
    out.value = asciiLower(text.substr(0, at)) + "@" + *host;
    return Result<Indicator>(std::move(out));
}

bool isCidrText(std::string_view text)
{
    const std::size_t slash = text.rfind('/');
    return slash != std::string_view::npos && slash + 1 < text.size() && text.size() - slash <= 4 &&
           std::all_of(text.begin() + static_cast<std::ptrdiff_t>(slash) + 1, text.end(),
                       [](char c) { return c >= '0' && c <= '9'; }) &&
           IpAddress::parse(text.substr(0, slash)).has_value();
}

} // namespace

bool isNeverIndicator(const IpAddress &address)
{
    static const auto kNetworks = [] {
        std::vector<Cidr> out;
        for (const std::string_view text : kNeverNetworks) {
            if (const auto network = Cidr::parse(text)) {
                out.push_back(*network);
            }
        }
        return out;
    }();
    return std::any_of(kNetworks.begin(), kNetworks.end(), [&](const Cidr &n) { return n.contains(address); });
}

std::optional<std::string> bytesFromHex(std::string_view text)
{
    if (text.size() % 2 != 0 || text.empty()) {
        return std::nullopt;
    }
    std::string out(text.size() / 2, '\0');
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::uint8_t byte = 0;
        const auto [end, error] = std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, byte, 16);
        if (error != std::errc() || end != text.data() + 2 * i + 2) {
            return std::nullopt;
        }
        out[i] = static_cast<char>(byte);
    }
    return out;
}

Result<Indicator> indicatorFromText(std::string_view cell, std::optional<Type> hint, Origin origin)
{
    cell = trim(cell);
    if (cell.empty() || cell.size() > kMaxValue) {
        return refuse("NJ-INTEL-001", cell.empty() ? "the value is empty" : "the value is longer than 4,096 bytes");
    }
    if (hint == Type::UserAgent) {
        Indicator agent;
        agent.type = Type::UserAgent;
        agent.value = cell;
        return agent;
    }
    const std::string text = refang(cell);
    const bool defanged = text != cell;
    if (const auto type = hashType(text)) {
        return fromHash(text, *type);
    }
    if (text.find("://") != std::string::npos) {
        return fromUrl(text, origin);
    }
    if (isCidrText(text)) {
        const auto network = Cidr::parse(text);
        return network ? fromNetwork(*network) : refuse("NJ-INTEL-002", "the length of the network prefix is wrong");
    }
    if (auto email = fromEmail(text)) {
        return std::move(*email);
    }
    if (const auto address = IpAddress::parse(text)) {
        return hint == Type::Url ? fromUrl(address->isV4() ? text : "[" + text + "]", origin)
                                 : fromAddress(*address, {});
    }
    const UrlParts parts = splitUrl(text);
    if (!parts.path.empty() || parts.hasQuery || hint == Type::Url) {
        return fromUrl(text, origin);
    }
    if (const auto address = IpAddress::parse(parts.host); address && !parts.port.empty()) {
        return fromAddress(*address, parts.port);
    }
    const bool wild = parts.host.starts_with("*.") || parts.host.starts_with(".");
    const std::string_view host = wild ? parts.host.substr(parts.host.find('.') + 1) : parts.host;
    return fromHost(host, defanged || wild || hint == Type::Domain || !parts.port.empty(), origin);
}

} // namespace nightjar::intel
