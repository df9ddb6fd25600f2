// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/database.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace nightjar::store {

/// The workspace's catalog database: alerts, indicators' metadata, journal, settings. Rooms hand in their migrations
/// and use it through `write` and `read`. Thread: any; writes are serialised, reads run beside them on their own
/// connections and see the last committed state.
class Catalog {
public:
    static Result<std::unique_ptr<Catalog>> open(const std::filesystem::path &path,
                                                 OpenMode mode = OpenMode::ReadWrite);

    /// Does nothing (but refuse a newer schema) when opened read-only.
    Status migrate(std::span<const Migration> migrations);

    /// Runs `f(Database &)`, which returns a Status or Result, in one transaction; its error rolls everything back.
    /// Not to be called from within another `write`.
    template <class F>
    auto write(F &&f) -> std::invoke_result_t<F, Database &>
    {
        std::lock_guard lock(m_writing);
        auto transaction = Transaction::begin(*m_writer);
        if (!transaction) {
            return fail(transaction.error());
        }
        auto result = std::forward<F>(f)(*m_writer);
        if (result) {
            if (Status committed = transaction->commit(); !committed) {
                return fail(committed.error());
            }
        }
        return result;
    }

    /// Runs `f(Database &)` on a read-only connection within one consistent view.
    template <class F>
    auto read(F &&f) -> std::invoke_result_t<F, Database &>
    {
        auto reader = takeReader();
        if (!reader) {
            return fail(reader.error());
        }
        auto result = [&]() -> std::invoke_result_t<F, Database &> {
            auto transaction = Transaction::begin(**reader, Transaction::Kind::Read);
            if (!transaction) {
                return fail(transaction.error());
            }
            return std::forward<F>(f)(**reader);
        }();
        giveBack(std::move(*reader));
        return result;
    }

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    [[nodiscard]] bool readOnly() const { return m_mode == OpenMode::ReadOnly; }

private:
    explicit Catalog(std::filesystem::path path)
        : m_path(std::move(path))
    {
    }
    Result<std::unique_ptr<Database>> takeReader();
    void giveBack(std::unique_ptr<Database> reader);

    std::filesystem::path m_path;
    OpenMode m_mode = OpenMode::ReadWrite;
    std::mutex m_writing;
    std::unique_ptr<Database> m_writer; ///< a reading connection when opened read-only: SQLite refuses writes
    std::mutex m_pool;
    std::vector<std::unique_ptr<Database>> m_idle;
};

} // namespace nightjar::store
