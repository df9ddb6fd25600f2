// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconrows.h"

#include <algorithm>
#include <limits>
#include <string>

namespace nightjar::anomaly {

namespace {

/// Value of an Integer column as a bounded size; 0 when absent.
std::uint32_t sizeAt(const event::Column *column, std::size_t row)
{
    if (column == nullptr || column->kind() != event::Kind::Integer || column->code(row) < event::kFirstEntry) {
        return 0;
    }
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(column->integer(column->code(row) - event::kFirstEntry),
                                                               0, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

BeaconRows::BeaconRows(const event::EventBlock &block)
    : users(block, {event::Field::UserName, event::Field::SourceIp})
    , hosts(block, {event::Field::UrlDomain, event::Field::DestinationDomain, event::Field::DestinationIp})
    , m_type(allowedOf(block.column(event::Field::LogType),
                       [](std::string_view type) { return type != "dns" && type != "audit"; }))
    , m_sessions(
          allowedOf(block.column("zscaler.numsessions"),
                    [](std::string_view sessions) { return sessions.empty() || sessions == "0" || sessions == "1"; }))
    , m_sent(block.column(event::Field::SourceBytes))
    , m_received(block.column(event::Field::DestinationBytes))
{
}

BeaconRows::Allowed BeaconRows::allowedOf(const event::Column *column, bool (*counts)(std::string_view))
{
    Allowed out;
    out.column = column;
    std::string scratch;
    for (std::size_t entry = 0; column != nullptr && entry < column->entries(); ++entry) {
        out.entries.push_back(counts(column->text(entry, scratch)) ? 1 : 0);
    }
    return out;
}

std::uint32_t BeaconRows::sent(std::size_t row) const
{
    return sizeAt(m_sent, row);
}

std::uint32_t BeaconRows::received(std::size_t row) const
{
    return sizeAt(m_received, row);
}

} // namespace nightjar::anomaly
