// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "playbook/template.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nightjar::playbook {

constexpr int kFormatVersion = 1; ///< of `nightjar_playbook:`

enum class StepKind : std::uint8_t {
    Block,
    Unblock,
    AddIndicator,
    Lookup,
    SetStatus,
    Note,
    Tag,
    Notify,
    Wait,
    Approve,
    Command,
    Http,
    Export,
    ForEach
};

/// A question to values: `{value, is}` and the like, or several of them.
struct Condition {
    enum class Kind : std::uint8_t { All, Any, Not, Test };
    enum class Operator : std::uint8_t { Is, IsNot, In, NotIn, Contains, Matches, AtLeast, AtMost, Exists };

    Kind kind = Kind::All;
    std::vector<Condition> parts; ///< of All, Any, Not
    Template value;               ///< of Test
    Operator op = Operator::Is;
    Value operand;
};

struct Step {
    StepKind kind = StepKind::Note;
    std::string name;        ///< by which later steps see its result; "step1" when none is given
    Condition when;          ///< an empty All: always
    bool goOn = false;       ///< on_error: continue
    Value arguments;         ///< a Map with the fields of steptable.h
    std::string as;          ///< of ForEach: the variable
    std::vector<Step> steps; ///< of ForEach
    Place place;
};

/// Empty lists ask for nothing. Texts may hold * and ?.
struct AlertTrigger {
    std::vector<std::string> engines, rules, entities, tags;
    std::optional<alerts::Severity> severity; ///< at least
    std::vector<alerts::Verdict> verdicts;    ///< empty: any alert that is not closed
};
struct IndicatorTrigger {
    std::vector<std::string> types, sources;
};
struct ScheduleTrigger {
    std::int64_t every = 0; ///< µs; 0: daily
    int minuteOfDay = 0;    ///< of daily
    std::string zone = "UTC";
};

struct Playbook {
    std::string id; ///< a-z, 0-9, dash
    int version = 1;
    std::string title, description;
    std::optional<AlertTrigger> onAlert;
    std::optional<IndicatorTrigger> onIndicator;
    std::optional<ScheduleTrigger> onSchedule;
    Condition conditions;
    std::vector<Step> steps;
    int actionsAnHour = 0;            ///< 0: the workspace's limit alone
    std::vector<std::string> secrets; ///< names that it refers to
    std::string file;
    std::string text; ///< the whole file, kept with each run
};

/// What a file holds, and everything that is wrong with it. A playbook with errors does not run.
struct Reading {
    std::optional<Playbook> playbook;
    std::vector<Error> problems;
};

/// Reads and checks: unknown and repeated keys, types, templates, references to what is not there yet, secrets where
/// they would be seen. Codes NJ-PLAYBOOK-001 to -009, each with file, line and column. Never throws. Thread: any.
Reading read(std::string_view text, const std::string &file);

/// Would it run for this alert? Only the trigger; the conditions are asked when it runs.
bool triggeredBy(const Playbook &playbook, const alerts::Alert &alert, const std::vector<std::string> &tags);
/// * and ? in `pattern`, ASCII case ignored, the whole text.
bool matchesWildcard(std::string_view pattern, std::string_view text);

/// The newest instant at or before `now` at which the schedule is due.
Timestamp dueAt(const ScheduleTrigger &schedule, Timestamp now);

/// What a condition came to; `unknown` only in dry runs.
struct Judgement {
    bool holds = false;
    bool unknown = false;
    std::string why; ///< the test that decided, for people
};
Result<Judgement> judge(const Condition &condition, const Scope &scope);

} // namespace nightjar::playbook
