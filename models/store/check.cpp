// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/columncodec.h"
#include "store/repair.h"
#include "store/storestate.h"
#include "store/sums.h"

#include <algorithm>

/// Reading everything, to see whether it is what was written.
namespace nightjar::store {
namespace {

Error damaged(const BlockMeta &meta, const std::string &what)
{
    return {"NJ-STORE-013",
            "A stored block is damaged",
            "block " + std::to_string(meta.number) + " (events from id " + std::to_string(meta.firstId) + " to " +
                std::to_string(meta.lastId()) + "): " + what,
            {meta.segment->path().string(), 0, 0},
            "Run `nightjar-cli store repair`; the other blocks stay readable."};
}

/// Every part of a block: its sum, and whether it can be decoded.
class BlockCheck {
public:
    BlockCheck(ReaderPool::Lease &lease, const BlockMeta &meta, std::vector<Error> &found)
        : m_lease(lease)
        , m_meta(meta)
        , m_found(found)
    {
    }
    void run()
    {
        for (std::size_t i = 0; i < m_meta.directory.columns.size(); ++i) {
            checkColumn(i);
        }
        std::vector<std::uint64_t> keys;
        for (std::size_t i = 0; i < m_meta.directory.frames.size(); ++i) {
            const auto bytes = part(partId(m_meta.number, PartKind::Frame, i), "raw frame " + std::to_string(i));
            const auto frame = bytes ? decodeFrame(*bytes, m_meta.directory.frames[i]) : std::nullopt;
            note(bytes && !frame, "raw frame " + std::to_string(i) + " cannot be decoded");
            addKeys(frame, keys);
        }
        const auto times = part(partId(m_meta.number, WholePart::Times), "times");
        note(times && !decodeTimes(*times, m_meta.rows), "its times cannot be decoded");
        if (!m_meta.ordered) {
            const auto order = part(partId(m_meta.number, WholePart::Order), "order of time");
            note(order && !decodeOrder(*order, m_meta.rows), "its order of time cannot be decoded");
        }
        if (!m_meta.directory.frames.empty()) {
            const auto stored = part(partId(m_meta.number, WholePart::Keys), "record keys");
            note(stored && keys.size() == m_meta.rows && decodeKeys(*stored, m_meta.rows) != keys,
                 "the raw records do not have the recorded keys");
        }
    }

private:
    void checkColumn(std::size_t index)
    {
        const BlockDirectory::ColumnPart &about = m_meta.directory.columns[index];
        const auto bytes = part(partId(m_meta.number, PartKind::Column, index), "column " + about.name);
        const auto column = bytes ? decodeColumn(*bytes, about.name, about.kind, m_meta.rows) : std::nullopt;
        note(bytes && !column, "column " + about.name + " cannot be decoded");
        if (!about.filtered) {
            return;
        }
        const auto filter = part(partId(m_meta.number, PartKind::Filter, index), "filter of " + about.name);
        note(filter && column && *filter != MembershipFilter::of(membershipKeys(*column)).bytes(),
             "the filter of " + about.name + " does not fit its values");
    }
    static void addKeys(const std::optional<RawFrame> &frame, std::vector<std::uint64_t> &keys)
    {
        std::size_t begin = 0;
        for (std::size_t i = 0; frame && i < frame->ends.size(); ++i) {
            keys.push_back(sumOfRecord(frame->bytes().substr(begin, frame->ends[i] - begin)));
            begin = frame->ends[i];
        }
    }
    std::optional<std::string> part(std::int64_t id, const std::string &what)
    {
        auto bytes = m_lease.part(id);
        if (!bytes) {
            m_found.push_back(damaged(m_meta, what + ": " + bytes.error().reason));
            return std::nullopt;
        }
        return std::move(*bytes);
    }
    void note(bool bad, const std::string &what)
    {
        if (bad) {
            m_found.push_back(damaged(m_meta, what));
        }
    }
    ReaderPool::Lease &m_lease;
    const BlockMeta &m_meta;
    std::vector<Error> &m_found;
};

void checkQuarantine(Database &database, std::vector<Error> &found)
{
    auto rows = database.prepare("SELECT id, source, line, record, code, title, reason, hint, file, error_line,"
                                 " error_column, raw, sum FROM quarantine WHERE sum IS NOT NULL");
    if (!rows) {
        return; // written by a version that kept no sums
    }
    Result<bool> more = rows->step();
    for (; more && *more; more = rows->step()) {
        QuarantinedRecord record;
        record.line = static_cast<std::uint64_t>(rows->integer(2));
        record.index = static_cast<std::uint64_t>(rows->integer(3));
        record.error = {std::string(rows->text(4)),
                        std::string(rows->text(5)),
                        std::string(rows->text(6)),
                        {std::string(rows->text(8)), static_cast<std::uint64_t>(rows->integer(9)),
                         static_cast<std::uint64_t>(rows->integer(10))},
                        std::string(rows->text(7))};
        record.raw = rows->blob(11);
        if (rows->integer(12) != sumOfQuarantined(rows->text(1), record)) {
            found.push_back(Error{"NJ-STORE-012",
                                  "A record in quarantine is damaged",
                                  "record " + std::to_string(rows->integer(0)),
                                  {database.file(), 0, 0},
                                  "Run `nightjar-cli store repair`; the others stay readable."});
        }
    }
    if (!more) {
        found.push_back(more.error());
    }
}

} // namespace

std::vector<Error> checkDatabase(const std::filesystem::path &path)
{
    auto database = Database::open(path, OpenMode::ReadOnly);
    return database ? checkDatabase(**database) : std::vector{database.error()};
}

std::vector<Error> checkDatabase(Database &database)
{
    std::vector<Error> found;
    for (const std::string_view question : {"PRAGMA integrity_check(20)", "PRAGMA foreign_key_check"}) {
        auto rows = database.prepare(question);
        if (!rows) {
            found.push_back(rows.error());
            continue;
        }
        Result<bool> more = rows->step();
        for (; more && *more; more = rows->step()) {
            if (rows->text(0) != "ok") {
                found.push_back(Error{"NJ-STORE-012",
                                      "A database of the workspace is damaged",
                                      rows->columns() > 1
                                          ? "a row of " + std::string(rows->text(0)) + " has lost what it refers to"
                                          : std::string(rows->text(0)),
                                      {database.file(), 0, 0},
                                      "Run `nightjar-cli store repair`, or restore the file from a backup."});
            }
        }
        if (!more) {
            found.push_back(more.error());
        }
    }
    return found;
}

Result<std::vector<Error>> EventStore::check(const CancelToken &cancel, const UpkeepObserver &observer) const
{
    std::vector<Error> found = problems();
    const auto add = [&](std::vector<Error> more) { found.insert(found.end(), more.begin(), more.end()); };
    add(checkDatabase(m_state->folder / "manifest.db"));
    const Snapshot now = snapshot();
    const auto segments = m_state->segmentList();
    const std::uint64_t total = segments.size() + now.blocks();
    std::uint64_t done = 0;
    for (const auto &segment : segments) {
        if (cancel.cancelled()) {
            return found;
        }
        if (observer) {
            observer({"checking the pages of segment " + std::to_string(segment->number()), done++, total});
        }
        auto lease = m_state->pool.lease(segment);
        if (!lease) {
            found.push_back(lease.error());
            continue;
        }
        add(checkDatabase(lease->database()));
        checkQuarantine(lease->database(), found);
    }
    std::int64_t lastId = 0;
    for (std::size_t i = 0; i < now.blocks() && !cancel.cancelled(); ++i) {
        const BlockMeta &meta = *(*now.m_blocks)[i];
        if (observer) {
            observer({"checking the blocks of segment " + std::to_string(meta.segment->number()), done++, total});
        }
        auto lease = m_state->pool.lease(meta.segment);
        if (!lease) {
            found.push_back(lease.error());
            continue;
        }
        BlockCheck(*lease, meta, found).run();
        if (meta.firstId <= lastId) {
            found.push_back(damaged(meta, "its ids overlap those of another block"));
        }
        lastId = meta.lastId();
    }
    return found;
}

} // namespace nightjar::store
