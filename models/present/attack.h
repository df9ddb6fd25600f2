// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/services.h"

#include <QString>
#include <QStringList>

#include <vector>

/// MITRE ATT&CK as the tags of Sigma rules name it ("attack.command-and-control", "attack.t1071.001"). Thread: any.
namespace nightjar::present {

struct AttackTactic {
    QString tag;  ///< "command-and-control"
    QString name; ///< "Command and control"
    QString brief;
};
/// The fourteen of the enterprise matrix, in its order.
const std::vector<AttackTactic> &attackTactics();

/// What a rule's tags say: tags of tactics, and techniques such as "T1071.001".
struct AttackTags {
    QStringList tactics, techniques;
};
AttackTags attackTags(const std::vector<std::string> &tags);
/// "T1071" of "T1071.001".
QString parentTechnique(const QString &technique);

/// A technique of a tactic: how many rules look for it, and how many of those run.
struct AttackCell {
    QString technique;
    int rules = 0, running = 0;
};
struct AttackColumn {
    AttackTactic tactic;
    int rules = 0, running = 0;
    std::vector<AttackCell> cells; ///< by technique; sub-techniques count for their parent
};
/// A rule that names several tactics counts in each; its techniques stand in each of them too, since a rule does not
/// say which belongs to which.
std::vector<AttackColumn> attackMatrix(const std::vector<workspace::RuleInfo> &rules);

} // namespace nightjar::present
