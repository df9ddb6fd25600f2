// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/livepath.h"
#include "sigma/ruleparser.h"
#include "store/catalog.h"
#include "tests/support/manualclock.h"
#include "tests/support/support.h"

#include <QTest>

#include <future>
#include <thread>

using namespace nightjar;

namespace {

/// Three denials of one user within three minutes.
pipeline::Detectors detectors()
{
    const std::string yaml =
        "title: Denied\nname: denied\nlevel: low\nlogsource:\n  category: proxy\ndetection:\n  s:\n"
        "    event.type: denied\n  condition: s\n---\ntitle: Many\nname: many\nlevel: high\n"
        "correlation:\n  type: event_count\n  rules: [denied]\n  group-by: [user.name]\n"
        "  timespan: 3m\n  condition: {gte: 3}\n";
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

std::string denial(Timestamp time)
{
    return "{\"sourcetype\":\"zscalernss-web\",\"event\":{\"epochtime\":\"" + std::to_string(time / kMicrosPerSecond) +
           "\",\"user\":\"anna\",\"action\":\"Blocked\",\"url\":\"bad.example/x\"}}\n";
}

sources::Piece pieceOf(const std::string &text, std::uint64_t delivery, Timestamp now)
{
    logs::RecordFramer framer;
    framer.feed(text);
    sources::Piece piece;
    piece.delivery = delivery;
    piece.batch = std::move(*framer.finish());
    piece.receivedAt = now;
    return piece;
}

} // namespace

/// The live way into the store, from the door of a source to the alerts.
class TstLivePath : public QObject {
    Q_OBJECT

private:
    testsupport::TemporaryFolder m_folder;
    testsupport::ManualClock m_clock;
    std::unique_ptr<store::Catalog> m_catalog = std::move(store::Catalog::open(m_folder / "catalog.db").value());
    std::unique_ptr<store::EventStore> m_events = std::move(store::EventStore::open(m_folder / "events").value());
    alerts::AlertStore m_alerts = alerts::AlertStore::open(*m_catalog, m_clock).value();

private Q_SLOTS:
    /// A correlation waits for what may come late. It must not wait for the next event, which may never come.
    void correlationsComeWhileNothingElseDoes();
    /// What is not answered may be lost with the program: no more than a short time of it waits inside.
    void anUnansweredSenderIsHeldBack();
};

void TstLivePath::anUnansweredSenderIsHeldBack()
{
    const pipeline::Detectors rules = detectors();
    pipeline::Committer committer(*m_events, m_alerts, m_clock, false);
    QVERIFY(committer.catchUp(rules, {}));
    std::promise<void> go;
    const std::shared_future<void> released = go.get_future().share();
    const auto slowDetectors = [&] {
        released.wait(); // the way to the store takes as long as the test wants
        return Result<pipeline::Detectors>(rules);
    };
    pipeline::LivePath path(*m_events, committer, slowDetectors, m_clock, {});
    const auto health = std::make_shared<sources::HealthMeter>(m_clock, 0);
    pipeline::LiveSourceOptions options{"held", {}};
    options.maxMicrosInside = 200'000;
    const auto held = path.addSource(options, health);
    const auto free = path.addSource({"free", {}}, health);

    const Timestamp now = m_clock.now() - kMicrosPerDay;
    const std::uint64_t delivery = held->begin();
    std::atomic<int> taken = 0;
    std::jthread sender([&] {
        for (int i = 0; i < 60; ++i) {
            if (held->submit(pieceOf(denial(now - i * kMicrosPerSecond), delivery, now))) {
                ++taken;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    QTest::qWait(600);
    const int early = taken;
    QVERIFY(early >= 1 && early <= 12); // 200 ms of pieces that come every 20 ms
    QTest::qWait(300);
    QCOMPARE(taken.load(), early);
    QVERIFY(free->submit(pieceOf(denial(now - 1'000 * kMicrosPerSecond), free->begin(), now))); // others go on
    go.set_value();
    sender.join();
    QCOMPARE(taken.load(), 60);
    path.drain();
    QCOMPARE(path.totals().events, std::int64_t{61});
}

void TstLivePath::correlationsComeWhileNothingElseDoes()
{
    const pipeline::Detectors rules = detectors();
    pipeline::Committer committer(*m_events, m_alerts, m_clock, false);
    QVERIFY(committer.catchUp(rules, {}));
    pipeline::LivePathOptions options;
    options.idleMicros = 20'000;
    pipeline::LivePath path(
        *m_events, committer, [&] { return Result<pipeline::Detectors>(rules); }, m_clock, options);
    const auto health = std::make_shared<sources::HealthMeter>(m_clock, 0);
    const auto door = path.addSource({"test", {}}, health);

    const Timestamp now = m_clock.now();
    std::string text;
    for (int i = 0; i < 4; ++i) {
        text += denial(now - i * kMicrosPerSecond);
    }
    const std::uint64_t delivery = door->begin();
    std::promise<bool> stored;
    sources::Piece piece = pieceOf(text, delivery, now);
    piece.done = [&](bool good) { stored.set_value(good); };
    QVERIFY(door->submit(std::move(piece)));
    door->end(delivery);
    QVERIFY(stored.get_future().get());
    const auto correlated = [&] {
        std::size_t count = 0;
        const auto listed = m_alerts.list({});
        for (const alerts::Alert &alert : *listed) {
            count += alert.finding.key.starts_with("correlation") ? 1U : 0U;
        }
        return count;
    };
    QTest::qWait(100); // several looks, all too early
    QCOMPARE(correlated(), std::size_t{0});
    const std::int64_t before = path.totals().alerts;
    m_clock.advance(61 * kMicrosPerSecond);
    QTRY_COMPARE_WITH_TIMEOUT(correlated(), std::size_t{1}, 5'000);
    QTRY_COMPARE(path.totals().alerts, before + 1);
    QVERIFY(!path.trouble());
}

QTEST_GUILESS_MAIN(TstLivePath)
#include "tst_livepath.moc"
