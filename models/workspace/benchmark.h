// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace nightjar::workspace {

struct BenchmarkOptions {
    std::size_t events = 1'000'000;
    std::size_t indicators = 1'000'000;
    int rounds = 5; ///< of each question; the median is told
};

/// One measured figure. `target` is the bar of the project for two idle cores at the size that `at` names; it is only
/// compared when the run has that size.
struct BenchmarkRow {
    std::string what;
    double value = 0;
    std::string unit;
    double target = 0; ///< 0: none
    bool atLeast = false;
    std::string at; ///< "10 M events", empty: any size
    [[nodiscard]] bool met() const { return target == 0 || (atLeast ? value >= target : value <= target); }
};

/// Makes web records (workspace/demogenerator.h) and indicators in `folder`, which must be empty or absent, imports
/// them into a workspace there and asks it what an analyst asks. Nothing is removed. Give `visit` each figure as it is
/// known.
Status runBenchmark(const std::filesystem::path &folder, const BenchmarkOptions &options,
                    const std::function<void(const BenchmarkRow &)> &visit, const CancelToken &cancel);

} // namespace nightjar::workspace
