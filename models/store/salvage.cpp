// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/salvage.h"

#include "base/files.h"
#include "store/blockcodec.h"
#include "store/columncodec.h"
#include "store/cursortable.h"
#include "store/segment.h"
#include "store/sums.h"

#include <algorithm>
#include <fstream>
#include <set>

namespace nightjar::store {
namespace {

constexpr std::int64_t kMostRows = 65'536;
constexpr std::int64_t kMostBlocks = std::int64_t{1} << 22;

/// One segment's rescue.
class Salvage {
public:
    Salvage(ReaderPool &pool, std::shared_ptr<Segment> segment, SegmentWriter &writer, IdRange ids,
            RepairedFile &report)
        : m_pool(pool)
        , m_segment(std::move(segment))
        , m_writer(writer)
        , m_ids(ids)
        , m_report(report)
    {
    }
    Status run(const CancelToken &cancel);

private:
    Status blocks(const CancelToken &cancel);
    std::set<std::int64_t> retired();
    std::shared_ptr<BlockMeta> describe(std::int64_t number);
    std::optional<event::EventBlock> rescue(const BlockMeta &meta);
    std::vector<event::Column> columnsOf(const BlockMeta &meta, std::vector<std::string> &lost);
    void rawOf(const BlockMeta &meta, std::string &raw, std::vector<std::uint32_t> &ends,
               std::vector<std::string> &lost);
    Status cursors();
    Status quarantine();
    void tellGaps();

