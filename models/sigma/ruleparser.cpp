// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/ruleparser.h"

#include "sigma/detection.h"
#include "sigma/documents.h"
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

} // namespace

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

Status readLogSource(const YamlNode &document, Rule &rule)
{
    const YamlNode *source = document.find("logsource");
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

namespace {

Status checkHead(const YamlNode &document, Rule &rule)
{
    constexpr std::array<std::string_view, 6> kLevels{"", "informational", "low", "medium", "high", "critical"};
    if (rule.title.empty()) {
        return fail(invalid("the rule has no title", document));
    }
    if (std::find(kLevels.begin(), kLevels.end(), rule.level) == kLevels.end()) {
        return fail(invalid("\"" + rule.level + "\" is no level", *document.find("level")));
    }
    if (!rule.taxonomy.empty() && rule.taxonomy != "sigma") {
        return fail(invalid("the taxonomy \"" + rule.taxonomy + "\" is not supported", *document.find("taxonomy")));
    }
    return readLogSource(document, rule);
}

Result<Rule> readRule(const YamlNode &document, const ParseOptions &options)
{
    Rule rule;
    readMetadata(document, rule);
    const YamlNode *detection = document.find("detection");
    Status step = checkHead(document, rule);
    if (step && (detection == nullptr || !detection->isMap())) {
        step = fail(invalid("the rule has no detection", detection != nullptr ? *detection : document));
    }
    if (step) {
        step = readDetection(*detection, options.placeholders, false, rule);
    }
    if (!step) {
        return tl::unexpected(step.error());
    }
    return rule;
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

ParsedDocument parseDocument(const RuleDocument &document, const ParseOptions &options)
{
    const std::string kind(kindName(document.kind));
    if (document.kind == DocumentKind::Unknown) {
        return reject(document.file, kind, invalid("the document is no map of keys and values", document.node));
    }
    if (document.kind == DocumentKind::Correlation) {
        auto correlation = parseCorrelation(document);
        if (!correlation) {
            return reject(document.file, kind, correlation.error(), document.title);
        }
        ParsedDocument result;
        result.verdict = {document.file,      LoadVerdict::Ok,     kind, document.title, {},
                          document.node.line, document.node.column};
        result.correlation = std::move(*correlation);
        return result;
    }
    if (document.kind == DocumentKind::Filter) {
        auto filter = parseFilter(document, options.placeholders);
        if (!filter) {
            return reject(document.file, kind, filter.error(), document.title);
        }
        ParsedDocument result;
        result.verdict = {document.file,      LoadVerdict::Ok,     kind, document.title, filter->remark,
                          document.node.line, document.node.column};
        result.filter = std::move(*filter);
        return result;
    }
    auto rule = readRule(document.node, options);
    if (!rule) {
        return reject(document.file, kind, rule.error(), document.title);
    }
    rule->file = document.file;
    ParsedDocument result;
    result.verdict = {document.file,      LoadVerdict::Ok,     kind, document.title, {},
                      document.node.line, document.node.column};
    result.rule = std::move(*rule);
    return result;
}

} // namespace

std::vector<ParsedDocument> parseRules(std::string_view text, const std::string &file, const ParseOptions &options)
{
    const FileDocuments read = loadDocuments(text, file);
    std::vector<ParsedDocument> result;
    for (const RuleDocument &document : read.documents) {
        result.push_back(parseDocument(document, options));
    }
    if (read.problem) {
        result.push_back(reject(file, "yaml", *read.problem));
    }
    return result;
}

} // namespace nightjar::sigma
