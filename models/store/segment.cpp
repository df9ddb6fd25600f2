// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment.h"

#include "store/cursortable.h"
#include "store/sums.h"

#include <algorithm>
#include <array>

namespace nightjar::store {
namespace {

constexpr std::size_t kIdleReaders = 64;
constexpr std::size_t kFilterCacheBytes = std::size_t{96} << 20;

constexpr std::array kMigrations = {
    Migration{"segment", 1, R"(
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
)"},
    // A sum is XXH3 of what the row holds (store/sums.h); NULL in rows that an older version wrote. `retired`: blocks
    // that a merge has replaced and of which the parts are still there for those who read them.
    Migration{"segment", 2, R"(
ALTER TABLE block ADD COLUMN sum INTEGER;
ALTER TABLE part ADD COLUMN sum INTEGER;
ALTER TABLE cursor ADD COLUMN sum INTEGER;
ALTER TABLE quarantine ADD COLUMN sum INTEGER;
CREATE TABLE retired(number INTEGER PRIMARY KEY);
)"}};

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
    const auto damaged = [&](const char *what) {
        return fail(Error{"NJ-STORE-013",
                          "A stored block is damaged",
                          "part " + std::to_string(id) + what,
                          {m_reader->segment->path().string(), 0, 0},
                          "Run `nightjar-cli store repair`; the other blocks stay readable."});
    };
    if (!m_reader->part) {
        auto statement = m_reader->database->prepare("SELECT bytes, sum FROM part WHERE id = ?");
        if (!statement) { // written by a version that kept no sums
            statement = m_reader->database->prepare("SELECT bytes, NULL FROM part WHERE id = ?");
        }
        if (!statement) {
            return fail(statement.error());
        }
        m_reader->part = std::move(*statement);
    }
    Statement &statement = *m_reader->part;
    const Result<bool> found = statement.bind(1, id).step();
    Result<std::string> bytes = std::string();
    if (!found) {
        bytes = fail(found.error());
    } else if (!*found) {
        bytes = damaged(" is missing");
    } else {
        bytes = std::string(statement.blob(0));
        if (!statement.isNull(1) && statement.integer(1) != sumOfPart(id, *bytes)) {
            bytes = damaged(" does not have the sum it was stored with");
        }
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
    auto database = Database::open(segment->path(), OpenMode::ReadWrite, kSegmentPageSize);
    if (!database) {
        return fail(database.error());
    }
    Database &db = **database;
    if (Status migrated = db.migrate(kMigrations); !migrated) {
        return fail(migrated.error());
    }
    auto block = db.prepare("INSERT INTO block VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    auto part = db.prepare("INSERT INTO part VALUES(?,?,?)");
    auto quarantine = db.prepare("INSERT INTO quarantine VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    auto last = db.prepare("SELECT max(coalesce((SELECT max(number) FROM block), 0),"
                           " coalesce((SELECT max(number) FROM retired), 0))");
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
    auto meta = metaOf(record.block, {record.firstId, record.arrived, record.cursor.delivery});
    Status done;
    if (record.block.rows > 0) {
        done = insertBlock(record.block, *meta);
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
    m_nextNumber += record.block.rows > 0 ? 1 : 0;
    return meta;
}

Result<std::shared_ptr<BlockMeta>> SegmentWriter::replace(const EncodedBlock &block, const BlockPlace &place,
                                                          std::span<const std::int64_t> replaced)
{
    auto transaction = Transaction::begin(*m_database);
    auto remove = m_database->prepare("DELETE FROM block WHERE number = ?");
    auto retire = m_database->prepare("INSERT INTO retired VALUES(?)");
    if (!transaction || !remove || !retire) {
        return fail(!transaction ? transaction.error() : !remove ? remove.error() : retire.error());
    }
    auto meta = metaOf(block, place);
    Status done = insertBlock(block, *meta);
    for (std::size_t i = 0; i < replaced.size() && done; ++i) {
        done = remove->bind(1, replaced[i]).run();
        if (done) {
            done = retire->bind(1, replaced[i]).run();
        }
    }
    if (done) {
        done = transaction->commit();
    }
    if (!done) {
        return fail(done.error());
    }
    ++m_nextNumber;
    return meta;
}

Status SegmentWriter::purgeRetired(const std::set<std::int64_t> &inUse)
{
    auto transaction = Transaction::begin(*m_database);
    auto waiting = m_database->prepare("SELECT number FROM retired");
    auto parts = m_database->prepare("DELETE FROM part WHERE id >= ? AND id < ?");
    auto forget = m_database->prepare("DELETE FROM retired WHERE number = ?");
    if (!transaction || !waiting || !parts || !forget) {
        return fail(!transaction ? transaction.error()
                    : !waiting   ? waiting.error()
                    : !parts     ? parts.error()
                                 : forget.error());
    }
    std::vector<std::int64_t> numbers;
    Result<bool> more = waiting->step();
    for (; more && *more; more = waiting->step()) {
        if (!inUse.contains(waiting->integer(0))) {
            numbers.push_back(waiting->integer(0));
        }
    }
    Status done = more ? Status() : fail(more.error());
    waiting->reset();
    for (std::size_t i = 0; i < numbers.size() && done; ++i) {
        done = parts->bind(1, partId(numbers[i], PartKind::Column, 0))
                   .bind(2, partId(numbers[i] + 1, PartKind::Column, 0))
                   .run();
        if (done) {
            done = forget->bind(1, numbers[i]).run();
        }
    }
    return done ? transaction->commit() : done;
}

std::shared_ptr<BlockMeta> SegmentWriter::metaOf(const EncodedBlock &block, const BlockPlace &place) const
{
    auto meta = std::make_shared<BlockMeta>();
    meta->segment = m_segment;
    meta->number = m_nextNumber;
    meta->firstId = place.firstId;
    meta->rows = block.rows;
    meta->untimedRows = block.untimedRows;
    meta->minTime = block.minTime;
    meta->maxTime = block.maxTime;
    meta->delivery = place.delivery;
    meta->ordered = block.order.empty();
    meta->rawBytes = block.rawBytes;
    meta->storedBytes = block.storedBytes();
    meta->arrived = place.arrived;
    meta->directory = block.directory;
    return meta;
}

Status SegmentWriter::insertBlock(const EncodedBlock &block, const BlockMeta &meta)
{
    const std::string directory = block.directory.bytes();
    m_block.bind(1, meta.number).bind(2, kBlockFormat).bind(3, meta.firstId).bind(4, meta.rows);
    m_block.bind(5, meta.untimedRows).bind(6, meta.minTime).bind(7, meta.maxTime).bind(8, meta.delivery);
    m_block.bind(9, meta.ordered ? 1 : 0).bind(10, meta.rawBytes).bind(11, meta.storedBytes).bind(12, meta.arrived);
    m_block.bindBlob(13, directory).bind(14, sumOfBlock(meta, kBlockFormat, directory));
    if (Status done = m_block.run(); !done) {
        return done;
    }
    return insertParts(block, meta.number);
}

Status SegmentWriter::insertParts(const EncodedBlock &block, std::int64_t number)
{
    const auto insert = [this](std::int64_t id, const std::string &bytes) {
        return m_part.bind(1, id).bindBlob(2, bytes).bind(3, sumOfPart(id, bytes)).run();
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
        QuarantinedRecord whole = bad;
        whole.sourceKey = bad.sourceKey.empty() ? record.cursor.sourceKey : bad.sourceKey;
        whole.at = bad.at == kNoTime ? record.arrived : bad.at;
        if (Status done = keepQuarantined(whole); !done) {
            return done;
        }
    }
    return {};
}

Status SegmentWriter::keepQuarantined(const QuarantinedRecord &bad)
{
    const Error &error = bad.error;
    m_quarantine.bind(1, bad.sourceKey).bind(2, bad.line).bind(3, bad.index).bind(4, bad.at);
    m_quarantine.bind(5, error.code).bind(6, error.title).bind(7, error.reason).bind(8, error.hint);
    m_quarantine.bind(9, error.place.file).bind(10, error.place.line).bind(11, error.place.column);
    m_quarantine.bindBlob(12, bad.raw).bind(13, sumOfQuarantined(bad.sourceKey, bad));
    return m_quarantine.run();
}

} // namespace nightjar::store
