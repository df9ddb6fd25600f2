// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "base/time.h"
#include "event/block.h"
#include "store/blockcodec.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::store {

struct BlockMeta;
struct MatchedBlock;
class ReaderPool;

/// Where a source has been read up to. Stored with each block, in the same transaction; a resumed source goes on from
/// it.
struct SourceCursor {
    std::string sourceKey;     ///< unique name of the source, e.g. path and content key of a file
    std::int64_t delivery = 0; ///< from newDelivery(); the same for all blocks of one reading
    std::uint64_t offset = 0;  ///< bytes of the source that are stored
    std::string framerState;   ///< opaque to the store
    std::uint64_t records = 0, duplicates = 0, quarantined = 0;
    bool done = false; ///< read to its end
    bool operator==(const SourceCursor &) const = default;
};

/// A record that could not be parsed, kept byte for byte with the reason.
struct QuarantinedRecord {
    std::int64_t id = 0; ///< given by the store
    std::string sourceKey;
    std::uint64_t line = 0, index = 0;
    Error error;
    std::string raw;
    Timestamp at = kNoTime; ///< when it was set aside
};

struct StoreOptions {
    bool readOnly = false;                  ///< no lock, no writing; sees what is stored when it is opened
    std::int64_t segmentEvents = 4'000'000; ///< a new segment after so many events
    Timestamp segmentSpan = kMicrosPerDay;  ///< or when its first block arrived so long ago
    const Clock *clock = nullptr;           ///< null: the machine's
};

struct AppendResult {
    std::int64_t firstId = 0; ///< id of row 0; rows follow without gap
    std::int64_t rows = 0;
    std::int64_t segment = 0;
};

/// What a scan may ask about a block before it is read.
class BlockSummary {
public:
    BlockSummary(const BlockMeta &meta, ReaderPool &pool)
        : m_meta(meta)
        , m_pool(pool)
    {
    }
    [[nodiscard]] std::int64_t firstId() const;
    [[nodiscard]] std::size_t rows() const;
    [[nodiscard]] Timestamp minTime() const; ///< kNoTime when no row has a time
    [[nodiscard]] Timestamp maxTime() const;
    [[nodiscard]] std::int64_t delivery() const;
    [[nodiscard]] bool hasColumn(std::string_view column) const;
    /// False only when no row of the block has this value (case folded), or for domain columns one that ends with it
    /// ("evil.example" finds "a.evil.example"). True for columns without a filter.
    [[nodiscard]] bool mayContain(std::string_view column, std::string_view value) const;
    /// The same with a key from membershipKey(), for many values.
    [[nodiscard]] bool mayContainKey(std::string_view column, std::uint64_t key) const;

private:
    const BlockMeta &m_meta;
    ReaderPool &m_pool;
};

/// The blocks stored at one moment. Cheap to copy; pins their files. Thread: any.
class Snapshot {
public:
    Snapshot() = default;
    [[nodiscard]] std::size_t blocks() const { return m_blocks ? m_blocks->size() : 0; }
    [[nodiscard]] std::int64_t events() const;
    [[nodiscard]] std::int64_t lastId() const; ///< 0 when empty
    [[nodiscard]] std::uint64_t rawBytes() const;
    [[nodiscard]] std::uint64_t storedBytes() const; ///< of the blocks, without SQLite's own pages
    [[nodiscard]] Timestamp minTime() const;         ///< kNoTime when no event has a time
    [[nodiscard]] Timestamp maxTime() const;
    /// Names of all columns that occur: schema fields in table order, then the others by name.
    [[nodiscard]] std::vector<std::string> columns() const;

private:
    friend class EventStore;
    friend class Deduplicator;
    friend class EventCursor;
    friend class LiveDeduplicator;
    using Blocks = std::vector<std::shared_ptr<const BlockMeta>>;
    explicit Snapshot(std::shared_ptr<const Blocks> blocks)
        : m_blocks(std::move(blocks))
    {
    }
    std::shared_ptr<const Blocks> m_blocks; ///< in order of id
};

enum class ScanOrder : std::uint8_t { NewestFirst, OldestFirst, ById };

struct ScanRequest {
    Timestamp from = kNoTime; ///< inclusive; kNoTime: open. Skips blocks; rows of a visited block may lie outside
    Timestamp to = kNoTime;   ///< exclusive; kNoTime: open
    std::int64_t afterId = 0; ///< skips blocks without a larger id
    ScanOrder order = ScanOrder::ById;
    std::vector<std::string> columns; ///< names to decode; those a block does not have are left out
    bool allColumns = false;
    bool raw = false;
    bool timeOrder = false;                             ///< also the rows' order of time
    std::function<bool(const BlockSummary &)> mayMatch; ///< may be empty
};

struct StoredBlock {
    std::int64_t firstId = 0;
    std::int64_t delivery = 0;
    event::EventBlock block;
    std::vector<std::uint32_t> timeOrder; ///< rows by (time, row), those without a time first; empty: they stand so
};

