// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "event/builder.h"
#include "sigma/correlator.h"
#include "sigma/flatjson.h"
#include "sigma/ruleparser.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <span>

using namespace nightjar;
using namespace nightjar::sigma;

namespace {

/// An event as the reference sees it: no columns, no blocks.
struct PlainEvent {
    Timestamp time = 0;
    std::map<std::string, std::string> fields;
};

/// One alert: correlation, group, first, completed, last, events.
struct Alert {
    std::string rule, group;
    Timestamp first = 0, completed = 0, last = 0;
    std::int64_t events = 0;
    auto operator<=>(const Alert &) const = default;
};

struct Rules {
    std::shared_ptr<const RuleSet> rules;
    std::shared_ptr<const CorrelationSet> set;
};

Rules compile(const std::string &yaml)
{
    std::vector<Rule> rules;
    std::vector<Correlation> correlations;
    for (ParsedDocument &document : parseRules(yaml, "test.yml")) {
        if (document.rule) {
            rules.push_back(std::move(*document.rule));
        } else if (document.correlation) {
            correlations.push_back(std::move(*document.correlation));
        } else {
            qWarning("%s", document.verdict.reason.c_str());
        }
    }
    Rules out;
    out.rules = std::make_shared<const RuleSet>(RuleSet::compile(std::move(rules), FieldMapping::raw()));
    auto compiled = CorrelationSet::compile(std::move(correlations), *out.rules);
    for (const CorrelationProblem &problem : compiled.problems) {
        qWarning("%s", problem.error.reason.c_str());
    }
    out.set = std::move(compiled.set);
    return out;
}

std::string baseRule(const std::string &name, const std::string &field, const std::string &value)
{
    return "---\ntitle: Base " + name + "\nname: " + name +
           "\nlogsource:\n    category: proxy\ndetection:\n    selection:\n        " + field + ": '" + value +
           "'\n    condition: selection\n";
}

std::string correlation(const std::string &name, const std::string &body, bool grouped = true)
{
    return "---\ntitle: Correlation " + name + "\nname: " + name + "\ncorrelation:\n" + body +
           (grouped ? "    group-by: [user]\n" : "") + "    generate: true\n";
}

std::string body(const std::string &type, const std::string &rules, const std::string &timespan,
                 const std::string &condition)
{
    return "    type: " + type + "\n    rules: [" + rules + "]\n    timespan: " + timespan + "\n" +
           (condition.empty() ? std::string() : "    condition: " + condition + "\n");
}

std::string allRules()
{
    std::string text = baseRule("a", "act", "a") + baseRule("b", "act", "b") + baseRule("c", "flag", "1");
    text += correlation("count", body("event_count", "a, c", "10s", "{gte: 4}"));
    text += correlation("count_all", body("event_count", "b", "3s", "{gt: 4}"), false);
    text += correlation("count_one", body("event_count", "c", "2s", "{gte: 1}"));
    text += correlation("few", body("event_count", "a", "4s", "{lt: 2}"));
    text += correlation("range", body("event_count", "a, b", "10s", "{gt: 2, lte: 5}"));
    text += correlation("exactly", body("event_count", "b", "6s", "{eq: 3}"));
    text += correlation("distinct", body("value_count", "a, b", "12s", "{gte: 5, field: dst}"));
    text += correlation("tuples", body("value_count", "a", "20s", "{gte: 6, field: [dst, act]}"));
    text += correlation("together", body("temporal", "a, b, c", "2s", ""));
    text += correlation("two_of_three", body("temporal", "a, b, c", "1s", "{gte: 2}"));
    text += correlation("either", body("temporal", "a, b, c", "3s", "'a and (b or not c)'"));
    text += correlation("in_order", body("temporal_ordered", "c, b, a", "3s", ""));
    text += correlation("two_in_order", body("temporal_ordered", "c, b, a", "1s", "{gte: 2}"));
    text += correlation("order_or", body("temporal_ordered", "a, b, c", "2s", "'(a or b) and c'"));
    text += correlation("order_not", body("temporal_ordered", "a, b, c", "2s", "'a and b and not c'"));
    text += correlation("sum", body("value_sum", "a, b", "10s", "{gt: 90.5, field: v}"));
    text += correlation("average", body("value_avg", "a", "10s", "{gte: 12.5, field: v}"));
    text += correlation("median", body("value_median", "a, b", "15s", "{gt: 14, field: v}"));
    text += correlation("percentile", body("value_percentile", "a, b", "30s", "{gt: 18, field: v, percentile: 90}"));
    text += correlation("chain", body("temporal_ordered", "count, b", "5s", ""));
    text += correlation("bursts", body("event_count", "count_one, together", "20s", "{gte: 3}"));
    text += correlation("users", body("value_count", "count_one", "6s", "{gte: 3, field: user}"), false);
    text += correlation("deep", body("temporal", "chain, bursts, c", "20s", ""));
    return text;
}

class Stream {
public:
    explicit Stream(unsigned seed)
        : m_random(seed)
    {
    }
    [[nodiscard]] std::size_t below(std::size_t bound) { return m_random() % bound; }

