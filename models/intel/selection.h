// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/indicator.h"
#include "intel/warninglist.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace nightjar::intel {

struct SelectionOptions {
    std::size_t places = 25'000;
    Timestamp at = kNoTime;                         ///< what is known then
    std::int64_t horizonMicros = 7 * kMicrosPerDay; ///< the time an entry is judged for
    double reliability = 0.6;                       ///< of a source without verdicts
    int confidenceFloor = 0;                        ///< below it nothing is pushed
    Tlp highestTlp = Tlp::Amber;                    ///< that may leave for the tenant
};

/// One row of one source about a value.
struct Presence {
    Indicator indicator;
    bool present = true; ///< its source carries it now
};

/// One place of the deny list.
struct SelectedEntry {
    std::string entry; ///< as the service spells it: "evil.example", ".evil.example", "evil.example/a", "192.0.2.1"
    Type type = Type::Domain;
    double score = 0;       ///< expected harm prevented: active days within the horizon, weighted
    std::size_t covers = 1; ///< indicators
    double activeDays = 0;  ///< expected, of the best indicator under it
    double certainty = 0;   ///< that it is malicious, of the best
    double weight = 0;      ///< of the threat, of the best
    double daysCarried = 0; ///< of the best
    bool present = false;   ///< of the best
};

struct Selection {
    std::vector<SelectedEntry> entries; ///< best first
    std::size_t eligible = 0;           ///< indicators
    std::size_t refused = 0;            ///< warned, expired, revoked, not allowed
    double cut = 0;                     ///< score of the last entry
    std::size_t missed = 0;             ///< entries that found no place
};

/// Chooses what a deny list of limited size should hold. Expected active time grows with the time an indicator has been
/// active already (falling hazard); formula and constants: facts/cti.md §6.2 of the project's research, fitted on
/// URLhaus 2019–2020. Where an entry for a whole host or everything below a name is safe, it stands for what it covers;
/// since covers form a forest and the wider entry is worth at least as much, taking the widest safe ones by worth is
/// what the greedy choice comes to. The same input gives the same output. Thread: one owner; about 80 bytes a value.
class Selector {
public:
    Selector(SelectionOptions options, const WarningLists *warnings);
    ~Selector();
    Selector(const Selector &) = delete;
    Selector &operator=(const Selector &) = delete;

    /// All sources' rows of one value (same type, value and port).
    void add(const std::vector<Presence> &rows);
    std::shared_ptr<const Selection> finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::intel
