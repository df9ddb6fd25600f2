// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/time.h"

#include <QTest>

#include <chrono>
#include <thread>
#include <vector>

using namespace nightjar;

namespace {
TimeZone berlin()
{
    return TimeZone::named("Europe/Berlin").value_or(TimeZone());
}
} // namespace

class TestTime : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void iso_data();
    void iso();
    void ctime_data();
    void ctime();
    void epoch_data();
    void epoch();
    void duration_data();
    void duration();
    void format_data();
    void format();
    void civilRoundTrip();
    void zone_data();
    void zone();
    void zoneRoundTrip();
    void zoneThreads();
    void unknownZone_data();
    void unknownZone();
    void extremes();
    void clock();
    void speed();
};

void TestTime::iso_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *text, const char *expected) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
    };
    row("2026-03-12T11:42:00.123Z", "2026-03-12T11:42:00.123Z");
    row("2026-03-12 11:42:00", "2026-03-12T11:42:00.000Z");
    row("2024-06-12,05:02:20", "2024-06-12T05:02:20.000Z");
    row("2026-03-12", "2026-03-12T00:00:00.000Z");
    row("2026-03-12T11:42", "2026-03-12T11:42:00.000Z");
    row("2026-03-12T11:42:00+02:00", "2026-03-12T09:42:00.000Z");
    row("2026-03-12T11:42:00-0530", "2026-03-12T17:12:00.000Z");
    row("2026-03-12 11:42:00 +02", "2026-03-12T09:42:00.000Z");
    row("2026-03-12 11:42:00 UTC", "2026-03-12T11:42:00.000Z");
    row("2026-03-12T11:42:00.123456789Z", "2026-03-12T11:42:00.123Z");
    row("2026-03-12T11:42:00,5Z", "2026-03-12T11:42:00.500Z");
    row("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z");
    row("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z");
    row("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z");
    row("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z");
    row("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z");
    for (const char *text : {"",
                             "2026",
                             "2026-03",
                             "2026-3-12",
                             "2026-13-01",
                             "2026-00-10",
                             "2026-02-30",
                             "2023-02-29",
                             "2026-04-31T00:00:00Z",
                             "2026-03-12T",
                             "2026-03-12T24:00:00Z",
                             "2026-03-12T11:60:00Z",
                             "2026-03-12T11:42:61Z",
                             "2026-03-12T11:42:00.Z",
                             "2026-03-12T11:42:00.1234567890Z",
                             "2026-03-12T11:42:00+2",
                             "2026-03-12T11:42:00+25:00",
                             "2026-03-12T11:42:00Zx",
                             "2026-03-12x11:42:00",
                             "0000-01-01",
                             "-026-01-01",
                             "99999-01-01",
                             "hello",
                             "2026-03-12T11:42:00 +02:00 x"}) {
        row(text, "");
    }
}

void TestTime::iso()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    const auto time = parseIsoTime(text.toStdString());
    QCOMPARE(QByteArray::fromStdString(formatIsoTime(time.value_or(kNoTime))), expected);
}

void TestTime::ctime_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *text, const char *expected) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
    };
    row("Mon Oct 16 22:55:48 2023", "2023-10-16T22:55:48.000Z");
    row("Mon Oct  2 22:55:48 2023", "2023-10-02T22:55:48.000Z");
    row("Mon Oct 02 22:55:48 2023", "2023-10-02T22:55:48.000Z");
    row("Mon Oct 2 22:55:48 2023", "2023-10-02T22:55:48.000Z");
    row("Tue Dec 31 00:00:00 2021", "2021-12-31T00:00:00.000Z"); // a Friday: the weekday is ignored
    row("thu jan  1 00:00:00 1970", "1970-01-01T00:00:00.000Z");
    row("Thu Feb 29 12:00:00 2024", "2024-02-29T12:00:00.000Z");
    for (const char *text : {"", "Mon", "Mon Oct 32 22:55:48 2023", "Mon Oct 00 22:55:48 2023",
                             "Mon Okt 16 22:55:48 2023", "Mon Oct   2 22:55:48 2023", "Mon Oct 16 24:55:48 2023",
                             "Mon Oct 16 22:55:48 23", "Mon Oct 16 22:55:48 2023 ", "123 Oct 16 22:55:48 2023",
                             "Wed Feb 29 12:00:00 2023", "Oct 16 22:55:48 2023"}) {
        row(text, "");
    }
}

