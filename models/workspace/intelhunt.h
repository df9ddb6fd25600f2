// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/retrohunt.h"
#include "workspace/engine.h"
#include "workspace/intelservice.h"

#include <functional>

/// Indicators over the stored events, on all cores. For the services of this room.
namespace nightjar::workspace {

/// One set over all events. `alerts` may be null; else it gets what the alerts are made of, one thread at a time.
/// `progress` (may be empty) gets the events scanned.
Result<intel::HuntResult> huntSet(Engine &engine, const intel::IndicatorSet &set, alerts::FindingBuffer *alerts,
                                  const CancelToken &cancel, const std::function<void(std::int64_t)> &progress);

/// Hunts every indicator that waits, in slices; each slice leaves the queue in the transaction that records its
/// alerts, so that a crash neither loses nor doubles any. What is cancelled goes on with the next call.
Status huntPending(Engine &engine, IntelSummary &summary, const StageProgress &progress, const CancelToken &cancel);

} // namespace nightjar::workspace
