// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/cursortable.h"

#include "store/sums.h"

namespace nightjar::store {

Result<std::vector<StoredCursor>> readCursors(Database &database)
{
    const std::string columns =
        "SELECT source, sequence, delivery, offset, framer, records, duplicates, quarantined, done,";
    auto rows = database.prepare(columns + " sum FROM cursor");
    if (!rows) { // written by a version that kept no sums
        rows = database.prepare(columns + " NULL FROM cursor");
    }
    if (!rows) {
        return fail(rows.error());
    }
    std::vector<StoredCursor> cursors;
    Result<bool> more = rows->step();
    for (; more && *more; more = rows->step()) {
        StoredCursor stored;
        stored.sequence = rows->integer(1);
        stored.cursor.sourceKey = rows->text(0);
        stored.cursor.delivery = rows->integer(2);
        stored.cursor.offset = static_cast<std::uint64_t>(rows->integer(3));
        stored.cursor.framerState = rows->blob(4);
        stored.cursor.records = static_cast<std::uint64_t>(rows->integer(5));
        stored.cursor.duplicates = static_cast<std::uint64_t>(rows->integer(6));
        stored.cursor.quarantined = static_cast<std::uint64_t>(rows->integer(7));
        stored.cursor.done = rows->integer(8) != 0;
        stored.damaged = !rows->isNull(9) && rows->integer(9) != sumOfCursor(stored.cursor, stored.sequence);
        cursors.push_back(std::move(stored));
    }
    if (!more) {
        return fail(more.error());
    }
    return cursors;
}

Status writeCursor(Database &database, const SourceCursor &cursor, std::int64_t sequence)
{
    auto statement = database.prepare("INSERT OR REPLACE INTO cursor VALUES(?,?,?,?,?,?,?,?,?,?)");
    if (!statement) {
        return fail(statement.error());
    }
    statement->bind(1, cursor.sourceKey).bind(2, sequence).bind(3, cursor.delivery).bind(4, cursor.offset);
    statement->bindBlob(5, cursor.framerState).bind(6, cursor.records).bind(7, cursor.duplicates);
    return statement->bind(8, cursor.quarantined).bind(9, cursor.done).bind(10, sumOfCursor(cursor, sequence)).run();
}

} // namespace nightjar::store
