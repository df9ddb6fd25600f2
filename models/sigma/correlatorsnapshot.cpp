// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "sigma/correlatorstate.h"

#include <algorithm>
#include <utility>

/// The checkpoint of a Correlator: variable-length numbers and counted texts, a hash over all at the end. What a
/// window amounts to is not written: it follows from the events.
namespace nightjar::sigma {

namespace {

constexpr std::string_view kMagic = "NJCORRELATE1";

class Writer {
public:
    void number(std::uint64_t value)
    {
        for (; value >= 0x80; value >>= 7U) {
            m_out.push_back(static_cast<char>(value | 0x80U));
        }
        m_out.push_back(static_cast<char>(value));
    }
    void signedNumber(std::int64_t value)
    {
        number(static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63U));
    }
    void fixed(std::uint64_t value)
    {
        for (unsigned shift = 0; shift < 64; shift += 8) {
            m_out.push_back(static_cast<char>(value >> shift & 0xFFU));
        }
    }
    void text(std::string_view value)
    {
        number(value.size());
        m_out.append(value);
    }
    std::string finish()
    {
        fixed(hash64(m_out));
        return std::move(m_out);
    }

private:
    std::string m_out{kMagic};
};

class Reader {
public:
    explicit Reader(std::string_view bytes)
        : m_rest(bytes)
    {
    }
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !m_rest.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80) {
                return value;
            }
        }
        m_good = false;
        return 0;
    }
    std::int64_t signedNumber()
    {
        const std::uint64_t value = number();
        return static_cast<std::int64_t>(value >> 1U ^ (~(value & 1U) + 1));
    }
    std::uint32_t small() { return static_cast<std::uint32_t>(number()); }
    std::uint64_t fixed()
    {
        std::uint64_t value = 0;
        if (m_rest.size() < 8) {
            m_good = false;
            return 0;
        }
        for (unsigned i = 0; i < 8; ++i) {
            value |= std::uint64_t{static_cast<std::uint8_t>(m_rest[i])} << (8 * i);
        }
        m_rest.remove_prefix(8);
        return value;
    }
    std::string_view text()
    {
        const std::uint64_t size = number();
        if (size > m_rest.size()) {
            m_good = false;
            return {};
        }
        const std::string_view out = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return out;
    }
    [[nodiscard]] bool good() const { return m_good; }

private:
    std::string_view m_rest;
    bool m_good = true;
};

void writeGroup(Writer &out, const Group &group)
{
    out.text(group.key);
    out.number(group.arrivals);
    out.number(group.episode ? 1 : 0);
    if (group.episode) {
        for (const std::int64_t value :
             {group.episode->first, group.episode->completed, group.episode->last, group.episode->events}) {
            out.signedNumber(value);
        }
        out.number(group.episode->arrivals);
    }
    out.number(group.window.size());
    WindowEntry before;
    for (std::uint32_t i = 0; i < group.window.size(); ++i) {
        const WindowEntry &entry = group.window[i];
        out.signedNumber(entry.time - before.time);
        out.signedNumber(entry.id - before.id);
        out.number(entry.value);
        before = entry;
    }
}

void readGroup(Reader &in, GroupTable &table)
{
    const std::string_view key = in.text();
    Group &group = table[table.touch(key, hash64(key))];
    group.arrivals = in.number();
    if (in.number() != 0) {
        group.episode = std::make_unique<Episode>();
        for (std::int64_t *value :
             {&group.episode->first, &group.episode->completed, &group.episode->last, &group.episode->events}) {
            *value = in.signedNumber();
        }
        group.episode->arrivals = in.number();
    }
    const std::uint64_t entries = in.number();
    WindowEntry entry;
    for (std::uint64_t i = 0; i < entries && in.good(); ++i) {
        entry.time += in.signedNumber();
        entry.id += in.signedNumber();
        entry.value = in.number();
        group.window.push(entry);
    }
}

tl::unexpected<Error> unusable()
{
    return fail("NJ-SIGMA-060", "Cannot read the correlations' checkpoint",
                "it is damaged, of another version or of other rules",
                "The correlations are brought up to date from the stored events.");
}

void writeInputs(Writer &out, const CorrelationHits &hits, const CorrelationHits::Event &event)
{
    out.number(event.inputs);
    for (std::uint32_t i = event.firstInput; i < event.firstInput + event.inputs; ++i) {
        const CorrelationInput &input = hits.inputs[i];
        out.number(input.correlation);
        out.text(hits.key(hits.keys[input.key]));
        out.number(input.slots);
        out.number(input.values);
        for (std::uint32_t v = input.firstValue; v < input.firstValue + input.values; ++v) {
            out.number(hits.values[v]);
        }
    }
}

