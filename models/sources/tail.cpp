// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/tail.h"

#include "sources/input.h"
#include "sources/rotated.h"

#include "base/hash.h"
#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nightjar::sources {

namespace {

constexpr std::size_t kHeadBytes = 1'024;
constexpr Timestamp kGrace = kMicrosPerSecond; ///< a writer may still finish the renamed file
constexpr std::string_view kCursorMark = "nj-tail-1";
constexpr std::uint32_t kTellingHead = 256;

std::optional<std::uint64_t> parseUnsigned(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// Bytes at `offset`, as many as are there up to `size`; -1 with errno on failure.
ssize_t readAt(int descriptor, char *into, std::size_t size, std::uint64_t offset)
{
    for (;;) {
        const ssize_t got = ::pread(descriptor, into, size, static_cast<off_t>(offset));
        if (got >= 0 || errno != EINTR) {
            return got;
        }
    }
}

std::int64_t changeTime(const struct stat &status)
{
    return static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
}

} // namespace

std::string TailCursor::toText() const
{
    return std::string(kCursorMark) + ' ' + std::to_string(inode) + ' ' + std::to_string(offset) + ' ' +
           std::to_string(headSize) + ' ' + std::to_string(headHash);
}

Result<TailCursor> TailCursor::fromText(std::string_view text)
{
    const std::vector<std::string_view> parts = split(text, ' ');
    if (parts.size() == 5 && parts[0] == kCursorMark) {
        const auto inode = parseUnsigned(parts[1]);
        const auto offset = parseUnsigned(parts[2]);
        const auto headSize = parseUnsigned(parts[3]);
        const auto headHash = parseUnsigned(parts[4]);
        if (inode && offset && headSize && headHash && *headSize <= kHeadBytes && *headSize <= *offset) {
            return TailCursor{*inode, *offset, static_cast<std::uint32_t>(*headSize), *headHash};
        }
    }
    return fail("NJ-SOURCES-010", "A saved position is not readable", "it is not of the form this version writes",
                "The file is followed from its beginning.");
}

Tail::Tail(std::filesystem::path path, const Clock &clock, const TailCursor *cursor)
    : m_path(std::move(path))
    , m_clock(&clock)
{
    if (cursor != nullptr) {
        m_wanted = *cursor;
        m_cursor = *cursor;
        m_resuming = true;
    }
}

Tail::~Tail() = default;
Tail::Tail(Tail &&) noexcept = default;
Tail &Tail::operator=(Tail &&) noexcept = default;

Tail::Poll Tail::result(What what, std::string bytes) const
{
    return Poll{what, std::move(bytes), m_cursor};
}

/// A new content begins: nothing of it has been given out.
Tail::Poll Tail::begin(What what)
{
    m_cursor = TailCursor{m_file.valid() ? m_cursor.inode : 0, 0, 0, hash64({})};
    m_head.clear();
    m_replacedAt = kNoTime;
    m_endsForGood = false;
    m_seenSize = -1;
    return result(what);
}

Result<Tail::Poll> Tail::poll(std::size_t limit)
{
    if (m_announceRotated) {
        m_announceRotated = false;
        return begin(What::Rotated);
    }
    if (m_resuming) {
        auto resumed = resume(m_wanted);
        if (!resumed || resumed->what != What::Nothing) {
            return resumed;
        }
    }
    if (m_rotated) {
        return readRotated(limit);
    }
    if (!m_file.valid()) {
        auto opened = openFile();
        if (!opened || opened->what != What::Nothing) {
            return opened;
        }
    }
    return readFile(limit);
}

/// Nothing: it is open now.
Result<Tail::Poll> Tail::openFile()
{
    FileDescriptor file(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.valid() && errno == ENOENT) {
        return result(What::Absent);
    }
    struct stat status {};
    if (!file.valid() || ::fstat(file.get(), &status) != 0) {
        return fail(systemError("NJ-SOURCES-003", "Cannot follow " + m_path.string(), m_path, errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return fail("NJ-SOURCES-003", "Cannot follow " + m_path.string(), "it is no regular file",
                    "Name a log file; for a pipe use import with -.");
    }
    m_file = std::move(file);
    begin(What::Nothing);
    m_cursor.inode = status.st_ino;
    return result(What::Nothing);
}

/// Nothing: reading can go on behind the cursor, in the file or in what a rotation made of it.
Result<Tail::Poll> Tail::resume(const TailCursor &cursor)
{
    auto opened = openFile();
    if (!opened) {
        return opened;
    }
    if (opened->what == What::Nothing) {
        struct stat status {};
        std::string head(cursor.headSize, '\0');
        const bool whole = ::fstat(m_file.get(), &status) == 0 &&
                           static_cast<std::uint64_t>(status.st_size) >= cursor.offset &&
                           readAt(m_file.get(), head.data(), head.size(), 0) == static_cast<ssize_t>(head.size()) &&
                           hash64(head) == cursor.headHash;
        if (whole && (status.st_ino == cursor.inode || cursor.headSize >= kTellingHead)) {
            m_cursor.offset = cursor.offset;
            m_resuming = false;
            noteHead(head);
            return result(What::Nothing);
        }
    }
    const TailCursor fresh = m_cursor;
    RotatedFile rotated = findRotated(m_path, cursor);
    if (!rotated.found() && opened->what == What::Absent) {
        m_cursor = cursor;
        return opened; // it may come back
    }
    m_resuming = false;
    if (!rotated.found()) {
        return begin(fresh.inode == cursor.inode ? What::Truncated : What::Rotated);
    }
    m_file = std::move(rotated.plain);
    m_rotated = std::move(rotated.compressed);
    m_cursor = cursor;
    m_head.assign(kHeadBytes, '\0'); // the head of the cursor stays as it is
    m_endsForGood = true;
    m_seenSize = -1;
    return result(What::Nothing);
}

Result<Tail::Poll> Tail::readRotated(std::size_t limit)
{
    std::string bytes(limit, '\0');
    const auto got = m_rotated->read(bytes);
    if (!got || *got == 0) {
        m_rotated.reset();
        m_file.close();
        if (!got) {
            m_announceRotated = true;
            return fail(got.error());
        }
        return begin(What::Rotated);
    }
    bytes.resize(*got);
    m_cursor.offset += *got;
    return result(What::Data, std::move(bytes));
}

void Tail::noteHead(std::string_view bytes)
{
    if (m_head.size() >= kHeadBytes) {
        return;
    }
    m_head.append(bytes.substr(0, kHeadBytes - m_head.size()));
    m_cursor.headSize = static_cast<std::uint32_t>(m_head.size());
    m_cursor.headHash = hash64(m_head);
}

bool Tail::headChanged() const
{
    std::string now(m_cursor.headSize, '\0');
    const ssize_t got = readAt(m_file.get(), now.data(), now.size(), 0);
    return got != static_cast<ssize_t>(now.size()) || hash64(now) != m_cursor.headHash;
}

Result<Tail::Poll> Tail::readFile(std::size_t limit)
{
    struct stat status {};
    if (::fstat(m_file.get(), &status) != 0) {
        return fail(systemError("NJ-SOURCES-003", "Cannot follow " + m_path.string(), m_path, errno));
    }
    const bool news = status.st_size != m_seenSize || changeTime(status) != m_seenChange;
    m_seenSize = status.st_size;
    m_seenChange = changeTime(status);
    if (static_cast<std::uint64_t>(status.st_size) < m_cursor.offset ||
        (news && m_cursor.headSize > 0 && headChanged())) {
        m_cursor.inode = status.st_ino;
        return begin(What::Truncated);
    }
    std::string bytes(std::min<std::uint64_t>(limit, static_cast<std::uint64_t>(status.st_size) - m_cursor.offset),
                      '\0');
    if (bytes.empty()) {
        return atEnd();
    }
    const ssize_t got = readAt(m_file.get(), bytes.data(), bytes.size(), m_cursor.offset);
    if (got < 0) {
        return fail(systemError("NJ-SOURCES-003", "Cannot follow " + m_path.string(), m_path, errno));
    }
    bytes.resize(static_cast<std::size_t>(got));
    if (m_cursor.offset == m_head.size()) {
        noteHead(bytes);
    }
    m_cursor.offset += bytes.size();
    m_replacedAt = kNoTime;
    const What what = bytes.empty() ? What::Nothing : What::Data;
    return result(what, std::move(bytes));
}

/// All has been read: is it still the file of that name?
Result<Tail::Poll> Tail::atEnd()
{
    if (m_endsForGood) {
        m_file.close();
        return begin(What::Rotated);
    }
    struct stat status {};
    if (::stat(m_path.c_str(), &status) != 0) {
        return result(errno == ENOENT ? What::Absent : What::Nothing);
    }
    if (status.st_ino == m_cursor.inode) {
        m_replacedAt = kNoTime;
        return result(What::Nothing);
    }
    const Timestamp now = m_clock->now();
    if (m_replacedAt == kNoTime || now < m_replacedAt) {
        m_replacedAt = now;
    }
    if (now - m_replacedAt < kGrace) {
        return result(What::Nothing);
    }
    m_file.close();
    return begin(What::Rotated);
}

} // namespace nightjar::sources
