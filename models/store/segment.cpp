// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment.h"

#include "store/cursortable.h"

#include <algorithm>
#include <array>

namespace nightjar::store {
namespace {

constexpr std::size_t kIdleReaders = 64;
constexpr std::size_t kFilterCacheBytes = std::size_t{96} << 20;
constexpr int kPageSize = 16'384; ///< parts are 1 KB to 1 MB; measured 6 % smaller than 4 KB pages

constexpr std::array kMigrations = {Migration{"segment", 1, R"(
CREATE TABLE block(
  number INTEGER PRIMARY KEY, format INTEGER NOT NULL, first_id INTEGER NOT NULL, rows INTEGER NOT NULL,
  untimed INTEGER NOT NULL, min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, delivery INTEGER NOT NULL,
  ordered INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, stored_bytes INTEGER NOT NULL, arrived INTEGER NOT NULL,
  directory BLOB NOT NULL);
CREATE TABLE part(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE cursor(
  source TEXT PRIMARY KEY, sequence INTEGER NOT NULL, delivery INTEGER NOT NULL, offset INTEGER NOT NULL,
  framer BLOB NOT NULL, records INTEGER NOT NULL, duplicates INTEGER NOT NULL, quarantined INTEGER NOT NULL,
  done INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE quarantine(
  id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, line INTEGER NOT NULL, record INTEGER NOT NULL, at INTEGER NOT NULL,
  code TEXT NOT NULL, title TEXT NOT NULL, reason TEXT NOT NULL, hint TEXT NOT NULL, file TEXT NOT NULL,
  error_line INTEGER NOT NULL, error_column INTEGER NOT NULL, raw BLOB NOT NULL);
)"}};

Result<std::shared_ptr<BlockMeta>> blockFrom(const Statement &row, const std::shared_ptr<Segment> &segment)
{
    auto meta = std::make_shared<BlockMeta>();
    meta->segment = segment;
    meta->number = row.integer(0);
    const std::int64_t format = row.integer(1);
    const std::int64_t rows = row.integer(3);
    const std::string where = "block " + std::to_string(meta->number);
    if (format < 1 || format > kBlockFormat) {
        return fail(Error{"NJ-STORE-017",
                          "A stored block has a format that this program does not know",
                          where + " has format " + std::to_string(format),
                          {segment->path().string(), 0, 0},
                          "Open the workspace with the version of Nightjar that wrote it."});
    }
    auto directory = rows < 0 || rows > 65'536
                         ? std::nullopt
                         : BlockDirectory::fromBytes(row.blob(12), static_cast<std::size_t>(rows));
    if (!directory) {
        return fail(Error{"NJ-STORE-013",
                          "A stored block is damaged",
                          where + ": its directory cannot be read",
                          {segment->path().string(), 0, 0},
                          "Restore the segment from a backup; the other blocks stay readable."});
    }
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
    meta->directory = std::move(*directory);
    return meta;
}

} // namespace

void removeDatabaseFiles(const std::filesystem::path &path)
{
    std::error_code ignored;
    for (const char *suffix : {"", "-wal", "-shm"}) {
        std::filesystem::remove(path.string() + suffix, ignored);
    }
}

Segment::~Segment()
{
    if (m_dropped) {
        removeDatabaseFiles(m_path);
    }
}

std::optional<std::size_t> BlockMeta::columnIndex(std::string_view name) const
{
    for (std::size_t i = 0; i < directory.columns.size(); ++i) {
        if (directory.columns[i].name == name) {
            return i;
        }
    }
    return std::nullopt;
}

ReaderPool::Lease::~Lease()
{
    if (m_reader) {
        m_pool->giveBack(std::move(m_reader));
    }
}

Result<std::string> ReaderPool::Lease::part(std::int64_t id)
{
    if (!m_reader->part) {
        auto statement = m_reader->database->prepare("SELECT bytes FROM part WHERE id = ?");
        if (!statement) {
            return fail(statement.error());
        }
        m_reader->part = std::move(*statement);
    }
    Statement &statement = *m_reader->part;
    const Result<bool> found = statement.bind(1, id).step();
    Result<std::string> bytes = fail(Error{"NJ-STORE-013",
                                           "A stored block is damaged",
                                           "part " + std::to_string(id) + " is missing",
                                           {m_reader->segment->path().string(), 0, 0},
                                           "Restore the segment from a backup; the other blocks stay readable."});
    if (!found) {
        bytes = fail(found.error());
    } else if (*found) {
        bytes = std::string(statement.blob(0));
    }
    statement.reset();
    return bytes;
}

Result<ReaderPool::Lease> ReaderPool::lease(const std::shared_ptr<Segment> &segment)
{
    {
        std::lock_guard lock(m_mutex);
        const auto found =
            std::find_if(m_idle.begin(), m_idle.end(), [&](const auto &reader) { return reader->segment == segment; });
        if (found != m_idle.end()) {
            auto reader = std::move(*found);
            m_idle.erase(found);
            return Lease(*this, std::move(reader));
        }
    }
    auto database = Database::open(segment->path(), OpenMode::ReadOnly);
    if (!database) {
        return fail(database.error());
    }
    auto reader = std::make_unique<SegmentReader>();
    reader->segment = segment;
    reader->database = std::move(*database);
    return Lease(*this, std::move(reader));
}

void ReaderPool::giveBack(std::unique_ptr<SegmentReader> reader)
{
    std::unique_ptr<SegmentReader> closing;
    std::lock_guard lock(m_mutex);
    if (reader->segment->dropped()) {
        closing = std::move(reader);
        return;
    }
    m_idle.push_front(std::move(reader));
    if (m_idle.size() > kIdleReaders) {
        closing = std::move(m_idle.back());
        m_idle.pop_back();
    }
}

void ReaderPool::closeAll(const Segment &segment)
{
    std::lock_guard lock(m_mutex);
    m_idle.remove_if([&](const auto &reader) { return reader->segment.get() == &segment; });
}

void ReaderPool::closeAll()
{
    std::lock_guard lock(m_mutex);
    m_idle.clear();
}

bool ReaderPool::reserveFilterBytes(std::size_t bytes)
{
    if (m_filterBytes.load() + bytes > kFilterCacheBytes) {
        return false;
    }
    m_filterBytes += bytes;
    return true;
}

Result<SegmentContents> readSegment(const std::shared_ptr<Segment> &segment, ReaderPool &pool)
{
    auto lease = pool.lease(segment);
    if (!lease) {
        return fail(lease.error());
    }
    SegmentContents contents;
    auto blocks = lease->database().prepare(
        "SELECT number, format, first_id, rows, untimed, min_time, max_time, delivery, ordered,"
        " raw_bytes, stored_bytes, arrived, directory FROM block ORDER BY number");
    if (!blocks) {
        return fail(blocks.error());
    }
    Result<bool> more = blocks->step();
    for (; more && *more; more = blocks->step()) {
        auto meta = blockFrom(*blocks, segment);
        if (meta) {
            contents.blocks.push_back(std::move(*meta));
        } else {
            contents.problems.push_back(meta.error());
            contents.lastIdSeen = std::max(contents.lastIdSeen, blocks->integer(2) + blocks->integer(3) - 1);
        }
    }
    if (!more) {
        return fail(more.error());
    }
    auto cursors = readCursors(lease->database());
    if (!cursors) {
        return fail(cursors.error());
    }
    contents.cursors = std::move(*cursors);
    return contents;
}

SegmentWriter::SegmentWriter(std::shared_ptr<Segment> segment, std::unique_ptr<Database> database, Statement block,
                             Statement part, Statement quarantine)
    : m_segment(std::move(segment))
    , m_database(std::move(database))
    , m_block(std::move(block))
    , m_part(std::move(part))
    , m_quarantine(std::move(quarantine))
{
}

Result<std::unique_ptr<SegmentWriter>> SegmentWriter::open(std::shared_ptr<Segment> segment)
{
    auto database = Database::open(segment->path(), OpenMode::ReadWrite, kPageSize);
    if (!database) {
        return fail(database.error());
    }
    Database &db = **database;
    if (Status migrated = db.migrate(kMigrations); !migrated) {
        return fail(migrated.error());
    }
    auto block = db.prepare("INSERT INTO block VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)");
    auto part = db.prepare("INSERT INTO part VALUES(?,?)");
    auto quarantine = db.prepare("INSERT INTO quarantine VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?)");
    auto last = db.prepare("SELECT coalesce(max(number), 0) FROM block");
    for (const auto *statement : {&block, &part, &quarantine, &last}) {
        if (!*statement) {
            return fail(statement->error());
        }
    }
    if (const Result<bool> row = last->step(); !row) {
        return fail(row.error());
    }
    std::unique_ptr<SegmentWriter> writer(new SegmentWriter(std::move(segment), std::move(*database), std::move(*block),
                                                            std::move(*part), std::move(*quarantine)));
    writer->m_nextNumber = last->integer(0) + 1;
    return writer;
}

Result<std::shared_ptr<BlockMeta>> SegmentWriter::append(const Record &record)
{
    auto transaction = Transaction::begin(*m_database);
    if (!transaction) {
        return fail(transaction.error());
    }
    Status done;
    if (record.block.rows > 0) {
        done = insertBlock(record, m_nextNumber);
    }
    if (done) {
        done = insertQuarantined(record);
    }
    if (done) {
        done = writeCursor(*m_database, record.cursor, record.sequence);
    }
    if (done) {
        done = transaction->commit();
    }
    if (!done) {
        return fail(done.error());
    }
    auto meta = std::make_shared<BlockMeta>();
    const EncodedBlock &block = record.block;
    meta->segment = m_segment;
    meta->number = m_nextNumber;
    meta->firstId = record.firstId;
    meta->rows = block.rows;
    meta->untimedRows = block.untimedRows;
    meta->minTime = block.minTime;
    meta->maxTime = block.maxTime;
    meta->delivery = record.cursor.delivery;
    meta->ordered = block.order.empty();
    meta->rawBytes = block.rawBytes;
    meta->storedBytes = block.storedBytes();
    meta->arrived = record.arrived;
    meta->directory = block.directory;
    m_nextNumber += block.rows > 0 ? 1 : 0;
    return meta;
}

Status SegmentWriter::insertBlock(const Record &record, std::int64_t number)
{
    const EncodedBlock &block = record.block;
    const std::string directory = block.directory.bytes();
    m_block.bind(1, number)
        .bind(2, kBlockFormat)
        .bind(3, record.firstId)
        .bind(4, block.rows)
        .bind(5, block.untimedRows);
    m_block.bind(6, block.minTime).bind(7, block.maxTime).bind(8, record.cursor.delivery).bind(9, block.order.empty());
    m_block.bind(10, block.rawBytes).bind(11, block.storedBytes()).bind(12, record.arrived).bindBlob(13, directory);
    if (Status done = m_block.run(); !done) {
        return done;
    }
    return insertParts(block, number);
}

Status SegmentWriter::insertParts(const EncodedBlock &block, std::int64_t number)
{
    const auto insert = [this](std::int64_t id, const std::string &bytes) {
        return m_part.bind(1, id).bindBlob(2, bytes).run();
    };
    std::size_t filter = 0;
    Status done;
    for (std::size_t i = 0; i < block.columns.size() && done; ++i) {
        done = insert(partId(number, PartKind::Column, i), block.columns[i]);
    }
    for (std::size_t i = 0; i < block.frames.size() && done; ++i) {
        done = insert(partId(number, PartKind::Frame, i), block.frames[i]);
    }
    for (std::size_t i = 0; i < block.columns.size() && done; ++i) {
        if (block.directory.columns[i].filtered) {
            done = insert(partId(number, PartKind::Filter, i), block.filters[filter++]);
        }
    }
    if (done) {
        done = insert(partId(number, WholePart::Times), block.times);
    }
    if (done && !block.order.empty()) {
        done = insert(partId(number, WholePart::Order), block.order);
    }
    if (done && !block.keys.empty()) {
        done = insert(partId(number, WholePart::Keys), block.keys);
    }
    return done;
}

Status SegmentWriter::insertQuarantined(const Record &record)
{
    for (const QuarantinedRecord &bad : record.quarantined) {
        const Error &error = bad.error;
        const std::string &source = bad.sourceKey.empty() ? record.cursor.sourceKey : bad.sourceKey;
        m_quarantine.bind(1, source)
            .bind(2, bad.line)
            .bind(3, bad.index)
            .bind(4, bad.at == kNoTime ? record.arrived : bad.at);
        m_quarantine.bind(5, error.code).bind(6, error.title).bind(7, error.reason).bind(8, error.hint);
        m_quarantine.bind(9, error.place.file)
            .bind(10, error.place.line)
            .bind(11, error.place.column)
            .bindBlob(12, bad.raw);
        if (Status done = m_quarantine.run(); !done) {
            return done;
        }
    }
    return {};
}

} // namespace nightjar::store
