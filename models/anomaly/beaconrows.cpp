// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconrows.h"

#include <algorithm>
#include <limits>

namespace nightjar::anomaly {

namespace {

constexpr std::size_t kMaxName = 256; ///< bytes

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

BeaconRows::BeaconRows(const event::EventBlock &block, Parties &users, Parties &hosts)
    : m_users(users)
    , m_hosts(hosts)
    , m_type(block.column(event::Field::LogType))
    , m_sessions(block.column("zscaler.numsessions"))
    , m_sent(block.column(event::Field::SourceBytes))
    , m_received(block.column(event::Field::DestinationBytes))
{
    m_userSources[0].column = block.column(event::Field::UserName);
    m_userSources[1].column = block.column(event::Field::SourceIp);
    m_hostSources[0].column = block.column(event::Field::UrlDomain);
    m_hostSources[1].column = block.column(event::Field::DestinationDomain);
    m_hostSources[2].column = block.column(event::Field::DestinationIp);
}

bool BeaconRows::counts(std::size_t row)
{
    const std::string_view type = m_type == nullptr ? std::string_view() : m_type->value(row, m_scratch);
    if (type == "dns" || type == "audit") {
        return false;
    }
    const std::string_view sessions = m_sessions == nullptr ? std::string_view() : m_sessions->value(row, m_scratch);
    return sessions.empty() || sessions == "0" || sessions == "1";
}

template <std::size_t N>
BeaconRows::Name *BeaconRows::nameAt(std::array<Source, N> &sources, std::size_t row)
{
    for (Source &source : sources) {
        const std::uint32_t code = source.column == nullptr ? event::kMissing : source.column->code(row);
        if (code < event::kFirstEntry) {
            continue;
        }
        if (source.names.empty()) {
            source.names.resize(source.column->entries());
        }
        Name &name = source.names[code - event::kFirstEntry];
        if (!name.known) {
            name.known = true;
            name.text = source.column->text(code - event::kFirstEntry, m_scratch);
            if (source.column->kind() == event::Kind::Integer) {
                name.text = m_made.emplace_back(name.text);
            }
            name.text = name.text.size() <= kMaxName ? name.text : std::string_view();
        }
        if (!name.text.empty()) {
            return &name;
        }
    }
    return nullptr;
}

Parties::Entry &BeaconRows::partyOf(Name &name, Parties &parties, std::uint32_t second, std::uint32_t &nextNumber)
{
    if (name.party == nullptr || name.erased != parties.erased) {
        name.party = &parties.of(name.text, second, nextNumber);
        name.erased = parties.erased;
    }
    return *name.party;
}

std::optional<std::pair<Parties::Entry *, Parties::Entry *>> BeaconRows::parties(std::size_t row, std::uint32_t second,
                                                                                 std::uint32_t &nextNumber)
{
    Name *user = nameAt(m_userSources, row);
    Name *host = user == nullptr ? nullptr : nameAt(m_hostSources, row);
    if (host == nullptr) {
        return std::nullopt;
    }
    return std::pair(&partyOf(*user, m_users, second, nextNumber), &partyOf(*host, m_hosts, second, nextNumber));
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
