// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/correlator.h"

#include "base/hash.h"
#include "base/text.h"
#include "sigma/correlatorstate.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace nightjar::sigma {

namespace {

constexpr std::uint32_t kSmallWindow = 8; ///< up to here nothing is kept beside the events
constexpr std::uint32_t kToldIds = 100;   ///< of events, with one finding

bool isTemporal(CorrelationType type)
{
    return type == CorrelationType::Temporal || type == CorrelationType::TemporalOrdered;
}

std::size_t bytesOf(const CorrelationHits &hits)
{
    return sizeof hits + hits.events.size() * (sizeof hits.events[0] + sizeof(Timestamp) * 3) +
           hits.inputs.size() * sizeof(CorrelationInput) + hits.keys.size() * sizeof(CorrelationHits::Key) +
           hits.text.size() + hits.values.size() * sizeof(std::uint64_t);
}

std::optional<std::vector<std::size_t>> placesOf(const std::vector<std::string> &wanted,
                                                 const std::vector<std::string> &present)
{
    std::vector<std::size_t> places;
    for (const std::string &name : wanted) {
        const auto found = std::find(present.begin(), present.end(), name);
        if (found == present.end()) {
            return std::nullopt;
        }
        places.push_back(static_cast<std::size_t>(found - present.begin()));
    }
    return places;
}

} // namespace

Correlator::State::State(std::shared_ptr<const CorrelationSet> rules, const CorrelatorOptions &wanted)
    : set(std::move(rules))
    , options(wanted)
    , tables(set->correlations().size())
    , links(set->correlations().size())
{
    for (std::size_t c = 0; c < set->correlations().size(); ++c) {
        const CompiledCorrelation &one = set->correlations()[c];
        scratch.emplace_back(one);
        for (const std::uint32_t code : one.outers) {
            const std::uint32_t outer = code >> 8U;
            const CorrelationSlot &slot = set->correlations()[outer].slots[code & 0xFFU];
            links[c].push_back({outer, code & 0xFFU, placesOf(set->lists()[slot.groups], one.rule.groupBy),
                                placesOf(set->lists()[slot.values], one.rule.groupBy)});
            chained = true;
        }
    }
}

void Correlator::State::take(CorrelationHits hits, std::int64_t firstId)
{
    notices.undated += hits.undated;
    notices.future += hits.future;
    const auto behind = [this](Timestamp seen) {
        const Timestamp most = std::max(newest, seen);
        return options.lateness == kOpenTime || most == kNoTime ? watermark
                                                                : std::max(watermark, most - options.lateness);
    };
    std::vector<Waiting> fresh;
    for (std::uint32_t i = 0; i < hits.events.size(); ++i) {
        const CorrelationHits::Event &event = hits.events[i];
        if (event.time < behind(event.seen)) {
            ++notices.late;
            late = late ? std::pair(std::min(late->first, event.time), std::max(late->second, event.time))
                        : std::pair(event.time, event.time);
        } else {
            fresh.push_back({event.time, firstId + event.row, nextBlock, i});
        }
    }
    watermark = behind(hits.newest);
    newest = std::max(newest, hits.newest);
    if (!fresh.empty()) {
        WaitingBlock block{std::move(hits), fresh.size(), 0};
        block.bytes = bytesOf(block.hits);
        waitingBytes += block.bytes;
        blocks.emplace(nextBlock++, std::move(block));
        enqueue(std::move(fresh));
    }
    release(watermark);
    while (waitingBytes > options.maxWaiting && head < waiting.size()) {
        const std::size_t count = std::max<std::size_t>((waiting.size() - head) / 8, 1);
        notices.forced += static_cast<std::int64_t>(count);
        releaseOldest(count);
        watermark = std::max(watermark, now);
    }
    sweep();
}

void Correlator::State::enqueue(std::vector<Waiting> fresh)
{
    if (!std::is_sorted(fresh.begin(), fresh.end())) {
        std::sort(fresh.begin(), fresh.end());
    }
    const bool behindAll = head == waiting.size() || waiting.back() < fresh.front();
    const auto middle = static_cast<std::ptrdiff_t>(waiting.size());
    waiting.insert(waiting.end(), fresh.begin(), fresh.end());
    if (!behindAll) {
        std::inplace_merge(waiting.begin() + static_cast<std::ptrdiff_t>(head), waiting.begin() + middle,
                           waiting.end());
    }
}

