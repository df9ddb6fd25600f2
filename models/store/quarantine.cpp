// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storestate.h"

#include <algorithm>

/// Records set aside. An id is segment << 32 | row.
namespace nightjar::store {
namespace {

constexpr int kSegmentShift = 32;

QuarantinedRecord recordFrom(const Statement &row, std::int64_t segment)
{
    QuarantinedRecord record;
    record.id = (segment << kSegmentShift) | row.integer(0);
    record.sourceKey = row.text(1);
    record.line = static_cast<std::uint64_t>(row.integer(2));
    record.index = static_cast<std::uint64_t>(row.integer(3));
    record.at = row.integer(4);
    record.error.code = row.text(5);
    record.error.title = row.text(6);
    record.error.reason = row.text(7);
    record.error.hint = row.text(8);
    record.error.place.file = row.text(9);
    record.error.place.line = static_cast<std::uint64_t>(row.integer(10));
    record.error.place.column = static_cast<std::uint64_t>(row.integer(11));
    record.raw = row.blob(12);
    return record;
}

} // namespace

Result<std::vector<QuarantinedRecord>> EventStore::quarantine(std::size_t limit) const
{
    std::vector<QuarantinedRecord> records;
    const auto segments = m_state->segmentList();
    for (auto segment = segments.rbegin(); segment != segments.rend() && records.size() < limit; ++segment) {
        auto lease = m_state->pool.lease(*segment);
        if (!lease) {
            return fail(lease.error());
        }
        auto rows = lease->database().prepare(
            "SELECT id, source, line, record, at, code, title, reason, hint, file, error_line,"
            " error_column, raw FROM quarantine ORDER BY id DESC LIMIT ?");
        if (!rows) {
            return fail(rows.error());
        }
        rows->bind(1, limit - records.size());
        Result<bool> more = rows->step();
        for (; more && *more; more = rows->step()) {
            records.push_back(recordFrom(*rows, (*segment)->number()));
        }
        if (!more) {
            return fail(more.error());
        }
    }
    return records;
}

std::int64_t EventStore::quarantinedCount() const
{
    std::int64_t sum = 0;
    for (const auto &segment : m_state->segmentList()) {
        auto lease = m_state->pool.lease(segment);
        if (!lease) {
            continue; // told by problems() and check()
        }
        auto row = lease->database().prepare("SELECT count(*) FROM quarantine");
        if (row) {
            const Result<bool> found = row->step();
            sum += found && *found ? row->integer(0) : 0;
        }
    }
    return sum;
}

Status EventStore::removeQuarantined(std::span<const std::int64_t> ids)
{
    State &state = *m_state;
    if (state.options.readOnly) {
        return fail("NJ-STORE-016", "The event store is open for reading only", {}, "Open the workspace for writing.");
    }
    std::lock_guard lock(state.writing);
    for (const auto &segment : state.segmentList()) {
        std::vector<std::int64_t> rows;
        for (const std::int64_t id : ids) {
            if (id >> kSegmentShift == segment->number()) {
                rows.push_back(id & 0xffff'ffff);
            }
        }
        if (rows.empty()) {
            continue;
        }
        auto database = Database::open(segment->path(), OpenMode::ReadWrite);
        if (!database) {
            return fail(database.error());
        }
        auto transaction = Transaction::begin(**database);
        auto remove = (*database)->prepare("DELETE FROM quarantine WHERE id = ?");
        if (!transaction || !remove) {
            return fail(transaction ? remove.error() : transaction.error());
        }
        for (const std::int64_t row : rows) {
            if (Status removed = remove->bind(1, row).run(); !removed) {
                return removed;
            }
        }
        if (Status committed = transaction->commit(); !committed) {
            return committed;
        }
    }
    ++state.revision;
    return {};
}

} // namespace nightjar::store
