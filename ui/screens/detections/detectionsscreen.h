// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/detectioncontroller.h"
#include "present/rulecatalogue.h"
#include "present/ruleeditor.h"
#include "ui/shell/screen.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/form.h"

#include <QStackedWidget>

namespace nightjar::ui {

class EditorPane;
class ImportReview;
class MatrixStrip;
class TrialPane;

/// The rules: catalogue with ATT&CK as a filter, editor with live test on the own past, exceptions, hits and cost of
/// all, import of others' rules, hunts.
class DetectionsScreen : public Screen {
    Q_OBJECT
public:
    explicit DetectionsScreen(ShellServices &services, QWidget *parent = nullptr);

    /// `rule`: id or title of the rule to open. `q`: search.
    void activate(const Address &address) override;
    [[nodiscard]] bool busy() const override;
    void focusQuery() override;
    void refresh() override;
    void setNarrow(bool narrow) override;
    [[nodiscard]] std::vector<std::pair<QString, QString>> keys() const override;
    /// Compares the rules of a folder or archive with those imported before.
    void importFrom(const QString &path);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *buildHead();
    QWidget *buildMatrixHead();
    QWidget *buildRules();
    QWidget *buildFilterBar();
    QWidget *buildRuleActions();
    void connectControllers();
    void addActions();
    void takeRules(const std::vector<workspace::RuleInfo> &rules);
    void showCounts();
    void applyFilter();
    void openRow(int row);
    void showWhy();
    void toggle();
    void openNew();
    void chooseImport();
    void chooseImportFolder();
    void askFields();
    void countFirst();
    void takeNoise(const std::vector<workspace::RuleNoise> &noise, double days);
    void chooseRow(int row);
    void selectOpen();
    [[nodiscard]] std::vector<workspace::RuleInfo> selectedRules() const;

    present::DetectionController m_controller;
    present::RuleEditor m_editor;
    present::RuleCatalogueModel m_model;
    present::RuleFilter m_filter;
    present::Latest m_asking;
    QString m_open;   ///< reference of the rule in the editor
    QString m_wanted; ///< to be opened once the rules are there
    QString m_importPath;
    bool m_countAsked = false;
    bool m_chosenHere = false; ///< the open rule was chosen by the screen, not by a person

    ScreenHead *m_head;
    QLineEdit *m_search;
    Button *m_importFolder;
    QWidget *m_matrixHead;
    MatrixStrip *m_matrix;
    Button *m_chip;
    Choice *m_state;
    Choice *m_level;
    PlainLabel *m_shown;
    FastTable *m_table;
    EmptyState *m_none;
    Surface *m_why;
    PlainLabel *m_whyTitle;
    PlainLabel *m_whyText;
    Button *m_toggle;
    Choice *m_setLevel;
    Button *m_hunt;
    Button *m_count;
    QStackedWidget *m_right;
    EditorPane *m_edit;
    TrialPane *m_trial;
    ImportReview *m_review;
};

} // namespace nightjar::ui
