// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/rulelibrary.h"

#include "base/files.h"
#include "base/text.h"
#include "sigma/documents.h"
#include "workspace/rulefiles.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace nightjar::workspace {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// The first document's id, in lower case, and its title.
struct Head {
    std::string id, title;
    sigma::YamlNode node;
};

Head headOf(const std::string &text)
{
    Head head;
    sigma::FileDocuments read = sigma::loadDocuments(text, {});
    if (!read.documents.empty()) {
        head.id = asciiLower(read.documents.front().node.textOf("id"));
        head.title = read.documents.front().title;
        head.node = std::move(read.documents.front().node);
    }
    return head;
}

bool equal(const sigma::YamlNode &a, const sigma::YamlNode &b)
{
    return a.kind == b.kind && a.text == b.text && a.items.size() == b.items.size() &&
           a.members.size() == b.members.size() && std::equal(a.items.begin(), a.items.end(), b.items.begin(), equal) &&
           std::equal(a.members.begin(), a.members.end(), b.members.begin(),
                      [](const auto &x, const auto &y) { return x.first == y.first && equal(x.second, y.second); });
}

/// Top-level keys that differ.
std::vector<std::string> differences(const sigma::YamlNode &before, const sigma::YamlNode &after)
{
    std::set<std::string> keys;
    const auto compare = [&](const sigma::YamlNode &one, const sigma::YamlNode &other) {
        for (const auto &[key, value] : one.members) {
            const sigma::YamlNode *same = other.find(key);
            if (same == nullptr || !equal(value, *same)) {
                keys.insert(key);
            }
        }
    };
    compare(before, after);
    compare(after, before);
    return {keys.begin(), keys.end()};
}

/// What stands against running the file: the worst of its documents.
void judge(RuleChange &change, const std::string &text)
{
    change.verdict = "ok";
    for (const sigma::ParsedDocument &document : sigma::parseRules(text, change.file)) {
        if (document.verdict.status != sigma::LoadVerdict::Ok) {
            change.verdict =
                document.verdict.status == sigma::LoadVerdict::NeedsPlaceholder ? "needs_placeholder" : "rejected";
            change.reason = document.verdict.reason;
            change.line = document.verdict.line;
        }
    }
}

std::vector<RuleChange> compareFiles(const std::map<std::string, std::string> &before, const RuleFiles &after)
{
    std::map<std::string, std::string> pathOfId; // before
    for (const auto &[path, text] : before) {
        if (const Head head = headOf(text); !head.id.empty()) {
            pathOfId.emplace(head.id, path);
        }
    }
    std::vector<RuleChange> changes;
    std::set<std::string> met;
    for (const auto &[path, text] : after.texts) {
        const Head head = headOf(text);
        const auto known = pathOfId.find(head.id);
        const auto same = before.find(path);
        const auto old = same != before.end()      ? same
                         : known != pathOfId.end() ? before.find(known->second)
                                                   : before.end();
        RuleChange change;
        change.id = head.id;
        change.title = head.title;
        change.file = path;
        if (old == before.end()) {
            change.kind = "added";
        } else {
            met.insert(old->first);
            if (old->second == text && old->first == path) {
                continue;
            }
            change.kind = "changed";
            change.differs = differences(headOf(old->second).node, head.node);
            if (old->first != path) {
                change.differs.push_back("file");
            }
        }
        judge(change, text);
        changes.push_back(std::move(change));
    }
    for (const auto &[path, text] : before) {
        if (!met.contains(path)) {
            const Head head = headOf(text);
            changes.push_back({"removed", head.id, head.title, path, {}, {}, {}, 0});
        }
    }
    for (const auto &[path, why] : after.skipped) {
        changes.push_back({"skipped", {}, {}, path, {}, {}, why, 0});
    }
    return changes;
}

/// A Sigma string that means `text` itself.
std::string escaped(const std::string &text)
{
    std::string result;
    for (const char c : text) {
        if (c == '*' || c == '?' || c == '\\') {
            result += '\\';
        }
        result += c;
    }
    return result;
}

