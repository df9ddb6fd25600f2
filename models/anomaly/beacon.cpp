// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beacon.h"

#include "anomaly/beaconscore.h"
#include "anomaly/beaconstate.h"

#include "base/hash.h"

#include <algorithm>
#include <utility>

namespace nightjar::anomaly {

namespace {

constexpr std::uint32_t kMergeSeconds = 5; ///< connections closer than this are one check-in
constexpr std::int64_t kQuiet = kMicrosPerDay;

using event::Column;
using event::Field;

/// Code of the first of two columns that has a value; the second's codes are marked by the top bit.
struct Either {
    const Column *first = nullptr;
    const Column *second = nullptr;

    [[nodiscard]] std::uint32_t code(std::size_t row) const
    {
        constexpr std::uint32_t kSecond = 1U << 31U;
        if (first != nullptr && first->code(row) >= event::kFirstEntry) {
            return first->code(row);
        }
        const std::uint32_t other = second != nullptr ? second->code(row) : event::kMissing;
        return other >= event::kFirstEntry ? other | kSecond : event::kMissing;
    }
    [[nodiscard]] std::string value(std::size_t row) const
    {
        std::string scratch;
        if (first != nullptr && first->code(row) >= event::kFirstEntry) {
            return std::string(first->value(row, scratch));
        }
        return second == nullptr ? std::string() : std::string(second->value(row, scratch));
    }
};

/// The columns of one block that the detector reads.
struct Reader {
    explicit Reader(const event::EventBlock &block)
        : user{block.column(Field::UserName), block.column(Field::SourceIp)}
        , host{block.column(Field::UrlDomain), block.column(Field::DestinationIp)}
        , type(block.column(Field::LogType))
        , sent(block.column(Field::SourceBytes))
        , method(block.column(Field::HttpRequestMethod))
        , sessions(block.column("zscaler.numsessions"))
    {
    }
    [[nodiscard]] bool skips(std::size_t row) const
    {
        std::string scratch;
        if (type != nullptr && type->value(row, scratch) == "dns") {
            return true;
        }
        if (sessions == nullptr) {
            return false;
        }
        const std::string_view n = sessions->value(row, scratch);
        return !n.empty() && n != "0" && n != "1";
    }
    [[nodiscard]] std::uint32_t bytes(std::size_t row) const
    {
        const std::uint32_t code = sent != nullptr ? sent->code(row) : event::kMissing;
        return code < event::kFirstEntry ? 0
                                         : static_cast<std::uint32_t>(std::clamp<std::int64_t>(
                                               sent->integer(code - event::kFirstEntry), 0, UINT32_MAX));
    }
    [[nodiscard]] bool posts(std::size_t row) const
    {
        std::string scratch;
        const std::string_view verb = method == nullptr ? std::string_view() : method->value(row, scratch);
        return verb == "POST" || verb == "PUT";
    }

    Either user, host;
    const Column *type;
    const Column *sent;
    const Column *method;
    const Column *sessions;
};

} // namespace

struct BeaconDetector::State : BeaconState {
    BeaconOptions options;
    std::vector<BeaconFinding> findings;

    Pair &pairOf(const std::string &user, const std::string &host);
    void checkIn(Pair &pair, const Reader &reader, std::size_t row, Timestamp time, std::int64_t id);
    void judge(Pair &pair);
    void evict();
};

BeaconState::Pair &BeaconDetector::State::pairOf(const std::string &user, const std::string &host)
{
    std::string key = user + '\x1f' + host;
    const auto found = pairs.find(key);
    if (found != pairs.end()) {
        return found->second;
    }
    Pair &pair = pairs[std::move(key)];
    pair.user = user;
    pair.host = host;
    users.insert(hash64(user));
    auto &callers = hosts[hash64(host)];
    const std::uint64_t caller = hash64(user);
    if (callers.size() < kMaxCallers && std::find(callers.begin(), callers.end(), caller) == callers.end()) {
        callers.push_back(caller);
    }
    return pair;
}

void BeaconDetector::State::checkIn(Pair &pair, const Reader &reader, std::size_t row, Timestamp time, std::int64_t id)
{
    const auto second = static_cast<std::uint32_t>(std::clamp<std::int64_t>(time / kMicrosPerSecond, 0, UINT32_MAX));
    if (!pair.beats.empty() && second < pair.beats.back() + kMergeSeconds) {
        return; // part of the newest check-in, or older than it
    }
    pair.first = pair.count == 0 ? time : pair.first;
    pair.last = time;
    ++pair.count;
    pair.posts += reader.posts(row) ? 1 : 0;
    const auto keep = [](auto &list, auto value, std::size_t limit) {
        if (list.size() == limit) {
            list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(limit / 8 + 1));
        }
        list.push_back(value);
    };
    keep(pair.beats, second, kMaxBeats);
    keep(pair.sizes, reader.bytes(row), kMaxSizes);
    keep(pair.ids, id, kMaxIds);
    // Every fourth one is enough, and depends on the events alone.
    if (static_cast<std::size_t>(pair.count) >= options.minBeats && pair.count % 4 == 0 &&
        pair.last - pair.first >= options.minSpan) {
        judge(pair);
    }
}

