// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/bytesource.h"

#include <memory>
#include <string>

struct archive;

namespace nightjar::sources {

/// The members of a zip, tar or 7z, or the one content of a bz2, xz or zst file, through libarchive. Nothing is ever
/// written to disk, so that member names are labels only. read() gives the current member.
class Archive : public ByteSource {
public:
    /// NJ-SOURCES-005 when the bytes are no such archive.
    static Result<std::unique_ptr<Archive>> open(std::unique_ptr<ByteSource> below, Magic magic, std::string name);
    ~Archive() override;
    Archive(const Archive &) = delete;
    Archive &operator=(const Archive &) = delete;
    Archive(Archive &&) = delete;
    Archive &operator=(Archive &&) = delete;

    /// The next member that is a file. NJ-SOURCES-005 damaged, -006 more than 10,000 members.
    Result<bool> next();
    [[nodiscard]] const std::string &memberName() const { return m_member; } ///< empty for bz2, xz, zst
    Result<std::size_t> read(std::span<char> into) override;

private:
    struct Feed; ///< what libarchive's callbacks see
    Archive();
    [[nodiscard]] Error damaged() const;

    std::unique_ptr<Feed> m_feed;
    ::archive *m_archive = nullptr;
    std::string m_name;
    std::string m_member;
    std::size_t m_members = 0;
};

} // namespace nightjar::sources
