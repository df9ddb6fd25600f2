// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "store/catalog.h"

#include <map>
#include <mutex>
#include <string>

namespace nightjar::workspace {

/// The settings that differ from their defaults, in the catalog. Thread: any.
class SettingsStore {
public:
    explicit SettingsStore(store::Catalog &catalog)
        : m_catalog(catalog)
    {
    }
    /// Makes its table and reads it.
    Status load();
    /// The value, or the default. NJ-WORK-010 when there is no such key.
    Result<std::string> get(const std::string &key) const;
    Status set(const std::string &key, const std::string &value);
    Status unset(const std::string &key);

    /// Of keys that the program itself knows.
    [[nodiscard]] std::string text(const std::string &key) const;
    [[nodiscard]] bool flag(const std::string &key) const { return text(key) == "true"; }
    [[nodiscard]] std::int64_t number(const std::string &key) const;

private:
    Status write(const std::string &key, const std::string *value);
    store::Catalog &m_catalog;
    mutable std::mutex m_mutex;
    std::map<std::string, std::string> m_values;
};

} // namespace nightjar::workspace