void TestTime::ctime()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    const auto time = parseCtime(text.toStdString());
    QCOMPARE(QByteArray::fromStdString(formatIsoTime(time.value_or(kNoTime))), expected);
}

void TestTime::epoch_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("expected");
    const auto row = [](const char *text, qint64 expected) { QTest::newRow(text) << QByteArray(text) << expected; };
    row("1730470000", 1730470000'000000);
    row("1730470000.5", 1730470000'500000);
    row("1730470000.123456789", 1730470000'123456);
    row("1730470000123", 1730470000'123000);
    row("1663346058860810", 1663346058'860810);
    row("0", 0);
    for (const char *text : {"", "-1", "1e9", "1730470000.", "1730470000.x", "1730470000123.5", " 1",
                             "99999999999999999999", "1730470000123456789", "Mon"}) {
        row(text, kNoTime);
    }
}

void TestTime::epoch()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, expected);
    QCOMPARE(static_cast<qint64>(parseEpoch(text.toStdString()).value_or(kNoTime)), expected);
}

void TestTime::duration_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("expected");
    const auto row = [](const char *text, qint64 expected) { QTest::newRow(text) << QByteArray(text) << expected; };
    row("7d", 7 * kMicrosPerDay);
    row("24h", kMicrosPerDay);
    row("30m", 1800 * kMicrosPerSecond);
    row("15s", 15 * kMicrosPerSecond);
    row("500ms", 500'000);
    row("2w", 14 * kMicrosPerDay);
    row("0s", 0);
    for (const char *text :
         {"", "7", "d", "-1d", "1.5h", "1 d", "7D", "99999999999999d", "99999999999999999999s", "1h30m"}) {
        row(text, -1);
    }
}

void TestTime::duration()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, expected);
    QCOMPARE(static_cast<qint64>(parseDuration(text.toStdString()).value_or(-1)), expected);
}

