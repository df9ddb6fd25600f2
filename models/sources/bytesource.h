// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/files.h"
#include "base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nightjar::sources {

/// Bytes in sequence. Thread: one owner.
class ByteSource {
public:
    ByteSource() = default;
    virtual ~ByteSource() = default;
    ByteSource(const ByteSource &) = delete;
    ByteSource &operator=(const ByteSource &) = delete;
    ByteSource(ByteSource &&) = delete;
    ByteSource &operator=(ByteSource &&) = delete;

    /// Bytes written to `into`; 0 at the end.
    virtual Result<std::size_t> read(std::span<char> into) = 0;
    /// Moves to an absolute position. False: this source cannot.
    virtual bool seek(std::uint64_t) { return false; }
    [[nodiscard]] virtual bool seekable() const { return false; }
    [[nodiscard]] virtual std::uint64_t size() const { return 0; } ///< 0 when not known
};

/// A file, or standard input for "-". Counts what has been read.
class FileSource : public ByteSource {
public:
    static Result<std::unique_ptr<FileSource>> open(const std::filesystem::path &path);

    Result<std::size_t> read(std::span<char> into) override;
    bool seek(std::uint64_t position) override;
    [[nodiscard]] bool seekable() const override { return m_regular; }
    [[nodiscard]] std::uint64_t bytesRead() const { return m_read; } ///< highest position reached
    [[nodiscard]] std::uint64_t size() const override { return m_size; }

private:
    FileSource() = default;
    std::filesystem::path m_path;
    FileDescriptor m_owned;
    int m_descriptor = -1;
    bool m_regular = false;
    std::uint64_t m_position = 0;
    std::uint64_t m_read = 0;
    std::uint64_t m_size = 0;
};

/// Lets the first bytes be looked at before they are read.
class PeekSource : public ByteSource {
public:
    explicit PeekSource(std::unique_ptr<ByteSource> below)
        : m_below(std::move(below))
    {
    }

    /// Up to `size` bytes of what comes next; fewer only at the end or before an error (which the next read gives).
    std::string_view peek(std::size_t size); ///< what has come in anyway beyond that is shown, too
    Result<std::size_t> read(std::span<char> into) override;
    bool seek(std::uint64_t position) override;
    [[nodiscard]] bool seekable() const override { return m_below->seekable(); }
    [[nodiscard]] std::uint64_t size() const override { return m_below->size(); }

private:
    std::unique_ptr<ByteSource> m_below;
    std::string m_head;
    std::size_t m_used = 0;
    std::optional<Error> m_error;
};

/// What the first bytes say about the content. peek(kMagicBytes) suffices.
enum class Magic { Plain, Gzip, Zip, Tar, SevenZip, Bzip2, Xz, Zstd };
constexpr std::size_t kMagicBytes = 265;
Magic magicOf(std::string_view head);
inline bool isArchive(Magic magic)
{
    return magic == Magic::Zip || magic == Magic::Tar || magic == Magic::SevenZip;
}
std::string_view magicName(Magic magic);

/// Decompresses gzip, concatenated members included. What could be read before damage or a cut is delivered first, then
/// NJ-SOURCES-005. Format: RFC 1952.
std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> below, std::string name);

} // namespace nightjar::sources
