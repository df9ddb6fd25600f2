// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace nightjar::sources {

/// A streaming reader of a file or of standard input ("-"): plain, gz, bz2, xz, zst, or the members of zip, tar and 7z
/// (also tar.gz and the like); compressed members of an archive are decompressed once more, archives inside archives
/// are refused. Recognised by content, not by name. Use: open, then nextMember before each member, the first included.
///
/// Errors: NJ-SOURCES-003 not readable, -004 a folder, -005 damaged or cut (after what could be read has been given),
/// -006 more than 10,000 members, -007 archive inside an archive, -008 expands beyond all measure (a decompression
/// bomb). Thread: one owner. Memory: a few buffers, whatever the size.
class Input {
public:
    static Result<std::unique_ptr<Input>> open(const std::filesystem::path &path);
    ~Input();
    Input(const Input &) = delete;
    Input &operator=(const Input &) = delete;
    Input(Input &&) = delete;
    Input &operator=(Input &&) = delete;

    /// False when there is none left. What is unread of the current member is passed over.
    Result<bool> nextMember();
    /// 0 at the end of the member.
    Result<std::size_t> read(std::span<char> into);

    /// "logs.zip!web.json" for members of archives, else the path as given.
    [[nodiscard]] std::string name() const;
    /// For progress, in bytes as stored; the total is 0 when it is not known.
    [[nodiscard]] std::uint64_t bytesRead() const;
    [[nodiscard]] std::uint64_t totalBytes() const;
    /// XXH3 of the first 64 KiB of the member and of its name within the archive; known after nextMember. 0 for
    /// standard input, which is not waited for.
    [[nodiscard]] std::uint64_t headFingerprint() const;
    /// XXH3 of all bytes of the member read so far; the member's own once read() has given 0.
    [[nodiscard]] std::uint64_t fingerprint() const;

private:
    struct State;
    explicit Input(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::sources
