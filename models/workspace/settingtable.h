// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nightjar::workspace {

enum class SettingType : std::uint8_t { Text, Integer, Boolean, Choice, DomainList };

/// One row of the table of settings: the single source of keys, types, defaults, ranges and help. No row is a secret.
struct Setting {
    std::string_view key;
    SettingType type;
    std::string_view defaultValue;
    std::string_view range; ///< "1..3650", "a|b|c", or empty
    std::string_view help;
};

std::span<const Setting> settingTable();
/// Null when there is no such key.
const Setting *findSetting(std::string_view key);
std::string_view typeName(SettingType type);
/// The value as it is kept (lists sorted out, booleans as true/false). NJ-WORK-011 when it does not fit.
Result<std::string> checkedValue(const Setting &setting, std::string_view value);

} // namespace nightjar::workspace