/// Columns that a row predicate needs, and the predicate. Must be safe to call from several threads.
struct RowPredicate {
    std::function<event::RowSet(const event::EventBlock &)> rows; ///< empty: all rows
    std::vector<std::string> columns;
    bool allColumns = false;
    bool raw = false;
    std::function<bool(const BlockSummary &)> mayMatch; ///< may be empty
};

struct TimeRange {
    Timestamp from = kNoTime; ///< inclusive, kNoTime: open
    Timestamp to = kNoTime;   ///< exclusive, kNoTime: open
};

struct Histogram {
    Timestamp start = kNoTime; ///< of the first bucket
    std::int64_t bucketMicros = 0;
    std::vector<std::string> splits;               ///< values asked for; the last series is "everything else"
    std::vector<std::vector<std::int64_t>> counts; ///< [series][bucket], splits.size() + 1 series
    std::int64_t total = 0;
};

struct FacetCounts {
    std::string field;
    std::int64_t distinct = 0;
    bool capped = false; ///< more than two million distinct values: the rest is not counted
    std::vector<std::pair<std::string, std::int64_t>> top;  ///< most frequent first, then by value
    std::vector<std::pair<std::string, std::int64_t>> rare; ///< least frequent first
};

struct RowKey {
    Timestamp time = kNoTime;
    std::int64_t id = 0;
    auto operator<=>(const RowKey &) const = default;
};
struct PageRow {
    RowKey key;
    std::vector<std::string> cells; ///< parallel to the columns asked for; list members joined by ", "
};
struct Page {
    std::vector<PageRow> rows;
    bool complete = false; ///< nothing stands behind the last row
};

/// How far upkeep is, for people: "checking segment 3".
struct UpkeepProgress {
    std::string what;
    std::uint64_t done = 0, total = 0;
};
using UpkeepObserver = std::function<void(const UpkeepProgress &)>; ///< may be empty; called from the working thread

struct MergeOptions {
    std::size_t smallRows = 32'768; ///< blocks with fewer rows are merged with their neighbours
    std::size_t fewest = 16;        ///< so many neighbours are worth it
    bool eager = false;             ///< also where one large block would be written again for the sake of a few rows
    EncodeOptions encoding = {};
};
struct MergeReport {
    std::int64_t blocksBefore = 0, blocksAfter = 0; ///< of the whole store
    std::int64_t events = 0;                        ///< in blocks that were written anew
    std::uint64_t bytesBefore = 0, bytesAfter = 0;  ///< of the merged blocks
};

struct StoredEvent {
    std::int64_t id = 0;
    event::EventBlock block; ///< one row, all columns
    std::string raw;
};

/// Events on disk: DIR/segments/NNNNNN.db, DIR/manifest.db, DIR/lock. One writer thread appends; everything else may be
/// called from any thread, also while the writer appends.
/// Errors besides those of Database: NJ-STORE-010 another program writes to this store, -011 a segment file is missing,
/// -012 a segment cannot be read, -013 a stored block is damaged, -014 bad block, -015 no such event (expired), -016
/// opened read-only, -017 unknown block format, -018 on a network file system. A block that cannot be read is left out
/// of every answer and told by problems().
class EventStore {
public:
    static Result<std::unique_ptr<EventStore>> open(const std::filesystem::path &folder,
                                                    const StoreOptions &options = {});
    ~EventStore();
    EventStore(const EventStore &) = delete;
    EventStore &operator=(const EventStore &) = delete;

    /// Block, quarantine, cursor and last id in one transaction of one segment; on return they survive a power loss.
    /// A block without rows stores cursor and quarantine only. Thread: one writer at a time (locked).
    Result<AppendResult> append(EncodedBlock &&block, const SourceCursor &cursor,
                                std::span<const QuarantinedRecord> quarantined = {});
    [[nodiscard]] std::optional<SourceCursor> cursor(std::string_view sourceKey) const;
    [[nodiscard]] std::vector<SourceCursor> cursors() const;
    /// A number no stored delivery has.
    std::int64_t newDelivery();
    [[nodiscard]] std::int64_t lastId() const; ///< 0: nothing yet
    [[nodiscard]] Snapshot snapshot() const;
    /// Changes with every append and every removal.
    [[nodiscard]] std::uint64_t revision() const;
    /// What could not be opened; the rest is there.
    [[nodiscard]] std::vector<Error> problems() const;
    /// Files of the store on disk.
    [[nodiscard]] std::uint64_t diskBytes() const;

    Result<std::vector<QuarantinedRecord>> quarantine(std::size_t limit) const; ///< newest first
    [[nodiscard]] std::int64_t quarantinedCount() const;
    Status removeQuarantined(std::span<const std::int64_t> ids);