void Correlator::State::release(Timestamp before)
{
    const auto from = waiting.begin() + static_cast<std::ptrdiff_t>(head);
    const auto end =
        std::partition_point(from, waiting.end(), [before](const Waiting &one) { return one.time < before; });
    releaseOldest(static_cast<std::size_t>(end - from));
}

void Correlator::State::releaseOldest(std::size_t count)
{
    for (; count > 0; --count) {
        const Waiting one = waiting[head++];
        process(one);
        const auto block = blocks.find(one.block);
        if (--block->second.left == 0) {
            waitingBytes -= block->second.bytes;
            blocks.erase(block);
        }
    }
    if (head == waiting.size()) {
        waiting.clear();
        head = 0;
    } else if (head > waiting.size() / 2) {
        waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(head));
        head = 0;
    }
}

void Correlator::State::process(const Waiting &one)
{
    const CorrelationHits &hits = blocks.find(one.block)->second.hits;
    const CorrelationHits::Event &event = hits.events[one.event];
    now = one.time;
    const auto workOf = [&](const CorrelationInput &input) {
        const CorrelationHits::Key &key = hits.keys[input.key];
        return Work{input.correlation, hits.key(key), key.hash, input.slots,
                    std::span(hits.values).subspan(input.firstValue, input.values)};
    };
    const auto inputs = std::span(hits.inputs).subspan(event.firstInput, event.inputs);
    if (!chained) {
        for (const CorrelationInput &input : inputs) {
            feed(workOf(input), one.time, one.id);
        }
        return;
    }
    work.clear();
    texts.clear();
    numbers.clear();
    for (const CorrelationInput &input : inputs) {
        work.push_back(workOf(input));
    }
    for (working = 0; working < work.size(); ++working) {
        const Work current = work[working]; // passOn() may move the others
        feed(current, one.time, one.id);
    }
}

bool Correlator::State::holds(const CompiledCorrelation &rule, Group &group, std::uint32_t added, Timestamp time)
{
    const std::uint32_t size = group.window.size();
    Measure *measure = group.measure.get();
    if (rule.rule.type == CorrelationType::EventCount) {
        measure = &scratch[static_cast<std::size_t>(&rule - set->correlations().data())];
    } else if (measure != nullptr) {
        for (std::uint32_t i = size - added; i < size; ++i) {
            measure->add(group.window[i]);
        }
    } else {
        measure = &scratch[static_cast<std::size_t>(&rule - set->correlations().data())];
        if (size > kSmallWindow) {
            group.measure = std::make_unique<Measure>(rule);
            measure = group.measure.get();
        } else {
            measure->clear();
        }
        for (std::uint32_t i = 0; i < size; ++i) {
            measure->add(group.window[i]);
        }
    }
    return measure->holds(size, time);
}

void Correlator::State::feed(const Work &one, Timestamp time, std::int64_t id)
{
    const CompiledCorrelation &rule = set->correlations()[one.correlation];
    GroupTable &table = tables[one.correlation];
    expire(one.correlation, time);
    const std::size_t groups = table.size();
    Group &group = table[table.touch(one.key, one.hash)];
    groupBytes -= table.size() == groups ? group.bytes() : 0;
    ++group.arrivals;
    const auto drop = [&group] {
        if (group.measure) {
            group.measure->remove(group.window.front());
        }
        group.window.pop();
    };
    while (group.window.size() > 0 && group.window.front().time < time - rule.rule.timespan) {
        drop();
    }
    if (group.window.size() <= 2) {
        group.measure.reset();
    }
    std::uint32_t added = 0;
    const std::size_t most = rule.enough != 0 ? std::min(rule.enough, options.maxWindow) : options.maxWindow;
    const auto push = [&](std::uint64_t value) {
        while (group.window.size() >= most && added < group.window.size()) {
            drop();
            notices.truncated += rule.enough == 0 ? 1 : 0;
        }
        group.window.push({time, id, value});
        ++added;
    };
    if (rule.rule.fields.empty()) {
        push(isTemporal(rule.rule.type) ? one.slots : 0);
    }
    for (const std::uint64_t value : one.values) {
        push(value);
    }
    const bool fires = holds(rule, group, added, time);
    if (fires) {
        fire(one, group, time, id);
    }
    groupBytes += group.bytes();
    if (groupBytes > options.maxBytes) {
        evict();
    }
}

