// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/blockcodec.h"
#include "store/cursortable.h"
#include "store/database.h"
#include "store/eventstore.h"
#include "store/membership.h"

#include <atomic>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

/// Segment files and the connections to them. Private to the store.
///
/// A segment is an SQLite database. `block`: one row a block, its directory included. `part`: everything else, id =
/// block number << 24 | kind << 20 | index, so that a block's parts lie side by side. `cursor`, `quarantine`: as named.
/// Every row has a sum (sums.h), so that a flipped bit is noticed wherever it is.
namespace nightjar::store {

constexpr int kSegmentPageSize = 16'384; ///< parts are 1 KB to 1 MB; measured 6 % smaller than 4 KB pages

enum class PartKind : std::uint8_t { Column, Frame, Filter, Whole };
enum class WholePart : std::uint8_t { Times, Order, Keys };

constexpr std::int64_t partId(std::int64_t block, PartKind kind, std::size_t index)
{
    return (block << 24) | (static_cast<std::int64_t>(kind) << 20) | static_cast<std::int64_t>(index);
}
constexpr std::int64_t partId(std::int64_t block, WholePart part)
{
    return partId(block, PartKind::Whole, static_cast<std::size_t>(part));
}

/// A segment's file. It goes with its last user once it has been dropped.
class Segment {
public:
    Segment(std::int64_t number, std::filesystem::path path)
        : m_number(number)
        , m_path(std::move(path))
    {
    }
    ~Segment();
    Segment(const Segment &) = delete;
    Segment &operator=(const Segment &) = delete;
    [[nodiscard]] std::int64_t number() const { return m_number; }
    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    void drop() { m_dropped = true; }
    [[nodiscard]] bool dropped() const { return m_dropped; }

private:
    std::int64_t m_number;
    std::filesystem::path m_path;
    std::atomic<bool> m_dropped = false;
};

/// Deletes a database file with what SQLite keeps beside it.
void removeDatabaseFiles(const std::filesystem::path &path);

/// A block that a merge has put into a larger one, as deduplication knows it.
struct BlockOrigin {
    std::int64_t firstId = 0;
    std::uint32_t rows = 0;
};

/// What is known of a stored block without touching the disk; immutable but for the cached filters and `damaged`.
struct BlockMeta {
    std::shared_ptr<Segment> segment;
    std::int64_t number = 0; ///< in its segment
    std::int64_t firstId = 0;
    std::uint32_t rows = 0;
    std::uint32_t untimedRows = 0;
    Timestamp minTime = kNoTime;
    Timestamp maxTime = kNoTime;
    std::int64_t delivery = 0;
    bool ordered = true; ///< rows stand in order of time
    std::uint64_t rawBytes = 0;
    std::uint64_t storedBytes = 0;
    Timestamp arrived = kNoTime;
    BlockDirectory directory;
    std::vector<BlockOrigin> origins;          ///< the blocks it was merged from while this store is open; else empty
    mutable std::atomic<bool> damaged = false; ///< it could not be read, and that has been told

    [[nodiscard]] std::int64_t lastId() const { return firstId + static_cast<std::int64_t>(rows) - 1; }
    [[nodiscard]] std::optional<std::size_t> columnIndex(std::string_view name) const;

    struct FilterCache {
        std::mutex mutex;
        std::map<std::size_t, MembershipFilter> filters; ///< by column index
    };
    mutable FilterCache filterCache;
};

/// A reading connection to one segment with its statements.
struct SegmentReader {
    std::shared_ptr<Segment> segment;
    std::unique_ptr<Database> database;
    std::optional<Statement> part;
};

/// At most 64 idle connections over all segments, least recently used ones are closed. Thread: any.
class ReaderPool {
public:
    /// A connection for one user; goes back on destruction.
    class Lease {
    public:
        Lease(ReaderPool &pool, std::unique_ptr<SegmentReader> reader)
            : m_pool(&pool)
            , m_reader(std::move(reader))
        {
        }
        Lease(Lease &&) noexcept = default;
        Lease &operator=(Lease &&) = delete;
        Lease(const Lease &) = delete;
        Lease &operator=(const Lease &) = delete;
        ~Lease();
        /// Bytes of a part; an error when there is none.
        Result<std::string> part(std::int64_t id);
        [[nodiscard]] Database &database() { return *m_reader->database; }

    private:
        ReaderPool *m_pool;
        std::unique_ptr<SegmentReader> m_reader;
    };

    Result<Lease> lease(const std::shared_ptr<Segment> &segment);
    void closeAll(const Segment &segment);
    void closeAll();
    /// Room for so many more bytes of cached filters; they stay with their block.
    bool reserveFilterBytes(std::size_t bytes);

private:
    friend class Lease;
    void giveBack(std::unique_ptr<SegmentReader> reader);
    std::atomic<std::size_t> m_filterBytes = 0;
    std::mutex m_mutex;
    std::list<std::unique_ptr<SegmentReader>> m_idle; ///< most recently used first
};

/// What a segment holds besides event parts.
struct SegmentContents {
    std::vector<std::shared_ptr<BlockMeta>> blocks;
    std::vector<StoredCursor> cursors;
    std::vector<Error> problems; ///< blocks and cursors that cannot be read
    std::int64_t lastIdSeen = 0; ///< of blocks that cannot be read
};
/// Blocks that cannot be read are left out and told; so is what stands on damaged pages of the file.
Result<SegmentContents> readSegment(const std::shared_ptr<Segment> &segment, ReaderPool &pool);

/// The one writing connection, to the newest segment.
class SegmentWriter {
public:
    static Result<std::unique_ptr<SegmentWriter>> open(std::shared_ptr<Segment> segment);

    struct Record {
        const EncodedBlock &block;
        std::int64_t firstId;
        Timestamp arrived;
        std::int64_t sequence; ///< number of this append
        const SourceCursor &cursor;
        std::span<const QuarantinedRecord> quarantined;
    };
    /// All of it in one transaction. The block gets no row when it has no rows.
    Result<std::shared_ptr<BlockMeta>> append(const Record &record);
    struct BlockPlace {
        std::int64_t firstId;
        Timestamp arrived;
        std::int64_t delivery;
    };
    /// Puts a merged block in the place of others, in one transaction; their parts stay until purgeRetired().
    Result<std::shared_ptr<BlockMeta>> replace(const EncodedBlock &block, const BlockPlace &place,
                                               std::span<const std::int64_t> replaced);
    Status keepQuarantined(const QuarantinedRecord &record);
    /// Removes the parts of replaced blocks but those whose numbers are given.
    Status purgeRetired(const std::set<std::int64_t> &inUse);
    [[nodiscard]] const std::shared_ptr<Segment> &segment() const { return m_segment; }
    [[nodiscard]] Database &database() { return *m_database; }

private:
    SegmentWriter(std::shared_ptr<Segment> segment, std::unique_ptr<Database> database, Statement block, Statement part,
                  Statement quarantine);
    [[nodiscard]] std::shared_ptr<BlockMeta> metaOf(const EncodedBlock &block, const BlockPlace &place) const;
    Status insertBlock(const EncodedBlock &block, const BlockMeta &meta);
    Status insertParts(const EncodedBlock &block, std::int64_t number);
    Status insertQuarantined(const Record &record);

    std::shared_ptr<Segment> m_segment;
    std::unique_ptr<Database> m_database;
    Statement m_block, m_part, m_quarantine;
    std::int64_t m_nextNumber = 1;
};

} // namespace nightjar::store
