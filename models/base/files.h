// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace nightjar {

/// Owns a file descriptor. Move-only.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    ~FileDescriptor();
    FileDescriptor(FileDescriptor &&other) noexcept;
    FileDescriptor &operator=(FileDescriptor &&other) noexcept;
    FileDescriptor(const FileDescriptor &) = delete;
    FileDescriptor &operator=(const FileDescriptor &) = delete;

    [[nodiscard]] int get() const { return m_descriptor; }
    [[nodiscard]] bool valid() const { return m_descriptor >= 0; }
    void close();

private:
    int m_descriptor = -1;
};

/// An Error from errno: title "Cannot open FILE", reason the system's text, hint for the usual causes.
Error systemError(std::string code, std::string title, const std::filesystem::path &path, int errorNumber);

/// The whole file; NJ-BASE-020 when it cannot be read, NJ-BASE-021 when it is larger than `limit` bytes.
Result<std::string> readFile(const std::filesystem::path &path, std::uint64_t limit);

/// Writes beside the target and renames; mode 0600. The old file stays whole on any failure.
Status writeFileAtomically(const std::filesystem::path &path, std::string_view bytes);

/// Resident set size now and at its peak, in bytes, and processor seconds used by this process.
struct ProcessUsage {
    std::uint64_t peakResidentBytes = 0;
    double cpuSeconds = 0;
};
ProcessUsage processUsage();

} // namespace nightjar
