// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/charmodel.h"

#include "anomaly/domaintext.h"

#include <algorithm>
#include <cmath>

namespace nightjar::anomaly {

namespace {

constexpr std::size_t kOrder = 5;
constexpr double kSmoothing = 3;
constexpr double kCharacters = 40;
constexpr std::uint64_t kMostSlots = 1U << 20U;

/// Slots hold ten check bits (never all 0) above six bits of size.
std::uint16_t checkOf(std::uint64_t hash)
{
    return static_cast<std::uint16_t>((hash >> 48U | 1U) << 6U);
}

std::uint16_t sizeOf(std::uint32_t times)
{
    return static_cast<std::uint16_t>(std::clamp(std::lround(4 * std::log2(static_cast<double>(times))) + 1, 1L, 63L));
}

std::string marked(std::string_view name)
{
    return "^" + std::string(name) + "$";
}

} // namespace

void CharModel::Counts::add(std::string_view name)
{
    const std::string text = marked(name);
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (std::size_t n = 1; n <= kOrder && n <= at + 1; ++n) {
            Count &count = m_counts[textHash(std::string_view(text).substr(at + 1 - n, n))];
            ++count.times;
            count.length = static_cast<std::uint32_t>(n);
        }
    }
}

CharModel CharModel::Counts::finish() const
{
    std::vector<std::pair<std::uint64_t, std::uint32_t>> kept;
    CharModel model;
    for (const auto &[hash, count] : m_counts) {
        model.m_all += count.length == 1 ? count.times : 0;
        if (count.length < 4 || count.times > 1) {
            kept.emplace_back(hash, count.times);
        }
    }
    std::sort(kept.begin(), kept.end());
    std::size_t slots = 1024;
    while (slots * 2 < kept.size() * 3) {
        slots *= 2;
    }
    model.m_slots.assign(slots, 0);
    for (const auto &[hash, times] : kept) {
        std::size_t at = hash & (slots - 1);
        while (model.m_slots[at] != 0) {
            at = (at + 1) & (slots - 1);
        }
        model.m_slots[at] = checkOf(hash) | sizeOf(times);
    }
    return model;
}

double CharModel::count(std::uint64_t hash) const
{
    const std::uint16_t check = checkOf(hash);
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t at = hash & mask; m_slots[at] != 0; at = (at + 1) & mask) {
        if ((m_slots[at] & ~0x3FU) == check) {
            return std::exp2((m_slots[at] & 0x3FU) / 4.0 - 0.25);
        }
    }
    return 0;
}

std::vector<double> CharModel::logProbabilities(std::string_view name) const
{
    const std::string text = marked(name);
    std::vector<double> out;
    out.reserve(text.size());
    if (m_slots.empty()) {
        out.assign(text.size() - 1, -std::log(kCharacters));
        return out;
    }
    for (std::size_t at = 1; at < text.size(); ++at) {
        double p = 1 / kCharacters;
        for (std::size_t n = 1; n <= kOrder && n <= at + 1; ++n) {
            const std::string_view gram = std::string_view(text).substr(at + 1 - n, n);
            const double before = n == 1 ? m_all : count(textHash(gram.substr(0, n - 1)));
            if (before <= 0) {
                break;
            }
            p = (count(textHash(gram)) + kSmoothing * p) / (before + kSmoothing);
        }
        out.push_back(std::log(std::min(p, 1.0)));
    }
    return out;
}

void CharModel::write(ByteWriter &out) const
{
    out.number(m_slots.size(), 4);
    out.number(static_cast<std::uint64_t>(m_all), 4);
    for (const std::uint16_t slot : m_slots) {
        out.number(slot, 2);
    }
}

bool CharModel::read(ByteReader &in)
{
    const std::uint64_t slots = in.number(4);
    m_all = static_cast<double>(in.number(4));
    if (slots == 0 || (slots & (slots - 1)) != 0 || slots > kMostSlots || in.left() < slots * 2) {
        return false;
    }
    m_slots.resize(slots);
    std::size_t filled = 0;
    for (std::uint16_t &slot : m_slots) {
        slot = static_cast<std::uint16_t>(in.number(2));
        filled += slot != 0 ? 1U : 0U;
    }
    return filled < slots; // a search ends at an empty slot
}

} // namespace nightjar::anomaly
