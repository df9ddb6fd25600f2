// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/importer.h"
#include "workspace/engine.h"
#include "workspace/intelservice.h"

#include <functional>
#include <string>

/// Deliveries of indicators, guarded. For the services of this room.
namespace nightjar::workspace {

/// Reads a delivery with the defaults into the sink.
using DeliveryReader =
    std::function<Result<intel::ImportReport>(const intel::ImportDefaults &, const intel::IndicatorSink &)>;

/// Takes one delivery in one transaction: what stands on warning lists or is the company's own neither alerts nor
/// blocks, and a whole delivery with less than a tenth of the one before is held back (NJ-INTEL-043), unless `accept`.
/// Adds to `summary`. The new indicators wait to be hunted. Thread: the caller's, which holds `engine.importing`.
Status takeDelivery(Engine &engine, const intel::ImportDefaults &defaults, const std::string &file, bool accept,
                    const DeliveryReader &reader, const CancelToken &cancel, IntelSummary &summary);

} // namespace nightjar::workspace
