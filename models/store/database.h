// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

/// A thin RAII layer over SQLite's C API. Other rooms keep tables in the catalog through it; nobody else sees
/// sqlite3.h.
namespace nightjar::store {

enum class OpenMode : std::uint8_t { ReadWrite, ReadOnly };

/// One step of a room's schema. Steps of a room are applied in ascending version, each at most once.
struct Migration {
    std::string_view room; ///< "alerts"
    int version = 0;       ///< from 1
    std::string_view sql;  ///< one or more statements
};

/// A prepared statement. Bind from 1, read columns from 0. Views it returns die with the next step or reset.
/// Thread: that of its Database.
class Statement {
public:
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&other) noexcept;
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;
    ~Statement();

    template <std::integral T>
    Statement &bind(int index, T value)
    {
        return bindInteger(index, static_cast<std::int64_t>(value));
    }
    Statement &bind(int index, double value);
    Statement &bind(int index, std::string_view text); ///< copied
    Statement &bind(int index, std::nullptr_t);
    Statement &bindBlob(int index, std::string_view bytes); ///< not copied: must live until the statement has run

    /// True: a row stands ready. False: done. Errors as in Database.
    Result<bool> step();
    /// Runs to the end, leaving rows unread, and resets.
    Status run();
    /// Ready for other values; bindings are cleared.
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string_view text(int column) const; ///< empty for NULL
    [[nodiscard]] std::string_view blob(int column) const; ///< empty for NULL
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] int columns() const;
    [[nodiscard]] std::string_view columnName(int column) const;

private:
    friend class Database;
    Statement(sqlite3 *database, sqlite3_stmt *statement, const std::string *file);
    Statement &bindInteger(int index, std::int64_t value);
    void noteBinding(int code);

    sqlite3 *m_database = nullptr;
    sqlite3_stmt *m_statement = nullptr;
    const std::string *m_file = nullptr;
    int m_bindError = 0;
};

/// One connection: WAL, synchronous=FULL, foreign keys on, 5 s busy time-out, secure_delete=fast, temporary tables in
/// memory; a new file gets mode 0600. Thread: one at a time; `interrupt` from any.
/// Errors: NJ-STORE-001 cannot open, -002 read-only place, -003 disk full, -004 damaged or no database, -005 locked by
/// another program, -006 schema newer than this program, -007 input/output, -008 interrupted, -009 other.
class Database {
public:
    /// `pageSize` counts for new files only. A read-only opening of a file in a read-only folder works when the file
    /// was closed properly.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path &path, OpenMode mode,
                                                  int pageSize = 4096);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Statements separated by semicolons, without results.
    Status execute(const std::string &sql);
    Result<Statement> prepare(std::string_view sql);
    /// Brings the rooms' tables up to the given versions, all in one transaction (table `schema_version`).
    Status migrate(std::span<const Migration> migrations);
    /// Stops what runs on this connection with NJ-STORE-008.
    void interrupt();
    [[nodiscard]] std::int64_t lastInsertId() const;
    /// Rows changed by the last statement.
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] const std::string &file() const { return m_file; }

private:
    explicit Database(std::string path)
        : m_file(std::move(path))
    {
    }
    Status configure(OpenMode mode, int pageSize);

    sqlite3 *m_database = nullptr;
    std::string m_file;
};

/// Rolls back on destruction unless committed.
class Transaction {
public:
    enum class Kind : std::uint8_t { Read, Write };
    static Result<Transaction> begin(Database &database, Kind kind = Kind::Write);
    Transaction(Transaction &&other) noexcept
        : m_database(std::exchange(other.m_database, nullptr))
    {
    }
    Transaction &operator=(Transaction &&) = delete;
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    ~Transaction();

    Status commit();

private:
    explicit Transaction(Database &database)
        : m_database(&database)
    {
    }
    Database *m_database;
};

} // namespace nightjar::store
