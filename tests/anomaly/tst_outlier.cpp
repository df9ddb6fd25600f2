// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/isolationforest.h"
#include "anomaly/outlier.h"
#include "anomaly/whiten.h"

#include "support/support.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace nightjar;
using namespace nightjar::anomaly;

namespace {

/// A cloud of correlated columns; the last row lies apart by `far`.
Table cloud(std::size_t rows, std::size_t columns, double far)
{
    Random random(3);
    Table table(rows, columns);
    for (std::size_t r = 0; r < rows; ++r) {
        const double common = random.normal();
        for (std::size_t c = 0; c < columns; ++c) {
            table.at(r, c) = 100.0 * static_cast<double>(c) + common + 0.3 * random.normal();
        }
    }
    for (std::size_t c = 0; c < columns; ++c) {
        table.at(rows - 1, c) += far;
    }
    return table;
}

std::size_t placeOfLast(const std::vector<double> &scores)
{
    return static_cast<std::size_t>(
        std::count_if(scores.begin(), scores.end(), [&](double v) { return v >= scores.back(); }));
}

} // namespace

class TestOutlier : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsTheRowApart()
    {
        const auto scores = scoreOutliers(cloud(500, 6, 9));
        QCOMPARE(placeOfLast(scores), std::size_t{1});
        QVERIFY(scores.back() <= 100);
        QVERIFY(*std::min_element(scores.begin(), scores.end()) >= 0);
    }

    void findsWhatBreaksACorrelation()
    {
        Table table = cloud(500, 2, 0);
        table.at(499, 0) = 1.6; // each usual by itself, the two together not
        table.at(499, 1) = 98.4;
        QVERIFY(placeOfLast(scoreOutliers(table)) <= 5);
    }

    void isTheSameEveryTime()
    {
        const Table table = cloud(300, 5, 4);
        QCOMPARE(scoreOutliers(table), scoreOutliers(table));
    }

    void scalesOfColumnsDoNotMatter()
    {
        Table table = cloud(300, 3, 6);
        const auto before = scoreOutliers(table);
        for (std::size_t r = 0; r < table.rows(); ++r) {
            table.at(r, 1) *= 1e6;
        }
        const auto after = scoreOutliers(table);
        for (std::size_t r = 0; r < table.rows(); ++r) {
            QVERIFY(std::abs(before[r] - after[r]) < 1e-6);
        }
    }

    void forestIsolates()
    {
        const Table table = cloud(400, 3, 20);
        Random random(9);
        const IsolationForest forest(table, random);
        QVERIFY(forest.score(table.row(399)) > 0.6);
        QVERIFY(forest.score(table.row(0)) < 0.6);
    }

    void whiteningTakesCorrelationsOut()
    {
        const Table white = withoutCorrelations(standardise(cloud(4000, 2, 0)));
        double product = 0;
        for (std::size_t r = 0; r < white.rows(); ++r) {
            product += white.at(r, 0) * white.at(r, 1) / static_cast<double>(white.rows());
        }
        QVERIFY2(std::abs(product) < 0.3, qPrintable(QString::number(product))); // the shrinkage leaves a little
    }

    void uglyTables_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<int>("rows");
        QTest::newRow("header only") << QByteArray("f0,f1\n") << 0;
        QTest::newRow("one row") << QByteArray("f0,f1\n1,2\n") << 1;
        QTest::newRow("two rows") << QByteArray("f0\n1\n2\n") << 2;
        QTest::newRow("constant") << QByteArray("f0,f1\n1,2\n1,2\n1,2\n1,2\n") << 4;
        QTest::newRow("words and gaps") << QByteArray("f0,f1\nx,2\n1\n,\n3,nan,7\ninf,1e999\n") << 5;
        QTest::newRow("nothing known") << QByteArray("f0\nx\ny\nz\n") << 3;
        QTest::newRow("huge numbers") << QByteArray("f0,f1\n1e308,-1e308\n-1e308,1e308\n0,0\n1e308,1e308\n") << 4;
        QTest::newRow("control bytes") << QByteArray("f0,\x01\xff\n\x02,\xfe\n1,2\n\"3,4\n") << 3;
        QTest::newRow("line ends of Windows") << QByteArray("f0,f1\r\n1,2\r\n3,4\r\n5,6\r\n") << 3;
    }
    void uglyTables()
    {
        QFETCH(QByteArray, csv);
        QFETCH(int, rows);
        const auto scores = scoreOutlierTable({csv.constData(), static_cast<std::size_t>(csv.size())});
        QVERIFY(scores.has_value());
        QCOMPARE(scores->size(), static_cast<std::size_t>(rows));
        for (const double score : *scores) {
            QVERIFY(std::isfinite(score));
        }
    }

    void emptyFileIsRefused()
    {
        const auto scores = scoreOutlierTable("\n \n");
        QVERIFY(!scores.has_value());
        QCOMPARE(scores.error().code, std::string("NJ-ANOMALY-003"));
    }
};

QTEST_GUILESS_MAIN(TestOutlier)
#include "tst_outlier.moc"
