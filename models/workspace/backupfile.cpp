// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/backupfile.h"

#include "base/files.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace nightjar::workspace {

namespace {

constexpr std::size_t kBuffer = 1U << 20U;
constexpr const char *kTitle = "Cannot write the backup";

using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;
using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

Status writingFailed(archive *writer, const std::filesystem::path &file)
{
    const char *said = archive_error_string(writer);
    return fail(Error{"NJ-WORK-131", kTitle, said != nullptr ? said : "the archive could not be written",
                      Place{file.string(), 0, 0}, "Make room on the disk, or choose another one."});
}

Status addFile(archive *writer, const std::filesystem::path &path, const std::string &name, const CancelToken &cancel)
{
    const FileDescriptor in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.valid()) {
        return fail(systemError("NJ-WORK-131", kTitle, path, errno));
    }
    std::error_code problem;
    const Entry entry(archive_entry_new(), &archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(std::filesystem::file_size(path, problem)));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    if (archive_write_header(writer, entry.get()) != ARCHIVE_OK) {
        return writingFailed(writer, path);
    }
    std::vector<char> buffer(kBuffer);
    while (!cancel.cancelled()) {
        const ssize_t got = ::read(in.get(), buffer.data(), buffer.size());
        if (got < 0) {
            return fail(systemError("NJ-WORK-131", kTitle, path, errno));
        }
        if (got == 0) {
            return {};
        }
        if (archive_write_data(writer, buffer.data(), static_cast<std::size_t>(got)) < 0) {
            return writingFailed(writer, path);
        }
    }
    return fail("NJ-STORE-008", "The work was cancelled");
}

std::vector<std::filesystem::path> filesOf(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    std::error_code problem;
    for (const auto &item : std::filesystem::recursive_directory_iterator(folder, problem)) {
        if (item.is_regular_file()) {
            files.push_back(item.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

Status fill(archive *writer, const std::filesystem::path &folder, const store::UpkeepObserver &observer,
            const CancelToken &cancel)
{
    const auto files = filesOf(folder);
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (observer) {
            observer({"packing " + files[i].filename().string(), i, files.size()});
        }
        if (auto added = addFile(writer, files[i], files[i].lexically_relative(folder).string(), cancel); !added) {
            return added;
        }
    }
    return archive_write_close(writer) == ARCHIVE_OK ? Status() : writingFailed(writer, folder);
}

} // namespace

TemporaryFolder::TemporaryFolder(const std::filesystem::path &file)
{
    std::string pattern = file.string() + ".making-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) {
        m_error = errno;
    }
    m_path = pattern;
}

TemporaryFolder::~TemporaryFolder()
{
    if (valid()) {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
}

Status copyPlainFiles(const std::filesystem::path &workspace, const std::filesystem::path &into)
{
    for (const char *name : {"rules", "playbooks", "exports", "simulated-tenant.json", "demo-workspace"}) {
        std::error_code problem;
        if (!std::filesystem::exists(workspace / name, problem)) {
            continue;
        }
        std::filesystem::copy(workspace / name, into / name,
                              std::filesystem::copy_options::recursive | std::filesystem::copy_options::skip_symlinks,
                              problem);
        if (problem) {
            return fail(systemError("NJ-WORK-131", kTitle, workspace / name, problem.value()));
        }
    }
    return {};
}

Status writeArchive(const std::filesystem::path &folder, const std::filesystem::path &file,
                    const store::UpkeepObserver &observer, const CancelToken &cancel)
{
    // Beside the target, so that the last step is a rename.
    const std::filesystem::path partial = file.string() + ".partial";
    const FileDescriptor out(::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!out.valid()) {
        return fail(systemError("NJ-WORK-131", kTitle, file, errno));
    }
    Status done;
    {
        const Writer writer(archive_write_new(), &archive_write_free);
        const bool opened = archive_write_set_format_pax_restricted(writer.get()) == ARCHIVE_OK &&
                            archive_write_add_filter_zstd(writer.get()) == ARCHIVE_OK &&
                            archive_write_set_options(writer.get(), "zstd:compression-level=1") == ARCHIVE_OK &&
                            archive_write_open_fd(writer.get(), out.get()) == ARCHIVE_OK;
        done = opened ? fill(writer.get(), folder, observer, cancel) : writingFailed(writer.get(), file);
    }
    if (done && (::fsync(out.get()) != 0 || ::rename(partial.c_str(), file.c_str()) != 0)) {
        done = fail(systemError("NJ-WORK-131", kTitle, file, errno));
    }
    const FileDescriptor place(::open(file.has_parent_path() ? file.parent_path().c_str() : ".", O_RDONLY | O_CLOEXEC));
    if (done && place.valid()) {
        ::fsync(place.get()); // the name survives a power loss, too
    }
    if (!done) {
        ::unlink(partial.c_str());
    }
    return done;
}

} // namespace nightjar::workspace
