// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/domain.h"

#include "base/text.h"
#include "base/utf8.h"

#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <array>
#include <memory>

namespace nightjar {
namespace {

constexpr std::size_t kMaxName = 253;
constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMaxInput = 1024; ///< bytes of a U-label form that could still fit into 253

using NameBuffer = std::array<char, kMaxName + 1>;

const psl_ctx_t *suffixList()
{
    // The system's list when it is newer than the one inside the library. Never freed; only read after this.
    static const psl_ctx_t *const kList = psl_latest(nullptr);
    return kList != nullptr ? kList : psl_builtin();
}

/// A copy that ends with NUL, as the C library wants it.
bool copyName(std::string_view name, NameBuffer &buffer)
{
    if (name.empty() || name.size() > kMaxName || name.find('\0') != std::string_view::npos) {
        return false;
    }
    std::copy(name.begin(), name.end(), buffer.begin());
    buffer[name.size()] = '\0';
    return true;
}

bool isDigits(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A last label of digits or 0x… makes the whole an address, or nothing (WHATWG URL, "ends in a number").
bool endsInNumber(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    const std::string_view label = dot == std::string_view::npos ? name : name.substr(dot + 1);
    if (isDigits(label)) {
        return true;
    }
    return startsWithIgnoreCase(label, "0x") &&
           label.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
}

constexpr bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// `lower` is ASCII in lower case, without the trailing dot. Hyphens may stand anywhere, as browsers and resolvers
/// accept them, but not alone.
bool isGoodName(std::string_view lower)
{
    if (lower.empty() || lower.size() > kMaxName || endsInNumber(lower)) {
        return false;
    }
    std::size_t length = 0;
    bool onlyHyphens = true;
    for (const char c : lower) {
        if (c == '.') {
            if (length == 0 || onlyHyphens) {
                return false;
            }
            length = 0;
            onlyHyphens = true;
            continue;
        }
        if (!isNameCharacter(c) || ++length > kMaxLabel) {
            return false;
        }
        onlyHyphens = onlyHyphens && c == '-';
    }
    return length > 0 && !onlyHyphens;
}

std::optional<std::string> toALabels(std::string_view text)
{
    if (text.size() > kMaxInput || !isValidUtf8(text) || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string utf8(text);
    std::uint8_t *raw = nullptr;
    const int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
    const int code = idn2_lookup_u8(reinterpret_cast<const std::uint8_t *>(utf8.c_str()), &raw, flags);
    const std::unique_ptr<std::uint8_t, void (*)(void *)> owned(raw, &idn2_free);
    if (code != IDN2_OK || owned == nullptr) {
        return std::nullopt;
    }
    return asciiLower(reinterpret_cast<const char *>(owned.get()));
}

} // namespace

std::optional<std::string> canonicalDomain(std::string_view text)
{
    std::string name;
    if (isAscii(text)) {
        if (text.size() > kMaxName + 1) {
            return std::nullopt;
        }
        name = asciiLower(text);
    } else if (std::optional<std::string> labels = toALabels(text)) {
        name = std::move(*labels);
    }
    if (name.ends_with('.')) {
        name.pop_back();
    }
    if (!isGoodName(name)) {
        return std::nullopt;
    }
    return name;
}

bool isPublicSuffix(std::string_view canonical, bool icannOnly)
{
    if (canonical.find('.') == std::string_view::npos) {
        return !canonical.empty();
    }
    NameBuffer buffer;
    if (!copyName(canonical, buffer)) {
        return false;
    }
    const int part = icannOnly ? PSL_TYPE_ICANN : PSL_TYPE_ANY;
    return psl_is_public_suffix2(suffixList(), buffer.data(), part) == 1;
}

bool hasKnownTopLevel(std::string_view canonical)
{
    const std::string_view label = canonical.substr(canonical.rfind('.') + 1);
    if (label == "example" || label == "test" || label == "onion") {
        return true;
    }
    NameBuffer buffer;
    return copyName(label, buffer) &&
           psl_is_public_suffix2(suffixList(), buffer.data(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1;
}

std::string_view registrableDomain(std::string_view canonical)
{
    NameBuffer buffer;
    if (!copyName(canonical, buffer) || endsInNumber(canonical)) {
        return {};
    }
    const char *domain = psl_registrable_domain(suffixList(), buffer.data());
    if (domain == nullptr) {
        return {};
    }
    return canonical.substr(static_cast<std::size_t>(domain - buffer.data()));
}

bool isSameOrSubdomain(std::string_view name, std::string_view parent)
{
    if (parent.empty() || !name.ends_with(parent)) {
        return false;
    }
    return name.size() == parent.size() || name[name.size() - parent.size() - 1] == '.';
}

} // namespace nightjar
