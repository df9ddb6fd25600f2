// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "store/eventstore.h"
#include "store/repair.h"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace nightjar::workspace {

class Engine;

struct StoreCheck {
    std::int64_t events = 0;
    std::uint64_t bytes = 0;
    std::vector<Error> problems; ///< one for each place that is damaged or missing
};
struct CompactReport {
    store::MergeReport merged;
    std::uint64_t bytesBefore = 0, bytesAfter = 0; ///< of the event store's files and the catalog
};
struct BackupReport {
    std::filesystem::path file;
    std::uint64_t bytes = 0; ///< of the file
    std::int64_t events = 0;
    std::size_t databases = 0;
    std::vector<std::string> leftOut; ///< what is not in the file, in words
};
struct RetainReport {
    std::int64_t events = 0; ///< dropped
    std::uint64_t bytesBefore = 0, bytesAfter = 0;
};
/// How long events stay. Whole segments go: those of which the newest event is too old, then the oldest ones.
struct RetainLimits {
    std::int64_t days = 0;      ///< 0: no limit
    std::int64_t gigabytes = 0; ///< of the store's files, 10^9 bytes; 0: no limit
};
/// One line of a diagnosis.
struct Diagnosis {
    enum class State : std::uint8_t { Good, Note, Bad };
    State state = State::Good;
    std::string name;   ///< "store", "disk", …
    std::string detail; ///< what was found
    std::string hint;   ///< what to do; empty when nothing
};

/// Keeps a workspace in order: checks, compaction, copies, retention. Thread: any; each call locks what it changes.
/// Alerts and the evidence that they copied stay when events go.
/// Errors: NJ-WORK-130 the backup's file exists, -131 it cannot be written; those of the store (NJ-STORE-…).
class UpkeepService {
public:
    explicit UpkeepService(Engine &engine)
        : m_engine(engine)
    {
    }
    ~UpkeepService();
    UpkeepService(const UpkeepService &) = delete;
    UpkeepService &operator=(const UpkeepService &) = delete;

    /// Reads everything that is stored and compares every sum; SQLite's own check of each database.
    Result<StoreCheck> check(const store::UpkeepObserver &observer, const CancelToken &cancel);
    /// Merges small blocks and gives free pages back to the disk.
    Result<CompactReport> compact(const store::UpkeepObserver &observer, const CancelToken &cancel);
    /// Everything of the workspace but secrets in one tar archive (zstd), while it is in use. The file is whole or not
    /// there. Needs room for a second copy of the databases beside it while it is made.
    Result<BackupReport> backup(const std::filesystem::path &file, const store::UpkeepObserver &observer,
                                const CancelToken &cancel);
    Result<RetainReport> retain(const RetainLimits &limits);
    /// The limits of the settings `retention.days` and `retention.gigabytes`.
    [[nodiscard]] RetainLimits limits() const;
    /// The machine, the program's files and the workspace. Asks nobody for a passphrase.
    std::vector<Diagnosis> diagnose();

    /// What is done by itself: retention by the settings when `retaining`, and the merging of small blocks. What fails
    /// is tried again in the next round; check() and diagnose() tell of it.
    void keepInOrder(bool retaining, const CancelToken &cancel);
    /// From now on a thread of its own does that every ten minutes, with retention every hour, until the workspace is
    /// closed. Once is enough.
    void start();

private:
    Engine &m_engine;
    CancelToken m_ending;
    std::mutex m_mutex; ///< of the thread's start
    std::thread m_thread;
};

/// Salvages what can be read of damaged files of a workspace, which nobody may have open. See store/repair.h.
Result<store::RepairReport> repairWorkspace(const std::filesystem::path &folder, const store::UpkeepObserver &observer,
                                            const CancelToken &cancel);

} // namespace nightjar::workspace
