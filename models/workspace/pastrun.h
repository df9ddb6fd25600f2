// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/correlationset.h"
#include "sigma/ruleset.h"
#include "workspace/engine.h"

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace nightjar::workspace {

/// Runs rules over the stored blocks that may match, on all cores. For one run.
class PastRun {
public:
    /// Both must outlive the run. `from` inclusive, `to` exclusive; kNoTime: open.
    PastRun(Engine &engine, const sigma::RuleSet &rules, Timestamp from, Timestamp to)
        : m_engine(engine)
        , m_rules(rules)
        , m_from(from)
        , m_to(to)
    {
    }

    /// Called with one block at a time; `rows` lie in the range. False ends the run.
    using Visit = std::function<bool(const store::StoredBlock &, const std::vector<sigma::RuleMatch> &)>;
    /// `nanos`: null, or gets the time spent, one a rule.
    Result<HuntSummary> run(std::vector<std::string> extraColumns, const CancelToken &cancel, const Visit &visit,
                            std::vector<std::int64_t> *nanos);

private:
    bool mayMatch(const store::BlockSummary &block);
    void keepInRange(event::RowSet &rows, const std::vector<Timestamp> &times) const;

    Engine &m_engine;
    const sigma::RuleSet &m_rules;
    Timestamp m_from, m_to;
    std::mutex m_mutex;
    HuntSummary m_summary;
};

/// Correlations over the range in order of time; each finding is told with the event that completed it last. Adds to
/// `summary`.
Status huntCorrelations(Engine &engine, const sigma::LoadResult &loaded, Timestamp from, Timestamp to,
                        const CancelToken &cancel,
                        const std::function<bool(const std::string &rule, std::int64_t event)> &visit,
                        HuntSummary &summary);

} // namespace nightjar::workspace
