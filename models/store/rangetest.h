// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/eventstore.h"
#include "store/segment.h"

/// Time ranges against rows and blocks. Private to the store.
namespace nightjar::store {

inline bool isOpen(const TimeRange &range)
{
    return range.from == kNoTime && range.to == kNoTime;
}

/// Rows without a time stand in no bounded range.
inline bool contains(const TimeRange &range, Timestamp time)
{
    return isOpen(range) || (time != kNoTime && time >= range.from && (range.to == kNoTime || time < range.to));
}

inline bool overlaps(const BlockMeta &meta, const TimeRange &range)
{
    return isOpen(range) ||
           (meta.maxTime != kNoTime && meta.maxTime >= range.from && (range.to == kNoTime || meta.minTime < range.to));
}

/// Every row of the block stands in the range.
inline bool covers(const BlockMeta &meta, const TimeRange &range)
{
    return isOpen(range) || (meta.untimedRows == 0 && contains(range, meta.minTime) && contains(range, meta.maxTime));
}

/// Takes rows outside the range out of `rows`.
inline void keepInRange(event::RowSet &rows, const std::vector<Timestamp> &times, const TimeRange &range)
{
    event::RowSet inside(times.size());
    for (std::size_t row = 0; row < times.size(); ++row) {
        if (contains(range, times[row])) {
            inside.insert(row);
        }
    }
    rows &= inside;
}

} // namespace nightjar::store
