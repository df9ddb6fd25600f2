// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/playbooks/stepspane.h"

#include "present/show.h"

#include <QIntValidator>

#include <limits>

namespace nightjar::ui {

namespace {

constexpr int kAlertWidth = 96;

StateLook stepLook(const QString &state)
{
    if (state == u"done" || state == u"approved" || state == u"would run") {
        return {QStringLiteral("allowed"), Color::Ok};
    }
    if (state == u"failed" || state == u"refused" || state == u"unknown" || state == u"denied") {
        return {QStringLiteral("warning"), Color::Error};
    }
    if (state == u"skipped") {
        return {QStringLiteral("minus"), Color::Text2};
    }
    return {QStringLiteral("clock"), Color::Warn};
}

} // namespace

StepsPane::StepsPane(present::PlaybookController &controller, QWidget *parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_head(new PaneHead(tr("Dry run"), tr("what each step would send; nothing leaves this machine")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_alert = makeField(tr("Alert that it is tried on"), tr("alert #"), true, 12);
    m_alert->setValidator(new QIntValidator(0, std::numeric_limits<int>::max(), m_alert));
    m_alert->setFixedWidth(kAlertWidth);
    connect(m_alert, &QLineEdit::returnPressed, this, &StepsPane::rehearsalAsked);
    m_rehearse = new Button(tr("Dry run"), ButtonKind::Secondary, QStringLiteral("test"));
    m_rehearse->setSmall(true);
    connect(m_rehearse, &Button::clicked, this, &StepsPane::rehearsalAsked);
    m_runNow = new Button(tr("Run now"), ButtonKind::Secondary, QStringLiteral("play"));
    m_runNow->setSmall(true);
    connect(m_runNow, &Button::clicked, this, &StepsPane::runAsked);
    m_head->addTrailing(m_alert);
    m_head->addTrailing(m_rehearse);
    m_head->addTrailing(m_runNow);
    column->addWidget(m_head);
    column->addWidget(new Hairline);
    m_question = new NoticeBar(NoticeBar::Kind::Warn);
    m_question->hide();
    column->addWidget(m_question);
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Steps"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnSpecs({{120, CellStyle::Strong},
                             {104, CellStyle::Text},
                             {104, CellStyle::State},
                             {72, CellStyle::Number},
                             {0, CellStyle::MonoMuted}});
    m_table->setStateLook(stepLook);
    m_table->setModel(&controller.steps());
    column->addWidget(m_table, 1);
    m_none = new EmptyState(QStringLiteral("test"), tr("No steps to show."),
                            tr("Give an alert's number and try the playbook on it, or choose a run."));
    column->addWidget(m_none, 1);
    m_detail = new PlainLabel({}, Type::Data, Color::Text2);
    m_detail->setWordWrap(true);
    m_detail->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    column->addWidget(m_detail);
    connect(m_table, &FastTable::currentRowChanged, this, [this](int row) {
        const QString text =
            row < 0 ? QString() : m_controller.steps().index(row, 0).data(present::RowsModel::DetailRole).toString();
        m_detail->setText(text);
        m_detail->setVisible(!text.isEmpty());
    });
    connect(&controller.steps(), &QAbstractItemModel::modelReset, this, &StepsPane::take);
    connect(&controller.steps(), &QAbstractItemModel::dataChanged, this, &StepsPane::take);
    setUsable(false, false);
    take();
}

void StepsPane::setUsable(bool usable, bool runnable)
{
    m_rehearse->setEnabled(usable);
    m_runNow->setEnabled(runnable);
}

void StepsPane::setAlert(std::int64_t alert)
{
    m_alert->setText(alert > 0 ? QString::number(alert) : QString());
}

std::int64_t StepsPane::alert() const
{
    return m_alert->text().toLongLong();
}

void StepsPane::showRun(std::int64_t run)
{
    m_run = run;
    take();
}

void StepsPane::take()
{
    const bool any = m_controller.steps().rowCount() > 0;
    m_table->setVisible(any);
    m_none->setVisible(!any);
    if (!any) {
        m_detail->hide();
    }
    const workspace::PlaybookRun *run = m_run > 0 ? m_controller.findRun(m_run) : nullptr;
    m_head->setTitle(run != nullptr ? tr("Run %1").arg(m_run) : tr("Dry run"));
    m_head->setCaption(run != nullptr ? present::dayAndTime(run->created)
                                      : tr("what each step would send; nothing leaves this machine"));
    m_question->clearButtons();
    m_question->setVisible(run != nullptr && run->state == "approval");
    if (run != nullptr && run->state == "approval") {
        m_question->set(NoticeBar::Kind::Warn, tr("It asks before it goes on."), present::shown(run->why, 300));
        connect(m_question->addButton(tr("Go on"), QStringLiteral("approve")), &Button::clicked, this,
                [this, id = run->id] { m_controller.decide(id, true); });
        connect(m_question->addButton(tr("Stop it"), QStringLiteral("stop")), &Button::clicked, this,
                [this, id = run->id] { m_controller.decide(id, false); });
    }
}

} // namespace nightjar::ui
