// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/imports.h"

#include "present/show.h"
#include "workspace/workspace.h"

#include <QElapsedTimer>
#include <QFileInfo>

namespace nightjar::ui {

namespace {

constexpr std::size_t kKeptRuns = 30;

/// "214,800 ev/s, 2 s left. logs.zip!web.json"
QString progressText(const workspace::ImportProgress &progress, double fraction, qint64 elapsedMs)
{
    const QString rate = present::number(static_cast<std::int64_t>(progress.eventsPerSecond));
    const QString file = present::shown(progress.file, 200);
    if (fraction > 0.01) {
        const auto left =
            static_cast<std::int64_t>(static_cast<double>(elapsedMs) * 1000.0 * (1.0 - fraction) / fraction);
        return Imports::tr("%1 ev/s, %2 left. %3").arg(rate, present::span(left), file);
    }
    return Imports::tr("%1 ev/s, %2 events. %3").arg(rate, present::number(progress.events), file);
}

} // namespace

Imports::Imports(present::Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
}

void Imports::start(const QStringList &paths)
{
    launch(paths, false);
}

void Imports::follow(const QString &path)
{
    launch({path}, true);
}

void Imports::launch(const QStringList &paths, bool following)
{
    if (paths.isEmpty()) {
        return;
    }
    std::vector<std::filesystem::path> files;
    for (const QString &path : paths) {
        files.emplace_back(path.toStdString());
    }
    const QString first = present::shown(QFileInfo(paths.first()).fileName().toStdString(), 120);
    Run run;
    run.following = following;
    run.name = following           ? tr("Follow %1").arg(first)
               : paths.size() == 1 ? first
                                   : tr("%1 and %2 more").arg(first, QString::number(paths.size() - 1));
    const auto work = [files, following](workspace::Workspace &space, const present::JobReporter &reporter,
                                         const CancelToken &token) -> Result<workspace::ImportSummary> {
        QElapsedTimer clock;
        clock.start();
        const auto progress = [&](const workspace::ImportProgress &now) {
            const double fraction = now.bytesTotal > 0 && !following
                                        ? static_cast<double>(now.bytesRead) / static_cast<double>(now.bytesTotal)
                                        : -1;
            reporter.report(fraction, progressText(now, fraction, clock.elapsed()));
        };
        return following ? space.imports().follow(files, {}, progress, token)
                         : space.imports().importPaths(files, {}, progress, token);
    };
    // The answer comes by a queued call, so the id is known before it can arrive.
    const auto id = std::make_shared<int>(0);
    m_session.startJob(run.name, work, this,
                       [this, id](Result<workspace::ImportSummary> answer) { finish(*id, std::move(answer)); });
    *id = run.jobId = m_session.jobs().index(0).data(present::JobModel::IdRole).toInt();
    m_runs.insert(m_runs.begin(), std::move(run));
    if (m_runs.size() > kKeptRuns) {
        m_runs.pop_back();
    }
    Q_EMIT changed();
}

void Imports::finish(int jobId, Result<workspace::ImportSummary> answer)
{
    for (Run &run : m_runs) {
        if (run.jobId != jobId) {
            continue;
        }
        run.running = false;
        if (answer) {
            run.summary = std::move(*answer);
        } else {
            run.error = answer.error();
        }
        Q_EMIT finished(run);
        break;
    }
    Q_EMIT changed();
}

void Imports::cancel(int jobId)
{
    m_session.jobs().cancel(jobId);
}

void Imports::clearDone()
{
    std::erase_if(m_runs, [](const Run &run) { return !run.running; });
    Q_EMIT changed();
}

QString importSentence(const workspace::ImportSummary &summary)
{
    QString text = Imports::tr("%n file(s) read, ", nullptr, static_cast<int>(summary.files)) +
                   Imports::tr("%1 events stored").arg(present::number(summary.events));
    if (summary.duplicates > 0) {
        text += Imports::tr(", %1 already there").arg(present::number(summary.duplicates));
    }
    if (summary.quarantined > 0) {
        const double share = summary.records > 0 ? 100.0 * static_cast<double>(summary.quarantined) /
                                                       static_cast<double>(summary.records)
                                                 : 100.0;
        text += Imports::tr(", %1 bad records (%2 %)")
                    .arg(present::number(summary.quarantined), QString::number(share, 'g', 2));
    }
    if (summary.alerts > 0) {
        text += Imports::tr(", %1 alerts").arg(present::number(summary.alerts));
    }
    return summary.cancelled ? Imports::tr("Cancelled. %1.").arg(text) : text + u'.';
}

} // namespace nightjar::ui
