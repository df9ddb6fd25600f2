// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beacon.h"
#include "event/builder.h"
#include "support/support.h"

#include <algorithm>
#include <random>

using namespace nightjar;
using namespace nightjar::anomaly;
using event::Field;

namespace {

constexpr Timestamp kStart = 1'700'000'000 * kMicrosPerSecond;

struct Call {
    double second;
    std::string user, host;
    std::int64_t bytes = 412;
    std::string method = "POST";
    std::string type = "web";
    std::string sessions;
};

std::vector<Call> beacon(const std::string &user, const std::string &host, double period, double jitter, int count,
                         double loss = 0)
{
    std::mt19937 random(5);
    std::normal_distribution<double> noise(0, jitter);
    std::uniform_real_distribution<double> lost(0, 1);
    std::vector<Call> calls;
    for (int i = 0; i < count; ++i) {
        if (lost(random) >= loss) {
            calls.push_back({i * period + noise(random), user, host});
        }
    }
    return calls;
}

/// A person: bursts of requests in working hours, sizes all over the place.
std::vector<Call> browsing(const std::string &user, const std::string &host, int days, unsigned seed)
{
    std::mt19937 random(seed);
    std::exponential_distribution<double> pause(1.0 / 240);
    std::lognormal_distribution<double> size(7, 1);
    std::vector<Call> calls;
    for (int day = 0; day < days; ++day) {
        for (double t = 9 * 3600; t < 17 * 3600; t += 6 + pause(random)) {
            calls.push_back({day * 86400.0 + t, user, host, static_cast<std::int64_t>(size(random)), "GET"});
        }
    }
    return calls;
}

std::vector<BeaconFinding> run(std::vector<Call> calls, std::size_t rowsPerBlock, BeaconDetector &detector)
{
    std::stable_sort(calls.begin(), calls.end(), [](const Call &a, const Call &b) { return a.second < b.second; });
    std::vector<BeaconFinding> findings;
    event::BlockBuilder builder;
    std::int64_t firstId = 1;
    const auto flush = [&] {
        const auto block = builder.finish();
        detector.observe(block, firstId);
        firstId += static_cast<std::int64_t>(block.rows());
        for (auto &finding : detector.takeFindings()) {
            findings.push_back(std::move(finding));
        }
    };
    for (const Call &call : calls) {
        builder.beginRow("{}");
        builder.setTime(kStart + static_cast<Timestamp>(call.second * 1e6));
        builder.set(Field::LogType, call.type);
        builder.set(Field::UserName, call.user);
        builder.set(Field::UrlDomain, call.host);
        builder.setInteger(Field::SourceBytes, call.bytes);
        builder.set(Field::HttpRequestMethod, call.method);
        if (!call.sessions.empty()) {
            builder.set(builder.namedHandle("zscaler.numsessions"), call.sessions);
        }
        builder.commitRow();
        if (builder.rows() == rowsPerBlock) {
            flush();
        }
    }
    flush();
    return findings;
}

std::vector<BeaconFinding> run(std::vector<Call> calls)
{
    BeaconDetector detector;
    return run(std::move(calls), 1'000, detector);
}

std::vector<Call> operator+(std::vector<Call> left, const std::vector<Call> &right)
{
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

std::vector<Call> crowd()
{
    std::vector<Call> calls;
    for (int user = 0; user < 12; ++user) {
        calls =
            std::move(calls) + browsing("user" + std::to_string(user), "news.example", 2, static_cast<unsigned>(user));
    }
    return calls;
}

} // namespace

class BeaconTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void found_data()
    {
        QTest::addColumn<double>("period");
        QTest::addColumn<double>("jitter");
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("loss");
        QTest::newRow("every 5 min") << 300.0 << 4.0 << 300 << 0.0;
        QTest::newRow("every minute") << 60.0 << 1.0 << 500 << 0.0;
        QTest::newRow("jittered") << 600.0 << 40.0 << 150 << 0.0;
        QTest::newRow("hourly") << 3600.0 << 30.0 << 60 << 0.0;
        QTest::newRow("lossy") << 300.0 << 5.0 << 400 << 0.3;
    }
    void found()
    {
        QFETCH(double, period);
        QFETCH(double, jitter);
        QFETCH(int, count);
        QFETCH(double, loss);
        const auto findings = run(crowd() + beacon("ada", "q7-metrics.example", period, jitter, count, loss));
        QVERIFY(!findings.empty());
        for (const BeaconFinding &finding : findings) {
            QCOMPARE(finding.host, std::string("q7-metrics.example"));
            QVERIFY(std::abs(finding.periodSeconds - period) < 0.15 * period);
            QVERIFY(!finding.features.empty() && !finding.sampleIds.empty() && finding.beats.size() > 5);
        }
    }

    void notFound_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("people browsing") << 0;
        QTest::newRow("a poller that everybody has") << 1;
        QTest::newRow("DNS records") << 2;
        QTest::newRow("aggregated firewall records") << 3;
        QTest::newRow("too few calls") << 4;
    }
    void notFound()
    {
        QFETCH(int, kind);
        std::vector<Call> calls = crowd();
        if (kind == 1) {
            for (int user = 0; user < 12; ++user) {
                calls = std::move(calls) + beacon("user" + std::to_string(user), "updates.example", 300 + user, 3, 200);
            }
        } else if (kind >= 2) {
            auto odd = beacon("ada", "odd.example", 300, 3, kind == 4 ? 10 : 300);
            for (Call &call : odd) {
                call.type = kind == 2 ? "dns" : "firewall";
                call.sessions = kind == 3 ? "12" : "";
            }
            calls = std::move(calls) + odd;
        }
        const auto findings = run(calls);
        QVERIFY2(findings.empty(), findings.empty() ? "" : findings.front().host.c_str());
    }

