// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of the fake workspace.
#include "fakeworkspace.h"

#include <algorithm>
#include <fstream>

namespace nightjar::workspace {

namespace {

void change(Engine &engine, const std::vector<std::string> &ids, const std::function<void(RuleInfo &)> &what)
{
    const std::lock_guard lock(engine.mutex);
    for (RuleInfo &rule : engine.rules) {
        if (std::find(ids.begin(), ids.end(), rule.id) != ids.end()) {
            what(rule);
        }
    }
    ++engine.revision;
}

} // namespace

RuleInfo fakeRule(const std::string &id, const std::string &title, const std::string &level,
                  const std::vector<std::string> &tags)
{
    RuleInfo info;
    info.id = id;
    info.title = title;
    info.level = info.fileLevel = level;
    info.tags = tags;
    info.category = "proxy";
    info.state = "test";
    return info;
}

Result<std::vector<RuleInfo>> DetectionService::rules()
{
    const std::lock_guard lock(m_engine.mutex);
    return m_engine.rules;
}
std::vector<RuleProblem> DetectionService::check(const std::string &yaml)
{
    return {yaml.find("detection") == std::string::npos
                ? RuleProblem{"rejected", "rule", {}, "the rule has no detection", 2, 3}
                : RuleProblem{"ok", "rule", {}, {}, 1, 1}};
}
/// Three hits on two days; an exception leaves one of them, "two" in the text makes it two.
Result<RuleTest> DetectionService::test(const std::string &yaml, Timestamp, Timestamp, const CancelToken &)
{
    ++m_engine.ruleTests;
    RuleTest result;
    const std::int64_t hits = yaml.find("filter:") != std::string::npos ? 1
                              : yaml.find("two") != std::string::npos   ? 2
                                                                        : 3;
    result.hunt = {1, 1'000, hits, 1, 0, 0.01};
    const Timestamp day = m_engine.newest / kMicrosPerDay * kMicrosPerDay;
    result.days = {{day - kMicrosPerDay, 1}, {day, hits - 1}};
    result.entities = {{"a.diaz", hits}};
    for (std::int64_t i = 0; i < hits; ++i) {
        result.samples.push_back(m_engine.events - i);
    }
    result.microsPerEvent = 0.2;
    return result;
}
Status DetectionService::setEnabled(const std::vector<std::string> &ids, bool enabled)
{
    change(m_engine, ids, [&](RuleInfo &rule) { rule.enabled = enabled; });
    return {};
}
Status DetectionService::setLevel(const std::vector<std::string> &ids, const std::string &level)
{
    change(m_engine, ids, [&](RuleInfo &rule) { rule.level = level.empty() ? rule.fileLevel : level; });
    return {};
}
Result<std::string> DetectionService::exceptionText(const std::string &ruleId,
                                                    const std::vector<std::pair<std::string, std::string>> &values,
                                                    const std::string &)
{
    return "filter:\n    rules:\n        - " + ruleId + "\n    exception:\n        " + values.front().first + ": x\n";
}
Result<std::string> DetectionService::addException(const std::string &ruleId,
                                                   const std::vector<std::pair<std::string, std::string>> &values,
                                                   const std::string &title)
{
    const std::string file = (m_engine.folder / "rules" / "exceptions" / "one.yml").string();
    std::filesystem::create_directories(m_engine.folder / "rules" / "exceptions");
    std::ofstream(file) << *exceptionText(ruleId, values, title);
    ++m_engine.revision;
    return file;
}
Result<std::string> DetectionService::saveRule(const std::string &yaml, const std::string &file)
{
    const std::string path = file.empty() ? (m_engine.folder / "rules" / "own" / "new-1.yml").string() : file;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << yaml;
    const std::lock_guard lock(m_engine.mutex);
    if (file.empty()) {
        RuleInfo info = fakeRule("saved", "Saved rule", "medium", {});
        info.file = path;
        m_engine.rules.push_back(info);
    }
    ++m_engine.revision;
    return path;
}
Status DetectionService::removeFile(const std::string &file)
{
    std::filesystem::remove(file);
    const std::lock_guard lock(m_engine.mutex);
    std::erase_if(m_engine.rules, [&](const RuleInfo &rule) { return rule.file == file; });
    ++m_engine.revision;
    return {};
}
Result<std::vector<RuleChange>> DetectionService::importRules(const std::filesystem::path &, const std::string &,
                                                              bool apply, const CancelToken &)
{
    const std::lock_guard lock(m_engine.mutex);
    if (apply) {
        m_engine.importedRules = true;
        ++m_engine.revision;
    }
    return m_engine.ruleChanges;
}
Result<HuntSummary> DetectionService::hunt(const std::vector<std::filesystem::path> &, Timestamp, Timestamp,
                                           const CancelToken &,
                                           const std::function<bool(const std::string &, std::int64_t)> &visit)
{
    std::vector<std::string> ids;
    {
        const std::lock_guard lock(m_engine.mutex);
        for (const RuleInfo &rule : m_engine.rules) {
            ids.push_back(rule.id);
        }
    }
    for (const std::string &id : ids) {
        for (std::int64_t i = 0; i < 5 && visit(id, m_engine.events - i); ++i) {
        }
    }
    return HuntSummary{1, m_engine.events, 5, 2, 0, 0.5};
}
Result<std::vector<RuleNoise>> DetectionService::noise(Timestamp, Timestamp, const CancelToken &)
{
    const std::lock_guard lock(m_engine.mutex);
    return m_engine.ruleNoise;
}
Result<std::uint64_t> DetectionService::reload()
{
    return std::uint64_t{1};
}

} // namespace nightjar::workspace
