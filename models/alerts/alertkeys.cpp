// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alertstore.h"
#include "store/catalog.h"

/// Which alert a finding belongs to, where the key alone does not tell.
namespace nightjar::alerts {

Result<std::vector<std::optional<std::string>>> AlertStore::keysWithin(std::span<const KeyRange> ranges) const
{
    using Keys = std::vector<std::optional<std::string>>;
    if (ranges.empty()) {
        return Keys();
    }
    return m_catalog->read([&](store::Database &db) -> Result<Keys> {
        auto query = db.prepare("SELECT key FROM alert WHERE key >= ?1 AND key < ?2 AND last >= ?3 AND first <= ?4 "
                                "ORDER BY first, id LIMIT 1");
        if (!query) {
            return fail(query.error());
        }
        Keys keys;
        for (const KeyRange &range : ranges) {
            const std::string behind = range.prefix + kBehindKeyTime;
            query->bind(1, std::string_view(range.prefix)).bind(2, std::string_view(behind));
            query->bind(3, range.first).bind(4, range.last);
            const auto row = query->step();
            if (!row) {
                return fail(row.error());
            }
            keys.push_back(*row ? std::optional<std::string>(query->text(0)) : std::nullopt);
            query->reset();
        }
        return keys;
    });
}

} // namespace nightjar::alerts
