// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/settingsstore.h"

#include "base/text.h"
#include "workspace/settingtable.h"

#include <array>

namespace nightjar::workspace {

namespace {

constexpr std::array<store::Migration, 1> kMigrations{
    {{"workspace", 1, "CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"}}};

tl::unexpected<Error> unknownKey(const std::string &key)
{
    return fail("NJ-WORK-010", "There is no setting \"" + key + "\"", "No setting has this name.",
                "nightjar-cli config list tells all of them.");
}

} // namespace

Status SettingsStore::load()
{
    if (auto migrated = m_catalog.migrate(kMigrations); !migrated) {
        return migrated;
    }
    std::lock_guard lock(m_mutex);
    return m_catalog.read([this](store::Database &db) -> Status {
        auto query = db.prepare("SELECT key, value FROM setting");
        if (!query) {
            return fail(query.error());
        }
        for (auto row = query->step();; row = query->step()) {
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                return {};
            }
            m_values[std::string(query->text(0))] = query->text(1);
        }
    });
}

Result<std::string> SettingsStore::get(const std::string &key) const
{
    if (findSetting(key) == nullptr) {
        return unknownKey(key);
    }
    return text(key);
}

std::string SettingsStore::text(const std::string &key) const
{
    std::lock_guard lock(m_mutex);
    const auto found = m_values.find(key);
    if (found != m_values.end()) {
        return found->second;
    }
    const Setting *setting = findSetting(key);
    return setting == nullptr ? std::string() : std::string(setting->defaultValue);
}

std::int64_t SettingsStore::number(const std::string &key) const
{
    return parseInteger(text(key)).value_or(0);
}

Status SettingsStore::write(const std::string &key, const std::string *value)
{
    auto written = m_catalog.write([&](store::Database &db) -> Status {
        auto statement = db.prepare(value != nullptr ? "INSERT OR REPLACE INTO setting(key, value) VALUES(?1, ?2)"
                                                     : "DELETE FROM setting WHERE key = ?1");
        if (!statement) {
            return fail(statement.error());
        }
        statement->bind(1, std::string_view(key));
        if (value != nullptr) {
            statement->bind(2, std::string_view(*value));
        }
        return statement->run();
    });
    if (written) {
        std::lock_guard lock(m_mutex);
        if (value != nullptr) {
            m_values[key] = *value;
        } else {
            m_values.erase(key);
        }
    }
    return written;
}

Status SettingsStore::set(const std::string &key, const std::string &value)
{
    const Setting *setting = findSetting(key);
    if (setting == nullptr) {
        return unknownKey(key);
    }
    const auto checked = checkedValue(*setting, value);
    return checked ? write(key, &*checked) : fail(checked.error());
}

Status SettingsStore::unset(const std::string &key)
{
    return findSetting(key) == nullptr ? Status(unknownKey(key)) : write(key, nullptr);
}

} // namespace nightjar::workspace
