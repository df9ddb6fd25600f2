// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alertstore.h"
#include "store/catalog.h"

/// Which alert a finding belongs to, where the key alone does not tell, and what the detectors keep.
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

nightjar::Status AlertStore::forgetLearnt()
{
    return m_catalog->write([](store::Database &db) -> nightjar::Status {
        return db.execute("UPDATE detection_progress SET state_through = 0, state = x''");
    });
}

Result<bool> AlertStore::isExpected(const Finding &finding) const
{
    return m_catalog->read([&](store::Database &db) -> Result<bool> {
        auto query = db.prepare("SELECT 1 FROM alert WHERE engine = ?1 AND rule = ?2 AND user = ?3 AND entity = ?4 "
                                "AND verdict IN (?5, ?6) LIMIT 1");
        if (!query) {
            return fail(query.error());
        }
        query->bind(1, static_cast<int>(finding.engine)).bind(2, std::string_view(finding.rule));
        query->bind(3, std::string_view(finding.user)).bind(4, std::string_view(finding.entity));
        query->bind(5, static_cast<int>(Verdict::Benign)).bind(6, static_cast<int>(Verdict::FalsePositive));
        return query->step();
    });
}

} // namespace nightjar::alerts
