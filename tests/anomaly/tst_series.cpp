// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/random.h"
#include "anomaly/series.h"

#include "support/support.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace nightjar;
using namespace nightjar::anomaly;

namespace {

constexpr std::int64_t kMonday = 1'704'067'200; // 2024-01-01 00:00

struct Point {
    std::int64_t second;
    double value;
};

/// Requests of an office by the hour: days, nights, weekends, noise.
std::vector<Point> office(int days, std::uint64_t seed = 1)
{
    Random random(seed);
    std::vector<Point> out;
    for (int hour = 0; hour < days * 24; ++hour) {
        const bool work = hour / 24 % 7 < 5 && hour % 24 >= 8 && hour % 24 < 18;
        const double usual = work ? 900 : 40;
        out.push_back({kMonday + hour * 3600, std::floor(usual * std::exp(0.15 * random.normal()))});
    }
    return out;
}

/// A load every five minutes: a wave of one day with noise.
std::vector<Point> load(int rows, std::uint64_t seed = 1)
{
    Random random(seed);
    std::vector<Point> out;
    for (int i = 0; i < rows; ++i) {
        out.push_back({kMonday + i * 300, 50 + 20 * std::sin(i * 2 * 3.14159265 / 288) + random.normal()});
    }
    return out;
}

std::vector<double> run(const std::vector<Point> &points, std::size_t count)
{
    SeriesDetector detector;
    std::vector<double> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(detector.push(points[i].second, points[i].value));
    }
    return out;
}

std::vector<double> run(const std::vector<Point> &points)
{
    return run(points, points.size());
}

std::size_t placeOfMost(const std::vector<double> &scores)
{
    return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

} // namespace

