// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/builder.h"
#include "pipeline/committer.h"
#include "sigma/ruleparser.h"
#include "store/catalog.h"
#include "tests/support/manualclock.h"
#include "tests/support/support.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <set>

using namespace nightjar;
using event::Field;

namespace {

constexpr Timestamp kStart = 1'770'000'000 * kMicrosPerSecond;

struct PlainEvent {
    Timestamp time = 0;
    std::string user, host;
    bool denied = false;
};

std::string rule(const std::string &name, const std::string &type)
{
    return "---\ntitle: Base " + name + "\nname: " + name +
           "\nlevel: high\nlogsource:\n  category: proxy\ndetection:\n  s:\n    event.type: " + type +
           "\n  condition: s\n";
}

std::string correlation(const std::string &name, const std::string &body)
{
    return "---\ntitle: " + name + "\nname: " + name + "\nlevel: high\ncorrelation:\n  group-by: [user.name]\n" + body;
}

pipeline::Detectors detectors()
{
    const std::string yaml =
        rule("denied", "denied") + rule("allowed", "allowed") +
        correlation("many", "  type: event_count\n  rules: [denied]\n  timespan: 3m\n  condition: {gte: 4}\n") +
        correlation("hosts", "  type: value_count\n  rules: [allowed, denied]\n  timespan: 10m\n"
                             "  condition: {gte: 7, field: url.domain}\n") +
        correlation("ordered",
                    "  type: temporal_ordered\n  rules: [many, allowed]\n  timespan: 1m\n  generate: true\n");
    std::vector<sigma::Rule> rules;
    std::vector<sigma::Correlation> correlations;
    for (sigma::ParsedDocument &document : sigma::parseRules(yaml, "test.yml")) {
        if (document.rule) {
            rules.push_back(std::move(*document.rule));
        } else if (document.correlation) {
            correlations.push_back(std::move(*document.correlation));
        }
    }
    pipeline::Detectors out;
    out.rules = std::make_shared<const sigma::RuleSet>(
        sigma::RuleSet::compile(std::move(rules), sigma::FieldMapping::zscaler()));
    out.correlations = sigma::CorrelationSet::compile(std::move(correlations), *out.rules).set;
    return out;
}

event::EventBlock blockOf(std::span<const PlainEvent> events)
{
    event::BlockBuilder builder;
    for (const PlainEvent &event : events) {
        builder.beginRow("record");
        builder.setTime(event.time);
        builder.set(Field::LogType, "web");
        builder.set(Field::UserName, event.user);
        builder.set(Field::UrlDomain, event.host);
        builder.set(Field::EventType, event.denied ? "denied" : "allowed");
        builder.commitRow();
    }
    return builder.finish();
}

std::vector<PlainEvent> someEvents(std::mt19937 &random, std::size_t count)
{
    std::vector<PlainEvent> events;
    Timestamp time = kStart;
    for (std::size_t i = 0; i < count; ++i) {
        time += static_cast<Timestamp>(random() % (random() % 20 == 0 ? 400'000 : 20'000)) * 1'000;
        events.push_back({time, "u" + std::to_string(random() % 5), "h" + std::to_string(random() % 12) + ".example",
                          random() % 3 == 0});
    }
    return events;
}

/// An alert of a correlation as the test compares it.
struct Seen {
    std::string key;
    Timestamp first = 0, last = 0;
    std::int64_t events = 0;
    auto operator<=>(const Seen &) const = default;
};

/// Store, alerts and writer of one workspace.
class Desk {
public:
    Desk()
        : m_catalog(std::move(store::Catalog::open(m_folder / "catalog.db").value()))
        , m_events(std::move(store::EventStore::open(m_folder / "events").value()))
        , m_alerts(alerts::AlertStore::open(*m_catalog, m_clock).value())
        , m_detectors(detectors())
    {
        m_clock.advance(kStart + 10 * kMicrosPerDay - m_clock.now());
        start();
    }

    /// As after a crash: what was not kept is gone.
    void start()
    {
        m_committer = std::make_unique<pipeline::Committer>(*m_events, m_alerts, m_clock, false);
        QVERIFY(m_committer->catchUp(m_detectors, {}));
    }

    void commit(std::span<const PlainEvent> events)
    {
        pipeline::ProcessedBatch batch;
        batch.block = blockOf(events);
        batch.findings = pipeline::detect(batch.block, m_detectors, nullptr, &batch.correlated, m_clock);
        batch.encoded = std::move(*store::encodeBlock(batch.block));
        QVERIFY(m_committer->commit(std::move(batch), cursor(), true, false));
    }
    /// A block that was stored, and then the power went.
    void storeOnly(std::span<const PlainEvent> events)
    {
        auto encoded = store::encodeBlock(blockOf(events));
        QVERIFY(m_events->append(std::move(*encoded), cursor()));
    }
    void checkpoint() { QVERIFY(m_committer->checkpoint()); }
    void pass(std::int64_t seconds) { m_clock.advance(seconds * kMicrosPerSecond); }

