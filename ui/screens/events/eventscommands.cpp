// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the Events screen does when it is told to, and how it says where it stands.
#include "ui/screens/events/eventsscreen.h"

#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr std::int64_t kAround = 5 * 60 * kMicrosPerSecond;
constexpr int kMaxCopied = 10'000; ///< rows that are in memory anyway

QString shellQuoted(QString text)
{
    text.replace(QLatin1Char('\''), QLatin1String("'\\''"));
    return QString(QLatin1Char('\'') + text + QLatin1Char('\''));
}

} // namespace

void EventsScreen::showState()
{
    const bool counted = m_matching.has_value() && !m_counting.busy();
    if (m_model.rowCount() > 0 || m_model.busy() || !counted || m_error->isVisibleTo(this)) {
        m_stack->setCurrentWidget(m_table);
        return;
    }
    if (m_total.value_or(0) == 0 && !m_totalAsk.busy()) {
        m_stack->setCurrentWidget(m_emptyStore);
        return;
    }
    const int filters = static_cast<int>(m_query.clauses().size());
    const bool range = m_query.hasRange() || services().range().from != kNoTime || services().range().to != kNoTime;
    QString reason;
    if (filters > 0 && range) {
        reason = filters == 1 ? tr("1 filter and the time range hide them.")
                              : tr("%1 filters and the time range hide them.").arg(filters);
    } else if (filters > 0) {
        reason = filters == 1 ? tr("1 filter hides them.") : tr("%1 filters hide them.").arg(filters);
    } else {
        reason = tr("The time range hides them.");
    }
    m_dropLast->setVisible(filters > 0);
    m_emptyResult->set(tr("0 of %1 events.").arg(present::number(m_total.value_or(0))), reason);
    m_stack->setCurrentWidget(m_emptyResult);
}

void EventsScreen::showCount()
{
    const bool searching = m_model.busy() || m_counting.busy();
    if (m_matching) {
        m_count->setText(present::number(*m_matching));
    } else {
        m_count->setText(m_model.complete() ? present::number(m_model.rowCount())
                                            : tr("%1+").arg(present::number(m_model.rowCount())));
    }
    QString rest = m_total ? tr("of %1 events").arg(present::number(*m_total)) : tr("events");
    if (m_firstPageMs >= 0 && !m_model.busy()) {
        rest = tr("%1  %2 ms").arg(rest, QString::number(m_firstPageMs));
    }
    m_countRest->setText(rest);
    const int row = m_table->currentIndex().row();
    m_place->setText(
        row < 0 ? QString()
                : tr("row %1 of %2")
                      .arg(present::number(row + 1), present::number(m_matching.value_or(m_model.rowCount()))));
    m_stop->setVisible(searching && m_firstPageMs > 200);
    const bool live = follows();
    m_liveIcon->set(live ? QStringLiteral("follow") : QStringLiteral("pause"), live ? Color::Ok : Color::Warn);
    m_live->setText(live       ? tr("Live. New events come in at the top.")
                    : m_follow ? tr("Live paused while you read.")
                               : tr("Live is off."));
    m_live->setColor(live ? Color::Text2 : Color::Warn);
    m_liveNew->setText(live ? QString() : tr("%1 new events. End resumes.").arg(present::number(m_newEvents)));
}

void EventsScreen::showBrush()
{
    const bool inside = m_query.hasRange() && !m_zoomed;
    m_histogram->setSelection(inside ? std::optional(std::pair(m_query.state().from, m_query.state().to))
                                     : std::nullopt);
    showRangeText();
}

void EventsScreen::showRangeText()
{
    m_bucket->setText(m_histogram->bucketText());
    m_brush->setText(m_histogram->rangeText());
    m_zoom->setVisible(m_query.hasRange() && !m_zoomed);
}

void EventsScreen::focusQuery()
{
    m_bar->setFocus();
    m_bar->setCursorPosition(static_cast<int>(m_bar->text().size()));
}

void EventsScreen::include(const QString &field, const QString &value)
{
    m_query.include(field, value);
}

void EventsScreen::filterCell(int key, bool prepare)
{
    const QModelIndex index = m_table->currentIndex();
    const QString field = index.data(present::EventTableModel::FieldRole).toString();
    const QString value = index.data(present::EventTableModel::RawRole).toString();
    if (!index.isValid() || field.isEmpty() || value.isEmpty()) {
        return;
    }
    if (field == QLatin1String("@timestamp")) {
        around(m_model.timeAt(index.row()));
        return;
    }
    if (prepare) {
        const QString clause = present::makeClause(field, value, key == Qt::Key_Minus);
        m_bar->setText(QString(m_bar->text().trimmed() + QLatin1String("  ") + clause).trimmed());
        m_bar->setFocus();
        return;
    }
    if (key == Qt::Key_Plus) {
        m_query.include(field, value);
    } else if (key == Qt::Key_Minus) {
        m_query.exclude(field, value);
    } else {
        m_query.only(field, value);
    }
}

void EventsScreen::around(Timestamp time)
{
    if (time == kNoTime) {
        return;
    }
    m_wantedEvent = m_record->model().eventId();
    m_zoomed = true;
    m_query.setRange(time - kAround, time + kAround);
}

void EventsScreen::goBack()
{
    m_zoomed = false;
    if (!m_query.goBack()) {
        showBrush();
    }
}

void EventsScreen::zoomToSelection()
{
    if (m_query.hasRange()) {
        m_zoomed = true;
        askHistogram();
        showBrush();
    }
}

