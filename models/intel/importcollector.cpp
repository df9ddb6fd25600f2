// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/importcollector.h"

#include "base/text.h"

namespace nightjar::intel {

void ImportCollector::refuse(std::uint64_t place, std::string reason, std::string_view text)
{
    ++m_report.read;
    ++m_report.invalid;
    if (m_report.invalidRows.size() < ImportReport::kMaxInvalidRows) {
        m_report.invalidRows.push_back({place, std::move(reason), repairUtf8(text.substr(0, 200))});
    }
}

void ImportCollector::leaveOut(const std::string &kind)
{
    ++m_report.leftOut[kind.substr(0, 80)];
}

bool ImportCollector::cancelled()
{
    m_report.cancelled = m_report.cancelled || m_hooks.cancel.cancelled();
    return m_report.cancelled;
}

Status ImportCollector::take(Result<Indicator> &&result, std::uint64_t place, std::string_view text)
{
    if (!result) {
        const Error &error = result.error();
        refuse(place, error.reason + (error.hint.empty() ? "" : ". " + error.hint), text);
        return {};
    }
    ++m_report.read;
    Indicator &indicator = *result;
    if (!indicator.toIds) {
        ++m_report.contextOnly;
        if (m_defaults.toIds == ToIdsChoice::Drop) {
            return {};
        }
        indicator.toIds = m_defaults.toIds == ToIdsChoice::Ignore;
    }
    if (!m_seen.insert(fingerprint(indicator)).second) {
        return {};
    }
    ++m_report.unique;
    ++m_report.byType[static_cast<std::size_t>(indicator.type)];
    indicator.source = m_defaults.source;
    indicator.confidence = indicator.confidence ? indicator.confidence : m_defaults.confidence;
    indicator.tlp = indicator.tlp == Tlp::Unmarked ? m_defaults.tlp : indicator.tlp;
    if (indicator.firstSeen == kNoTime) {
        indicator.firstSeen = m_defaults.at;
    }
    if (indicator.lastSeen == kNoTime) {
        indicator.lastSeen = m_defaults.at;
    }
    return m_sink(std::move(indicator));
}

} // namespace nightjar::intel
