// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database.h"

#include "store/databaseerror.h"

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nightjar::store {
namespace {

constexpr int kBusyMilliseconds = 5'000;

tl::unexpected<Error> failure(sqlite3 *database, int code, const std::string &file)
{
    const char *message = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    return fail(databaseError(code, message, file));
}

/// SQLite makes files with the process's umask; the store wants 0600, also for -wal and -shm, which follow the file's
/// mode.
void createPrivately(const std::filesystem::path &path)
{
    const int descriptor = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor >= 0) {
        ::close(descriptor);
    }
}

std::string fileUri(const std::string &path, std::string_view parameters)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '?' || c == '#' || c == '%') {
            const auto byte = static_cast<unsigned char>(c);
            uri += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
        } else {
            uri += c;
        }
    }
    return uri.append("?").append(parameters);
}

} // namespace

Statement::Statement(sqlite3 *database, sqlite3_stmt *statement, const std::string *file)
    : m_database(database)
    , m_statement(statement)
    , m_file(file)
{
}

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database)
    , m_statement(std::exchange(other.m_statement, nullptr))
    , m_file(other.m_file)
    , m_bindError(other.m_bindError)
{
}

Statement &Statement::operator=(Statement &&other) noexcept
{
    if (this != &other) {
        sqlite3_finalize(m_statement);
        m_database = other.m_database;
        m_statement = std::exchange(other.m_statement, nullptr);
        m_file = other.m_file;
        m_bindError = other.m_bindError;
    }
    return *this;
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

void Statement::noteBinding(int code)
{
    if (code != SQLITE_OK) {
        m_bindError = code;
    }
}

Statement &Statement::bindInteger(int index, std::int64_t value)
{
    noteBinding(sqlite3_bind_int64(m_statement, index, value));
    return *this;
}

Statement &Statement::bind(int index, double value)
{
    noteBinding(sqlite3_bind_double(m_statement, index, value));
    return *this;
}

Statement &Statement::bind(int index, std::string_view text)
{
    const char *data = text.data() != nullptr ? text.data() : "";
    noteBinding(sqlite3_bind_text64(m_statement, index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement &Statement::bind(int index, std::nullptr_t)
{
    noteBinding(sqlite3_bind_null(m_statement, index));
    return *this;
}

Statement &Statement::bindBlob(int index, std::string_view bytes)
{
    const char *data = bytes.data() != nullptr ? bytes.data() : "";
    noteBinding(sqlite3_bind_blob64(m_statement, index, data, bytes.size(), SQLITE_STATIC));
    return *this;
}

Result<bool> Statement::step()
{
    if (m_bindError != SQLITE_OK) {
        return failure(m_database, m_bindError, *m_file);
    }
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        return code == SQLITE_ROW;
    }
    return failure(m_database, code, *m_file);
}

Status Statement::run()
{
    for (;;) {
        const Result<bool> more = step();
        if (!more) {
            reset();
            return fail(more.error());
        }
        if (!*more) {
            reset();
            return {};
        }
    }
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
    m_bindError = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}
double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}
bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}
int Statement::columns() const
{
    return sqlite3_column_count(m_statement);
}
std::string_view Statement::columnName(int column) const
{
    const char *name = sqlite3_column_name(m_statement, column);
    return name != nullptr ? std::string_view(name) : std::string_view();
}

std::string_view Statement::text(int column) const
{
    return blob(column);
}

std::string_view Statement::blob(int column) const
{
    const void *bytes = sqlite3_column_blob(m_statement, column);
    const int size = sqlite3_column_bytes(m_statement, column);
    if (bytes == nullptr || size <= 0) {
        return {};
    }
    return {static_cast<const char *>(bytes), static_cast<std::size_t>(size)};
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path &path, OpenMode mode, int pageSize)
{
    std::unique_ptr<Database> database(new Database(path.string()));
    const bool writes = mode == OpenMode::ReadWrite;
    if (writes) {
        createPrivately(path);
    }
    const int flags = (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
    const auto attempt = [&](std::string_view parameters) -> Status {
        sqlite3_close_v2(std::exchange(database->m_database, nullptr));
        const int code =
            sqlite3_open_v2(fileUri(database->m_file, parameters).c_str(), &database->m_database, flags, nullptr);
        return code == SQLITE_OK ? database->configure(mode, pageSize)
                                 : failure(database->m_database, code, database->m_file);
    };
    Status opened = attempt(writes ? "mode=rwc" : "mode=ro");
    const bool unwritable = !opened && (opened.error().code == "NJ-STORE-001" || opened.error().code == "NJ-STORE-002");
    if (unwritable && !writes && std::filesystem::exists(path) && !std::filesystem::exists(database->m_file + "-wal")) {
        // In a folder that cannot be written WAL has no shared memory; a file without a log may be read as it is.
        opened = attempt("immutable=1");
    }
    if (!opened) {
        return fail(opened.error());
    }
    if (writes && sqlite3_db_readonly(database->m_database, "main") == 1) {
        return failure(nullptr, SQLITE_READONLY, database->m_file);
    }
    return database;
}

Status Database::configure(OpenMode mode, int pageSize)
{
    sqlite3_busy_timeout(m_database, kBusyMilliseconds);
    sqlite3_db_config(m_database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    Status done;
    if (mode == OpenMode::ReadWrite) {
        done = execute("PRAGMA page_size=" + std::to_string(pageSize) +
                       "; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                       " PRAGMA secure_delete=FAST; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;");
    } else {
        done = execute("PRAGMA query_only=ON; PRAGMA temp_store=MEMORY;");
    }
    // The pragmas may not touch the file; this does, so that what is no database is told at once.
    return done ? execute("SELECT count(*) FROM sqlite_schema;") : done;
}

Database::~Database()
{
    sqlite3_close_v2(m_database);
}

Status Database::execute(const std::string &sql)
{
    const int code = sqlite3_exec(m_database, sql.c_str(), nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? Status() : failure(m_database, code, m_file);
}

Result<Statement> Database::prepare(std::string_view sql)
{
    sqlite3_stmt *statement = nullptr;
    const int code = sqlite3_prepare_v2(m_database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK) {
        return failure(m_database, code, m_file);
    }
    return Statement(m_database, statement, &m_file);
}

Status Database::migrate(std::span<const Migration> migrations)
{
    auto transaction = Transaction::begin(*this);
    if (!transaction) {
        return fail(transaction.error());
    }
    if (Status made =
            execute("CREATE TABLE IF NOT EXISTS schema_version(room TEXT PRIMARY KEY, version INTEGER NOT NULL)");
        !made) {
        return made;
    }
    std::map<std::string_view, std::vector<Migration>> rooms;
    for (const Migration &migration : migrations) {
        rooms[migration.room].push_back(migration);
    }
    for (auto &[room, steps] : rooms) {
        std::sort(steps.begin(), steps.end(),
                  [](const Migration &a, const Migration &b) { return a.version < b.version; });
        auto query = prepare("SELECT version FROM schema_version WHERE room = ?");
        if (!query) {
            return fail(query.error());
        }
        const Result<bool> found = query->bind(1, room).step();
        if (!found) {
            return fail(found.error());
        }
        const std::int64_t current = *found ? query->integer(0) : 0;
        query->reset(); // a table cannot be dropped while a query is open
        if (current > steps.back().version) {
            return fail(Error{"NJ-STORE-006",
                              "The workspace was written by a newer version of Nightjar",
                              "its " + std::string(room) + " tables have version " + std::to_string(current) +
                                  ", this program knows up to " + std::to_string(steps.back().version),
                              {m_file, 0, 0},
                              "Install the newer version, or use another workspace folder."});
        }
        for (const Migration &step : steps) {
            if (step.version > current) {
                if (Status applied = execute(std::string(step.sql)); !applied) {
                    return applied;
                }
            }
        }
        auto note = prepare(
            "INSERT INTO schema_version VALUES(?, ?) ON CONFLICT(room) DO UPDATE SET version = excluded.version");
        if (!note) {
            return fail(note.error());
        }
        if (Status noted = note->bind(1, room).bind(2, steps.back().version).run(); !noted) {
            return noted;
        }
    }
    return transaction->commit();
}

void Database::interrupt()
{
    sqlite3_interrupt(m_database);
}
std::int64_t Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_database);
}
std::int64_t Database::changes() const
{
    return sqlite3_changes64(m_database);
}

Result<Transaction> Transaction::begin(Database &database, Kind kind)
{
    if (Status begun = database.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN"); !begun) {
        return fail(begun.error());
    }
    return Transaction(database);
}

Transaction::~Transaction()
{
    if (m_database != nullptr) {
        (void)m_database->execute("ROLLBACK"); // fails only when SQLite has already rolled back
    }
}

Status Transaction::commit()
{
    Status done = m_database->execute("COMMIT");
    if (done) {
        m_database = nullptr;
    }
    return done;
}

} // namespace nightjar::store