void TestTime::format_data()
{
    QTest::addColumn<qint64>("time");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("none") << static_cast<qint64>(kNoTime) << QByteArray();
    QTest::newRow("epoch") << qint64{0} << QByteArray("1970-01-01T00:00:00.000Z");
    QTest::newRow("just before") << qint64{-1} << QByteArray("1969-12-31T23:59:59.999Z");
    QTest::newRow("leap day") << qint64{1709210096'789999} << QByteArray("2024-02-29T12:34:56.789Z");
}

void TestTime::format()
{
    QFETCH(qint64, time);
    QFETCH(QByteArray, expected);
    QCOMPARE(QByteArray::fromStdString(formatIsoTime(time)), expected);
}

void TestTime::civilRoundTrip()
{
    for (std::int64_t day = daysFromCivil(1890, 1, 1); day < daysFromCivil(2110, 1, 1); ++day) {
        const Timestamp time = day * kMicrosPerDay + 45'296 * kMicrosPerSecond + 789'000;
        QCOMPARE(parseIsoTime(formatIsoTime(time)).value_or(0), time);
    }
    QCOMPARE(daysFromCivil(1970, 1, 1), std::int64_t{0});
    QCOMPARE(daysFromCivil(2000, 3, 1), std::int64_t{11017});
}

void TestTime::zone_data()
{
    QTest::addColumn<QByteArray>("local");
    QTest::addColumn<QByteArray>("utc");
    const auto row = [](const char *name, const char *local, const char *utc) {
        QTest::newRow(name) << QByteArray(local) << QByteArray(utc);
    };
    row("winter", "2026-01-15T12:00:00", "2026-01-15T11:00:00.000Z");
    row("summer", "2026-07-15T12:00:00", "2026-07-15T10:00:00.000Z");
    row("before the gap", "2026-03-29T01:59:59", "2026-03-29T00:59:59.000Z");
    row("in the gap, the earlier", "2026-03-29T02:30:00", "2026-03-29T00:30:00.000Z");
    row("after the gap", "2026-03-29T03:00:00", "2026-03-29T01:00:00.000Z");
    row("before the overlap", "2026-10-25T01:59:59", "2026-10-24T23:59:59.000Z");
    row("in the overlap, the earlier", "2026-10-25T02:30:00", "2026-10-25T00:30:00.000Z");
    row("after the overlap", "2026-10-25T03:00:00", "2026-10-25T02:00:00.000Z");
    row("with offset the zone is not asked", "2026-07-15T12:00:00Z", "2026-07-15T12:00:00.000Z");
}

void TestTime::zone()
{
    QFETCH(QByteArray, local);
    QFETCH(QByteArray, utc);
    const TimeZone zone = berlin();
    QCOMPARE(zone.name(), std::string("Europe/Berlin"));
    QCOMPARE(QByteArray::fromStdString(formatIsoTime(parseIsoTime(local.toStdString(), zone).value_or(kNoTime))), utc);
}

void TestTime::zoneRoundTrip()
{
    for (const char *name : {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"}) {
        const Result<TimeZone> zone = TimeZone::named(name);
        QVERIFY2(zone.has_value(), name);
        const Timestamp start = parseIsoTime("2025-01-01T00:30:00Z").value_or(0);
        for (int hour = 0; hour < 24 * 730; ++hour) {
            const Timestamp utc = start + hour * 3600 * kMicrosPerSecond;
            const Timestamp back = zone->toUtc(zone->toLocal(utc));
            // In an overlap the earlier instant comes back, which shows the same wall clock.
            QVERIFY(back == utc || (back < utc && zone->toLocal(back) == zone->toLocal(utc)));
        }
    }
}

void TestTime::zoneThreads()
{
    std::vector<int> right(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < right.size(); ++i) {
        threads.emplace_back([&right, i] {
            const TimeZone zone = TimeZone::named(i % 2 == 0 ? "Europe/Berlin" : "Asia/Tokyo").value_or(TimeZone());
            const std::int64_t hours = i % 2 == 0 ? 1 : 9;
            for (int n = 0; n < 1000; ++n) {
                right[i] +=
                    zone.toUtc(n * kMicrosPerDay / 100) == n * kMicrosPerDay / 100 - hours * 3600 * kMicrosPerSecond;
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    QCOMPARE(right, std::vector<int>(4, 1000));
}

void TestTime::unknownZone_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {"", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime"}) {
        QTest::addRow("'%s'", name) << QByteArray(name);
    }
}

void TestTime::unknownZone()
{
    QFETCH(QByteArray, name);
    const Result<TimeZone> zone = TimeZone::named(name.toStdString());
    QVERIFY(!zone.has_value());
    QCOMPARE(zone.error().code, std::string("NJ-BASE-010"));
    QVERIFY(!zone.error().hint.empty());
}

void TestTime::extremes()
{
    const TimeZone zone = berlin();
    for (const std::int64_t value : {kNoTime, std::numeric_limits<std::int64_t>::max()}) {
        QCOMPARE(zone.toUtc(value), value);
        QCOMPARE(zone.toLocal(value), value);
    }
    QVERIFY(!formatIsoTime(std::numeric_limits<std::int64_t>::max()).empty());
    QVERIFY(!formatIsoTime(kNoTime + 1).empty());
}

void TestTime::clock()
{
    const Timestamp now = systemClock().now();
    QVERIFY(now > parseIsoTime("2024-01-01").value_or(kNoTime));
    QVERIFY(systemClock().now() >= now);
}

void TestTime::speed()
{
    const TimeZone zone = berlin();
    Timestamp sum = 0;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 1'000'000; ++i) {
        sum += parseCtime(i % 2 == 0 ? "Mon Oct 16 22:55:48 2023" : "Tue Oct 17 02:55:48 2023", zone).value_or(0);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    qInfo("1,000,000 ctime texts in a zone: %.3f s", took.count());
    QVERIFY(sum != 0);
    QVERIFY2(took.count() < 4.0, "slower than any build should be"); // sanitizers included
}

QTEST_GUILESS_MAIN(TestTime)
#include "tst_time.moc"
