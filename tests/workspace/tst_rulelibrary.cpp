// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/support.h"
#include "workspace/workspace.h"

#include <QTest>

#include <algorithm>
#include <fstream>

using namespace nightjar;
using namespace nightjar::workspace;
namespace fs = std::filesystem;

namespace {

const std::string kId = "11111111-2222-4333-8444-555555555555";
const std::string kOther = "21111111-2222-4333-8444-555555555555";

std::string ruleText(const std::string &host, const std::string &title = "Visit of a Made-Up Host")
{
    return "title: " + title + "\nid: " + kId +
           "\nlogsource:\n    category: proxy\ndetection:\n    selection:\n        cs-host: " + host +
           "\n    condition: selection\nlevel: low\n";
}

void write(const fs::path &file, const std::string &text)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

std::string record(const std::string &user, const std::string &host)
{
    return "{\"sourcetype\":\"zscalernss-web\",\"event\":{\"datetime\":\"Mon Mar  2 07:00:00 2026\",\"user\":\"" +
           user + "\",\"hostname\":\"" + host + "\",\"url\":\"" + host + "/x\",\"action\":\"Allowed\"}}\n";
}

const RuleInfo *find(const std::vector<RuleInfo> &rules, const std::string &id)
{
    const auto at = std::find_if(rules.begin(), rules.end(), [&](const RuleInfo &rule) { return rule.id == id; });
    return at == rules.end() ? nullptr : &*at;
}

} // namespace

class RuleLibraryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<testsupport::TemporaryFolder>();
        open();
    }
    void cleanup()
    {
        m_workspace.reset();
        m_folder.reset();
    }

    void importIsADiff()
    {
        write(m_folder->path() / "rules/web/one.yml", ruleText("evil.example"));
        write(m_folder->path() / "rules/notes.yml", "just: notes\n");
        auto seen = import(false);
        QCOMPARE(kinds(seen), std::string("added skipped "));
        QVERIFY(!listed(kId)); // a look changes nothing
        import(true);
        QVERIFY(listed(kId));
        QCOMPARE(kinds(import(true)), std::string("skipped ")); // twice is once

        write(m_folder->path() / "rules/web/one.yml", ruleText("other.example"));
        write(m_folder->path() / "rules/web/bad.yml", "title: Broken\ndetection:\n    condition: nothing\n");
        seen = import(true);
        QCOMPARE(kinds(seen), std::string("added changed skipped "));
        for (const RuleChange &change : seen) {
            if (change.kind == "changed") {
                QCOMPARE(change.differs, std::vector<std::string>{"detection"});
            } else if (change.kind == "added") {
                QCOMPARE(change.verdict, std::string("rejected"));
                QVERIFY(!change.reason.empty());
            }
        }
        fs::remove(m_folder->path() / "rules/web/bad.yml");
        fs::remove(m_folder->path() / "rules/web/one.yml");
        write(m_folder->path() / "rules/two.yml", "title: Another\nlogsource:\n    category: proxy\ndetection:\n    "
                                                  "a:\n        cs-host: x\n    condition: a\n");
        QCOMPARE(kinds(import(true)), std::string("added removed removed skipped "));
        QVERIFY(!listed(kId));
    }

    void badImportsSayWhy()
    {
        const CancelToken cancel;
        auto &detections = m_workspace->detections();
        QCOMPARE(detections.importRules(m_folder->path() / "nowhere", "sigma", true, cancel).has_value(), false);
        fs::create_directories(m_folder->path() / "empty");
        QCOMPARE(detections.importRules(m_folder->path() / "empty", "sigma", true, cancel).error().code,
                 std::string("NJ-WORK-073"));
        QCOMPARE(detections.importRules(m_folder->path() / "empty", "../up", true, cancel).error().code,
                 std::string("NJ-WORK-075"));
    }

    void changesOutliveARestart()
    {
        write(m_folder->path() / "rules/one.yml", ruleText("evil.example"));
        import(true);
        QVERIFY(m_workspace->detections().setEnabled({kId}, false).has_value());
        QVERIFY(m_workspace->detections().setLevel({kId}, "critical").has_value());
        QCOMPARE(m_workspace->detections().setLevel({kId}, "loud").error().code, std::string("NJ-WORK-072"));
        open();
        const auto rules = m_workspace->detections().rules();
        const RuleInfo *rule = find(*rules, kId);
        QVERIFY(rule != nullptr);
        QVERIFY(!rule->enabled);
        QCOMPARE(rule->level, std::string("critical"));
        QCOMPARE(rule->fileLevel, std::string("low"));
    }

    void damagedStateIsToldAndRulesRun()
    {
        m_workspace.reset();
        write(m_folder->path() / "w/rules/library.json", "{ not json");
        open();
        const auto problems = m_workspace->problems();
        QVERIFY(std::any_of(problems.begin(), problems.end(), [](const Error &e) { return e.code == "NJ-WORK-070"; }));
        QVERIFY(!m_workspace->detections().rules()->empty());
    }

    void disabledRulesRaiseNothing()
    {
        write(m_folder->path() / "rules/one.yml", ruleText("evil.example"));
        import(true);
        QVERIFY(m_workspace->detections().setEnabled({kId}, false).has_value());
        importEvents(record("ada@a.example", "evil.example"));
        QCOMPARE(m_workspace->triage().list({})->size(), std::size_t{0});
        QVERIFY(m_workspace->detections().setEnabled({kId}, true).has_value());
        QVERIFY(m_workspace->detections().setLevel({kId}, "critical").has_value());
        importEvents(record("bob@a.example", "evil.example"));
        const auto alerts = m_workspace->triage().list({});
        QCOMPARE(alerts->size(), std::size_t{1});
        QCOMPARE(alerts->front().finding.severity, alerts::Severity::Critical);
    }

    void correlationsAreSwitchedAndHunted()
    {
        write(m_folder->path() / "rules/many.yml",
              "title: Many Visits\nid: " + kOther +
                  "\ncorrelation:\n    type: event_count\n    rules:\n        - visit\n    group-by:\n        - "
                  "cs-username\n    timespan: 1h\n    condition:\n        gte: 3\nlevel: low\n---\nname: visit\n" +
                  ruleText("evil.example"));
        import(true);
        const auto state = [&] {
            const auto rules = m_workspace->detections().rules();
            const RuleInfo *rule = find(*rules, kOther);
            return rule == nullptr ? std::string("none")
                                   : rule->kind + (rule->enabled ? " on " : " off ") + rule->level + rule->fileLevel;
        };
        QCOMPARE(state(), std::string("correlation on lowlow"));
        QVERIFY(m_workspace->detections().setEnabled({kOther}, false).has_value());
        QVERIFY(m_workspace->detections().setLevel({kOther}, "high").has_value());
        QCOMPARE(state(), std::string("correlation off highlow"));
        const auto three = [](const std::string &user) {
            return record(user, "evil.example") + record(user, "evil.example") + record(user, "evil.example");
        };
        importEvents(three("ada@a.example"));
        QCOMPARE(m_workspace->triage().list({})->size(), std::size_t{0}); // nor does the rule that feeds it speak up
        QVERIFY(m_workspace->detections().setEnabled({kOther}, true).has_value());
        importEvents(three("bob@a.example"));
        const auto alerts = m_workspace->triage().list({});
        const auto bobs = std::find_if(alerts->begin(), alerts->end(),
                                       [](const auto &alert) { return alert.finding.user == "bob@a.example"; });
        QVERIFY(bobs != alerts->end());
        QCOMPARE(bobs->finding.severity, alerts::Severity::High);

        std::string told;
        const auto hunted = m_workspace->detections().hunt({m_folder->path() / "rules/many.yml"}, kNoTime, kNoTime, {},
                                                           [&](const std::string &rule, std::int64_t event) {
                                                               told += rule + " " + std::to_string(event) + " ";
                                                               return true;
                                                           });
        QVERIFY(hunted.has_value());
        QCOMPARE(told, kOther + " 3 " + kOther + " 6 ");
        QCOMPARE(hunted->matches, std::int64_t{2});
    }

    void exceptionsAndHuntsAgree()
    {
        write(m_folder->path() / "rules/one.yml", ruleText("evil.example"));
        import(true);
        importEvents(record("ada@a.example", "evil.example") + record("b*b@a.example", "evil.example") +
                     record("bob@a.example", "evil.example") + record("ada@a.example", "good.example"));
        const CancelToken cancel;
        const auto tested = m_workspace->detections().test(ruleText("evil.example"), kNoTime, kNoTime, cancel);
        QVERIFY(tested.has_value());
        QCOMPARE(tested->hunt.matches, std::int64_t{3});
        QCOMPARE(tested->days.size(), std::size_t{1});
        // The star of the value is a star, not a pattern.
        const auto file = m_workspace->detections().addException(kId, {{"cs-username", "b*b@a.example"}}, {});
        QVERIFY2(file.has_value(), file ? "" : describe(file.error()).c_str());
        std::int64_t hits = 0;
        const auto hunted = m_workspace->detections().hunt({m_folder->path() / "rules/one.yml", *file}, kNoTime,
                                                           kNoTime, cancel, [&](const std::string &rule, std::int64_t) {
                                                               hits += rule == kId ? 1 : 0;
                                                               return true;
                                                           });
        QVERIFY(hunted.has_value());
        QCOMPARE(hits, std::int64_t{2});
    }

    void ownRulesAreSavedAndRemoved()
    {
        const auto saved = m_workspace->detections().saveRule(ruleText("own.example"), {});
        QVERIFY2(saved.has_value(), saved ? "" : describe(saved.error()).c_str());
        QVERIFY(saved->find("/rules/own/") != std::string::npos);
        const auto again = m_workspace->detections().saveRule(ruleText("other.example"), *saved);
        QVERIFY(again.has_value());
        QCOMPARE(*again, *saved);
        const auto text = m_workspace->detections().exceptionText(kId, {{"cs-username", "a"}}, "why");
        QVERIFY(text.has_value() && text->find("\"why\"") != std::string::npos);
        QCOMPARE(m_workspace->detections().saveRule("title: x\n", {}).error().code, std::string("NJ-WORK-077"));
        const std::string outside = (m_folder->path() / "rules/one.yml").string();
        QCOMPARE(m_workspace->detections().saveRule(ruleText("x"), outside).error().code, std::string("NJ-WORK-079"));
        QCOMPARE(m_workspace->detections().removeFile(outside).error().code, std::string("NJ-WORK-079"));
        QVERIFY(m_workspace->detections().removeFile(*saved).has_value());
        QVERIFY(!std::filesystem::exists(*saved));
    }

