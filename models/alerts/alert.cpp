// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alert.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace nightjar::alerts {

namespace {
constexpr std::array<std::string_view, 4> kEngines{"sigma", "intel", "anomaly", "zscaler"};
constexpr std::array<std::string_view, 5> kSeverities{"informational", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 4> kStatuses{"new", "acknowledged", "in_progress", "closed"};
constexpr std::array<std::string_view, 5> kVerdicts{"none", "true_positive", "benign", "false_positive", "duplicate"};

template <class E, std::size_t N>
std::optional<E> parse(const std::array<std::string_view, N> &names, std::string_view text)
{
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == text) {
            return static_cast<E>(i);
        }
    }
    return std::nullopt;
}
} // namespace

std::string_view name(Engine engine)
{
    return kEngines[static_cast<std::size_t>(engine)];
}
std::string_view name(Severity severity)
{
    return kSeverities[static_cast<std::size_t>(severity)];
}
std::string_view name(Status status)
{
    return kStatuses[static_cast<std::size_t>(status)];
}
std::string_view name(Verdict verdict)
{
    return kVerdicts[static_cast<std::size_t>(verdict)];
}
std::optional<Severity> parseSeverity(std::string_view text)
{
    return parse<Severity>(kSeverities, text);
}
std::optional<Status> parseStatus(std::string_view text)
{
    return parse<Status>(kStatuses, text);
}
std::optional<Verdict> parseVerdict(std::string_view text)
{
    return parse<Verdict>(kVerdicts, text);
}

void mergeFacts(Finding &old, const Finding &added)
{
    constexpr std::size_t kMostObservables = 50;
    // An ordered detector tells how much it has seen in all; the others what a block brought.
    const bool total = added.engine == Engine::Anomaly || added.total;
    old.events = total ? std::max(old.events, added.events) : old.events + added.events;
    old.first =
        old.first == kNoTime ? added.first : (added.first == kNoTime ? old.first : std::min(old.first, added.first));
    old.last = std::max(old.last, added.last);
    if (added.score > old.score || total) {
        old.score = std::max(old.score, added.score);
        old.severity = std::max(old.severity, added.severity);
        old.summary = added.summary;
        old.reasons = added.reasons;
        if (!added.picture.beats.empty()) {
            old.picture = added.picture;
        }
    }
    for (const Observable &observable : added.observables) {
        const auto same = std::find_if(old.observables.begin(), old.observables.end(), [&](const Observable &o) {
            return o.kind == observable.kind && o.value == observable.value;
        });
        if (same != old.observables.end()) {
            same->count = total ? std::max(same->count, observable.count) : same->count + observable.count;
        } else if (old.observables.size() < kMostObservables) {
            old.observables.push_back(observable);
        }
    }
}

void merge(Finding &old, Finding &&added)
{
    mergeFacts(old, added);
    const std::size_t room = kMaxEvidence - std::min(kMaxEvidence, old.evidence.size());
    const auto end = added.evidence.begin() + static_cast<std::ptrdiff_t>(std::min(room, added.evidence.size()));
    old.evidence.insert(old.evidence.end(), std::make_move_iterator(added.evidence.begin()),
                        std::make_move_iterator(end));
}

} // namespace nightjar::alerts
