// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/archive.h"

#include "base/text.h"

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

namespace nightjar::sources {

namespace {

constexpr std::size_t kMaxMembers = 10'000;

bool isHidden(std::string_view name)
{
    const std::size_t slash = name.rfind('/');
    return name.starts_with("__MACOSX/") ||
           name.substr(slash == std::string_view::npos ? 0 : slash + 1).starts_with('.');
}

} // namespace

struct Archive::Feed {
    std::unique_ptr<ByteSource> below;
    std::vector<char> buffer;
    std::uint64_t position = 0;
    std::optional<Error> error; ///< of the bytes below, more telling than libarchive's

    static la_ssize_t read(::archive *reader, void *data, const void **bytes)
    {
        auto *feed = static_cast<Feed *>(data);
        const auto got = feed->below->read(feed->buffer);
        if (!got) {
            feed->error = got.error();
            archive_set_error(reader, EIO, "read error");
            return -1;
        }
        feed->position += *got;
        *bytes = feed->buffer.data();
        return static_cast<la_ssize_t>(*got);
    }

    static la_int64_t seek(::archive *, void *data, la_int64_t offset, int whence)
    {
        auto *feed = static_cast<Feed *>(data);
        la_int64_t target = offset;
        if (whence == SEEK_CUR) {
            target += static_cast<la_int64_t>(feed->position);
        } else if (whence == SEEK_END) {
            target += static_cast<la_int64_t>(feed->below->size());
        }
        if (target < 0 || !feed->below->seek(static_cast<std::uint64_t>(target))) {
            return ARCHIVE_FATAL;
        }
        feed->position = static_cast<std::uint64_t>(target);
        return target;
    }

    static la_int64_t skip(::archive *reader, void *data, la_int64_t wanted)
    {
        auto *feed = static_cast<Feed *>(data);
        return feed->below->seekable() && seek(reader, data, wanted, SEEK_CUR) >= 0 ? wanted : 0;
    }
};

Archive::Archive() = default;

Archive::~Archive()
{
    if (m_archive != nullptr) {
        archive_read_free(m_archive);
    }
}

Result<std::unique_ptr<Archive>> Archive::open(std::unique_ptr<ByteSource> below, Magic magic, std::string name)
{
    auto made = std::unique_ptr<Archive>(new Archive());
    made->m_name = std::move(name);
    made->m_feed = std::make_unique<Feed>();
    made->m_feed->buffer.resize(64U << 10U);
    made->m_archive = archive_read_new();
    ::archive *reader = made->m_archive;
    if (reader == nullptr) {
        return fail("NJ-SOURCES-005", "Cannot open " + made->m_name, "there is not enough memory");
    }
    if (magic == Magic::Zip) {
        archive_read_support_format_zip(reader);
    } else if (magic == Magic::SevenZip) {
        archive_read_support_format_7zip(reader);
    } else if (magic == Magic::Tar) {
        archive_read_support_format_tar(reader);
    } else {
        archive_read_support_format_raw(reader);
        archive_read_support_format_empty(reader);
        archive_read_support_filter_bzip2(reader);
        archive_read_support_filter_xz(reader);
        archive_read_support_filter_zstd(reader);
    }
    if (below->seekable()) {
        archive_read_set_seek_callback(reader, &Feed::seek);
        archive_read_set_skip_callback(reader, &Feed::skip);
    }
    made->m_feed->below = std::move(below);
    archive_read_set_callback_data(reader, made->m_feed.get());
    archive_read_set_read_callback(reader, &Feed::read);
    if (archive_read_open1(reader) != ARCHIVE_OK) {
        return fail(made->damaged());
    }
    return made;
}

Error Archive::damaged() const
{
    if (m_feed->error) {
        return *m_feed->error;
    }
    const char *text = archive_error_string(m_archive);
    return Error{"NJ-SOURCES-005", "Cannot read all of " + m_name,
                 text == nullptr ? "the archive is damaged" : repairUtf8(text), Place{m_name, 0, 0},
                 "What stood before that point has been read. Fetch the file again; archives with a "
                 "password have to be unpacked first."};
}

Result<bool> Archive::next()
{
    for (;;) {
        archive_entry *entry = nullptr;
        const int code = archive_read_next_header(m_archive, &entry);
        if (code == ARCHIVE_EOF) {
            return false;
        }
        if (code == ARCHIVE_RETRY) {
            continue;
        }
        if (code < ARCHIVE_WARN) {
            return fail(damaged());
        }
        if (++m_members > kMaxMembers) {
            return fail("NJ-SOURCES-006", "Too many members in " + m_name, "an archive may have 10,000",
                        "Unpack it and import the folder.");
        }
        if (archive_format(m_archive) == ARCHIVE_FORMAT_RAW) {
            m_member.clear();
            return true;
        }
        const char *path = archive_entry_pathname(entry);
        if (path == nullptr) {
            path = archive_entry_pathname_utf8(entry);
        }
        m_member = path == nullptr ? "member-" + std::to_string(m_members) : repairUtf8(path);
        if (archive_entry_filetype(entry) == AE_IFREG && !isHidden(m_member)) {
            return true;
        }
    }
}

Result<std::size_t> Archive::read(std::span<char> into)
{
    for (;;) {
        const la_ssize_t got = archive_read_data(m_archive, into.data(), into.size());
        if (got >= 0) {
            return static_cast<std::size_t>(got);
        }
        if (got != ARCHIVE_RETRY && got != ARCHIVE_WARN) {
            return fail(damaged());
        }
    }
}

} // namespace nightjar::sources