    [[nodiscard]] std::vector<Seen> alerts() const
    {
        std::vector<Seen> seen;
        const auto listed = m_alerts.list({});
        for (const alerts::Alert &alert : *listed) {
            const alerts::Finding &f = alert.finding;
            if (f.key.starts_with("correlation")) { // base rules alert as well: `generate`
                seen.push_back({f.key, f.first, f.last, f.events});
            }
        }
        std::sort(seen.begin(), seen.end());
        return seen;
    }
    [[nodiscard]] alerts::Alert newest() const { return m_alerts.get(m_alerts.list({}).value().front().id).value(); }
    /// What a hunt over everything stored finds.
    [[nodiscard]] std::vector<Seen> hunt() const
    {
        const pipeline::CorrelationHunt hunt(*m_detectors.rules, m_detectors.correlations);
        auto correlator = hunt.run(*m_events, {}, {});
        std::vector<Seen> seen;
        for (const sigma::CorrelationFinding &f : correlator->takeFindings()) {
            seen.push_back({f.key(*m_detectors.correlations), f.first, f.last, f.events});
        }
        std::sort(seen.begin(), seen.end());
        return seen;
    }

private:
    static store::SourceCursor cursor()
    {
        store::SourceCursor cursor;
        cursor.sourceKey = "test";
        cursor.delivery = 1;
        return cursor;
    }
    testsupport::TemporaryFolder m_folder;
    testsupport::ManualClock m_clock;
    std::unique_ptr<store::Catalog> m_catalog;
    std::unique_ptr<store::EventStore> m_events;
    alerts::AlertStore m_alerts;
    pipeline::Detectors m_detectors;
    std::unique_ptr<pipeline::Committer> m_committer;
};

/// The first difference, empty when there is none.
std::string difference(const std::vector<Seen> &got, const std::vector<Seen> &wanted)
{
    const auto text = [](const Seen &s) {
        return s.key + " from " + formatIsoTime(s.first) + " to " + formatIsoTime(s.last) + ", " +
               std::to_string(s.events) + " events";
    };
    const std::size_t same = static_cast<std::size_t>(
        std::mismatch(got.begin(), got.end(), wanted.begin(), wanted.end()).first - got.begin());
    if (same == got.size() && same == wanted.size()) {
        return {};
    }
    return "got " + (same < got.size() ? text(got[same]) : "nothing") + ", wanted " +
           (same < wanted.size() ? text(wanted[same]) : "nothing");
}

/// Calls `take` with consecutive pieces of random size.
template <class F>
void inPieces(std::mt19937 &random, std::span<const PlainEvent> events, F &&take)
{
    while (!events.empty()) {
        const std::size_t rows = std::min<std::size_t>(events.size(), 1 + random() % 160);
        take(events.first(rows));
        events = events.subspan(rows);
    }
}

} // namespace

/// Correlations on the way from the store to alerts: live, in an import, after a crash and as a hunt.
class TstCorrelationRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void liveIsLikeAHunt_data() { seeds(); }
    void liveIsLikeAHunt();
    void restartsChangeNothing_data() { seeds(); }
    void restartsChangeNothing();
    void secondFileOfTheSameTime_data() { seeds(); }
    void secondFileOfTheSameTime();
    void idleSettlesAndEvidenceIsThere();

private:
    static void seeds();
};

void TstCorrelationRunner::seeds()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 3; ++seed) {
        QTest::addRow("%d", seed) << seed;
    }
}

void TstCorrelationRunner::liveIsLikeAHunt()
{
    QFETCH(int, seed);
    std::mt19937 random(static_cast<unsigned>(seed));
    auto events = someEvents(random, 800);
    // Nothing is later than the bound of a minute.
    std::vector<std::pair<Timestamp, std::size_t>> order;
    for (std::size_t i = 0; i < events.size(); ++i) {
        order.emplace_back(events[i].time + static_cast<Timestamp>(random() % 60'000'000), i);
    }
    std::sort(order.begin(), order.end());
    std::vector<PlainEvent> arrived;
    for (const auto &[key, i] : order) {
        arrived.push_back(events[i]);
    }
    Desk desk;
    inPieces(random, arrived, [&](auto piece) { desk.commit(piece); });
    desk.checkpoint();
    const auto hunted = desk.hunt();
    QVERIFY(hunted.size() > 10);
    const std::string wrong = difference(desk.alerts(), hunted);
    QVERIFY2(wrong.empty(), wrong.c_str());
}

