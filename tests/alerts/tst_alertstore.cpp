// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/alertjson.h"
#include "alerts/alertstore.h"
#include "store/catalog.h"
#include "support/support.h"

using namespace nightjar;
using namespace nightjar::alerts;

namespace {

class FixedClock : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return time; }
    Timestamp time = 1'700'000'000'000'000;
};

Finding finding(const std::string &key, int score = 50, std::int64_t firstEvent = 1, int events = 3)
{
    Finding f;
    f.key = key;
    f.rule = "rule";
    f.title = "Title <img src=/etc/hostname> %2 &";
    f.summary = "summary of " + key;
    f.score = score;
    f.severity = score >= 75 ? Severity::High : Severity::Medium;
    f.user = "ada";
    f.entity = "evil.example";
    f.attack = {"attack.t1071"};
    f.reasons = {{"text", "observed", "usual", 1.5, true}};
    f.observables = {{"domain", "evil.example", events}};
    f.events = events;
    f.first = 100;
    f.last = 200;
    for (int i = 0; i < events; ++i) {
        f.evidence.push_back({firstEvent + i, 100 + i, "{\"a\":1}", "raw \xff bytes"});
    }
    return f;
}

} // namespace

class AlertStoreTest : public QObject {
    Q_OBJECT
private:
    testsupport::TemporaryFolder m_folder;
    FixedClock m_clock;
    std::unique_ptr<store::Catalog> m_catalog;
    std::optional<AlertStore> m_store;
    int m_round = 0;

private Q_SLOTS:
    void init()
    {
        auto catalog = store::Catalog::open(m_folder / ("c" + std::to_string(m_round++) + ".db"));
        QVERIFY(catalog);
        m_catalog = std::move(*catalog);
        auto opened = AlertStore::open(*m_catalog, m_clock);
        QVERIFY(opened);
        m_store.emplace(std::move(*opened));
    }

    void sameKeyAddsToTheSameAlert()
    {
        const std::vector<Finding> first{finding("k1"), finding("k2", 90)};
        QCOMPARE(m_store->record(first, 10).value(), std::int64_t{2});
        const std::vector<Finding> second{finding("k1", 80, 50, 2)};
        QCOMPARE(m_store->record(second, 20).value(), std::int64_t{0});
        const auto list = m_store->list({}).value();
        QCOMPARE(list.size(), std::size_t{2});
        const auto merged =
            std::find_if(list.begin(), list.end(), [](const Alert &a) { return a.finding.key == "k1"; });
        QCOMPARE(merged->finding.events, std::int64_t{5});
        QCOMPARE(merged->finding.score, 80);
        QVERIFY(merged->finding.severity == Severity::High);
        QCOMPARE(m_store->get(merged->id).value().finding.evidence.size(), std::size_t{5});
        QCOMPARE(m_store->get(merged->id).value().finding.observables.front().count, std::int64_t{5});
        QCOMPARE(m_store->progress().value().detectedThrough, std::int64_t{20});
    }

    /// A verdict makes what else is found of the same detector, user and entity expected; undo ends that.
    void verdictsMakeExpected()
    {
        Finding one = finding("beacon 1");
        one.engine = Engine::Anomaly;
        Finding later = one;
        later.key = "beacon 2";
        Finding other = later;
        other.entity += "x";
        QVERIFY(m_store->record(std::vector<Finding>{one}, 10));
        QVERIFY(!m_store->isExpected(later).value());
        const std::vector<std::int64_t> ids{1};
        Change change;
        change.status = alerts::Status::Closed;
        change.verdict = Verdict::TruePositive;
        QVERIFY(m_store->change(ids, change, "x"));
        QVERIFY(!m_store->isExpected(later).value());
        for (const Verdict verdict : {Verdict::FalsePositive, Verdict::Benign}) {
            change.verdict = verdict;
            QVERIFY(m_store->change(ids, change, "x"));
            QVERIFY(m_store->isExpected(later).value());
            QVERIFY(!m_store->isExpected(other).value());
            QVERIFY(m_store->undo("x"));
            QVERIFY(!m_store->isExpected(later).value());
        }
    }

    void whatIsLearntCanBeDropped()
    {
        QVERIFY(m_store->record(std::vector<Finding>{finding("k1")}, 10, "state"));
        QVERIFY(m_store->forgetLearnt());
        const auto progress = m_store->progress().value();
        QVERIFY(progress.detectorState.empty() && progress.stateThrough == 0);
        QCOMPARE(progress.detectedThrough, std::int64_t{10});
    }

    void evidenceIsBoundedAndByteExact()
    {
        const std::vector<Finding> many{finding("k", 50, 1, 80)};
        QVERIFY(m_store->record(many, 0));
        const std::vector<Finding> more{finding("k", 50, 1000, 80)};
        QVERIFY(m_store->record(more, 0));
        const Alert alert = m_store->get(1).value();
        QCOMPARE(alert.finding.evidence.size(), kMaxEvidence);
        QCOMPARE(alert.finding.evidence.front().raw, std::string("raw \xff bytes"));
        QCOMPARE(alert.finding.reasons.front().weight, 1.5);
        QVERIFY(toJson(alert, true).find("evidence") != std::string::npos);
    }

