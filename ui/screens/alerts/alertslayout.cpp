// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the Alerts screen and how they are joined.
#include "ui/screens/alerts/alertsscreen.h"

#include <QMenu>
#include <QShortcut>

#include <array>

namespace nightjar::ui {

namespace {

QHBoxLayout *insetRow(QWidget *owner)
{
    auto *row = new QHBoxLayout(owner);
    row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    row->setSpacing(px(Length::CellInset));
    return row;
}

QVBoxLayout *bareColumn(QWidget *owner)
{
    auto *column = new QVBoxLayout(owner);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    return column;
}

} // namespace

QWidget *AlertsScreen::makeQueueHead()
{
    auto *owner = new Surface(Color::Panel);
    owner->setFixedHeight(px(Length::ScreenHeader));
    QHBoxLayout *row = insetRow(owner);
    m_filterButton = new Button(tr("Open"), ButtonKind::Secondary, QStringLiteral("chevron-down"));
    m_groupButton = new Button(tr("Group: severity"), ButtonKind::Secondary, QStringLiteral("chevron-down"));
    m_orderButton = new Button(tr("Urgency"), ButtonKind::Secondary, QStringLiteral("sort-desc"));
    m_summary = new PlainLabel(QString(), Type::Caption, Color::Text2);
    m_summary->setEliding(true);
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_filterButton);
    row->addWidget(m_groupButton);
    row->addWidget(m_orderButton);
    row->addWidget(m_summary, 1);
    connect(m_filterButton, &Button::clicked, this, &AlertsScreen::showFilters);
    connect(m_groupButton, &Button::clicked, this, [this] {
        using Group = present::AlertQueueModel::Group;
        const Group next = m_model.group() == Group::Severity ? Group::Engine
                           : m_model.group() == Group::Engine ? Group::None
                                                              : Group::Severity;
        m_groupButton->setLabel(next == Group::Severity ? tr("Group: severity")
                                : next == Group::Engine ? tr("Group: engine")
                                                        : tr("No groups"));
        m_model.setGroup(next);
        m_view->choose(m_model.rowOf(m_shown.id));
    });
    connect(m_orderButton, &Button::clicked, this, [this] {
        using Order = present::AlertQueueModel::Order;
        const bool urgency = m_model.order() == Order::Urgency;
        m_orderButton->setLabel(urgency ? tr("Newest") : tr("Urgency"));
        m_model.setOrder(urgency ? Order::Newest : Order::Urgency);
        m_view->choose(m_model.rowOf(m_shown.id));
    });
    return owner;
}

QWidget *AlertsScreen::makeHints()
{
    auto *owner = new Surface(Color::Panel);
    owner->setEdges(Qt::TopEdge);
    owner->setFixedHeight(px(Length::RowListItem));
    QHBoxLayout *row = insetRow(owner);
    const std::array hints = {std::pair(QStringLiteral("j k"), tr("move")),
                              std::pair(QStringLiteral("e"), tr("acknowledge")),
                              std::pair(QStringLiteral("d"), tr("close")), std::pair(QStringLiteral("b"), tr("block")),
                              std::pair(QStringLiteral("n"), tr("note"))};
    for (const auto &[key, what] : hints) {
        row->addWidget(new PlainLabel(key, Type::Data, Color::Text));
        row->addWidget(new PlainLabel(what, Type::Body, Color::Text2));
        row->addSpacing(px(Length::Grid));
    }
    row->addStretch(1);
    return owner;
}

QWidget *AlertsScreen::makeQueue()
{
    auto *owner = new Surface(Color::Panel);
    QVBoxLayout *column = bareColumn(owner);
    column->addWidget(makeQueueHead());
    column->addWidget(new Hairline);
    m_view = new QueueView(m_model);
    m_empty = new EmptyState(QStringLiteral("alerts"), tr("No open alerts."),
                             tr("Detection has looked at everything that is stored."));
    connect(m_empty->addButton(tr("Show closed ones"), ButtonKind::Secondary), &Button::clicked, this, [this] {
        m_filter.openOnly = false;
        m_filterButton->setLabel(tr("All"));
        refresh();
    });
    m_queueStack = new QStackedWidget;
    m_queueStack->addWidget(m_view);
    m_queueStack->addWidget(m_empty);
    column->addWidget(m_queueStack, 1);
    column->addWidget(makeHints());
    owner->setFixedWidth(px(Length::QueuePane));
    m_queuePane = owner;
    return owner;
}

