// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alertstore.h"
#include "store/catalog.h"

/// Which alert a finding belongs to, where the key alone does not tell.
namespace nightjar::alerts {

Result<std::optional<std::string>> AlertStore::keyWithin(std::string_view prefix, Timestamp first, Timestamp last) const
{
    return m_catalog->read([&](store::Database &db) -> Result<std::optional<std::string>> {
        // Times follow the prefix in these keys: ':' is behind every digit.
        auto query = db.prepare("SELECT key FROM alert WHERE key >= ?1 AND key < ?2 AND last >= ?3 AND first <= ?4 "
                                "ORDER BY first, id LIMIT 1");
        if (!query) {
            return fail(query.error());
        }
        const std::string behind = std::string(prefix) + ':';
        query->bind(1, prefix).bind(2, std::string_view(behind)).bind(3, first).bind(4, last);
        const auto row = query->step();
        if (!row) {
            return fail(row.error());
        }
        return *row ? std::optional<std::string>(query->text(0)) : std::nullopt;
    });
}

} // namespace nightjar::alerts
