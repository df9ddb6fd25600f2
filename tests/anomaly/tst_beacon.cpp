// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beacon.h"
#include "base/files.h"
#include "base/text.h"
#include "event/builder.h"

#include "support/support.h"

#include <algorithm>
#include <cmath>
#include <random>

using namespace nightjar;
using namespace nightjar::anomaly;

namespace {

struct Event {
    std::int64_t second = 0;
    std::string user, host;
    std::int64_t sent = 0, received = 0;
    int sessions = 0;
    std::string type = "web";
};

constexpr std::int64_t kStart = 1'770'000'000;

event::EventBlock blockOf(const std::vector<Event> &events, std::size_t begin, std::size_t end)
{
    event::BlockBuilder builder;
    for (std::size_t i = begin; i < end; ++i) {
        const Event &e = events[i];
        builder.beginRow("x");
        builder.setTime(e.second * kMicrosPerSecond);
        builder.set(event::Field::LogType, e.type);
        builder.set(event::Field::UserName, e.user);
        builder.set(event::Field::UrlDomain, e.host);
        builder.setInteger(event::Field::SourceBytes, e.sent);
        builder.setInteger(event::Field::DestinationBytes, e.received);
        if (e.sessions > 0) {
            builder.set(builder.extraHandle("numsessions"), std::to_string(e.sessions));
        }
        builder.commitRow();
    }
    return builder.finish();
}

/// A day of 30 people who browse, a program on every desk that polls each five minutes, and one implant.
std::vector<Event> office(double jitter = 0.2, std::int64_t period = 120)
{
    std::mt19937 random(5);
    std::vector<Event> all;
    const auto unit = [&] { return static_cast<double>(random() % 10'000) / 10'000; };
    for (int person = 0; person < 30; ++person) {
        const std::string user = "user" + std::to_string(person);
        for (std::int64_t t = 8 * 3600; t < 17 * 3600;
             t += 1 + static_cast<std::int64_t>(-240 * std::log(unit() + 1e-4))) {
            const std::string host = "site" + std::to_string(random() % 40) + ".example";
            for (unsigned i = 0; i < 1 + random() % 6; ++i) {
                all.push_back({kStart + t + static_cast<std::int64_t>(i), user, host,
                               400 + static_cast<std::int64_t>(random() % 3000),
                               static_cast<std::int64_t>(random() % 200'000)});
            }
        }
        for (std::int64_t t = person * 7; t < 86'400; t += 300) {
            all.push_back({kStart + t, user, "agent.example", 612, 1200});
        }
    }
    for (double t = 100; t < 86'400; t += static_cast<double>(period) * (1 + jitter * (2 * unit() - 1))) {
        all.push_back({kStart + static_cast<std::int64_t>(t), "user7", "c2.example", 412, 230});
    }
    std::stable_sort(all.begin(), all.end(), [](const Event &a, const Event &b) { return a.second < b.second; });
    return all;
}

std::vector<BeaconFinding> run(const std::vector<Event> &events, std::size_t blockRows, bool checkpoint = false,
                               BeaconOptions options = {})
{
    BeaconDetector detector(options);
    std::vector<BeaconFinding> found;
    for (std::size_t at = 0; at < events.size(); at += blockRows) {
        detector.observe(blockOf(events, at, std::min(at + blockRows, events.size())),
                         static_cast<std::int64_t>(at + 1));
        for (BeaconFinding &one : detector.takeFindings()) {
            found.push_back(std::move(one));
        }
        if (checkpoint) {
            auto restored = BeaconDetector::restore(detector.snapshot(), options);
            if (!restored) {
                qFatal("the checkpoint cannot be read");
            }
            detector = std::move(*restored);
        }
    }
    return found;
}

QByteArray shown(const std::vector<BeaconFinding> &findings)
{
    QByteArray out;
    for (const BeaconFinding &f : findings) {
        out += QByteArray::fromStdString(f.user + ">" + f.host) + " " + QByteArray::number(f.score, 'f', 6) + " " +
               QByteArray::number(static_cast<qlonglong>(f.count)) + " " +
               QByteArray::number(static_cast<qlonglong>(f.sampleIds.back())) + "\n";
    }
    return out;
}

} // namespace

class TestBeacon : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsTheImplantOnly_data()
    {
        QTest::addColumn<double>("jitter");
        QTest::addColumn<int>("period");
        QTest::newRow("every minute, exact") << 0.0 << 60;
        QTest::newRow("two minutes, 20 %") << 0.2 << 120;
        QTest::newRow("ten minutes, 35 %") << 0.35 << 600;
        QTest::newRow("half an hour, 10 %") << 0.1 << 1800;
    }

    void findsTheImplantOnly()
    {
        QFETCH(double, jitter);
        QFETCH(int, period);
        const auto found = run(office(jitter, period), 10'000);
        QVERIFY(!found.empty());
        for (const BeaconFinding &one : found) {
            QVERIFY2(one.host == "c2.example" && one.user == "user7", (one.user + " " + one.host).c_str());
            QVERIFY(std::abs(one.periodSeconds - period) < 0.25 * period);
            QVERIFY(one.severity >= 70 && one.severity <= 100);
            QVERIFY(!one.summary.empty() && one.features.size() == 12);
            QVERIFY(one.sampleIds.size() <= 50 && one.beats.size() <= 256 && one.beats.size() >= 6);
            QVERIFY(one.first < one.last && one.users == 1);
        }
        QVERIFY2(found.size() <= 10, "silent but for a rise or a doubling");
    }

    void doesNotDependOnBlocks()
    {
        const auto events = office();
        const QByteArray whole = shown(run(events, events.size()));
        QVERIFY(!whole.isEmpty());
        for (const std::size_t rows : {std::size_t{7}, std::size_t{1000}, std::size_t{4096}}) {
            QCOMPARE(shown(run(events, rows)), whole);
        }
        QCOMPARE(shown(run(events, 3000, true)), whole);
    }

    void leavesOutWhatDoesNotCount()
    {
        std::vector<Event> events;
        for (std::int64_t t = 0; t < 86'400; t += 60) {
            events.push_back({kStart + t, "a", "aggregated.example", 100, 100, 5, "firewall"});
            events.push_back({kStart + t, "a", "name.example", 100, 100, 0, "dns"});
            events.push_back({kStart + t, "", "nobody.example", 100, 100});
        }
        QVERIFY(run(events, 1000).empty());
    }

    void standsDisorderAndBounds()
    {
        auto events = office();
        std::mt19937 random(3);
        for (std::size_t i = 0; i + 50 < events.size(); i += 50) {
            std::shuffle(events.begin() + static_cast<std::ptrdiff_t>(i),
                         events.begin() + static_cast<std::ptrdiff_t>(i + 50), random);
        }
        const auto found = run(events, 1000);
        QVERIFY(!found.empty() && found.front().host == "c2.example");

        BeaconOptions small;
        small.maxPairs = 100;
        BeaconDetector detector(small);
        std::vector<Event> many;
        for (int i = 0; i < 5000; ++i) {
            many.push_back(
                {kStart + 10 * i, "u" + std::to_string(i / 3 % 70), "h" + std::to_string(i / 3) + ".example"});
        }
        detector.observe(blockOf(many, 0, many.size()), 1);
        QCOMPARE(detector.pairs(), std::size_t{100});
        QVERIFY(detector.snapshot().size() < 80'000);

        std::vector<Event> odd{{-5, "u", "h.example"}, {0, "u", "h.example"}, {1LL << 40, "u", "h.example"}};
        detector.observe(blockOf(odd, 0, odd.size()), 1);
        detector.observe(event::EventBlock(), 1);
        QCOMPARE(detector.pairs(), std::size_t{100});
    }

    void refusesDamagedCheckpoints()
    {
        BeaconDetector detector;
        const auto events = office();
        detector.observe(blockOf(events, 0, 5000), 1);
        const std::string good = detector.snapshot();
        QVERIFY(BeaconDetector::restore(good));
        for (std::size_t at = 0; at < good.size(); at += good.size() / 50 + 1) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 0x41);
            const auto restored = BeaconDetector::restore(bad);
            QVERIFY(!restored && restored.error().code == "NJ-ANOMALY-002");
            QVERIFY(!BeaconDetector::restore(std::string_view(good).substr(0, at)));
        }
    }

    void scoresSeries()
    {
        QVERIFY(!scoreBeaconSeries("a,b\n1,2\n"));
        std::string regular, daily, sizesOut;
        for (int i = 0; i < 200; ++i) {
            regular += std::to_string(1'770'000'000 + i * 600) + ";";
            daily += std::to_string(1'770'000'000 + i * 86'400) + ";";
            sizesOut += "400;";
        }
        const std::string head = "series,prevalence,first_seen_days,timestamps,bytes_sent,bytes_recv\n";
        const auto got =
            scoreBeaconSeries(head + "a,0.002,3," + regular + "," + sizesOut + "," + sizesOut + "\n" + "b,0.9,300," +
                              regular + "," + sizesOut + "," + sizesOut + "\n" + "c,0.002,3,1;2;3,1;1;1,1;1;1\n" +
                              "d,,,,,\n" + "e,0.002,3," + daily + "," + sizesOut + "," + sizesOut + "\n");
        QVERIFY(got && got->size() == 5);
        QVERIFY((*got)[4] <= 60); // a habit
        QVERIFY((*got)[0] > 75 && (*got)[1] < 50 && (*got)[2] == 0 && (*got)[3] == 0);
    }

    /// The model was trained on these series: what it does for others is told by trainbeacons. A guard against
    /// breakage.
    void developmentSet()
    {
        const auto folder = testsupport::sharedData();
        if (folder.empty()) {
            QSKIP("the development data is not here");
        }
        const auto series = readFile(folder / "anomaly/beacon/series.csv", 64u << 20U);
        const auto labels = readFile(folder / "anomaly/beacon/labels.csv", 1u << 20U);
        QVERIFY(series && labels);
        const auto scores = scoreBeaconSeries(*series);
        QVERIFY(scores && scores->size() == 1035);
        std::vector<double> bad, good;
        const auto lines = split(*labels, '\n');
        for (std::size_t i = 0; i < scores->size(); ++i) {
            (split(lines[i + 1], ',')[1] == "1" ? bad : good).push_back((*scores)[i]);
        }
        double above = 0;
        for (const double b : bad) {
            for (const double g : good) {
                above += b > g ? 1 : b == g ? 0.5 : 0;
            }
        }
        std::sort(good.rbegin(), good.rend());
        const auto shareAbove = [&](double share) {
            const double limit = good[static_cast<std::size_t>(share * static_cast<double>(good.size()))];
            return static_cast<double>(std::count_if(bad.begin(), bad.end(), [&](double b) { return b > limit; })) /
                   static_cast<double>(bad.size());
        };
        const double auc = above / static_cast<double>(bad.size()) / static_cast<double>(good.size());
        qInfo("AUC %.3f, found at 1 %% false %.3f, at 5 %% %.3f", auc, shareAbove(0.01), shareAbove(0.05));
        QVERIFY(auc > 0.99);
        QVERIFY(shareAbove(0.01) > 0.9);
    }
};

QTEST_GUILESS_MAIN(TestBeacon)
#include "tst_beacon.moc"