bool readInputs(Reader &in, CorrelationHits &hits, CorrelationHits::Event &event, std::size_t correlations)
{
    event.firstInput = static_cast<std::uint32_t>(hits.inputs.size());
    event.inputs = in.small();
    for (std::uint32_t i = 0; i < event.inputs && in.good(); ++i) {
        CorrelationInput input;
        input.correlation = in.small();
        const std::string_view key = in.text();
        input.key = static_cast<std::uint32_t>(hits.keys.size());
        hits.keys.push_back({hash64(key), hits.text.size(), key.size()});
        hits.text.append(key);
        input.slots = in.number();
        input.firstValue = static_cast<std::uint32_t>(hits.values.size());
        input.values = in.small();
        for (std::uint32_t v = 0; v < input.values && in.good(); ++v) {
            hits.values.push_back(in.number());
        }
        if (input.correlation >= correlations) {
            return false;
        }
        hits.inputs.push_back(input);
    }
    return in.good();
}

} // namespace

std::string Correlator::snapshot() const
{
    const State &s = *m_state;
    Writer out;
    out.fixed(s.set->fingerprint());
    const auto late = s.late.value_or(std::pair(kNoTime, kNoTime));
    const CorrelatorNotices &n = s.notices;
    for (const std::int64_t value : {s.newest, s.watermark, s.now, late.first, late.second, n.late, n.forced, n.evicted,
                                     n.truncated, n.undated, n.future}) {
        out.signedNumber(value);
    }
    for (const GroupTable &table : s.tables) {
        out.number(table.size());
        for (GroupTable::Index index = table.oldest(); index != 0; index = table[index].newer) {
            writeGroup(out, table[index]);
        }
    }
    out.number(s.waiting.size() - s.head);
    for (std::size_t i = s.head; i < s.waiting.size(); ++i) {
        const CorrelationHits &hits = s.blocks.find(s.waiting[i].block)->second.hits;
        out.signedNumber(s.waiting[i].time);
        out.signedNumber(s.waiting[i].id);
        writeInputs(out, hits, hits.events[s.waiting[i].event]);
    }
    return out.finish();
}

Result<Correlator> Correlator::restore(std::string_view bytes, std::shared_ptr<const CorrelationSet> set,
                                       const CorrelatorOptions &options)
{
    if (bytes.size() < kMagic.size() + 8 || !bytes.starts_with(kMagic) ||
        Reader(bytes.substr(bytes.size() - 8)).fixed() != hash64(bytes.substr(0, bytes.size() - 8))) {
        return unusable();
    }
    Reader in(bytes.substr(kMagic.size(), bytes.size() - kMagic.size() - 8));
    Correlator correlator(std::move(set), options);
    State &s = *correlator.m_state;
    if (in.fixed() != s.set->fingerprint()) {
        return unusable();
    }
    std::pair<Timestamp, Timestamp> late;
    CorrelatorNotices &n = s.notices;
    for (std::int64_t *value : {&s.newest, &s.watermark, &s.now, &late.first, &late.second, &n.late, &n.forced,
                                &n.evicted, &n.truncated, &n.undated, &n.future}) {
        *value = in.signedNumber();
    }
    if (late.first != kNoTime) {
        s.late = late;
    }
    for (std::size_t c = 0; c < s.tables.size(); ++c) {
        const std::uint64_t groups = in.number();
        for (std::uint64_t i = 0; i < groups && in.good(); ++i) {
            readGroup(in, s.tables[c]);
        }
        s.rebuild(static_cast<std::uint32_t>(c));
    }
    const std::uint64_t waiting = in.number();
    State::WaitingBlock block;
    for (std::uint64_t i = 0; i < waiting && in.good(); ++i) {
        CorrelationHits::Event event;
        event.time = in.signedNumber();
        const std::int64_t id = in.signedNumber();
        if (!readInputs(in, block.hits, event, s.tables.size())) {
            return unusable();
        }
        s.waiting.push_back({event.time, id, 0, static_cast<std::uint32_t>(block.hits.events.size())});
        block.hits.events.push_back(event);
    }
    if (!in.good()) {
        return unusable();
    }
    if (!s.waiting.empty()) {
        block.left = s.waiting.size();
        s.adopt(std::move(block));
    }
    return correlator;
}

} // namespace nightjar::sigma
