// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/modifiers.h"

#include "base/text.h"
#include "sigma/encodings.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace nightjar::sigma {

namespace {

constexpr std::size_t kMaxValuesPerItem = 50'000;
constexpr int kMaxPlaceholders = 16;           ///< in one value
constexpr std::size_t kMaxWildcards = 256;     ///< in one value
constexpr std::size_t kMaxRegexBytes = 16'384; ///< ten times the longest that public rules hold
constexpr std::int64_t kRegexMemory = 16 << 20;

/// What the modifier list of one item says, before values are looked at.
struct Modifiers {
    std::vector<std::string_view> transforms; ///< in order: encodings, windash, contains, startswith, endswith
    Op op = Op::Equals;                       ///< Regex, Cidr, Exists, FieldRef, TimePart, comparisons; Equals: text
    TimeUnit unit = TimeUnit::Minute;
    bool ignoreCase = false, multiLine = false, dotAll = false;
    bool all = false, negated = false, cased = false, expand = false;
};

struct Named {
    std::string_view name;
    Op op;
    TimeUnit unit = TimeUnit::Minute;
};
constexpr std::array<Named, 14> kOperators{{{"re", Op::Regex},
                                            {"cidr", Op::Cidr},
                                            {"exists", Op::Exists},
                                            {"fieldref", Op::FieldRef},
                                            {"gt", Op::Greater},
                                            {"gte", Op::GreaterEqual},
                                            {"lt", Op::Less},
                                            {"lte", Op::LessEqual},
                                            {"minute", Op::TimePart, TimeUnit::Minute},
                                            {"hour", Op::TimePart, TimeUnit::Hour},
                                            {"day", Op::TimePart, TimeUnit::Day},
                                            {"week", Op::TimePart, TimeUnit::Week},
                                            {"month", Op::TimePart, TimeUnit::Month},
                                            {"year", Op::TimePart, TimeUnit::Year}}};
constexpr std::array<std::string_view, 10> kTransforms{"contains",     "startswith", "endswith", "windash", "base64",
                                                       "base64offset", "wide",       "utf16le",  "utf16be", "utf16"};

bool isAffix(std::string_view name)
{
    return name == "contains" || name == "startswith" || name == "endswith";
}

Error misfit(std::string reason, const YamlNode &node)
{
    return ruleError("NJ-SIGMA-011", std::move(reason), node);
}

bool setFlag(Modifiers &m, std::string_view name)
{
    if (name == "all") {
        m.all = true;
    } else if (name == "neq") {
        m.negated = true;
    } else if (name == "cased") {
        m.cased = true;
    } else if (name == "expand") {
        m.expand = true;
    } else if (m.op == Op::Regex && (name == "i" || name == "ignorecase")) {
        m.ignoreCase = true;
    } else if (m.op == Op::Regex && (name == "m" || name == "multiline")) {
        m.multiLine = true;
    } else if (m.op == Op::Regex && (name == "s" || name == "dotall")) {
        m.dotAll = true;
    } else {
        return false;
    }
    return true;
}

/// Which modifiers contradict each other; empty when the list makes sense.
std::string contradiction(const Modifiers &m)
{
    const bool onlyAffixes = std::all_of(m.transforms.begin(), m.transforms.end(), isAffix);
    if (m.op == Op::FieldRef) {
        return !onlyAffixes || m.transforms.size() > 1
                   ? "fieldref goes together with one of contains, startswith, endswith only"
                   : "";
    }
    if (m.op != Op::Equals && !m.transforms.empty()) {
        return "\"" + std::string(m.transforms.front()) +
               "\" cannot stand together with re, cidr, exists or a comparison";
    }
    if (m.op == Op::Exists && (m.all || m.cased || m.expand)) {
        return "exists goes with no other modifier";
    }
    return {};
}

Result<Modifiers> readModifiers(const std::vector<std::string_view> &names, const YamlNode &node)
{
    Modifiers m;
    for (const std::string_view name : names) {
        const auto op =
            std::find_if(kOperators.begin(), kOperators.end(), [&](const Named &n) { return n.name == name; });
        if (op != kOperators.end()) {
            if (m.op != Op::Equals) {
                return fail(misfit("two comparisons in one item, the second is \"" + std::string(name) + "\"", node));
            }
            m.op = op->op;
            m.unit = op->unit;
        } else if (std::find(kTransforms.begin(), kTransforms.end(), name) != kTransforms.end()) {
            m.transforms.push_back(name);
        } else if (!setFlag(m, name)) {
            return fail(ruleError(
                "NJ-SIGMA-010", "unknown modifier \"" + std::string(name) + "\"", node,
                "Known are contains, startswith, endswith, all, re (i, m, s), cidr, cased, exists, gt, gte, lt, "
                "lte, neq, windash, base64, base64offset, wide, utf16le, utf16be, utf16, fieldref, expand, "
                "minute, hour, day, week, month, year."));
        }
    }
    if (std::string reason = contradiction(m); !reason.empty()) {
        return fail(misfit(std::move(reason), node));
    }
    return m;
}

bool isNumberText(std::string_view text)
{
    return !text.empty() && text != "-" && text != "+" &&
           text.find_first_not_of("0123456789+-.eE") == std::string_view::npos && parseNumber(text).has_value();
}

bool isNull(const YamlNode &value)
{
    return value.kind == YamlNode::Kind::Null;
}

Test textTest(Pattern pattern, bool cased)
{
    Test test;
    test.cased = cased;
    for (Token &token : pattern) {
        if (!cased) {
            token.text = foldCase(token.text);
        }
    }
    const auto is = [&](std::size_t i, Token::Kind kind) { return pattern[i].kind == kind; };
    using K = Token::Kind;
    const std::size_t n = pattern.size();
    if (n == 0 || (n == 1 && is(0, K::Literal))) {
        test.op = Op::Equals;
    } else if (n == 1 && is(0, K::AnyRun)) {
        test.op = Op::Present;
    } else if (n == 2 && is(0, K::Literal) && is(1, K::AnyRun)) {
        test.op = Op::StartsWith;
    } else if (n == 2 && is(0, K::AnyRun) && is(1, K::Literal)) {
        test.op = Op::EndsWith;
    } else if (n == 3 && is(0, K::AnyRun) && is(1, K::Literal) && is(2, K::AnyRun)) {
        test.op = Op::Contains;
    } else {
        test.op = Op::Wildcard;
        test.pattern = std::move(pattern);
        return test;
    }
    test.text = literalText(pattern);
    return test;
}

/// Applies one transformation to every alternative of a value.
Status transform(std::string_view name, std::vector<Pattern> &alternatives, const YamlNode &node)
{
    std::vector<Pattern> result;
    for (Pattern &pattern : alternatives) {
        if (isAffix(name)) {
            wrap(pattern, name != "startswith", name != "endswith");
            result.push_back(std::move(pattern));
            continue;
        }
        if (name == "windash") {
            result.push_back(varyDashes(pattern));
            continue;
        }
        if (!isLiteral(pattern)) {
            return fail(ruleError("NJ-SIGMA-012",
                                  "a value with wildcards cannot be encoded with \"" + std::string(name) + "\"", node));
        }
        const std::string bytes = literalText(pattern);
        const auto add = [&](std::string text) { result.push_back({{Token::Kind::Literal, std::move(text)}}); };
        if (name == "base64") {
            add(base64Encode(bytes));
        } else if (name == "base64offset") {
            for (std::size_t offset = 0; offset < 3; ++offset) {
                add(base64AtOffset(bytes, offset));
            }
        } else {
            add(toUtf16(bytes, name == "utf16be" ? Utf16::BigEndian
                               : name == "utf16" ? Utf16::LittleEndianWithMark
                                                 : Utf16::LittleEndian));
        }
    }
    alternatives = std::move(result);
    return {};
}

Result<std::vector<Test>> textTests(const Modifiers &m, const YamlNode &value, bool keyword)
{
    std::vector<Pattern> alternatives{parsePattern(value.text)};
    const auto wildcards = std::count_if(alternatives.front().begin(), alternatives.front().end(),
                                         [](const Token &t) { return t.kind != Token::Kind::Literal; });
    if (static_cast<std::size_t>(wildcards) > kMaxWildcards) {
        return fail(ruleError(std::string(kCostCode),
                              "a value with " + std::to_string(wildcards) + " wildcards is too dear to run", value,
                              "At most 256 are accepted."));
    }
    if (value.plain && isNumberText(value.text)) {
        // a number also equals its other spelling: 5.0 and 5
        const auto number = parseNumber(value.text);
        if (m.transforms.empty() && number && !parseInteger(value.text) && std::floor(*number) == *number &&
            std::fabs(*number) < 9e15) {
            alternatives.push_back(parsePattern(std::to_string(static_cast<std::int64_t>(*number))));
        }
    }
    for (const std::string_view name : m.transforms) {
        if (auto done = transform(name, alternatives, value); !done) {
            return tl::unexpected(done.error());
        }
    }
    std::vector<Test> tests;
    for (Pattern &pattern : alternatives) {
        if (keyword && m.transforms.empty()) {
            wrap(pattern, true, true);
        }
        tests.push_back(textTest(std::move(pattern), m.cased));
    }
    return tests;
}

Result<Test> regexTest(const Modifiers &m, const YamlNode &value)
{
    std::string flags;
    flags += m.ignoreCase ? "i" : "";
    flags += m.multiLine ? "m" : "";
    flags += m.dotAll ? "s" : "";
    if (value.text.size() > kMaxRegexBytes) {
        return fail(ruleError(std::string(kCostCode),
                              "the regular expression has " + std::to_string(value.text.size()) + " bytes", value,
                              "At most 16,384 are accepted."));
    }
    Test test;
    test.op = Op::Regex;
    test.text = flags.empty() ? value.text : "(?" + flags + ")" + value.text;
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kRegexMemory);
    auto regex = std::make_shared<re2::RE2>(test.text, options);
    if (!regex->ok()) {
        return fail(
            ruleError("NJ-SIGMA-012", "the regular expression cannot be used: " + regex->error(), value,
                      "Look-around and back-references are outside the flavour that the Sigma specification allows."));
    }
    test.regex = std::move(regex);
    return test;
}

