// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/session.h"

#include <QObject>

#include <vector>

namespace nightjar::present {

/// Records that could not be read, on behalf of a view: browsed by source and kind, tried again, exported. Thread: GUI;
/// nothing blocks.
class QuarantineController : public QObject {
    Q_OBJECT
public:
    using Entries = std::vector<workspace::QuarantineEntry>;
    explicit QuarantineController(Session &session, QObject *parent = nullptr);

    /// Those that are shown: newest first, of the source and kind that are asked for.
    [[nodiscard]] const Entries &entries() const { return m_shown; }
    /// Of the source that is asked for: title of what is wrong and how many, most first.
    [[nodiscard]] const std::vector<std::pair<QString, std::int64_t>> &kinds() const { return m_kinds; }
    /// True when only the newest were fetched.
    [[nodiscard]] bool cut() const;
    [[nodiscard]] bool busy() const { return m_asking.busy() || m_retrying; }
    [[nodiscard]] QString source() const { return m_source; }
    [[nodiscard]] QString kind() const { return m_kind; }

    /// changed() follows.
    void refresh();
    /// Empty: all of them. A file's source also names what lies in an archive of that name. changed() comes at once.
    void filter(const QString &source, const QString &kind);
    /// Parses all of the quarantine again; retried() follows. `format`: name of a kept one, empty: recognised.
    void retry(const QString &format, const QString &logType, const QString &zone);
    /// Writes all of the quarantine into a file; exported() follows. `raw`: the records alone, byte for byte, one a
    /// line; else JSON lines with reason and position.
    void exportTo(const QString &path, bool raw);

Q_SIGNALS:
    void changed();
    void retried(const nightjar::workspace::QuarantineSummary &summary);
    void exported(const QString &path, qint64 records);
    void failed(const nightjar::Error &error);

private:
    void select();

    Session &m_session;
    Latest m_asking;
    Entries m_all, m_shown;
    std::vector<std::pair<QString, std::int64_t>> m_kinds;
    QString m_source, m_kind;
    bool m_retrying = false;
};

/// One JSON object on one line: source, line, index, what is wrong and where, the record (also as base64 when it is no
/// UTF-8).
QByteArray quarantineJson(const workspace::QuarantineEntry &entry);

} // namespace nightjar::present
