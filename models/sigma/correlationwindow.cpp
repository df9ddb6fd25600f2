// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/correlationwindow.h"

#include "sigma/correlationset.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

namespace nightjar::sigma {

namespace {

constexpr std::size_t kFew = 16;

template <class T>
bool compare(Limit::Op op, T left, T right)
{
    switch (op) {
    case Limit::Op::Greater:
        return left > right;
    case Limit::Op::GreaterEqual:
        return left >= right;
    case Limit::Op::Less:
        return left < right;
    case Limit::Op::LessEqual:
        return left <= right;
    case Limit::Op::Equal:
        return left == right;
    case Limit::Op::NotEqual:
        return left != right;
    }
    return false;
}

std::string plainNumber(double value)
{
    std::array<char, 400> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 6);
    std::string text(buffer.data(), end.ptr);
    while (text.ends_with('0')) {
        text.pop_back();
    }
    if (text.ends_with('.')) {
        text.pop_back();
    }
    return text;
}

} // namespace

Millionths toMillionths(double value)
{
    constexpr long double kMost = 1e30L;
    const long double scaled = std::clamp(static_cast<long double>(value) * 1e6L, -kMost, kMost);
    return static_cast<Millionths>(std::round(scaled));
}

std::size_t OrderedValues::pieceOf(double value) const
{
    const auto piece =
        std::partition_point(m_pieces.begin(), m_pieces.end(), [value](const auto &p) { return p.back() < value; });
    return static_cast<std::size_t>(piece - m_pieces.begin());
}

void OrderedValues::add(double value)
{
    ++m_size;
    if (m_pieces.empty()) {
        m_pieces.push_back({value});
        return;
    }
    const std::size_t index = std::min(pieceOf(value), m_pieces.size() - 1);
    std::vector<double> &piece = m_pieces[index];
    piece.insert(std::upper_bound(piece.begin(), piece.end(), value), value);
    if (piece.size() > kPiece) {
        const auto middle = piece.begin() + kPiece / 2;
        std::vector<double> upper(middle, piece.end());
        piece.erase(middle, piece.end());
        m_pieces.insert(m_pieces.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(upper));
    }
}

void OrderedValues::remove(double value)
{
    const std::size_t index = pieceOf(value);
    if (index == m_pieces.size()) {
        return;
    }
    std::vector<double> &piece = m_pieces[index];
    const auto found = std::lower_bound(piece.begin(), piece.end(), value);
    if (found == piece.end() || *found != value) {
        return;
    }
    piece.erase(found);
    --m_size;
    if (piece.empty()) {
        m_pieces.erase(m_pieces.begin() + static_cast<std::ptrdiff_t>(index));
    }
}

double OrderedValues::at(std::size_t rank) const
{
    for (const auto &piece : m_pieces) {
        if (rank < piece.size()) {
            return piece[rank];
        }
        rank -= piece.size();
    }
    return 0;
}

double OrderedValues::quantile(double share) const
{
    if (m_size == 0) {
        return 0;
    }
    const double rank = share * static_cast<double>(m_size - 1);
    const double below = std::floor(rank);
    const double low = at(static_cast<std::size_t>(below));
    if (rank == below) {
        return low;
    }
    return low + (at(static_cast<std::size_t>(below) + 1) - low) * (rank - below);
}

Measure::Measure(const CompiledCorrelation &correlation)
    : m_correlation(&correlation)
{
    clear();
}

void Measure::clear()
{
    m_few.clear();
    m_many.clear();
    m_sum = 0;
    m_ordered.clear();
    const bool ordered = m_correlation->rule.type == CorrelationType::TemporalOrdered;
    const std::size_t slots = m_correlation->slots.size();
    m_slots.assign(ordered || m_correlation->rule.type == CorrelationType::Temporal ? slots : 0, 0);
    if (!ordered) {
        return;
    }
    m_starts.resize(m_correlation->terms.empty() ? slots : m_correlation->terms.size());
    for (std::size_t i = 0; i < m_starts.size(); ++i) {
        // With limits any chain counts: [slot][length - 1]; else one row of steps a term.
        m_starts[i].assign(m_correlation->terms.empty() ? i + 1 : m_correlation->terms[i].wanted.size(), kNoTime);
    }
}

