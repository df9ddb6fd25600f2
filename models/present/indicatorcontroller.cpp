// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/indicatorcontroller.h"

#include "present/show.h"
#include "workspace/workspace.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace nightjar::present {

namespace {

constexpr std::size_t kShown = 2'000;
constexpr std::size_t kHuntedAtOnce = 100'000;

QString day(Timestamp time)
{
    return time == kNoTime ? QString() : isoTime(time).left(10);
}

QString minute(Timestamp time)
{
    return time == kNoTime ? QString() : isoTime(time).left(16).replace(u'T', u' ');
}

void add(workspace::IntelSummary &sum, const workspace::IntelSummary &one)
{
    sum.import = one.import;
    sum.read += one.read;
    sum.added += one.added;
    sum.updated += one.updated;
    sum.invalid += one.invalid;
    sum.warned += one.warned;
    sum.revoked += one.revoked;
    sum.sightings += one.sightings;
    sum.alerts += one.alerts;
}

} // namespace

IndicatorsModel::IndicatorsModel(QObject *parent)
    : RowsModel({{tr("indicator"), false, true, false},
                 {tr("type"), false, false, false},
                 {tr("threat"), false, false, false},
                 {tr("source"), false, false, false},
                 {tr("confidence"), true, false, false},
                 {tr("until"), true, false, false}},
                parent)
{
}

void IndicatorsModel::setIndicators(const std::vector<workspace::IntelService::Row> &rows)
{
    std::vector<Row> out;
    for (const auto &one : rows) {
        Row row;
        row.tone = one.detecting ? Tone::Neutral : Tone::Warn;
        row.cells = {shownDefanged(one.value, 512),
                     shown(one.type),
                     shown(one.threat, 120) + (one.detecting ? QString() : tr("  context only")),
                     shown(one.source, 120),
                     one.confidence < 0 ? QString() : number(one.confidence),
                     day(one.validUntil)};
        row.raw = QString::fromStdString(one.value);
        out.push_back(std::move(row));
    }
    setRows(std::move(out));
}

FeedsModel::FeedsModel(QObject *parent)
    : RowsModel({{tr("feed"), false, false, false},
                 {tr("state"), false, false, true},
                 {tr("address"), false, true, false},
                 {tr("last good"), true, false, false},
                 {tr("next"), true, false, false}},
                parent)
{
}

