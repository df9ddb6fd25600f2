// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/evidence.h"

#include "pipeline/grouping.h"

#include <algorithm>
#include <string>

namespace nightjar::pipeline {

namespace {

constexpr std::size_t kMostOfOne = 25;
constexpr std::size_t kLeastOfOne = 3;
constexpr std::size_t kMostOfAll = 20'000;
constexpr std::size_t kKeptObservables = 20;

void addObservables(alerts::Finding &finding, const event::EventBlock &block, std::size_t row)
{
    const std::vector<std::size_t> rows{row};
    for (alerts::Observable &observable : factsOf(RowReader(block), rows).observables) {
        const auto same =
            std::find_if(finding.observables.begin(), finding.observables.end(), [&](const alerts::Observable &o) {
                return o.kind == observable.kind && o.value == observable.value;
            });
        if (same != finding.observables.end()) {
            same->count = std::max(same->count, observable.count);
        } else if (finding.observables.size() < kKeptObservables) {
            finding.observables.push_back(std::move(observable));
        }
    }
}

} // namespace

Status addStoredEvidence(const store::EventStore &events, const store::Snapshot &snapshot,
                         std::span<const EvidenceWanted> wanted)
{
    if (wanted.empty()) {
        return {};
    }
    const std::size_t most = std::clamp(kMostOfAll / wanted.size(), kLeastOfOne, kMostOfOne);
    std::vector<std::int64_t> ids;
    std::vector<const EvidenceWanted *> askers;
    for (const EvidenceWanted &one : wanted) {
        const std::size_t taken = std::min(one.ids.size(), most);
        ids.insert(ids.end(), one.ids.end() - static_cast<std::ptrdiff_t>(taken), one.ids.end());
        askers.insert(askers.end(), taken, &one);
    }
    return events.visitEvents(
        snapshot, ids, [&](std::size_t index, const event::EventBlock &block, std::size_t row, std::string_view raw) {
            const EvidenceWanted &asker = *askers[index];
            asker.finding->evidence.push_back({ids[index], block.times()[row], block.toJson(row), std::string(raw)});
            if (asker.observables) {
                addObservables(*asker.finding, block, row);
            }
        });
}

} // namespace nightjar::pipeline
