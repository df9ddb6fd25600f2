// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Host names: canonical form and public suffixes (libidn2, libpsl). Thread: any.
namespace nightjar {

/// A-label form, lower case, no trailing dot (UTS #46 non-transitional). Underscores pass. Empty when it is no host
/// name (bad label, > 253 bytes, blank, address).
std::optional<std::string> canonicalDomain(std::string_view text);

/// True for a name on the Public Suffix List (ICANN part, and the private part unless `icannOnly`), and for single
/// labels.
bool isPublicSuffix(std::string_view canonical, bool icannOnly = false);

/// True when the last label is a top-level domain of the Public Suffix List's ICANN part, .onion or a name reserved for
/// examples.
bool hasKnownTopLevel(std::string_view canonical);

/// "example.co.uk" of "a.b.example.co.uk"; empty when the name is itself a public suffix. Private section included.
std::string_view registrableDomain(std::string_view canonical);

/// True when `name` is `parent` or ends with "." + parent.
bool isSameOrSubdomain(std::string_view name, std::string_view parent);

} // namespace nightjar
