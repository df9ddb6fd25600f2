// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/bytesource.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nightjar::sources {

Result<std::unique_ptr<FileSource>> FileSource::open(const std::filesystem::path &path)
{
    auto made = std::unique_ptr<FileSource>(new FileSource());
    made->m_path = path;
    if (path == "-") {
        made->m_descriptor = STDIN_FILENO;
        return made;
    }
    made->m_owned = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    made->m_descriptor = made->m_owned.get();
    struct stat status {};
    if (!made->m_owned.valid() || ::fstat(made->m_descriptor, &status) != 0) {
        return fail(systemError("NJ-SOURCES-003", "Cannot open " + path.string(), path, errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return fail(systemError("NJ-SOURCES-004", "Cannot read " + path.string(), path, EISDIR));
    }
    made->m_regular = S_ISREG(status.st_mode);
    made->m_size = made->m_regular ? static_cast<std::uint64_t>(status.st_size) : 0;
    if (made->m_regular) {
        ::posix_fadvise(made->m_descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    return made;
}

Result<std::size_t> FileSource::read(std::span<char> into)
{
    for (;;) {
        const ssize_t got = ::read(m_descriptor, into.data(), into.size());
        if (got >= 0) {
            m_position += static_cast<std::uint64_t>(got);
            m_read = std::max(m_read, m_position);
            return static_cast<std::size_t>(got);
        }
        if (errno != EINTR) {
            return fail(systemError("NJ-SOURCES-003", "Cannot read " + m_path.string(), m_path, errno));
        }
    }
}

bool FileSource::seek(std::uint64_t position)
{
    if (!m_regular || ::lseek(m_descriptor, static_cast<off_t>(position), SEEK_SET) < 0) {
        return false;
    }
    m_position = position;
    return true;
}

std::string_view PeekSource::peek(std::size_t size)
{
    while (m_head.size() - m_used < size && !m_error) {
        const std::size_t before = m_head.size();
        m_head.resize(before + (64U << 10U));
        const auto got = m_below->read(std::span(m_head).subspan(before));
        m_head.resize(before + (got ? *got : 0));
        if (!got) {
            m_error = got.error();
        } else if (*got == 0) {
            break;
        }
    }
    return std::string_view(m_head).substr(m_used);
}

Result<std::size_t> PeekSource::read(std::span<char> into)
{
    if (m_used < m_head.size()) {
        const std::size_t given = std::min(into.size(), m_head.size() - m_used);
        std::memcpy(into.data(), m_head.data() + m_used, given);
        m_used += given;
        if (m_used == m_head.size()) {
            m_head.clear();
            m_used = 0;
        }
        return given;
    }
    if (m_error) {
        return fail(*m_error);
    }
    return m_below->read(into);
}

bool PeekSource::seek(std::uint64_t position)
{
    m_head.clear();
    m_used = 0;
    return m_below->seek(position);
}

Magic magicOf(std::string_view head)
{
    using namespace std::string_view_literals;
    constexpr std::array<std::pair<std::string_view, Magic>, 8> kStarts{{
        {"\x1F\x8B\x08"sv, Magic::Gzip},
        {"PK\x03\x04"sv, Magic::Zip},
        {"PK\x05\x06"sv, Magic::Zip},
        {"7z\xBC\xAF\x27\x1C"sv, Magic::SevenZip},
        {"\xFD"
         "7zXZ\0"sv,
         Magic::Xz},
        {"\x28\xB5\x2F\xFD"sv, Magic::Zstd},
        {"BZh"sv, Magic::Bzip2},
        {"PK\x07\x08"sv, Magic::Zip},
    }};
    for (const auto &[start, magic] : kStarts) {
        if (head.starts_with(start)) {
            // Four letters that text may begin with: a block, or the end of an empty file, has to follow.
            const std::string_view after = head.size() >= 10 ? head.substr(4, 6) : std::string_view();
            const bool sure = magic != Magic::Bzip2 || after == "1AY&SY"sv || after == "\x17\x72\x45\x38\x50\x90"sv;
            return sure ? magic : Magic::Plain;
        }
    }
    return head.size() >= 262 && head.substr(257, 5) == "ustar"sv ? Magic::Tar : Magic::Plain;
}

std::string_view magicName(Magic magic)
{
    switch (magic) {
    case Magic::Gzip:
        return "gzip";
    case Magic::Zip:
        return "zip";
    case Magic::Tar:
        return "tar";
    case Magic::SevenZip:
        return "7z";
    case Magic::Bzip2:
        return "bzip2";
    case Magic::Xz:
        return "xz";
    case Magic::Zstd:
        return "zstd";
    case Magic::Plain:
        break;
    }
    return "plain";
}

} // namespace nightjar::sources
