// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/rotated.h"

#include "sources/bytesource.h"

#include "base/hash.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nightjar::sources {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxCandidates = 200;
constexpr std::uint32_t kTellingHead = 256; ///< a shorter beginning may be a header line that every file has

bool readHead(int descriptor, std::uint32_t size, std::string &head)
{
    head.resize(size);
    std::size_t got = 0;
    while (got < size) {
        const ssize_t now = ::pread(descriptor, head.data() + got, size - got, static_cast<off_t>(got));
        if (now < 0 && errno == EINTR) {
            continue;
        }
        if (now <= 0) {
            return false;
        }
        got += static_cast<std::size_t>(now);
    }
    return true;
}

FileDescriptor openPlain(const fs::path &path, const TailCursor &cursor)
{
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    std::string head;
    if (!file.valid() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
        static_cast<std::uint64_t>(status.st_size) < cursor.offset || !readHead(file.get(), cursor.headSize, head) ||
        hash64(head) != cursor.headHash) {
        return {};
    }
    const bool same = status.st_ino == cursor.inode || cursor.headSize >= kTellingHead;
    return same ? std::move(file) : FileDescriptor();
}

/// Reads exactly `size` bytes; false when there are fewer.
bool readExactly(Input &input, std::uint64_t size, std::string *into)
{
    std::vector<char> buffer(64U << 10U);
    while (size > 0) {
        const auto got =
            input.read(std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(size, buffer.size()))));
        if (!got || *got == 0) {
            return false;
        }
        if (into != nullptr) {
            into->append(buffer.data(), *got);
        }
        size -= *got;
    }
    return true;
}

std::unique_ptr<Input> openCompressed(const fs::path &path, const TailCursor &cursor)
{
    if (cursor.headSize == 0) {
        return nullptr;
    }
    {
        auto file = FileSource::open(path);
        if (!file) {
            return nullptr;
        }
        PeekSource peek(std::move(*file));
        const Magic magic = magicOf(peek.peek(kMagicBytes));
        if (magic == Magic::Plain || magic == Magic::Tar) {
            return nullptr;
        }
    }
    auto input = Input::open(path);
    if (!input) {
        return nullptr;
    }
    const auto member = (*input)->nextMember();
    std::string head;
    if (!member || !*member || !readExactly(**input, cursor.headSize, &head) || hash64(head) != cursor.headHash ||
        cursor.offset < cursor.headSize || !readExactly(**input, cursor.offset - cursor.headSize, nullptr)) {
        return nullptr;
    }
    return std::move(*input);
}

/// Files beside `path` that a rotation may have made of it, newest first.
std::vector<fs::path> candidates(const fs::path &path)
{
    struct Candidate {
        fs::path path;
        fs::file_time_type time;
    };
    std::vector<Candidate> found;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const std::string stem = path.stem().string();
    std::error_code problem;
    for (fs::directory_iterator entry(folder, problem); !problem && entry != fs::directory_iterator();
         entry.increment(problem)) {
        const std::string name = entry->path().filename().string();
        std::error_code ignored;
        if (name.starts_with(stem) && name != path.filename().string() && entry->is_regular_file(ignored)) {
            found.push_back({entry->path(), entry->last_write_time(ignored)});
        }
    }
    std::sort(found.begin(), found.end(), [](const Candidate &a, const Candidate &b) { return a.time > b.time; });
    found.resize(std::min(found.size(), kMaxCandidates));
    std::vector<fs::path> paths;
    paths.reserve(found.size());
    for (Candidate &candidate : found) {
        paths.push_back(std::move(candidate.path));
    }
    return paths;
}

} // namespace

RotatedFile findRotated(const fs::path &path, const TailCursor &cursor)
{
    RotatedFile found;
    for (const fs::path &candidate : candidates(path)) {
        found.plain = openPlain(candidate, cursor);
        if (!found.plain.valid()) {
            found.compressed = openCompressed(candidate, cursor);
        }
        if (found.found()) {
            return found;
        }
    }
    return found;
}

} // namespace nightjar::sources
