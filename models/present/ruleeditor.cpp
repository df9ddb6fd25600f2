// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/ruleeditor.h"

#include "present/show.h"
#include "workspace/workspace.h"

namespace nightjar::present {

namespace {

constexpr int kTypingMs = 150;
constexpr int kRestingMs = 350;
constexpr std::size_t kSamples = 20;

/// Where the last `days` of the store begin; kNoTime: open.
Timestamp beginOf(workspace::Workspace &space, int days)
{
    if (days == 0) {
        return kNoTime;
    }
    workspace::SearchRequest newest;
    newest.limit = 1;
    const auto page = space.search().page(newest, {});
    return page && !page->rows.empty() ? page->rows.front().time - days * kMicrosPerDay : kNoTime;
}

Result<RuleTrial> tryRule(workspace::Workspace &space, const std::string &yaml, int days, const CancelToken &cancel)
{
    auto test = space.detections().test(yaml, beginOf(space, days), kNoTime, cancel);
    if (!test) {
        return fail(test.error());
    }
    RuleTrial trial;
    trial.test = std::move(*test);
    for (const std::int64_t id : trial.test.samples) {
        if (trial.samples.size() == kSamples || cancel.cancelled()) {
            break;
        }
        if (const auto event = space.search().event(id)) {
            trial.samples.push_back(sampleOf(*event));
        }
    }
    return trial;
}

} // namespace

RuleSample sampleOf(const workspace::EventDetail &event)
{
    RuleSample sample;
    sample.id = event.id;
    sample.time = event.time;
    sample.fields = event.fields;
    const auto value = [&](std::string_view field) {
        for (const auto &[name, text] : event.fields) {
            if (name == field) {
                return shownField(field, text);
            }
        }
        return QString();
    };
    for (const std::string_view field : {"user.name", "user.email", "source.ip"}) {
        sample.user = sample.user.isEmpty() ? value(field) : sample.user;
    }
    for (const std::string_view field : {"url.original", "dns.question.name", "destination.domain", "destination.ip"}) {
        sample.target = sample.target.isEmpty() ? value(field) : sample.target;
    }
    sample.action = value("event.action");
    return sample;
}

RuleEditor::RuleEditor(Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(&m_typing, &QTimer::timeout, this, &RuleEditor::check);
    m_resting.setSingleShot(true);
    m_resting.setInterval(kRestingMs);
    connect(&m_resting, &QTimer::timeout, this, &RuleEditor::beginTrial);
}

void RuleEditor::open(const QString &text)
{
    m_saved = text;
    m_savedTest.reset();
    m_tryingSaved.cancel();
    setText(text);
}

void RuleEditor::setText(const QString &text)
{
    m_text = text;
    m_trying.cancel();
    m_resting.stop();
    m_typing.start();
}

void RuleEditor::markSaved()
{
    m_saved = m_text;
    m_savedTest.reset();
    Q_EMIT checked();
    Q_EMIT tested();
}

void RuleEditor::setDays(int days)
{
    m_days = days;
    m_savedTest.reset();
    if (m_usable) {
        beginTrial();
    }
}

void RuleEditor::stop()
{
    m_resting.stop();
    m_trying.cancel();
    m_tryingSaved.cancel();
    Q_EMIT tested();
}

void RuleEditor::check()
{
    m_session.runLatest(
        m_checking, Priority::Page,
        [text = m_text.toStdString()](workspace::Workspace &space, const CancelToken &) {
            return text.empty() ? std::vector<workspace::RuleProblem>{} : space.detections().check(text);
        },
        this, [this](const std::vector<workspace::RuleProblem> &problems) { takeProblems(problems); });
}

void RuleEditor::takeProblems(const std::vector<workspace::RuleProblem> &problems)
{
    m_marks.clear();
    m_remark.clear();
    m_usable = !problems.empty();
    for (const workspace::RuleProblem &problem : problems) {
        if (problem.status == "ok") {
            m_remark = m_remark.isEmpty() ? shown(problem.reason, 500) : m_remark;
            continue;
        }
        m_usable = false;
        m_marks.push_back({static_cast<int>(problem.line),
                           static_cast<int>(problem.column),
                           Tone::Error,
                           shown(problem.reason, 500),
                           {},
                           {}});
    }
    if (m_usable) {
        m_resting.start();
    } else {
        m_trial.reset();
        m_savedTest.reset();
    }
    Q_EMIT checked();
}

void RuleEditor::beginTrial()
{
    m_resting.stop();
    tryOn(1, m_days != 1); // an answer about the newest day comes soon
    Q_EMIT testStarted();
}

void RuleEditor::tryOn(int days, bool first)
{
    m_session.runLatest<Result<RuleTrial>>(
        m_trying, Priority::Count,
        [yaml = m_text.toStdString(), days](workspace::Workspace &space, const CancelToken &cancel) {
            return tryRule(space, yaml, days, cancel);
        },
        this,
        [this, days, first](Result<RuleTrial> trial) {
            if (!trial) {
                m_trial.reset();
                Q_EMIT tested();
                Q_EMIT failed(trial.error());
                return;
            }
            m_trial = std::move(*trial);
            m_trial->days = days;
            m_trial->first = first;
            if (first) {
                tryOn(m_days, false); // the rest, while the newest day is looked at
            } else {
                trySaved();
            }
            Q_EMIT tested();
        });
}

void RuleEditor::trySaved()
{
    if (!isChanged() || m_saved.isEmpty() || m_savedTest) {
        return;
    }
    m_session.runLatest<Result<RuleTrial>>(
        m_tryingSaved, Priority::Background,
        [yaml = m_saved.toStdString(), days = m_days](workspace::Workspace &space, const CancelToken &cancel) {
            return tryRule(space, yaml, days, cancel);
        },
        this,
        [this](Result<RuleTrial> trial) {
            if (trial) { // a saved text that does not run is not compared with
                m_savedTest = std::move(trial->test);
                Q_EMIT tested();
            }
        });
}

} // namespace nightjar::present