void BeaconDetector::State::judge(Pair &pair)
{
    const auto &callers = hosts[hash64(pair.host)];
    const auto callerCount = static_cast<std::int64_t>(callers.size());
    if (callerCount >= 4 && static_cast<double>(callerCount) > 0.3 * static_cast<double>(users.size())) {
        return;
    }
    BeaconFinding finding;
    scoreBeacon({pair.beats, pair.sizes, callerCount, pair.posts, pair.count}, finding);
    const bool told = pair.toldAt != kNoTime && pair.last - pair.toldAt < kQuiet &&
                      finding.score < 1.5 * pair.toldScore && pair.count < 2 * pair.toldCount;
    if (finding.score < options.threshold || told) {
        return;
    }
    finding.user = pair.user;
    finding.host = pair.host;
    finding.count = pair.count;
    finding.added = pair.count - pair.toldCount;
    finding.users = callerCount;
    finding.first = pair.first;
    finding.last = pair.last;
    finding.sampleIds.assign(pair.ids.begin(), pair.ids.end());
    for (const std::uint32_t beat : pair.beats) {
        finding.beats.push_back(static_cast<Timestamp>(beat) * kMicrosPerSecond);
    }
    pair.toldAt = pair.last;
    pair.toldScore = finding.score;
    pair.toldCount = pair.count;
    findings.push_back(std::move(finding));
}

void BeaconDetector::State::evict()
{
    if (pairs.size() <= options.maxPairs) {
        return;
    }
    std::vector<std::pair<Timestamp, std::string>> byAge;
    byAge.reserve(pairs.size());
    for (const auto &[key, pair] : pairs) {
        byAge.emplace_back(pair.last, key);
    }
    const std::size_t surplus = pairs.size() - options.maxPairs + options.maxPairs / 10;
    std::nth_element(byAge.begin(), byAge.begin() + static_cast<std::ptrdiff_t>(surplus), byAge.end());
    for (std::size_t i = 0; i < surplus; ++i) {
        pairs.erase(byAge[i].second);
    }
}

BeaconDetector::BeaconDetector(BeaconOptions options)
    : m_state(std::make_unique<State>())
{
    m_state->options = options;
}

BeaconDetector::~BeaconDetector() = default;
BeaconDetector::BeaconDetector(BeaconDetector &&) noexcept = default;
BeaconDetector &BeaconDetector::operator=(BeaconDetector &&) noexcept = default;

void BeaconDetector::observe(const event::EventBlock &block, std::int64_t firstId)
{
    const Reader reader(block);
    // Pairs by their codes: names are looked up once a block. Pointers into the map stay valid while pairs are added.
    std::unordered_map<std::uint64_t, BeaconState::Pair *> known;
    for (std::size_t row = 0; row < block.rows(); ++row) {
        const Timestamp time = block.times()[row];
        const std::uint32_t user = reader.user.code(row);
        const std::uint32_t host = reader.host.code(row);
        if (time == kNoTime || user == event::kMissing || host == event::kMissing || reader.skips(row)) {
            continue;
        }
        BeaconState::Pair *&pair = known[(std::uint64_t{user} << 32U) | host];
        if (pair == nullptr) {
            // Evicting here keeps the answer independent of where blocks end.
            if (m_state->pairs.size() > m_state->options.maxPairs) {
                m_state->evict();
                known.clear();
            }
            BeaconState::Pair &made = m_state->pairOf(reader.user.value(row), reader.host.value(row));
            known[(std::uint64_t{user} << 32U) | host] = &made;
            m_state->checkIn(made, reader, row, time, firstId + static_cast<std::int64_t>(row));
            continue;
        }
        m_state->checkIn(*pair, reader, row, time, firstId + static_cast<std::int64_t>(row));
    }
}

std::vector<BeaconFinding> BeaconDetector::takeFindings()
{
    return std::exchange(m_state->findings, {});
}

std::string BeaconDetector::snapshot() const
{
    return m_state->toBytes();
}

Result<BeaconDetector> BeaconDetector::restore(std::string_view bytes, BeaconOptions options)
{
    BeaconDetector detector(options);
    if (!detector.m_state->fromBytes(bytes)) {
        return fail("NJ-ANOMALY-001", "The kept state of the beacon detector cannot be used",
                    "It is of another version or damaged.", "It is rebuilt from the stored events.");
    }
    return detector;
}

std::size_t BeaconDetector::pairs() const
{
    return m_state->pairs.size();
}

} // namespace nightjar::anomaly
