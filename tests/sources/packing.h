// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

/// Real compressed files and archives for the tests, written by libarchive.
namespace nightjar::sources::test {

using Members =
    std::vector<std::pair<std::string, std::string>>; ///< name, content; a name with a last slash is a folder

inline void write(const std::filesystem::path &path, const std::string &bytes, bool append = false)
{
    std::ofstream(path, std::ios::binary | (append ? std::ios::app : std::ios::trunc)) << bytes;
}

inline std::string slurp(const std::filesystem::path &path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// `format`: zip, 7z, tar, raw; `filter`: none, gzip, bzip2, xz, zstd. False when libarchive refuses.
inline bool pack(const std::filesystem::path &path, const std::string &format, const std::string &filter,
                 const Members &members)
{
    archive *out = archive_write_new();
    bool good = archive_write_set_format_by_name(out, format == "tar"  ? "gnutar"
                                                      : format == "7z" ? "7zip"
                                                                       : format.c_str()) == ARCHIVE_OK;
    good = good && (filter == "none" || archive_write_add_filter_by_name(out, filter.c_str()) == ARCHIVE_OK);
    good = good && archive_write_open_filename(out, path.c_str()) == ARCHIVE_OK;
    for (const auto &[name, content] : members) {
        archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_filetype(entry, name.back() == '/' ? AE_IFDIR : AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
        good = good && archive_write_header(out, entry) == ARCHIVE_OK;
        good =
            good && archive_write_data(out, content.data(), content.size()) == static_cast<la_ssize_t>(content.size());
        archive_entry_free(entry);
    }
    good = archive_write_close(out) == ARCHIVE_OK && good;
    archive_write_free(out);
    return good;
}

} // namespace nightjar::sources::test
