// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Playbooks: what is done, step by step, when an alert or an indicator comes up (design: facts/ux.md §5.6).
namespace nightjar::playbook {

using Json = nlohmann::ordered_json;

/// Where a rendered text goes. What stands in braces comes from logs and is made harmless for that place.
enum class Target : std::uint8_t {
    Plain,    ///< as it is
    Url,      ///< percent-encoded but for unreserved characters
    Header,   ///< control characters become blanks
    JsonText, ///< as inside of a JSON string
};

/// One step of a path: a member ("entity") or, with `index` ≥ 0, an item of a list.
struct Segment {
    std::string name;
    std::int64_t index = -1;

    bool operator==(const Segment &) const = default;
};

/// default("x"), defang, json, urlencode, lower, upper, join(", "), first, count.
struct Filter {
    std::string name;
    std::string argument;
    bool hasArgument = false;
};

/// `alert.observables[0].value | defang`, or a text in quotes.
struct Expression {
    std::string source; ///< as written, without the braces
    std::vector<Segment> path;
    std::string literal; ///< when there is no path
    std::vector<Filter> filters;
    Place place;

    [[nodiscard]] bool isSecret() const { return !path.empty() && path.front().name == "secret"; }
};

/// Text with expressions in double braces; pieces alternate freely.
struct Template {
    struct Piece {
        std::string text;
        bool isExpression = false;
        Expression expression = {};
    };
    std::vector<Piece> pieces;
    Place place;

    /// The whole is one expression: it keeps its type, a number stays one.
    [[nodiscard]] bool isSingle() const { return pieces.size() == 1 && pieces.front().isExpression; }
    [[nodiscard]] bool isConstant() const;
};

/// NJ-PLAYBOOK-005 with the place of what cannot be read.
Result<Template> parseTemplate(std::string_view text, const Place &place);
/// "a.b[0].c" → segments. Empty when it is no path.
std::vector<Segment> parsePath(std::string_view text);

/// A tree of YAML whose texts are templates: the body of a request, the arguments of a step.
struct Value {
    enum class Kind : std::uint8_t { Null, Boolean, Number, Text, List, Map };

    Kind kind = Kind::Null;
    bool boolean = false;
    std::string number; ///< as written
    Template text;
    std::vector<Value> items;
    struct Member;
    std::vector<Member> members; ///< of a Map, in order of the text
    Place place;

    [[nodiscard]] const Value *find(std::string_view key) const;
};
struct Value::Member {
    Member(std::string key, Value value)
        : first(std::move(key))
        , second(std::move(value))
    {
    }
    std::string first; ///< the key
    Value second;
};

/// What expressions see. Thread: one owner.
struct Scope {
    const Json *values = nullptr; ///< alert, run, steps, trigger, indicators, and the variables of loops
    /// The value of a secret, or its mask. Errors are passed on.
    std::function<Result<std::string>(const std::string &name)> secret;
    bool dry = false; ///< what is not known yet stands as ‹steps.name.json.id› and sets `unknown`
    mutable bool unknown = false;
};

/// NJ-PLAYBOOK-020 when it has no value, and no default.
Result<Json> evaluate(const Expression &expression, const Scope &scope);
Result<std::string> render(const Template &text, Target target, const Scope &scope);
/// The tree with its texts rendered; a text that is one expression keeps the expression's type.
Result<Json> renderValue(const Value &value, const Scope &scope);

/// What `path` leads to; null when there is none.
const Json *follow(const Json &root, const std::vector<Segment> &path, std::size_t from = 0);
/// A text as it is, numbers and so on as JSON, lists of texts joined by ", ".
std::string textOf(const Json &value);
std::string percentEncode(std::string_view text);
/// One line; invalid UTF-8 is replaced.
std::string dump(const Json &json);

} // namespace nightjar::playbook