void TstCorrelationRunner::restartsChangeNothing()
{
    QFETCH(int, seed);
    std::mt19937 random(static_cast<unsigned>(seed));
    const auto events = someEvents(random, 800);
    Desk desk;
    inPieces(random, events, [&](auto piece) {
        switch (random() % 6) {
        case 0:
            desk.pass(61); // the next commit keeps the state
            break;
        case 1:
            desk.start();
            break;
        case 2:
            desk.storeOnly(piece);
            desk.start();
            return;
        default:
            break;
        }
        desk.commit(piece);
    });
    desk.checkpoint();
    desk.start();
    auto seen = desk.alerts();
    const auto hunted = desk.hunt();
    QCOMPARE(seen.size(), hunted.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
        // Without a kept state only the window's part of a long alert is counted again.
        QVERIFY(seen[i].events > 0 && seen[i].events <= hunted[i].events);
        seen[i].events = hunted[i].events;
    }
    const std::string wrong = difference(seen, hunted);
    QVERIFY2(wrong.empty(), wrong.c_str());
}

/// Two sources imported one after the other: all of the second comes too late.
void TstCorrelationRunner::secondFileOfTheSameTime()
{
    QFETCH(int, seed);
    std::mt19937 random(static_cast<unsigned>(seed));
    const auto events = someEvents(random, 800);
    std::vector<PlainEvent> files[2];
    for (const PlainEvent &event : events) {
        files[random() % 2].push_back(event);
    }
    Desk desk;
    for (const auto &file : files) {
        inPieces(random, file, [&](auto piece) { desk.commit(piece); });
        desk.checkpoint();
    }
    const auto hunted = desk.hunt();
    const auto seen = desk.alerts();
    const auto sameGroup = [](const Seen &left, const Seen &right) {
        return left.key.substr(0, left.key.rfind('\n')) == right.key.substr(0, right.key.rfind('\n'));
    };
    for (const Seen &wanted : hunted) {
        QVERIFY2(std::any_of(seen.begin(), seen.end(),
                             [&](const Seen &s) {
                                 return sameGroup(s, wanted) && s.first <= wanted.first && s.last >= wanted.last &&
                                        s.events >= wanted.events;
                             }),
                 wanted.key.c_str());
    }
    for (const Seen &alert : seen) {
        QVERIFY2(std::any_of(hunted.begin(), hunted.end(),
                             [&](const Seen &h) {
                                 return sameGroup(h, alert) && h.first <= alert.last && h.last >= alert.first;
                             }),
                 alert.key.c_str());
    }
    // And what comes after is judged with both.
    std::vector<PlainEvent> more = someEvents(random, 200);
    for (PlainEvent &event : more) {
        event.time += events.back().time - kStart;
    }
    inPieces(random, more, [&](auto piece) { desk.commit(piece); });
    desk.checkpoint();
    std::set<std::string> keys;
    for (const Seen &alert : desk.alerts()) {
        keys.insert(alert.key);
    }
    for (const Seen &wanted : desk.hunt()) {
        QVERIFY2(wanted.first < more.front().time || keys.contains(wanted.key), wanted.key.c_str());
    }
}

void TstCorrelationRunner::idleSettlesAndEvidenceIsThere()
{
    Desk desk;
    std::vector<PlainEvent> events;
    for (int i = 0; i < 5; ++i) {
        events.push_back({kStart + i * kMicrosPerSecond, "anna", "bad.example", true});
    }
    desk.commit(events);
    QVERIFY(desk.alerts().empty()); // they wait for what may still come before them
    desk.pass(61);
    desk.checkpoint();
    QCOMPARE(desk.alerts().size(), std::size_t(1));
    const alerts::Alert alert = desk.newest();
    QCOMPARE(alert.finding.title, std::string("many"));
    QCOMPARE(alert.finding.user, std::string("anna"));
    QCOMPARE(alert.finding.events, std::int64_t(5));
    QCOMPARE(alert.finding.evidence.size(), std::size_t(5));
    QCOMPARE(alert.finding.evidence.front().raw, std::string("record"));
    QCOMPARE(alert.finding.severity, alerts::Severity::High);
    QVERIFY(alert.finding.summary.find("anna") != std::string::npos);
}

QTEST_GUILESS_MAIN(TstCorrelationRunner)
#include "tst_correlationrunner.moc"
