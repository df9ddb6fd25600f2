// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "pipeline/stages.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nightjar::pipeline {

/// How far an import is. Sent at most ten times a second.
struct ImportProgress {
    std::string file;             ///< the file now read, "logs.zip!web.json" inside archives
    std::uint64_t bytesRead = 0;  ///< of all files, compressed
    std::uint64_t bytesTotal = 0; ///< 0 when unknown
    std::int64_t records = 0;
    std::int64_t events = 0;
    double eventsPerSecond = 0;
};

enum class FileState : std::uint8_t { Imported, AlreadyImported, WithBadRecords, Failed, Cancelled };

/// What became of one file or archive member.
struct FileResult {
    std::string file;
    std::string key; ///< of its source in the store
    FileState state = FileState::Imported;
    std::int64_t records = 0, events = 0, duplicates = 0, quarantined = 0;
    std::optional<Error> error;
};

struct ImportSummary {
    std::int64_t files = 0, records = 0, events = 0, duplicates = 0, quarantined = 0, alerts = 0;
    double seconds = 0;
    std::uint64_t bytes = 0, storeBytes = 0, peakRssBytes = 0;
    double eventsPerSecond = 0, cpuSeconds = 0;
    bool cancelled = false;
    std::vector<FileResult> results;
    StageSeconds stages; ///< processor seconds, all threads
};

} // namespace nightjar::pipeline
