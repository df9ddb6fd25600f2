// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/statusstrip.h"

#include "present/show.h"

namespace nightjar::ui {

namespace {

constexpr int kMeterWidth = 96;
constexpr int kMeterHeight = 8;
constexpr int kLineHeight = 16;

} // namespace

StatusStrip::StatusStrip(present::JobModel &jobs, QWidget *parent)
    : Surface(Color::Panel, parent)
    , m_row(new QHBoxLayout(this))
    , m_store(new PlainLabel(tr("no store open"), Type::PaneHeading, Color::Text2))
    , m_deny(new PlainLabel({}, Type::PaneHeading, Color::Text2))
    , m_meter(new Meter(tr("Deny list"), kMeterHeight))
    , m_activation(new PlainLabel({}, Type::PaneHeading, Color::Warn))
    , m_jobs(new Button(tr("0 jobs"), ButtonKind::Flat, QStringLiteral("jobs")))
    , m_selection(new PlainLabel({}, Type::PaneHeading, Color::Text))
{
    setEdges(Qt::TopEdge);
    setFixedHeight(px(Length::StatusStrip));
    m_row->setContentsMargins(px(Length::PaneInset), 1, px(Length::PaneInset), 0);
    m_row->setSpacing(8);
    m_row->addWidget(m_store);
    m_denyLine = addLine();
    m_row->addWidget(m_deny);
    m_meter->setFixedWidth(kMeterWidth);
    m_row->addWidget(m_meter);
    m_row->addWidget(m_activation);
    addLine();
    m_jobs->setSmall(true);
    m_row->addWidget(m_jobs);
    m_row->addStretch(1);
    m_selection->setEliding(true);
    m_selection->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_row->addWidget(m_selection, 2);
    m_denyLine->hide();
    m_deny->hide();
    m_meter->hide();
    for (PlainLabel *label : {m_store, m_deny, m_activation, m_selection}) {
        QFont font = label->font();
        font.setWeight(QFont::Normal);
        label->setFont(font);
    }
    connect(&jobs, &present::JobModel::runningChanged, this, &StatusStrip::showRunning);
    showRunning(jobs.running());
}

QWidget *StatusStrip::addLine()
{
    auto *line = new Hairline(Qt::Vertical);
    line->setFixedHeight(kLineHeight);
    m_row->addWidget(line);
    return line;
}

void StatusStrip::showRunning(int running)
{
    m_jobs->setLabel(tr("%n job(s)", nullptr, running));
    m_jobs->setAccessibleName(tr("Jobs, %1 running").arg(running));
}

void StatusStrip::setState(const State &state)
{
    if (!state.open) {
        m_store->setText(tr("no store open"));
        m_denyLine->hide();
        m_deny->hide();
        m_meter->hide();
        m_activation->clear();
        return;
    }
    QString store = tr("store  %1 events, %2").arg(present::number(state.events), present::byteCount(state.bytes));
    if (state.quarantined > 0) {
        store += tr(",  %1 bad records").arg(present::number(state.quarantined));
    }
    m_store->setText(store);
    m_denyLine->show();
    m_deny->show();
    m_meter->setVisible(state.connected);
    if (state.connected) {
        m_deny->setText((state.simulated ? tr("simulated deny list  %1 / %2") : tr("deny list  %1 / %2"))
                            .arg(present::number(state.denied), present::number(state.capacity)));
        m_meter->set({{state.denied, Theme::instance().series(0)}}, state.capacity);
    } else {
        m_deny->setText(tr("no tenant connected"));
    }
    m_activation->setText(state.activation.isEmpty() || state.activation == u"ACTIVE"
                              ? QString()
                              : tr("activation %1").arg(state.activation.toLower()));
}

void StatusStrip::setSelection(const QString &text)
{
    m_selection->setText(text);
}

} // namespace nightjar::ui
