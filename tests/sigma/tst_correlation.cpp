// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/correlationset.h"
#include "sigma/ruleparser.h"

#include <QTest>

using namespace nightjar;
using namespace nightjar::sigma;

namespace {

struct Loaded {
    std::vector<std::string> refused;
    std::shared_ptr<const CorrelationSet> set;
    RuleSet rules;
};

Loaded loadText(const std::string &yaml)
{
    Loaded out;
    std::vector<Rule> rules;
    std::vector<Correlation> correlations;
    for (ParsedDocument &document : parseRules(yaml, "test.yml")) {
        if (document.rule) {
            rules.push_back(std::move(*document.rule));
        } else if (document.correlation) {
            correlations.push_back(std::move(*document.correlation));
        } else {
            out.refused.push_back(document.verdict.reason);
        }
    }
    out.rules = RuleSet::compile(std::move(rules), FieldMapping::raw());
    auto compiled = CorrelationSet::compile(std::move(correlations), out.rules);
    out.set = compiled.set;
    for (const CorrelationProblem &problem : compiled.problems) {
        out.refused.push_back(problem.error.reason);
    }
    return out;
}

std::string base(const std::string &name)
{
    return "title: " + name + "\nname: " + name +
           "\nlogsource:\n  category: proxy\ndetection:\n  s:\n    act: x\n  condition: s\n---\n";
}

std::string correlation(const std::string &name, const std::string &body)
{
    return "title: " + name + "\nname: " + name + "\ncorrelation:\n" + body + "\n---\n";
}

} // namespace

/// Correlation documents: what is taken, what is refused and why, who alerts.
class TstCorrelation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void accepts_data();
    void accepts();
    void whoAlerts();
};

void TstCorrelation::refuses_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const char *body, const char *reason) {
        QTest::newRow(name) << QString::fromUtf8(body) << QString::fromUtf8(reason);
    };
    const char *const tail = "  rules: [a]\n  timespan: 5m\n  condition: {gte: 2}";
    row("no type", tail, "no type");
    row("unknown type", "  type: count\n  rules: [a]\n  timespan: 5m\n  condition: {gte: 2}", "no correlation type");
    row("no rules", "  type: event_count\n  timespan: 5m\n  condition: {gte: 2}", "refers to no rule");
    row("unknown rule", "  type: event_count\n  rules: [z]\n  timespan: 5m\n  condition: {gte: 2}", "is not loaded");
    row("itself", "  type: event_count\n  rules: [it]\n  timespan: 5m\n  condition: {gte: 2}", "itself");
    row("no timespan", "  type: event_count\n  rules: [a]\n  condition: {gte: 2}", "no timespan");
    row("timespan without unit", "  type: event_count\n  rules: [a]\n  timespan: 5\n  condition: {gte: 2}", "units");
    row("timespan zero", "  type: event_count\n  rules: [a]\n  timespan: 0s\n  condition: {gte: 2}", "above 0");
    row("timespan negative", "  type: event_count\n  rules: [a]\n  timespan: -5m\n  condition: {gte: 2}", "above 0");
    row("timespan huge", "  type: event_count\n  rules: [a]\n  timespan: 9223372036854775807y\n  condition: {gte: 2}",
        "units");
    row("no condition", "  type: event_count\n  rules: [a]\n  timespan: 5m", "no condition");
    row("empty condition", "  type: event_count\n  rules: [a]\n  timespan: 5m\n  condition: {}", "none of gt");
    row("no number", "  type: event_count\n  rules: [a]\n  timespan: 5m\n  condition: {gte: many}", "no number");
    row("nan", "  type: event_count\n  rules: [a]\n  timespan: 5m\n  condition: {gte: nan}", "no number");
    row("unknown operator", "  type: event_count\n  rules: [a]\n  timespan: 5m\n  condition: {ge: 2}", "not known");
    row("field missing", "  type: value_sum\n  rules: [a]\n  timespan: 5m\n  condition: {gte: 2}", "names no field");
    row("field too many", "  type: value_sum\n  rules: [a]\n  timespan: 5m\n  condition: {gte: 2, field: [x, y]}",
        "only value_count");
    row("percentile range",
        "  type: value_percentile\n  rules: [a]\n  timespan: 5m\n"
        "  condition: {gte: 2, field: x, percentile: 101}",
        "from 0 to 100");
    row("unknown key", "  type: event_count\n  rules: [a]\n  timespan: 5m\n  group_by: [u]\n  condition: {gte: 2}",
        "group_by");
    row("alias of a stranger",
        "  type: event_count\n  rules: [a]\n  timespan: 5m\n  condition: {gte: 2}\n"
        "  aliases: {u: {b: x}}",
        "not among the rules");
    row("condition for counts", "  type: event_count\n  rules: [a]\n  timespan: 5m\n  condition: a and b",
        "temporal types only");
    row("condition of a stranger", "  type: temporal\n  rules: [a]\n  timespan: 5m\n  condition: a and b",
        "not among the rules");
    row("condition leaves one out", "  type: temporal\n  rules: [a, b]\n  timespan: 5m\n  condition: a",
        "does not occur");
    row("condition open bracket", "  type: temporal\n  rules: [a, b]\n  timespan: 5m\n  condition: (a and b",
        "not closed");
    row("condition dangling", "  type: temporal\n  rules: [a, b]\n  timespan: 5m\n  condition: a and b or",
        "ends where");
    row("generate", "  type: event_count\n  rules: [a]\n  timespan: 5m\n  condition: {gte: 2}\n  generate: perhaps",
        "neither true nor false");
}

