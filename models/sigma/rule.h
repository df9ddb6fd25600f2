// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/address.h"
#include "sigma/pattern.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace re2 {
class RE2;
}

/// A Sigma detection rule in memory: what a rule file says, with its values compiled, before fields are mapped.
namespace nightjar::sigma {

/// How one value of a rule is compared with one value of an event.
enum class Op : std::uint8_t {
    Equals,
    Contains,
    StartsWith,
    EndsWith,
    Wildcard,
    Present, ///< `*`: any value, also the empty one
    Regex,   ///< RE2, unanchored
    Cidr,
    Null,   ///< missing or null
    Exists, ///< the field stands in the event, whatever its value
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    FieldRef, ///< compared with another field of the same event
    TimePart, ///< part of a timestamp as written, no zone conversion
};

enum class TimeUnit : std::uint8_t { Minute, Hour, Day, Week, Month, Year };

/// One comparison. Text is case-folded (base/text.h foldCase) unless `cased`.
struct Test {
    Op op = Op::Equals;
    bool cased = false;
    bool truth = true;         ///< Exists: what is asked for
    Op reference = Op::Equals; ///< FieldRef: Equals, Contains, StartsWith or EndsWith
    TimeUnit unit = TimeUnit::Minute;
    std::string text; ///< literal; FieldRef: the other field; Regex, Cidr: as written
    Pattern pattern;  ///< Wildcard
    double number = 0;
    std::optional<std::int64_t> integer; ///< comparisons: exact when set; TimePart: the wanted number
    std::shared_ptr<const re2::RE2> regex;
    Cidr network;

    /// Identity for sharing between rules: equal keys mean equal answers.
    [[nodiscard]] std::string key() const;
};

/// One value as written, with the comparisons it stands for (base64offset makes three of one): OR.
struct RuleValue {
    std::string text;
    std::vector<Test> tests;
    std::uint64_t line = 0;
    bool plain = false; ///< stood without quotes
    bool isNull = false;
};

/// One line of a map: field, modifiers and values. Empty field: keywords, searched in all values of the event.
struct Item {
    std::string field;
    std::string label; ///< "field|modifiers" as written
    std::vector<RuleValue> values;
    std::vector<std::string> mapped; ///< what a pipeline makes of `field`: any of these; empty: the field itself
    bool all = false;                ///< every value has to be met (not necessarily by the same member of a list)
    bool negated = false;            ///< `neq`
    std::uint64_t line = 0;

    /// The fields to look at.
    [[nodiscard]] std::vector<std::string> names() const
    {
        return mapped.empty() ? std::vector<std::string>{field} : mapped;
    }
};

/// A node of the detection, children are indices into Rule::nodes (always smaller than the node's own index).
struct Node {
    enum class Gate : std::uint8_t { All, Any, Not, Item };
    Gate gate = Gate::Item;
    std::string label; ///< identifier or condition text; empty for inner nodes
    std::vector<std::uint32_t> children;
    std::uint32_t item = 0; ///< index into Rule::items
    std::uint64_t line = 0;
};

struct LogSource {
    std::string category, product, service;
};

/// One single-event rule. Plain value; copying is cheap enough for a rule library. Thread: any once built.
struct Rule {
    std::string id, name, title, description, status, level, author, license, date, modified, taxonomy, file;
    std::vector<std::string> references, tags, falsePositives, fields;
    LogSource logSource;
    std::uint64_t line = 1; ///< of the document in its file

    std::vector<Item> items;
    std::vector<Node> nodes;
    std::vector<std::pair<std::string, std::uint32_t>> searches; ///< search identifiers and their nodes
    std::uint32_t root = 0;

    /// How the rule is called on the command line and in alerts: id, else title.
    [[nodiscard]] const std::string &reference() const { return id.empty() ? title : id; }
};

/// True when `test` holds for one value. `folded` is foldCase(raw). FieldRef, Null and Exists look at the event, not at
/// a value: false. Cost: one comparison; Regex and Wildcard are linear in the text (times pattern pieces). Thread: any.
bool holds(const Test &test, std::string_view raw, std::string_view folded);

} // namespace nightjar::sigma