bool isSourceName(const std::string &name)
{
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

/// Into a file of the folder that is not there yet, named after `name`.
Result<std::string> writeNew(const fs::path &folder, const std::string &name, const std::string &text)
{
    std::error_code problem;
    fs::create_directories(folder, problem);
    std::string stem;
    for (const char c : name) {
        stem += isSourceName(std::string(1, c)) ? c : '_';
    }
    for (int i = 1;; ++i) {
        const fs::path file = folder / (stem.substr(0, 60) + "-" + std::to_string(i) + ".yml");
        if (!fs::exists(file, problem)) {
            if (auto written = writeFileAtomically(file, text); !written) {
                return fail(written.error());
            }
            return file.string();
        }
    }
}

Error notOwn(const std::string &file)
{
    return {"NJ-WORK-079",
            "The file holds no rule of your own",
            "Rules that came with the program or by import are not written.",
            {file, 0, 0},
            "Save a copy under a new id and turn the other one off."};
}

RuleInfo infoOf(const sigma::Rule &rule)
{
    RuleInfo info;
    info.id = rule.id;
    info.name = rule.name;
    info.title = rule.title;
    info.description = rule.description;
    info.level = rule.level;
    info.fileLevel = rule.level;
    info.state = rule.status;
    info.file = rule.file;
    info.line = rule.line;
    info.tags = rule.tags;
    info.category = rule.logSource.category;
    info.product = rule.logSource.product;
    info.service = rule.logSource.service;
    return info;
}

/// Adds remarks and what could not be used.
void completeCatalogue(const sigma::LoadResult &result, std::vector<RuleInfo> &rules)
{
    std::map<std::pair<std::string, std::uint64_t>, std::string> remarks; // by file and line
    for (const sigma::LoadVerdict &verdict : result.verdicts) {
        remarks[{verdict.file, verdict.line}] = verdict.reason;
    }
    for (RuleInfo &info : rules) {
        const auto remark = remarks.find({info.file, info.line});
        info.remark = info.enabled && remark != remarks.end() ? remark->second : std::string();
    }
    std::set<std::pair<std::string, std::uint64_t>> running;
    for (const sigma::CompiledCorrelation &correlation : result.correlations->correlations()) {
        running.insert({correlation.rule.head.file, correlation.rule.head.line});
    }
    std::erase_if(rules, [&](const RuleInfo &info) { // it stands among the refused ones
        return info.kind == "correlation" && info.enabled && !running.contains({info.file, info.line});
    });
    for (const sigma::LoadVerdict &verdict : result.verdicts) {
        if (verdict.status != sigma::LoadVerdict::Ok) {
            RuleInfo info;
            info.kind = verdict.kind;
            info.title = verdict.title;
            info.file = verdict.file;
            info.line = verdict.line;
            info.enabled = false;
            info.refused = true;
            info.remark = verdict.reason;
            rules.push_back(std::move(info));
        }
    }
}

} // namespace

RuleLibrary::RuleLibrary(fs::path program, fs::path own)
    : m_program(std::move(program))
    , m_own(std::move(own))
{
}

Status RuleLibrary::open()
{
    constexpr std::uint64_t kMaxState = 16u << 20;
    recoverRuleFolders(m_own / "imported");
    const fs::path file = m_own / "library.json";
    std::error_code problem;
    if (!fs::exists(file, problem)) {
        return {};
    }
    const auto text = readFile(file, kMaxState);
    const Json json = text ? Json::parse(*text, nullptr, false) : Json();
    if (!json.is_object()) {
        return fail(Error{"NJ-WORK-070",
                          "The list of changed rules cannot be read",
                          text ? "it is no JSON object" : text.error().reason,
                          {file.string(), 0, 0},
                          "All rules run as their files say; delete the file to start anew."});
    }
    std::lock_guard lock(m_mutex);
    for (const auto &[id, value] : json.items()) {
        if (value.is_object()) {
            const Json level = value.value("level", Json());
            m_changes[id] = {value.value("enabled", Json(true)) != Json(false),
                             level.is_string() ? level.get<std::string>() : std::string()};
        }
    }
    return {};
}