void Measure::addDistinct(std::uint64_t value)
{
    if (m_many.empty()) {
        const auto found =
            std::find_if(m_few.begin(), m_few.end(), [value](const auto &f) { return f.first == value; });
        if (found != m_few.end()) {
            ++found->second;
            return;
        }
        if (m_few.size() < kFew) {
            m_few.emplace_back(value, 1);
            return;
        }
        m_many.insert(m_few.begin(), m_few.end());
        m_few.clear();
    }
    ++m_many[value];
}

void Measure::removeDistinct(std::uint64_t value)
{
    if (const auto many = m_many.find(value); many != m_many.end()) {
        if (--many->second == 0) {
            m_many.erase(many);
        }
        return;
    }
    const auto found = std::find_if(m_few.begin(), m_few.end(), [value](const auto &f) { return f.first == value; });
    if (found != m_few.end() && --found->second == 0) {
        *found = m_few.back();
        m_few.pop_back();
    }
}

void Measure::addOrdered(const WindowEntry &entry)
{
    const auto &terms = m_correlation->terms;
    for (std::size_t t = 0; t < terms.size(); ++t) {
        std::vector<Timestamp> &starts = m_starts[t];
        for (std::size_t step = 0; step < starts.size(); ++step) {
            if ((entry.value >> terms[t].wanted[step] & 1U) != 0) {
                starts[step] = step == 0 ? entry.time : std::max(starts[step], starts[step - 1]);
            }
        }
    }
    if (!terms.empty()) {
        return;
    }
    for (std::size_t slot = 0; slot < m_starts.size(); ++slot) {
        if ((entry.value >> slot & 1U) == 0) {
            continue;
        }
        m_starts[slot][0] = entry.time;
        for (std::size_t length = 1; length <= slot; ++length) {
            for (std::size_t before = length - 1; before < slot; ++before) {
                m_starts[slot][length] = std::max(m_starts[slot][length], m_starts[before][length - 1]);
            }
        }
    }
}

void Measure::add(const WindowEntry &entry)
{
    switch (m_correlation->rule.type) {
    case CorrelationType::EventCount:
        break;
    case CorrelationType::ValueCount:
        addDistinct(entry.value);
        break;
    case CorrelationType::TemporalOrdered:
        addOrdered(entry);
        [[fallthrough]];
    case CorrelationType::Temporal:
        for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
            m_slots[slot] += static_cast<std::uint32_t>(entry.value >> slot & 1U);
        }
        break;
    case CorrelationType::ValueSum:
    case CorrelationType::ValueAverage:
        m_sum += toMillionths(std::bit_cast<double>(entry.value));
        break;
    case CorrelationType::ValuePercentile:
    case CorrelationType::ValueMedian:
        m_ordered.add(std::bit_cast<double>(entry.value));
        break;
    }
}

void Measure::remove(const WindowEntry &entry)
{
    switch (m_correlation->rule.type) {
    case CorrelationType::EventCount:
        break;
    case CorrelationType::ValueCount:
        removeDistinct(entry.value);
        break;
    case CorrelationType::Temporal:
    case CorrelationType::TemporalOrdered: // chains that began with it are too old by their start
        for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
            m_slots[slot] -= static_cast<std::uint32_t>(entry.value >> slot & 1U);
        }
        break;
    case CorrelationType::ValueSum:
    case CorrelationType::ValueAverage:
        m_sum -= toMillionths(std::bit_cast<double>(entry.value));
        break;
    case CorrelationType::ValuePercentile:
    case CorrelationType::ValueMedian:
        m_ordered.remove(std::bit_cast<double>(entry.value));
        break;
    }
}

std::uint64_t Measure::present() const
{
    std::uint64_t slots = 0;
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        slots |= std::uint64_t{m_slots[slot] > 0} << slot;
    }
    return slots;
}

std::size_t Measure::longestChain(Timestamp from) const
{
    std::size_t longest = 0;
    for (const auto &starts : m_starts) {
        for (std::size_t length = longest; length < starts.size(); ++length) {
            if (starts[length] >= from) {
                longest = length + 1;
            }
        }
    }
    return longest;
}

bool Measure::chainHolds(Timestamp from) const
{
    const std::uint64_t slots = present();
    for (std::size_t t = 0; t < m_starts.size(); ++t) {
        const OrderedTerm &term = m_correlation->terms[t];
        if ((slots & term.unwanted) == 0 && (term.wanted.empty() || m_starts[t].back() >= from)) {
            return true;
        }
    }
    return false;
}

