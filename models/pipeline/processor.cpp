// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/processor.h"

#include "pipeline/findings.h"
#include "pipeline/stopwatch.h"

#include <iterator>
#include <utility>

namespace nightjar::pipeline {

std::vector<alerts::Finding> detect(const event::EventBlock &block, const Detectors &detectors, ToldGroups *told,
                                    CorrelatedBlock *correlated, const Clock &clock)
{
    std::vector<alerts::Finding> findings;
    if (detectors.rules) {
        const auto matches = detectors.rules->evaluate(block);
        findings = sigmaFindings(block, *detectors.rules, matches, detectors.correlations.get(), told);
        if (correlated != nullptr && detectors.correlations) {
            *correlated = {detectors.correlations->collect(block, matches, clock.now() + kMicrosPerDay),
                           detectors.rules, detectors.correlations};
        }
    }
    if (detectors.indicators) {
        const auto sightings = detectors.indicators->match(block);
        auto hits = intelFindings(block, *detectors.indicators, sightings, false, told);
        findings.insert(findings.end(), std::make_move_iterator(hits.begin()), std::make_move_iterator(hits.end()));
    }
    return findings;
}

Processor::Processor(logs::ParseOptions options, Detectors detectors, const Clock &clock)
    : m_parser(std::move(options))
    , m_detectors(std::move(detectors))
    , m_clock(&clock)
{
}

Result<ProcessedBatch> Processor::process(logs::RecordBatch &&batch, const std::string &sourceKey,
                                          store::Deduplicator *duplicates)
{
    ProcessedBatch out;
    out.resume = batch.resume;
    Stopwatch watch;
    std::vector<logs::Reject> rejects;
    m_builder.borrow(batch.bytes);
    m_parser.parse(batch, m_builder, rejects);
    out.block = m_builder.finish(std::move(batch.bytes));
    for (logs::Reject &reject : rejects) {
        out.quarantined.push_back({0, sourceKey, reject.position.line, reject.position.index, std::move(reject.error),
                                   std::move(reject.raw), m_clock->now()});
    }
    out.records = static_cast<std::int64_t>(out.block.rows() + out.quarantined.size());
    out.seconds.parse = watch.lap();
    if (duplicates != nullptr && out.block.rows() > 0) {
        const auto fresh = duplicates->fresh(out.block);
        if (!fresh) {
            return fail(fresh.error());
        }
        const std::size_t kept = fresh->count();
        out.duplicates = static_cast<std::int64_t>(out.block.rows() - kept);
        if (out.duplicates > 0) {
            out.block = out.block.select(*fresh);
        }
        out.seconds.deduplicate = watch.lap();
    }
    out.findings = detect(out.block, m_detectors, &m_told, &out.correlated, *m_clock);
    out.seconds.detect = watch.lap();
    auto encoded = store::encodeBlock(out.block);
    if (!encoded) {
        return fail(encoded.error());
    }
    out.encoded = std::move(*encoded);
    out.seconds.encode = watch.lap();
    return out;
}

} // namespace nightjar::pipeline