Status RuleLibrary::save() const
{
    Json json = Json::object();
    for (const auto &[id, change] : m_changes) {
        if (!change.enabled || !change.level.empty()) {
            json[id] = {{"enabled", change.enabled}, {"level", change.level}};
        }
    }
    std::error_code problem;
    fs::create_directories(m_own, problem);
    return writeFileAtomically(m_own / "library.json", json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

RuleLibrary::Loaded RuleLibrary::load() const
{
    std::vector<fs::path> present;
    for (const fs::path &place : {m_program, m_own}) {
        std::error_code problem;
        if (fs::is_directory(place, problem)) {
            present.push_back(place);
        }
    }
    std::map<std::string, Change> changes;
    {
        std::lock_guard lock(m_mutex);
        changes = m_changes;
    }
    Loaded loaded;
    sigma::ParseOptions options;
    options.admit = [&](sigma::Rule &rule, bool isCorrelation) {
        RuleInfo info = infoOf(rule);
        info.kind = isCorrelation ? "correlation" : "rule";
        if (const auto change = changes.find(asciiLower(rule.reference())); change != changes.end()) {
            info.enabled = change->second.enabled;
            if (!change->second.level.empty()) {
                rule.level = change->second.level;
                info.level = rule.level;
            }
        }
        loaded.rules.push_back(info);
        return info.enabled;
    };
    loaded.result = sigma::load(present, sigma::FieldMapping::zscaler(), options);
    completeCatalogue(loaded.result, loaded.rules);
    return loaded;
}

Status RuleLibrary::setEnabled(const std::vector<std::string> &ids, bool enabled)
{
    std::lock_guard lock(m_mutex);
    for (const std::string &id : ids) {
        if (trim(id).empty()) {
            return fail("NJ-WORK-071", "A rule has no name", "An id is empty.", "Name the rule by id, else by title.");
        }
        m_changes[asciiLower(id)].enabled = enabled;
    }
    return save();
}

Status RuleLibrary::setLevel(const std::vector<std::string> &ids, const std::string &level)
{
    constexpr std::array<std::string_view, 6> kLevels{"", "informational", "low", "medium", "high", "critical"};
    if (std::find(kLevels.begin(), kLevels.end(), level) == kLevels.end()) {
        return fail("NJ-WORK-072", "\"" + level + "\" is no level", "There are five of them.",
                    "informational, low, medium, high or critical; empty for what the file says.");
    }
    std::lock_guard lock(m_mutex);
    for (const std::string &id : ids) {
        m_changes[asciiLower(id)].level = level;
    }
    return save();
}

Result<std::vector<RuleChange>> RuleLibrary::import(const fs::path &from, const std::string &source, bool apply,
                                                    const CancelToken &cancel) const
{
    if (!isSourceName(source)) {
        return fail("NJ-WORK-075", "\"" + source + "\" is no name of a source", "It becomes the name of a folder.",
                    "Letters, digits, hyphens and underscores.");
    }
    auto files = readRuleFiles(from, cancel);
    if (!files) {
        return fail(files.error());
    }
    if (files->texts.empty()) {
        return fail(Error{"NJ-WORK-073",
                          "There are no rules in " + from.string(),
                          "No file with the ending .yml or .yaml holds one.",
                          {from.string(), 0, 0},
                          "Give a folder, a zip or a tar archive with Sigma rules."});
    }
    const fs::path folder = m_own / "imported" / source;
    std::error_code problem;
    std::map<std::string, std::string> before;
    if (fs::is_directory(folder, problem)) {
        auto known = readRuleFiles(folder, cancel);
        if (!known) {
            return fail(known.error());
        }
        before = std::move(known->texts);
    }
    std::vector<RuleChange> changes = compareFiles(before, *files);
    if (apply && !cancel.cancelled()) {
        if (auto replaced = replaceRuleFolder(folder, files->texts); !replaced) {
            return fail(replaced.error());
        }
    }
    return changes;
}

Result<std::string> RuleLibrary::exceptionText(const RuleInfo &rule,
                                               const std::vector<std::pair<std::string, std::string>> &values,
                                               const std::string &title)
{
    if ((rule.id.empty() && rule.name.empty()) || values.empty()) {
        return fail("NJ-WORK-076", "No exception can be made",
                    "The rule has neither id nor name, or no value is given.", "Give the rule an id.");
    }
    std::string text = "title: ";
    appendJsonQuoted(text, title.empty() ? "Exception for " + rule.title : title);
    text += "\nlogsource:\n";
    for (const auto &[key, value] :
         {std::pair{"category", rule.category}, {"product", rule.product}, {"service", rule.service}}) {
        if (!value.empty()) {
            text += std::string("    ") + key + ": ";
            appendJsonQuoted(text, value);
            text += '\n';
        }
    }
    text += "filter:\n    rules:\n        - ";
    appendJsonQuoted(text, rule.id.empty() ? rule.name : rule.id);
    text += "\n    exception:\n";
    for (const auto &[field, value] : values) {
        text += "        ";
        appendJsonQuoted(text, field);
        text += ": ";
        appendJsonQuoted(text, escaped(value));
        text += '\n';
    }
    text += "    condition: not exception\n";
    const auto parsed = sigma::parseRules(text, "exception");
    if (parsed.size() != 1 || !parsed.front().filter) {
        return fail("NJ-WORK-076", "No exception can be made", parsed.front().verdict.reason,
                    "Check fields and values.");
    }
    return text;
}

Result<std::string> RuleLibrary::addException(const RuleInfo &rule,
                                              const std::vector<std::pair<std::string, std::string>> &values,
                                              const std::string &title) const
{
    const auto text = exceptionText(rule, values, title);
    if (!text) {
        return text;
    }
    return writeNew(m_own / "exceptions", rule.id.empty() ? rule.name : rule.id, *text);
}

bool RuleLibrary::isOwn(const fs::path &file) const
{
    const fs::path folder = file.parent_path().lexically_normal();
    return folder == (m_own / "own").lexically_normal() || folder == (m_own / "exceptions").lexically_normal();
}

Result<std::string> RuleLibrary::saveOwn(const std::string &text, const std::string &title,
                                         const std::string &file) const
{
    if (file.empty()) {
        return writeNew(m_own / "own", title.empty() ? "rule" : asciiLower(title), text);
    }
    if (!isOwn(file)) {
        return fail(notOwn(file));
    }
    if (auto written = writeFileAtomically(file, text); !written) {
        return fail(written.error());
    }
    return file;
}

Status RuleLibrary::removeOwn(const std::string &file) const
{
    std::error_code problem;
    if (!isOwn(file) || !fs::remove(file, problem)) {
        return fail(notOwn(file));
    }
    return {};
}

} // namespace nightjar::workspace