    std::vector<PlainEvent> events(std::size_t count)
    {
        std::vector<PlainEvent> all;
        Timestamp time = 1'700'000'000 * kMicrosPerSecond;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t step = below(10);
            time += step < 3 ? 0 : static_cast<Timestamp>(below(step == 9 ? 9'000 : 700)) * 1'000;
            PlainEvent event{time, {}};
            event.fields["act"] = std::string(1, static_cast<char>('a' + below(4)));
            if (below(4) == 0) {
                event.fields["flag"] = "1";
            }
            if (below(12) != 0) {
                event.fields["user"] = "u" + std::to_string(below(4));
            }
            if (below(8) != 0) {
                event.fields["dst"] = "host" + std::to_string(below(9));
            }
            if (const std::size_t kind = below(10); kind != 0) {
                event.fields["v"] =
                    kind == 1 ? "many" : std::to_string(below(25)) + (kind < 5 ? "." + std::to_string(below(10)) : "");
            }
            all.push_back(std::move(event));
        }
        return all;
    }

    /// Arrival order in which nothing is more than `lateness` behind.
    std::vector<PlainEvent> shuffled(std::vector<PlainEvent> events, std::int64_t lateness)
    {
        std::vector<std::pair<Timestamp, std::size_t>> order;
        for (std::size_t i = 0; i < events.size(); ++i) {
            order.emplace_back(events[i].time + static_cast<Timestamp>(below(static_cast<std::size_t>(lateness))), i);
        }
        std::sort(order.begin(), order.end());
        std::vector<PlainEvent> result;
        for (const auto &[key, i] : order) {
            result.push_back(std::move(events[i]));
        }
        return result;
    }

private:
    std::mt19937 m_random;
};

/// The specification read literally: for each event, look at everything within the timespan before it.
class Reference {
public:
    Reference(const CorrelationSet &set, const RuleSet &rules, std::vector<PlainEvent> events)
        : m_set(set)
        , m_rules(rules)
        , m_events(std::move(events))
        , m_fired(set.correlations().size(), std::vector<std::vector<Fired>>(m_events.size()))
    {
        std::stable_sort(m_events.begin(), m_events.end(),
                         [](const PlainEvent &left, const PlainEvent &right) { return left.time < right.time; });
        for (std::size_t c = 0; c < set.correlations().size(); ++c) {
            run(c);
        }
    }
    [[nodiscard]] std::vector<Alert> alerts() const { return m_alerts; }

private:
    struct Fired {
        std::map<std::string, std::string> fields;
        bool fresh = false;
    };
    struct Input {
        std::size_t event = 0;
        std::uint64_t slots = 0;
        std::vector<std::string> values;
    };

    [[nodiscard]] bool matches(std::uint32_t rule, const PlainEvent &event) const
    {
        const Item &item = m_rules.rules()[rule].items.front();
        const auto found = event.fields.find(item.field);
        return found != event.fields.end() && found->second == item.values.front().text;
    }