    ReaderPool &m_pool;
    std::shared_ptr<Segment> m_segment;
    SegmentWriter &m_writer;
    IdRange m_ids;
    RepairedFile &m_report;
    std::vector<std::pair<std::int64_t, std::int64_t>> m_kept; ///< first and last id
};

Status Salvage::run(const CancelToken &cancel)
{
    Status done = blocks(cancel);
    if (done) {
        done = cursors();
    }
    if (done) {
        done = quarantine();
    }
    if (done) {
        tellGaps();
    }
    return done;
}

std::set<std::int64_t> Salvage::retired()
{
    std::set<std::int64_t> numbers;
    auto lease = m_pool.lease(m_segment);
    auto rows = lease ? lease->database().prepare("SELECT number FROM retired") : fail(lease.error());
    while (rows && rows->step().value_or(false)) {
        numbers.insert(rows->integer(0));
    }
    return numbers;
}

/// The description of a block, verified by its sum or, where that is wrong, by whether its parts fit it.
std::shared_ptr<BlockMeta> Salvage::describe(std::int64_t number)
{
    auto lease = m_pool.lease(m_segment);
    auto row = lease
                   ? lease->database().prepare("SELECT first_id, rows, delivery, ordered, arrived, directory FROM block"
                                               " WHERE number = ?")
                   : fail(lease.error());
    if (!row || !row->bind(1, number).step().value_or(false)) {
        return nullptr;
    }
    const std::int64_t rows = row->integer(1);
    auto directory = rows > 0 && rows <= kMostRows
                         ? BlockDirectory::fromBytes(row->blob(5), static_cast<std::size_t>(rows))
                         : std::nullopt;
    if (!directory) {
        return nullptr;
    }
    auto meta = std::make_shared<BlockMeta>();
    meta->segment = m_segment;
    meta->number = number;
    meta->firstId = row->integer(0);
    meta->rows = static_cast<std::uint32_t>(rows);
    meta->delivery = row->integer(2);
    meta->ordered = row->integer(3) != 0;
    meta->arrived = row->integer(4);
    meta->directory = std::move(*directory);
    const bool inRange = meta->firstId >= m_ids.first && (m_ids.last == 0 || meta->lastId() <= m_ids.last);
    const bool free = std::none_of(m_kept.begin(), m_kept.end(), [&](const auto &kept) {
        return meta->firstId <= kept.second && meta->lastId() >= kept.first;
    });
    return inRange && free ? meta : nullptr;
}

Status Salvage::blocks(const CancelToken &cancel)
{
    const std::set<std::int64_t> gone = retired();
    std::int64_t last = 0;
    {
        auto lease = m_pool.lease(m_segment);
        for (const char *question : {"SELECT max(id) >> 24 FROM part", "SELECT max(number) FROM block"}) {
            auto row = lease ? lease->database().prepare(question) : fail(lease.error());
            if (row && row->step().value_or(false)) {
                last = std::max(last, std::min(row->integer(0), kMostBlocks));
            }
        }
    }
    std::int64_t misses = 0;
    for (std::int64_t number = 1; number <= last && misses < kMostBlocks; ++number) {
        if (cancel.cancelled()) {
            return fail("NJ-STORE-008", "The work was cancelled");
        }
        const auto meta = gone.contains(number) ? nullptr : describe(number);
        auto block = meta ? rescue(*meta) : std::nullopt;
        if (!block) {
            ++misses;
            continue;
        }
        const auto encoded = encodeBlock(std::move(*block));
        const auto written = encoded ? m_writer.replace(*encoded, {meta->firstId, meta->arrived, meta->delivery}, {})
                                     : fail(encoded.error());
        if (!written) {
            return fail(written.error());
        }
        m_kept.emplace_back(meta->firstId, meta->lastId());
        m_report.eventsKept += meta->rows;
    }
    return {};
}

std::vector<event::Column> Salvage::columnsOf(const BlockMeta &meta, std::vector<std::string> &lost)
{
    std::vector<event::Column> columns;
    for (std::size_t i = 0; i < meta.directory.columns.size(); ++i) {
        const BlockDirectory::ColumnPart &about = meta.directory.columns[i];
        auto lease = m_pool.lease(m_segment);
        const auto bytes = lease ? lease->part(partId(meta.number, PartKind::Column, i)) : fail(lease.error());
        auto column = bytes ? decodeColumn(*bytes, about.name, about.kind, meta.rows) : std::nullopt;
        if (column) {
            columns.push_back(std::move(*column));
        } else {
            lost.push_back("values of " + about.name);
        }
    }
    return columns;
}

void Salvage::rawOf(const BlockMeta &meta, std::string &raw, std::vector<std::uint32_t> &ends,
                    std::vector<std::string> &lost)
{
    for (std::size_t i = 0; i < meta.directory.frames.size(); ++i) {
        const BlockDirectory::Frame &about = meta.directory.frames[i];
        auto lease = m_pool.lease(m_segment);
        const auto bytes = lease ? lease->part(partId(meta.number, PartKind::Frame, i)) : fail(lease.error());
        const auto frame = bytes ? decodeFrame(*bytes, about) : std::nullopt;
        const auto before = static_cast<std::uint32_t>(raw.size());
        for (std::size_t row = 0; row < about.rows; ++row) {
            ends.push_back(before + (frame ? frame->ends[row] : 0));
        }
        if (frame) {
            raw += frame->bytes();
        } else {
            lost.push_back(std::to_string(about.rows) + " raw records");
        }
    }
}

std::optional<event::EventBlock> Salvage::rescue(const BlockMeta &meta)
{
    std::vector<std::string> lost;
    auto columns = columnsOf(meta, lost);
    std::string raw;
    std::vector<std::uint32_t> ends;
    rawOf(meta, raw, ends, lost);
    if (columns.empty() && raw.empty() && !lost.empty()) {
        return std::nullopt; // nothing but ids would be left
    }
    auto lease = m_pool.lease(m_segment);
    const auto bytes = lease ? lease->part(partId(meta.number, WholePart::Times)) : fail(lease.error());
    auto times = bytes ? decodeTimes(*bytes, meta.rows) : std::nullopt;
    if (!times) {
        lost.emplace_back("the times");
        times.emplace(meta.rows, kNoTime);
    }
    if (!lost.empty()) {
        std::string what;
        for (const std::string &one : lost) {
            what += (what.empty() ? "" : ", ") + one;
        }
        m_report.lost.push_back("of events " + std::to_string(meta.firstId) + " to " + std::to_string(meta.lastId()) +
                                ": " + what);
        m_report.eventsIncomplete += meta.rows;
    }
    return event::EventBlock::assemble(std::move(*times), std::move(columns), std::move(raw), std::move(ends));
}

Status Salvage::cursors()
{
    auto lease = m_pool.lease(m_segment);
    const auto stored = lease ? readCursors(lease->database()) : fail(lease.error());
    if (!stored) {
        m_report.lost.emplace_back(
            "the places up to which sources were read; they are read again, nothing is stored twice");
        return {};
    }
    for (const StoredCursor &one : *stored) {
        if (one.damaged) {
            m_report.lost.emplace_back(
                "the place up to which a source was read; it is read again, nothing is stored twice");
        } else if (Status written = writeCursor(m_writer.database(), one.cursor, one.sequence); !written) {
            return written;
        }
    }
    return {};
}

Status Salvage::quarantine()
{
    std::set<std::int64_t> taken;
    bool broken = false;
    for (const char *order : {"ASC", "DESC"}) { // from both ends up to what cannot be read
        auto lease = m_pool.lease(m_segment);
        auto rows =
            lease ? lease->database().prepare("SELECT id, source, line, record, at, code, title, reason, hint, file,"
                                              " error_line, error_column, raw FROM quarantine ORDER BY id " +
                                              std::string(order))
                  : fail(lease.error());
        Result<bool> more = rows ? rows->step() : fail(rows.error());
        for (; more && *more; more = rows->step()) {
            if (!taken.insert(rows->integer(0)).second) {
                continue;
            }
            QuarantinedRecord record;
            record.sourceKey = rows->text(1);
            record.line = static_cast<std::uint64_t>(rows->integer(2));
            record.index = static_cast<std::uint64_t>(rows->integer(3));
            record.at = rows->integer(4);
            record.error = {std::string(rows->text(5)),
                            std::string(rows->text(6)),
                            std::string(rows->text(7)),
                            {std::string(rows->text(9)), static_cast<std::uint64_t>(rows->integer(10)),
                             static_cast<std::uint64_t>(rows->integer(11))},
                            std::string(rows->text(8))};
            record.raw = rows->blob(12);
            if (Status kept = m_writer.keepQuarantined(record); !kept) {
                return kept;
            }
        }
        broken = !more;
        if (!broken) {
            break;
        }
    }
    if (broken) {
        m_report.lost.emplace_back("records in quarantine");
    }
    return {};
}

void Salvage::tellGaps()
{
    std::sort(m_kept.begin(), m_kept.end());
    std::int64_t next = m_ids.first;
    const auto gap = [&](std::int64_t first, std::int64_t last) {
        if (first <= last) {
            m_report.lost.push_back("events " + std::to_string(first) + " to " + std::to_string(last));
            m_report.eventsLost += last - first + 1;
        }
    };
    for (const auto &[first, last] : m_kept) {
        gap(next, first - 1);
        next = last + 1;
    }
    gap(next, m_ids.last);
}

bool opens(const std::filesystem::path &path)
{
    auto database = Database::open(path, OpenMode::ReadOnly);
    return database && (*database)->prepare("SELECT number FROM block").has_value() &&
           (*database)->prepare("SELECT id FROM part").has_value();
}

} // namespace

Status patchFirstPage(const std::filesystem::path &from, const std::filesystem::path &into)
{
    std::error_code problem;
    std::filesystem::copy_file(from, into, std::filesystem::copy_options::overwrite_existing, problem);
    if (problem) {
        return fail(systemError("NJ-STORE-007", "Cannot copy the damaged segment", into, problem.value()));
    }
    const std::filesystem::path fresh = into.string() + ".fresh";
    {
        auto made = SegmentWriter::open(std::make_shared<Segment>(0, fresh));
        if (!made) {
            return fail(made.error());
        }
    }
    std::string page(kSegmentPageSize, '\0');
    std::ifstream(fresh, std::ios::binary).read(page.data(), static_cast<std::streamsize>(page.size()));
    removeDatabaseFiles(fresh);
    // Counters that do not agree tell SQLite to take the number of pages from the file; the list of free pages is lost.
    for (std::size_t at = 92; at < 96; ++at) {
        page[at] = '\x7f';
    }
    std::fstream file(into, std::ios::binary | std::ios::in | std::ios::out);
    file.write(page.data(), static_cast<std::streamsize>(page.size()));
    file.flush();
    return file.good() ? Status() : fail(systemError("NJ-STORE-003", "Cannot write the salvaged segment", into, errno));
}

Status salvageSegment(const std::filesystem::path &from, const std::filesystem::path &into, IdRange ids,
                      RepairedFile &report, const CancelToken &cancel)
{
    std::filesystem::path source = from;
    const std::filesystem::path patched = into.string() + ".patched";
    if (!opens(from)) {
        if (Status copied = patchFirstPage(from, patched); !copied) {
            return copied;
        }
        source = patched;
        report.lost.emplace_back("the first page of the file (it was made anew)");
    }
    removeDatabaseFiles(into);
    Status done;
    {
        ReaderPool pool;
        auto writer = SegmentWriter::open(std::make_shared<Segment>(0, into));
        done = writer ? Salvage(pool, std::make_shared<Segment>(0, source), **writer, ids, report).run(cancel)
                      : fail(writer.error());
        if (done) {
            done = (*writer)->database().execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        pool.closeAll();
    }
    removeDatabaseFiles(patched);
    if (!done) {
        removeDatabaseFiles(into);
    }
    return done;
}

} // namespace nightjar::store
