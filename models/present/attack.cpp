// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/attack.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace nightjar::present {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Attack", text);
}

std::vector<AttackTactic> makeTactics()
{
    const auto one = [](const char *tag, const char *name, const char *brief) {
        return AttackTactic{QString::fromLatin1(tag), tr(name), tr(brief)};
    };
    return {one("reconnaissance", "Reconnaissance", "Recon"),
            one("resource-development", "Resource development", "Resource"),
            one("initial-access", "Initial access", "Initial"),
            one("execution", "Execution", "Execution"),
            one("persistence", "Persistence", "Persist."),
            one("privilege-escalation", "Privilege escalation", "Priv. esc."),
            one("defense-evasion", "Defense evasion", "Evasion"),
            one("credential-access", "Credential access", "Credential"),
            one("discovery", "Discovery", "Discovery"),
            one("lateral-movement", "Lateral movement", "Lateral"),
            one("collection", "Collection", "Collection"),
            one("command-and-control", "Command and control", "C2"),
            one("exfiltration", "Exfiltration", "Exfil."),
            one("impact", "Impact", "Impact")};
}

bool isTechnique(const QString &name)
{
    return name.size() >= 5 && name[0] == u't' &&
           std::all_of(name.cbegin() + 1, name.cend(), [](QChar c) { return c.isDigit() || c == u'.'; });
}

} // namespace

const std::vector<AttackTactic> &attackTactics()
{
    static const std::vector<AttackTactic> tactics = makeTactics();
    return tactics;
}

AttackTags attackTags(const std::vector<std::string> &tags)
{
    AttackTags found;
    for (const std::string &tag : tags) {
        QString name = QString::fromStdString(tag).toLower();
        if (!name.startsWith(u"attack.")) {
            continue;
        }
        name = name.mid(7).replace(u'_', u'-');
        if (isTechnique(name)) {
            found.techniques << name.toUpper();
        } else if (std::any_of(attackTactics().begin(), attackTactics().end(),
                               [&](const AttackTactic &tactic) { return tactic.tag == name; })) {
            found.tactics << name;
        }
    }
    found.techniques.removeDuplicates();
    found.tactics.removeDuplicates();
    return found;
}

QString parentTechnique(const QString &technique)
{
    return technique.section(u'.', 0, 0);
}

std::vector<AttackColumn> attackMatrix(const std::vector<workspace::RuleInfo> &rules)
{
    std::vector<AttackColumn> columns;
    std::vector<std::map<QString, AttackCell>> cells(attackTactics().size());
    for (const AttackTactic &tactic : attackTactics()) {
        columns.push_back({tactic, 0, 0, {}});
    }
    for (const workspace::RuleInfo &rule : rules) {
        const AttackTags tags = attackTags(rule.tags);
        const bool runs = rule.enabled && !rule.refused;
        QStringList parents;
        for (const QString &technique : tags.techniques) {
            parents << parentTechnique(technique);
        }
        parents.removeDuplicates();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (!tags.tactics.contains(columns[i].tactic.tag)) {
                continue;
            }
            ++columns[i].rules;
            columns[i].running += runs ? 1 : 0;
            for (const QString &parent : std::as_const(parents)) {
                AttackCell &cell = cells[i][parent];
                cell.technique = parent;
                ++cell.rules;
                cell.running += runs ? 1 : 0;
            }
        }
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        for (const auto &[technique, cell] : cells[i]) {
            columns[i].cells.push_back(cell);
        }
    }
    return columns;
}

} // namespace nightjar::present
