// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/jobmodel.h"

#include <algorithm>

namespace nightjar::present {

namespace {

constexpr int kPollMs = 100;
constexpr std::size_t kKept = 50;

} // namespace

void JobReporter::report(double fraction, const QString &text) const
{
    const std::lock_guard lock(m_state->mutex);
    m_state->fraction = fraction;
    m_state->text = text;
}

std::pair<double, QString> JobReporter::latest() const
{
    const std::lock_guard lock(m_state->mutex);
    return {m_state->fraction, m_state->text};
}

JobModel::JobModel(QObject *parent)
    : QAbstractListModel(parent)
{
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &JobModel::refresh);
}

int JobModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_jobs.size());
}

QString JobModel::describe(const Job &job) const
{
    switch (job.state) {
    case JobState::Running:
        return tr("%1, running. %2").arg(job.name, job.text);
    case JobState::Done:
        return tr("%1, done. %2").arg(job.name, job.text);
    case JobState::Failed:
        return tr("%1, failed. %2").arg(job.name, job.text);
    case JobState::Cancelled:
        return tr("%1, cancelled. %2").arg(job.name, job.text);
    }
    return job.name;
}

QVariant JobModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const Job &job = m_jobs[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case NameRole:
        return job.name;
    case Qt::AccessibleTextRole:
        return describe(job);
    case FractionRole:
        return job.fraction;
    case TextRole:
        return cancelling(job) ? tr("Cancelling. What is done stays.") : job.text;
    case CancellingRole:
        return cancelling(job);
    case StateRole:
        return static_cast<int>(job.state);
    case ElapsedMsRole:
        return job.state == JobState::Running ? job.clock.elapsed() : job.elapsedMs;
    case IdRole:
        return job.id;
    default:
        return {};
    }
}

int JobModel::running() const
{
    return static_cast<int>(
        std::count_if(m_jobs.begin(), m_jobs.end(), [](const Job &job) { return job.state == JobState::Running; }));
}

bool JobModel::cancelling(const Job &job)
{
    return job.state == JobState::Running && job.token.cancelled();
}

void JobModel::cancel(int id)
{
    for (std::size_t row = 0; row < m_jobs.size(); ++row) {
        if (m_jobs[row].id == id) {
            m_jobs[row].token.cancel();
            Q_EMIT dataChanged(index(static_cast<int>(row)), index(static_cast<int>(row)));
        }
    }
}

int JobModel::begin(const QString &name, const JobReporter &reporter, const CancelToken &token)
{
    Job job;
    job.id = m_nextId++;
    job.name = name;
    job.reporter = reporter;
    job.token = token;
    job.clock.start();
    const int id = job.id;
    beginInsertRows({}, 0, 0);
    m_jobs.insert(m_jobs.begin(), std::move(job));
    endInsertRows();
    if (m_jobs.size() > kKept && m_jobs.back().state != JobState::Running) {
        beginRemoveRows({}, rowCount() - 1, rowCount() - 1);
        m_jobs.pop_back();
        endRemoveRows();
    }
    m_poll.start();
    Q_EMIT runningChanged(running());
    return id;
}

void JobModel::finish(int id, JobState state, const QString &text)
{
    for (std::size_t row = 0; row < m_jobs.size(); ++row) {
        Job &job = m_jobs[row];
        if (job.id != id || job.state != JobState::Running) {
            continue;
        }
        job.state = state;
        job.elapsedMs = job.clock.elapsed();
        const auto [fraction, last] = job.reporter.latest();
        job.fraction = state == JobState::Done ? 1 : fraction;
        job.text = text.isEmpty() ? last : text;
        Q_EMIT dataChanged(index(static_cast<int>(row)), index(static_cast<int>(row)));
    }
    if (running() == 0) {
        m_poll.stop();
    }
    Q_EMIT runningChanged(running());
}

void JobModel::refresh()
{
    for (std::size_t row = 0; row < m_jobs.size(); ++row) {
        Job &job = m_jobs[row];
        if (job.state != JobState::Running) {
            continue;
        }
        std::tie(job.fraction, job.text) = job.reporter.latest();
        Q_EMIT dataChanged(index(static_cast<int>(row)), index(static_cast<int>(row)));
    }
}

} // namespace nightjar::present
