// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the Detections screen is put together.
#include "ui/screens/detections/detectionsscreen.h"
#include "ui/screens/detections/editorpane.h"
#include "ui/screens/detections/importreview.h"
#include "ui/screens/detections/matrixstrip.h"
#include "ui/screens/detections/trialpane.h"

#include <QAction>
#include <QSplitter>

namespace nightjar::ui {

namespace {

constexpr int kSearch = 260;

StateLook verdictLook(const QString &word)
{
    if (word.contains(u"can't")) {
        return {QStringLiteral("warning"), Color::Warn};
    }
    if (word.contains(u"noisy")) {
        return {QStringLiteral("gauge"), Color::Warn};
    }
    if (word.contains(u"refused")) {
        return {QStringLiteral("warning"), Color::Error};
    }
    if (word.contains(u"off")) {
        return {QStringLiteral("pause"), Color::Text2};
    }
    return word.isEmpty() ? StateLook{} : StateLook{QStringLiteral("allowed"), Color::Ok};
}

} // namespace

DetectionsScreen::DetectionsScreen(ShellServices &services, QWidget *parent)
    : Screen(services, parent)
    , m_controller(services.session(), services.undo())
    , m_editor(services.session())
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(buildMatrixHead());
    m_matrix = new MatrixStrip;
    column->addWidget(m_matrix);
    column->addWidget(new Hairline);
    m_right = new QStackedWidget;
    auto *work = new QSplitter(Qt::Horizontal);
    work->setChildrenCollapsible(false);
    m_edit = new EditorPane(services, m_controller, m_editor);
    m_trial = new TrialPane(services, m_controller, m_editor);
    work->addWidget(m_edit);
    work->addWidget(m_trial);
    work->setStretchFactor(0, 1);
    work->setStretchFactor(1, 1);
    work->setSizes({450, 458});
    m_review = new ImportReview(m_controller);
    m_right->addWidget(work);
    m_right->addWidget(m_review);
    auto *split = new QSplitter(Qt::Horizontal);
    split->setChildrenCollapsible(false);
    split->addWidget(buildRules());
    split->addWidget(m_right);
    split->setStretchFactor(0, 42);
    split->setStretchFactor(1, 58);
    split->setSizes({620, 908});
    column->addWidget(split, 1);
    connectControllers();
    addActions();
    showCounts();
}

QWidget *DetectionsScreen::buildMatrixHead()
{
    m_matrixHead = new QWidget;
    auto *row = new QHBoxLayout(m_matrixHead);
    row->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 0);
    row->setSpacing(8);
    row->addWidget(new PlainLabel(tr("ATT&CK coverage"), Type::PaneHeading));
    row->addWidget(
        new PlainLabel(tr("a cell is a technique, shade = rules on, click filters"), Type::Caption, Color::Text2), 1);
    return m_matrixHead;
}

QWidget *DetectionsScreen::buildHead()
{
    m_head = new ScreenHead(tr("Detections"));
    m_search = makeField(tr("Search rules"), tr("Title, tag, id, file"), false);
    m_search->setFixedWidth(kSearch);
    m_search->setClearButtonEnabled(false);
    auto *archive = new Button(tr("Import rules"), ButtonKind::Secondary, QStringLiteral("sources"));
    m_importFolder = new Button(tr("Import a folder"), ButtonKind::Secondary, QStringLiteral("folder"));
    auto *fresh = new Button(tr("New rule"), ButtonKind::Primary, QStringLiteral("plus"));
    fresh->setKey(QStringLiteral("n"));
    connect(archive, &Button::clicked, this, &DetectionsScreen::chooseImport);
    connect(m_importFolder, &Button::clicked, this, [this] { chooseImportFolder(); });
    connect(fresh, &Button::clicked, this, [this] { openNew(); });
    connect(m_search, &QLineEdit::textChanged, this, &DetectionsScreen::applyFilter);
    m_head->addTrailing(m_search);
    m_head->addTrailing(archive);
    m_head->addTrailing(m_importFolder);
    m_head->addTrailing(fresh);
    return m_head;
}

QWidget *DetectionsScreen::buildFilterBar()
{
    auto *bar = new QWidget;
    bar->setFixedHeight(40);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    row->setSpacing(8);
    m_state = new Choice(tr("Which rules"));
    m_level = new Choice(tr("Level of the rules"));
    m_level->add(tr("Any level"), {});
    for (const char *level : {"critical", "high", "medium", "low", "informational"}) {
        m_level->add(QString::fromLatin1(level), QString::fromLatin1(level));
    }
    m_state->setMinimumContentsLength(10);
    m_level->setMinimumContentsLength(8);
    m_chip = new Button({}, ButtonKind::Secondary, QStringLiteral("close"));
    m_chip->setSmall(true);
    m_shown = new PlainLabel({}, Type::Caption, Color::Text2);
    m_shown->setEliding(true);
    connect(m_chip, &Button::clicked, this, [this] {
        m_filter.tactic.clear();
        m_filter.technique.clear();
        m_matrix->setChosen({}, {});
        applyFilter();
    });
    connect(m_state, &QComboBox::activated, this, &DetectionsScreen::applyFilter);
    connect(m_level, &QComboBox::activated, this, &DetectionsScreen::applyFilter);
    row->addWidget(m_state, 2);
    row->addWidget(m_level, 2);
    row->addWidget(m_chip);
    row->addWidget(m_shown, 2);
    return bar;
}