void EventsScreen::copy(bool raw)
{
    QStringList lines;
    QList<int> rows = m_table->selectedRows();
    if (rows.size() <= 1 && m_table->currentIndex().isValid()) { // one row: the cell under the cursor
        const QModelIndex index = m_table->currentIndex();
        copyPlain(raw ? index.data(present::EventTableModel::RawRole).toString() : index.data().toString());
        services().toast({raw ? ToastKind::Warn : ToastKind::Info,
                          raw ? tr("Copied raw") : tr("Copied defanged"),
                          raw ? tr("The clipboard holds the value as recorded.") : QString(),
                          QString(),
                          {}});
        return;
    }
    for (const int row : rows.mid(0, kMaxCopied)) {
        QStringList cells;
        for (int column = 0; column < m_model.columnCount(); ++column) {
            const QModelIndex index = m_model.index(row, column);
            cells.append(raw ? index.data(present::EventTableModel::RawRole).toString() : index.data().toString());
        }
        lines.append(cells.join(QLatin1Char('\t')));
    }
    copyPlain(lines.join(QLatin1Char('\n')));
    services().toast({raw ? ToastKind::Warn : ToastKind::Info,
                      tr("Copied %1 rows").arg(present::number(lines.size())),
                      raw ? tr("Values as recorded.") : tr("Values defanged."),
                      QString(),
                      {}});
}

void EventsScreen::copyAsCommand()
{
    const workspace::SearchRequest now = request();
    QString command = QLatin1String("nightjar-cli search ") + shellQuoted(m_query.text());
    if (now.from != kNoTime) {
        command += QLatin1String(" --from ") + present::isoTime(now.from);
    }
    if (now.to != kNoTime) {
        command += QLatin1String(" --to ") + present::isoTime(now.to);
    }
    copyPlain(command);
    services().toast(
        {ToastKind::Info, tr("Copied as command"), present::shown(command.toStdString(), 512), QString(), {}});
}

void EventsScreen::showMenu(const QPoint &place)
{
    const QModelIndex index = m_table->indexAt(place);
    if (!index.isValid()) {
        return;
    }
    m_table->setCurrentIndex(index);
    const QString value = withoutMnemonic(index.data().toString().left(48));
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Filter in %1").arg(value), this, [this] { filterCell(Qt::Key_Plus, false); });
    menu->addAction(tr("Filter out %1").arg(value), this, [this] { filterCell(Qt::Key_Minus, false); });
    menu->addAction(tr("Only this"), this, [this] { filterCell(Qt::Key_Equal, false); });
    menu->addAction(tr("± 5 min around this event"), this, [this, row = index.row()] { around(m_model.timeAt(row)); });
    menu->addSeparator();
    menu->addAction(tr("Copy (defanged)"), this, [this] { copy(false); });
    menu->addAction(tr("Copy raw"), this, [this] { copy(true); });
    menu->popup(m_table->viewport()->mapToGlobal(place));
}

void EventsScreen::chooseColumns()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const present::EventColumn &column : m_allColumns) {
        QAction *action = menu->addAction(column.title);
        action->setCheckable(true);
        action->setChecked(!m_hidden.contains(column.title));
        connect(action, &QAction::toggled, this, [this, title = column.title](bool on) {
            on ? static_cast<void>(m_hidden.remove(title)) : static_cast<void>(m_hidden.insert(title));
            if (m_hidden.size() < static_cast<qsizetype>(m_allColumns.size())) {
                applyColumns();
            }
        });
    }
    menu->popup(m_columnsButton->mapToGlobal(QPoint(0, m_columnsButton->height())));
}

bool EventsScreen::eventFilter(QObject *object, QEvent *event)
{
    if (object == m_table && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_End && !follows()) {
            resumeLive();
            return true;
        }
    }
    return Screen::eventFilter(object, event);
}

void EventsScreen::keyPressEvent(QKeyEvent *event)
{
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const bool alt = event->modifiers().testFlag(Qt::AltModifier);
    const QModelIndex index = m_table->currentIndex();
    if (control) {
        Screen::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Slash:
        focusQuery();
        return;
    case Qt::Key_Plus:
    case Qt::Key_Minus:
    case Qt::Key_Equal:
        filterCell(event->key(), alt);
        return;
    case Qt::Key_Backspace:
        goBack();
        return;
    case Qt::Key_BracketLeft:
    case Qt::Key_BracketRight: {
        const int column = index.column() + (event->key() == Qt::Key_BracketLeft ? -1 : 1);
        m_table->setCurrentIndex(m_model.index(index.row(), std::clamp(column, 0, m_model.columnCount() - 1)));
        return;
    }
    case Qt::Key_W:
        around(m_model.timeAt(index.row()));
        return;
    case Qt::Key_Z:
        event->modifiers().testFlag(Qt::ShiftModifier) ? goBack() : zoomToSelection();
        return;
    case Qt::Key_F:
        m_follow = !m_follow;
        m_follow ? resumeLive() : showCount();
        return;
    case Qt::Key_P:
        m_follow = false;
        showCount();
        return;
    case Qt::Key_Y:
        m_record->showTab(2);
        return;
    case Qt::Key_I:
    case Qt::Key_Space:
        m_record->showTab(0);
        return;
    case Qt::Key_C:
        chooseColumns();
        return;
    default:
        Screen::keyPressEvent(event);
    }
}

} // namespace nightjar::ui
