// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "sources/health.h"
#include "sources/intake.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace nightjar::sources {

/// A file as it lay in a watched folder.
struct SeenFile {
    std::uint64_t size = 0;
    std::int64_t changed = 0; ///< nanoseconds since 1970, of its content
    bool operator==(const SeenFile &) const = default;
};

struct FolderWatchOptions {
    std::filesystem::path folder;
    std::int64_t pauseMicros = kMicrosPerSecond;      ///< between two looks
    std::int64_t settleMicros = 2 * kMicrosPerSecond; ///< a file that has not changed for so long is complete
    std::function<bool(const std::string &path, const SeenFile &file)> isDone; ///< was it stored by an earlier run?
    std::function<void(const std::string &path, const SeenFile &file)> markDone;
};

/// Reads the files that appear in a folder and below, such as objects that a tool copies from an S3 bucket: each once
/// it has stopped changing, compressed ones and archives too, each a delivery. Hidden and temporary names (".x",
/// "x.tmp", "x.part", "x.~1~") are left alone. A file that grows or is replaced is read again; what is known of it
/// adds nothing. One thread of its own.
class FolderWatch {
public:
    /// Both must outlive the watch. NJ-SOURCES-027 when the folder cannot be read.
    static Result<std::unique_ptr<FolderWatch>> start(FolderWatchOptions options, Intake &intake, HealthMeter &health);
    /// Stops reading; a file that is not read to its end is read again by the next run.
    ~FolderWatch();
    FolderWatch(const FolderWatch &) = delete;
    FolderWatch &operator=(const FolderWatch &) = delete;

private:
    class Loop;
    explicit FolderWatch(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> m_loop;
};

} // namespace nightjar::sources
