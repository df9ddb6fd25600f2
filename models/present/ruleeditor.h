// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/feedreport.h"
#include "present/session.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <optional>

namespace nightjar::present {

/// An event that a rule found, as a list shows it.
struct RuleSample {
    std::int64_t id = 0;
    Timestamp time = kNoTime;
    QString user, target, action;
    std::vector<std::pair<std::string, std::string>> fields; ///< all of it, for exceptions
};

RuleSample sampleOf(const workspace::EventDetail &event);

/// What the past says about the text of an editor.
struct RuleTrial {
    workspace::RuleTest test;
    std::vector<RuleSample> samples;
    int days = 0;       ///< asked for; 0: all of the store
    bool first = false; ///< the newest day only; the rest follows
};

/// The text of a rule editor: judged as it is typed, and tried on the past when it rests; a change cancels what runs.
/// Thread: GUI; nothing blocks.
class RuleEditor : public QObject {
    Q_OBJECT
public:
    explicit RuleEditor(Session &session, QObject *parent = nullptr);

    /// Opens another rule: `text` is what is saved. Checked and tried at once.
    void open(const QString &text);
    /// checked() follows 150 ms behind the last call, tested() once it is right and rests.
    void setText(const QString &text);
    /// The saved version becomes the text of now.
    void markSaved();
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] bool isChanged() const { return m_text != m_saved; }
    /// 1, 7, 30 days back from the newest event, 0: all.
    void setDays(int days);
    [[nodiscard]] int days() const { return m_days; }
    void stop();

    [[nodiscard]] const std::vector<TextMark> &marks() const { return m_marks; }
    /// Why it runs but will hardly fire; empty: it can.
    [[nodiscard]] QString remark() const { return m_remark; }
    [[nodiscard]] bool isUsable() const { return m_usable; }
    [[nodiscard]] const std::optional<RuleTrial> &trial() const { return m_trial; }
    /// The saved version over the same days, once the text was changed; else none.
    [[nodiscard]] const std::optional<workspace::RuleTest> &savedTest() const { return m_savedTest; }
    [[nodiscard]] bool testing() const { return m_trying.busy() || m_resting.isActive(); }
    [[nodiscard]] bool busy() const { return m_typing.isActive() || m_checking.busy() || testing(); }

Q_SIGNALS:
    void checked();
    /// A trial begins: what is shown is of another text.
    void testStarted();
    void tested();
    void failed(const nightjar::Error &error);

private:
    void check();
    void takeProblems(const std::vector<workspace::RuleProblem> &problems);
    void beginTrial();
    void tryOn(int days, bool first);
    void trySaved();

    Session &m_session;
    QTimer m_typing, m_resting;
    Latest m_checking, m_trying, m_tryingSaved;
    QString m_text, m_saved;
    int m_days = 7;
    std::vector<TextMark> m_marks;
    QString m_remark;
    bool m_usable = false;
    std::optional<RuleTrial> m_trial;
    std::optional<workspace::RuleTest> m_savedTest;
};

} // namespace nightjar::present
