// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedscore.h"

#include "logs/normalise.h"

#include <algorithm>

namespace nightjar::logs {

namespace {

constexpr std::size_t kLooked = 512;

/// Brackets and quotes that are closed where they were opened.
int pairing(std::string_view value)
{
    int round = 0;
    int square = 0;
    int curly = 0;
    int quotes = 0;
    bool wrong = false;
    for (const char c : value) {
        round += c == '(' ? 1 : c == ')' ? -1 : 0;
        square += c == '[' ? 1 : c == ']' ? -1 : 0;
        curly += c == '{' ? 1 : c == '}' ? -1 : 0;
        quotes += c == '"' ? 1 : 0;
        wrong = wrong || round < 0 || square < 0 || curly < 0;
    }
    wrong = wrong || round != 0 || square != 0 || curly != 0;
    return (wrong ? -4 : 0) + (quotes % 2 != 0 ? -3 : 0);
}

/// Separators inside the value; one followed by a blank ("Last, First") is natural.
int inner(FeedKind kind, std::string_view value, std::string_view separator)
{
    if (separator.empty()) {
        return 0;
    }
    int cost = value.starts_with(separator) || value.ends_with(separator) ? -6 : 0;
    for (std::size_t at = value.find(separator); at != std::string_view::npos && cost > -40;
         at = value.find(separator, at + separator.size())) {
        const std::size_t behind = at + separator.size();
        const bool spaced = separator != " " && behind < value.size() && value[behind] == ' ';
        cost -= kind == FeedKind::Agent ? 1 : kind == FeedKind::Url ? 2 : spaced ? 1 : 3;
    }
    return cost;
}

int ofKind(FeedKind kind, std::string_view value)
{
    switch (kind) {
    case FeedKind::Agent:
        return value.starts_with("Mozilla/") ? 6 : value.find('/') != std::string_view::npos ? 3 : 0;
    case FeedKind::User:
        return value.find('@') != std::string_view::npos ? 3 : 0;
    case FeedKind::Json:
        return value.starts_with('{') && value.ends_with('}') ? 4 : 0;
    case FeedKind::Text:
    case FeedKind::Enum:
        return 0;
    case FeedKind::Url:
    case FeedKind::Host:
        return value.find('.') != std::string_view::npos ? 5 : 1;
    default:
        return 3;
    }
}

} // namespace

int naturalness(const FeedToken &token, std::string_view value, std::string_view separator)
{
    const FeedKind kind = token.meaning.kind;
    const FeedFit fit = fits(kind, value.substr(0, 4'096));
    if (fit == FeedFit::No) {
        return isStrict(kind) ? kMisfit : -12;
    }
    if (value.empty()) {
        return -1;
    }
    if (fit == FeedFit::Placeholder) {
        return 3;
    }
    const std::string_view looked = value.substr(0, kLooked);
    const bool blanks = value.front() == ' ' || value.back() == ' ';
    const int said = saysNothing(value) ? 3 : ofKind(kind, value);
    return said + (blanks && kind != FeedKind::Integer ? -5 : 0) + pairing(looked) + inner(kind, looked, separator);
}

} // namespace nightjar::logs