Result<Test> numberTest(const Modifiers &m, const YamlNode &value)
{
    Test test;
    test.op = m.op;
    test.unit = m.unit;
    test.text = value.text;
    test.integer = parseInteger(value.text);
    const auto number = parseNumber(value.text);
    if (!value.plain || !number || (m.op == Op::TimePart && !test.integer)) {
        return fail(ruleError("NJ-SIGMA-012", "the comparison needs a number, not \"" + value.text + "\"", value));
    }
    test.number = *number;
    return test;
}

Result<Test> otherTest(const Modifiers &m, const YamlNode &value)
{
    Test test;
    test.op = m.op;
    test.text = value.text;
    test.cased = m.cased;
    if (m.op == Op::Cidr) {
        const auto network = Cidr::parse(value.text, true);
        if (!network) {
            return fail(ruleError("NJ-SIGMA-012",
                                  "\"" + value.text + "\" is no network (ADDRESS/LENGTH without host bits)", value));
        }
        test.network = *network;
    } else if (m.op == Op::Exists) {
        const std::string lower = asciiLower(value.text);
        if (!value.plain || (lower != "true" && lower != "false")) {
            return fail(ruleError("NJ-SIGMA-012", "exists needs true or false", value));
        }
        test.truth = lower == "true";
        test.text.clear();
    } else {
        const std::string_view affix = m.transforms.empty() ? std::string_view() : m.transforms.front();
        test.reference = affix == "contains"     ? Op::Contains
                         : affix == "startswith" ? Op::StartsWith
                         : affix == "endswith"   ? Op::EndsWith
                                                 : Op::Equals;
    }
    return test;
}

