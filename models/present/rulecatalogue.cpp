// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/rulecatalogue.h"

#include "base/text.h"

#include <algorithm>
#include <map>

namespace nightjar::present {

namespace {

constexpr double kNoisyPerDay = 10;
constexpr qsizetype kText = 400;

QString perDayText(double perDay)
{
    return perDay == 0    ? QStringLiteral("0")
           : perDay < 0.1 ? QStringLiteral("< 0.1")
           : perDay < 10  ? QString::number(perDay, 'f', 1)
                          : number(static_cast<std::int64_t>(perDay));
}

QString needleOf(const workspace::RuleInfo &info)
{
    std::string text = info.title + '\n' + info.id + '\n' + info.file + '\n' + info.description + '\n' + info.category +
                       '\n' + info.product + '\n' + info.service;
    for (const std::string &tag : info.tags) {
        text += '\n' + tag;
    }
    return QString::fromStdString(text).toLower();
}

} // namespace

std::string ruleReference(const workspace::RuleInfo &info)
{
    return info.id.empty() ? info.title : info.id;
}

QString whySilent(const RuleRow &row)
{
    if (row.info.refused || !row.info.remark.empty()) {
        return shown(row.info.remark, kText);
    }
    return row.noise ? shown(row.noise->silent, kText) : QString();
}

bool isNoisy(const RuleRow &row, double days)
{
    return row.info.enabled && row.noise && days > 0 && row.info.level != "informational" &&
           static_cast<double>(row.noise->matches) / days > kNoisyPerDay;
}

alerts::Severity levelOf(const std::string &level)
{
    return level == "critical" ? alerts::Severity::Critical
           : level == "high"   ? alerts::Severity::High
           : level == "medium" ? alerts::Severity::Medium
           : level == "low"    ? alerts::Severity::Low
                               : alerts::Severity::Informational;
}

RuleCatalogueModel::RuleCatalogueModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int RuleCatalogueModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int RuleCatalogueModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : VerdictColumn + 1;
}

double RuleCatalogueModel::perDay(const RuleRow &row) const
{
    return row.noise && m_days > 0 ? static_cast<double>(row.noise->matches) / m_days : -1;
}

QString RuleCatalogueModel::verdict(const RuleRow &row) const
{
    if (row.info.refused) {
        return tr("refused");
    }
    if (!row.info.enabled) {
        return tr("off");
    }
    if (!whySilent(row).isEmpty()) {
        return tr("can't fire");
    }
    if (isNoisy(row, m_days)) {
        return tr("noisy");
    }
    return row.info.kind == "correlation" ? tr("correlation") : m_days > 0 ? tr("ready") : QString();
}

QVariant RuleCatalogueModel::data(const QModelIndex &index, int role) const
{
    const RuleRow *row = index.isValid() ? rule(index.row()) : nullptr;
    if (row == nullptr) {
        return {};
    }
    if (role == ReferenceRole) {
        return QString::fromStdString(ruleReference(row->info));
    }
    if (role == Qt::CheckStateRole && index.column() == OnColumn && !row->info.refused) {
        return static_cast<int>(row->info.enabled ? Qt::Checked : Qt::Unchecked);
    }
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) {
        return {};
    }
    switch (index.column()) {
    case OnColumn:
        return role == Qt::AccessibleTextRole ? (row->info.enabled ? tr("on") : tr("off")) : QString();
    case LevelColumn:
        return row->info.refused ? QString() : severityLetter(levelOf(row->info.level));
    case TitleColumn:
        return shown(row->info.title.empty() ? row->info.file : row->info.title, kText);
    case TechniqueColumn:
        return row->tags.techniques.value(0);
    case PerDayColumn:
        return perDay(*row) < 0 ? QStringLiteral("–") : perDayText(perDay(*row));
    case CostColumn:
        return row->noise ? QString::number(row->noise->microsPerThousand, 'f', 1) : QStringLiteral("–");
    case VerdictColumn:
        return verdict(*row);
    default:
        return {};
    }
}

QVariant RuleCatalogueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    const QStringList titles{tr("on"),   tr("level"),    tr("rule"),   tr("technique"),
                             tr("/day"), tr("µs/1,000"), tr("verdict")};
    return titles.value(section);
}

bool RuleCatalogueModel::before(const RuleRow &left, const RuleRow &right) const
{
    const auto compare = [this](const auto &one, const auto &other) {
        return m_order == Qt::AscendingOrder ? one < other : other < one;
    };
    switch (m_sort) {
    case OnColumn:
        return compare(left.info.enabled, right.info.enabled);
    case TitleColumn:
        return compare(left.info.title, right.info.title);
    case TechniqueColumn:
        return compare(left.tags.techniques.value(0), right.tags.techniques.value(0));
    case PerDayColumn:
        return compare(perDay(left), perDay(right));
    case CostColumn:
        return compare(left.noise ? left.noise->microsPerThousand : -1,
                       right.noise ? right.noise->microsPerThousand : -1);
    case VerdictColumn:
        return compare(verdict(left), verdict(right));
    default: // within a level, what fires stands first
        return levelOf(left.info.level) != levelOf(right.info.level)
                   ? compare(levelOf(left.info.level), levelOf(right.info.level))
                   : perDay(right) < perDay(left);
    }
}

