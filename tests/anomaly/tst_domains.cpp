// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/domainmodel.h"
#include "anomaly/random.h"
#include "base/files.h"
#include "nightjar_resources.h"

#include "support/support.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace nightjar;
using namespace nightjar::anomaly;

namespace {

const std::filesystem::path kModel = std::filesystem::path(NIGHTJAR_RESOURCES) / "models" / "domains.model";

const DomainModel &model()
{
    static const Result<DomainModel> loaded = DomainModel::load(kModel);
    return loaded.value();
}

double severity(const char *name)
{
    return model().score(name).severity;
}

} // namespace

class TestDomains : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(DomainModel::load(kModel).has_value()); }

    void choiceOfTheCore_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("core");
        QTest::addColumn<QString>("suffix");
        QTest::newRow("plain") << "Example.COM."
                               << "example"
                               << "com";
        QTest::newRow("two-part ending") << "www.example.co.uk"
                                         << "example"
                                         << "co.uk";
        QTest::newRow("dynamic DNS of the list") << "abc.ddns.net"
                                                 << "abc"
                                                 << "ddns.net";
        QTest::newRow("dynamic DNS of our own") << "a.abc.mooo.com"
                                                << "abc"
                                                << "mooo.com";
        QTest::newRow("the provider itself") << "mooo.com"
                                             << "mooo"
                                             << "com";
        QTest::newRow("one label") << "localhost"
                                   << "localhost"
                                   << "";
        QTest::newRow("nothing") << "..."
                                 << ""
                                 << "";
    }
    void choiceOfTheCore()
    {
        QFETCH(QString, name);
        QFETCH(QString, core);
        QFETCH(QString, suffix);
        const DomainParts parts = domainPartsOf(name.toStdString());
        QCOMPARE(QString::fromStdString(parts.core), core);
        QCOMPARE(QString::fromStdString(parts.suffix), suffix);
    }

    void chosenNamesAreLow_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char *name : {"wikipedia.org", "northwindtraders.com", "bbc.co.uk", "gardencentre.de",
                                 "mail.google.com", "university.edu", "mybank-online.com", "teamviewer.com"}) {
            QTest::newRow(name) << QByteArray(name);
        }
    }
    void chosenNamesAreLow()
    {
        QFETCH(QByteArray, name);
        QVERIFY2(severity(name.constData()) < 60, qPrintable(QString::number(severity(name.constData()))));
    }

    void drawnNamesAreHigh()
    {
        Random random(77); // no seed of the training
        int found = 0;
        for (int i = 0; i < 200; ++i) {
            std::string name;
            while (name.size() < 15) {
                name += static_cast<char>('a' + static_cast<char>(random.below(26)));
            }
            found += model().score(name + ".info").severity >= 75 ? 1 : 0;
        }
        QVERIFY2(found >= 180, qPrintable(QString::number(found)));
    }

    void pointsExplainTheOdds()
    {
        const DomainScore low = model().score("weather.com");
        const DomainScore high = model().score("xkqzjvhwpqrt.biz");
        double difference = 0;
        for (std::size_t i = 0; i < kDomainFeatures; ++i) {
            difference += high.points[i] - low.points[i];
            QVERIFY(!domainFeatureName(i).empty());
        }
        QVERIFY(std::abs(difference - (high.odds - low.odds)) < 1e-6);
        QVERIFY(high.severity > 75 && low.severity < 60);
    }

    void severityFollowsTheOdds()
    {
        std::vector<DomainScore> all;
        for (const char *name : {"a.com", "example.org", "qxv.biz", "zzzzqqqq.top", "kjhwqe7a8s9d.cc", "internet.de",
                                 "vxkqjzrtplmwnb.info", "0123456789abcdef.ru"}) {
            all.push_back(model().score(name));
        }
        std::sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.odds < b.odds; });
        for (std::size_t i = 1; i < all.size(); ++i) {
            QVERIFY(all[i].severity > all[i - 1].severity);
        }
    }

    void uglyNames_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("dots") << QByteArray("....");
        QTest::newRow("one letter") << QByteArray("a");
        QTest::newRow("long") << QByteArray(100'000, 'a') + ".com";
        QTest::newRow("many labels") << QByteArray("a.").repeated(5000) + "com";
        QTest::newRow("control bytes") << QByteArray("\x01\x02\xff\xfe.com", 8);
        QTest::newRow("zero byte") << QByteArray("a\0b.com", 7);
        QTest::newRow("address") << QByteArray("203.0.113.7");
        QTest::newRow("no letter") << QByteArray("-----.---");
    }
    void uglyNames()
    {
        QFETCH(QByteArray, name);
        const DomainScore score = model().score({name.constData(), static_cast<std::size_t>(name.size())});
        QVERIFY(std::isfinite(score.severity) && score.severity >= 0 && score.severity <= 100);
        QVERIFY(std::isfinite(score.odds));
    }

    void tableKeepsRows()
    {
        const auto scores = scoreDomainTable(model(), "domain\r\nexample.com\r\n\"quoted,more\"\nxqzkvjwpt.biz,1\n");
        QVERIFY(scores.has_value());
        QCOMPARE(scores->size(), std::size_t{3});
        QCOMPARE(scores->at(2), severity("xqzkvjwpt.biz"));
        QCOMPARE(scoreDomainTable(model(), "domain\n").value().size(), std::size_t{0});
        QCOMPARE(scoreDomainTable(model(), "").error().code, std::string("NJ-ANOMALY-006"));
    }

    void damagedModelsAreRefused()
    {
        const auto bytes = readFile(kModel, 16U << 20U);
        QVERIFY(bytes.has_value());
        QVERIFY(DomainModel::parse(*bytes).has_value());
        QCOMPARE(DomainModel::parse("").error().code, std::string("NJ-ANOMALY-005"));
        for (const std::size_t cut : {std::size_t{8}, std::size_t{30}, bytes->size() / 2, bytes->size() - 1}) {
            QVERIFY(!DomainModel::parse(std::string_view(*bytes).substr(0, cut)).has_value());
        }
        std::string changed = *bytes;
        changed[changed.size() / 3] = static_cast<char>(changed[changed.size() / 3] ^ 1);
        QVERIFY(!DomainModel::parse(changed).has_value());
        QVERIFY(!DomainModel::load("/nowhere/domains.model").has_value());
    }

    void wordsCover()
    {
        WordCover words;
        words.add("house", false);
        words.add("garden", true);
        words.finish();
        QCOMPARE(words.cut("house-garden").covered, 1.0);
        QCOMPARE(words.cut("xhouse").covered, 5.0 / 6);
        QCOMPARE(words.cut("").covered, 0.0);
        QVERIFY(words.cut("house").logProbability > words.cut("garden").logProbability);
    }

    void lettersSumToOne()
    {
        CharModel::Counts counts;
        for (const char *name : {"anna", "annabel", "hanna", "banana"}) {
            counts.add(name);
            counts.add(name);
        }
        const CharModel letters = counts.finish();
        QVERIFY(letters.logProbabilities("anna")[2] > letters.logProbabilities("anxa")[2]);
        double sum = std::exp(letters.logProbabilities("ann").back());
        for (char c = 'a'; c <= 'z'; ++c) {
            sum += std::exp(letters.logProbabilities(std::string("ann") + c)[3]);
        }
        QVERIFY2(sum > 0.85 && sum < 1.1, qPrintable(QString::number(sum))); // counts are rounded, 13 letters left out
    }
};

QTEST_GUILESS_MAIN(TestDomains)
#include "tst_domains.moc"
