// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/address.h"
#include "base/cancel.h"
#include "base/time.h"
#include "event/block.h"
#include "intel/blockedbloom.h"
#include "intel/frontcoded.h"
#include "intel/indicator.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::intel {

/// Number of an indicator within one IndicatorSet; another set numbers anew.
using IndicatorId = std::uint32_t;

/// An indicator met in an event.
struct Sighting {
    std::uint32_t row = 0;   ///< in the block
    event::Field field{};    ///< where; for a `zscaler.*` column the nearest field of the schema
    std::string_view column; ///< name of that column, lives as long as the program
    std::string value;       ///< the event's value as recorded, at most 1,024 bytes
    IndicatorId indicator = 0;
    bool weak = false;  ///< only related: tunnel to the host of a URL indicator, same path with another query
    bool early = false; ///< before the indicator's published start (hunts only)
};

struct MatchOptions {
    std::int64_t graceMicros = 5 * kMicrosPerDay; ///< added to the end of validity
    bool weak = false;                            ///< report weak sightings too
    bool contextOnly = false;                     ///< also indicators that are not meant for detection (to_ids false)
    /// Not negative: events before validFrom − this do not count and those before validFrom are marked early. Negative:
    /// the start is not looked at, as suits a stream.
    std::int64_t leadMicros = -1;
    std::size_t limit = 1'000'000; ///< sightings of one block
};

/// All active indicators as one immutable snapshot for matching. Domains stand backwards, front coded and sorted, with
/// a Bloom filter before them; a hit of the filter is confirmed against the text, so that there are no false matches.
/// About 20 bytes a domain or address. Thread: any.
class IndicatorSet {
public:
    class Builder;

    [[nodiscard]] std::size_t size() const { return m_keys.size(); }
    [[nodiscard]] bool empty() const { return m_keys.size() == 0; }
    /// Everything but `reference`, `firstSeen` and `lastSeen`, which the store keeps. validFrom only in sets made for
    /// hunting.
    [[nodiscard]] Indicator indicator(IndicatorId id) const;
    /// Resident bytes of the set.
    [[nodiscard]] std::size_t bytes() const;
    /// Span of event times that can match: earliest start (kNoTime: open) and latest end without grace (kNoTime: open).
    [[nodiscard]] Timestamp earliestStart() const { return m_earliestStart; }
    [[nodiscard]] Timestamp latestEnd() const { return m_latestEnd; }

    /// Sightings in ascending order of rows, each indicator at most once a row. Every distinct value is looked up once:
    /// hosts with their parents (a public suffix only as itself), the URL's key, addresses, hashes. Client addresses,
    /// referrers and queries are not looked at. Rows without a time match whatever the validity.
    [[nodiscard]] std::vector<Sighting> match(const event::EventBlock &block, const MatchOptions &options = {}) const;

    struct Found {
        std::int64_t count = 0;         ///< of all that match
        std::vector<IndicatorId> first; ///< in the order of the set: by kind, domains by their ends
    };
    /// Indicators whose value contains the text (defanged or not, case of hosts aside); all for an empty one. About 50
    /// ns an indicator; stops when cancelled.
    [[nodiscard]] Found search(std::string_view text, std::size_t limit, const CancelToken &cancel = {}) const;

    /// Names of the columns that match() reads at most.
    static std::span<const std::string_view> columns();
    /// Of these the ones that this set has something for.
    [[nodiscard]] std::vector<std::string> usefulColumns() const;

private:
    friend class Matcher;
    friend class SetFile;
    IndicatorSet() = default;
    /// What follows from the keys: networks, and which kinds of keys there are. False when a key is none.
    bool indexKeys();

    /// What many indicators share.
    struct Context {
        std::string source, threat, malware;
        int confidence = -1;
        Tlp tlp = Tlp::Unmarked;
        bool toIds = true;
        auto operator<=>(const Context &) const = default;
    };
    struct Network {
        IpAddress first, last;
        IpAddress furthest; ///< greatest `last` up to here
        IndicatorId id = 0;
    };

    FrontCodedStrings m_keys;
    BlockedBloom m_filter;
    std::uint64_t m_seed = 0;
    std::vector<std::uint32_t> m_contextOf;
    std::vector<std::uint32_t> m_end;   ///< minutes since 1970, ~0: open
    std::vector<std::uint32_t> m_start; ///< minutes since 1970, 0: open; empty unless made for hunting
    std::vector<bool> m_exact;          ///< public suffixes: no sub-domains
    std::vector<Context> m_contexts;
    std::vector<Network> m_networks;
    bool m_hasUrls = false;
    bool m_hasHosts = false;
    bool m_hasAddresses = false;
    bool m_hasHashes = false;
    bool m_hasAgents = false;
    Timestamp m_earliestStart = kNoTime;
    Timestamp m_latestEnd = kNoTime;
};

/// Collects indicators in any order. A value that comes twice keeps the later end and the more confident context.
/// Thread: one owner. Peak memory while building: about three times the finished set.
class IndicatorSet::Builder {
public:
    /// `keepStarts`: for hunting. `seed`: the installation's key, so that nobody can aim at the filter.
    explicit Builder(bool keepStarts = false, std::uint64_t seed = 0x6E696768746A6172U);
    ~Builder();
    Builder(const Builder &) = delete;
    Builder &operator=(const Builder &) = delete;

    void add(const Indicator &indicator);
    /// The set; the builder is empty afterwards.
    std::shared_ptr<const IndicatorSet> finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::intel