void RuleCatalogueModel::sort(int column, Qt::SortOrder order)
{
    m_sort = column;
    m_order = order;
    arrange();
}

bool RuleCatalogueModel::passes(const RuleRow &row) const
{
    for (const QString &word : m_filter.text.toLower().split(u' ', Qt::SkipEmptyParts)) {
        if (!row.needle.contains(word)) {
            return false;
        }
    }
    const auto has = [&](const QString &technique) {
        return std::any_of(row.tags.techniques.begin(), row.tags.techniques.end(),
                           [&](const QString &one) { return one == technique || parentTechnique(one) == technique; });
    };
    if ((!m_filter.tactic.isEmpty() && !row.tags.tactics.contains(m_filter.tactic)) ||
        (!m_filter.technique.isEmpty() && !has(m_filter.technique)) ||
        (!m_filter.level.isEmpty() && QString::fromStdString(row.info.level) != m_filter.level)) {
        return false;
    }
    switch (m_filter.state) {
    case RuleState::On:
        return row.info.enabled && !row.info.refused;
    case RuleState::Off:
        return !row.info.enabled && !row.info.refused;
    case RuleState::CannotFire:
        return !row.info.refused && row.info.enabled && !whySilent(row).isEmpty();
    case RuleState::Noisy:
        return isNoisy(row, m_days);
    case RuleState::Refused:
        return row.info.refused;
    case RuleState::All:
        break;
    }
    return true;
}

void RuleCatalogueModel::arrange()
{
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (passes(m_rows[i])) {
            shown.push_back(i);
        }
    }
    std::stable_sort(shown.begin(), shown.end(),
                     [this](std::size_t left, std::size_t right) { return before(m_rows[left], m_rows[right]); });
    if (shown == m_shown) {
        if (!shown.empty()) {
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, VerdictColumn));
        }
        return;
    }
    beginResetModel();
    m_shown = std::move(shown);
    endResetModel();
}

void RuleCatalogueModel::count()
{
    m_counts = {};
    for (const RuleRow &row : m_rows) {
        m_counts.refused += row.info.refused ? 1 : 0;
        if (row.info.refused) {
            continue;
        }
        ++m_counts.rules;
        m_counts.on += row.info.enabled ? 1 : 0;
        m_counts.cannotFire += row.info.enabled && !whySilent(row).isEmpty() ? 1 : 0;
        m_counts.noisy += isNoisy(row, m_days) ? 1 : 0;
    }
}

void RuleCatalogueModel::joinNoise()
{
    std::map<std::string, const workspace::RuleNoise *> byReference;
    for (const workspace::RuleNoise &noise : m_noise) {
        byReference[asciiLower(noise.id)] = &noise;
    }
    for (RuleRow &row : m_rows) {
        const auto found = byReference.find(asciiLower(ruleReference(row.info)));
        row.noise =
            found != byReference.end() && row.info.kind == "rule" ? std::optional(*found->second) : std::nullopt;
    }
}

void RuleCatalogueModel::setRules(std::vector<workspace::RuleInfo> rules)
{
    const bool same = rules.size() == m_rows.size() &&
                      std::equal(rules.begin(), rules.end(), m_rows.begin(), [](const auto &info, const RuleRow &row) {
                          return ruleReference(info) == ruleReference(row.info) && info.file == row.info.file;
                      });
    if (!same) {
        beginResetModel();
        m_shown.clear();
    }
    m_rows.clear();
    for (workspace::RuleInfo &info : rules) {
        RuleRow row;
        row.tags = attackTags(info.tags);
        row.needle = needleOf(info);
        row.info = std::move(info);
        m_rows.push_back(std::move(row));
    }
    if (!same) {
        endResetModel();
    }
    joinNoise();
    count();
    arrange();
}

void RuleCatalogueModel::setNoise(const std::vector<workspace::RuleNoise> &noise, double days)
{
    m_noise = noise;
    m_days = std::max(days, 1.0);
    joinNoise();
    count();
    arrange();
}

void RuleCatalogueModel::setFilter(const RuleFilter &filter)
{
    m_filter = filter;
    arrange();
}

const RuleRow *RuleCatalogueModel::rule(int row) const
{
    return row >= 0 && row < rowCount() ? &m_rows[m_shown[static_cast<std::size_t>(row)]] : nullptr;
}

int RuleCatalogueModel::rowOf(const QString &reference) const
{
    for (int i = 0; i < rowCount(); ++i) {
        if (QString::fromStdString(ruleReference(rule(i)->info)) == reference) {
            return i;
        }
    }
    return -1;
}

const RuleRow *RuleCatalogueModel::find(const QString &reference) const
{
    const std::string wanted = reference.toStdString();
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&](const RuleRow &row) { return ruleReference(row.info) == wanted; });
    return found == m_rows.end() ? nullptr : &*found;
}

std::vector<workspace::RuleInfo> RuleCatalogueModel::rules() const
{
    std::vector<workspace::RuleInfo> rules;
    for (const RuleRow &row : m_rows) {
        rules.push_back(row.info);
    }
    return rules;
}

} // namespace nightjar::present
