// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/feedreport.h"
#include "present/session.h"
#include "present/undostack.h"
#include "workspace/feedformats.h"

#include <QObject>
#include <QTimer>

namespace nightjar::present {

/// A feed output format that a person edits: compiled as it is typed, kept, tried on records. Also the formats that the
/// workspace keeps, and the set-up of new feeds. Thread: GUI; nothing blocks.
class FeedController : public QObject {
    Q_OBJECT
public:
    FeedController(Session &session, UndoStack &undo, QObject *parent = nullptr);

    [[nodiscard]] bool busy() const;
    [[nodiscard]] const std::vector<workspace::KeptFeedFormat> &kept() const { return m_kept; }
    [[nodiscard]] const FeedReport &report() const { return m_report; }
    [[nodiscard]] const FeedCheck *check() const { return m_check ? &*m_check : nullptr; }

    /// keptChanged() follows.
    void refresh();
    /// compiled() follows, 150 ms behind the last call.
    void setText(const QString &text, const QString &escape);
    /// Reads a format file of at most 64 KB; fileRead() follows.
    void readFormatFile(const QString &path);
    /// Keeps the text under a name, replacing one of that name.
    void save(const QString &name);
    void remove(const QString &name);

    /// Tries the format on records; checked() follows, also after each later compilation, until clearRecords().
    void checkText(const QString &records);
    void checkFile(const QString &path);
    /// The newest stored records of the format's log type, as they came.
    void checkStored(const QString &logType);
    void clearRecords();

    /// setUp() follows.
    void makeSetup(const QString &feed, const QString &transport);

Q_SIGNALS:
    void keptChanged();
    void compiled();
    void checked();
    void fileRead(const QString &name, const QString &text);
    void setUp(const nightjar::logs::FeedSetup &setup);
    void done(const QString &text, const QString &name);
    void failed(const nightjar::Error &error);

private:
    void compile();
    void runCheck();
    using Lines = std::shared_ptr<const std::vector<std::string>>;
    void takeLines(const Result<Lines> &lines);
    void change(const QString &text, const QString &name, const UndoStack::Inverse &work, UndoStack::Inverse inverse);
    [[nodiscard]] std::optional<workspace::KeptFeedFormat> keptNamed(const std::string &name) const;

    Session &m_session;
    UndoStack &m_undo;
    QTimer m_typing;
    Latest m_listing, m_compiling, m_checking, m_reading, m_changing, m_settingUp;
    std::string m_text, m_escape;
    std::vector<workspace::KeptFeedFormat> m_kept;
    FeedReport m_report;
    Lines m_records;
    std::optional<FeedCheck> m_check;
};

} // namespace nightjar::present
