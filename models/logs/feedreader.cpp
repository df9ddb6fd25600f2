// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedreader.h"

#include "logs/tokens.h"

#include <algorithm>

namespace nightjar::logs {

namespace {

/// All records of a reader that have every token have the same keys.
constexpr std::uint64_t kWholeRecord = 1;

} // namespace

FeedReader::FeedReader(std::shared_ptr<const FeedFormat> format, std::string_view forcedType)
    : m_matcher(std::move(format))
    , m_type(logTypeNamed(forcedType))
{
    const FeedFormat &compiled = m_matcher.format();
    if (m_type.empty() && compiled.kind().type != "unknown") {
        m_type = compiled.kind().type;
    }
    for (std::size_t i = 0; i < compiled.tokens().size(); ++i) {
        m_plan.push_back(planFor(i));
    }
    for (const auto &[key, value] : compiled.constants()) {
        if (isDecisiveKey(key)) {
            RecordField &field = m_constants.emplace_back();
            field.key = key;
            field.value = value;
        }
    }
    std::stable_sort(m_plan.begin(), m_plan.end(),
                     [](const Plan &left, const Plan &right) { return left.first < right.first; });
}

FeedReader::Plan FeedReader::planFor(std::size_t index) const
{
    const FeedToken &token = m_matcher.format().tokens()[index];
    const bool number = token.spec.conversion == 'd' || token.spec.conversion == 'u';
    Plan plan{index, token.spec.name, false, token.first, number ? ValueKind::Number : ValueKind::Text};
    if (token.meaning.encoding == FeedEncoding::Obfuscated ||
        (!token.formatKey.empty() && isDecisiveKey(token.formatKey))) {
        plan.key = token.meaning.encoding == FeedEncoding::Obfuscated ? token.spec.name : token.formatKey;
        return plan;
    }
    TokenMatch match = findToken(m_type, token.spec.name);
    if (match.row == nullptr && !token.formatKey.empty()) {
        match = findToken(m_type, token.formatKey);
        plan.key = match.row != nullptr ? token.formatKey : plan.key;
    }
    const bool mapperDecodes = match.row != nullptr && (match.base64 || (match.row->flags & kPercent) != 0);
    if (!mapperDecodes) {
        plan.decode = true;
        const bool encoded =
            token.meaning.encoding == FeedEncoding::Percent || token.meaning.encoding == FeedEncoding::Base64;
        plan.key = encoded && match.row == nullptr ? token.meaning.field : plan.key;
    }
    return plan;
}

std::optional<ScanProblem> FeedReader::read(std::string_view record, RecordFields &out)
{
    out.clear();
    if (auto problem = m_matcher.match(record)) {
        return problem;
    }
    out.fields = m_constants;
    std::size_t taken = m_plan.size();
    bool whole = true;
    for (const Plan &plan : m_plan) {
        if (plan.first == taken) {
            continue;
        }
        if (!m_matcher.has(plan.token)) {
            whole = false;
            continue;
        }
        taken = plan.first;
        RecordField &field = out.fields.emplace_back();
        field.key = plan.key;
        field.value = plan.decode ? m_matcher.clear(plan.token) : m_matcher.wire(plan.token);
        field.kind = plan.kind;
    }
    out.keysId = whole ? kWholeRecord : 0;
    return std::nullopt;
}

} // namespace nightjar::logs
