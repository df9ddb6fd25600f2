// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "event/schema.h"
#include "query/lexer.h"
#include "query/node.h"
#include "query/timerange.h"

#include <algorithm>

namespace nightjar::query {

using NodePointer = std::shared_ptr<const Node>;

namespace {

constexpr std::size_t kMaxText = 64 * 1024;
constexpr int kMaxDepth = 200;

NodePointer joined(Node::Kind kind, std::vector<NodePointer> children)
{
    // A time range leaves no node behind.
    std::erase(children, nullptr);
    if (children.empty()) {
        return nullptr;
    }
    if (children.size() == 1 && kind != Node::Kind::Not) {
        return children.front();
    }
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->children = std::move(children);
    return node;
}

NodePointer leafNode(Leaf leaf)
{
    auto node = std::make_shared<Node>();
    node->kind = Node::Kind::Leaf;
    node->leaf = std::move(leaf);
    return node;
}

/// An unescaped * or ?.
bool hasWildcard(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '*' || text[i] == '?') {
            return true;
        }
    }
    return false;
}

/// Takes the backslash from \* and \?; all others stand for themselves, as in C:\Windows.
std::string withoutEscapes(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '\\' && i + 1 < text.size() &&
                            std::string_view("*?\\() ,").find(text[i + 1]) != std::string_view::npos;
        plain += text[escape ? ++i : i];
    }
    return plain;
}

} // namespace

/// Recursive descent; one method a rule of the grammar.
class Parser {
public:
    Parser(std::string_view text, const Clock &clock)
        : m_in(text)
        , m_now(clock.now())
    {
        m_query.m_text = text;
    }

    Result<Query> run()
    {
        m_in.skipBlanks();
        if (!m_in.atEnd()) {
            auto root = parseOr(0);
            if (!root) {
                return fail(root.error());
            }
            m_in.skipBlanks();
            if (!m_in.atEnd()) {
                return m_in.error("NJ-QUERY-001", m_in.position(), "There is a ) too many", "no ( stands before it",
                                  "Remove it, or put it in quotes.");
            }
            m_query.m_root = std::move(*root);
        }
        auto &columns = m_query.m_columns;
        std::sort(columns.begin(), columns.end());
        columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
        return std::move(m_query);
    }

private:
    using Parsed = Result<NodePointer>;

    Parsed parseOr(int depth)
    {
        std::vector<NodePointer> children;
        const std::size_t before = m_timeClauses;
        do {
            m_in.skipBlanks();
            Parsed child = parseAnd(depth);
            if (!child) {
                return child;
            }
            children.push_back(std::move(*child));
            m_in.skipBlanks();
        } while (m_in.takeKeyword("or"));
        if (children.size() > 1 && m_timeClauses > before) {
            return m_in.error("NJ-QUERY-004", m_lastTime, "A time range cannot be an alternative",
                              "it stands beside an `or`",
                              "Put parentheses around the alternatives and the range outside.");
        }
        return joined(Node::Kind::Or, std::move(children));
    }

    Parsed parseAnd(int depth)
    {
        std::vector<NodePointer> children;
        for (;;) {
            Parsed child = parseUnary(depth, false);
            if (!child) {
                return child;
            }
            children.push_back(std::move(*child));
            m_in.skipBlanks();
            const bool joinedByWord = m_in.takeKeyword("and");
            m_in.skipBlanks();
            const std::size_t here = m_in.position();
            const bool orFollows = m_in.takeKeyword("or");
            m_in.moveTo(here);
            if (!joinedByWord && (m_in.atEnd() || m_in.peek() == ')' || orFollows)) {
                return joined(Node::Kind::And, std::move(children));
            }
        }
    }

    Parsed parseUnary(int depth, bool negated)
    {
        if (depth > kMaxDepth) {
            return m_in.error("NJ-QUERY-006", m_in.position(), "The query is nested too deeply", "more than 200 levels",
                              "Make it simpler.");
        }
        m_in.skipBlanks();
        const std::size_t begin = m_in.position();
        if (!m_in.takeKeyword("not") && !m_in.take('-')) {
            return parsePrimary(depth, negated);
        }
        const std::size_t before = m_timeClauses;
        Parsed inner = parseUnary(depth + 1, !negated);
        if (!inner) {
            return inner;
        }
        if (m_timeClauses > before) {
            return m_in.error("NJ-QUERY-004", begin, "A time range cannot be negated", {},
                              "Give the range that you want instead.");
        }
        std::vector<NodePointer> children;
        children.push_back(std::move(*inner));
        return joined(Node::Kind::Not, std::move(children));
    }

