// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/manualclock.h"
#include "support/support.h"

#include "net/ratelimit.h"

#include <array>

using namespace nightjar;
using nightjar::testsupport::ManualClock;
using nightjar::testsupport::ManualSleeper;

class TestRateLimit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothWindowsHold()
    {
        ManualClock clock;
        net::RateLimiter limiter({{2, kMicrosPerSecond}, {5, 60 * kMicrosPerSecond}}, clock);
        QVERIFY(limiter.tryTake());
        QVERIFY(limiter.tryTake());
        QVERIFY(!limiter.tryTake());
        QCOMPARE(limiter.waitNeeded(), kMicrosPerSecond);
        clock.advance(kMicrosPerSecond);
        QVERIFY(limiter.tryTake());
        QVERIFY(limiter.tryTake());
        clock.advance(kMicrosPerSecond);
        QVERIFY(limiter.tryTake());
        clock.advance(kMicrosPerSecond);
        QVERIFY2(!limiter.tryTake(), "the longer window is full");
        QCOMPARE(limiter.waitNeeded(), 57 * kMicrosPerSecond);
    }

    void takeWaitsAndGivesUp()
    {
        ManualClock clock;
        ManualSleeper sleeper(clock);
        net::RateLimiter limiter({{1, kMicrosPerSecond}}, clock);
        QVERIFY(limiter.take(sleeper, {}).has_value());
        QVERIFY(limiter.take(sleeper, {}).has_value());
        QCOMPARE(sleeper.slept(), kMicrosPerSecond);
        limiter.holdFor(600 * kMicrosPerSecond);
        const Status impatient = limiter.take(sleeper, {}, 10 * kMicrosPerSecond);
        QVERIFY(!impatient);
        QVERIFY(impatient.error().code == "NJ-NET-031");
        CancelToken cancel;
        cancel.cancel();
        const Status cancelled = limiter.take(sleeper, cancel);
        QVERIFY(!cancelled);
        QVERIFY(cancelled.error().code == "NJ-NET-030");
    }

    void clockThatJumpsBackDoesNotLock()
    {
        ManualClock clock;
        net::RateLimiter limiter({{1, kMicrosPerSecond}}, clock);
        QVERIFY(limiter.tryTake());
        clock.advance(-3'600 * kMicrosPerSecond);
        QVERIFY(limiter.waitNeeded() <= kMicrosPerSecond);
        QVERIFY(!limiter.tryTake());
        clock.advance(kMicrosPerSecond);
        QVERIFY(limiter.tryTake());
    }

    void preloadCounts()
    {
        ManualClock clock;
        net::RateLimiter limiter({{2, 60 * kMicrosPerSecond}}, clock);
        const std::array<Timestamp, 3> earlier{clock.now() - 10 * kMicrosPerSecond, clock.now() - 20 * kMicrosPerSecond,
                                               clock.now() - 300 * kMicrosPerSecond};
        limiter.preload(earlier);
        QVERIFY(!limiter.tryTake());
        QCOMPARE(limiter.waitNeeded(), 40 * kMicrosPerSecond);
    }

    void systemSleeperStopsOnCancel()
    {
        CancelToken cancel;
        cancel.cancel();
        QVERIFY(!net::systemSleeper().sleep(3'600 * kMicrosPerSecond, cancel));
        QVERIFY(net::systemSleeper().sleep(1'000, {}));
    }
};

QTEST_GUILESS_MAIN(TestRateLimit)
#include "tst_ratelimit.moc"
