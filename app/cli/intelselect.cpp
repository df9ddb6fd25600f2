// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/intel.h"

#include "base/text.h"
#include "intel/selection.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace nightjar::cli {

namespace {

using Json = nlohmann::ordered_json;

/// "7d", "12h", in microseconds; 0 when it is neither.
std::int64_t durationOf(std::string_view text)
{
    const bool known = text.ends_with('d') || text.ends_with('h');
    const auto number = known ? parseNumber(text.substr(0, text.size() - 1)) : std::nullopt;
    const double unit = static_cast<double>(kMicrosPerDay) / (text.ends_with('h') ? 24 : 1);
    return number && *number > 0 && *number <= 3660 ? static_cast<std::int64_t>(*number * unit) : 0;
}

Json lineOf(const intel::SelectedEntry &e, std::size_t rank, bool explain)
{
    Json line{{"entry", e.entry},
              {"value", e.entry.starts_with('.') ? e.entry.substr(1) : e.entry},
              {"type", intel::name(e.type)},
              {"score", e.score},
              {"parts",
               {{"active_days", e.activeDays},
                {"certainty", e.certainty},
                {"weight", e.weight},
                {"days_carried", e.daysCarried},
                {"present", e.present}}},
              {"covers", e.covers}};
    if (explain) {
        line["why"] = fmt::format("rank {}: {} for {:.1f} days, expected active {:.2f} days of the horizon, certainty "
                                  "{:.2f}, weight {:.1f}, covers {} indicators",
                                  rank, e.present ? "carried by its sources" : "no longer carried, was carried",
                                  e.daysCarried, e.activeDays, e.certainty, e.weight, e.covers);
    }
    return line;
}

} // namespace

int runIntelSelect(Context &context, const IntelArguments &arguments)
{
    const auto at = parseTimeArgument(arguments.at);
    if (!at) {
        return failed(at.error());
    }
    workspace::IntelService::Choice choice;
    choice.places = arguments.places;
    choice.at = *at;
    choice.horizonMicros = durationOf(arguments.horizon);
    if (choice.horizonMicros == 0) {
        return failed(Error{"NJ-CLI-041", "The horizon cannot be read", "it is not like 7d or 12h", {}, {}});
    }
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto selection = space->intel().select(choice);
    if (!selection) {
        return failed(selection.error());
    }
    std::size_t rank = 0;
    for (const intel::SelectedEntry &entry : (*selection)->entries) {
        if (!printLine(lineOf(entry, ++rank, arguments.explain).dump(-1, ' ', false, Json::error_handler_t::replace))) {
            break;
        }
    }
    std::fprintf(stderr, "%zu eligible, %zu refused, cut at %.3f, %zu entries found no place\n", (*selection)->eligible,
                 (*selection)->refused, (*selection)->cut, (*selection)->missed);
    return finish(context, kDone);
}

} // namespace nightjar::cli
