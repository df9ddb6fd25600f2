// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nightjar {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 16;

std::string hintFor(int errorNumber)
{
    switch (errorNumber) {
    case ENOENT:
        return "Check the spelling of the path; relative paths start in the current folder.";
    case EACCES:
    case EPERM:
        return "Check the permissions of the file and of the folders above it.";
    case ENOSPC:
    case EDQUOT:
        return "Free some space on this disk and try again.";
    case EROFS:
        return "The file system is mounted read-only; choose another place.";
    case EISDIR:
        return "This is a folder; name a file in it.";
    case EMFILE:
    case ENFILE:
        return "Too many files are open; raise the limit (ulimit -n) or close other programs.";
    default:
        return {};
    }
}

Result<std::size_t> readSome(int descriptor, char *into, std::size_t count, const std::filesystem::path &path)
{
    for (;;) {
        const ssize_t got = ::read(descriptor, into, count);
        if (got >= 0) {
            return static_cast<std::size_t>(got);
        }
        if (errno != EINTR) {
            return fail(systemError("NJ-BASE-020", "Cannot read " + path.string(), path, errno));
        }
    }
}

int writeAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return errno;
        }
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return 0;
}

/// Removes the temporary file unless the rename has made it the target.
class TemporaryName {
public:
    explicit TemporaryName(std::string name)
        : m_name(std::move(name))
    {
    }
    ~TemporaryName()
    {
        if (!m_name.empty()) {
            ::unlink(m_name.c_str());
        }
    }
    TemporaryName(const TemporaryName &) = delete;
    TemporaryName &operator=(const TemporaryName &) = delete;
    [[nodiscard]] const char *get() const { return m_name.c_str(); }
    void release() { m_name.clear(); }

private:
    std::string m_name;
};

/// A link stays a link: what it points to is replaced.
std::filesystem::path resolveLink(const std::filesystem::path &path)
{
    std::error_code error;
    if (std::filesystem::is_symlink(path, error)) {
        std::filesystem::path target = std::filesystem::weakly_canonical(path, error);
        if (!error) {
            return target;
        }
    }
    return path;
}

double seconds(const timeval &time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

} // namespace

FileDescriptor::~FileDescriptor()
{
    close();
}

FileDescriptor::FileDescriptor(FileDescriptor &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

FileDescriptor &FileDescriptor::operator=(FileDescriptor &&other) noexcept
{
    if (this != &other) {
        close();
        m_descriptor = std::exchange(other.m_descriptor, -1);
    }
    return *this;
}

void FileDescriptor::close()
{
    if (m_descriptor >= 0) {
        ::close(std::exchange(m_descriptor, -1));
    }
}

Error systemError(std::string code, std::string title, const std::filesystem::path &path, int errorNumber)
{
    return Error{std::move(code), std::move(title), std::generic_category().message(errorNumber), Place{path.string()},
                 hintFor(errorNumber)};
}

Result<std::string> readFile(const std::filesystem::path &path, std::uint64_t limit)
{
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file.valid()) {
        return fail(systemError("NJ-BASE-020", "Cannot open " + path.string(), path, errno));
    }
    std::string bytes;
    std::array<char, kChunk> chunk{};
    for (;;) {
        const Result<std::size_t> got = readSome(file.get(), chunk.data(), chunk.size(), path);
        if (!got) {
            return fail(got.error());
        }
        if (*got == 0) {
            return bytes;
        }
        if (bytes.size() + *got > limit) {
            return fail(Error{"NJ-BASE-021", "The file is too large", "more than " + std::to_string(limit) + " bytes",
                              Place{path.string()}, "Check that this is the file you mean."});
        }
        bytes.append(chunk.data(), *got);
    }
}

Status writeFileAtomically(const std::filesystem::path &path, std::string_view bytes)
{
    const std::filesystem::path target = resolveLink(path);
    const auto failed = [&](int number) {
        return fail(systemError("NJ-BASE-022", "Cannot write " + path.string(), path, number));
    };
    std::string pattern = target.string() + ".XXXXXX";
    FileDescriptor file(::mkostemp(pattern.data(), O_CLOEXEC)); // made with mode 0600
    if (!file.valid()) {
        return failed(errno);
    }
    TemporaryName temporary(pattern);
    if (const int number = writeAll(file.get(), bytes); number != 0) {
        return failed(number);
    }
    if (::fsync(file.get()) != 0) {
        return failed(errno);
    }
    file.close();
    if (::rename(temporary.get(), target.c_str()) != 0) {
        return failed(errno);
    }
    temporary.release();
    const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
    const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.valid()) {
        ::fsync(directory.get()); // not every file system can; the rename has happened
    }
    return {};
}

ProcessUsage processUsage()
{
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) != 0) {
        return {};
    }
    const auto kibibytes = static_cast<std::uint64_t>(std::max<long>(usage.ru_maxrss, 0));
    return {kibibytes * 1024, seconds(usage.ru_utime) + seconds(usage.ru_stime)};
}

} // namespace nightjar
