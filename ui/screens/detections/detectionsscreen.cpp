// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/detections/detectionsscreen.h"

#include "present/show.h"
#include "ui/screens/detections/editorpane.h"
#include "ui/screens/detections/importreview.h"
#include "ui/screens/detections/matrixstrip.h"
#include "ui/screens/detections/trialpane.h"
#include "workspace/workspace.h"

#include <QFileDialog>
#include <QKeyEvent>

namespace nightjar::ui {

namespace {

constexpr std::int64_t kCountAtOnce = 2'000'000; ///< events up to which hits are counted without being asked

} // namespace

void DetectionsScreen::connectControllers()
{
    connect(&m_controller, &present::DetectionController::rulesRead, this, &DetectionsScreen::takeRules);
    connect(&m_controller, &present::DetectionController::failed, &services(), &ShellServices::tellError);
    connect(&m_editor, &present::RuleEditor::failed, &services(), &ShellServices::tellError);
    connect(&m_controller, &present::DetectionController::noiseCounted, this, &DetectionsScreen::takeNoise);
    connect(&m_controller, &present::DetectionController::sourceRead, this,
            [this](const QString &reference, const QString &text) {
                if (const present::RuleRow *row = m_model.find(reference)) {
                    m_open = reference;
                    m_right->setCurrentIndex(0);
                    m_edit->openRule(row->info, text);
                    m_trial->setRule(row->info);
                }
            });
    connect(&m_controller, &present::DetectionController::done, this, [this](const QString &text) {
        services().toast({.kind = ToastKind::Ok,
                          .title = text,
                          .detail = tr("In force with the next import, live session and hunt."),
                          .actionLabel = tr("Undo"),
                          .action = [this] { services().undo().undo(); }});
    });
    connect(&m_controller, &present::DetectionController::importCompared, this, [this](const auto &changes) {
        m_review->show(m_importPath, changes);
        m_right->setCurrentIndex(1);
    });
    connect(&m_controller, &present::DetectionController::imported, this, [this](const auto &changes) {
        services().toast(
            {.kind = ToastKind::Ok,
             .title = tr("Rules imported"),
             .detail = tr("%1 changes taken over.").arg(present::number(static_cast<std::int64_t>(changes.size()))),
             .actionLabel = {},
             .action = {}});
    });
    connect(m_review, &ImportReview::applied, this, [this] { m_right->setCurrentIndex(0); });
    connect(m_review, &ImportReview::discarded, this, [this] { m_right->setCurrentIndex(0); });
    connect(&m_controller, &present::DetectionController::hunted, this, [this](const present::HuntResult &result) {
        m_right->setCurrentIndex(0);
        m_trial->showHunt(result);
        services().toast(
            {.kind = ToastKind::Info,
             .title = tr("Hunt: %1 hits").arg(present::number(static_cast<std::int64_t>(result.events.size()))),
             .detail = tr("%1, %2 events read in %3 s")
                           .arg(result.title, present::number(result.summary.events),
                                QString::number(result.summary.seconds, 'f', 1)),
             .actionLabel = {},
             .action = {}});
    });
    connect(m_matrix, &MatrixStrip::chosen, this, [this](const QString &tactic, const QString &technique) {
        m_filter.tactic = tactic;
        m_filter.technique = technique;
        applyFilter();
    });
    connect(m_table, &FastTable::currentRowChanged, this, [this](int row) {
        showWhy();
        if (!m_edit->isChanged()) { // what was typed is not lost by walking through the list
            openRow(row);
        }
    });
    connect(m_table, &FastTable::rowActivated, this, [this](const QModelIndex &index) {
        openRow(index.row());
        m_edit->focusEditor();
    });
    connect(m_table, &FastTable::checkToggled, this, [this](const QModelIndex &index) {
        if (const present::RuleRow *row = m_model.rule(index.row())) {
            m_controller.setEnabled({row->info}, !row->info.enabled);
        }
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] { showWhy(); });
}

void DetectionsScreen::activate(const Address &address)
{
    if (const QString search = address.query.queryItemValue(QStringLiteral("q"), QUrl::FullyDecoded);
        !search.isEmpty()) {
        m_search->setText(search);
    }
    m_wanted = address.query.queryItemValue(QStringLiteral("rule"), QUrl::FullyDecoded);
    refresh();
    askFields();
    countFirst();
    if (m_table->isVisible()) {
        m_table->setFocus(Qt::OtherFocusReason);
    }
}

bool DetectionsScreen::busy() const
{
    return m_controller.busy() || m_controller.counting() || m_editor.busy() || m_asking.busy();
}

void DetectionsScreen::focusQuery()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void DetectionsScreen::refresh()
{
    m_controller.refresh();
}

/// Fields of the store for completion, asked once a visit.
void DetectionsScreen::askFields()
{
    session().runLatest<Result<std::vector<std::string>>>(
        m_asking, present::Priority::Background,
        [](workspace::Workspace &space, const CancelToken &) { return space.search().fieldNames(); }, this,
        [this](const Result<std::vector<std::string>> &fields) {
            QStringList names;
            if (fields) {
                for (const std::string &field : *fields) {
                    names << present::shown(field, 200);
                }
            }
            m_edit->setFields(names);
        });
}

/// A small store is counted at once; a large one when it is asked for.
void DetectionsScreen::countFirst()
{
    if (m_countAsked || !session().isOpen()) {
        return;
    }
    m_countAsked = true;
    session().run(
        present::Priority::Background,
        [](workspace::Workspace &space, const CancelToken &) { return space.triage().overview(kNoTime, kNoTime, 1); },
        this,
        [this](const Result<workspace::Overview> &overview) {
            if (overview && overview->events > 0 && overview->events <= kCountAtOnce) {
                m_controller.countHits(7);
            }
        });
}

void DetectionsScreen::takeRules(const std::vector<workspace::RuleInfo> &rules)
{
    m_model.setRules(rules);
    m_matrix->setColumns(present::attackMatrix(rules));
    showCounts();
    applyFilter();
    const QString wanted = m_wanted.isEmpty() ? m_open : m_wanted;
    int row = wanted.isEmpty() ? -1 : m_model.rowOf(wanted);
    if (!m_wanted.isEmpty() && row < 0 && m_model.find(m_wanted) != nullptr) { // a filter hides it
        m_search->clear();
        m_filter = {};
        m_state->setCurrentIndex(0);
        m_level->setCurrentIndex(0);
        applyFilter();
        row = m_model.rowOf(m_wanted);
    }
    m_wanted.clear();
    if (row < 0 && m_open.isEmpty() && !m_edit->isChanged()) {
        row = m_model.rowCount() > 0 ? 0 : -1;
        m_chosenHere = true;
    }
    if (row >= 0 && m_table->currentIndex().row() != row) {
        chooseRow(row);
    }
    if (const present::RuleRow *open = m_model.find(m_open)) {
        m_trial->setRule(open->info);
    }
    showWhy();
}

/// Figures sort the list anew: the open rule stays chosen, unless nobody has chosen one yet.
void DetectionsScreen::takeNoise(const std::vector<workspace::RuleNoise> &noise, double days)
{
    m_model.setNoise(noise, days);
    showCounts();
    applyFilter();
    selectOpen();
    showWhy();
}

/// Without what was chosen before: the list has been sorted anew under it.
void DetectionsScreen::chooseRow(int row)
{
    m_table->clearSelection();
    m_table->selectRow(row);
}

void DetectionsScreen::selectOpen()
{
    const bool first = m_chosenHere && !m_edit->isChanged();
    const int row = first ? 0 : m_model.rowOf(m_open);
    if (row >= 0 && row < m_model.rowCount() && m_table->currentIndex().row() != row) {
        chooseRow(row);
    }
    m_chosenHere = false;
}

void DetectionsScreen::showCounts()
{
    const auto &counts = m_model.counts();
    QString sub = tr("%1 rules, %2 on").arg(present::number(counts.rules), present::number(counts.on));
    if (counts.cannotFire > 0) {
        sub += tr(", %1 can't fire").arg(present::number(counts.cannotFire));
    }
    if (counts.noisy > 0) {
        sub += tr(", %1 noisy").arg(present::number(counts.noisy));
    }
    m_head->setSub(sub);
    const int state = std::max(0, m_state->currentIndex());
    m_state->clear();
    const auto add = [this](const QString &text, int count, present::RuleState one) {
        m_state->add(text + QStringLiteral("  ") + present::number(count), QString::number(static_cast<int>(one)));
    };
    add(tr("All"), counts.rules + counts.refused, present::RuleState::All);
    add(tr("On"), counts.on, present::RuleState::On);
    add(tr("Off"), counts.rules - counts.on, present::RuleState::Off);
    add(tr("Can't fire"), counts.cannotFire, present::RuleState::CannotFire);
    add(tr("Noisy"), counts.noisy, present::RuleState::Noisy);
    add(tr("Refused"), counts.refused, present::RuleState::Refused);
    m_state->setCurrentIndex(state);
}

void DetectionsScreen::applyFilter()
{
    m_filter.text = m_search->text();
    m_filter.level = m_level->value();
    m_filter.state = static_cast<present::RuleState>(m_state->value().toInt());
    m_model.setFilter(m_filter);
    const bool chosen = !m_filter.tactic.isEmpty();
    m_chip->setVisible(chosen);
    if (chosen) {
        QString name = m_filter.technique;
        for (const present::AttackTactic &tactic : present::attackTactics()) {
            name = name.isEmpty() && tactic.tag == m_filter.tactic ? tactic.brief : name;
        }
        m_chip->setLabel(name);
        m_chip->setAccessibleName(tr("Drop the filter %1").arg(name));
    }
    const int rows = m_model.rowCount();
    m_shown->setText(tr("%n rule(s)", nullptr, rows));
    m_table->setVisible(rows > 0);
    m_none->setVisible(rows == 0);
    const auto &counts = m_model.counts();
    m_none->set(counts.rules == 0 ? tr("There are no rules.") : tr("No rule fits."),
                counts.rules == 0
                    ? tr("Import a SigmaHQ folder or zip, or write one.")
                    : tr("0 of %1 rules; the search and filters hide the others.").arg(present::number(counts.rules)));
}

std::vector<workspace::RuleInfo> DetectionsScreen::selectedRules() const
{
    std::vector<workspace::RuleInfo> rules;
    for (const int row : m_table->selectedRows()) {
        if (const present::RuleRow *one = m_model.rule(row)) {
            rules.push_back(one->info);
        }
    }
    return rules;
}

void DetectionsScreen::openRow(int row)
{
    const present::RuleRow *rule = m_model.rule(row);
    if (rule != nullptr && !rule->info.file.empty()) {
        m_controller.readSource(rule->info);
    }
}

void DetectionsScreen::showWhy()
{
    const auto rules = selectedRules();
    const present::RuleRow *row = m_model.rule(m_table->currentIndex().row());
    const QString why = row != nullptr ? present::whySilent(*row) : QString();
    m_why->setVisible(!why.isEmpty());
    if (row != nullptr && !why.isEmpty()) {
        const QString title = present::shown(row->info.title.empty() ? row->info.file : row->info.title, 120);
        m_whyTitle->setText(row->info.refused ? tr("Why “%1” was refused").arg(title)
                                              : tr("Why “%1” can't fire").arg(title));
        m_whyText->setText(row->info.refused && row->info.line > 0
                               ? why + tr(" (line %1)").arg(present::number(static_cast<std::int64_t>(row->info.line)))
                               : why);
    }
    bool rule = false;
    bool on = false;
    for (const workspace::RuleInfo &info : rules) {
        rule = rule || !info.refused;
        on = on || info.enabled;
    }
    m_toggle->setEnabled(rule);
    m_toggle->setLabel(on ? tr("Turn off") : tr("Turn on"));
    m_setLevel->setEnabled(rule);
    m_hunt->setEnabled(rule && rules.size() == 1);
    tellSelection(rules.size() > 1 ? tr("%n rule(s) chosen", nullptr, static_cast<int>(rules.size())) : QString());
}

void DetectionsScreen::toggle()
{
    const auto rules = selectedRules();
    const bool on = std::any_of(rules.begin(), rules.end(), [](const auto &info) { return info.enabled; });
    m_controller.setEnabled(rules, !on);
}

void DetectionsScreen::openNew()
{
    m_open.clear();
    m_right->setCurrentIndex(0);
    m_trial->setRule({});
    m_edit->openNew();
}

void DetectionsScreen::importFrom(const QString &path)
{
    m_importPath = path;
    m_controller.compareImport(path);
}

void DetectionsScreen::chooseImport()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Archive or file with Sigma rules"), {},
                                                      tr("Rules (*.zip *.tar *.gz *.tgz *.yml *.yaml);;All files (*)"));
    if (!path.isEmpty()) {
        importFrom(path);
    }
}

