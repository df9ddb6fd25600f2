// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"

#include <QAbstractListModel>
#include <QElapsedTimer>
#include <QTimer>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace nightjar::present {

enum class JobState : int { Running, Done, Failed, Cancelled };

/// How a job tells how far it is. Copies share one state. Thread: any.
class JobReporter {
public:
    JobReporter()
        : m_state(std::make_shared<State>())
    {
    }
    /// `fraction` in 0–1, or negative while the end is not known. `text`: a sentence, may hold outside text.
    void report(double fraction, const QString &text) const;
    [[nodiscard]] std::pair<double, QString> latest() const;

private:
    struct State {
        mutable std::mutex mutex;
        double fraction = -1;
        QString text;
    };
    std::shared_ptr<State> m_state;
};

/// Running and finished jobs, newest first; finished ones stay (the newest 50). Thread: GUI.
class JobModel : public QAbstractListModel {
    Q_OBJECT
public:
    /// CancellingRole: cancelled by the user and not yet at an end.
    enum Role { NameRole = Qt::UserRole + 1, FractionRole, TextRole, StateRole, ElapsedMsRole, IdRole, CancellingRole };

    explicit JobModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] int running() const;
    /// Shows at once; the job ends when its work has seen it.
    void cancel(int id);

    /// Used by Session: a job begins, and ends with a text or an error.
    int begin(const QString &name, const JobReporter &reporter, const CancelToken &token);
    void finish(int id, JobState state, const QString &text);

Q_SIGNALS:
    void runningChanged(int running);

private:
    struct Job {
        int id = 0;
        QString name, text;
        double fraction = -1;
        JobState state = JobState::Running;
        JobReporter reporter;
        CancelToken token;
        QElapsedTimer clock;
        qint64 elapsedMs = 0;
    };
    void refresh();
    [[nodiscard]] static bool cancelling(const Job &job);
    QString describe(const Job &job) const;

    std::vector<Job> m_jobs;
    QTimer m_poll;
    int m_nextId = 1;
};

} // namespace nightjar::present
