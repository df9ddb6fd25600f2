// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlquery.h"

#include "base/text.h"
#include "store/eventtable.h"

#include <sqlite3.h>

#include <memory>
#include <vector>

namespace nightjar::store {

namespace {

constexpr int kStepsBetweenLooks = 1'000;
constexpr std::size_t kLongestStatement = 1U << 20U;

struct CloseDatabase {
    void operator()(sqlite3 *database) const { sqlite3_close_v2(database); }
};
struct EndStatement {
    void operator()(sqlite3_stmt *statement) const { sqlite3_finalize(statement); }
};

/// Reading only: what a statement may do besides is refused when it is compiled.
int authorize(void * /*context*/, int action, const char * /*first*/, const char *second, const char * /*third*/,
              const char * /*fourth*/)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return second != nullptr && std::string_view(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

int look(void *context)
{
    return static_cast<const CancelToken *>(context)->cancelled() ? 1 : 0;
}

Error refused(sqlite3 *database, std::string_view sql)
{
    const int offset = sqlite3_error_offset(database);
    Error error{"NJ-STORE-020",
                "The SQL statement cannot be run",
                sqlite3_errmsg(database),
                {},
                "The table is events; quote names with dots, as in \"user.name\", or write user_name."};
    if (offset >= 0 && static_cast<std::size_t>(offset) <= sql.size()) {
        error.place.line = 1;
        error.place.column = 1;
        for (const char c : sql.substr(0, static_cast<std::size_t>(offset))) {
            error.place.line += c == '\n' ? 1 : 0;
            error.place.column = c == '\n' ? 1 : error.place.column + 1;
        }
    }
    return error;
}

SqlValue cell(sqlite3_stmt *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
        return std::monostate();
    default: {
        const auto *bytes = static_cast<const char *>(sqlite3_column_blob(statement, column));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        return bytes == nullptr ? std::string() : std::string(bytes, size);
    }
    }
}

} // namespace

Status runSql(const EventStore &store, const Snapshot &snapshot, std::string_view sql, const CancelToken &cancel,
              const std::function<bool(std::span<const std::string> names, std::span<const SqlValue> row)> &visit)
{
    if (sql.size() > kLongestStatement) {
        return fail("NJ-STORE-020", "The SQL statement cannot be run", "it is longer than a megabyte", "Shorten it.");
    }
    EventTableSource source{store, snapshot, cancel};
    sqlite3 *opened = nullptr;
    const int code = sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    const std::unique_ptr<sqlite3, CloseDatabase> database(opened);
    if (code != SQLITE_OK || registerEventTable(opened, source) != SQLITE_OK) {
        return fail(refused(opened, sql));
    }
    // Connecting declares the table's columns, which the authorizer below would refuse.
    if (sqlite3_exec(opened, "SELECT 1 FROM events LIMIT 0", nullptr, nullptr, nullptr) != SQLITE_OK) {
        return fail(refused(opened, {}));
    }
    sqlite3_set_authorizer(opened, &authorize, nullptr);
    sqlite3_progress_handler(opened, kStepsBetweenLooks, &look, const_cast<CancelToken *>(&cancel));
    sqlite3_stmt *prepared = nullptr;
    const char *rest = nullptr;
    if (sqlite3_prepare_v2(opened, sql.data(), static_cast<int>(sql.size()), &prepared, &rest) != SQLITE_OK) {
        return fail(refused(opened, sql));
    }
    const std::unique_ptr<sqlite3_stmt, EndStatement> statement(prepared);
    if (prepared == nullptr || !trim(sql.substr(static_cast<std::size_t>(rest - sql.data()))).empty()) {
        return fail("NJ-STORE-021", "One SELECT is wanted",
                    prepared == nullptr ? "the text holds no statement" : "the text holds more than one statement",
                    "For example: SELECT \"user.name\", count(*) FROM events GROUP BY 1 ORDER BY 2 DESC LIMIT 10");
    }
    std::vector<std::string> names;
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) {
        names.emplace_back(sqlite3_column_name(prepared, i));
    }
    std::vector<SqlValue> row(names.size());
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = cell(prepared, static_cast<int>(i));
        }
        if (!visit(names, row)) {
            return {};
        }
    }
    if (step == SQLITE_DONE || cancel.cancelled()) {
        return {};
    }
    return source.error ? Status(fail(*source.error)) : fail(refused(opened, sql));
}

} // namespace nightjar::store