QWidget *AlertsScreen::makeDetailHead()
{
    auto *owner = new Surface(Color::Bg);
    auto *column = new QVBoxLayout(owner);
    column->setContentsMargins(px(Length::PaneInset), 10, px(Length::PaneInset), 10);
    column->setSpacing(px(Length::Grid));
    auto *first = new QHBoxLayout;
    first->setSpacing(px(Length::CellInset));
    m_chip = new SeverityChip(alerts::Severity::Medium);
    m_title = new PlainLabel(QString(), Type::Title);
    m_title->setEliding(true);
    m_status = new PlainLabel(QString(), Type::Caption, Color::Text2);
    m_acknowledge = new Button(tr("Acknowledge"));
    m_acknowledge->setKey(QStringLiteral("e"));
    m_noteButton = new Button(tr("Note"), ButtonKind::Secondary, QStringLiteral("note"));
    m_closeButton = new Button(tr("Close as"), ButtonKind::Secondary, QStringLiteral("chevron-down"));
    m_closeButton->setKey(QStringLiteral("d"));
    first->addWidget(m_chip);
    first->addWidget(m_title, 1);
    first->addWidget(m_status);
    first->addSpacing(px(Length::CellInset));
    first->addWidget(m_acknowledge);
    first->addWidget(m_noteButton);
    first->addWidget(m_closeButton);
    column->addLayout(first);
    auto *second = new QHBoxLayout;
    second->setSpacing(px(Length::CellInset));
    m_whoIcon = new IconLabel(QStringLiteral("user"), 14);
    m_who = new PlainLabel(QString(), Type::Data);
    m_whatIcon = new IconLabel(QStringLiteral("domain"), 14);
    m_what = new PlainLabel(QString(), Type::Data);
    m_when = new PlainLabel(QString(), Type::Body, Color::Text2);
    m_attack = new PlainLabel(QString(), Type::Caption, Color::Text2);
    m_when->setEliding(true);
    for (QWidget *widget : std::array<QWidget *, 4>{m_whoIcon, m_who, m_whatIcon, m_what}) {
        second->addWidget(widget);
    }
    second->addWidget(m_when, 1);
    second->addWidget(m_attack);
    column->addLayout(second);
    connect(m_acknowledge, &Button::clicked, this, &AlertsScreen::acknowledge);
    connect(m_noteButton, &Button::clicked, this, &AlertsScreen::startNote);
    connect(m_closeButton, &Button::clicked, this, &AlertsScreen::startClosing);
    return owner;
}

