// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/catalog.h"

namespace nightjar::store {
namespace {

constexpr std::size_t kIdleReaders = 8;

} // namespace

Result<std::unique_ptr<Catalog>> Catalog::open(const std::filesystem::path &path, OpenMode mode)
{
    std::unique_ptr<Catalog> catalog(new Catalog(path));
    catalog->m_mode = mode;
    auto writer = Database::open(path, mode);
    if (!writer) {
        return fail(writer.error());
    }
    catalog->m_writer = std::move(*writer);
    return catalog;
}

Status Catalog::migrate(std::span<const Migration> migrations)
{
    std::lock_guard lock(m_writing);
    if (m_mode == OpenMode::ReadWrite) {
        return m_writer->migrate(migrations);
    }
    for (const Migration &migration : migrations) {
        auto query = m_writer->prepare("SELECT version FROM schema_version WHERE room = ?");
        if (!query) {
            return fail(query.error());
        }
        const Result<bool> found = query->bind(1, migration.room).step();
        if (!found) {
            return fail(found.error());
        }
        std::int64_t known = 0;
        for (const Migration &other : migrations) {
            known = other.room == migration.room && other.version > known ? other.version : known;
        }
        const std::int64_t current = *found ? query->integer(0) : 0;
        if (current != known) {
            return fail(Error{"NJ-STORE-006",
                              "The workspace has another schema version",
                              "its " + std::string(migration.room) + " tables have version " + std::to_string(current) +
                                  ", this program needs " + std::to_string(known),
                              {m_path.string(), 0, 0},
                              "Open it once for writing with this version, or install the newer one."});
        }
    }
    return {};
}

Result<std::unique_ptr<Database>> Catalog::takeReader()
{
    {
        std::lock_guard lock(m_pool);
        if (!m_idle.empty()) {
            auto reader = std::move(m_idle.back());
            m_idle.pop_back();
            return reader;
        }
    }
    return Database::open(m_path, OpenMode::ReadOnly);
}

void Catalog::giveBack(std::unique_ptr<Database> reader)
{
    std::lock_guard lock(m_pool);
    if (m_idle.size() < kIdleReaders) {
        m_idle.push_back(std::move(reader));
    }
}

} // namespace nightjar::store