    Parsed parsePrimary(int depth, bool negated)
    {
        const std::size_t begin = m_in.position();
        if (m_in.atEnd() || m_in.peek() == ')') {
            return m_in.error("NJ-QUERY-001", begin, "A term is missing",
                              m_in.atEnd() ? "the query ends here" : "there is only a ) here",
                              "Write a term such as user:alice, or remove the operator.");
        }
        if (m_in.take('(')) {
            m_negatedGroup.push_back(negated);
            Parsed inner = parseOr(depth + 1);
            m_negatedGroup.pop_back();
            m_in.skipBlanks();
            if (inner && !m_in.take(')')) {
                return m_in.error("NJ-QUERY-001", begin, "The parenthesis is not closed", "there is no ) for this one",
                                  "Add a ).");
            }
            return inner;
        }
        if (m_in.peek() == '@') {
            return parseTime();
        }
        for (const std::string_view word : {std::string_view("and"), std::string_view("or")}) {
            if (m_in.takeKeyword(word)) {
                return m_in.error("NJ-QUERY-001", begin, "A term is missing",
                                  "nothing stands before `" + std::string(word) + "`",
                                  "Write a term before it, or put the word in quotes to look for it.");
            }
        }
        const std::string_view field = m_in.takeField();
        return field.empty() ? parseText(negated) : parseField(std::string(field), begin, negated);
    }

    Parsed parseTime()
    {
        const std::size_t begin = m_in.position();
        m_in.moveTo(begin + 1);
        const auto value = m_in.takeValue(")");
        const auto range = value ? parseRange(value->text, m_now) : std::nullopt;
        if (!range) {
            return m_in.error("NJ-QUERY-004", begin, "The time range cannot be read",
                              "it is no range that begins before it ends",
                              "Write @-24h..now, @-7d, @2026-03-01 or @2026-03-01T08:00..2026-03-02.");
        }
        m_query.m_range = intersection(m_query.m_range, *range);
        m_query.m_clauses.push_back({std::string(event::kTimeField), "@", value->text, false, begin, m_in.position()});
        ++m_timeClauses;
        m_lastTime = begin;
        return NodePointer();
    }

    Parsed parseText(bool negated)
    {
        const auto value = m_in.takeValue("()");
        if (!value) {
            return fail(value.error());
        }
        const std::string plain = value->quoted ? value->text : withoutEscapes(value->text);
        if (plain.empty()) {
            return m_in.error("NJ-QUERY-003", value->begin, "There is nothing to look for", "the text is empty",
                              "Write some text between the quotes.");
        }
        Leaf leaf;
        if (!value->quoted && hasWildcard(value->text)) {
            auto matcher = Matcher::wildcardInside(value->text);
            if (!matcher) {
                return placed(matcher.error(), value->begin);
            }
            leaf.matchers.push_back(std::move(*matcher));
        } else {
            leaf.matchers.push_back(Matcher::contains(plain));
        }
        m_query.m_hasFreeText = true;
        m_query.m_clauses.push_back({{}, "text", plain, isNegated(negated), value->begin, value->end});
        return leafNode(std::move(leaf));
    }

    Parsed parseField(const std::string &written, std::size_t begin, bool negated)
    {
        const auto known = event::findField(written);
        const std::string lower = asciiLower(written);
        const auto knownLower = known ? known : event::findField(lower);
        if (!knownLower && !written.starts_with(event::kExtraPrefix)) {
            const std::string nearest = nearestField(written);
            return m_in.error(
                "NJ-QUERY-002", begin, "There is no field " + written, "it is neither a field nor a short name of one",
                nearest.empty() ? "Put the text in quotes to look for it anywhere." : "Did you mean " + nearest + "?");
        }
        Leaf leaf;
        leaf.field = knownLower ? std::string(event::name(*knownLower)) : written;
        std::string op(m_in.takeOperator());
        if (op == ":" || op == "=") {
            if (const std::string_view second = m_in.takeOperator();
                !second.empty() && second != ":" && second != "=") {
                op = second; // field:>=5
            } else {
                m_in.moveTo(m_in.position() - second.size());
                op = ":";
            }
        }
        const std::size_t valueBegin = m_in.position();
        Status done = op == ":" ? parseValues(leaf, op) : parseComparison(leaf, op);
        if (!done) {
            return fail(done.error());
        }
        m_query.m_columns.push_back(leaf.field);
        m_query.m_clauses.push_back(
            {leaf.field, op, shownValue(valueBegin), isNegated(negated), begin, m_in.position()});
        return leafNode(std::move(leaf));
    }

