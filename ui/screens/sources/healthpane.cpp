// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/sources/healthpane.h"

#include "present/receiverdraft.h"
#include "present/show.h"
#include "ui/widgets/form.h"

namespace nightjar::ui {

namespace {

constexpr int kKindsHeight = 120;

} // namespace

HealthPane::HealthPane(QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_body = new QWidget;
    auto *inside = new QVBoxLayout(m_body);
    inside->setContentsMargins(0, 8, 0, 0);
    inside->setSpacing(0);
    auto *figures = new QWidget;
    m_grid = new QGridLayout(figures);
    m_grid->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 8);
    m_grid->setHorizontalSpacing(32);
    m_grid->setVerticalSpacing(0);
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, 1);
    inside->addWidget(figures);
    m_kindsHead = new PaneHead(tr("Kinds of bad records"), tr("since the receiver started, with a sample"));
    inside->addWidget(m_kindsHead);
    m_kinds = new FastTable;
    m_kinds->setAccessibleName(tr("Kinds of bad records"));
    m_kinds->setSelectionMode(QAbstractItemView::SingleSelection);
    m_kinds->setColumnSpecs(
        {{72, CellStyle::Number}, {180, CellStyle::Text}, {200, CellStyle::Muted}, {0, CellStyle::MonoMuted}});
    m_kinds->setModel(&m_kindsModel);
    m_kinds->setMinimumHeight(kKindsHeight);
    inside->addWidget(m_kinds);
    inside->addStretch(1);
    column->addWidget(makeScroll(m_body), 1);
    m_none = new EmptyState(QStringLiteral("gauge"), tr("No source is chosen."),
                            tr("Choose one above to see how it fares."));
    column->addWidget(m_none, 1);
    showNothing();
}

void HealthPane::setRows(const std::vector<std::pair<QString, QString>> &rows)
{
    QStringList keys;
    for (const auto &row : rows) {
        keys << row.first;
    }
    if (keys != m_keys) {
        for (KeyValueRow *row : std::as_const(m_values)) {
            row->hide();
            row->deleteLater();
        }
        m_values.clear();
        m_keys = keys;
        const int half = (static_cast<int>(keys.size()) + 1) / 2;
        for (int i = 0; i < keys.size(); ++i) {
            auto *row = new KeyValueRow(keys[i]);
            m_grid->addWidget(row, i % half, i / half);
            m_values << row;
        }
    }
    for (int i = 0; i < m_values.size(); ++i) {
        m_values[i]->setValue(rows[static_cast<std::size_t>(i)].second);
    }
    m_body->parentWidget()->parentWidget()->show();
    m_none->hide();
}

void HealthPane::showReceiver(const workspace::ReceiverInfo &info, Timestamp now)
{
    setRows(present::healthRows(info, now));
    m_kindsModel.setKinds(info.health.invalid);
    m_kindsHead->setVisible(!info.health.invalid.empty());
    m_kinds->setVisible(!info.health.invalid.empty());
}

void HealthPane::showSource(const workspace::SourceInfo &source, Timestamp now)
{
    setRows({{tr("State"), present::shown(source.state, 40)},
             {tr("Kind"), present::sourceKindText(source.kind)},
             {tr("Records"), present::number(source.records)},
             {tr("Were there already"), present::number(source.duplicates)},
             {tr("Not understood"), present::number(source.quarantined)},
             {tr("Last import"), present::dayAndTime(source.lastImport) + QStringLiteral("  ") +
                                     present::agoText(source.lastImport, now)}});
    m_kindsHead->hide();
    m_kinds->hide();
}

void HealthPane::showNothing()
{
    m_body->parentWidget()->parentWidget()->hide();
    m_none->show();
}

OccurrencesPane::OccurrencesPane(QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Gaps and notices"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnSpecs({{184, CellStyle::Time}, {96, CellStyle::Number}, {0, CellStyle::Text}});
    m_table->setModel(&m_model);
    column->addWidget(m_table, 1);
    m_none = new EmptyState(QStringLiteral("allowed"), tr("No gaps, nothing to note."),
                            tr("Times in which a receiver was not listening, refused senders, wrong tokens and broken "
                               "connections stand here."));
    column->addWidget(m_none, 1);
    show(nullptr);
}

void OccurrencesPane::show(const sources::Health *health)
{
    m_model.setHealth(health != nullptr ? *health : sources::Health{});
    const bool any = m_model.rowCount() > 0;
    m_table->setVisible(any);
    m_none->setVisible(!any);
}

} // namespace nightjar::ui