class TestSeries : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsASpikeOfALoad()
    {
        auto points = load(3000);
        points[2500].value += 40;
        const auto scores = run(points);
        QVERIFY2(placeOfMost(scores) == 2500, qPrintable(QString::number(placeOfMost(scores))));
        QVERIFY(scores[2500] >= 75);
    }

    void findsAFlatLineInAWave()
    {
        auto points = load(3000);
        for (std::size_t i = 2400; i < 2600; ++i) {
            points[i].value = 50;
        }
        const auto scores = run(points);
        const auto most = placeOfMost(scores);
        QVERIFY2(most >= 2400 && most < 2640, qPrintable(QString::number(most)));
    }

    void findsWorkAtNight()
    {
        auto points = office(42);
        const std::size_t night = 37 * 24 + 2; // a Wednesday
        points[night].value = points[night + 1].value = 400;
        const auto scores = run(points);
        QVERIFY(scores[night] >= 75);
        QVERIFY(placeOfMost(scores) == night || placeOfMost(scores) == night + 1);
    }

    void findsACollapseButNoGapOfOneHour()
    {
        auto points = office(42);
        points[30 * 24 + 11].value = 0;
        const std::size_t drop = 37 * 24 + 10;
        for (std::size_t i = drop; i < drop + 5; ++i) {
            points[i].value = 2;
        }
        const auto scores = run(points);
        QVERIFY(scores[30 * 24 + 11] < 75);
        QVERIFY(scores[drop + 1] >= 75);
    }

    void aClockChangeAndAHolidayAlarmNobody()
    {
        auto points = office(63);
        for (std::size_t i = 35 * 24; i < points.size(); ++i) { // from the sixth week on an hour later
            points[i].second += 3600;
        }
        const auto weekend = office(63, 2);
        for (std::size_t i = 0; i < 24; ++i) { // a Wednesday off
            points[30 * 24 + i].value = weekend[33 * 24 + i].value;
        }
        const auto scores = run(points);
        QCOMPARE(std::count_if(scores.begin() + 21 * 24, scores.end(), [](double s) { return s >= 80; }), 0);
    }

    void knowsNothingOfTheFuture_data()
    {
        QTest::addColumn<bool>("hourly");
        QTest::addColumn<int>("cut");
        for (const int cut : {1, 2, 50, 199, 200, 201, 700, 950}) {
            QTest::addRow("load %d", cut) << false << cut;
            QTest::addRow("office %d", cut) << true << cut;
        }
    }
    void knowsNothingOfTheFuture()
    {
        QFETCH(bool, hourly);
        QFETCH(int, cut);
        auto points = hourly ? office(42) : load(1000);
        points[900].value *= 5;
        points.back().value = 0.5; // no count any more: the choice of the method may not reach back
        const auto all = run(points);
        const auto prefix = run(points, static_cast<std::size_t>(cut));
        QVERIFY(std::equal(prefix.begin(), prefix.end(), all.begin()));
    }

    void staysSilentAfterAMark()
    {
        auto points = load(3000);
        points[2500].value += 40;
        points[2520].value += 40;
        const auto scores = run(points);
        QVERIFY(scores[2500] >= 75);
        QVERIFY(scores[2520] < 75);
    }

    void anHourMayComeTwice()
    {
        auto points = office(42);
        points[30 * 24].second -= 3600;
        points[37 * 24 + 2].value = 500;
        QVERIFY(run(points)[37 * 24 + 2] >= 75);
    }

    void oddValuesLeaveNoTrace()
    {
        const auto points = load(600);
        SeriesDetector detector;
        const auto clean = run(points);
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (i % 10 == 5) {
                QCOMPARE(detector.push(points[i].second, std::numeric_limits<double>::quiet_NaN()), 0.0);
                QCOMPARE(detector.push(points[i].second, std::numeric_limits<double>::infinity()), 0.0);
            }
            QCOMPARE(detector.push(points[i].second, points[i].value), clean[i]);
        }
    }

    void uglyFiles_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<int>("rows");
        QByteArray constant("timestamp,value\n");
        QByteArray backwards("timestamp,value\n");
        for (int i = 0; i < 700; ++i) {
            constant += "2024-01-01 00:00:00,7\n";
            backwards += QByteArray::number(i) + "," + (i % 2 == 0 ? "1e300" : "-1e300") + "\n";
        }
        QTest::newRow("header only") << QByteArray("timestamp,value\n") << 0;
        QTest::newRow("one row") << QByteArray("timestamp,value\n2024-01-01 00:00:00,5\n") << 1;
        QTest::newRow("constant, one time") << constant << 700;
        QTest::newRow("no times, huge values") << backwards << 700;
        QTest::newRow("cells missing") << QByteArray("timestamp,value\n2024-01-01 00:00:00\n,\nx,y,z\n") << 3;
        QTest::newRow("far times") << QByteArray("timestamp,value\n9999-12-31 23:00:00,1\n0001-01-01 00:00:00,1\n"
                                                 "1900-01-01 00:00:00,1\n1900-01-01 01:00:00,1\n")
                                   << 4;
        QTest::newRow("control bytes") << QByteArray("timestamp,value\n\x01,\xff\n\"2024,1\n") << 2;
    }
    void uglyFiles()
    {
        QFETCH(QByteArray, csv);
        QFETCH(int, rows);
        const auto scores = scoreSeriesTable({csv.constData(), static_cast<std::size_t>(csv.size())});
        QVERIFY(scores.has_value());
        QCOMPARE(scores->size(), static_cast<std::size_t>(rows));
        for (const double score : *scores) {
            QVERIFY(std::isfinite(score) && score >= 0 && score <= 100);
        }
    }

    void anotherHeaderIsRefused()
    {
        for (const auto *csv : {"", "a,b\n1,2\n", "value\n1\n"}) {
            const auto scores = scoreSeriesTable(csv);
            QVERIFY(!scores.has_value());
            QCOMPARE(scores.error().code, std::string("NJ-ANOMALY-004"));
        }
    }
};

QTEST_GUILESS_MAIN(TestSeries)
#include "tst_series.moc"