    void addInput(std::map<std::string, std::vector<Input>> &groups, const Correlation &rule, std::size_t event,
                  std::size_t slot, const std::map<std::string, std::string> &fields)
    {
        std::string key;
        for (const std::string &name : rule.groupBy) {
            if (!fields.contains(name)) {
                return;
            }
            key += fields.at(name);
        }
        Input input{event, std::uint64_t{1} << slot, {}};
        std::string tuple;
        for (const std::string &name : rule.fields) {
            if (!fields.contains(name)) {
                return;
            }
            tuple += fields.at(name) + "|";
        }
        if (!rule.fields.empty()) {
            const std::string value = rule.type == CorrelationType::ValueCount ? tuple : fields.at(rule.fields.front());
            if (rule.type != CorrelationType::ValueCount && !parseNumber(value)) {
                return;
            }
            input.values.push_back(value);
        }
        std::vector<Input> &group = groups[key];
        if (!group.empty() && group.back().event == event) {
            group.back().slots |= input.slots;
        } else {
            group.push_back(std::move(input));
        }
        m_current.insert(key);
    }

    void run(std::size_t c)
    {
        const CompiledCorrelation &compiled = m_set.correlations()[c];
        const Correlation &rule = compiled.rule;
        std::map<std::string, std::vector<Input>> groups;
        std::map<std::string, Alert> open;
        for (std::size_t e = 0; e < m_events.size(); ++e) {
            m_current.clear();
            for (std::size_t s = 0; s < compiled.slots.size(); ++s) {
                const CorrelationSlot &slot = compiled.slots[s];
                if (!slot.inner && matches(slot.target, m_events[e])) {
                    addInput(groups, rule, e, s, m_events[e].fields);
                }
                for (const Fired &fired : slot.inner ? m_fired[slot.target][e] : std::vector<Fired>()) {
                    const bool temporal =
                        rule.type == CorrelationType::Temporal || rule.type == CorrelationType::TemporalOrdered;
                    if (temporal || fired.fresh) {
                        addInput(groups, rule, e, s, fired.fields);
                    }
                }
            }
            for (const std::string &key : m_current) {
                judge(c, key, groups[key], open, e);
            }
        }
        for (const auto &[key, alert] : open) {
            m_alerts.push_back(alert);
        }
    }

    void judge(std::size_t c, const std::string &key, const std::vector<Input> &inputs,
               std::map<std::string, Alert> &open, std::size_t event)
    {
        const Correlation &rule = m_set.correlations()[c].rule;
        const Timestamp now = m_events[event].time;
        std::vector<Input> window;
        for (const Input &input : inputs) {
            if (m_events[input.event].time >= now - rule.timespan) {
                window.push_back(input);
            }
        }
        if (!holds(rule, window)) {
            return;
        }
        const Timestamp first = m_events[window.front().event].time;
        const auto before = open.find(key);
        const bool fresh = before == open.end() || first > before->second.last;
        if (fresh) {
            if (before != open.end()) {
                m_alerts.push_back(before->second);
            }
            open[key] = {rule.head.name, key, first, now, now, 0};
        }
        Alert &alert = open[key];
        alert.last = now;
        alert.events = std::count_if(inputs.begin(), inputs.end(),
                                     [&](const Input &input) { return m_events[input.event].time >= alert.first; });
        Fired fired{{}, fresh};
        if (!rule.groupBy.empty()) {
            fired.fields["user"] = key;
        }
        m_fired[c][event].push_back(std::move(fired));
    }

    static bool within(const Correlation &rule, double value)
    {
        return std::all_of(rule.limits.begin(), rule.limits.end(), [&](const Limit &limit) {
            const double bound = limit.number;
            const bool results[] = {value > bound,
                                    value >= bound,
                                    value < bound,
                                    value <= bound,
                                    std::fabs(value - bound) < 1e-9,
                                    std::fabs(value - bound) >= 1e-9};
            return results[static_cast<std::size_t>(limit.op)];
        });
    }

