// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/template.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace nightjar::playbook {

namespace {

struct FilterRule {
    std::string_view name;
    bool takesArgument;
};
constexpr std::array<FilterRule, 9> kFilters{{{"default", true},
                                              {"defang", false},
                                              {"json", false},
                                              {"urlencode", false},
                                              {"lower", false},
                                              {"upper", false},
                                              {"join", true},
                                              {"first", false},
                                              {"count", false}}};

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// Reads the inside of one pair of braces.
class ExpressionReader {
public:
    ExpressionReader(std::string_view text, const Place &place)
        : m_text(text)
        , m_place(place)
    {
    }

    Result<Expression> read()
    {
        Expression expression;
        expression.source = std::string(trim(m_text));
        expression.place = m_place;
        skip();
        if (atQuote()) {
            auto literal = quoted();
            if (!literal) {
                return fail(literal.error());
            }
            expression.literal = std::move(*literal);
        } else {
            expression.path = path();
            if (expression.path.empty()) {
                return problem("a name such as alert.entity is missing");
            }
        }
        for (skip(); !done(); skip()) {
            auto filter = nextFilter();
            if (!filter) {
                return fail(filter.error());
            }
            expression.filters.push_back(std::move(*filter));
        }
        return expression;
    }

    std::vector<Segment> path()
    {
        std::vector<Segment> segments;
        for (;;) {
            const std::size_t start = m_at;
            while (!done() && isNameCharacter(m_text[m_at])) {
                ++m_at;
            }
            if (m_at == start) {
                return {};
            }
            segments.push_back({std::string(m_text.substr(start, m_at - start)), -1});
            while (!done() && m_text[m_at] == '[') {
                const std::size_t close = m_text.find(']', m_at);
                const auto index = close == std::string_view::npos
                                       ? std::nullopt
                                       : parseInteger(m_text.substr(m_at + 1, close - m_at - 1));
                if (!index || *index < 0) {
                    return {};
                }
                segments.push_back({{}, *index});
                m_at = close + 1;
            }
            if (done() || m_text[m_at] != '.') {
                return segments;
            }
            ++m_at;
        }
    }
    [[nodiscard]] bool done() const { return m_at >= m_text.size(); }

private:
    void skip()
    {
        while (!done() && (m_text[m_at] == ' ' || m_text[m_at] == '\t' || m_text[m_at] == '\n')) {
            ++m_at;
        }
    }
    [[nodiscard]] bool atQuote() const { return !done() && (m_text[m_at] == '"' || m_text[m_at] == '\''); }

    Result<std::string> quoted()
    {
        const std::size_t end = m_text.find(m_text[m_at], m_at + 1);
        if (end == std::string_view::npos) {
            return problem("a quote is not closed");
        }
        std::string text(m_text.substr(m_at + 1, end - m_at - 1));
        m_at = end + 1;
        return text;
    }

    Result<Filter> nextFilter()
    {
        if (m_text[m_at] != '|') {
            return problem("\"" + visible(m_text.substr(m_at)) + "\" is not understood; filters stand behind |");
        }
        ++m_at;
        skip();
        Filter filter;
        while (!done() && isNameCharacter(m_text[m_at])) {
            filter.name += m_text[m_at++];
        }
        const auto *const rule =
            std::find_if(kFilters.begin(), kFilters.end(), [&](const FilterRule &r) { return r.name == filter.name; });
        if (rule == kFilters.end()) {
            return problem("there is no filter \"" + filter.name +
                           "\"; there are default, defang, json, urlencode, lower, upper, join, first, count");
        }
        if (!done() && m_text[m_at] == '(') {
            ++m_at;
            skip();
            auto argument = atQuote() ? quoted() : problem("the argument of " + filter.name + " needs quotes");
            if (!argument) {
                return fail(argument.error());
            }
            skip();
            if (done() || m_text[m_at] != ')') {
                return problem("the bracket of " + filter.name + " is not closed");
            }
            ++m_at;
            filter.argument = std::move(*argument);
            filter.hasArgument = true;
        }
        if (rule->takesArgument && !filter.hasArgument) {
            return problem(filter.name + " takes an argument, for example " + filter.name + "(\"…\")");
        }
        return filter;
    }

    tl::unexpected<Error> problem(std::string reason) const
    {
        return fail(Error{"NJ-PLAYBOOK-005", "The braces cannot be read", std::move(reason), m_place,
                          "Write {{ alert.entity }} or {{ alert.entity | default(\"none\") }}."});
    }

    std::string_view m_text;
    Place m_place;
    std::size_t m_at = 0;
};

/// Behind the closing braces, quotes respected; npos when they are missing.
std::size_t endOfBraces(std::string_view text, std::size_t from)
{
    char quote = 0;
    for (std::size_t i = from; i + 1 < text.size(); ++i) {
        if (quote != 0) {
            quote = text[i] == quote ? '\0' : quote;
        } else if (text[i] == '"' || text[i] == '\'') {
            quote = text[i];
        } else if (text[i] == '}' && text[i + 1] == '}') {
            return i;
        }
    }
    return std::string_view::npos;
}

Place placeAt(const Place &start, std::string_view text, std::size_t offset)
{
    if (text.substr(0, offset).find('\n') != std::string_view::npos) {
        return start;
    }
    return {start.file, start.line, start.column + offset};
}

} // namespace

bool Template::isConstant() const
{
    return std::none_of(pieces.begin(), pieces.end(), [](const Piece &piece) { return piece.isExpression; });
}

const Value *Value::find(std::string_view key) const
{
    const auto found = std::find_if(members.begin(), members.end(), [&](const auto &m) { return m.first == key; });
    return found == members.end() ? nullptr : &found->second;
}

std::vector<Segment> parsePath(std::string_view text)
{
    ExpressionReader reader(text, {});
    auto path = reader.path();
    return reader.done() ? path : std::vector<Segment>();
}

Result<Template> parseTemplate(std::string_view text, const Place &place)
{
    Template result;
    result.place = place;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t open = text.find("{{", at);
        if (open != at) {
            result.pieces.push_back({std::string(text.substr(at, open - at)), false, {}});
        }
        if (open == std::string_view::npos) {
            break;
        }
        const Place here = placeAt(place, text, open);
        const std::size_t close = endOfBraces(text, open + 2);
        if (close == std::string_view::npos) {
            return fail(Error{"NJ-PLAYBOOK-005", "The braces cannot be read", "{{ is not closed by }}", here,
                              "A text that needs two braces is written {{ \"{{\" }}."});
        }
        auto expression = ExpressionReader(text.substr(open + 2, close - open - 2), here).read();
        if (!expression) {
            return fail(expression.error());
        }
        result.pieces.push_back({{}, true, std::move(*expression)});
        at = close + 2;
    }
    return result;
}

} // namespace nightjar::playbook