/// The first `%name%` at or behind `from` that no backslash escapes; npos: none.
std::size_t findPlaceholder(std::string_view text, std::size_t from, std::string_view &name)
{
    const auto isNameByte = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '.';
    };
    for (std::size_t at = text.find('%', from); at != std::string_view::npos; at = text.find('%', at + 1)) {
        if (at > 0 && text[at - 1] == '\\') {
            continue;
        }
        std::size_t end = at + 1;
        while (end < text.size() && isNameByte(text[end])) {
            ++end;
        }
        if (end > at + 1 && end < text.size() && text[end] == '%') {
            name = text.substr(at + 1, end - at - 1);
            return at;
        }
    }
    return std::string_view::npos;
}

/// Replaces the placeholders of one value, from `from` on; each combination of their values becomes one value.
Status expandValue(const YamlNode &value, std::size_t from, const Placeholders &placeholders,
                   std::vector<YamlNode> &out, int depth = 0)
{
    std::string_view name;
    const std::size_t at = value.isScalar() ? findPlaceholder(value.text, from, name) : std::string_view::npos;
    if (at == std::string_view::npos) {
        YamlNode one = value;
        for (std::size_t i = one.text.find("\\%"); i != std::string::npos; i = one.text.find("\\%", i + 1)) {
            one.text.erase(i, 1);
        }
        out.push_back(std::move(one));
        return out.size() > kMaxValuesPerItem
                   ? Status(
                         fail(ruleError(std::string(kCostCode), "its placeholders stand for too many values", value)))
                   : Status();
    }
    const auto set = placeholders.sets.find(name);
    if (depth > kMaxPlaceholders) {
        return fail(ruleError(std::string(kCostCode), "too many placeholders stand in one value", value));
    }
    if (set == placeholders.sets.end() ? !placeholders.restIsWildcard : set->second.empty()) {
        return fail(ruleError(std::string(kPlaceholderCode),
                              "the placeholder %" + std::string(name) + "% has no values", value,
                              "Give it values in a pipeline of the workspace (vars), or replace it in the rule."));
    }
    const std::vector<std::string> anything{"*"};
    for (const std::string &replacement : set == placeholders.sets.end() ? anything : set->second) {
        YamlNode one = value;
        one.text.replace(at, name.size() + 2, replacement);
        if (auto done = expandValue(one, at + replacement.size(), placeholders, out, depth + 1); !done) {
            return done;
        }
    }
    return {};
}

