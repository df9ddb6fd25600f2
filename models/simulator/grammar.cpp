// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulator/grammar.h"

#include "base/text.h"

#include <string>
#include <vector>

namespace nightjar::simulator {

namespace {

bool isLowerOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isDottedAddress(const std::vector<std::string_view> &labels)
{
    if (labels.size() != 4) {
        return false;
    }
    for (const std::string_view label : labels) {
        const std::optional<std::int64_t> number = parseInteger(label);
        if (!number || *number < 0 || *number > 255 || label.size() > 3) {
            return false;
        }
    }
    return true;
}

bool isAcceptedHost(std::string_view host)
{
    if (host.size() > 255) {
        return false;
    }
    const std::vector<std::string_view> labels = split(host, '.');
    if (labels.size() < 2) {
        return false;
    }
    if (isDottedAddress(labels)) {
        return true;
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::string_view label = labels[i];
        if (label.empty() || label.size() > 63 || label == "_") {
            return false;
        }
        const bool top = i + 1 == labels.size();
        const bool second = i + 2 == labels.size() && labels.size() > 2;
        for (const char c : label) {
            if (!(isLowerOrDigit(c) || c == '-' || (c == '_' && !top && !second))) {
                return false;
            }
        }
    }
    return parseInteger(labels.back()) == std::nullopt; // "1.2.3" is neither name nor address
}

/// Plain IPv6 text: hexadecimal groups and colons.
bool isBareIpv6(std::string_view entry)
{
    int colons = 0;
    for (const char c : entry) {
        if (c == ':') {
            ++colons;
        } else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return colons >= 2;
}

bool isPort(std::string_view text)
{
    const std::optional<std::int64_t> number = parseInteger(text);
    return number && *number >= 1 && *number <= 65'535 && isLowerOrDigit(text.front());
}

} // namespace

bool isAcceptedEntry(std::string_view entry)
{
    if (entry.empty() || entry.size() > 1'024) {
        return false;
    }
    for (const char c : entry) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f) {
            return false;
        }
    }
    if (isBareIpv6(entry)) {
        return true;
    }
    if (entry.front() == '.') {
        entry.remove_prefix(1);
    }
    const std::size_t end = entry.find_first_of("/?#");
    std::string_view authority = entry.substr(0, end);
    const std::string_view tail = end == std::string_view::npos ? std::string_view() : entry.substr(end);
    if (tail.find_first_of("\"<>\\^{|}`#") != std::string_view::npos) {
        return false;
    }
    if (const std::size_t colon = authority.find(':'); colon != std::string_view::npos) {
        if (!isPort(authority.substr(colon + 1))) {
            return false;
        }
        authority = authority.substr(0, colon);
    }
    return authority.find('@') == std::string_view::npos && isAcceptedHost(authority);
}

} // namespace nightjar::simulator
