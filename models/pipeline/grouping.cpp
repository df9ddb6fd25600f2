// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/grouping.h"

#include "alerts/alertstore.h"

#include <algorithm>
#include <array>
#include <map>

namespace nightjar::pipeline {

using event::Field;

namespace {

/// Of one finding in one block; an alert keeps up to kMaxEvidence over all of its blocks. A rule that matches
/// everywhere must not copy the block.
constexpr std::size_t kEvidenceOfBlock = 20;
constexpr std::size_t kMaxTold = 200'000;
constexpr std::size_t kCountedRows = 10'000; ///< more of the same no longer changes what is concerned
constexpr std::size_t kCountedValues = 400;
constexpr std::size_t kKeptObservables = 20;

struct ObservableField {
    const char *kind;
    Field field;
};
constexpr std::array<ObservableField, 10> kObservableFields{{{"domain", Field::UrlDomain},
                                                             {"domain", Field::DestinationDomain},
                                                             {"domain", Field::DnsQuestionName},
                                                             {"ip", Field::DestinationIp},
                                                             {"ip", Field::DnsResolvedIp},
                                                             {"url", Field::UrlOriginal},
                                                             {"hash", Field::FileHashMd5},
                                                             {"hash", Field::FileHashSha256},
                                                             {"user", Field::UserName},
                                                             {"device", Field::HostHostname}}};

/// Rows a value of a column, by code.
std::map<std::uint32_t, std::int64_t> countCodes(const event::Column &column, const event::Column *beside,
                                                 std::span<const std::size_t> rows)
{
    std::map<std::uint32_t, std::int64_t> counts;
    std::string scratch;
    for (const std::size_t row : rows) {
        if (beside != nullptr && beside->value(row, scratch).empty()) {
            continue;
        }
        for (const std::uint32_t code : column.codes(row)) {
            if (const auto known = counts.find(code); known != counts.end()) {
                ++known->second;
            } else if (code >= event::kFirstEntry && counts.size() < kCountedValues) {
                counts.emplace(code, 1);
            }
        }
    }
    return counts;
}

/// The same value in two fields of a row is one observable.
void keep(std::vector<alerts::Observable> &all, const char *kind, std::string_view value, std::int64_t count)
{
    const auto same =
        std::find_if(all.begin(), all.end(), [&](const auto &o) { return o.kind == kind && o.value == value; });
    if (same != all.end()) {
        same->count = std::max(same->count, count);
    } else {
        all.push_back({kind, std::string(value), count});
    }
}

std::vector<alerts::Observable> observablesOf(const event::EventBlock &block, std::span<const std::size_t> rows)
{
    std::vector<alerts::Observable> all;
    std::string scratch;
    for (const ObservableField &candidate : kObservableFields) {
        const event::Column *column = block.column(candidate.field);
        // A URL that is only a host says no more than its host.
        const bool url = candidate.field == Field::UrlOriginal;
        const event::Column *beside = url ? block.column(Field::UrlPath) : nullptr;
        if (column == nullptr || (url && beside == nullptr)) {
            continue;
        }
        for (const auto &[code, count] : countCodes(*column, beside, rows)) {
            if (const auto value = column->text(code - event::kFirstEntry, scratch); !value.empty()) {
                keep(all, candidate.kind, value, count);
            }
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.count > b.count; });
    return all;
}

/// Names before addresses.
std::string mainDestinationOf(const std::vector<alerts::Observable> &observables)
{
    std::string best;
    std::int64_t most = 0;
    for (const alerts::Observable &o : observables) {
        const bool named = o.kind == "domain";
        if ((named || o.kind == "ip") && o.count + (named ? 1 : 0) > most) {
            most = o.count + (named ? 1 : 0);
            best = o.value;
        }
    }
    return best;
}

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

RowReader::Party RowReader::party(std::size_t row) const
{
    std::string scratch;
    for (const Field field : {Field::UserName, Field::SourceIp}) {
        const event::Column *column = m_block.column(field);
        if (column != nullptr && !column->value(row, scratch).empty()) {
            return {column, column->code(row)};
        }
    }
    return {};
}

std::string RowReader::who(std::size_t row) const
{
    const Party found = party(row);
    std::string scratch;
    return found.column == nullptr ? "unknown" : std::string(found.column->value(row, scratch));
}

RowFacts factsOf(const RowReader &reader, std::span<const std::size_t> rows)
{
    RowFacts facts;
    for (const std::size_t row : rows) {
        if (const Timestamp time = reader.block().times()[row]; time != kNoTime) {
            facts.first = facts.first == kNoTime ? time : std::min(facts.first, time);
            facts.last = facts.last == kNoTime ? time : std::max(facts.last, time);
        }
    }
    facts.observables = observablesOf(reader.block(), rows.first(std::min(rows.size(), kCountedRows)));
    facts.mainDestination = mainDestinationOf(facts.observables);
    if (facts.observables.size() > kKeptObservables) {
        facts.observables.resize(kKeptObservables);
    }
    return facts;
}

std::vector<alerts::Evidence> evidenceOf(const RowReader &reader, std::span<const std::size_t> rows, std::size_t most)
{
    std::vector<alerts::Evidence> evidence;
    for (const std::size_t row : rows.first(std::min(rows.size(), most))) {
        evidence.push_back({static_cast<std::int64_t>(row), reader.block().times()[row], reader.block().toJson(row),
                            std::string(reader.block().raw(row))});
    }
    return evidence;
}

ToldGroups::Wanted ToldGroups::ask(const std::string &key, int score, std::size_t rows)
{
    if (m_told.size() >= kMaxTold) {
        m_told.clear();
    }
    const auto [at, first] = m_told.try_emplace(key);
    Told &told = at->second;
    Wanted wanted;
    wanted.description = first || score > told.score;
    wanted.evidence = std::min({rows, kEvidenceOfBlock, alerts::kMaxEvidence - told.evidence});
    told.score = std::max(told.score, score);
    told.evidence += wanted.evidence;
    return wanted;
}

std::string dayOf(Timestamp time)
{
    return time == kNoTime ? "undated" : formatIsoTime(time).substr(0, 10);
}

} // namespace nightjar::pipeline
