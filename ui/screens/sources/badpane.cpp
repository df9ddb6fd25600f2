// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/sources/badpane.h"

#include "present/receiverdraft.h"
#include "present/show.h"

#include <QFileDialog>

namespace nightjar::ui {

namespace {

constexpr int kRawHeight = 84;
constexpr qsizetype kRawShown = 16'384;

} // namespace

BadPane::BadPane(ShellServices &services, present::QuarantineController &controller, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_controller(controller)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(buildRetry());
    column->addWidget(new Hairline);
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Bad records"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnSpecs(
        {{150, CellStyle::Path}, {64, CellStyle::Number}, {200, CellStyle::Text}, {0, CellStyle::MonoMuted}});
    m_table->setModel(&m_model);
    connect(m_table, &FastTable::currentRowChanged, this, &BadPane::showEntry);
    connect(m_table, &FastTable::rowActivated, this, [this] { m_raw->setFocus(Qt::ShortcutFocusReason); });
    column->addWidget(m_table, 1);
    column->addWidget(buildRecord());
    m_none = new EmptyState(QStringLiteral("allowed"), {}, {});
    column->addWidget(m_none, 1);
    connect(&controller, &present::QuarantineController::changed, this, &BadPane::take);
    connect(&controller, &present::QuarantineController::retried, this, [this](const auto &summary) {
        m_try->setEnabled(true);
        m_retryBar->hide();
        m_services.toast(
            {.kind = summary.left > 0 ? ToastKind::Warn : ToastKind::Ok,
             .title = tr("%1 of %2 records read")
                          .arg(present::number(summary.events + summary.duplicates), present::number(summary.tried)),
             .detail = tr("%1 events stored, %2 were there already, %3 stay here, %4 alerts.")
                           .arg(present::number(summary.events), present::number(summary.duplicates),
                                present::number(summary.left), present::number(summary.alerts)),
             .actionLabel = {},
             .action = {}});
    });
    connect(&controller, &present::QuarantineController::exported, this, [this](const QString &path, qint64 records) {
        m_services.toast({.kind = ToastKind::Ok,
                          .title = tr("%1 records written").arg(present::number(records)),
                          .detail = present::shown(path.toStdString(), 400),
                          .actionLabel = {},
                          .action = {}});
    });
    take();
}

QWidget *BadPane::buildBar()
{
    auto *bar = new QWidget;
    bar->setFixedHeight(40);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    row->setSpacing(8);
    m_kind = new Choice(tr("Kind of defect"));
    m_kind->setMinimumWidth(180);
    m_kind->setMaximumWidth(320);
    connect(m_kind, &QComboBox::activated, this,
            [this] { m_controller.filter(m_controller.source(), m_kind->value()); });
    m_count = new PlainLabel({}, Type::Caption, Color::Text2);
    m_count->setEliding(true);
    m_allSources = new Button(tr("All sources"), ButtonKind::Link);
    connect(m_allSources, &Button::clicked, this, [this] { m_controller.filter({}, {}); });
    m_again = new Button(tr("Try again"), ButtonKind::Secondary, QStringLiteral("refresh"));
    m_again->setSmall(true);
    connect(m_again, &Button::clicked, this, &BadPane::showRetry);
    m_export = new Button(tr("Export"), ButtonKind::Secondary, QStringLiteral("export"));
    m_export->setSmall(true);
    connect(m_export, &Button::clicked, this, &BadPane::chooseExport);
    row->addWidget(m_kind);
    row->addWidget(m_count, 1);
    row->addWidget(m_allSources);
    row->addWidget(m_again);
    row->addWidget(m_export);
    return bar;
}

QWidget *BadPane::buildRetry()
{
    m_retryBar = new Surface(Color::AccentWash);
    m_retryBar->setFixedHeight(px(Length::ConfirmBar));
    auto *row = new QHBoxLayout(m_retryBar);
    row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    row->setSpacing(8);
    m_format = new Choice(tr("Format of the records"));
    m_type = new Choice(tr("Log type of the records"));
    m_type->add(tr("Log type: recognised"), {});
    for (const QString &name : present::logTypeNames()) {
        m_type->add(name, name);
    }
    setFormats({});
    auto *cancel = new Button(tr("Cancel"));
    connect(cancel, &Button::clicked, m_retryBar, &QWidget::hide);
    m_try = new Button(tr("Read all again"), ButtonKind::Primary);
    connect(m_try, &Button::clicked, this, [this] {
        m_try->setEnabled(false);
        m_controller.retry(m_format->value(), m_type->value(), {});
    });
    row->addWidget(m_format, 3);
    row->addWidget(m_type, 2);
    row->addWidget(cancel);
    row->addWidget(m_try);
    m_retryBar->hide();
    return m_retryBar;
}

