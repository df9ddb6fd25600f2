// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/alerts/whypane.h"

#include <QHeaderView>
#include <QScrollBar>

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr int kRecordHeight = 112;
constexpr int kShownEvidence = 12; ///< rows before the table scrolls by itself

QHBoxLayout *plainRow()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(px(Length::CellInset));
    return row;
}

} // namespace

WhyPane::WhyPane(QWidget *parent)
    : QScrollArea(parent)
    , m_source(new PlainLabel(QString(), Type::Caption, Color::Text2))
    , m_sentence(new PlainLabel)
    , m_note(new PlainLabel(QString(), Type::Body, Color::Text2))
    , m_legendValue(new PlainLabel(QString(), Type::DataSmall, Color::Text2))
    , m_evidenceCount(new PlainLabel(QString(), Type::Caption, Color::Text2))
    , m_record(new RecordText(tr("Record of the evidence")))
    , m_pictures(new QWidget)
    , m_pictureBox(new QBoxLayout(QBoxLayout::TopToBottom))
    , m_raster(new BeaconRaster)
    , m_intervals(new IntervalHistogram)
    , m_reasons(new ReasonTable)
    , m_table(new FastTable)
    , m_open(new Button(tr("Open in Events"), ButtonKind::Link))
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    auto *content = new Surface(Color::Bg);
    content->setAccessibleName(tr("Why"));
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(px(Length::PaneInset), px(Length::CellInset) + 4, px(Length::PaneInset),
                               px(Length::PaneInset));
    column->setSpacing(px(Length::CellInset));
    QHBoxLayout *head = plainRow();
    head->addWidget(new PlainLabel(tr("Why"), Type::PaneHeading));
    head->addWidget(m_source, 1);
    column->addLayout(head);
    m_sentence->setWordWrap(true);
    m_note->setWordWrap(true);
    column->addWidget(m_sentence);
    column->addWidget(m_note);
    auto *pictureColumn = new QVBoxLayout(m_pictures);
    pictureColumn->setContentsMargins(0, 0, 0, 0);
    QHBoxLayout *legend = plainRow();
    legend->addWidget(m_legendValue, 1);
    legend->addWidget(new PlainLabel(tr("one row an hour, UTC"), Type::Caption, Color::Text2));
    pictureColumn->addLayout(legend);
    m_pictureBox->setSpacing(px(Length::PaneInset));
    m_pictureBox->addWidget(m_raster, 2);
    m_pictureBox->addWidget(m_intervals, 1, Qt::AlignTop);
    pictureColumn->addLayout(m_pictureBox);
    column->addWidget(m_pictures);
    column->addWidget(m_reasons);
    QHBoxLayout *evidenceHead = plainRow();
    evidenceHead->addWidget(new PlainLabel(tr("Evidence"), Type::PaneHeading));
    evidenceHead->addWidget(m_evidenceCount);
    evidenceHead->addStretch(1);
    evidenceHead->addWidget(m_open);
    column->addLayout(evidenceHead);
    m_table->setModel(&m_model);
    m_table->setAccessibleName(tr("Evidence"));
    m_table->setColumnSpecs({{120, CellStyle::Time},
                             {88, CellStyle::Action},
                             {52, CellStyle::MonoMuted},
                             {0, CellStyle::Url},
                             {48, CellStyle::MonoMuted},
                             {72, CellStyle::Number},
                             {72, CellStyle::Number}});
    column->addWidget(m_table);
    m_record->setFixedHeight(kRecordHeight);
    m_legendValue->setEliding(true);
    m_source->setEliding(true);
    m_source->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    column->addWidget(m_record);
    column->addStretch(1);
    setWidget(content);
    connect(m_open, &Button::clicked, this, &WhyPane::openInEventsRequested);
    connect(m_table, &FastTable::rowActivated, this, [this](const QModelIndex &index) {
        if (const present::EvidenceRow *row = m_model.rowAt(index.row())) {
            Q_EMIT eventRequested(row->eventId, row->time);
        }
    });
    connect(m_table, &FastTable::currentRowChanged, this, [this](int row) {
        const present::EvidenceRow *found = m_model.rowAt(row);
        m_record->setPlainText(found != nullptr ? present::shownSentence(found->raw, m_values) : QString());
    });
    connect(m_table, &FastTable::copyRequested, this, [this](bool raw) {
        const QModelIndex index = m_table->currentIndex();
        copyPlain(raw ? index.data(present::EvidenceModel::RawRole).toString() : index.data().toString());
    });
    clear();
}

void WhyPane::set(const present::AlertDetail &detail)
{
    const alerts::Finding &finding = detail.alert.finding;
    widget()->show();
    m_values.clear();
    if (finding.entity != finding.user) { // people are no links
        m_values.push_back(finding.entity);
    }
    for (const alerts::Observable &observable : finding.observables) {
        if (observable.kind != "user") {
            m_values.push_back(observable.value);
        }
    }
    m_source->setText(
        finding.retro
            ? tr("%1, found by a retro-hunt").arg(present::shown(finding.rule, 128))
            : tr("%1 engine, %2").arg(present::engineName(finding.engine), present::shown(finding.rule, 128)));
    m_source->setText(finding.rule.empty() ? tr("%1 engine").arg(present::engineName(finding.engine))
                                           : m_source->text());
    m_sentence->setText(present::shownSentence(finding.summary, m_values));
    m_note->setText(detail.alert.note.empty() ? QString()
                                              : tr("Note: %1").arg(present::shown(detail.alert.note, 2'048)));
    m_note->setVisible(!detail.alert.note.empty());
    const bool periodic = !finding.picture.beats.empty();
    m_pictures->setVisible(periodic);
    m_raster->set(finding.picture, finding.severity);
    m_intervals->set(finding.picture, finding.severity);
    m_intervals->setVisible(!finding.picture.intervalCounts.empty());
    m_legendValue->setText(tr("%1 in colour, everything else %2 did in grey")
                               .arg(present::shownDefanged(finding.entity, 64),
                                    present::shown(finding.user.empty() ? finding.entity : finding.user, 64)));
    m_reasons->set(finding.reasons, finding.severity);
    m_reasons->setVisible(!finding.reasons.empty());
    m_evidenceCount->setText(
        tr("%1 of %2 events, kept beyond retention")
            .arg(present::number(static_cast<qint64>(detail.evidence.size())), present::number(finding.events)));
    m_model.setRows(detail.evidence);
    const int rows = std::min(std::max(m_model.rowCount(), 1), kShownEvidence);
    m_table->setFixedHeight(px(Length::RowHeader) + rows * px(Length::RowNormal) + 2);
    m_table->setVisible(m_model.rowCount() > 0);
    m_record->clear();
    verticalScrollBar()->setValue(0);
}

void WhyPane::clear()
{
    m_model.setRows({});
    widget()->hide();
}

void WhyPane::setNarrow(bool narrow)
{
    m_pictureBox->setDirection(narrow ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

} // namespace nightjar::ui
