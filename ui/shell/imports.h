// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/session.h"

#include <QObject>
#include <QStringList>

#include <optional>
#include <vector>

namespace nightjar::ui {

/// What this window has read in since it opened: the runs with their files and results, newest first. The progress of a
/// running one stands in the session's JobModel under its job id. Thread: GUI.
class Imports : public QObject {
    Q_OBJECT
public:
    struct Run {
        int jobId = 0;
        QString name;
        bool following = false;
        bool running = true;
        std::optional<workspace::ImportSummary> summary; ///< once it is over
        std::optional<Error> error;
    };

    explicit Imports(present::Session &session, QObject *parent = nullptr);

    void start(const QStringList &paths);
    void follow(const QString &path);
    [[nodiscard]] const std::vector<Run> &runs() const { return m_runs; }
    void cancel(int jobId);
    /// Forgets the runs that are over.
    void clearDone();

Q_SIGNALS:
    void changed();
    void finished(const nightjar::ui::Imports::Run &run);

private:
    void launch(const QStringList &paths, bool following);
    void finish(int jobId, Result<workspace::ImportSummary> answer);

    present::Session &m_session;
    std::vector<Run> m_runs;
};

/// "3 files imported, 1 had 12 bad lines (0.4 %)."
QString importSentence(const workspace::ImportSummary &summary);

} // namespace nightjar::ui
