// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/attack.h"
#include "present/show.h"
#include "workspace/services.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace nightjar::present {

enum class RuleState : int { All, On, Off, CannotFire, Noisy, Refused };

struct RuleFilter {
    QString text;      ///< in title, id, tags, file, description; every word has to occur
    QString tactic;    ///< tag; empty: any
    QString technique; ///< "T1071" also finds T1071.001; empty: any
    QString level;     ///< empty: any
    RuleState state = RuleState::All;
    bool operator==(const RuleFilter &) const = default;
};

/// A rule or correlation, and what the past says about it.
struct RuleRow {
    workspace::RuleInfo info;
    std::optional<workspace::RuleNoise> noise; ///< none: not counted yet, or it does not run
    AttackTags tags;
    QString needle; ///< what a search looks at, lower case
};

/// The catalogue: rules and correlations that pass a filter, sorted. RuleRow by rule(). Thread: GUI.
class RuleCatalogueModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { OnColumn, LevelColumn, TitleColumn, TechniqueColumn, PerDayColumn, CostColumn, VerdictColumn };
    enum Role { ReferenceRole = Qt::UserRole + 1 };
    struct Counts {
        int rules = 0, on = 0, cannotFire = 0, noisy = 0, refused = 0;
    };

    explicit RuleCatalogueModel(QObject *parent = nullptr);
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

    void setRules(std::vector<workspace::RuleInfo> rules);
    /// `days` that were counted, at least one.
    void setNoise(const std::vector<workspace::RuleNoise> &noise, double days);
    void setFilter(const RuleFilter &filter);
    [[nodiscard]] const RuleFilter &filter() const { return m_filter; }
    [[nodiscard]] const Counts &counts() const { return m_counts; }
    [[nodiscard]] bool counted() const { return m_days > 0; }
    [[nodiscard]] const RuleRow *rule(int row) const;
    [[nodiscard]] int rowOf(const QString &reference) const; ///< -1: not among the shown
    [[nodiscard]] const RuleRow *find(const QString &reference) const;
    [[nodiscard]] std::vector<workspace::RuleInfo> rules() const;

private:
    [[nodiscard]] bool passes(const RuleRow &row) const;
    [[nodiscard]] double perDay(const RuleRow &row) const;
    [[nodiscard]] QString verdict(const RuleRow &row) const;
    [[nodiscard]] bool before(const RuleRow &left, const RuleRow &right) const;
    void arrange();
    void count();
    void joinNoise();

    std::vector<RuleRow> m_rows;
    std::vector<std::size_t> m_shown;
    std::vector<workspace::RuleNoise> m_noise;
    RuleFilter m_filter;
    Counts m_counts;
    double m_days = 0;
    int m_sort = LevelColumn;
    Qt::SortOrder m_order = Qt::DescendingOrder;
};

/// What the engine knows the rule by: its id, else its title.
std::string ruleReference(const workspace::RuleInfo &info);
/// Why it does not or can hardly fire; empty: it can.
QString whySilent(const RuleRow &row);
/// More hits a day than anybody looks at.
bool isNoisy(const RuleRow &row, double days);
alerts::Severity levelOf(const std::string &level);

} // namespace nightjar::present