void Correlator::State::fire(const Work &one, Group &group, Timestamp time, std::int64_t id)
{
    const CompiledCorrelation &rule = set->correlations()[one.correlation];
    const Timestamp first = group.window.front().time;
    const bool fresh = !group.episode || first > group.episode->last;
    if (fresh) {
        group.episode = std::make_unique<Episode>();
        group.episode->first = first;
        group.episode->completed = time;
        std::int64_t last = 0;
        for (std::uint32_t i = 0; i < group.window.size(); ++i) {
            group.episode->events += i == 0 || group.window[i].id != last ? 1 : 0;
            last = group.window[i].id;
        }
    } else {
        group.episode->events += static_cast<std::int64_t>(group.arrivals - group.episode->arrivals);
    }
    group.episode->last = time;
    group.episode->arrivals = group.arrivals;
    if (!rule.silent) {
        tell(one, group, *group.episode, fresh, time, id);
    }
    if (!rule.outers.empty()) {
        passOn(one, fresh);
    }
}

void Correlator::State::tell(const Work &one, Group &group, Episode &episode, bool fresh, Timestamp time,
                             std::int64_t id)
{
    const CompiledCorrelation &rule = set->correlations()[one.correlation];
    if (episode.batch != batch) {
        CorrelationFinding finding;
        finding.correlation = one.correlation;
        const auto values = decodeGroup(group.key, rule.rule.groupBy.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            finding.group.emplace_back(rule.rule.groupBy[i], values[i]);
        }
        finding.first = episode.first;
        finding.completed = episode.completed;
        finding.fresh = fresh;
        episode.batch = batch;
        episode.finding = findings.size();
        findings.push_back(std::move(finding));
    }
    CorrelationFinding &finding = findings[episode.finding];
    finding.last = time;
    finding.events = episode.events;
    const Measure &measure = group.measure ? *group.measure : scratch[one.correlation];
    finding.measured = measure.text(group.window.size(), time);
    if (!fresh) {
        if (finding.ids.size() < kToldIds) {
            finding.ids.push_back(id);
        }
        return;
    }
    // Where the window is long: how it began and how it ended.
    const std::uint32_t size = group.window.size();
    for (std::uint32_t i = 0; i < size; ++i) {
        if (i == kToldIds / 2 && size > kToldIds) {
            i = size - kToldIds / 2;
        }
        if (finding.ids.empty() || finding.ids.back() != group.window[i].id) {
            finding.ids.push_back(group.window[i].id);
        }
    }
}

/// Gives what an inner correlation found to those that refer to it, as an event of the same time.
void Correlator::State::passOn(const Work &one, bool fresh)
{
    const CompiledCorrelation &inner = set->correlations()[one.correlation];
    const auto values = decodeGroup(one.key, inner.rule.groupBy.size());
    const auto joined = [&values](const std::vector<std::size_t> &places) {
        std::string text;
        for (const std::size_t place : places) {
            appendGroupValue(text, values[place], places.size());
        }
        return text;
    };
    for (const Link &link : links[one.correlation]) {
        const Correlation &outer = set->correlations()[link.outer].rule;
        if ((!fresh && !isTemporal(outer.type)) || !link.groups || (!outer.fields.empty() && !link.values)) {
            continue;
        }
        Work next;
        next.correlation = link.outer;
        next.key = texts.emplace_back(joined(*link.groups));
        next.hash = hash64(next.key);
        next.slots = std::uint64_t{1} << link.slot;
        if (outer.type == CorrelationType::ValueCount) {
            next.values = numbers.emplace_back(std::vector{hash64(joined(*link.values))});
        } else if (!outer.fields.empty()) {
            const auto number = parseNumber(trim(values[link.values->front()]));
            if (!number || !std::isfinite(*number)) {
                continue;
            }
            next.values = numbers.emplace_back(std::vector{std::bit_cast<std::uint64_t>(*number)});
        }
        // Outer correlations have larger indices than inner ones: their turn is still to come.
        const auto rest = work.begin() + static_cast<std::ptrdiff_t>(working) + 1;
        const auto place =
            std::partition_point(rest, work.end(), [&](const Work &w) { return w.correlation < link.outer; });
        const auto same = std::find_if(
            place, work.end(), [&](const Work &w) { return w.correlation == next.correlation && w.key == next.key; });
        if (same != work.end() && outer.fields.empty()) {
            same->slots |= next.slots;
        } else {
            work.insert(place, next);
        }
    }
}

void Correlator::State::expire(std::uint32_t correlation, Timestamp time)
{
    GroupTable &table = tables[correlation];
    const Timestamp from = time - set->correlations()[correlation].rule.timespan;
    while (table.oldest() != 0 && table[table.oldest()].window.back().time < from) {
        groupBytes -= table[table.oldest()].bytes();
        table.remove(table.oldest());
    }
}