    /// True when the window holds the wanted slots one after the other.
    static bool inOrder(const std::vector<Input> &window, std::uint64_t wanted)
    {
        for (const Input &input : window) {
            while (wanted != 0 && (input.slots & (wanted & (~wanted + 1))) != 0) {
                wanted &= wanted - 1;
            }
        }
        return wanted == 0;
    }

    static bool condition(const Correlation &rule, std::uint32_t node, bool negated, std::uint64_t chain,
                          std::uint64_t present)
    {
        const CorrelationNode &n = rule.condition[node];
        const auto child = [&](std::uint32_t c) { return condition(rule, c, negated, chain, present); };
        switch (n.gate) {
        case CorrelationNode::Gate::Not:
            return condition(rule, n.children.front(), !negated, chain, present);
        case CorrelationNode::Gate::Rule:
            return negated ? (present >> n.slot & 1U) == 0 : (chain >> n.slot & 1U) != 0;
        case CorrelationNode::Gate::And:
        case CorrelationNode::Gate::Or:
            return (n.gate == CorrelationNode::Gate::And) != negated
                       ? std::all_of(n.children.begin(), n.children.end(), child)
                       : std::any_of(n.children.begin(), n.children.end(), child);
        }
        return false;
    }

    static bool holdsTemporal(const Correlation &rule, const std::vector<Input> &window)
    {
        const bool ordered = rule.type == CorrelationType::TemporalOrdered;
        std::uint64_t present = 0;
        for (const Input &input : window) {
            present |= input.slots;
        }
        int longest = 0;
        bool condition_ = false;
        for (std::uint64_t chain = 0; chain < std::uint64_t{1} << rule.rules.size(); ++chain) {
            const bool there = ordered ? inOrder(window, chain) : chain == present;
            longest = there ? std::max(longest, std::popcount(chain)) : longest;
            condition_ = condition_ || (there && !rule.condition.empty() &&
                                        condition(rule, static_cast<std::uint32_t>(rule.condition.size() - 1), false,
                                                  chain, present));
        }
        if (!rule.condition.empty()) {
            return condition_;
        }
        return rule.limits.empty() ? longest == static_cast<int>(rule.rules.size()) : within(rule, longest);
    }

    static double quantile(std::vector<double> values, double share)
    {
        std::sort(values.begin(), values.end());
        const double rank = share * static_cast<double>(values.size() - 1);
        const auto low = static_cast<std::size_t>(rank);
        const std::size_t high = std::min(low + 1, values.size() - 1);
        return values[low] + (values[high] - values[low]) * (rank - static_cast<double>(low));
    }

    static bool holds(const Correlation &rule, const std::vector<Input> &window)
    {
        std::set<std::string> distinct;
        std::vector<double> numbers;
        double tenths = 0; // whole: exact
        for (const Input &input : window) {
            distinct.insert(input.values.begin(), input.values.end());
            for (const std::string &value : input.values) {
                numbers.push_back(parseNumber(value).value_or(0));
                tenths += std::round(numbers.back() * 10);
            }
        }
        switch (rule.type) {
        case CorrelationType::EventCount:
            return within(rule, static_cast<double>(window.size()));
        case CorrelationType::ValueCount:
            return within(rule, static_cast<double>(distinct.size()));
        case CorrelationType::Temporal:
        case CorrelationType::TemporalOrdered:
            return holdsTemporal(rule, window);
        case CorrelationType::ValueSum:
            return within(rule, tenths / 10);
        case CorrelationType::ValueAverage:
            return within(rule, tenths / 10 / static_cast<double>(numbers.size()));
        case CorrelationType::ValuePercentile:
            return within(rule, quantile(numbers, rule.percentile / 100));
        case CorrelationType::ValueMedian:
            return within(rule, quantile(numbers, 0.5));
        }
        return false;
    }

