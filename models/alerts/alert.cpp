// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alert.h"

#include <array>

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

} // namespace nightjar::alerts
