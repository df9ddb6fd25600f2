// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "intel/indicatorset.h"

#include <cstdint>
#include <filesystem>
#include <memory>

/// A finished set as a file, so that six million indicators are there again in a fraction of a second. It is a cache of
/// the catalog: whatever is wrong with it, it is made anew.
namespace nightjar::intel {

/// What the set was made from: the catalog's revision of indicators and the installation's key.
struct SetOrigin {
    std::uint64_t revision = 0, seed = 0;
    bool operator==(const SetOrigin &) const = default;
};

/// Format 1: a head, then sections, each with size and XXH3; arrays little-endian. The old file stays whole on any
/// failure.
Status saveSet(const IndicatorSet &set, const SetOrigin &origin, const std::filesystem::path &file);
/// Null when there is no such file, it is of another origin or format, or damaged.
std::shared_ptr<const IndicatorSet> openSet(const SetOrigin &origin, const std::filesystem::path &file);

} // namespace nightjar::intel
