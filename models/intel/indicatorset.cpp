// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/indicatorset.h"

#include "base/domain.h"
#include "base/text.h"
#include "base/url.h"
#include "intel/keys.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace nightjar::intel {

namespace {

constexpr std::uint32_t kOpenEnd = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr std::uint64_t kMaxKeyBytes = std::uint64_t{3} << 30U;

/// Rounded up, so that validity never ends early.
std::uint32_t endMinutes(Timestamp time)
{
    if (time == kNoTime) {
        return kOpenEnd;
    }
    const std::int64_t minutes = time <= 0 ? 0 : (time - 1) / kMicrosPerMinute + 1;
    return static_cast<std::uint32_t>(std::min<std::int64_t>(minutes, kOpenEnd - 1));
}

std::uint32_t startMinutes(Timestamp time)
{
    return time == kNoTime || time <= 0
               ? 0
               : static_cast<std::uint32_t>(std::min<std::int64_t>(time / kMicrosPerMinute, kOpenEnd - 1));
}

/// Big-endian head of a key, so that most comparisons need no text.
std::uint64_t headOf(std::string_view key)
{
    std::uint64_t head = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        head = head << 8U | (i < key.size() ? static_cast<std::uint8_t>(key[i]) : 0U);
    }
    return head;
}

} // namespace

struct IndicatorSet::Builder::State {
    struct Item {
        std::uint64_t head = 0;
        std::uint64_t begin = 0;
        std::uint32_t length = 0;
        std::uint32_t context = 0;
        std::uint32_t end = kOpenEnd;
        std::uint32_t start = 0;
    };
    std::string keys;
    std::vector<Item> items;
    std::map<Context, std::uint32_t> contextIds;
    std::vector<Context> contexts;
    bool keepStarts = false;
    std::uint64_t seed = 0;

    [[nodiscard]] std::string_view keyOf(const Item &item) const
    {
        return std::string_view(keys).substr(item.begin, item.length);
    }
    void sortAndMerge();
};

void IndicatorSet::Builder::State::sortAndMerge()
{
    std::sort(items.begin(), items.end(), [this](const Item &a, const Item &b) {
        return a.head != b.head ? a.head < b.head : keyOf(a) < keyOf(b);
    });
    std::size_t kept = 0;
    for (const Item &item : items) {
        if (kept == 0 || keyOf(items[kept - 1]) != keyOf(item)) {
            items[kept++] = item;
            continue;
        }
        Item &same = items[kept - 1];
        same.end = std::max(same.end, item.end);
        same.start = std::min(same.start, item.start);
        // Indices follow the order of arrival, which sorting does not keep: the smaller one makes ties repeatable.
        const int mine = contexts[same.context].confidence;
        const int other = contexts[item.context].confidence;
        if (other > mine || (other == mine && item.context < same.context)) {
            same.context = item.context;
        }
    }
    items.resize(kept);
}

IndicatorSet::Builder::Builder(bool keepStarts, std::uint64_t seed)
    : m_state(std::make_unique<State>())
{
    m_state->keepStarts = keepStarts;
    m_state->seed = seed;
}

IndicatorSet::Builder::~Builder() = default;

void IndicatorSet::Builder::add(const Indicator &indicator)
{
    State &s = *m_state;
    const std::string key = keys::ofIndicator(indicator);
    if (key.empty() || key.size() > 0xFFFF || s.keys.size() + key.size() > kMaxKeyBytes) {
        return;
    }
    Context context{indicator.source, indicator.threat, indicator.malware, indicator.confidence.value_or(-1),
                    indicator.tlp,    indicator.toIds};
    const auto [place, isNew] =
        s.contextIds.try_emplace(std::move(context), static_cast<std::uint32_t>(s.contexts.size()));
    if (isNew) {
        s.contexts.push_back(place->first);
    }
    s.items.push_back({headOf(key), s.keys.size(), static_cast<std::uint32_t>(key.size()), place->second,
                       endMinutes(effectiveEnd(indicator)), startMinutes(indicator.validFrom)});
    s.keys += key;
}

