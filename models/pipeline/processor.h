// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "base/result.h"
#include "event/block.h"
#include "event/builder.h"
#include "intel/indicatorset.h"
#include "logs/framer.h"
#include "logs/parser.h"
#include "pipeline/correlationrunner.h"
#include "pipeline/grouping.h"
#include "pipeline/stages.h"
#include "sigma/ruleset.h"
#include "store/deduplicator.h"
#include "store/eventstore.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace nightjar::pipeline {

/// The detectors that look at one block at a time. Immutable: a change of rules or indicators makes a new one.
struct Detectors {
    std::shared_ptr<const sigma::RuleSet> rules;                         ///< null: none
    std::shared_ptr<const intel::IndicatorSet> indicators;               ///< null: none
    std::shared_ptr<const sigma::CorrelationSet> correlations = nullptr; ///< over `rules`; null: none
};

/// The one function that live, import and replay share. Evidence carries rows, see shiftIds(). `told`: see ToldGroups.
/// `correlated` takes what the block brings to the correlations; `clock` tells which event times cannot be.
std::vector<alerts::Finding> detect(const event::EventBlock &block, const Detectors &detectors,
                                    ToldGroups *told = nullptr, CorrelatedBlock *correlated = nullptr,
                                    const Clock &clock = systemClock());

/// A batch of records that has been parsed, cleared of duplicates, looked at and compressed: ready for the one writer.
struct ProcessedBatch {
    store::EncodedBlock encoded;
    event::EventBlock block; ///< columns only, for the detectors that need the order of events
    std::vector<alerts::Finding> findings;
    CorrelatedBlock correlated;
    std::vector<store::QuarantinedRecord> quarantined;
    std::int64_t records = 0;
    std::int64_t duplicates = 0;
    logs::FramerState resume;
    StageSeconds seconds;
};

/// The workers' part of the path. One object a thread.
class Processor {
public:
    /// `duplicates` may be null: nothing is taken out.
    Processor(logs::ParseOptions options, Detectors detectors, const Clock &clock);

    /// Uses `batch` up.
    Result<ProcessedBatch> process(logs::RecordBatch &&batch, const std::string &sourceKey,
                                   store::Deduplicator *duplicates);

private:
    logs::RecordParser m_parser;
    event::BlockBuilder m_builder;
    Detectors m_detectors;
    ToldGroups m_told;
    const Clock *m_clock;
};

} // namespace nightjar::pipeline
