// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "logs/parser.h"
#include "pipeline/committer.h"
#include "pipeline/processor.h"
#include "pipeline/report.h"
#include "store/eventstore.h"

#include <filesystem>
#include <functional>
#include <vector>

namespace nightjar::pipeline {

struct ImporterOptions {
    logs::ParseOptions parse;
    bool detect = true;
    unsigned workers = 0; ///< 0: one a core
};

/// Files, folders and archives into the store, with detection. One reading thread (the caller's), `workers` that parse,
/// look and compress, and one writer; bounded queues between them, so that memory stays bounded.
///
/// A file is known by its content. Read to its end before: nothing is done. Broken off before: it goes on behind the
/// last stored block. A delivery in which duplicates were found is read again whole, which the multiset rule of the
/// deduplicator makes exact.
class Importer {
public:
    Importer(store::EventStore &events, Committer &committer, Detectors detectors, const Clock &clock,
             ImporterOptions options);

    using ProgressCallback = std::function<void(const ImportProgress &)>;

    /// A file that fails is reported in its FileResult and the others go on; only a store that cannot be written ends
    /// the run with an error. Cancelling keeps what was stored; the next run resumes.
    Result<ImportSummary> run(const std::vector<std::filesystem::path> &paths, const ProgressCallback &progress,
                              const CancelToken &cancel);

private:
    store::EventStore &m_events;
    Committer &m_committer;
    Detectors m_detectors;
    const Clock &m_clock;
    ImporterOptions m_options;
};

} // namespace nightjar::pipeline