    const CorrelationSet &m_set;
    const RuleSet &m_rules;
    std::vector<PlainEvent> m_events;
    std::vector<std::vector<std::vector<Fired>>> m_fired; ///< by correlation and event
    std::set<std::string> m_current;                      ///< groups that the event touches
    std::vector<Alert> m_alerts;
};

event::EventBlock blockOf(std::span<const PlainEvent> events)
{
    event::BlockBuilder builder;
    for (const PlainEvent &event : events) {
        builder.beginRow({});
        builder.setTime(event.time);
        for (const auto &[key, value] : event.fields) {
            builder.set(builder.namedHandle(rawColumn(key)), value);
        }
        builder.commitRow();
    }
    return builder.finish();
}

/// Alerts from findings that come in pieces.
class Gatherer {
public:
    explicit Gatherer(const CorrelationSet &set)
        : m_set(set)
    {
    }
    void take(Correlator &correlator)
    {
        for (const CorrelationFinding &finding : correlator.takeFindings()) {
            const std::string group = finding.group.empty() ? std::string() : finding.group.front().second;
            m_alerts[finding.key(m_set)] = {m_set.correlations()[finding.correlation].rule.head.name,
                                            group,
                                            finding.first,
                                            finding.completed,
                                            finding.last,
                                            finding.events};
        }
    }
    [[nodiscard]] std::vector<Alert> alerts() const
    {
        std::vector<Alert> all;
        for (const auto &[key, alert] : m_alerts) {
            all.push_back(alert);
        }
        return all;
    }

private:
    const CorrelationSet &m_set;
    std::map<std::string, Alert> m_alerts;
};

std::string describe(const Alert &alert)
{
    return alert.rule + " " + alert.group + " " + std::to_string(alert.first % 1'000'000'000) + " " +
           std::to_string(alert.completed % 1'000'000'000) + " " + std::to_string(alert.last % 1'000'000'000) + " " +
           std::to_string(alert.events);
}

/// Empty when equal.
std::string difference(std::vector<Alert> got, std::vector<Alert> wanted)
{
    std::sort(got.begin(), got.end());
    std::sort(wanted.begin(), wanted.end());
    std::vector<Alert> missing;
    std::vector<Alert> extra;
    std::set_difference(wanted.begin(), wanted.end(), got.begin(), got.end(), std::back_inserter(missing));
    std::set_difference(got.begin(), got.end(), wanted.begin(), wanted.end(), std::back_inserter(extra));
    std::string text;
    if (!missing.empty()) {
        text += "missing: " + describe(missing.front());
    }
    if (!extra.empty()) {
        text += " unexpected: " + describe(extra.front());
    }
    return text;
}

} // namespace

/// Correlations over random streams, in pieces and out of order, against a plain reading of the specification.
class TstCorrelationStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsReference_data();
    void equalsReference();
    void lateEventsAreToldAndRedone();
    void memoryIsBounded();
    void damagedCheckpoint();
};

void TstCorrelationStream::equalsReference_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 40; ++seed) {
        QTest::addRow("%d", seed) << seed;
    }
}

void TstCorrelationStream::equalsReference()
{
    QFETCH(int, seed);
    const Rules rules = compile(allRules());
    QCOMPARE(rules.set->correlations().size(), std::size_t(23));
    Stream stream(static_cast<unsigned>(seed));
    CorrelatorOptions options;
    options.lateness = static_cast<std::int64_t>(1 + stream.below(20)) * kMicrosPerSecond;
    const auto arrived = stream.shuffled(stream.events(600), options.lateness);
    const Reference reference(*rules.set, *rules.rules, arrived);

    Correlator correlator(rules.set, options);
    Gatherer gatherer(*rules.set);
    for (std::size_t from = 0; from < arrived.size();) {
        const std::size_t rows = std::min(arrived.size() - from, 1 + stream.below(seed % 2 == 0 ? 40 : 300));
        const auto block = blockOf(std::span(arrived).subspan(from, rows));
        QVERIFY(correlator.observe(rules.set->collect(block, rules.rules->evaluate(block)),
                                   static_cast<std::int64_t>(from) + 1));
        from += rows;
        gatherer.take(correlator);
        if (stream.below(4) == 0) {
            auto restored = Correlator::restore(correlator.snapshot(), rules.set, options);
            QVERIFY(restored);
            QCOMPARE(restored->snapshot(), correlator.snapshot());
            correlator = std::move(*restored);
        }
    }
    correlator.drain();
    gatherer.take(correlator);
    QCOMPARE(correlator.notices().late, std::int64_t(0));
    const std::string wrong = difference(gatherer.alerts(), reference.alerts());
    QVERIFY2(wrong.empty(), wrong.c_str());
    QVERIFY(reference.alerts().size() > 100);
}