void Correlator::State::evict()
{
    while (groupBytes > options.maxBytes - options.maxBytes / 16) {
        GroupTable *oldest = nullptr;
        Timestamp time = kOpenTime;
        for (GroupTable &table : tables) {
            if (table.size() > 1 && table[table.oldest()].window.back().time < time) {
                oldest = &table;
                time = table[table.oldest()].window.back().time;
            }
        }
        if (oldest == nullptr) {
            return; // one group each is left: bounded by maxWindow
        }
        ++notices.evicted;
        groupBytes -= (*oldest)[oldest->oldest()].bytes();
        oldest->remove(oldest->oldest());
    }
}

void Correlator::State::sweep()
{
    const Timestamp past = std::max(now, watermark); // nothing older will be looked at
    if (past == kNoTime) {
        return;
    }
    for (std::uint32_t c = 0; c < tables.size(); ++c) {
        expire(c, past);
    }
}

void Correlator::State::rebuild(std::uint32_t correlation)
{
    const CompiledCorrelation &rule = set->correlations()[correlation];
    GroupTable &table = tables[correlation];
    for (GroupTable::Index index = table.oldest(); index != 0; index = table[index].newer) {
        Group &group = table[index];
        if (rule.rule.type != CorrelationType::EventCount && group.window.size() > kSmallWindow) {
            group.measure = std::make_unique<Measure>(rule);
            for (std::uint32_t i = 0; i < group.window.size(); ++i) {
                group.measure->add(group.window[i]);
            }
        }
        groupBytes += group.bytes();
    }
}

void Correlator::State::adopt(WaitingBlock block)
{
    block.bytes = bytesOf(block.hits);
    waitingBytes += block.bytes;
    blocks.emplace(nextBlock++, std::move(block));
}

std::string CorrelationFinding::keyPrefix(const CorrelationSet &set) const
{
    const Rule &head = set.correlations()[correlation].rule.head;
    std::string text = "correlation\n" + head.reference() + '\n';
    for (const auto &[field, value] : group) {
        text += field + '=' + value + '\n';
    }
    return text + '\n';
}

std::string CorrelationFinding::key(const CorrelationSet &set) const
{
    return keyPrefix(set) + formatIsoTime(completed);
}

Correlator::Correlator(std::shared_ptr<const CorrelationSet> set, const CorrelatorOptions &options)
    : m_state(std::make_unique<State>(std::move(set), options))
{
}
Correlator::~Correlator() = default;
Correlator::Correlator(Correlator &&) noexcept = default;
Correlator &Correlator::operator=(Correlator &&) noexcept = default;

bool Correlator::observe(CorrelationHits hits, std::int64_t firstId)
{
    if (hits.set != m_state->set->fingerprint()) {
        return false;
    }
    m_state->take(std::move(hits), firstId);
    return true;
}

void Correlator::advance(Timestamp watermark)
{
    m_state->watermark = std::max(m_state->watermark, watermark);
    m_state->release(m_state->watermark);
    m_state->sweep();
}

void Correlator::drain()
{
    State &s = *m_state;
    if (s.newest != kNoTime) {
        s.watermark = std::max(s.watermark, s.newest);
    }
    s.releaseOldest(s.waiting.size() - s.head);
    s.sweep();
}

void Correlator::setLateness(std::int64_t lateness)
{
    m_state->options.lateness = lateness;
}

std::vector<CorrelationFinding> Correlator::takeFindings()
{
    ++m_state->batch;
    return std::exchange(m_state->findings, {});
}

const std::shared_ptr<const CorrelationSet> &Correlator::set() const
{
    return m_state->set;
}
Timestamp Correlator::watermark() const
{
    return m_state->watermark;
}
bool Correlator::waiting() const
{
    return m_state->head < m_state->waiting.size();
}
const CorrelatorNotices &Correlator::notices() const
{
    return m_state->notices;
}
std::optional<std::pair<Timestamp, Timestamp>> Correlator::lateRange() const
{
    return m_state->late;
}
void Correlator::clearLate()
{
    m_state->late.reset();
}
std::size_t Correlator::groups() const
{
    std::size_t sum = 0;
    for (const GroupTable &table : m_state->tables) {
        sum += table.size();
    }
    return sum;
}
std::size_t Correlator::bytes() const
{
    return m_state->groupBytes + m_state->waitingBytes;
}

} // namespace nightjar::sigma
