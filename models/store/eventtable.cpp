// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/eventtable.h"

#include "event/schema.h"
#include "store/eventcursor.h"
#include "store/eventtests.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <set>

/// SQLite's virtual table interface, https://www.sqlite.org/vtab.html. Names of its methods are SQLite's.
namespace nightjar::store {

namespace {

struct TableColumn {
    enum class What : std::uint8_t { Id, Time, Epoch, Raw, Text, Integer };
    What what = What::Text;
    std::string name; ///< in SQL
    std::string field;
    bool hidden = false;
};
using What = TableColumn::What;

/// Bits of sqlite3_index_info::colUsed; the last one stands for all columns behind it.
constexpr int kToldColumns = 63;
/// SQLite's limit is 2,000; what is left out stays searchable by the query language.
constexpr std::size_t kMostColumns = 1'900;

struct Table : sqlite3_vtab {
    EventTableSource *source = nullptr;
    std::vector<TableColumn> columns;
};

struct Cursor : sqlite3_vtab_cursor {
    EventTests tests;
    std::unique_ptr<EventCursor> blocks;
    std::vector<std::size_t> rows; ///< of the block that pass
    std::size_t at = 0;
    bool end = true;
    std::vector<const event::Column *> loaded; ///< by table column, of this block
    std::vector<bool> asked;

    [[nodiscard]] Table &table() const { return *static_cast<Table *>(pVtab); }
};

std::vector<TableColumn> tableColumns(const Snapshot &snapshot)
{
    std::vector<TableColumn> columns{{What::Id, "id", {}, false}, {What::Time, "time", {}, false}};
    std::set<std::string> names{"id", "time", "epoch", "raw"};
    // SQLite's names are the same in either case; a second spelling is left out.
    const auto fresh = [&names](std::string name) {
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
            return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c);
        });
        return names.insert(std::move(name)).second;
    };
    const auto whatOf = [](event::Kind kind) { return kind == event::Kind::Integer ? What::Integer : What::Text; };
    for (const event::FieldInfo &field : event::fields()) {
        fresh(std::string(field.name));
        columns.push_back({whatOf(field.kind), std::string(field.name), std::string(field.name), false});
    }
    columns.push_back({What::Epoch, "epoch", {}, true});
    columns.push_back({What::Raw, "raw", {}, true});
    for (std::string &name : snapshot.columns()) {
        if (columns.size() < kMostColumns && !event::findField(name) && fresh(name)) {
            columns.push_back({What::Text, name, name, false});
        }
    }
    for (const event::FieldInfo &field : event::fields()) {
        std::string name(field.name);
        std::replace(name.begin(), name.end(), '.', '_');
        if (fresh(name)) {
            columns.push_back({whatOf(field.kind), std::move(name), std::string(field.name), true});
        }
    }
    return columns;
}

std::string declaration(const std::vector<TableColumn> &columns)
{
    std::string sql = "CREATE TABLE events(";
    for (const TableColumn &column : columns) {
        std::string quoted;
        for (const char c : column.name) {
            quoted += c == '"' ? "\"\"" : std::string(1, c);
        }
        const bool integer = column.what == What::Id || column.what == What::Integer;
        sql += (sql.back() == '(' ? "\"" : ",\"") + quoted + "\" " +
               (integer                      ? "INTEGER"
                : column.what == What::Epoch ? "REAL"
                                             : "TEXT") +
               (column.hidden ? " HIDDEN" : "");
    }
    return sql + ")";
}

int connect(sqlite3 *database, void *context, int /*count*/, const char *const * /*words*/, sqlite3_vtab **made,
            char **message)
{
    auto table = std::make_unique<Table>();
    static_cast<sqlite3_vtab &>(*table) = {};
    table->source = static_cast<EventTableSource *>(context);
    table->columns = tableColumns(table->source->snapshot);
    const int code = sqlite3_declare_vtab(database, declaration(table->columns).c_str());
    if (code != SQLITE_OK) {
        *message = sqlite3_mprintf("%s", sqlite3_errmsg(database));
        return code;
    }
    *made = table.release();
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab *table)
{
    const std::unique_ptr<Table> ended(static_cast<Table *>(table));
    return SQLITE_OK;
}

std::optional<SqlCompare> compareOf(unsigned char op)
{
    switch (op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
        return SqlCompare::Equal;
    case SQLITE_INDEX_CONSTRAINT_LT:
        return SqlCompare::Less;
    case SQLITE_INDEX_CONSTRAINT_LE:
        return SqlCompare::LessOrEqual;
    case SQLITE_INDEX_CONSTRAINT_GT:
        return SqlCompare::Greater;
    case SQLITE_INDEX_CONSTRAINT_GE:
        return SqlCompare::GreaterOrEqual;
    default:
        return std::nullopt;
    }
}

