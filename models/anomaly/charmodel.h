// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anomaly/bytes.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nightjar::anomaly {

/// How likely people choose a name letter by letter: a character model of order five.
///
/// P(c | four before) = (n(four, c) + k·P(c | three before)) / (n(four) + k), down to 1/40 for a character alone
/// (hierarchical Dirichlet smoothing, MacKay and Peto 1995). Counts are kept on a quarter-octave scale in an open hash
/// table with ten check bits: 2 bytes a slot. Thread: reading is const.
class CharModel {
public:
    /// Counts of training, by hash of the group.
    class Counts {
    public:
        void add(std::string_view name);
        /// Groups of four and five characters seen once are left out.
        [[nodiscard]] CharModel finish() const;

    private:
        struct Count {
            std::uint32_t times = 0;
            std::uint32_t length = 0;
        };
        std::unordered_map<std::uint64_t, Count> m_counts;
    };

    /// Natural logarithms of the probabilities of the characters of `name` and of its end.
    [[nodiscard]] std::vector<double> logProbabilities(std::string_view name) const;

    void write(ByteWriter &out) const;
    /// False when the bytes are none of a model.
    bool read(ByteReader &in);

private:
    [[nodiscard]] double count(std::uint64_t hash) const;
    std::vector<std::uint16_t> m_slots;
    double m_all = 0; ///< characters counted
};

} // namespace nightjar::anomaly