    /// Calls `visit` for each block that may match until it returns false or the token is cancelled (which is no
    /// error).
    Status scan(const Snapshot &snapshot, const ScanRequest &request, const CancelToken &cancel,
                const std::function<bool(const StoredBlock &)> &visit) const;
    /// The same on several threads: blocks come in no order, and `visit` is called from any of the threads. Only from,
    /// to, `columns`, `allColumns`, `raw` and `mayMatch` of the request count.
    Status scanParallel(const Snapshot &snapshot, const ScanRequest &request, std::size_t workers,
                        const CancelToken &cancel, const std::function<bool(const StoredBlock &)> &visit) const;
    using EventVisitor =
        std::function<void(std::size_t index, const event::EventBlock &block, std::size_t row, std::string_view raw)>;
    /// Calls `visit` for every id that is stored, with its index in `ids`, in ascending order of ids: each block and
    /// each frame of raw records is read once. Memory: one block.
    Status visitEvents(const Snapshot &snapshot, std::span<const std::int64_t> ids, const EventVisitor &visit) const;
    /// Events by id, in the order asked; ids that are not stored (any more) are left out.
    Result<std::vector<StoredEvent>> fetch(const Snapshot &snapshot, std::span<const std::int64_t> ids) const;
    /// The raw record of an event; reads one frame. NJ-STORE-015 when it is not there.
    Result<std::string> fetchRaw(const Snapshot &snapshot, std::int64_t id) const;

    Result<std::int64_t> count(const Snapshot &snapshot, const TimeRange &range, const RowPredicate &predicate,
                               const CancelToken &cancel) const;
    /// Buckets of `bucketMicros` from `range.from` (open: the bucket of the first event) to `range.to`; at most
    /// 100,000, wider buckets are chosen beyond. `splitField` with `splits` gives one series a value.
    Result<Histogram> histogram(const Snapshot &snapshot, const TimeRange &range, std::int64_t bucketMicros,
                                const RowPredicate &predicate, std::string_view splitField,
                                const std::vector<std::string> &splits, const CancelToken &cancel) const;
    /// Exact counts of each field's values over the matching rows. A row with a list counts once for each member.
    Result<std::vector<FacetCounts>> facets(const Snapshot &snapshot, const TimeRange &range,
                                            const std::vector<std::string> &fields, const RowPredicate &predicate,
                                            std::size_t top, const CancelToken &cancel) const;
    /// Rows in order of (time, id), newest first or oldest first, behind `after`. Rows without a time stand behind all
    /// others when newest come first, before them otherwise.
    Result<Page> page(const Snapshot &snapshot, const TimeRange &range, const RowPredicate &predicate,
                      const std::vector<std::string> &columns, std::optional<RowKey> after, std::size_t limit,
                      bool newestFirst, const CancelToken &cancel) const;

    /// Removes segments whose newest event (or arrival, when it has none) is before `time`. Returns the events removed.
    /// Snapshots taken before still read them. Source cursors stay.
    Result<std::int64_t> dropBefore(Timestamp time);
    /// Removes the segments with the oldest events until the store's files take at most `mostBytes`; never the one that
    /// is written to. Returns the events removed.
    Result<std::int64_t> dropOldest(std::uint64_t mostBytes);
    /// Merges small blocks with their neighbours of the same segment and delivery; no id changes. Each merge is one
    /// transaction; the old parts go when nobody reads them any more, in this process or another. Appending goes on
    /// meanwhile. When cancelled what was merged stays.
    Result<MergeReport> merge(const MergeOptions &options, const UpkeepObserver &observer, const CancelToken &cancel);
    /// Blocks that merge() with these options would write anew; cheap.
    [[nodiscard]] std::int64_t mergeable(const MergeOptions &options) const;
    /// Gives pages that are free back to the disk.
    Status shrink(const UpkeepObserver &observer, const CancelToken &cancel);
    /// Merges the newest segment's write-ahead log into it, so that the files have their final size. Changes no
    /// content.
    Status checkpoint();
    /// Gives up segments whose files are missing, so that they are no longer reported.
    Status forgetMissing();
    /// Reads and decodes everything, compares every sum; one error for each problem found.
    Result<std::vector<Error>> check(const CancelToken &cancel, const UpkeepObserver &observer = {}) const;

private:
    friend class Deduplicator;
    friend class EventCursor;
    friend class LiveDeduplicator;
    struct State;
    explicit EventStore(std::unique_ptr<State> state);
    Result<event::EventBlock> load(const BlockMeta &meta, const ScanRequest &request) const;
    Result<MatchedBlock> match(const BlockMeta &meta, const TimeRange &range, const RowPredicate &predicate,
                               const std::vector<std::string> &extraColumns) const;
    using Work = std::function<Status(std::size_t worker, const BlockMeta &meta)>;
    /// Runs `work` over the blocks of the range that may match, on `workers` threads, until done, cancelled or failed.
    Status forEach(const Snapshot &snapshot, const TimeRange &range, const RowPredicate &predicate, std::size_t workers,
                   const CancelToken &cancel, const Work &work) const;
    Result<std::vector<std::uint64_t>> loadKeys(const BlockMeta &meta) const;
    /// True when the error says that this block cannot be read: it is told once by problems(), and the rest goes on.
    bool setAside(const BlockMeta &meta, const Error &error) const;
    /// Null when they cannot be merged.
    Result<std::shared_ptr<BlockMeta>> mergeGroup(std::span<const std::shared_ptr<const BlockMeta>> blocks,
                                                  const EncodeOptions &encoding);
    Result<std::int64_t> dropSegments(std::span<const std::int64_t> numbers);
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::store