/// The plan as text: "u<columns used, hexadecimal>;" and then "<column>,<compare>,<is a list>;" for each argument.
int bestIndex(sqlite3_vtab *tab, sqlite3_index_info *info)
{
    const Table &table = *static_cast<Table *>(tab);
    std::string plan = "u" + std::to_string(info->colUsed) + ";";
    double rows = 1e7;
    int arguments = 0;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto &constraint = info->aConstraint[i];
        const auto compare = compareOf(constraint.op);
        if (constraint.usable == 0 || !compare || constraint.iColumn < -1) {
            continue;
        }
        const What what =
            constraint.iColumn < 0 ? What::Id : table.columns[static_cast<std::size_t>(constraint.iColumn)].what;
        const char *collation = sqlite3_vtab_collation(info, i);
        if (what == What::Raw || (what == What::Text && std::string_view(collation) != "BINARY")) {
            continue;
        }
        const bool list = *compare == SqlCompare::Equal && sqlite3_vtab_in(info, i, -1) != 0;
        if (list) {
            sqlite3_vtab_in(info, i, 1);
        }
        info->aConstraintUsage[i].argvIndex = ++arguments;
        plan += std::to_string(constraint.iColumn) + "," + std::to_string(static_cast<int>(*compare)) + "," +
                (list ? "1" : "0") + ";";
        rows /= *compare == SqlCompare::Equal ? 100 : 4;
    }
    info->idxStr = sqlite3_mprintf("%s", plan.c_str());
    info->needToFreeIdxStr = 1;
    info->estimatedRows = static_cast<sqlite3_int64>(rows);
    info->estimatedCost = 1e7 + rows; // a scan in any case
    return info->idxStr != nullptr ? SQLITE_OK : SQLITE_NOMEM;
}

int openCursor(sqlite3_vtab * /*table*/, sqlite3_vtab_cursor **made)
{
    auto cursor = std::make_unique<Cursor>();
    *made = cursor.release();
    return SQLITE_OK;
}

int closeCursor(sqlite3_vtab_cursor *cursor)
{
    const std::unique_ptr<Cursor> ended(static_cast<Cursor *>(cursor));
    return SQLITE_OK;
}

int failCursor(Cursor &cursor, const Error &error)
{
    cursor.table().source->error = error;
    cursor.end = true;
    return SQLITE_ABORT;
}

SqlValue valueOf(sqlite3_value *value)
{
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        return sqlite3_value_int64(value);
    case SQLITE_FLOAT:
        return sqlite3_value_double(value);
    case SQLITE_TEXT: {
        const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(value));
        return std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }
    default:
        return std::monostate();
    }
}

std::vector<SqlValue> valuesOf(sqlite3_value *argument, bool list)
{
    std::vector<SqlValue> values;
    if (!list) {
        values.push_back(valueOf(argument));
        return values;
    }
    sqlite3_value *member = nullptr;
    for (int code = sqlite3_vtab_in_first(argument, &member); code == SQLITE_OK && member != nullptr;
         code = sqlite3_vtab_in_next(argument, &member)) {
        values.push_back(valueOf(member));
    }
    return values;
}

void addCondition(Cursor &cursor, int index, SqlCompare compare, std::vector<SqlValue> values)
{
    const What what = index < 0 ? What::Id : cursor.table().columns[static_cast<std::size_t>(index)].what;
    switch (what) {
    case What::Id:
    case What::Time:
    case What::Epoch:
        // Of a list of times or ids SQLite looks at each row itself.
        if (values.size() == 1) {
            what == What::Id ? cursor.tests.addId(compare, values.front())
                             : cursor.tests.addTime(compare, values.front());
        }
        break;
    case What::Text:
    case What::Integer:
        cursor.tests.tests.push_back(
            {cursor.table().columns[static_cast<std::size_t>(index)].field, compare, std::move(values)});
        break;
    case What::Raw:
        break;
    }
}

/// To the next block with a row that passes.
int enterBlock(Cursor &cursor)
{
    const EventTableSource &source = *cursor.table().source;
    cursor.rows.clear();
    cursor.at = 0;
    while (cursor.rows.empty()) {
        const auto more = source.cancel.cancelled() ? Result<bool>(false) : cursor.blocks->next();
        if (!more) {
            return failCursor(cursor, more.error());
        }
        if (!*more) {
            cursor.end = true;
            return SQLITE_OK;
        }
        cursor.tests.rows(cursor.blocks->block()).forEach([&](std::size_t row) { cursor.rows.push_back(row); });
    }
    cursor.loaded.assign(cursor.table().columns.size(), nullptr);
    cursor.asked.assign(cursor.table().columns.size(), false);
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor *base, int /*number*/, const char *plan, int count, sqlite3_value **arguments)
{
    Cursor &cursor = *static_cast<Cursor *>(base);
    cursor.tests = {};
    cursor.end = false;
    char *place = nullptr;
    const std::uint64_t used = std::strtoull(plan + 1, &place, 10);
    for (int i = 0; i < count; ++i) {
        const int index = static_cast<int>(std::strtol(place + 1, &place, 10));
        const auto compare = static_cast<SqlCompare>(std::strtol(place + 1, &place, 10));
        const bool list = std::strtol(place + 1, &place, 10) != 0;
        addCondition(cursor, index, compare, valuesOf(arguments[i], list));
    }
    ScanRequest request;
    request.from = cursor.tests.range.from;
    request.to = cursor.tests.range.to;
    request.afterId = cursor.tests.afterId;
    const auto &columns = cursor.table().columns;
    for (std::size_t i = 0; i < columns.size() && i < kToldColumns; ++i) {
        if (((used >> i) & 1) != 0 && !columns[i].field.empty()) {
            request.columns.push_back(columns[i].field);
        }
    }
    for (const EventTest &test : cursor.tests.tests) {
        request.columns.push_back(test.column);
    }
    request.mayMatch = [&cursor](const BlockSummary &summary) { return cursor.tests.mayMatch(summary); };
    cursor.blocks = std::make_unique<EventCursor>(cursor.table().source->store, cursor.table().source->snapshot,
                                                  std::move(request));
    return enterBlock(cursor);
}

