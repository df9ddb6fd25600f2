// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "base/time.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nightjar::workspace {

class Engine;

/// A playbook as it is listed.
struct PlaybookInfo {
    std::string id, title, description, file;
    int version = 0;
    bool own = false;                  ///< of the workspace; else it came with the program
    bool enabled = false;              ///< runs by itself
    std::string why;                   ///< why it does not run although it was enabled: changed since, errors, stopped
    std::vector<std::string> triggers; ///< "alert", "new_indicator", "schedule", "manual"
    std::vector<std::string> secrets;  ///< that it needs: "playbook.<name>"
    std::vector<Error> problems;       ///< of a file that cannot be used
};

/// A run as it is listed.
struct PlaybookRun {
    std::int64_t id = 0, alert = 0;
    std::string playbook, title, trigger, state, why, actor;
    int version = 0;
    Timestamp created = kNoTime, updated = kNoTime, wake = kNoTime;
};

/// One step of a run or of a dry run; no secret is in it.
struct PlaybookStep {
    std::string path, name, kind, state, why;
    std::string sends, result; ///< JSON, may be empty
    Timestamp started = kNoTime, ended = kNoTime;
};

/// Playbooks: those that came with the program (all disabled) and those of the workspace's folder `playbooks`, which go
/// before. Thread: any; runs are carried out one after the other.
class PlaybookService {
public:
    explicit PlaybookService(Engine &engine);
    ~PlaybookService();
    PlaybookService(const PlaybookService &) = delete;
    PlaybookService &operator=(const PlaybookService &) = delete;

    /// Everything wrong with a text; empty: it can run.
    static std::vector<Error> check(const std::string &text, const std::string &file);
    std::vector<PlaybookInfo> list();
    /// Enabling keeps the hash of the text: a file that changes afterwards does not run until it is enabled again.
    /// NJ-PLAYBOOK-042 when there is no such playbook, or its first problem.
    Status setEnabled(const std::string &id, bool enabled);

    /// The text of a listed playbook.
    Result<std::string> text(const std::string &id);
    struct Saved {
        std::string id;
        std::string before; ///< the workspace's own text that it replaced; empty: there was none
    };
    /// Keeps a text as the workspace's own. It does not run by itself until it is enabled (again). Its first problem
    /// when it has some.
    Result<Saved> save(const std::string &text);
    /// Removes an own one; one of the same id that came with the program shows again. NJ-PLAYBOOK-044 when it is not
    /// the workspace's own.
    Status remove(const std::string &id);

    /// Each step with what it would send for that alert (0: none). Needs no tenant and no network. `what`: a file, or
    /// the id of a listed playbook.
    Result<std::vector<PlaybookStep>> rehearse(const std::string &what, std::int64_t alert, const CancelToken &cancel);
    /// The same for a text that is not kept.
    Result<std::vector<PlaybookStep>> rehearseText(const std::string &text, std::int64_t alert,
                                                   const CancelToken &cancel);
    /// Runs it now, on this thread, until it ends or waits. NJ-PLAYBOOK-043 when it has run for that alert, unless
    /// `again`.
    Result<PlaybookRun> run(const std::string &what, std::int64_t alert, bool again, const CancelToken &cancel);
    /// Newest first.
    Result<std::vector<PlaybookRun>> runs(std::size_t limit);
    Result<std::vector<PlaybookStep>> steps(std::int64_t run);
    /// Answers a run that asks, and goes on with it. NJ-PLAYBOOK-041 when it does not ask.
    Result<PlaybookRun> decide(std::int64_t run, bool approved, const std::string &who, const CancelToken &cancel);

    /// Looks at triggers and carries out what is due, once, on this thread; the number of runs gone on with.
    Result<int> catchUp(const CancelToken &cancel);
    /// The same every second or two on a thread of its own, until `stop` or the end of the workspace.
    void start();
    void stop();
    /// Who shows notifications, on the worker's thread; without one the desktop's own program is asked.
    void onNotify(std::function<void(const std::string &title, const std::string &text)> show);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::workspace
