// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/pastrun.h"

#include "pipeline/correlationrunner.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace nightjar::workspace {

Result<HuntSummary> PastRun::run(std::vector<std::string> extraColumns, const CancelToken &cancel, const Visit &visit,
                                 std::vector<std::int64_t> *nanos)
{
    const auto start = std::chrono::steady_clock::now();
    const store::Snapshot snapshot = m_engine.events->snapshot();
    const sigma::ColumnNeeds needs = m_rules.needs();
    store::ScanRequest request;
    request.from = m_from;
    request.to = m_to;
    request.columns = needs.columns;
    request.columns.insert(request.columns.end(), extraColumns.begin(), extraColumns.end());
    request.allColumns = needs.all;
    request.mayMatch = [&](const store::BlockSummary &block) { return mayMatch(block); };
    m_summary.rules = static_cast<std::int64_t>(m_rules.rules().size());
    const std::size_t workers = std::max(1U, std::thread::hardware_concurrency());
    const auto scanned =
        m_engine.events->scanParallel(snapshot, request, workers, cancel, [&](const store::StoredBlock &stored) {
            std::vector<std::int64_t> own;
            auto matches = nanos != nullptr ? m_rules.evaluate(stored.block, own) : m_rules.evaluate(stored.block);
            for (sigma::RuleMatch &match : matches) {
                keepInRange(match.rows, stored.block.times());
            }
            std::lock_guard lock(m_mutex);
            ++m_summary.blocks;
            m_summary.events += static_cast<std::int64_t>(stored.block.rows());
            for (std::size_t i = 0; i < own.size(); ++i) {
                nanos->resize(own.size());
                (*nanos)[i] += own[i];
            }
            for (const sigma::RuleMatch &match : matches) {
                m_summary.matches += static_cast<std::int64_t>(match.rows.count());
            }
            return visit(stored, matches);
        });
    if (!scanned) {
        return fail(scanned.error());
    }
    m_summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return m_summary;
}

bool PastRun::mayMatch(const store::BlockSummary &block)
{
    const sigma::BlockHints hints{
        [&](std::string_view column) { return block.hasColumn(column); },
        [&](std::string_view column, std::string_view value) { return block.mayContain(column, value); }};
    const bool may = m_rules.mayMatch(hints);
    if (!may) {
        std::lock_guard lock(m_mutex);
        ++m_summary.blocksSkipped;
    }
    return may;
}

/// As in searches: rows without a time stand in no bounded range.
void PastRun::keepInRange(event::RowSet &rows, const std::vector<Timestamp> &times) const
{
    if (m_from == kNoTime && m_to == kNoTime) {
        return;
    }
    event::RowSet inside(times.size());
    rows.forEach([&](std::size_t row) {
        const Timestamp time = times[row];
        if (time != kNoTime && (m_from == kNoTime || time >= m_from) && (m_to == kNoTime || time < m_to)) {
            inside.insert(row);
        }
    });
    rows = std::move(inside);
}

Status huntCorrelations(Engine &engine, const sigma::LoadResult &loaded, Timestamp from, Timestamp to,
                        const CancelToken &cancel,
                        const std::function<bool(const std::string &rule, std::int64_t event)> &visit,
                        HuntSummary &summary)
{
    const auto start = std::chrono::steady_clock::now();
    pipeline::CorrelationHunt::Range range;
    range.from = from;
    range.to = to;
    auto correlator = pipeline::CorrelationHunt(*loaded.rules, loaded.correlations).run(*engine.events, range, cancel);
    if (!correlator) {
        return fail(correlator.error());
    }
    for (const sigma::CorrelationFinding &found : correlator->takeFindings()) {
        ++summary.matches;
        const std::string &name = loaded.correlations->correlations()[found.correlation].rule.head.reference();
        if (!found.ids.empty() && !visit(name, found.ids.back())) {
            break;
        }
    }
    summary.rules += static_cast<std::int64_t>(loaded.correlations->correlations().size());
    summary.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return {};
}

} // namespace nightjar::workspace
