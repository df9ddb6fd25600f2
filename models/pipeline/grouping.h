// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "event/block.h"

#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace nightjar::pipeline {

/// Values of one block's rows by field, as text; empty where a row has none. Thread: one owner.
class RowReader {
public:
    explicit RowReader(const event::EventBlock &block)
        : m_block(block)
    {
    }
    [[nodiscard]] std::string text(event::Field field, std::size_t row) const;
    /// The user, else the client address, else "unknown".
    [[nodiscard]] std::string who(std::size_t row) const;
    /// The column who() reads and the code in it: equal for rows of the same party. A null column stands for "unknown".
    struct Party {
        const event::Column *column = nullptr;
        std::uint32_t code = event::kMissing;
        auto operator<=>(const Party &) const = default;
    };
    [[nodiscard]] Party party(std::size_t row) const;
    [[nodiscard]] const event::EventBlock &block() const { return m_block; }

private:
    const event::EventBlock &m_block;
};

/// What the rows of one finding have in common.
struct RowFacts {
    Timestamp first = kNoTime;
    Timestamp last = kNoTime;
    std::vector<alerts::Observable> observables; ///< at most 20, most frequent first
    std::string mainDestination;                 ///< the one most rows go to; empty when none has one
};

/// Facts of the given rows (ascending).
RowFacts factsOf(const RowReader &reader, std::span<const std::size_t> rows);

/// Copies up to `most` rows as evidence, with the row as event id.
std::vector<alerts::Evidence> evidenceOf(const RowReader &reader, std::span<const std::size_t> rows, std::size_t most);

/// What one worker has already said of its groups: a rule that matches everywhere is explained once, not once a block.
/// As blocks are recorded in their order, a worker's earlier block is always known when its later one is merged.
/// Bounded: past 200,000 groups it starts anew, which only costs time. Thread: one owner.
class ToldGroups {
public:
    struct Wanted {
        bool description = true;
        std::size_t evidence = 0; ///< records at most
    };
    /// What a finding of this group with this score should carry; `rows` is how many it has.
    Wanted ask(const std::string &key, int score, std::size_t rows);

private:
    struct Told {
        int score = 0;
        std::size_t evidence = 0;
    };
    std::unordered_map<std::string, Told> m_told;
};

/// "2026-03-12" of a time, for keys; "undated" without one.
std::string dayOf(Timestamp time);

} // namespace nightjar::pipeline
