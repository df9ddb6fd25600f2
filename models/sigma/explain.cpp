// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/explain.h"

#include "base/text.h"
#include "sigma/sourceview.h"

#include <algorithm>

namespace nightjar::sigma {

using event::Column;
using event::kFirstEntry;
using event::kMissing;

namespace {

constexpr std::size_t kShownValueBytes = 400;
constexpr std::size_t kShownValues = 12;

/// What the event holds for a field.
struct FieldValues {
    std::vector<std::string> values;
    bool present = false; ///< the record has the field, perhaps as null
    bool filled = false;  ///< not missing and not null (an empty list is filled)
};

class Explainer {
public:
    Explainer(const Rule &rule, const FieldMapping &mapping, const event::EventBlock &block)
        : m_rule(rule)
        , m_mapping(mapping)
        , m_block(block)
    {
    }

    ExplainNode node(std::uint32_t index) const
    {
        const Node &source = m_rule.nodes[index];
        if (source.gate == Node::Gate::Item) {
            return item(m_rule.items[source.item]);
        }
        ExplainNode result;
        result.line = source.line;
        for (const std::uint32_t child : source.children) {
            result.children.push_back(node(child));
        }
        const auto matched = [](const ExplainNode &child) { return child.matched; };
        const auto &children = result.children;
        switch (source.gate) {
        case Node::Gate::All:
            result.matched = std::all_of(children.begin(), children.end(), matched);
            result.text = source.label.empty() ? "all of" : source.label;
            break;
        case Node::Gate::Any:
            result.matched = std::any_of(children.begin(), children.end(), matched);
            result.text = source.label.empty() ? "any of" : source.label;
            break;
        default:
            result.matched = !children.front().matched;
            result.text = "not";
        }
        return result;
    }

private:
    ExplainNode item(const Item &source) const
    {
        const FieldValues found = source.field.empty() ? everything() : valuesOf(source.names());
        ExplainNode result;
        result.line = source.line;
        bool all = true;
        bool any = false;
        std::string texts;
        for (std::size_t i = 0; i < source.values.size(); ++i) {
            const RuleValue &value = source.values[i];
            const bool held = valueHolds(value, found);
            all = all && held;
            any = any || held;
            if (source.values.size() > 1 && (held || i < kShownValues)) {
                result.children.push_back({value.text, {}, held, value.line, {}});
            }
            texts += i >= kShownValues ? "" : (i == 0 ? "" : ", ") + value.text;
        }
        result.matched = (source.all ? all : any) != source.negated;
        result.text = (source.label.empty() ? "keywords" : source.label) + ": " + texts +
                      (source.values.size() > kShownValues ? ", …" : "");
        result.value = source.field.empty() ? std::string("(whole event)") : shown(found);
        return result;
    }

    bool valueHolds(const RuleValue &value, const FieldValues &found) const
    {
        return std::any_of(value.tests.begin(), value.tests.end(),
                           [&](const Test &test) { return testHolds(test, found); });
    }

    bool testHolds(const Test &test, const FieldValues &found) const
    {
        if (test.op == Op::Null) {
            return !found.filled;
        }
        if (test.op == Op::Exists) {
            return found.present == test.truth;
        }
        if (test.op == Op::FieldRef) {
            const FieldValues others = valuesOf({test.text});
            return std::any_of(others.values.begin(), others.values.end(), [&](const std::string &other) {
                Test comparison;
                comparison.op = test.reference;
                comparison.cased = test.cased;
                comparison.text = test.cased ? other : foldCase(other);
                return anyHolds(comparison, found);
            });
        }
        return anyHolds(test, found);
    }

    static bool anyHolds(const Test &test, const FieldValues &found)
    {
        return std::any_of(found.values.begin(), found.values.end(),
                           [&](const std::string &value) { return holds(test, value, foldCase(value)); });
    }

    void addValues(const Candidate &candidate, FieldValues &result) const
    {
        const SourceView plain = SourceView::of({plainOf(candidate.derived), {}, false}, m_block);
        const SourceView view = SourceView::of(candidate, m_block, &plain);
        if (view.column() == nullptr) {
            return;
        }
        const auto codes = view.column()->codes(0);
        result.present = result.present || codes.empty();
        result.filled = result.filled || codes.empty();
        for (const std::uint32_t code : codes) {
            const bool value = code >= kFirstEntry && !view.absent(code - kFirstEntry);
            result.present = result.present || value || code == event::kNull;
            result.filled = result.filled || value;
            if (value) {
                std::string text(view.texts()[code - kFirstEntry]);
                if (std::find(result.values.begin(), result.values.end(), text) == result.values.end()) {
                    result.values.push_back(std::move(text));
                }
            }
        }
    }

    FieldValues valuesOf(const std::vector<std::string> &names) const
    {
        FieldValues result;
        for (const std::string &name : names) {
            for (const Candidate &candidate : m_mapping.candidates(name)) {
                addValues(candidate, result);
            }
        }
        return result;
    }

    FieldValues everything() const
    {
        FieldValues result;
        for (const Column &column : m_block.columns()) {
            if (column.name() != event::name(event::Field::LogType)) {
                addValues({Derived::None, column.name(), false}, result);
            }
        }
        addValues({Derived::UrlDecoded, {}, false}, result);
        return result;
    }

    static std::string shown(const FieldValues &found)
    {
        if (found.values.empty()) {
            return found.filled ? "(empty list)" : found.present ? "(null)" : "(missing)";
        }
        std::string text;
        for (const std::string &value : found.values) {
            text += (text.empty() ? "" : " | ") + value;
        }
        if (text.size() > kShownValueBytes) {
            text = repairUtf8(text.substr(0, kShownValueBytes)) + "…";
        }
        return text;
    }

    const Rule &m_rule;
    const FieldMapping &m_mapping;
    const event::EventBlock &m_block;
};

void write(const ExplainNode &node, std::size_t depth, std::string &out)
{
    out += (node.matched ? "true  " : "false ") + std::string(depth * 2, ' ') + node.text;
    out += node.value.empty() ? "\n" : "  [" + node.value + "]\n";
    for (const ExplainNode &child : node.children) {
        write(child, depth + 1, out);
    }
}

} // namespace

ExplainNode explain(const Rule &rule, const FieldMapping &mapping, const event::EventBlock &block, std::size_t row)
{
    event::RowSet one(block.rows());
    one.insert(row);
    const event::EventBlock single = block.select(one);
    ExplainNode root;
    root.text = rule.title;
    root.line = rule.line;
    root.children.push_back(Explainer(rule, mapping, single).node(rule.root));
    root.matched = root.children.front().matched;
    return root;
}

std::string toText(const ExplainNode &node)
{
    std::string out;
    write(node, 0, out);
    return out;
}

} // namespace nightjar::sigma