void TstCorrelation::refuses()
{
    QFETCH(QString, body);
    QFETCH(QString, reason);
    const Loaded loaded = loadText(base("a") + base("b") + correlation("it", body.toStdString()));
    QCOMPARE(loaded.refused.size(), std::size_t(1));
    QVERIFY2(loaded.refused.front().find(reason.toStdString()) != std::string::npos, loaded.refused.front().c_str());
    QVERIFY(loaded.set->empty());
}

void TstCorrelation::accepts_data()
{
    QTest::addColumn<QString>("body");
    const auto row = [](const char *name, const char *body) { QTest::newRow(name) << QString::fromUtf8(body); };
    row("no group", "  type: event_count\n  rules: a\n  timespan: 5m\n  condition: {gte: 2}");
    row("range", "  type: event_count\n  rules: [a]\n  timespan: 1w\n  condition: {gt: 2, lte: 5.5}");
    row("month", "  type: event_count\n  rules: [a]\n  timespan: 1M\n  condition: {neq: 2}");
    row("temporal", "  type: temporal\n  rules: [a, b]\n  timespan: 5m");
    row("rules from the condition", "  type: temporal\n  timespan: 5m\n  condition: a and not (b or not a)");
    row("tuple", "  type: value_count\n  rules: [a]\n  timespan: 5m\n  condition: {gte: 2, field: [x, y]}");
}

void TstCorrelation::accepts()
{
    QFETCH(QString, body);
    const Loaded loaded = loadText(base("a") + base("b") + correlation("it", body.toStdString()));
    QVERIFY2(loaded.refused.empty(), loaded.refused.empty() ? "" : loaded.refused.front().c_str());
    QCOMPARE(loaded.set->correlations().size(), std::size_t(1));
}

void TstCorrelation::whoAlerts()
{
    const std::string tail = "  timespan: 5m\n  condition: {gte: 2}\n";
    const Loaded loaded =
        loadText(base("a") + base("b") + base("c") + base("d") +
                 correlation("outer", "  type: temporal\n  rules: [inner, b]\n  timespan: 1h\n  generate: true") +
                 correlation("top", "  type: event_count\n  rules: [outer]\n" + tail) +
                 correlation("inner", "  type: event_count\n  rules: [a]\n" + tail) +
                 correlation("broken", "  type: event_count\n  rules: [c, nowhere]\n" + tail));
    QCOMPARE(loaded.refused.size(), std::size_t(1));
    QVERIFY(loaded.set->silences(0));
    QVERIFY(!loaded.set->silences(1)); // generate
    QVERIFY(loaded.set->silences(2));  // part of a refused correlation: no alerts of its own in place of it
    QVERIFY(!loaded.set->silences(3)); // nobody refers to it
    for (const CompiledCorrelation &one : loaded.set->correlations()) {
        QCOMPARE(one.silent, one.rule.head.name == "outer");
    }
    QCOMPARE(loaded.set->correlations().front().rule.head.name, std::string("inner"));
    QCOMPARE(loaded.set->reach(), (3600 + 300 + 300) * kMicrosPerSecond);
}

QTEST_GUILESS_MAIN(TstCorrelation)
#include "tst_correlation.moc"
