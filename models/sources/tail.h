// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/files.h"
#include "base/result.h"
#include "base/time.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace nightjar::sources {

class Input;

/// Where following a file stands: enough to find the same content again after a restart, also when it has been renamed
/// or compressed meanwhile.
struct TailCursor {
    std::uint64_t inode = 0;
    std::uint64_t offset = 0;   ///< bytes given out
    std::uint32_t headSize = 0; ///< bytes of the beginning that the hash covers, at most 1,024
    std::uint64_t headHash = 0; ///< XXH3

    /// One line of text for the store. fromText: NJ-SOURCES-010 when it is no such line.
    [[nodiscard]] std::string toText() const;
    static Result<TailCursor> fromText(std::string_view text);
    bool operator==(const TailCursor &) const = default;
};

/// Follows one file by polling: appended bytes, rotation by renaming, truncation and rewriting, late appearance.
/// No threads and no waiting inside. Thread: one owner.
class Tail {
public:
    enum class What {
        Nothing, ///< no news
        Data,    ///< `bytes` follow those given before
        Rotated, ///< the file is at its end for good: finish the framer, begin a new one; the new file is read from its
                 ///< start
        Truncated, ///< the same, because the file was cut or rewritten in place
        Absent     ///< the file is not there (yet, or any more)
    };
    struct Poll {
        What what = What::Nothing;
        std::string bytes;
        TailCursor cursor; ///< behind `bytes`; to be stored together with what was made of them
    };

    /// Begins at the file's start, or behind `cursor`: then the rest of a file rotated meanwhile comes first, also when
    /// it was compressed (looked for beside the file, by content).
    Tail(std::filesystem::path path, const Clock &clock, const TailCursor *cursor = nullptr);
    ~Tail();
    Tail(const Tail &) = delete;
    Tail &operator=(const Tail &) = delete;
    Tail(Tail &&) noexcept;
    Tail &operator=(Tail &&) noexcept;

    /// At most `limit` bytes at a time: poll again at once while it gives Data, Rotated or Truncated.
    /// NJ-SOURCES-003 when the file cannot be read; polling again is allowed.
    Result<Poll> poll(std::size_t limit = 1U << 20U);

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    [[nodiscard]] const TailCursor &cursor() const { return m_cursor; }

private:
    Result<Poll> openFile();
    Result<Poll> resume(const TailCursor &cursor);
    Result<Poll> readFile(std::size_t limit);
    Result<Poll> readRotated(std::size_t limit);
    Result<Poll> atEnd();
    Poll begin(What what);
    void noteHead(std::string_view bytes);
    [[nodiscard]] bool headChanged() const;
    [[nodiscard]] Poll result(What what, std::string bytes = {}) const;

    std::filesystem::path m_path;
    const Clock *m_clock;
    FileDescriptor m_file;
    std::unique_ptr<Input> m_rotated; ///< the rest of a rotated file, when it is read through decompression
    TailCursor m_cursor;
    TailCursor m_wanted; ///< to resume from, until the first poll
    bool m_resuming = false;
    bool m_announceRotated = false; ///< after an error in a rotated file
    bool m_endsForGood = false;     ///< the open file is a rotated one found at resumption: nothing is appended to it
    std::string m_head;
    Timestamp m_replacedAt = kNoTime;
    std::int64_t m_seenSize = -1;
    std::int64_t m_seenChange = -1;
};

} // namespace nightjar::sources
