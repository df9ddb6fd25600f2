// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <utility>
#include <vector>

/// What an editor of Sigma rules knows about their words. Thread: any.
namespace nightjar::present {

enum class RuleSpan : int { Key, Text, Number, Comment, Keyword };
struct RuleSpanAt {
    int start = 0, length = 0;
    RuleSpan kind = RuleSpan::Key;
};
/// Colours of one line of YAML, looked at by itself.
std::vector<RuleSpanAt> ruleSpans(const QString &line);

struct RuleCompletion {
    int replaced = 0;                               ///< characters before the place
    std::vector<std::pair<QString, QString>> words; ///< word, meaning; best first, at most 40
};
/// What can stand at `position`: top-level keys, keys of the logsource, fields and, behind a bar, modifiers, levels,
/// tactics, selections in a condition. `asked`: also where nothing has been typed yet. `extraFields`: fields that the
/// store has beside the known ones.
RuleCompletion completeRule(const QString &text, int position, bool asked, const QStringList &extraFields);

/// Sigma names and schema names of Zscaler events, with a meaning.
const std::vector<std::pair<QString, QString>> &ruleFields();

} // namespace nightjar::present