    void evidenceOfVersionOneIsRead()
    {
        QCOMPARE(m_store->record(std::vector<Finding>{finding("k1")}, 10, "state").value(), std::int64_t{1});
        m_store.reset();
        const auto back = m_catalog->write([](store::Database &db) -> nightjar::Status {
            return db.execute("DROP TABLE alert_evidence; CREATE TABLE alert_evidence("
                              "alert INTEGER NOT NULL REFERENCES alert(id) ON DELETE CASCADE, event INTEGER NOT NULL, "
                              "time INTEGER NOT NULL, json TEXT NOT NULL, raw BLOB NOT NULL, "
                              "PRIMARY KEY(alert, event)) WITHOUT ROWID;"
                              "INSERT INTO alert_evidence SELECT id, 7, 70, '{\"a\":1}', x'28B52FFD00' FROM alert;"
                              "UPDATE schema_version SET version = 1 WHERE room = 'alerts'");
        });
        QVERIFY(back.has_value());
        auto opened = AlertStore::open(*m_catalog, m_clock);
        QVERIFY2(opened, opened ? "" : opened.error().reason.c_str());
        m_store.emplace(std::move(*opened));
        const std::int64_t id = m_store->list({}).value().front().id;
        const Alert old = m_store->get(id).value();
        QCOMPARE(old.finding.evidence.size(), std::size_t{1});
        QCOMPARE(old.finding.evidence.front().json, std::string("{\"a\":1}"));
        QCOMPARE(old.finding.evidence.front().raw, std::string("\x28\xB5\x2F\xFD\0", 5));
        const auto progress = m_store->progress().value();
        QCOMPARE(progress.detectedThrough, std::int64_t{10});
        QVERIFY(progress.detectorState.empty()); // of another format: rebuilt from the blocks
        QCOMPARE(m_store->record(std::vector<Finding>{finding("k1", 60, 50, 1)}, 20).value(), std::int64_t{0});
        QCOMPARE(m_store->get(id).value().finding.evidence.size(), std::size_t{2});
    }

    void damagedEvidenceIsTold()
    {
        QCOMPARE(m_store->record(std::vector<Finding>{finding("k1")}, 10).value(), std::int64_t{1});
        const auto harmed = m_catalog->write([](store::Database &db) -> nightjar::Status {
            return db.execute("UPDATE alert_evidence SET content = x'00' WHERE event = 2");
        });
        QVERIFY(harmed.has_value());
        const auto got = m_store->get(m_store->list({}).value().front().id);
        QVERIFY(!got);
        QCOMPARE(got.error().code, std::string("NJ-ALERTS-003"));
    }

    void detectorStateIsKeptWithItsEvent()
    {
        QVERIFY(m_store->record({}, 10, std::string("state\0x", 7)));
        QVERIFY(m_store->record({}, 30));
        const auto progress = m_store->progress().value();
        QCOMPARE(progress.detectedThrough, std::int64_t{30});
        QCOMPARE(progress.stateThrough, std::int64_t{10});
        QCOMPARE(progress.detectorState.size(), std::size_t{7});
    }

    void oneUndoRestoresABulkClose()
    {
        std::vector<Finding> findings;
        for (int i = 0; i < 200; ++i) {
            findings.push_back(finding("k" + std::to_string(i), 50, 1, 1));
        }
        QVERIFY(m_store->record(findings, 0));
        std::vector<std::int64_t> ids;
        const auto list = m_store->list({}).value();
        for (const Alert &alert : list) {
            ids.push_back(alert.id);
        }
        Change acknowledge;
        acknowledge.status = alerts::Status::Acknowledged;
        QVERIFY(m_store->change(std::vector<std::int64_t>{ids.front()}, acknowledge, "ada"));
        Change close;
        close.status = alerts::Status::Closed;
        close.verdict = Verdict::FalsePositive;
        close.note = "weekly job";
        QVERIFY(m_store->change(ids, close, "ada"));
        QCOMPARE(m_store->count(true).value(), std::int64_t{0});
        QVERIFY(m_store->undo("ada"));
        QCOMPARE(m_store->count(true).value(), std::int64_t{200});
        const Alert first = m_store->get(ids.front()).value();
        QVERIFY(first.status == alerts::Status::Acknowledged && first.verdict == Verdict::None && first.note.empty());
        QVERIFY(first.history.size() >= 4);
        QVERIFY(m_store->undo("ada"));
        QVERIFY(m_store->get(ids.front()).value().status == alerts::Status::New);
        QCOMPARE(m_store->undo("ada").error().code, std::string("NJ-ALERTS-002"));
    }

    void changeOfAnUnknownAlertChangesNothing()
    {
        const std::vector<Finding> one{finding("k")};
        QVERIFY(m_store->record(one, 0));
        Change close;
        close.status = alerts::Status::Closed;
        const auto done = m_store->change(std::vector<std::int64_t>{1, 99}, close, "ada");
        QVERIFY(!done);
        QCOMPARE(done.error().code, std::string("NJ-ALERTS-001"));
        QCOMPARE(m_store->count(true).value(), std::int64_t{1});
        QVERIFY(!m_store->undo("ada"));
    }

    void filters_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("expected");
        QTest::newRow("all") << QString() << 2;
        QTest::newRow("entity, other case") << QStringLiteral("EVIL.example") << 2;
        QTest::newRow("summary") << QStringLiteral("of k1") << 1;
        QTest::newRow("none") << QStringLiteral("nothing like it") << 0;
    }
    void filters()
    {
        QFETCH(QString, text);
        QFETCH(int, expected);
        const std::vector<Finding> two{finding("k1"), finding("k2")};
        QVERIFY(m_store->record(two, 0));
        Filter filter;
        filter.text = text.toStdString();
        QCOMPARE(static_cast<int>(m_store->list(filter).value().size()), expected);
    }
};

QTEST_GUILESS_MAIN(AlertStoreTest)
#include "tst_alertstore.moc"