QWidget *DetectionsScreen::buildRules()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildFilterBar());
    column->addWidget(new Hairline);
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Rules"));
    m_table->setColumnSpecs({{44, CellStyle::Check},
                             {48, CellStyle::Severity},
                             {0, CellStyle::Text},
                             {84, CellStyle::MonoMuted},
                             {56, CellStyle::Number},
                             {72, CellStyle::Number},
                             {104, CellStyle::State}});
    m_table->setStateLook(verdictLook);
    m_table->setRowHeight(Length::RowRoomy);
    m_table->setModel(&m_model);
    m_table->setSortingEnabled(false);
    m_table->horizontalHeader()->setSortIndicatorShown(true);
    m_table->horizontalHeader()->setSortIndicator(present::RuleCatalogueModel::LevelColumn, Qt::DescendingOrder);
    connect(m_table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, &m_model,
            &present::RuleCatalogueModel::sort);
    column->addWidget(m_table, 1);
    m_none = new EmptyState(QStringLiteral("detections"), tr("No rule fits."), {});
    connect(m_none->addButton(tr("Drop the filters"), ButtonKind::Secondary), &Button::clicked, this, [this] {
        m_search->clear();
        m_state->setCurrentIndex(0);
        m_level->setCurrentIndex(0);
        m_chip->click();
    });
    column->addWidget(m_none, 1);
    m_why = new Surface(Color::Panel);
    m_why->setEdges(Qt::TopEdge);
    auto *words = new QVBoxLayout(m_why);
    words->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    words->setSpacing(2);
    m_whyTitle = new PlainLabel({}, Type::BodyStrong);
    m_whyTitle->setEliding(true);
    m_whyText = new PlainLabel({}, Type::Body, Color::Text2);
    m_whyText->setWordWrap(true);
    words->addWidget(m_whyTitle);
    words->addWidget(m_whyText);
    m_why->hide();
    column->addWidget(m_why);
    column->addWidget(buildRuleActions());
    return pane;
}

QWidget *DetectionsScreen::buildRuleActions()
{
    auto *bar = new ActionBar;
    m_toggle = new Button(tr("Turn off"));
    m_setLevel = new Choice(tr("Level of the chosen rules"));
    m_setLevel->add(tr("Set level"), QStringLiteral("-"));
    m_setLevel->add(tr("as its file says"), {});
    for (const char *level : {"critical", "high", "medium", "low", "informational"}) {
        m_setLevel->add(QString::fromLatin1(level), QString::fromLatin1(level));
    }
    m_setLevel->setMinimumContentsLength(9);
    m_hunt = new Button(tr("Hunt"), ButtonKind::Secondary, QStringLiteral("retro-hunt"));
    m_count = new Button(tr("Count hits"), ButtonKind::Secondary, QStringLiteral("gauge"));
    setPlainToolTip(m_hunt, tr("This rule over the whole store"));
    setPlainToolTip(m_count, tr("Hits and cost of all rules over the last 7 days, and which cannot fire"));
    connect(m_toggle, &Button::clicked, this, &DetectionsScreen::toggle);
    connect(m_setLevel, &QComboBox::activated, this, [this] {
        const QString level = m_setLevel->value();
        m_setLevel->setCurrentIndex(0);
        if (level != u"-") {
            m_controller.setLevel(selectedRules(), level);
        }
    });
    connect(m_hunt, &Button::clicked, this, [this] {
        if (const auto rules = selectedRules(); !rules.empty()) {
            m_controller.hunt(rules.front(), 0);
        }
    });
    connect(m_count, &Button::clicked, this, [this] { m_controller.countHits(7); });
    bar->add(m_toggle);
    bar->add(m_setLevel, 1);
    bar->add(m_hunt);
    bar->add(m_count);
    return bar;
}

void DetectionsScreen::addActions()
{
    const auto offer = [this](const QString &text, auto act) {
        auto *action = new QAction(text, this);
        connect(action, &QAction::triggered, this, act);
        addAction(action);
        return action;
    };
    offer(tr("New rule"), [this] { openNew(); });
    offer(tr("Import rules from an archive"), [this] { chooseImport(); });
    offer(tr("Import rules from a folder"), [this] { chooseImportFolder(); });
    offer(tr("Count hits of all rules"), [this] { m_controller.countHits(7); });
    offer(tr("Turn the chosen rules on or off"), [this] { toggle(); });
    offer(tr("Hunt with the chosen rule"), [this] { m_hunt->click(); });
    offer(tr("Make an exception"), [this] { m_trial->startException(); });
    QAction *save = offer(tr("Save the rule"), [this] { m_edit->save(); });
    save->setShortcut(Qt::CTRL | Qt::Key_S);
    save->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

void DetectionsScreen::setNarrow(bool narrow)
{
    m_table->setColumnHidden(present::RuleCatalogueModel::CostColumn, narrow);
    m_table->setColumnHidden(present::RuleCatalogueModel::TechniqueColumn, narrow);
    m_importFolder->setVisible(!narrow);
    m_matrixHead->setVisible(!narrow);
    m_search->setFixedWidth(narrow ? kSearch - 60 : kSearch);
}

} // namespace nightjar::ui