QWidget *AlertsScreen::makeNoteBar()
{
    m_noteBar = new Surface(Color::AccentWash);
    m_noteBar->setFixedHeight(px(Length::ConfirmBar));
    QHBoxLayout *row = insetRow(m_noteBar);
    m_noteField = new QLineEdit;
    m_noteField->setAccessibleName(tr("Note"));
    m_noteField->setMaxLength(4'000);
    auto *save = new Button(tr("Save note"), ButtonKind::Secondary);
    auto *leave = new Button(tr("Cancel"), ButtonKind::Flat);
    leave->setKey(QStringLiteral("Esc"));
    row->addWidget(new PlainLabel(tr("Note"), Type::BodyStrong));
    row->addWidget(m_noteField, 1);
    row->addWidget(save);
    row->addWidget(leave);
    m_noteBar->hide();
    connect(save, &Button::clicked, this, &AlertsScreen::saveNote);
    connect(m_noteField, &QLineEdit::returnPressed, this, &AlertsScreen::saveNote);
    connect(leave, &Button::clicked, this, [this] {
        m_noteBar->hide();
        m_view->setFocus();
    });
    return m_noteBar;
}

QWidget *AlertsScreen::makeDetail()
{
    auto *owner = new QWidget;
    QVBoxLayout *column = bareColumn(owner);
    column->addWidget(makeDetailHead());
    m_closeBar = new Surface(Color::AccentWash);
    m_closeBar->setFixedHeight(px(Length::ConfirmBar));
    QHBoxLayout *row = insetRow(m_closeBar);
    m_closeText = new PlainLabel(tr("Close as"), Type::BodyStrong);
    row->addWidget(m_closeText);
    const std::array verdicts = {std::pair(alerts::Verdict::TruePositive, tr("True positive")),
                                 std::pair(alerts::Verdict::Benign, tr("Benign")),
                                 std::pair(alerts::Verdict::FalsePositive, tr("False positive")),
                                 std::pair(alerts::Verdict::Duplicate, tr("Duplicate"))};
    int key = 1;
    for (const auto &[verdict, name] : verdicts) {
        auto *button = new Button(name);
        button->setKey(QString::number(key++));
        row->addWidget(button);
        connect(button, &Button::clicked, this, [this, which = verdict] { closeAs(which); });
    }
    row->addStretch(1);
    auto *leave = new Button(tr("Cancel"), ButtonKind::Flat);
    leave->setKey(QStringLiteral("Esc"));
    row->addWidget(leave);
    connect(leave, &Button::clicked, this, &AlertsScreen::stopClosing);
    m_closeBar->hide();
    column->addWidget(m_closeBar);
    column->addWidget(makeNoteBar());
    column->addWidget(new Hairline);
    m_why = new WhyPane;
    m_respondPane = new RespondPane;
    m_respondPane->setFixedWidth(px(Length::RespondPane));
    m_body = new QBoxLayout(QBoxLayout::LeftToRight);
    m_body->setSpacing(0);
    m_body->addWidget(m_why, 1);
    m_body->addWidget(new Hairline(Qt::Vertical));
    m_body->addWidget(m_respondPane);
    column->addLayout(m_body, 1);
    m_confirm = new ConfirmBar;
    column->addWidget(m_confirm);
    return owner;
}

void AlertsScreen::connectParts()
{
    connect(&m_triage, &present::TriageController::listed, this, &AlertsScreen::listed);
    connect(&m_triage, &present::TriageController::loaded, this, &AlertsScreen::showDetail);
    connect(&m_triage, &present::TriageController::changed, this, [this](const QString &said) {
        toastWithUndo(said, QString());
        refresh();
    });
    connect(&m_triage, &present::TriageController::failed, this,
            [this](const Error &error) { services().tellError(error); });
    connect(&m_undo, &present::UndoStack::undone, this, [this](const QString &text) {
        services().toast({ToastKind::Info, tr("Undone"), text, QString(), {}});
        refresh();
        if (m_shown.id != 0) {
            m_triage.load(m_shown.id);
        }
    });
    connect(&m_undo, &present::UndoStack::failed, this, [this](const Error &error) { services().tellError(error); });
    connect(m_view, &QueueView::currentAlertChanged, this, &AlertsScreen::showAlert);
    connect(m_view, &QListView::activated, this, &AlertsScreen::openInEvents);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!isVisible()) {
            return; // an answer that came after the screen was left
        }
        services().setSelectionSummary(m_view->chosen().size() == 1
                                           ? tr("1 alert selected")
                                           : tr("%1 alerts selected").arg(m_view->chosen().size()));
    });
    connect(&session(), &present::Session::revisionChanged, this, [this] {
        if (isVisible()) {
            refresh();
        }
    });
    connect(&session(), &present::Session::opened, this, [this] {
        m_shown = {};
        refresh();
    });
    auto *undoKey = new QShortcut(QKeySequence::Undo, this);
    undoKey->setContext(Qt::WidgetWithChildrenShortcut);
    connect(undoKey, &QShortcut::activated, this, &AlertsScreen::undo);
    connect(m_why, &WhyPane::openInEventsRequested, this, &AlertsScreen::openInEvents);
    connect(m_why, &WhyPane::eventRequested, this, [this](qint64, qint64 time) {
        Address address;
        address.screen = QStringLiteral("events");
        address.query.addQueryItem(QStringLiteral("q"), QString());
        address.query.addQueryItem(QStringLiteral("from"), QString::number(time - 300 * kMicrosPerSecond));
        address.query.addQueryItem(QStringLiteral("to"), QString::number(time + 300 * kMicrosPerSecond));
        services().open(address);
    });
}

void AlertsScreen::connectRespond()
{
    connect(m_respondPane, &RespondPane::previewRequested, this,
            [this](const QString &value) { m_respond.preview(value.toStdString()); });
    connect(m_respondPane, &RespondPane::blockRequested, this, &AlertsScreen::block);
    connect(m_respondPane, &RespondPane::unblockRequested, this, &AlertsScreen::unblock);
    connect(&m_respond, &present::RespondController::previewed, m_respondPane, &RespondPane::setPreview);
    connect(&m_respond, &present::RespondController::staged, m_respondPane, &RespondPane::setStage);
    connect(&m_respond, &present::RespondController::failed, m_respondPane, &RespondPane::setProblem);
    connect(&m_respond, &present::RespondController::finished, this,
            [this](const workspace::BlockOutcome &outcome, bool block) {
                m_respondPane->setOutcome(outcome, block);
                const QString value = present::shownDefanged(outcome.value, 256);
                if (outcome.result == "blocked" || outcome.result == "unblocked") {
                    toastWithUndo(block ? tr("%1 is blocked").arg(value) : tr("%1 is no longer blocked").arg(value),
                                  tr("Live, verified by read-back."));
                } else {
                    services().toast({outcome.result == "already" ? ToastKind::Info : ToastKind::Warn,
                                      tr("%1: %2").arg(value, present::shown(outcome.result, 64)),
                                      present::shownDefanged(outcome.why, 512),
                                      QString(),
                                      {}});
                }
            });
    connect(m_confirm, &ConfirmBar::confirmed, this, [this] { push(true); });
    connect(m_confirm, &ConfirmBar::dismissed, this, [this] { m_view->setFocus(); });
}

} // namespace nightjar::ui