Status expandValues(std::span<const YamlNode> values, const Placeholders &placeholders, std::vector<YamlNode> &out)
{
    for (const YamlNode &value : values) {
        if (auto done = expandValue(value, 0, placeholders, out); !done) {
            return done;
        }
    }
    return {};
}

Result<RuleValue> compileValue(const Modifiers &m, const YamlNode &value, bool keyword)
{
    RuleValue result{isNull(value) ? "null" : value.text, {}, value.line, value.plain, false};
    if (isNull(value)) {
        if (m.op != Op::Equals || !m.transforms.empty() || keyword) {
            return fail(ruleError("NJ-SIGMA-012", "null cannot be combined with a modifier or a keyword", value));
        }
        result.isNull = true;
        result.tests.push_back({});
        result.tests.back().op = Op::Null;
        return result;
    }
    if (!value.isScalar()) {
        return fail(ruleError("NJ-SIGMA-012", "a map or a list stands where a value is expected", value));
    }
    if (m.op == Op::Equals) {
        auto tests = textTests(m, value, keyword);
        if (!tests) {
            return tl::unexpected(tests.error());
        }
        result.tests = std::move(*tests);
        return result;
    }
    const bool numeric = m.op == Op::Greater || m.op == Op::GreaterEqual || m.op == Op::Less || m.op == Op::LessEqual ||
                         m.op == Op::TimePart;
    auto test = m.op == Op::Regex ? regexTest(m, value) : numeric ? numberTest(m, value) : otherTest(m, value);
    if (!test) {
        return tl::unexpected(test.error());
    }
    result.tests.push_back(std::move(*test));
    return result;
}

} // namespace

Error ruleError(std::string code, std::string reason, const YamlNode &node, std::string hint)
{
    return {std::move(code),
            "The Sigma rule cannot be used",
            std::move(reason),
            {{}, node.line, node.column},
            std::move(hint)};
}

Result<Item> compileItem(std::string_view key, const YamlNode &value, const Placeholders &placeholders)
{
    std::vector<std::string_view> parts = split(key, '|');
    Item item;
    item.label = std::string(key);
    item.line = value.line;
    if (!parts.empty()) {
        item.field = std::string(parts.front());
        parts.erase(parts.begin());
    }
    const auto modifiers = readModifiers(parts, value);
    if (!modifiers) {
        return tl::unexpected(modifiers.error());
    }
    item.all = modifiers->all;
    item.negated = modifiers->negated;
    const bool keyword = item.field.empty();
    if (keyword && (modifiers->op == Op::Exists || modifiers->op == Op::FieldRef)) {
        return fail(misfit("exists and fieldref need a field name", value));
    }
    if (value.isList() && value.items.size() > kMaxValuesPerItem) {
        return fail(ruleError("NJ-SIGMA-012", "too many values in one list", value));
    }
    const YamlNode absent; // `field: []` asks for null
    const bool emptyList = value.isList() && value.items.empty();
    const std::span<const YamlNode> given = emptyList        ? std::span(&absent, 1)
                                            : value.isList() ? std::span<const YamlNode>(value.items)
                                                             : std::span(&value, 1);
    std::vector<YamlNode> expanded;
    if (modifiers->expand) {
        if (auto done = expandValues(given, placeholders, expanded); !done) {
            return fail(done.error());
        }
    }
    for (const YamlNode &one : modifiers->expand ? std::span<const YamlNode>(expanded) : given) {
        auto compiled = compileValue(*modifiers, one, keyword);
        if (!compiled) {
            return tl::unexpected(compiled.error());
        }
        item.values.push_back(std::move(*compiled));
    }
    return item;
}

} // namespace nightjar::sigma
