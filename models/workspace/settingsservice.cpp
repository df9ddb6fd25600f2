// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/engine.h"
#include "workspace/settingtable.h"

namespace nightjar::workspace {

std::vector<SettingsService::Item> SettingsService::list()
{
    std::vector<Item> items;
    for (const Setting &setting : settingTable()) {
        const std::string key(setting.key);
        items.push_back({key, std::string(typeName(setting.type)), std::string(setting.defaultValue),
                         m_engine.settings->text(key), std::string(setting.range), std::string(setting.help)});
    }
    return items;
}

Result<std::string> SettingsService::get(const std::string &key)
{
    return m_engine.settings->get(key);
}

void SettingsService::forgetConnection(const std::string &key)
{
    if (key.starts_with("net.")) { // the next call connects anew, by the new way
        const std::lock_guard lock(m_engine.responding);
        m_engine.tenant->forget();
    }
}

Status SettingsService::set(const std::string &key, const std::string &value)
{
    auto done = m_engine.settings->set(key, value);
    forgetConnection(key);
    ++m_engine.changes;
    return done;
}

Status SettingsService::unset(const std::string &key)
{
    auto done = m_engine.settings->unset(key);
    forgetConnection(key);
    ++m_engine.changes;
    return done;
}

} // namespace nightjar::workspace