    Status parseValues(Leaf &leaf, std::string &op)
    {
        const std::size_t begin = m_in.position();
        if (m_in.text().substr(begin).starts_with("~/")) {
            m_in.moveTo(begin + 1);
            op = "~";
            return parseRegex(leaf);
        }
        if (!m_in.take('(')) {
            const auto value = m_in.takeValue("()");
            return value ? addValue(leaf, *value) : fail(value.error());
        }
        do {
            m_in.skipBlanks();
            const auto value = m_in.takeValue(",()");
            if (!value) {
                return fail(value.error());
            }
            if (Status added = addValue(leaf, *value); !added) {
                return added;
            }
            m_in.skipBlanks();
        } while (m_in.take(','));
        if (!m_in.take(')')) {
            return m_in.error("NJ-QUERY-001", begin, "The list of values is not closed",
                              "there is no ) behind the values, or a comma is missing",
                              "Write field:(one, two); put values with blanks in quotes.");
        }
        return {};
    }

    Status addValue(Leaf &leaf, const Value &value)
    {
        if (value.text.empty() && !value.quoted) {
            return m_in.error("NJ-QUERY-003", value.begin, "A value is missing", "nothing stands behind the field name",
                              "Write " + leaf.field + ":value, or " + leaf.field + ":* for any value.");
        }
        if (!value.quoted && value.text == "*") {
            leaf.exists = true;
            return {};
        }
        if (!value.quoted && hasWildcard(value.text)) {
            auto matcher = Matcher::wildcard(value.text);
            if (!matcher) {
                return placed(matcher.error(), value.begin);
            }
            leaf.matchers.push_back(std::move(*matcher));
            return {};
        }
        const std::string plain = value.quoted ? value.text : withoutEscapes(value.text);
        const auto network = value.quoted || plain.find('/') == std::string::npos ? std::nullopt : Cidr::parse(plain);
        leaf.matchers.push_back(network ? Matcher::network(*network) : Matcher::equal(plain));
        return {};
    }

    Status parseRegex(Leaf &leaf)
    {
        std::string flags;
        const auto value = m_in.takeRegex(flags);
        if (!value) {
            return fail(value.error());
        }
        if (!flags.empty() && flags != "i") {
            return m_in.error("NJ-QUERY-005", value->end - flags.size(), "The regular expression has an unknown flag",
                              flags, "Only i (ignore case) is known.");
        }
        auto matcher = Matcher::regex(value->text, !flags.empty());
        if (!matcher) {
            return placed(matcher.error(), value->begin);
        }
        leaf.matchers.push_back(std::move(*matcher));
        return {};
    }

    Status parseComparison(Leaf &leaf, std::string_view op)
    {
        const auto value = m_in.takeValue("()");
        if (!value) {
            return fail(value.error());
        }
        const auto limit = parseNumber(value->text);
        if (!limit) {
            return m_in.error("NJ-QUERY-003", value->begin, "A number is missing", "`" + value->text + "` is no number",
                              "Write for example " + leaf.field + std::string(op) + "100.");
        }
        const Compare how = op == ">="   ? Compare::GreaterOrEqual
                            : op == "<=" ? Compare::LessOrEqual
                            : op == ">"  ? Compare::Greater
                                         : Compare::Less;
        leaf.matchers.push_back(Matcher::compare(how, *limit));
        return {};
    }

    tl::unexpected<Error> placed(const Error &error, std::size_t at) const
    {
        return m_in.error(error.code, at, error.title, error.reason, error.hint);
    }
    [[nodiscard]] bool isNegated(bool negated) const
    {
        return std::count(m_negatedGroup.begin(), m_negatedGroup.end(), true) % 2 == 1 ? !negated : negated;
    }
    [[nodiscard]] std::string shownValue(std::size_t begin) const
    {
        std::string_view written = m_in.text().substr(begin, m_in.position() - begin);
        if (written.size() >= 2 && written.front() == '"') {
            written = written.substr(1, written.size() - 2);
        }
        return std::string(written);
    }

    Lexer m_in;
    Timestamp m_now;
    Query m_query;
    std::size_t m_timeClauses = 0;
    std::size_t m_lastTime = 0;
    std::vector<bool> m_negatedGroup;
};

Result<Query> parse(std::string_view text, const Clock &clock)
{
    if (text.size() > kMaxText) {
        return fail(Error{"NJ-QUERY-006",
                          "The query is too long",
                          std::to_string(text.size()) + " bytes, 65,536 are allowed",
                          {{}, 1, kMaxText + 1},
                          "Import long lists of values as indicators instead."});
    }
    return Parser(text, clock).run();
}

} // namespace nightjar::query
