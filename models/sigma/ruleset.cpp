// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/ruleset.h"

#include "base/files.h"
#include "base/text.h"
#include "sigma/blockrun.h"
#include "sigma/compiled.h"
#include "sigma/correlationset.h"
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

std::vector<RuleMatch> RuleSet::evaluate(const event::EventBlock &block, std::vector<std::int64_t> &nanos) const
{
    nanos.resize(m_compiled->rules.size());
    return BlockRun(*m_compiled, block).run(&nanos);
}

ColumnNeeds RuleSet::needs() const
{
    return columnNeeds(*m_compiled);
}

bool RuleSet::mayMatch(const BlockHints &hints) const
{
    for (std::uint32_t i = 0; i < m_compiled->rules.size(); ++i) {
        if (sigma::mayMatch(*m_compiled, i, hints)) {
            return true;
        }
    }
    return false;
}

std::string RuleSet::silent(std::uint32_t index, const BlockHints &hints, std::span<const std::string> types) const
{
    const std::uint8_t routes = m_compiled->compiled[index].routes;
    if (routes == 0) {
        return remark(index);
    }
    if (std::none_of(types.begin(), types.end(),
                     [&](const std::string &type) { return (routes & routeOf(type)) != 0; })) {
        return "no event of its log type has been seen";
    }
    if (sigma::mayMatch(*m_compiled, index, hints)) {
        return {};
    }
    std::set<std::string> unseen;
    for (const Item &item : m_compiled->rules[index].items) {
        bool seen = item.field.empty();
        for (const std::string &name : item.names()) {
            for (const Candidate &candidate : m_compiled->mapping->candidates(name)) {
                const std::vector<std::string> columns = columnsOf(candidate);
                seen = seen || columns.empty() || std::any_of(columns.begin(), columns.end(), hints.hasColumn);
            }
        }
        if (!seen) {
            unseen.insert(item.field);
        }
    }
    std::string text;
    for (const std::string &field : unseen) {
        text += (text.empty() ? "fields that no event has: " : ", ") + field;
    }
    return text.empty() ? "none of its values has been seen" : text;
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
        for (const std::string &name : item.names()) {
            if (!name.empty() && !m_compiled->mapping->knows(name)) {
                unknown.insert(name);
            }
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

std::vector<std::string> ruleFiles(std::span<const fs::path> paths, std::vector<LoadVerdict> &verdicts)
{
    std::vector<std::string> files;
    for (const fs::path &path : paths) {
        collect(path, files, verdicts);
    }
    std::set<std::string> seen;
    std::erase_if(files, [&](const std::string &file) { return !seen.insert(file).second; });
    return files;
}

namespace {

/// Gathers the documents of all files.
class Loader {
public:
    Loader(const FieldMapping &mapping, const ParseOptions &options)
        : m_mapping(mapping)
        , m_options(options)
    {
    }

    void read(const std::string &file)
    {
        const auto text = readFile(file, kMaxYamlBytes);
        if (!text) {
            m_result.verdicts.push_back(fileTrouble(file, text.error().title + ": " + text.error().reason));
            return;
        }
        for (ParsedDocument &document : parseRules(*text, file, m_options)) {
            if (document.rule) {
                take(std::move(*document.rule), document.verdict);
            }
            if (document.filter) {
                m_result.filters.push_back(std::move(*document.filter));
            }
            if (document.correlation) {
                take(std::move(*document.correlation), document.verdict);
            }
            m_result.verdicts.push_back(std::move(document.verdict));
        }
    }

    LoadResult finish()
    {
        for (Rule &rule : m_rules) {
            applyFilters(m_result.filters, rule);
        }
        auto compiled = std::make_shared<const RuleSet>(RuleSet::compile(std::move(m_rules), m_mapping));
        for (std::uint32_t i = 0; i < m_verdictOf.size(); ++i) {
            m_result.verdicts[m_verdictOf[i]].reason = compiled->remark(i);
        }
        m_result.rules = std::move(compiled);
        resolveCorrelations();
        return std::move(m_result);
    }

    std::vector<LoadVerdict> &verdicts() { return m_result.verdicts; }

private:
    void take(Rule rule, LoadVerdict &verdict)
    {
        if (rule.status == "unsupported") {
            verdict.reason = "its status is unsupported: it does not run";
            return;
        }
        if (!rule.id.empty()) {
            const auto [other, fresh] = m_fileOfId.try_emplace(asciiLower(rule.id), rule.file);
            if (!fresh && other->second != rule.file) {
                verdict.reason =
                    "it does not run: the id " + rule.id + " is already used by a rule in " + other->second;
                return;
            }
        }
        if (m_options.admit && !m_options.admit(rule, false)) {
            verdict.reason = "it is disabled";
            return;
        }
        m_verdictOf.push_back(m_result.verdicts.size());
        m_rules.push_back(std::move(rule));
    }

    void take(Correlation correlation, LoadVerdict &verdict)
    {
        if (m_options.admit && !m_options.admit(correlation.head, true)) {
            verdict.reason = "it is disabled";
            correlation.muted = true;
        }
        m_correlations.push_back(std::move(correlation));
        m_correlationVerdictOf.push_back(m_result.verdicts.size());
    }

    void resolveCorrelations()
    {
        auto resolved = CorrelationSet::compile(std::move(m_correlations), *m_result.rules);
        for (std::size_t i = 0; i < m_correlationVerdictOf.size(); ++i) {
            if (std::string &reason = m_result.verdicts[m_correlationVerdictOf[i]].reason; reason.empty()) {
                reason = std::move(resolved.remarks[i]);
            }
        }
        for (CorrelationProblem &problem : resolved.problems) {
            LoadVerdict &verdict = m_result.verdicts[m_correlationVerdictOf[problem.index]];
            verdict.status = LoadVerdict::Rejected;
            verdict.reason = std::move(problem.error.reason);
            verdict.line = problem.error.place.line;
            verdict.column = problem.error.place.column;
        }
        m_result.correlations = std::move(resolved.set);
    }

    const FieldMapping &m_mapping;
    const ParseOptions &m_options;
    LoadResult m_result;
    std::vector<Correlation> m_correlations;
    std::vector<std::size_t> m_correlationVerdictOf;
    std::vector<Rule> m_rules;
    std::vector<std::size_t> m_verdictOf;
    std::map<std::string, std::string> m_fileOfId;
};

} // namespace

LoadResult load(std::span<const fs::path> paths, const FieldMapping &mapping, const ParseOptions &options)
{
    Loader loader(mapping, options);
    for (const std::string &file : ruleFiles(paths, loader.verdicts())) {
        loader.read(file);
    }
    return loader.finish();
}

} // namespace nightjar::sigma
