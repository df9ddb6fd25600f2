// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/feedreport.h"
#include "present/session.h"
#include "present/tablemodels.h"
#include "present/undostack.h"
#include "workspace/playbookservice.h"

#include <QObject>

namespace nightjar::present {

/// Playbooks and whether they run by themselves.
class PlaybooksModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { TitleColumn, StateColumn, TriggerColumn };
    explicit PlaybooksModel(QObject *parent = nullptr);
    void setPlaybooks(const std::vector<workspace::PlaybookInfo> &playbooks);
};

/// Runs, newest first.
class PlaybookRunsModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { AtColumn, StateColumn, PlaybookColumn, AlertColumn };
    explicit PlaybookRunsModel(QObject *parent = nullptr);
    void setRuns(const std::vector<workspace::PlaybookRun> &runs);
};

/// Steps of a run, or of a dry run with what each would send.
class PlaybookStepsModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { StepColumn, KindColumn, StateColumn, TookColumn, SaysColumn };
    explicit PlaybookStepsModel(QObject *parent = nullptr);
    void setSteps(const std::vector<workspace::PlaybookStep> &steps);
};

/// Playbooks on behalf of a view: list, text, check while typing, dry run, runs, approval. Thread: GUI; nothing blocks.
class PlaybookController : public QObject {
    Q_OBJECT
public:
    PlaybookController(Session &session, UndoStack &undo, QObject *parent = nullptr);

    PlaybooksModel &playbooks() { return m_playbooks; }
    PlaybookRunsModel &runs() { return m_runs; }
    PlaybookStepsModel &steps() { return m_steps; }
    [[nodiscard]] const workspace::PlaybookInfo *find(const QString &id) const;
    [[nodiscard]] const workspace::PlaybookRun *findRun(std::int64_t id) const;
    [[nodiscard]] int enabledCount() const;
    [[nodiscard]] int waitingForApproval() const;
    [[nodiscard]] bool busy() const { return m_listing.busy() || m_reading.busy() || m_stepping.busy(); }

    /// changed() follows.
    void refresh();
    /// textRead() follows.
    void read(const QString &id);
    /// checked() follows; a newer text supersedes an older one.
    void check(const QString &text);
    /// saved() follows. Undo brings the former text back.
    void save(const QString &text);
    void remove(const QString &id);
    void setEnabled(const QString &id, bool enabled);
    /// Steps of a dry run come into steps(); rehearsed() follows. `alert` 0: without one.
    void rehearse(const QString &text, std::int64_t alert);
    /// A job; changed() follows.
    void run(const QString &id, std::int64_t alert);
    /// Steps of a run come into steps().
    void showRun(std::int64_t run);
    void decide(std::int64_t run, bool approved);

Q_SIGNALS:
    void changed();
    void textRead(const QString &id, const QString &text);
    void checked(const std::vector<nightjar::present::TextMark> &marks);
    void saved(const QString &id);
    void rehearsed();
    void failed(const nightjar::Error &error);

private:
    void change(std::function<Status(workspace::Workspace &)> work, std::function<void()> done);
    void takeSteps(const Result<std::vector<workspace::PlaybookStep>> &steps);

    Session &m_session;
    UndoStack &m_undo;
    Latest m_listing, m_reading, m_checking, m_stepping;
    PlaybooksModel m_playbooks;
    PlaybookRunsModel m_runs;
    PlaybookStepsModel m_steps;
    std::vector<workspace::PlaybookInfo> m_infos;
    std::vector<workspace::PlaybookRun> m_runInfos;
};

/// "when an alert comes up, every day"
QString triggerSentence(const std::vector<std::string> &triggers);

} // namespace nightjar::present