int next(sqlite3_vtab_cursor *base)
{
    Cursor &cursor = *static_cast<Cursor *>(base);
    return ++cursor.at < cursor.rows.size() ? SQLITE_OK : enterBlock(cursor);
}

int atEnd(sqlite3_vtab_cursor *base)
{
    return static_cast<Cursor *>(base)->end ? 1 : 0;
}

void giveText(sqlite3_context *out, std::string_view text)
{
    sqlite3_result_text64(out, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void giveField(sqlite3_context *out, const event::Column &column, std::size_t row, What what)
{
    std::string scratch;
    if (const auto codes = column.codes(row); codes.size() > 1) {
        std::string joined;
        for (const std::uint32_t code : codes) {
            if (code >= event::kFirstEntry) {
                joined += (joined.empty() ? "" : ", ") + std::string(column.text(code - event::kFirstEntry, scratch));
            }
        }
        giveText(out, joined);
        return;
    }
    const std::uint32_t code = column.code(row);
    if (code < event::kFirstEntry) {
        return; // NULL
    }
    if (what == What::Integer && column.kind() == event::Kind::Integer) {
        sqlite3_result_int64(out, column.integer(code - event::kFirstEntry));
    } else {
        giveText(out, column.text(code - event::kFirstEntry, scratch));
    }
}

int column(sqlite3_vtab_cursor *base, sqlite3_context *out, int index)
{
    Cursor &cursor = *static_cast<Cursor *>(base);
    const auto place = static_cast<std::size_t>(index);
    const TableColumn &wanted = cursor.table().columns[place];
    const std::size_t row = cursor.rows[cursor.at];
    const Timestamp time = cursor.blocks->block().times()[row];
    switch (wanted.what) {
    case What::Id:
        sqlite3_result_int64(out, cursor.blocks->firstId() + static_cast<std::int64_t>(row));
        return SQLITE_OK;
    case What::Time:
        time == kNoTime ? sqlite3_result_null(out) : giveText(out, formatIsoTime(time));
        return SQLITE_OK;
    case What::Epoch:
        time == kNoTime ? sqlite3_result_null(out)
                        : sqlite3_result_double(out, static_cast<double>(time) / kMicrosPerSecond);
        return SQLITE_OK;
    case What::Raw: {
        const auto raw = cursor.blocks->raw(row);
        if (!raw) {
            return failCursor(cursor, raw.error());
        }
        giveText(out, *raw);
        return SQLITE_OK;
    }
    case What::Text:
    case What::Integer:
        break;
    }
    if (!cursor.asked[place]) {
        const auto loaded = cursor.blocks->column(wanted.field);
        if (!loaded) {
            return failCursor(cursor, loaded.error());
        }
        cursor.loaded[place] = *loaded;
        cursor.asked[place] = true;
    }
    if (cursor.loaded[place] != nullptr) {
        giveField(out, *cursor.loaded[place], row, wanted.what);
    }
    return SQLITE_OK;
}

int rowId(sqlite3_vtab_cursor *base, sqlite3_int64 *id)
{
    const Cursor &cursor = *static_cast<Cursor *>(base);
    *id = cursor.blocks->firstId() + static_cast<std::int64_t>(cursor.rows[cursor.at]);
    return SQLITE_OK;
}

sqlite3_module eventModule()
{
    sqlite3_module module = {};
    module.iVersion = 1;
    module.xConnect = connect; // without xCreate: the table is there by itself
    module.xBestIndex = bestIndex;
    module.xDisconnect = disconnect;
    module.xOpen = openCursor;
    module.xClose = closeCursor;
    module.xFilter = filter;
    module.xNext = next;
    module.xEof = atEnd;
    module.xColumn = column;
    module.xRowid = rowId;
    return module;
}

} // namespace

int registerEventTable(sqlite3 *database, EventTableSource &source)
{
    static const sqlite3_module module = eventModule();
    return sqlite3_create_module_v2(database, "events", &module, &source, nullptr);
}

} // namespace nightjar::store
