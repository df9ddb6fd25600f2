// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/record.h"

#include <span>
#include <string>
#include <string_view>

namespace nightjar::logs {

/// Log type by the command-line contract's names, and the kind within it.
struct LogKind {
    std::string_view type = "unknown"; ///< static text
    std::string subtype;
};

/// By the record's own words first (product, then sourcetype), then by keys that only one type has.
LogKind recogniseType(std::span<const RecordField> fields);

/// The static name when `name` is a log type of the contract, else empty.
std::string_view logTypeNamed(std::string_view name);

/// True for keys whose value, not only presence, says what a record is or what its keys mean (sourcetype, product,
/// cs1Label …).
bool isDecisiveKey(std::string_view key);

/// cs1Label, flexDate1Label, …: its value names the key beside it.
bool isLabelKey(std::string_view key);
/// True when a label's value can be a name; some feeds print other things there.
bool isLabelName(std::string_view value);
/// The part of a decisive key's value that counts.
std::string_view decisiveValue(std::string_view key, std::string_view value);

} // namespace nightjar::logs