QWidget *BadPane::buildRecord()
{
    auto *pane = new Surface(Color::Panel);
    pane->setEdges(Qt::TopEdge);
    auto *inside = new QVBoxLayout(pane);
    const int inset = px(Length::PaneInset);
    inside->setContentsMargins(inset, 8, inset, 8);
    inside->setSpacing(4);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    m_title = new PlainLabel({}, Type::BodyStrong);
    m_title->setEliding(true);
    head->addWidget(m_title, 1);
    auto *copy = new Button(tr("Copy raw"), ButtonKind::Secondary, QStringLiteral("copy"));
    copy->setSmall(true);
    connect(copy, &Button::clicked, this, [this] {
        const int row = m_table->currentIndex().row();
        if (row >= 0) {
            copyPlain(m_model.index(row, 0).data(present::RowsModel::RawRole).toString());
        }
    });
    auto *fix = new Button(tr("Try a format"), ButtonKind::Secondary, QStringLiteral("edit"));
    fix->setSmall(true);
    connect(fix, &Button::clicked, this, [this] {
        const int row = m_table->currentIndex().row();
        if (row >= 0) {
            Q_EMIT fixAsked(m_model.index(row, 0).data(present::RowsModel::RawRole).toString());
        }
    });
    head->addWidget(copy);
    head->addWidget(fix);
    inside->addLayout(head);
    m_reason = new PlainLabel({}, Type::Body, Color::Text2);
    m_reason->setWordWrap(true);
    inside->addWidget(m_reason);
    m_raw = new CodeEdit(tr("Record as it came"));
    m_raw->setReadOnly(true);
    m_raw->setLineNumbers(false);
    m_raw->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_raw->setWordWrapMode(QTextOption::WrapAnywhere);
    m_raw->setFixedHeight(kRawHeight);
    inside->addWidget(m_raw);
    m_record = pane;
    return pane;
}

void BadPane::setFormats(const QStringList &names)
{
    const QString chosen = m_format->value();
    m_format->clear();
    m_format->add(tr("Format: recognised per record"), {});
    for (const QString &name : names) {
        m_format->add(tr("Format %1").arg(present::shown(name.toStdString(), 80)), name);
    }
    m_format->setValue(chosen);
}

void BadPane::showRetry()
{
    m_retryBar->show();
    m_format->setFocus(Qt::ShortcutFocusReason);
}

void BadPane::chooseExport()
{
    QString filter;
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Export bad records"), QStringLiteral("bad-records.jsonl"),
                                     tr("With reason and position (*.jsonl);;The records alone (*.log)"), &filter);
    if (!path.isEmpty()) {
        m_controller.exportTo(path, filter.contains(QStringLiteral("*.log")) || path.endsWith(u".log"));
    }
}

void BadPane::take()
{
    const auto &entries = m_controller.entries();
    m_model.setEntries(entries);
    std::int64_t all = 0;
    for (const auto &[title, count] : m_controller.kinds()) {
        all += count;
    }
    m_kind->clear();
    m_kind->add(tr("All kinds  %1").arg(present::number(all)), {});
    for (const auto &[title, count] : m_controller.kinds()) {
        m_kind->add(present::shown(title.toStdString(), 100) + QStringLiteral("  ") + present::number(count), title);
    }
    m_kind->setValue(m_controller.kind());
    const QString source = m_controller.source();
    m_count->setText(
        (source.isEmpty() ? tr("of all sources") : tr("of %1").arg(present::shown(source.toStdString(), 120))) +
        (m_controller.cut() ? tr(", the newest only") : tr(", newest first")));
    const bool any = !entries.empty();
    for (QWidget *part : std::initializer_list<QWidget *>{m_kind, m_again, m_export, m_table}) {
        part->setVisible(any);
    }
    m_count->setVisible(any || !source.isEmpty());
    m_allSources->setVisible(!source.isEmpty());
    m_none->setVisible(!any);
    m_none->set(source.isEmpty() ? tr("No bad records.") : tr("No bad records of this source."),
                tr("What cannot be read is kept here as it came, with the reason and the place of the defect, and can "
                   "be read again once the format is right."));
    const int row = m_table->currentIndex().row();
    if (any && row < 0) {
        m_table->selectRow(0);
    }
    showEntry(any ? std::max(0, row) : -1);
}

void BadPane::showEntry(int row)
{
    const auto &entries = m_controller.entries();
    const bool any = row >= 0 && row < static_cast<int>(entries.size());
    m_record->setVisible(any);
    if (!any) {
        return;
    }
    const workspace::QuarantineEntry &entry = entries[static_cast<std::size_t>(row)];
    const auto place = static_cast<std::int64_t>(entry.line > 0 ? entry.line : entry.index);
    m_title->setText(tr("%1  in %2, %3 %4")
                         .arg(present::shown(entry.error.title, 200), present::shown(entry.source, 160),
                              entry.line > 0 ? tr("line") : tr("record"), present::number(place)));
    QString reason = present::shown(entry.error.reason, 500);
    const auto column = static_cast<int>(entry.error.place.column);
    if (column > 0) {
        reason += tr(", column %1").arg(column);
    }
    reason += u'.';
    if (!entry.error.hint.empty()) {
        reason += QStringLiteral(" ") + present::shown(entry.error.hint, 300);
    }
    m_reason->setText(reason + QStringLiteral("  ") + present::shown(entry.error.code));
    m_raw->setPlainText(present::shown(entry.raw, kRawShown));
    m_raw->setMarks({{1, column, present::Tone::Error, {}, {}, {}}});
    if (column < 1) {
        m_raw->setMarks({});
    }
}

} // namespace nightjar::ui
