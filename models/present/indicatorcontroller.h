// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/session.h"
#include "present/tablemodels.h"
#include "present/undostack.h"
#include "workspace/feedservice.h"
#include "workspace/intelservice.h"

#include <QObject>
#include <QStringList>

namespace nightjar::present {

/// Indicators that match what is searched for.
class IndicatorsModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { ValueColumn, TypeColumn, ThreatColumn, SourceColumn, ConfidenceColumn, UntilColumn };
    explicit IndicatorsModel(QObject *parent = nullptr);
    void setIndicators(const std::vector<workspace::IntelService::Row> &rows);
};

/// Feeds and how their last poll went.
class FeedsModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { NameColumn, StateColumn, AddressColumn, LastColumn, NextColumn };
    explicit FeedsModel(QObject *parent = nullptr);
    void setFeeds(const std::vector<workspace::FeedInfo> &feeds);
};

/// Indicators, their feeds and hunts on behalf of a view. Thread: GUI; nothing blocks.
class IndicatorController : public QObject {
    Q_OBJECT
public:
    IndicatorController(Session &session, UndoStack &undo, QObject *parent = nullptr);

    IndicatorsModel &indicators() { return m_indicators; }
    FeedsModel &feeds() { return m_feeds; }
    [[nodiscard]] std::int64_t total() const { return m_total; }
    [[nodiscard]] std::int64_t matching() const { return m_matching; }
    [[nodiscard]] const std::vector<workspace::FeedInfo> &feedInfos() const { return m_feedInfos; }
    [[nodiscard]] bool busy() const { return m_searching.busy() || m_listing.busy(); }

    /// changed() follows; a newer question supersedes an older one.
    void search(const QString &text);
    /// What was searched for again, and the feeds.
    void refresh();
    /// Files of any format that is read; each is a source of its own. Undo takes the imports back.
    void importFiles(const QStringList &paths);
    /// Values of a pasted text, one a line or parted by blanks; hunted() follows.
    void hunt(const QString &text);
    void saveFeed(const workspace::FeedConfig &config, const QString &secret);
    void pollFeed(const QString &name);
    void removeFeed(const QString &name);

Q_SIGNALS:
    void changed();
    void imported(const nightjar::workspace::IntelSummary &summary);
    void hunted(const nightjar::workspace::IntelService::Hunt &hunt);
    void feedSaved(const QString &name);
    void failed(const nightjar::Error &error);

private:
    void tell(const Result<workspace::IntelSummary> &summary);
    void change(std::function<Status(workspace::Workspace &)> work, std::function<void()> done);

    Session &m_session;
    UndoStack &m_undo;
    Latest m_searching, m_listing, m_changing;
    IndicatorsModel m_indicators;
    FeedsModel m_feeds;
    std::vector<workspace::FeedInfo> m_feedInfos;
    QString m_text;
    std::int64_t m_total = 0, m_matching = 0;
};

/// "2,114 new, 12 updated, 3 refused. 4 sightings in the past, 1 alert."
QString intelSentence(const workspace::IntelSummary &summary);

} // namespace nightjar::present
