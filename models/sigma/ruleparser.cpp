// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/ruleparser.h"

#include "sigma/condition.h"
#include "sigma/modifiers.h"
#include "sigma/yamltree.h"

#include <algorithm>
#include <array>

namespace nightjar::sigma {

namespace {

Error invalid(std::string reason, const YamlNode &node)
{
    return ruleError("NJ-SIGMA-003", std::move(reason), node);
}

/// Turns search identifiers into nodes of a rule.
class DetectionBuilder {
public:
    explicit DetectionBuilder(Rule &rule)
        : m_rule(rule)
    {
    }

    Result<std::uint32_t> build(const YamlNode &node)
    {
        switch (node.kind) {
        case YamlNode::Kind::Map:
            return buildMap(node);
        case YamlNode::Kind::List:
            return buildList(node);
        case YamlNode::Kind::Scalar:
            return addItem({}, node);
        case YamlNode::Kind::Null:
            break;
        }
        return fail(invalid("a search identifier has no content", node));
    }

private:
    std::uint32_t add(Node node)
    {
        m_rule.nodes.push_back(std::move(node));
        return static_cast<std::uint32_t>(m_rule.nodes.size() - 1);
    }

    Result<std::uint32_t> addItem(std::string_view key, const YamlNode &value)
    {
        auto item = compileItem(key, value);
        if (!item) {
            return tl::unexpected(item.error());
        }
        Node node;
        node.item = static_cast<std::uint32_t>(m_rule.items.size());
        node.line = value.line;
        m_rule.items.push_back(std::move(*item));
        return add(std::move(node));
    }

    Result<std::uint32_t> buildMap(const YamlNode &map)
    {
        Node node;
        node.gate = Node::Gate::All;
        node.line = map.line;
        for (const auto &[key, value] : map.members) {
            auto child = value.isMap()
                             ? tl::unexpected(invalid("\"" + key + "\" holds a map where values are expected", value))
                             : addItem(key, value);
            if (!child) {
                return child;
            }
            node.children.push_back(*child);
        }
        if (node.children.empty()) {
            return fail(invalid("a search identifier is an empty map", map));
        }
        return add(std::move(node));
    }

    Result<std::uint32_t> buildList(const YamlNode &list)
    {
        const bool allScalars =
            std::all_of(list.items.begin(), list.items.end(), [](const YamlNode &i) { return i.isScalar(); });
        if (list.items.empty()) {
            return fail(invalid("a search identifier is an empty list", list));
        }
        if (allScalars) {
            return addItem({}, list);
        }
        Node node;
        node.gate = Node::Gate::Any;
        node.line = list.line;
        for (const YamlNode &member : list.items) {
            auto child = build(member);
            if (!child) {
                return child;
            }
            node.children.push_back(*child);
        }
        return add(std::move(node));
    }

