// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/files.h"
#include "base/result.h"

#include <filesystem>
#include <string>

namespace nightjar::workspace {

/// A new file (0600) written through a buffer of a few megabytes. Thread: one.
class DemoFile {
public:
    static Result<DemoFile> create(const std::filesystem::path &path);
    /// Where records are appended; call flushIfFull between records.
    std::string &buffer() { return m_buffer; }
    Status flushIfFull() { return m_buffer.size() < kFull ? Status() : flush(); }
    Status flush();

private:
    static constexpr std::size_t kFull = std::size_t{4} << 20U;

    std::filesystem::path m_path;
    FileDescriptor m_file;
    std::string m_buffer;
};

} // namespace nightjar::workspace
