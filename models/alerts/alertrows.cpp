// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alertrows.h"

#include "alerts/alertjson.h"
#include "base/compression.h"
#include "base/text.h"

#include <algorithm>

namespace nightjar::alerts {

using store::Database;
using store::Statement;

Alert readAlert(const Statement &row)
{
    Alert alert;
    Finding &f = alert.finding;
    alert.id = row.integer(0);
    f.engine = static_cast<Engine>(std::clamp<std::int64_t>(row.integer(1), 0, 3));
    f.rule = row.text(2);
    f.title = row.text(3);
    f.summary = row.text(4);
    f.severity = static_cast<Severity>(std::clamp<std::int64_t>(row.integer(5), 0, 4));
    f.score = static_cast<int>(row.integer(6));
    f.user = row.text(7);
    f.entity = row.text(8);
    detailFromJson(row.text(9), f);
    f.events = row.integer(10);
    f.first = row.integer(11);
    f.last = row.integer(12);
    f.retro = row.integer(13) != 0;
    alert.status = static_cast<Status>(std::clamp<std::int64_t>(row.integer(14), 0, 3));
    alert.verdict = static_cast<Verdict>(std::clamp<std::int64_t>(row.integer(15), 0, 4));
    alert.note = row.text(16);
    alert.created = row.integer(17);
    alert.updated = row.integer(18);
    f.key = row.text(19);
    return alert;
}

Result<Alert> readOne(Database &db, std::int64_t id)
{
    auto query = db.prepare("SELECT " + std::string(kColumns) + " FROM alert WHERE id = ?");
    if (!query) {
        return fail(query.error());
    }
    query->bind(1, id);
    const auto row = query->step();
    if (!row) {
        return fail(row.error());
    }
    if (!*row) {
        return fail("NJ-ALERTS-001", "There is no alert " + std::to_string(id), "No alert has this number.",
                    "List the alerts to see their numbers.");
    }
    return readAlert(*query);
}

std::string packEvidence(const Evidence &evidence)
{
    return pack(std::to_string(evidence.json.size()) + '\n' + evidence.json + evidence.raw);
}

bool unpackEvidence(std::string_view packed, Evidence &evidence)
{
    constexpr std::size_t kMost = 1U << 30U;
    const auto both = unpack(packed, kMost);
    const std::size_t head = both ? both->find('\n') : std::string::npos;
    const auto size = head == std::string::npos ? std::nullopt : parseInteger(std::string_view(*both).substr(0, head));
    if (!size || *size < 0 || static_cast<std::size_t>(*size) > both->size() - head - 1) {
        return false;
    }
    evidence.json = both->substr(head + 1, static_cast<std::size_t>(*size));
    evidence.raw = both->substr(head + 1 + static_cast<std::size_t>(*size));
    return true;
}

nightjar::Status addHistory(Statement &insert, std::int64_t alert, Timestamp at, const std::string &who,
                            const std::string &what)
{
    insert.bind(1, alert).bind(2, at).bind(3, std::string_view(who)).bind(4, std::string_view(what));
    return insert.run();
}

nightjar::Status addHistory(Database &db, std::int64_t alert, Timestamp at, const std::string &who,
                            const std::string &what)
{
    auto insert = db.prepare(kInsertHistory);
    return insert ? addHistory(*insert, alert, at, who, what) : fail(insert.error());
}

} // namespace nightjar::alerts