    Rule &m_rule;
};

std::vector<std::string> textList(const YamlNode &document, std::string_view key)
{
    std::vector<std::string> result;
    const YamlNode *node = document.find(key);
    if (node != nullptr && node->isScalar()) {
        result.push_back(node->text);
    } else if (node != nullptr) {
        for (const YamlNode &item : node->items) {
            if (item.isScalar()) {
                result.push_back(item.text);
            }
        }
    }
    return result;
}

void readMetadata(const YamlNode &document, Rule &rule)
{
    const auto text = [&](std::string_view key) { return std::string(document.textOf(key)); };
    rule.id = text("id");
    rule.name = text("name");
    rule.title = text("title");
    rule.description = text("description");
    rule.status = text("status");
    rule.level = text("level");
    rule.author = text("author");
    rule.license = text("license");
    rule.date = text("date");
    rule.modified = text("modified");
    rule.taxonomy = text("taxonomy");
    rule.references = textList(document, "references");
    rule.tags = textList(document, "tags");
    rule.falsePositives = textList(document, "falsepositives");
    rule.fields = textList(document, "fields");
    rule.line = document.line;
}

Status checkHead(const YamlNode &document, Rule &rule)
{
    constexpr std::array<std::string_view, 6> kLevels{"", "informational", "low", "medium", "high", "critical"};
    const YamlNode *source = document.find("logsource");
    if (rule.title.empty()) {
        return fail(invalid("the rule has no title", document));
    }
    if (std::find(kLevels.begin(), kLevels.end(), rule.level) == kLevels.end()) {
        return fail(invalid("\"" + rule.level + "\" is no level", *document.find("level")));
    }
    if (!rule.taxonomy.empty() && rule.taxonomy != "sigma") {
        return fail(invalid("the taxonomy \"" + rule.taxonomy + "\" is not supported", *document.find("taxonomy")));
    }
    if (source == nullptr || !source->isMap()) {
        return fail(invalid("the rule has no logsource", source != nullptr ? *source : document));
    }
    rule.logSource = {std::string(source->textOf("category")), std::string(source->textOf("product")),
                      std::string(source->textOf("service"))};
    if (rule.logSource.category.empty() && rule.logSource.product.empty() && rule.logSource.service.empty()) {
        return fail(invalid("the logsource names neither category, product nor service", *source));
    }
    return {};
}

Status readSearches(const YamlNode &detection, Rule &rule)
{
    for (const auto &[name, value] : detection.members) {
        if (name == "condition" || name == "timeframe") {
            continue;
        }
        if (name.empty()) {
            return fail(invalid("a search identifier has no name", value));
        }
        auto node = DetectionBuilder(rule).build(value);
        if (!node) {
            return tl::unexpected(node.error());
        }
        if (!rule.nodes[*node].label.empty() || rule.nodes[*node].gate == Node::Gate::Item) {
            Node named;
            named.gate = Node::Gate::All;
            named.children.push_back(*node);
            rule.nodes.push_back(std::move(named));
            *node = static_cast<std::uint32_t>(rule.nodes.size() - 1);
        }
        rule.nodes[*node].label = name;
        rule.nodes[*node].line = value.line;
        rule.searches.emplace_back(name, *node);
    }
    return rule.searches.empty() ? Status(fail(invalid("the detection holds no search identifier", detection)))
                                 : Status();
}

Status readCondition(const YamlNode &detection, Rule &rule)
{
    const YamlNode *condition = detection.find("condition");
    if (condition == nullptr || (!condition->isScalar() && (!condition->isList() || condition->items.empty()))) {
        return fail(invalid("the detection has no condition", condition != nullptr ? *condition : detection));
    }
    Node any;
    any.gate = Node::Gate::Any;
    any.line = condition->line;
    const std::size_t count = condition->isList() ? condition->items.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
        const YamlNode &one = condition->isList() ? condition->items[i] : *condition;
        auto root = one.isScalar() ? compileCondition(one.text, rule, one.line, one.column)
                                   : tl::unexpected(invalid("a condition is no text", one));
        if (!root) {
            return tl::unexpected(root.error());
        }
        any.children.push_back(*root);
    }
    rule.root = any.children.front();
    if (count > 1) {
        rule.nodes.push_back(std::move(any));
        rule.root = static_cast<std::uint32_t>(rule.nodes.size() - 1);
    }
    return {};
}

Result<Rule> readRule(const YamlNode &document)
{
    Rule rule;
    readMetadata(document, rule);
    const YamlNode *detection = document.find("detection");
    Status step = checkHead(document, rule);
    if (step && (detection == nullptr || !detection->isMap())) {
        step = fail(invalid("the rule has no detection", detection != nullptr ? *detection : document));
    }
    if (step) {
        step = readSearches(*detection, rule);
    }
    if (step) {
        step = readCondition(*detection, rule);
    }
    if (!step) {
        return tl::unexpected(step.error());
    }
    return rule;
}

void mergeInto(YamlNode &target, const YamlNode &addition)
{
    for (const auto &[key, value] : addition.members) {
        const auto found =
            std::find_if(target.members.begin(), target.members.end(), [&](const auto &m) { return m.first == key; });
        if (found == target.members.end()) {
            target.members.emplace_back(key, value);
        } else if (found->second.isMap() && value.isMap()) {
            mergeInto(found->second, value);
        } else {
            found->second = value;
        }
    }
}

/// Resolves `action:` documents; every remaining document stands for itself.
std::vector<YamlNode> resolveCollections(std::vector<YamlNode> documents)
{
    std::vector<YamlNode> result;
    YamlNode global;
    YamlNode previous;
    for (YamlNode &document : documents) {
        const std::string action(document.textOf("action"));
        const bool plain = document.find("correlation") != nullptr || document.find("filter") != nullptr;
        document.members.erase(std::remove_if(document.members.begin(), document.members.end(),
                                              [](const auto &m) { return m.first == "action"; }),
                               document.members.end());
        if (action == "global") {
            global = document;
            continue;
        }
        if (action == "reset") {
            global = YamlNode();
            continue;
        }
        const YamlNode &base = action == "repeat" ? previous : global;
        if (!plain && base.isMap() && document.isMap()) {
            YamlNode merged = base;
            merged.line = document.line;
            mergeInto(merged, document);
            document = std::move(merged);
        }
        previous = document;
        result.push_back(std::move(document));
    }
    return result;
}

ParsedDocument reject(const std::string &file, std::string kind, const Error &error, std::string title = {})
{
    ParsedDocument result;
    const bool placeholder = error.code == kPlaceholderCode;
    result.verdict = {file,
                      placeholder ? LoadVerdict::NeedsPlaceholder : LoadVerdict::Rejected,
                      std::move(kind),
                      std::move(title),
                      error.reason,
                      error.place.line,
                      error.place.column};
    return result;
}

ParsedDocument parseDocument(const YamlNode &document, const std::string &file)
{
    const std::string title(document.textOf("title"));
    if (!document.isMap()) {
        return reject(file, "yaml", invalid("the document is no map of keys and values", document));
    }
    for (const std::string_view kind : {"correlation", "filter"}) {
        if (document.find(kind) != nullptr) {
            return reject(file, std::string(kind),
                          invalid("documents of the kind \"" + std::string(kind) + "\" are not supported", document),
                          title);
        }
    }
    auto rule = readRule(document);
    if (!rule) {
        return reject(file, "rule", rule.error(), title);
    }
    rule->file = file;
    ParsedDocument result;
    result.verdict = {file, LoadVerdict::Ok, "rule", title, {}, document.line, document.column};
    result.rule = std::move(*rule);
    return result;
}

} // namespace

std::vector<ParsedDocument> parseRules(std::string_view text, const std::string &file)
{
    YamlDocuments read = readYaml(text);
    std::vector<ParsedDocument> result;
    std::erase_if(read.documents, [](const YamlNode &d) { return d.kind == YamlNode::Kind::Null; });
    for (const YamlNode &document : resolveCollections(std::move(read.documents))) {
        result.push_back(parseDocument(document, file));
    }
    if (!read.problem.code.empty()) {
        result.push_back(reject(file, "yaml", read.problem));
    } else if (result.empty()) {
        result.push_back(reject(file, "yaml", {"NJ-SIGMA-003", {}, "the file holds no document", {file, 1, 1}, {}}));
    }
    return result;
}

} // namespace nightjar::sigma