/// What comes behind the bound is left out, named, and found by a pass over its range.
void TstCorrelationStream::lateEventsAreToldAndRedone()
{
    const Rules rules = compile(allRules());
    Stream stream(99);
    auto events = stream.events(400);
    const std::vector<PlainEvent> late(events.begin() + 100, events.begin() + 120);
    std::vector<PlainEvent> arrived(events.begin(), events.begin() + 100);
    arrived.insert(arrived.end(), events.begin() + 120, events.end());
    arrived.insert(arrived.end(), late.begin(), late.end());
    CorrelatorOptions options;
    options.lateness = 5 * kMicrosPerSecond;
    Correlator correlator(rules.set, options);
    const auto block = blockOf(arrived);
    const auto hits = rules.set->collect(block, rules.rules->evaluate(block));
    correlator.observe(hits, 1);
    QVERIFY(correlator.notices().late > 5);
    const auto range = correlator.lateRange();
    QVERIFY(range);
    QVERIFY(range->first >= late.front().time && range->second <= late.back().time);

    CorrelatorOptions anyOrder;
    anyOrder.lateness = kOpenTime;
    Correlator again(rules.set, anyOrder);
    again.observe(hits, 1);
    again.drain();
    Gatherer gatherer(*rules.set);
    gatherer.take(again);
    const Reference reference(*rules.set, *rules.rules, arrived);
    const std::string wrong = difference(gatherer.alerts(), reference.alerts());
    QVERIFY2(wrong.empty(), wrong.c_str());
}

void TstCorrelationStream::memoryIsBounded()
{
    const Rules rules =
        compile(baseRule("a", "act", "a") + correlation("count", body("event_count", "a", "1h", "{gte: 3}")));
    CorrelatorOptions options;
    options.maxBytes = 1u << 20U;
    options.lateness = 0;
    Correlator correlator(rules.set, options);
    std::vector<PlainEvent> events;
    for (int i = 0; i < 40'000; ++i) {
        events.push_back(
            {1'700'000'000 * kMicrosPerSecond + i * 1'000, {{"act", "a"}, {"user", "u" + std::to_string(i)}}});
    }
    const auto block = blockOf(events);
    correlator.observe(rules.set->collect(block, rules.rules->evaluate(block)), 1);
    correlator.drain();
    QVERIFY(correlator.bytes() <= options.maxBytes);
    QVERIFY(correlator.notices().evicted > 0);
    QCOMPARE(correlator.groups() + static_cast<std::size_t>(correlator.notices().evicted), std::size_t(40'000));
    correlator.advance(1'700'000'000 * kMicrosPerSecond + 3'700 * kMicrosPerSecond);
    QCOMPARE(correlator.groups(), std::size_t(0));
    QCOMPARE(correlator.bytes(), std::size_t(0));
}

void TstCorrelationStream::damagedCheckpoint()
{
    const Rules rules = compile(allRules());
    const Correlator correlator(rules.set);
    std::string bytes = correlator.snapshot();
    QVERIFY(Correlator::restore(bytes, rules.set));
    QVERIFY(!Correlator::restore({}, rules.set));
    bytes[bytes.size() / 2] ^= 1;
    QVERIFY(!Correlator::restore(bytes, rules.set));
    const Rules others =
        compile(baseRule("a", "act", "a") + correlation("count", body("event_count", "a", "1h", "{gte: 3}")));
    QCOMPARE(Correlator::restore(correlator.snapshot(), others.set).error().code, std::string("NJ-SIGMA-060"));
}

QTEST_GUILESS_MAIN(TstCorrelationStream)
#include "tst_correlationstream.moc"
