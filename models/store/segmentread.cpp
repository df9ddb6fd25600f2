// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/cursortable.h"
#include "store/segment.h"
#include "store/sums.h"

#include <algorithm>
#include <array>

namespace nightjar::store {
namespace {

constexpr std::int64_t kMostRows = 65'536;
constexpr std::string_view kColumns =
    "SELECT number, format, first_id, rows, untimed, min_time, max_time, delivery, ordered,"
    " raw_bytes, stored_bytes, arrived, directory, ";

Error damagedBlock(const Segment &segment, std::int64_t number, const std::string &what)
{
    return {"NJ-STORE-013",
            "A stored block is damaged",
            "block " + std::to_string(number) + ": " + what,
            {segment.path().string(), 0, 0},
            "Run `nightjar-cli store repair`; the other blocks stay readable."};
}

Result<std::shared_ptr<BlockMeta>> blockFrom(const Statement &row, const std::shared_ptr<Segment> &segment)
{
    auto meta = std::make_shared<BlockMeta>();
    meta->segment = segment;
    meta->number = row.integer(0);
    const std::int64_t format = row.integer(1);
    const std::int64_t rows = row.integer(3);
    const bool sized = rows >= 0 && rows <= kMostRows;
    auto directory = sized ? BlockDirectory::fromBytes(row.blob(12), static_cast<std::size_t>(rows)) : std::nullopt;
    meta->firstId = row.integer(2);
    meta->rows = static_cast<std::uint32_t>(rows);
    meta->untimedRows = static_cast<std::uint32_t>(row.integer(4));
    meta->minTime = row.integer(5);
    meta->maxTime = row.integer(6);
    meta->delivery = row.integer(7);
    meta->ordered = row.integer(8) != 0;
    meta->rawBytes = static_cast<std::uint64_t>(row.integer(9));
    meta->storedBytes = static_cast<std::uint64_t>(row.integer(10));
    meta->arrived = row.integer(11);
    if (!row.isNull(13) && row.integer(13) != sumOfBlock(*meta, format, row.blob(12))) {
        return fail(damagedBlock(*segment, meta->number, "its description does not have the sum it was stored with"));
    }
    if (format < 1 || format > kBlockFormat) {
        return fail(Error{"NJ-STORE-017",
                          "A stored block has a format that this program does not know",
                          "block " + std::to_string(meta->number) + " has format " + std::to_string(format),
                          {segment->path().string(), 0, 0},
                          "Open the workspace with the version of Nightjar that wrote it."});
    }
    if (!directory) {
        return fail(damagedBlock(*segment, meta->number, "its directory cannot be read"));
    }
    meta->directory = std::move(*directory);
    return meta;
}

/// Ids that a block that cannot be read may have used.
std::int64_t lastIdOf(const Statement &row)
{
    constexpr std::int64_t kMostIds = std::int64_t{1} << 48;
    const std::int64_t first = row.integer(2);
    const std::int64_t rows = row.integer(3);
    return rows >= 0 && rows <= kMostRows && first >= 0 && first < kMostIds ? first + rows - 1 : 0;
}

/// A statement with the sum of each row, also where an older version kept none.
Result<Statement> prepareBlocks(Database &database, const std::string &condition)
{
    auto statement = database.prepare(std::string(kColumns) + "sum FROM block " + condition);
    return statement ? std::move(statement) : database.prepare(std::string(kColumns) + "NULL FROM block " + condition);
}

void takeBlock(const Statement &row, const std::shared_ptr<Segment> &segment, SegmentContents &contents)
{
    auto meta = blockFrom(row, segment);
    if (meta) {
        contents.blocks.push_back(std::move(*meta));
    } else {
        contents.problems.push_back(meta.error());
        contents.lastIdSeen = std::max(contents.lastIdSeen, lastIdOf(row));
    }
}

bool isDamage(const Error &error)
{
    return error.code == "NJ-STORE-004" || error.code == "NJ-STORE-007";
}

/// Where a page of the table is damaged, its rows are asked for one by one.
Status readOneByOne(Database &database, const std::shared_ptr<Segment> &segment, std::int64_t behind,
                    SegmentContents &contents)
{
    constexpr std::int64_t kMostMisses = 4'096;
    std::int64_t last = behind + kMostMisses;
    if (auto largest = database.prepare("SELECT max(id) >> 24 FROM part"); largest && largest->step().value_or(false)) {
        last = std::clamp<std::int64_t>(largest->integer(0), behind, behind + (std::int64_t{1} << 22));
    }
    auto row = prepareBlocks(database, "WHERE number = ?");
    if (!row) {
        return fail(row.error());
    }
    std::int64_t unreadable = 0;
    for (std::int64_t number = behind + 1; number <= last; ++number) {
        const Result<bool> found = row->bind(1, number).step();
        if (found && *found) {
            takeBlock(*row, segment, contents);
        } else if (!found && isDamage(found.error())) {
            ++unreadable;
        }
        row->reset();
    }
    contents.problems.push_back(
        Error{"NJ-STORE-012",
              "A segment of the event store is damaged",
              std::to_string(unreadable) + " numbers of blocks stand on pages that cannot be read",
              {segment->path().string(), 0, 0},
              "Run `nightjar-cli store repair`; the other blocks stay readable."});
    return {};
}

} // namespace

Result<SegmentContents> readSegment(const std::shared_ptr<Segment> &segment, ReaderPool &pool)
{
    auto lease = pool.lease(segment);
    if (!lease) {
        return fail(lease.error());
    }
    SegmentContents contents;
    auto blocks = prepareBlocks(lease->database(), "ORDER BY number");
    if (!blocks) {
        return fail(blocks.error());
    }
    Result<bool> more = blocks->step();
    std::int64_t behind = 0;
    for (; more && *more; more = blocks->step()) {
        behind = blocks->integer(0);
        takeBlock(*blocks, segment, contents);
    }
    if (!more) {
        if (!isDamage(more.error())) {
            return fail(more.error());
        }
        if (Status read = readOneByOne(lease->database(), segment, behind, contents); !read) {
            return fail(read.error());
        }
    }
    auto cursors = readCursors(lease->database());
    if (!cursors && !isDamage(cursors.error())) {
        return fail(cursors.error());
    }
    if (!cursors) {
        contents.problems.push_back(cursors.error());
        return contents;
    }
    for (StoredCursor &stored : *cursors) {
        if (stored.damaged) {
            contents.problems.push_back(Error{"NJ-STORE-012",
                                              "The place up to which a source was read is damaged",
                                              "it is left out: " + stored.cursor.sourceKey,
                                              {segment->path().string(), 0, 0},
                                              "The source is read again from its beginning; nothing is stored twice."});
        } else {
            contents.cursors.push_back(std::move(stored));
        }
    }
    return contents;
}

} // namespace nightjar::store