private:
    void open()
    {
        m_workspace.reset();
        auto opened = Workspace::open(m_folder->path() / "w", {.create = true, .readOnly = false});
        QVERIFY2(opened.has_value(), opened ? "" : describe(opened.error()).c_str());
        m_workspace = std::move(*opened);
    }
    std::vector<RuleChange> import(bool apply)
    {
        auto changes = m_workspace->detections().importRules(m_folder->path() / "rules", "sigma", apply, {});
        return changes ? std::move(*changes) : std::vector<RuleChange>();
    }
    static std::string kinds(const std::vector<RuleChange> &changes)
    {
        std::vector<std::string> all;
        for (const RuleChange &change : changes) {
            all.push_back(change.kind + " ");
        }
        std::sort(all.begin(), all.end());
        std::string text;
        for (const std::string &one : all) {
            text += one;
        }
        return text;
    }
    bool listed(const std::string &id)
    {
        const auto rules = m_workspace->detections().rules();
        return rules && find(*rules, id) != nullptr;
    }
    void importEvents(const std::string &text)
    {
        const fs::path file = m_folder->path() / ("log" + std::to_string(m_files++) + ".ndjson");
        write(file, text);
        QVERIFY(m_workspace->imports().importPaths({file}, {}, {}, {}).has_value());
    }

    std::unique_ptr<testsupport::TemporaryFolder> m_folder;
    std::unique_ptr<Workspace> m_workspace;
    int m_files = 0;
};

QTEST_GUILESS_MAIN(RuleLibraryTest)
#include "tst_rulelibrary.moc"
