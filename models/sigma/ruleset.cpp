// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/ruleset.h"

#include "base/files.h"
#include "base/text.h"
#include "sigma/blockrun.h"
#include "sigma/compiled.h"
#include "sigma/yamltree.h"

#include <algorithm>
#include <map>
#include <set>

namespace nightjar::sigma {

namespace fs = std::filesystem;

RuleSet::RuleSet()
    : m_compiled(compileRules({}, FieldMapping::zscaler()))
{
}

RuleSet RuleSet::compile(std::vector<Rule> rules, const FieldMapping &mapping)
{
    RuleSet result;
    result.m_compiled = compileRules(std::move(rules), mapping);
    return result;
}

std::span<const Rule> RuleSet::rules() const
{
    return m_compiled->rules;
}
const FieldMapping &RuleSet::mapping() const
{
    return *m_compiled->mapping;
}

std::vector<RuleMatch> RuleSet::evaluate(const event::EventBlock &block) const
{
    return BlockRun(*m_compiled, block).run();
}

std::string RuleSet::remark(std::uint32_t index) const
{
    const Rule &rule = m_compiled->rules[index];
    if (m_compiled->compiled[index].routes == 0) {
        const LogSource &source = rule.logSource;
        return "its logsource (category " + (source.category.empty() ? "none" : source.category) + ", product " +
               (source.product.empty() ? "none" : source.product) + ", service " +
               (source.service.empty() ? "none" : source.service) + ") is no Zscaler log: it never runs";
    }
    std::set<std::string> unknown;
    for (const Item &item : rule.items) {
        if (!item.field.empty() && !m_compiled->mapping->knows(item.field)) {
            unknown.insert(item.field);
        }
    }
    std::string text;
    for (const std::string &field : unknown) {
        text += (text.empty() ? "fields that Zscaler logs are not known to hold: " : ", ") + field;
    }
    return text;
}

namespace {

LoadVerdict fileTrouble(const std::string &file, std::string reason)
{
    return {file, LoadVerdict::Rejected, "file", {}, std::move(reason), 0, 0};
}

bool isRuleFile(const fs::path &path)
{
    const std::string extension = asciiLower(path.extension().string());
    return extension == ".yml" || extension == ".yaml";
}

void collect(const fs::path &path, std::vector<std::string> &files, std::vector<LoadVerdict> &verdicts)
{
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        files.push_back(path.string());
        return;
    }
    std::vector<std::string> found;
    fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        std::error_code ignored;
        if (isRuleFile(entry->path()) && entry->is_regular_file(ignored)) {
            found.push_back(entry->path().string());
        }
    }
    if (error) {
        verdicts.push_back(fileTrouble(path.string(), "the folder cannot be read: " + error.message()));
    }
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
}

} // namespace

LoadResult load(std::span<const fs::path> paths, const FieldMapping &mapping)
{
    LoadResult result;
    std::vector<std::string> files;
    for (const fs::path &path : paths) {
        collect(path, files, result.verdicts);
    }
    std::vector<Rule> rules;
    std::vector<std::size_t> verdictOf;
    std::set<std::string> seen;
    std::map<std::string, std::string> fileOfId;
    for (const std::string &file : files) {
        if (!seen.insert(file).second) {
            continue;
        }
        const auto text = readFile(file, kMaxYamlBytes);
        if (!text) {
            result.verdicts.push_back(fileTrouble(file, text.error().title + ": " + text.error().reason));
            continue;
        }
        for (ParsedDocument &document : parseRules(*text, file)) {
            if (document.rule && !document.rule->id.empty()) {
                const auto [other, fresh] = fileOfId.try_emplace(asciiLower(document.rule->id), file);
                if (!fresh) {
                    document.verdict.status = LoadVerdict::Rejected;
                    document.verdict.reason =
                        "the id " + document.rule->id + " is already used by a rule in " + other->second;
                    document.rule.reset();
                }
            }
            if (document.rule) {
                verdictOf.push_back(result.verdicts.size());
                rules.push_back(std::move(*document.rule));
            }
            result.verdicts.push_back(std::move(document.verdict));
        }
    }
    auto compiled = std::make_shared<const RuleSet>(RuleSet::compile(std::move(rules), mapping));
    for (std::uint32_t i = 0; i < verdictOf.size(); ++i) {
        result.verdicts[verdictOf[i]].reason = compiled->remark(i);
    }
    result.rules = std::move(compiled);
    return result;
}

} // namespace nightjar::sigma
