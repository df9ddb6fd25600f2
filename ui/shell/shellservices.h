// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/session.h"
#include "present/undostack.h"
#include "ui/shell/imports.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QUrlQuery>

#include <functional>

namespace nightjar::ui {

/// A place in the program: a screen and its state ("nightjar:events?q=…"). Back, Forward and links are made of these.
struct Address {
    QString screen;  ///< "overview", "events", "alerts", "response", "sources", "firstrun"
    QUrlQuery query; ///< what the screen makes of it; events: q, from, to (microseconds); alerts: id; response: value

    bool operator==(const Address &) const = default;
    [[nodiscard]] QString toString() const;
};

/// The time range of the window. "Last 24 h" counts back from the newest stored event, so that old files show.
struct TimeRange {
    Timestamp from = kNoTime, to = kNoTime; ///< `to` exclusive; kNoTime: open
    QString label;
    bool operator==(const TimeRange &) const = default;
};

enum class ToastKind : int { Ok, Info, Warn, Error };
struct ToastText {
    ToastKind kind = ToastKind::Info;
    QString title, detail; ///< plain text
    QString actionLabel;   ///< "Undo", "Show"; empty: none
    std::function<void()> action;
};

/// What a screen asks of the window around it. Screens emit through it and never know the window; tests listen to it.
/// Thread: GUI.
class ShellServices : public QObject {
    Q_OBJECT
public:
    explicit ShellServices(present::Session &session, QObject *parent = nullptr);

    present::Session &session() { return m_session; }
    /// What Ctrl+Z takes back, in this window.
    present::UndoStack &undo() { return m_undo; }
    Imports &imports() { return m_imports; }

    /// Goes to a place and remembers the one left behind.
    void open(const Address &address) { Q_EMIT openRequested(address); }
    /// The screen's state has changed by itself (a query ran): becomes a step of Back.
    void noteAddress(const Address &address) { Q_EMIT addressChanged(address); }
    void toast(const ToastText &text) { Q_EMIT toastRequested(text); }
    /// An error as a toast: title, reason, hint, code.
    void tellError(const Error &error);
    void setSelectionSummary(const QString &text) { Q_EMIT selectionSummaryChanged(text); }
    /// Files, folders and archives to read in; progress and results show in Sources and Jobs.
    void importPaths(const QStringList &paths) { Q_EMIT importRequested(paths); }
    /// Reads a file and goes on as it grows, until cancelled.
    void followFile(const QString &path) { Q_EMIT followRequested(path); }
    void chooseFiles() { Q_EMIT chooseFilesRequested(); }
    void openDemo() { Q_EMIT demoRequested(); }
    /// Number on the rail, e.g. open alerts.
    void setBadge(const QString &screen, qint64 count) { Q_EMIT badgeChanged(screen, count); }

    /// The deny list as it was last read from the tenant in this window; before that, what the store knows. A view
    /// that has asked hands its answer in, all views hear of it.
    void noteDenyList(const workspace::DenyListState &state);
    [[nodiscard]] const workspace::DenyListState &denyList() const { return m_deny; }
    /// Another workspace was opened: nothing is known of its tenant yet.
    void forgetDenyList() { m_deny = {}; }

    [[nodiscard]] const TimeRange &range() const { return m_range; }
    void setRange(const TimeRange &range);

Q_SIGNALS:
    void openRequested(const nightjar::ui::Address &address);
    void addressChanged(const nightjar::ui::Address &address);
    void toastRequested(const nightjar::ui::ToastText &text);
    void selectionSummaryChanged(const QString &text);
    void importRequested(const QStringList &paths);
    void followRequested(const QString &path);
    void chooseFilesRequested();
    void demoRequested();
    void badgeChanged(const QString &screen, qint64 count);
    void denyListChanged();
    void rangeChanged(const nightjar::ui::TimeRange &range);

private:
    present::Session &m_session;
    present::UndoStack m_undo;
    Imports m_imports;
    TimeRange m_range;
    workspace::DenyListState m_deny;
};

} // namespace nightjar::ui
