// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "event/schema.h"
#include "query/query.h"

#include <algorithm>
#include <array>

namespace nightjar::query {
namespace {

constexpr std::size_t kMaxSuggestions = 50;

std::vector<std::string_view> namesOf(const event::FieldInfo &field)
{
    std::vector<std::string_view> names = {field.name};
    for (const std::string_view alias : split(field.aliases, ' ')) {
        if (!alias.empty()) {
            names.push_back(alias);
        }
    }
    return names;
}

/// 0: a name begins with the word, 1: a part behind a dot does, 2: it stands anywhere; 3: not at all.
int rankOf(std::string_view name, std::string_view word)
{
    const std::size_t at = findIgnoreCase(name, word);
    return at == std::string_view::npos ? 3 : at == 0 ? 0 : name[at - 1] == '.' || name[at - 1] == '_' ? 1 : 2;
}

/// Damerau–Levenshtein distance, restricted form (neighbours may change places once).
std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            const std::size_t change = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a.size()][b.size()];
}

/// Begin of the word that ends at the cursor; npos inside quotes or a value.
std::size_t wordBegin(std::string_view text)
{
    std::size_t begin = 0;
    bool quoted = false, value = false, list = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        quoted = c == '"' && (i == 0 || text[i - 1] != '\\') ? !quoted : quoted;
        if (quoted) {
            continue;
        }
        if (c == ' ' || c == '\t' || c == '(' || c == ')' || (c == '-' && i == begin)) {
            begin = i + 1;
            list = c == '(' ? list || value : list && c != ')';
            value = list;
        } else if (c == ':' || c == '=' || c == '<' || c == '>' || c == '@' || c == '"') {
            value = true;
        }
    }
    return quoted || value ? std::string_view::npos : begin;
}

} // namespace

std::vector<Suggestion> complete(std::string_view text, std::size_t cursor, std::span<const std::string> extraColumns)
{
    const std::size_t end = std::min(cursor, text.size());
    const std::size_t begin = wordBegin(text.substr(0, end));
    if (begin == std::string_view::npos) {
        return {};
    }
    const std::string_view word = text.substr(begin, end - begin);
    std::vector<std::pair<int, Suggestion>> found;
    for (const event::FieldInfo &field : event::fields()) {
        int rank = 3;
        for (const std::string_view name : namesOf(field)) {
            rank = std::min(rank, rankOf(name, word));
        }
        if (rank < 3) {
            const std::string help =
                std::string(field.help) + (field.aliases.empty() ? "" : " (" + std::string(field.aliases) + ")");
            found.push_back({rank,
                             {std::string(field.name) + ":", help, field.kind == event::Kind::Text ? "text" : "number",
                              begin, end}});
        }
    }
    for (const std::string &column : extraColumns) {
        const int rank = rankOf(column, word);
        if (rank < 3 && !event::findField(column)) {
            found.push_back({rank, {column + ":", "As the feed recorded it", "text", begin, end}});
        }
    }
    for (const std::string_view word_ : {std::string_view("and"), std::string_view("or"), std::string_view("not")}) {
        if (!word.empty() && startsWithIgnoreCase(word_, word)) {
            found.push_back({2, {std::string(word_) + " ", "Joins terms", "operator", begin, end}});
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    std::vector<Suggestion> suggestions;
    for (auto &[rank, suggestion] : found) {
        if (suggestions.size() < kMaxSuggestions) {
            suggestions.push_back(std::move(suggestion));
        }
    }
    return suggestions;
}

std::string nearestField(std::string_view name)
{
    const std::string wanted = asciiLower(name.substr(0, 64));
    std::string best;
    std::size_t least = 1 + std::max<std::size_t>(1, wanted.size() / 3);
    for (const event::FieldInfo &field : event::fields()) {
        for (const std::string_view known : namesOf(field)) {
            const std::size_t distance = editDistance(wanted, known);
            if (distance < least) {
                least = distance;
                best = known;
            }
        }
    }
    return best;
}

} // namespace nightjar::query
