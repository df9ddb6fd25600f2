// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/rulecatalogue.h"
#include "present/ruleeditor.h"
#include "present/session.h"
#include "present/tablemodels.h"
#include "present/undostack.h"

#include <QObject>

namespace nightjar::present {

/// What an exception would do: hits of the rule without and with it.
struct ExceptionTrial {
    std::int64_t before = 0, left = 0;
    std::string text; ///< the filter document
    [[nodiscard]] std::int64_t closed() const { return before - left; }
};

/// What a hunt found: events, the newest of them first met.
struct HuntResult {
    QString title;
    workspace::HuntSummary summary;
    std::vector<std::int64_t> events; ///< at most 10,000
    std::vector<RuleSample> samples;  ///< the first of them
};

/// Rules of a workspace on behalf of a view: the catalogue, what the past says about it, and the changes a person
/// makes, each of which can be taken back. Thread: GUI; nothing blocks.
class DetectionController : public QObject {
    Q_OBJECT
public:
    using Values = std::vector<std::pair<std::string, std::string>>;
    DetectionController(Session &session, UndoStack &undo, QObject *parent = nullptr);

    [[nodiscard]] bool busy() const
    {
        return m_listing.busy() || m_changing.busy() || m_reading.busy() || m_trying.busy();
    }
    [[nodiscard]] bool counting() const { return m_counting; }
    [[nodiscard]] bool hunting() const { return m_hunting; }

    /// rulesRead() follows.
    void refresh();
    /// Hits and cost of all rules over the newest `days` of the store, as a job; noiseCounted() follows.
    void countHits(int days);
    void setEnabled(const std::vector<workspace::RuleInfo> &rules, bool enabled);
    /// Empty: as the file says.
    void setLevel(const std::vector<workspace::RuleInfo> &rules, const QString &level);

    /// sourceRead() follows: the document of the rule alone when its file holds several.
    void readSource(const workspace::RuleInfo &rule);
    /// Saves the user's own rule, into `file` when that is one of them, else into a new file. With `replaces` (a rule
    /// that is not the user's) that one is turned off. done() and saved() follow.
    void save(const QString &yaml, const std::string &file, const QString &replaces);

    /// exceptionTried() follows.
    void tryException(const workspace::RuleInfo &rule, const QString &yaml, const Values &values);
    void addException(const workspace::RuleInfo &rule, const Values &values, const QString &title);

    /// Compares with what was imported before; importCompared() follows. Nothing is changed.
    void compareImport(const QString &path);
    /// Takes it over, as a job; imported() follows.
    void applyImport(const QString &path);

    /// One rule of the catalogue over the newest `days` (0: all), as a job; hunted() follows.
    void hunt(const workspace::RuleInfo &rule, int days);

Q_SIGNALS:
    void rulesRead(const std::vector<nightjar::workspace::RuleInfo> &rules);
    void noiseCounted(const std::vector<nightjar::workspace::RuleNoise> &noise, double days);
    void sourceRead(const QString &reference, const QString &text, const QString &file);
    void saved(const QString &file);
    void exceptionTried(const nightjar::present::ExceptionTrial &trial);
    void importCompared(const std::vector<nightjar::workspace::RuleChange> &changes);
    void imported(const std::vector<nightjar::workspace::RuleChange> &changes);
    void hunted(const nightjar::present::HuntResult &result);
    void done(const QString &text);
    void failed(const nightjar::Error &error);

private:
    void change(const QString &text, UndoStack::Inverse work, UndoStack::Inverse inverse);

    Session &m_session;
    UndoStack &m_undo;
    Latest m_listing, m_changing, m_reading, m_trying;
    bool m_counting = false;
    bool m_hunting = false;
};

/// A file is the user's own when it can be written: below "own" or "exceptions" of the workspace's rules.
bool isOwnRule(const workspace::RuleInfo &rule);
/// The text of a new rule, with an id of its own.
QString newRuleText();
/// The document of `text` that has this id or title, else all of it.
QString documentOf(const QString &text, const workspace::RuleInfo &rule);
/// `text` with another id in its first document.
QString withNewId(const QString &text);

/// What an import would change: kind, rule, file, verdict, what differs.
class RuleChangesModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { KindColumn, TitleColumn, VerdictColumn, DiffersColumn, FileColumn };
    explicit RuleChangesModel(QObject *parent = nullptr);
    void setChanges(const std::vector<workspace::RuleChange> &changes);
};

} // namespace nightjar::present
