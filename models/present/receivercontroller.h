// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/session.h"
#include "present/undostack.h"

#include <QList>
#include <QMap>
#include <QObject>
#include <QTimer>

#include <optional>
#include <string>
#include <vector>

namespace nightjar::present {

/// The sources of a workspace on behalf of a view: what they are and how they fare, and the changes a person makes,
/// each of which can be taken back. Thread: GUI; nothing blocks.
class ReceiverController : public QObject {
    Q_OBJECT
public:
    struct State {
        std::vector<workspace::ReceiverInfo> receivers;
        std::vector<workspace::SourceInfo> sources; ///< without those in `receivers`
        std::optional<Error> trouble;               ///< why the store takes nothing at the moment
    };

    ReceiverController(Session &session, UndoStack &undo, QObject *parent = nullptr);

    [[nodiscard]] const State &state() const { return m_state; }
    [[nodiscard]] const workspace::ReceiverInfo *find(const std::string &key) const;
    /// Records a second of the last half minute, oldest first.
    [[nodiscard]] QList<double> rates(const std::string &key) const
    {
        return m_rates.value(QString::fromStdString(key));
    }
    [[nodiscard]] bool busy() const { return m_asking.busy() || m_changing.busy(); }
    /// changed() follows.
    void refresh();
    /// Asks again once a second, as long as a view shows them.
    void setWatching(bool watching);

    /// Adds a receiver, or replaces `old` (its key; empty: none), and starts it when it ran or `start`.
    void save(const workspace::ReceiverConfig &config, const std::string &old, bool start);
    void start(const std::string &key);
    void stop(const std::string &key);
    void remove(const std::string &key);
    /// tokenMade() follows. The token is nowhere kept; only its hash goes into a configuration.
    void makeToken();

Q_SIGNALS:
    void changed();
    /// A change was made and can be taken back; `key` of the receiver, empty once it is gone.
    void done(const QString &text, const QString &key);
    void failed(const nightjar::Error &error);
    void tokenMade(const QString &token, const QString &hash);

private:
    struct Changed {
        std::string key;
        std::optional<Error> problem; ///< the change was made, but what was to follow it failed
    };
    using Change = std::function<Result<Changed>(workspace::Workspace &)>;
    void change(const QString &text, Change work, UndoStack::Inverse inverse);
    void take(Result<State> answer);

    Session &m_session;
    UndoStack &m_undo;
    Latest m_asking;
    Latest m_changing;
    QTimer m_watch;
    State m_state;
    QMap<QString, QList<double>> m_rates;
};

} // namespace nightjar::present
