// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/findingbuffer.h"

#include <algorithm>
#include <utility>

namespace nightjar::alerts {

namespace {

constexpr std::size_t kMaxEvidenceBytes = 32u << 20U;
constexpr std::size_t kMaxHeld = 20'000;
constexpr int kShare = 10; ///< of the time, writing alerts takes at most one part of so many
constexpr auto kLeastWait = std::chrono::milliseconds(500);
constexpr auto kMostWait = std::chrono::seconds(30);

std::size_t evidenceBytes(const Finding &finding)
{
    std::size_t sum = 0;
    for (const Evidence &evidence : finding.evidence) {
        sum += evidence.json.size() + evidence.raw.size();
    }
    return sum;
}

} // namespace

void FindingBuffer::add(std::vector<Finding> &&findings)
{
    for (Finding &finding : findings) {
        const auto [place, isNew] = m_byKey.try_emplace(finding.key, m_held.size());
        if (isNew) {
            m_evidenceBytes += evidenceBytes(finding);
            m_held.push_back(std::move(finding));
        } else {
            Finding &held = m_held[place->second];
            const std::size_t before = evidenceBytes(held);
            merge(held, std::move(finding));
            m_evidenceBytes += evidenceBytes(held) - before;
        }
    }
    findings.clear();
}

bool FindingBuffer::due() const
{
    const auto wait = std::clamp<SteadyClock::duration>(m_took * kShare, kLeastWait, kMostWait);
    return m_evidenceBytes > kMaxEvidenceBytes || m_held.size() > kMaxHeld || SteadyClock::now() - m_flushed >= wait;
}

Result<std::int64_t> FindingBuffer::flush(std::int64_t detectedThrough, const std::string &detectorState)
{
    const auto began = SteadyClock::now();
    const auto added = m_alerts.record(m_held, detectedThrough, detectorState);
    m_flushed = SteadyClock::now();
    m_took = m_flushed - began;
    if (added) {
        m_held.clear();
        m_byKey.clear();
        m_evidenceBytes = 0;
    }
    return added;
}

std::vector<Finding> FindingBuffer::take()
{
    m_byKey.clear();
    m_evidenceBytes = 0;
    return std::exchange(m_held, {});
}

Result<std::vector<std::optional<std::string>>> FindingBuffer::keysWithin(std::span<const KeyRange> ranges) const
{
    auto keys = m_alerts.keysWithin(ranges);
    if (!keys) {
        return keys;
    }
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const KeyRange &range = ranges[i];
        const std::string behind = range.prefix + kBehindKeyTime;
        for (auto at = m_byKey.lower_bound(range.prefix); !(*keys)[i] && at != m_byKey.end() && at->first < behind;
             ++at) {
            const Finding &held = m_held[at->second];
            if (held.last >= range.first && held.first <= range.last) {
                (*keys)[i] = at->first;
            }
        }
    }
    return keys;
}

} // namespace nightjar::alerts
