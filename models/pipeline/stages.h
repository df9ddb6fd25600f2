// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace nightjar::pipeline {

/// Processor seconds by stage, summed over threads; for the closing line of an import and the benchmark.
struct StageSeconds {
    double parse = 0, deduplicate = 0, detect = 0, encode = 0, anomaly = 0, store = 0;

    StageSeconds &operator+=(const StageSeconds &other)
    {
        parse += other.parse;
        deduplicate += other.deduplicate;
        detect += other.detect;
        encode += other.encode;
        anomaly += other.anomaly;
        store += other.store;
        return *this;
    }
};

} // namespace nightjar::pipeline
