// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/sources/sourcesscreen.h"

#include "present/show.h"
#include "ui/screens/sources/badpane.h"
#include "ui/screens/sources/feedpane.h"
#include "ui/screens/sources/healthpane.h"
#include "ui/screens/sources/receiverpane.h"
#include "ui/screens/sources/runlist.h"
#include "ui/screens/sources/setuppane.h"

#include <QKeyEvent>

namespace nightjar::ui {

void SourcesScreen::connectControllers()
{
    connect(&m_controller, &present::ReceiverController::changed, this, &SourcesScreen::takeSources);
    connect(&m_controller, &present::ReceiverController::done, this, &SourcesScreen::tellDone);
    connect(&m_controller, &present::ReceiverController::failed, this, [this](const Error &error) {
        m_saving = false; // what was typed stays
        services().tellError(error);
    });
    connect(&m_feeds, &present::FeedController::failed, &services(), &ShellServices::tellError);
    connect(&m_feeds, &present::FeedController::keptChanged, this, &SourcesScreen::takeKept);
    connect(&m_quarantine, &present::QuarantineController::failed, &services(), &ShellServices::tellError);
    connect(&m_quarantine, &present::QuarantineController::changed, this, [this] {
        const auto shown = static_cast<std::int64_t>(m_quarantine.entries().size());
        m_detailTabs->setTabText(0, shown > 0 ? tr("Bad records  %1").arg(present::number(shown)) : tr("Bad records"));
    });
    connect(&session(), &present::Session::revisionChanged, this, [this] {
        if (isVisible()) {
            m_quarantine.refresh();
            m_controller.refresh();
        }
    });
    connect(m_table, &FastTable::currentRowChanged, this, [this](int row) {
        if (!m_filling) {
            select(rowKey(row));
        }
    });
    connect(m_table, &FastTable::rowActivated, this, [this] {
        showPane(0);
        m_receiver->focusForm();
    });
    connect(m_bad, &BadPane::fixAsked, this, [this](const QString &record) {
        const auto *info = m_controller.find(m_selected.toStdString());
        showPane(1);
        if (info != nullptr && !info->config.format.empty()) {
            m_format->openKept(QString::fromStdString(info->config.format));
        }
        m_format->tryRecords(record);
    });
    connect(m_receiver, &ReceiverPane::newAsked, this, [this] { addReceiver(workspace::ReceiverKind::Nss); });
    connect(m_receiver, &ReceiverPane::setUpAsked, this, [this] { showPane(2); });
    connect(m_receiver, &ReceiverPane::saved, this, [this] { m_saving = true; });
    connect(m_receiver, &ReceiverPane::formatAsked, this, [this](const QString &name) {
        showPane(1);
        m_format->openKept(name);
    });
    connect(m_format, &FeedPane::useAsked, this, &SourcesScreen::useFormat);
    connect(m_setup, &SetupPane::newReceiverAsked, this, &SourcesScreen::addReceiver);
    connect(m_setup, &SetupPane::formatAsked, this,
            [this](const QString &name, const QString &text, const QString &escape) {
                showPane(1);
                m_format->openText(name, text, escape);
            });
    connect(&services().undo(), &present::UndoStack::undone, this, [this] {
        if (isVisible()) {
            refresh();
        }
    });
}

void SourcesScreen::activate(const Address &address)
{
    const QString pane = address.query.queryItemValue(QStringLiteral("pane"));
    if (!pane.isEmpty()) {
        showPane(pane == u"setup" ? 2 : pane == u"format" ? 1 : 0);
    }
    const QString source = address.query.queryItemValue(QStringLiteral("source"), QUrl::FullyDecoded);
    if (!source.isEmpty()) {
        m_quarantine.filter(source, {});
        m_detailTabs->setCurrentIndex(0);
    }
    refresh();
    if (!m_table->hasFocus() && m_table->isVisible()) {
        m_table->setFocus(Qt::OtherFocusReason);
    }
}

bool SourcesScreen::busy() const
{
    return m_controller.busy() || m_quarantine.busy() || m_feeds.busy();
}

void SourcesScreen::refresh()
{
    m_controller.refresh();
    m_feeds.refresh();
    m_quarantine.refresh();
}

void SourcesScreen::showEvent(QShowEvent *event)
{
    Screen::showEvent(event);
    m_controller.setWatching(true);
}

void SourcesScreen::hideEvent(QHideEvent *event)
{
    Screen::hideEvent(event);
    m_controller.setWatching(false);
}

QString SourcesScreen::rowKey(int row) const
{
    return m_model.index(row, 0).data(present::RowsModel::RawRole).toString();
}

void SourcesScreen::takeSources()
{
    const auto &state = m_controller.state();
    m_filling = true;
    m_model.setSources(m_controller, systemClock().now());
    int row = -1;
    for (int i = 0; i < m_model.rowCount(); ++i) {
        row = rowKey(i) == m_selected ? i : row;
    }
    if (row >= 0 && m_table->currentIndex().row() != row) {
        m_table->selectRow(row);
    }
    m_filling = false;
    if (m_showSaved && row >= 0) {
        m_showSaved = false;
        select(m_selected);
    } else if (row < 0 && !m_selected.isEmpty() && !m_controller.busy() && !m_receiver->isNew()) {
        select({}); // it is gone
    }
    std::int64_t records = 0;
    std::int64_t bad = 0;
    std::int64_t listening = 0;
    for (const auto &info : state.receivers) {
        records += info.health.records;
        bad += info.health.quarantined;
        listening += info.state == "listening" ? 1 : 0;
    }
    for (const auto &source : state.sources) {
        records += source.records;
        bad += source.quarantined;
    }
    QString sub = tr("%1 sources, %2 records, %3 bad")
                      .arg(present::number(m_model.rowCount()), present::number(records), present::number(bad));
    if (listening > 0) {
        sub += tr("; %1 listening").arg(present::number(listening));
    }
    m_head->setSub(sub);
    m_table->setVisible(m_model.rowCount() > 0);
    m_noSources->setVisible(m_model.rowCount() == 0);
    takeNotices();
    showDetail();
}

void SourcesScreen::takeNotices()
{
    const auto notices = present::sourceNotices(m_controller.state(), systemClock().now());
    m_notice->setVisible(!notices.empty());
    if (notices.empty()) {
        return;
    }
    const present::SourceNotice &first = notices.front();
    const QString more =
        notices.size() > 1 ? tr("  %n more.", nullptr, static_cast<int>(notices.size()) - 1) : QString();
    m_notice->set(first.tone == present::Tone::Error ? NoticeBar::Kind::Error : NoticeBar::Kind::Warn, first.sentence,
                  first.reason + more);
    if (m_notice->property("njKey").toString() != first.key || first.key.isEmpty()) {
        m_notice->clearButtons();
        m_notice->setProperty("njKey", first.key);
        if (!first.key.isEmpty()) {
            connect(m_notice->addButton(tr("Details")), &Button::clicked, this, [this, key = first.key] {
                select(key);
                takeSources();
                m_detailTabs->setCurrentIndex(1);
            });
        }
    }
}

void SourcesScreen::takeKept()
{
    QStringList names;
    for (const auto &one : m_feeds.kept()) {
        names << QString::fromStdString(one.name);
    }
    m_receiver->setFormats(names);
    m_bad->setFormats(names);
}

void SourcesScreen::select(const QString &key)
{
    m_selected = key;
    m_quarantine.filter(key, {});
    showSelected();
    showDetail();
    tellSelection(key.isEmpty() ? QString() : present::shown(key.toStdString(), 120));
}

void SourcesScreen::showSelected()
{
    const auto *info = m_controller.find(m_selected.toStdString());
    m_receiver->showReceiver(info != nullptr ? m_selected : QString());
    m_format->setReceiver(info != nullptr ? present::shown(info->config.place, 40) : QString());
}

void SourcesScreen::showDetail()
{
    const Timestamp now = systemClock().now();
    const auto *info = m_controller.find(m_selected.toStdString());
    m_occurrences->show(info != nullptr ? &info->health : nullptr);
    const auto occurrences =
        info != nullptr ? static_cast<std::int64_t>(info->health.gaps.size() + info->health.notices.size()) : 0;
    m_detailTabs->setTabText(2, occurrences > 0 ? tr("Gaps and notices  %1").arg(present::number(occurrences))
                                                : tr("Gaps and notices"));
    if (info != nullptr) {
        m_health->showReceiver(*info, now);
        return;
    }
    for (const auto &source : m_controller.state().sources) {
        if (QString::fromStdString(source.name) == m_selected) {
            m_health->showSource(source, now);
            return;
        }
    }
    m_health->showNothing();
}

void SourcesScreen::showPane(int pane)
{
    m_paneTabs->setCurrentIndex(pane);
    m_panes->setCurrentIndex(pane);
    if (pane == 2) {
        m_setup->begin();
    }
}

void SourcesScreen::addReceiver(workspace::ReceiverKind kind)
{
    showPane(0);
    m_receiver->startNew(kind);
}

void SourcesScreen::useFormat(const QString &name)
{
    if (const auto *info = m_controller.find(m_selected.toStdString())) {
        workspace::ReceiverConfig config = info->config;
        config.format = name.trimmed().toStdString();
        m_controller.save(config, info->key, false);
        showPane(0);
    }
}

void SourcesScreen::tellDone(const QString &text, const QString &key)
{
    services().toast({.kind = ToastKind::Ok,
                      .title = text,
                      .detail = key.isEmpty() ? tr("Its events stay.") : QString(),
                      .actionLabel = tr("Undo"),
                      .action = [this] { services().undo().undo(); }});
    if (m_saving && !key.isEmpty()) {
        m_saving = false;
        m_selected = key;
        m_showSaved = true; // once the list has it
    }
}

void SourcesScreen::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() != Qt::NoModifier) {
        Screen::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_N:
        addReceiver(workspace::ReceiverKind::Nss);
        return;
    case Qt::Key_E:
        showPane(0);
        m_receiver->focusForm();
        return;
    case Qt::Key_S:
        m_receiver->toggleRunning();
        return;
    case Qt::Key_Delete:
        m_receiver->removeShown();
        return;
    case Qt::Key_F:
        showPane(1);
        m_format->focusEditor();
        return;
    case Qt::Key_A:
        showPane(2);
        return;
    case Qt::Key_H:
        m_detailTabs->setCurrentIndex(1);
        return;
    case Qt::Key_B:
        m_detailTabs->setCurrentIndex(0);
        return;
    case Qt::Key_R:
        m_detailTabs->setCurrentIndex(0);
        m_bad->showRetry();
        return;
    default:
        Screen::keyPressEvent(event);
    }
}

std::vector<std::pair<QString, QString>> SourcesScreen::keys() const
{
    return {{QStringLiteral("Ctrl+O"), tr("import files")},
            {QStringLiteral("n"), tr("add a receiver")},
            {QStringLiteral("e  Enter"), tr("change the receiver")},
            {QStringLiteral("s"), tr("start or stop it")},
            {QStringLiteral("Delete"), tr("remove it (Ctrl+Z brings it back)")},
            {QStringLiteral("f"), tr("feed formats")},
            {QStringLiteral("a"), tr("set up a feed")},
            {QStringLiteral("b  h"), tr("bad records, health")},
            {QStringLiteral("r"), tr("read bad records again")},
            {QStringLiteral("j  k"), tr("next, previous row")}};
}

} // namespace nightjar::ui