std::shared_ptr<const IndicatorSet> IndicatorSet::Builder::finish()
{
    State s = std::move(*m_state);
    *m_state = State{};
    m_state->keepStarts = s.keepStarts;
    m_state->seed = s.seed;
    s.sortAndMerge();

    std::shared_ptr<IndicatorSet> set(new IndicatorSet());
    const std::size_t count = s.items.size();
    set->m_seed = s.seed;
    set->m_filter = BlockedBloom(count + count / 4);
    set->m_contextOf.reserve(count);
    set->m_end.reserve(count);
    set->m_start.reserve(s.keepStarts ? count : 0);
    set->m_exact.reserve(count);
    std::uint32_t earliest = kOpenEnd;
    std::uint32_t latest = 0;
    std::string lastUrlHost;
    for (const auto &item : s.items) {
        const std::string_view key = s.keyOf(item);
        const std::string_view rest = key.substr(1);
        bool exact = false;
        switch (key.front()) {
        case keys::kDomain: {
            const std::string name = keys::reversed(rest);
            exact = isPublicSuffix(name);
            set->m_filter.insert(keys::filterHash(keys::kDomain, name, s.seed));
            break;
        }
        case keys::kUrl:
            set->m_filter.insert(keys::filterHash(keys::kUrl, rest, s.seed));
            if (const auto host = keys::hostOfUrl(rest); host != lastUrlHost) {
                lastUrlHost = host;
                set->m_filter.insert(keys::filterHash(keys::kUrlHost, host, s.seed));
            }
            break;
        case keys::kAddress4:
        case keys::kAddress6:
            set->m_filter.insert(keys::filterHash(keys::kAddress4, rest.substr(0, rest.size() - 2), s.seed));
            break;
        case keys::kHash:
            set->m_filter.insert(keys::filterHash(keys::kHash, rest, s.seed));
            break;
        case keys::kAgent:
            set->m_filter.insert(keys::filterHash(keys::kAgent, rest, s.seed));
            break;
        default:
            break;
        }
        set->m_keys.append(key);
        set->m_contextOf.push_back(item.context);
        set->m_end.push_back(item.end);
        set->m_exact.push_back(exact);
        if (s.keepStarts) {
            set->m_start.push_back(item.start);
        }
        earliest = std::min(earliest, item.start);
        latest = std::max(latest, item.end);
    }
    set->m_keys.shrink();
    set->indexKeys();
    set->m_contexts = std::move(s.contexts);
    set->m_earliestStart = count == 0 || earliest == 0 ? kNoTime : earliest * kMicrosPerMinute;
    set->m_latestEnd = count == 0 || latest == kOpenEnd ? kNoTime : latest * kMicrosPerMinute;
    return set;
}

bool IndicatorSet::indexKeys()
{
    std::string key;
    const auto has = [&](char kind) {
        const std::size_t at = m_keys.lowerBound(std::string(1, kind), key);
        return at < m_keys.size() && key.front() == kind;
    };
    m_hasHosts = has(keys::kDomain);
    m_hasUrls = has(keys::kUrl);
    m_hasAddresses = has(keys::kAddress4) || has(keys::kAddress6);
    m_hasHashes = has(keys::kHash);
    m_hasAgents = has(keys::kAgent);
    m_networks.clear();
    for (std::size_t at = m_keys.lowerBound(std::string(1, keys::kNetwork), key);
         at < m_keys.size() && (key = m_keys.at(at)).front() == keys::kNetwork; ++at) {
        const auto network = Cidr::parse(keys::toIndicator(key).value);
        if (!network) {
            return false;
        }
        const IpAddress furthest =
            m_networks.empty() ? network->last() : std::max(network->last(), m_networks.back().furthest);
        m_networks.push_back({network->first(), network->last(), furthest, static_cast<IndicatorId>(at)});
    }
    return true;
}

Indicator IndicatorSet::indicator(IndicatorId id) const
{
    Indicator out = keys::toIndicator(m_keys.at(id));
    const Context &context = m_contexts[m_contextOf[id]];
    out.source = context.source;
    out.threat = context.threat;
    out.malware = context.malware;
    out.tlp = context.tlp;
    out.toIds = context.toIds;
    if (context.confidence >= 0) {
        out.confidence = context.confidence;
    }
    if (m_end[id] != kOpenEnd) {
        out.validUntil = m_end[id] * kMicrosPerMinute;
    }
    if (!m_start.empty() && m_start[id] != 0) {
        out.validFrom = m_start[id] * kMicrosPerMinute;
    }
    return out;
}

IndicatorSet::Found IndicatorSet::search(std::string_view text, std::size_t limit, const CancelToken &cancel) const
{
    constexpr std::size_t kAskEvery = 65'536;
    Found found;
    const std::string needle = asciiLower(trim(refang(text)));
    const std::string backwards(needle.rbegin(), needle.rend());
    if (needle.empty()) {
        found.count = static_cast<std::int64_t>(size());
        for (std::size_t i = 0; i < std::min(limit, size()); ++i) {
            found.first.push_back(static_cast<IndicatorId>(i));
        }
        return found;
    }
    m_keys.forEach([&](std::size_t position, std::string_view key) {
        bool hit = false;
        if (key.front() == keys::kDomain) {
            hit = key.find(backwards, 1) != std::string_view::npos;
        } else if (key.front() == keys::kUrl || key.front() == keys::kAgent) {
            hit = findIgnoreCase(key.substr(1), needle) != std::string_view::npos;
        } else {
            hit = keys::toIndicator(key).value.find(needle) != std::string::npos;
        }
        if (hit) {
            ++found.count;
            if (found.first.size() < limit) {
                found.first.push_back(static_cast<IndicatorId>(position));
            }
        }
        return position % kAskEvery != 0 || !cancel.cancelled();
    });
    return found;
}

std::size_t IndicatorSet::bytes() const
{
    std::size_t total = m_keys.bytes() + m_filter.bytes() + m_exact.size() / 8;
    total += (m_contextOf.capacity() + m_end.capacity() + m_start.capacity()) * sizeof(std::uint32_t);
    for (const Context &context : m_contexts) {
        total += sizeof(Context) + context.source.size() + context.threat.size() + context.malware.size();
    }
    return total + m_networks.capacity() * sizeof(Network);
}

} // namespace nightjar::intel
