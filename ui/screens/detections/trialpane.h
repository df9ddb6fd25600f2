// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/detectioncontroller.h"
#include "present/ruleeditor.h"
#include "ui/shell/shellservices.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/form.h"

#include <QCheckBox>

namespace nightjar::ui {

class DayChart;

/// Events that a rule found: when, who, where to, what happened. Shown defanged.
class SamplesModel : public present::RowsModel {
    Q_OBJECT
public:
    explicit SamplesModel(QObject *parent = nullptr);
    void setSamples(const std::vector<present::RuleSample> &samples);
};

/// Who a rule found most often, with a share of the largest.
class EntitiesModel : public present::RowsModel {
    Q_OBJECT
public:
    explicit EntitiesModel(QObject *parent = nullptr);
    void setEntities(const std::vector<std::pair<std::string, std::int64_t>> &entities);
};

/// What the past says about the rule in the editor, while it is typed: hits a day, who, which events, cost; and from an
/// event's values an exception, with what it would have closed.
class TrialPane : public QWidget {
    Q_OBJECT
public:
    TrialPane(ShellServices &services, present::DetectionController &controller, present::RuleEditor &editor,
              QWidget *parent = nullptr);

    /// The rule that exceptions are for; empty reference: none can be made.
    void setRule(const workspace::RuleInfo &rule);
    /// The result of a hunt takes the place of the samples until the rule changes.
    void showHunt(const present::HuntResult &result);
    void startException();

private:
    QWidget *buildFigures();
    QWidget *buildLists();
    QWidget *buildException();
    void take();
    void showSamples(const std::vector<present::RuleSample> &samples, const QString &caption);
    void offerValues();
    void tryException();
    void openEvent(int row);
    [[nodiscard]] present::DetectionController::Values chosenValues() const;

    ShellServices &m_services;
    present::DetectionController &m_controller;
    present::RuleEditor &m_editor;
    workspace::RuleInfo m_rule;
    std::vector<present::RuleSample> m_samples;
    SamplesModel m_samplesModel;
    EntitiesModel m_entitiesModel;

    PaneHead *m_head;
    Choice *m_days;
    QWidget *m_body;
    EmptyState *m_none;
    Figure *m_hits;
    Figure *m_who;
    Figure *m_events;
    Figure *m_cost;
    DayChart *m_chart;
    PlainLabel *m_compared;
    PaneHead *m_samplesHead;
    FastTable *m_table;
    FastTable *m_entities;
    Button *m_except;
    QWidget *m_lists;
    EmptyState *m_quiet;
    Surface *m_exception;
    QVBoxLayout *m_values;
    QList<QCheckBox *> m_boxes;
    QLineEdit *m_reason;
    PlainLabel *m_effect;
    Button *m_add;
};

} // namespace nightjar::ui