void FeedsModel::setFeeds(const std::vector<workspace::FeedInfo> &feeds)
{
    std::vector<Row> out;
    for (const workspace::FeedInfo &feed : feeds) {
        Row row;
        row.tone = !feed.config.enabled       ? Tone::Neutral
                   : !feed.error.empty()      ? Tone::Error
                   : feed.lastGood == kNoTime ? Tone::Pending
                                              : Tone::Ok;
        row.cells = {shown(feed.config.name, 64),
                     !feed.config.enabled       ? FeedsModel::tr("off")
                     : !feed.error.empty()      ? tr("failed")
                     : feed.lastGood == kNoTime ? tr("waiting")
                                                : tr("good"),
                     shown(feed.config.address, 300), minute(feed.lastGood),
                     feed.config.enabled ? minute(feed.nextPoll) : QString()};
        row.raw = QString::fromStdString(feed.config.name);
        row.detail = shown(feed.error, 1'000);
        out.push_back(std::move(row));
    }
    setRows(std::move(out));
}

IndicatorController::IndicatorController(Session &session, UndoStack &undo, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_undo(undo)
{
}

void IndicatorController::search(const QString &text)
{
    m_text = text;
    using Answer = Result<workspace::IntelService::Found>;
    m_session.runLatest<Answer>(
        m_searching, Priority::Page,
        [text = text.toStdString()](workspace::Workspace &space, const CancelToken &cancel) -> Answer {
            return space.intel().find(text, kShown, cancel);
        },
        this,
        [this](const Answer &found) {
            if (!found) {
                Q_EMIT failed(found.error());
                return;
            }
            m_total = found->total;
            m_matching = found->matching;
            m_indicators.setIndicators(found->rows);
            Q_EMIT changed();
        });
}

void IndicatorController::refresh()
{
    search(m_text);
    using Answer = Result<std::vector<workspace::FeedInfo>>;
    m_session.runLatest<Answer>(
        m_listing, Priority::Count,
        [](workspace::Workspace &space, const CancelToken &) -> Answer { return space.feeds().list(); }, this,
        [this](const Answer &feeds) {
            if (!feeds) {
                Q_EMIT failed(feeds.error());
                return;
            }
            m_feedInfos = *feeds;
            m_feeds.setFeeds(m_feedInfos);
            Q_EMIT changed();
        });
}

void IndicatorController::importFiles(const QStringList &paths)
{
    struct Brought {
        workspace::IntelSummary sum;
        std::vector<std::int64_t> imports;
    };
    std::vector<std::filesystem::path> files;
    for (const QString &path : paths) {
        files.emplace_back(path.toStdString());
    }
    if (files.empty()) {
        return;
    }
    const QString name = shown(files.front().filename().string(), 120);
    m_session.startJob(
        tr("Import indicators: %1").arg(name),
        [files](workspace::Workspace &space, const JobReporter &reporter,
                const CancelToken &cancel) -> Result<Brought> {
            Brought brought;
            for (const auto &file : files) {
                const auto one = space.intel().importFile(
                    file, file.filename().string(),
                    [&](const std::string &stage, double fraction) {
                        reporter.report(fraction,
                                        shown(stage) + QStringLiteral("  ") + shown(file.filename().string(), 200));
                    },
                    cancel);
                if (!one) {
                    return fail(one.error());
                }
                add(brought.sum, *one);
                brought.imports.push_back(one->import);
            }
            return brought;
        },
        this,
        [this, name](const Result<Brought> &brought) {
            refresh();
            if (!brought) {
                return; // told by the session
            }
            m_undo.pushChange(tr("import of %1").arg(name), [imports = brought->imports](workspace::Workspace &space) {
                Status done;
                for (auto import = imports.rbegin(); done && import != imports.rend(); ++import) {
                    const auto undone = space.intel().undo(*import);
                    done = undone ? Status() : fail(undone.error());
                }
                return done;
            });
            Q_EMIT imported(brought->sum);
        });
}

void IndicatorController::hunt(const QString &text)
{
    static const QRegularExpression gap(QStringLiteral("[\\s,;]+"));
    std::vector<std::string> values;
    for (const QString &value : text.split(gap, Qt::SkipEmptyParts)) {
        if (values.size() < kHuntedAtOnce) {
            values.push_back(value.toStdString());
        }
    }
    if (values.empty()) {
        return;
    }
    using Answer = Result<workspace::IntelService::Hunt>;
    m_session.startJob(
        tr("Hunt for %n value(s)", nullptr, static_cast<int>(values.size())),
        [values](workspace::Workspace &space, const JobReporter &reporter, const CancelToken &cancel) -> Answer {
            return space.intel().hunt(
                values, [&](const std::string &stage, double fraction) { reporter.report(fraction, shown(stage)); },
                cancel);
        },
        this,
        [this](const Answer &found) {
            if (found) {
                Q_EMIT hunted(*found);
            }
        });
}

void IndicatorController::tell(const Result<workspace::IntelSummary> &summary)
{
    refresh();
    if (summary) {
        Q_EMIT imported(*summary);
    }
}

void IndicatorController::pollFeed(const QString &name)
{
    using Answer = Result<workspace::IntelSummary>;
    m_session.startJob(
        tr("Poll %1").arg(shown(name.toStdString(), 64)),
        [name = name.toStdString()](workspace::Workspace &space, const JobReporter &reporter,
                                    const CancelToken &cancel) -> Answer {
            return space.feeds().poll(
                name, [&](const std::string &stage, double fraction) { reporter.report(fraction, shown(stage)); },
                cancel);
        },
        this, [this](const Answer &summary) { tell(summary); });
}

void IndicatorController::change(std::function<Status(workspace::Workspace &)> work, std::function<void()> done)
{
    m_session.runLatest<Status>(
        m_changing, Priority::Action,
        [work = std::move(work)](workspace::Workspace &space, const CancelToken &) { return work(space); }, this,
        [this, done = std::move(done)](const Status &status) {
            refresh();
            if (!status) {
                Q_EMIT failed(status.error());
            } else if (done) {
                done();
            }
        });
}

void IndicatorController::saveFeed(const workspace::FeedConfig &config, const QString &secret)
{
    change([config,
            secret = secret.toStdString()](workspace::Workspace &space) { return space.feeds().save(config, secret); },
           [this, name = QString::fromStdString(config.name)] {
               Q_EMIT feedSaved(name);
               pollFeed(name);
           });
}

void IndicatorController::removeFeed(const QString &name)
{
    change([name = name.toStdString()](workspace::Workspace &space) { return space.feeds().remove(name); }, {});
}

QString intelSentence(const workspace::IntelSummary &summary)
{
    QString text = IndicatorController::tr("%1 new, %2 updated").arg(number(summary.added), number(summary.updated));
    if (summary.revoked > 0) {
        text += IndicatorController::tr(", %1 taken back").arg(number(summary.revoked));
    }
    if (summary.invalid > 0) {
        text += IndicatorController::tr(", %1 refused").arg(number(summary.invalid));
    }
    if (summary.warned > 0) {
        text += IndicatorController::tr(", %1 well known and kept as context").arg(number(summary.warned));
    }
    return text + IndicatorController::tr(". In the past: %1 sightings, %2 new alerts.")
                      .arg(number(summary.sightings), number(summary.alerts));
}

} // namespace nightjar::present
