// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pipeline/importer.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace nightjar::pipeline {

/// Follows files until cancelled: what is appended is stored, looked at and alerted within about a second. Rotation,
/// truncation and the compression of a rotated file lose nothing; a restart goes on where the store says it was.
/// One thread, the caller's.
class Follower {
public:
    Follower(store::EventStore &events, Committer &committer, Detectors detectors, const Clock &clock,
             ImporterOptions options);
    ~Follower();
    Follower(const Follower &) = delete;
    Follower &operator=(const Follower &) = delete;

    Result<ImportSummary> run(const std::vector<std::filesystem::path> &paths,
                              const Importer::ProgressCallback &progress, const CancelToken &cancel);

private:
    struct Followed;
    Status begin(const std::filesystem::path &path);
    Result<bool> step(Followed &followed, bool ending);
    Status store(Followed &followed, logs::RecordBatch &&batch);
    Status endOfFile(Followed &followed);

    store::EventStore &m_events;
    Committer &m_committer;
    const Clock &m_clock;
    ImporterOptions m_options;
    Processor m_processor;
    std::vector<std::unique_ptr<Followed>> m_files;
    ImportSummary m_summary;
};

} // namespace nightjar::pipeline
