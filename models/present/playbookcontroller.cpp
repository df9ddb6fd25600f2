// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/playbookcontroller.h"

#include "present/show.h"
#include "workspace/workspace.h"

#include <algorithm>

namespace nightjar::present {

namespace {

constexpr std::size_t kShownRuns = 500;
constexpr qsizetype kSaysLength = 600;

Tone runTone(const std::string &state)
{
    return state == "done"                                                  ? Tone::Ok
           : state == "failed" || state == "interrupted"                    ? Tone::Error
           : state == "approval"                                            ? Tone::Warn
           : state == "pending" || state == "running" || state == "waiting" ? Tone::Pending
                                                                            : Tone::Neutral;
}

Tone stepTone(const std::string &state)
{
    return state == "done" || state == "approved" || state == "would_run"  ? Tone::Ok
           : state == "failed" || state == "refused" || state == "unknown" ? Tone::Error
           : state == "waiting" || state == "started"                      ? Tone::Pending
                                                                           : Tone::Neutral;
}

QString minute(Timestamp time)
{
    return time == kNoTime ? QString() : isoTime(time).mid(5, 11).replace(u'T', u' ');
}

QString stateWord(const std::string &state)
{
    return shown(state).replace(u'_', u' ');
}

Status savedAgain(workspace::Workspace &space, const std::string &text)
{
    const auto back = space.playbooks().save(text);
    return back ? Status() : fail(back.error());
}

std::vector<TextMark> marksOf(const std::vector<Error> &problems)
{
    std::vector<TextMark> marks;
    for (const Error &problem : problems) {
        TextMark mark;
        mark.line = static_cast<int>(problem.place.line);
        mark.column = static_cast<int>(problem.place.column);
        mark.sentence = shown(problem.title);
        mark.reason = shown(problem.reason);
        mark.code = shown(problem.code);
        marks.push_back(std::move(mark));
    }
    return marks;
}

} // namespace

QString triggerSentence(const std::vector<std::string> &triggers)
{
    QStringList words;
    for (const std::string &trigger : triggers) {
        if (trigger != "manual") { // which each can be
            words << (trigger == "alert"           ? PlaybookController::tr("on alerts")
                      : trigger == "new_indicator" ? PlaybookController::tr("on indicators")
                                                   : PlaybookController::tr("by the clock"));
        }
    }
    return words.isEmpty() ? PlaybookController::tr("by hand") : words.join(PlaybookController::tr(", "));
}

PlaybooksModel::PlaybooksModel(QObject *parent)
    : RowsModel(
          {{tr("playbook"), false, false, false}, {tr("state"), false, false, true}, {tr("runs"), false, false, false}},
          parent)
{
}

void PlaybooksModel::setPlaybooks(const std::vector<workspace::PlaybookInfo> &playbooks)
{
    std::vector<Row> rows;
    for (const workspace::PlaybookInfo &info : playbooks) {
        Row row;
        const bool stopped = !info.enabled && !info.why.empty();
        row.tone = info.enabled ? Tone::Ok : stopped ? Tone::Warn : Tone::Neutral;
        row.cells = {shown(info.title.empty() ? info.id : info.title, 200),
                     info.enabled             ? tr("on")
                     : !info.problems.empty() ? tr("errors")
                     : stopped                ? tr("stopped")
                                              : tr("off"),
                     triggerSentence(info.triggers)};
        row.raw = QString::fromStdString(info.id);
        row.detail = shown(info.why, 500);
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

PlaybookRunsModel::PlaybookRunsModel(QObject *parent)
    : RowsModel({{tr("time"), true, false, false},
                 {tr("state"), false, false, true},
                 {tr("playbook"), false, false, false},
                 {tr("alert"), true, false, false}},
                parent)
{
}

void PlaybookRunsModel::setRuns(const std::vector<workspace::PlaybookRun> &runs)
{
    std::vector<Row> rows;
    for (const workspace::PlaybookRun &run : runs) {
        Row row;
        row.id = run.id;
        row.tone = runTone(run.state);
        row.cells = {minute(run.created), run.state == "approval" ? tr("asks") : stateWord(run.state),
                     shown(run.title.empty() ? run.playbook : run.title, 200),
                     run.alert > 0 ? QStringLiteral("#%1").arg(run.alert) : QString()};
        row.detail = shown(run.why, 300);
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

PlaybookStepsModel::PlaybookStepsModel(QObject *parent)
    : RowsModel({{tr("step"), false, false, false},
                 {tr("does"), false, false, false},
                 {tr("state"), false, false, true},
                 {tr("took"), true, false, false},
                 {tr("sends and result"), false, true, false}},
                parent)
{
}

void PlaybookStepsModel::setSteps(const std::vector<workspace::PlaybookStep> &steps)
{
    std::vector<Row> rows;
    for (const workspace::PlaybookStep &step : steps) {
        Row row;
        row.tone = stepTone(step.state);
        QStringList says;
        for (const std::string *text : {&step.why, &step.sends, &step.result}) {
            if (!text->empty() && *text != "null") {
                says << shown(*text, kSaysLength);
            }
        }
        row.cells = {shown(step.name, 80), stateWord(step.kind), stateWord(step.state),
                     step.started != kNoTime && step.ended != kNoTime
                         ? tr("%1 ms").arg(number((step.ended - step.started) / 1'000))
                         : QString(),
                     says.join(QStringLiteral("   "))};
        row.raw = QString::fromStdString(step.path);
        row.detail = says.join(u'\n');
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

PlaybookController::PlaybookController(Session &session, UndoStack &undo, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_undo(undo)
{
}

const workspace::PlaybookInfo *PlaybookController::find(const QString &id) const
{
    const auto found =
        std::find_if(m_infos.begin(), m_infos.end(), [id = id.toStdString()](const auto &i) { return i.id == id; });
    return found == m_infos.end() ? nullptr : &*found;
}

const workspace::PlaybookRun *PlaybookController::findRun(std::int64_t id) const
{
    const auto found = std::find_if(m_runInfos.begin(), m_runInfos.end(), [id](const auto &r) { return r.id == id; });
    return found == m_runInfos.end() ? nullptr : &*found;
}

int PlaybookController::enabledCount() const
{
    return static_cast<int>(std::count_if(m_infos.begin(), m_infos.end(), [](const auto &i) { return i.enabled; }));
}

int PlaybookController::waitingForApproval() const
{
    return static_cast<int>(
        std::count_if(m_runInfos.begin(), m_runInfos.end(), [](const auto &r) { return r.state == "approval"; }));
}

void PlaybookController::refresh()
{
    struct Answer {
        std::vector<workspace::PlaybookInfo> playbooks;
        Result<std::vector<workspace::PlaybookRun>> runs;
    };
    m_session.runLatest<Answer>(
        m_listing, Priority::Page,
        [](workspace::Workspace &space, const CancelToken &) {
            return Answer{space.playbooks().list(), space.playbooks().runs(kShownRuns)};
        },
        this,
        [this](const Answer &answer) {
            m_infos = answer.playbooks;
            m_playbooks.setPlaybooks(m_infos);
            if (answer.runs) {
                m_runInfos = *answer.runs;
                m_runs.setRuns(m_runInfos);
            } else {
                Q_EMIT failed(answer.runs.error());
            }
            Q_EMIT changed();
        });
}

void PlaybookController::read(const QString &id)
{
    using Answer = Result<std::string>;
    m_session.runLatest<Answer>(
        m_reading, Priority::Page,
        [id = id.toStdString()](workspace::Workspace &space, const CancelToken &) -> Answer {
            return space.playbooks().text(id);
        },
        this,
        [this, id](const Answer &text) {
            if (text) {
                Q_EMIT textRead(id, QString::fromStdString(*text));
            } else {
                Q_EMIT failed(text.error());
            }
        });
}

void PlaybookController::check(const QString &text)
{
    using Answer = std::vector<Error>;
    m_session.runLatest<Answer>(
        m_checking, Priority::Page,
        [text = text.toStdString()](workspace::Workspace &, const CancelToken &) -> Answer {
            return workspace::PlaybookService::check(text, "playbook");
        },
        this, [this](const Answer &problems) { Q_EMIT checked(marksOf(problems)); });
}

void PlaybookController::change(std::function<Status(workspace::Workspace &)> work, std::function<void()> done)
{
    m_session.run<Status>(
        Priority::Action,
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

void PlaybookController::save(const QString &text)
{
    using Answer = Result<workspace::PlaybookService::Saved>;
    m_session.run<Answer>(
        Priority::Action,
        [text = text.toStdString()](workspace::Workspace &space, const CancelToken &) -> Answer {
            return space.playbooks().save(text);
        },
        this,
        [this](const Answer &kept) {
            refresh();
            if (!kept) {
                Q_EMIT failed(kept.error());
                return;
            }
            m_undo.pushChange(tr("saving of %1").arg(shown(kept->id, 80)),
                              [id = kept->id, before = kept->before](workspace::Workspace &space) -> Status {
                                  return before.empty() ? space.playbooks().remove(id) : savedAgain(space, before);
                              });
            Q_EMIT saved(QString::fromStdString(kept->id));
        });
}

void PlaybookController::remove(const QString &id)
{
    struct Removed {
        std::string text;
        Status done;
    };
    m_session.run<Removed>(
        Priority::Action,
        [id = id.toStdString()](workspace::Workspace &space, const CancelToken &) {
            Removed removed{space.playbooks().text(id).value_or(std::string()), {}};
            removed.done = space.playbooks().remove(id);
            return removed;
        },
        this,
        [this, id](const Removed &removed) {
            refresh();
            if (!removed.done) {
                Q_EMIT failed(removed.done.error());
                return;
            }
            m_undo.pushChange(tr("removal of %1").arg(shown(id.toStdString(), 80)),
                              [text = removed.text](workspace::Workspace &space) { return savedAgain(space, text); });
        });
}

void PlaybookController::setEnabled(const QString &id, bool enabled)
{
    change([id = id.toStdString(),
            enabled](workspace::Workspace &space) { return space.playbooks().setEnabled(id, enabled); },
           [this, id, enabled] {
               m_undo.pushChange(enabled ? tr("turning on of %1").arg(shown(id.toStdString(), 80))
                                         : tr("turning off of %1").arg(shown(id.toStdString(), 80)),
                                 [id = id.toStdString(), enabled](workspace::Workspace &space) {
                                     return space.playbooks().setEnabled(id, !enabled);
                                 });
           });
}

void PlaybookController::takeSteps(const Result<std::vector<workspace::PlaybookStep>> &steps)
{
    if (!steps) {
        m_steps.setSteps({});
        Q_EMIT failed(steps.error());
        return;
    }
    m_steps.setSteps(*steps);
}

void PlaybookController::rehearse(const QString &text, std::int64_t alert)
{
    using Answer = Result<std::vector<workspace::PlaybookStep>>;
    m_session.runLatest<Answer>(
        m_stepping, Priority::Action,
        [text = text.toStdString(), alert](workspace::Workspace &space, const CancelToken &cancel) -> Answer {
            return space.playbooks().rehearseText(text, alert, cancel);
        },
        this,
        [this](const Answer &steps) {
            takeSteps(steps);
            Q_EMIT rehearsed();
        });
}

void PlaybookController::showRun(std::int64_t run)
{
    using Answer = Result<std::vector<workspace::PlaybookStep>>;
    m_session.runLatest<Answer>(
        m_stepping, Priority::Page,
        [run](workspace::Workspace &space, const CancelToken &) -> Answer { return space.playbooks().steps(run); },
        this, [this](const Answer &steps) { takeSteps(steps); });
}

void PlaybookController::run(const QString &id, std::int64_t alert)
{
    using Answer = Result<workspace::PlaybookRun>;
    m_session.startJob(
        tr("Playbook %1").arg(shown(id.toStdString(), 80)),
        [id = id.toStdString(), alert](workspace::Workspace &space, const JobReporter &, const CancelToken &cancel)
            -> Answer { return space.playbooks().run(id, alert, true, cancel); },
        this,
        [this](const Answer &ended) {
            refresh();
            if (ended) {
                showRun(ended->id);
            }
        });
}

void PlaybookController::decide(std::int64_t run, bool approved)
{
    using Answer = Result<workspace::PlaybookRun>;
    m_session.startJob(
        approved ? tr("Go on with run %1").arg(run) : tr("Stop run %1").arg(run),
        [run, approved](workspace::Workspace &space, const JobReporter &, const CancelToken &cancel) -> Answer {
            const auto who = space.settings().get("respond.actor");
            return space.playbooks().decide(run, approved, who.value_or("you"), cancel);
        },
        this,
        [this, run](const Answer &) {
            refresh();
            showRun(run);
        });
}

} // namespace nightjar::present