void DetectionsScreen::chooseImportFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Folder with Sigma rules"));
    if (!path.isEmpty()) {
        importFrom(path);
    }
}

void DetectionsScreen::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() != Qt::NoModifier) {
        Screen::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_N:
        openNew();
        return;
    case Qt::Key_E:
        m_edit->focusEditor();
        return;
    case Qt::Key_M:
        m_trial->startException();
        return;
    case Qt::Key_O:
        toggle();
        return;
    case Qt::Key_R:
        m_hunt->click();
        return;
    case Qt::Key_G:
        m_matrix->setFocus(Qt::ShortcutFocusReason);
        return;
    default:
        Screen::keyPressEvent(event);
    }
}

std::vector<std::pair<QString, QString>> DetectionsScreen::keys() const
{
    return {{QStringLiteral("/"), tr("search rules")},
            {QStringLiteral("Space  o"), tr("turn the rule, the chosen rules on or off")},
            {QStringLiteral("e  Enter"), tr("edit the rule")},
            {QStringLiteral("n"), tr("new rule")},
            {QStringLiteral("Ctrl+S"), tr("save it")},
            {QStringLiteral("Ctrl+Space"), tr("complete the word")},
            {QStringLiteral("m"), tr("exception from the chosen event")},
            {QStringLiteral("r"), tr("hunt with the rule over the whole store")},
            {QStringLiteral("g"), tr("ATT&CK matrix: arrows, Enter filters")},
            {QStringLiteral("j  k"), tr("next, previous rule")}};
}

} // namespace nightjar::ui