bool Measure::conditionHolds(std::uint64_t slots) const
{
    const auto &nodes = m_correlation->rule.condition;
    std::vector<bool> holds(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const CorrelationNode &node = nodes[i];
        const auto child = [&](std::uint32_t c) { return bool{holds[c]}; };
        switch (node.gate) {
        case CorrelationNode::Gate::And:
            holds[i] = std::all_of(node.children.begin(), node.children.end(), child);
            break;
        case CorrelationNode::Gate::Or:
            holds[i] = std::any_of(node.children.begin(), node.children.end(), child);
            break;
        case CorrelationNode::Gate::Not:
            holds[i] = !child(node.children.front());
            break;
        case CorrelationNode::Gate::Rule:
            holds[i] = (slots >> node.slot & 1U) != 0;
            break;
        }
    }
    return holds.back();
}

bool Measure::within(double value) const
{
    const auto &limits = m_correlation->rule.limits;
    return std::all_of(limits.begin(), limits.end(),
                       [value](const Limit &limit) { return compare(limit.op, value, limit.number); });
}

bool Measure::sumWithin(std::size_t divisor) const
{
    const auto &limits = m_correlation->rule.limits;
    return std::all_of(limits.begin(), limits.end(), [&](const Limit &limit) {
        return compare(limit.op, m_sum, toMillionths(limit.number) * static_cast<Millionths>(divisor));
    });
}

bool Measure::holds(std::size_t events, Timestamp now) const
{
    const Correlation &rule = m_correlation->rule;
    const Timestamp from = now - rule.timespan;
    switch (rule.type) {
    case CorrelationType::EventCount:
        return within(static_cast<double>(events));
    case CorrelationType::ValueCount:
        return within(static_cast<double>(distinct()));
    case CorrelationType::Temporal:
        if (!rule.condition.empty()) {
            return conditionHolds(present());
        }
        return rule.limits.empty() ? std::popcount(present()) == static_cast<int>(m_slots.size())
                                   : within(std::popcount(present()));
    case CorrelationType::TemporalOrdered:
        return m_correlation->terms.empty() ? within(static_cast<double>(longestChain(from))) : chainHolds(from);
    case CorrelationType::ValueSum:
        return sumWithin(1);
    case CorrelationType::ValueAverage:
        return sumWithin(events);
    case CorrelationType::ValuePercentile:
        return within(m_ordered.quantile(rule.percentile / 100));
    case CorrelationType::ValueMedian:
        return within(m_ordered.quantile(0.5));
    }
    return false;
}

std::string Measure::text(std::size_t events, Timestamp now) const
{
    const Correlation &rule = m_correlation->rule;
    const auto sum = static_cast<double>(m_sum) / 1e6;
    switch (rule.type) {
    case CorrelationType::EventCount:
        return std::to_string(events) + (events == 1 ? " event" : " events");
    case CorrelationType::ValueCount:
        return std::to_string(distinct()) + (distinct() == 1 ? " value" : " different values");
    case CorrelationType::Temporal:
        return std::to_string(std::popcount(present())) + " of " + std::to_string(m_slots.size()) + " rules";
    case CorrelationType::TemporalOrdered:
        return m_correlation->terms.empty() ? std::to_string(longestChain(now - rule.timespan)) + " rules in order"
                                            : "in order";
    case CorrelationType::ValueSum:
        return "sum " + plainNumber(sum);
    case CorrelationType::ValueAverage:
        return "average " + plainNumber(events == 0 ? 0 : sum / static_cast<double>(events));
    case CorrelationType::ValuePercentile:
        return "percentile " + plainNumber(rule.percentile) + ": " +
               plainNumber(m_ordered.quantile(rule.percentile / 100));
    case CorrelationType::ValueMedian:
        return "median " + plainNumber(m_ordered.quantile(0.5));
    }
    return {};
}

std::size_t Measure::bytes() const
{
    std::size_t sum = sizeof(Measure) + m_few.capacity() * sizeof(m_few[0]) + m_many.size() * 40 + m_ordered.bytes() +
                      m_slots.size() * sizeof(m_slots[0]);
    for (const auto &starts : m_starts) {
        sum += sizeof starts + starts.size() * sizeof(Timestamp);
    }
    return sum;
}

} // namespace nightjar::sigma
