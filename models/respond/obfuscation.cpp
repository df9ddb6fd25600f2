// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/obfuscation.h"

#include <algorithm>

namespace nightjar::respond {

Result<std::string> obfuscateKey(std::string_view key, std::string_view timestamp)
{
    constexpr std::size_t kDigits = 6;
    constexpr std::size_t kKeyLength = 12;
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (key.size() < kKeyLength) {
        return fail("NJ-RESPOND-002", "The API key cannot be used", "it must have 12 letters or digits",
                    "Copy the key again from Administration > API Key Management.");
    }
    if (timestamp.size() < kDigits || !std::all_of(timestamp.begin(), timestamp.end(), isDigit)) {
        return fail("NJ-RESPOND-002", "The API key cannot be used", "the time is not in milliseconds");
    }
    const std::string_view last = timestamp.substr(timestamp.size() - kDigits);
    unsigned number = 0;
    for (const char c : last) {
        number = number * 10 + static_cast<unsigned>(c - '0');
    }
    std::string half = std::to_string(number >> 1U);
    half.insert(0, kDigits - half.size(), '0');
    std::string result;
    for (const char c : last) {
        result += key[static_cast<std::size_t>(c - '0')];
    }
    for (const char c : half) {
        result += key[static_cast<std::size_t>(c - '0') + 2];
    }
    return result;
}

} // namespace nightjar::respond