    void blocksDoNotMatter()
    {
        const auto calls = crowd() + beacon("ada", "q7-metrics.example", 300, 4, 300);
        std::vector<std::string> told;
        for (const std::size_t rows : {1U, 7U, 1'000U, 60'000U}) {
            BeaconDetector detector;
            std::string text;
            for (const auto &finding : run(calls, rows, detector)) {
                text += finding.host + ' ' + std::to_string(finding.score) + ' ' + std::to_string(finding.last) + ' ' +
                        std::to_string(finding.count) + '\n';
            }
            told.push_back(text);
        }
        QVERIFY(!told.front().empty());
        for (const std::string &text : told) {
            QCOMPARE(text, told.front());
        }
    }

    void aRestoredDetectorGoesOnAsIfNothingHadHappened()
    {
        auto calls = crowd() + beacon("ada", "q7-metrics.example", 300, 4, 300);
        std::stable_sort(calls.begin(), calls.end(), [](const Call &a, const Call &b) { return a.second < b.second; });
        const auto middle = calls.begin() + static_cast<std::ptrdiff_t>(calls.size() / 3);
        BeaconDetector whole;
        const auto expected = run(calls, 1'000, whole);
        BeaconDetector before;
        auto found = run({calls.begin(), middle}, 1'000, before);
        auto restored = BeaconDetector::restore(before.snapshot());
        QVERIFY(restored);
        for (auto &finding : run({middle, calls.end()}, 1'000, *restored)) {
            found.push_back(std::move(finding));
        }
        QCOMPARE(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            QCOMPARE(found[i].score, expected[i].score);
            QCOMPARE(found[i].last, expected[i].last);
        }
    }

    void damagedStateIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("other format") << QByteArray("\x7f\0\0\0", 4);
        QTest::newRow("cut off") << QByteArray("\x01\x05\0\0", 4);
        QTest::newRow("absurd sizes") << QByteArray("\x01", 1) + QByteArray(64, '\xff');
    }
    void damagedStateIsRefused()
    {
        QFETCH(QByteArray, bytes);
        const auto restored =
            BeaconDetector::restore(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        QVERIFY(!restored);
        QCOMPARE(restored.error().code, std::string("NJ-ANOMALY-001"));
    }

    void memoryIsBounded()
    {
        BeaconOptions options;
        options.maxPairs = 1'000;
        BeaconDetector detector(options);
        std::vector<Call> calls;
        for (int i = 0; i < 20'000; ++i) {
            calls.push_back({i * 10.0, "ada", "h" + std::to_string(i) + ".example"});
        }
        run(calls, 500, detector);
        QVERIFY(detector.pairs() <= options.maxPairs + 1);
    }
};

QTEST_GUILESS_MAIN(BeaconTest)
#include "tst_beacon.moc"
