// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/grouping.h"

#include <algorithm>

namespace nightjar::pipeline {

using event::Field;

namespace {
/// Of one finding in one block; an alert keeps up to kMaxEvidence over all of its blocks. A rule that matches
/// everywhere must not copy the block.
constexpr std::size_t kEvidenceOfBlock = 20;
} // namespace

std::string RowReader::text(Field field, std::size_t row) const
{
    const event::Column *column = m_block.column(field);
    if (column == nullptr) {
        return {};
    }
    std::string scratch;
    return std::string(column->value(row, scratch));
}

std::string RowReader::who(std::size_t row) const
{
    for (const Field field : {Field::UserName, Field::SourceIp}) {
        if (std::string value = text(field, row); !value.empty()) {
            return value;
        }
    }
    return "unknown";
}

std::string RowReader::where(std::size_t row) const
{
    for (const Field field :
         {Field::UrlDomain, Field::DestinationDomain, Field::DnsQuestionName, Field::DestinationIp}) {
        if (std::string value = text(field, row); !value.empty()) {
            return value;
        }
    }
    return {};
}

void RowGroup::count(const char *kind, std::string value)
{
    constexpr std::size_t kMaxObservables = 200;
    if (value.empty()) {
        return;
    }
    const auto key = std::pair(std::string(kind), std::move(value));
    if (m_observables.size() < kMaxObservables || m_observables.contains(key)) {
        ++m_observables[key];
    }
}

void RowGroup::add(const RowReader &reader, std::size_t row)
{
    const Timestamp time = reader.block().times()[row];
    if (m_rows++ == 0) {
        m_firstRow = row;
    }
    if (time != kNoTime) {
        m_first = m_first == kNoTime ? time : std::min(m_first, time);
        m_last = std::max(m_last, time);
    }
    if (m_evidence.size() < kEvidenceOfBlock) {
        m_evidence.push_back(
            {static_cast<std::int64_t>(row), time, reader.block().toJson(row), std::string(reader.block().raw(row))});
    }
    if (m_rows > 10'000) {
        return; // the picture of what is concerned no longer changes; counting on would only cost time
    }
    for (const Field field : {Field::UrlDomain, Field::DestinationDomain, Field::DnsQuestionName}) {
        count("domain", reader.text(field, row));
    }
    for (const Field field : {Field::DestinationIp, Field::DnsResolvedIp}) {
        count("ip", reader.text(field, row));
    }
    if (!reader.text(Field::UrlPath, row).empty()) {
        count("url", reader.text(Field::UrlOriginal, row));
    }
    for (const Field field : {Field::FileHashMd5, Field::FileHashSha256}) {
        count("hash", reader.text(field, row));
    }
    count("user", reader.text(Field::UserName, row));
    count("device", reader.text(Field::HostHostname, row));
}

std::string RowGroup::mainDestination() const
{
    std::string best;
    std::int64_t most = 0;
    for (const auto &[key, n] : m_observables) {
        const bool named = key.first == "domain";
        if ((named || key.first == "ip") && n + (named ? 1 : 0) > most) {
            most = n + (named ? 1 : 0);
            best = key.second;
        }
    }
    return best;
}

void RowGroup::fill(alerts::Finding &finding) const
{
    constexpr std::size_t kKeptObservables = 20;
    finding.events = static_cast<std::int64_t>(m_rows);
    finding.first = m_first;
    finding.last = m_last;
    finding.evidence = m_evidence;
    for (const auto &[key, n] : m_observables) {
        finding.observables.push_back({key.first, key.second, n});
    }
    std::stable_sort(finding.observables.begin(), finding.observables.end(),
                     [](const auto &a, const auto &b) { return a.count > b.count; });
    if (finding.observables.size() > kKeptObservables) {
        finding.observables.resize(kKeptObservables);
    }
}

std::string dayOf(Timestamp time)
{
    return time == kNoTime ? "undated" : formatIsoTime(time).substr(0, 10);
}

} // namespace nightjar::pipeline
