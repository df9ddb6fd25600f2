// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "playbook/playbook.h"

#include <span>
#include <string_view>

/// The steps and their fields: the single source of what a playbook may say.
namespace nightjar::playbook {

enum class FieldType : std::uint8_t { Text, TextOrList, Duration, Integer, Boolean, Map, Any };

struct Field {
    std::string_view name;
    FieldType type = FieldType::Text;
    bool required = false;
    std::string_view choices = {}; ///< "a|b", of constant texts
    bool secrets = false;          ///< may refer to secrets
};

struct StepRule {
    StepKind kind;
    std::string_view name;
    std::string_view main; ///< the field of the short form `note: text`
    bool acts;             ///< counts as an action of the hour
    bool repeatable;       ///< doing it twice is as doing it once: a run that was killed in it goes on
    std::span<const Field> fields;
};

std::span<const StepRule> stepTable();
const StepRule &ruleOf(StepKind kind);
/// Null when there is no such step.
const StepRule *findStep(std::string_view name);

} // namespace nightjar::playbook
