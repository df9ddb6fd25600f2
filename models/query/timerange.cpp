// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/timerange.h"

#include <algorithm>

namespace nightjar::query {
namespace {

constexpr std::size_t kDateLength = 10; ///< "2026-03-01"

std::optional<Timestamp> parsePoint(std::string_view text, Timestamp now)
{
    if (text == "now") {
        return now;
    }
    if (text.starts_with('-') || text.starts_with('+')) {
        const auto distance = parseDuration(text.substr(1));
        return distance ? std::optional(text.front() == '-' ? now - *distance : now + *distance) : std::nullopt;
    }
    return parseIsoTime(text);
}

} // namespace

std::optional<Range> parseRange(std::string_view text, Timestamp now)
{
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) {
        const auto from = parsePoint(text, now);
        if (!from) {
            return std::nullopt;
        }
        const bool isDay = text.size() == kDateLength && !text.starts_with('-') && !text.starts_with('+');
        return Range{*from, isDay ? *from + kMicrosPerDay : kNoTime};
    }
    const std::string_view first = text.substr(0, dots);
    const std::string_view last = text.substr(dots + 2);
    const auto from = first.empty() ? std::optional(kNoTime) : parsePoint(first, now);
    const auto to = last.empty() ? std::optional(kNoTime) : parsePoint(last, now);
    if (!from || !to || (first.empty() && last.empty()) || (*from != kNoTime && *to != kNoTime && *to <= *from)) {
        return std::nullopt;
    }
    return Range{*from, *to};
}

Range intersection(const Range &a, const Range &b)
{
    Range both;
    both.from = std::max(a.from, b.from); // kNoTime is the smallest
    both.to = a.to == kNoTime ? b.to : b.to == kNoTime ? a.to : std::min(a.to, b.to);
    return both;
}

} // namespace nightjar::query
