// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/importer.h"
#include "intel/listwriter.h"
#include "support/support.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace nightjar;
using namespace nightjar::intel;

namespace {

constexpr Timestamp kNow = 1'772'000'000 * kMicrosPerSecond;

std::vector<Indicator> someOfEveryType()
{
    std::vector<Indicator> all;
    for (const char *text :
         {"a.evil.example", "http://b.example/p'a\\th?q=1", "198.51.100.7", "2001:db8:1::7", "203.0.113.0/24",
          "d41d8cd98f00b204e9800998ecf84271", "da39a3ee5e6b4b0d3255bfef95601890afd80711",
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b811", "m@evil.example"}) {
        auto read = indicatorFromText(text);
        if (!read) {
            qWarning("%s: %s", text, read.error().title.c_str());
            continue;
        }
        read->source = "feed, \"one\"";
        read->threat = "botnet_cc";
        read->confidence = 70;
        read->tlp = Tlp::Green;
        read->validFrom = kNow - kMicrosPerDay;
        read->firstSeen = kNow - kMicrosPerDay;
        read->validUntil = kNow + 30 * kMicrosPerDay;
        all.push_back(std::move(*read));
    }
    return all;
}

std::string written(ListFormat format, const std::vector<Indicator> &all, int *left = nullptr)
{
    std::string text;
    ListWriter writer(format, kNow, [&text](std::string_view piece) { text += piece; });
    for (const Indicator &one : all) {
        if (!writer.write(one) && left != nullptr) {
            ++*left;
        }
    }
    writer.finish();
    return text;
}

std::vector<Indicator> read(const std::string &text)
{
    std::vector<Indicator> all;
    ImportDefaults defaults;
    defaults.at = kNow;
    (void)importText(text, defaults, [&](Indicator &&one) -> Status {
        all.push_back(std::move(one));
        return {};
    });
    return all;
}

} // namespace

class TestListWriter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void comesBackAsItWas_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("stix") << static_cast<int>(ListFormat::Stix);
        QTest::newRow("csv") << static_cast<int>(ListFormat::Csv);
        QTest::newRow("text") << static_cast<int>(ListFormat::Text);
    }
    void comesBackAsItWas()
    {
        QFETCH(int, format);
        const auto all = someOfEveryType();
        QCOMPARE(all.size(), std::size_t{9});
        const auto back = read(written(static_cast<ListFormat>(format), all));
        QCOMPARE(back.size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            QCOMPARE(back[i].value, all[i].value);
            QCOMPARE(back[i].type, all[i].type);
            if (static_cast<ListFormat>(format) != ListFormat::Text) {
                QCOMPARE(back[i].confidence.value_or(-1), 70);
                QCOMPARE(back[i].tlp, Tlp::Green);
                QCOMPARE(back[i].validUntil, all[i].validUntil);
            }
        }
    }

    void stixIsWellFormedAndStable()
    {
        const auto all = someOfEveryType();
        const QJsonObject bundle =
            QJsonDocument::fromJson(QByteArray::fromStdString(written(ListFormat::Stix, all))).object();
        QCOMPARE(bundle.value(QStringLiteral("type")).toString(), QStringLiteral("bundle"));
        const QJsonArray objects = bundle.value(QStringLiteral("objects")).toArray();
        QCOMPARE(objects.size(), static_cast<qsizetype>(all.size()));
        for (const QJsonValue &object : objects) {
            QVERIFY(!object[QStringLiteral("pattern")].toString().isEmpty());
            QCOMPARE(object[QStringLiteral("object_marking_refs")][0].toString(),
                     QStringLiteral("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"));
        }
        QCOMPARE(written(ListFormat::Stix, all), written(ListFormat::Stix, all));
        QCOMPARE(QJsonDocument::fromJson(QByteArray::fromStdString(written(ListFormat::Stix, {})))
                     .object()
                     .value(QStringLiteral("objects")),
                 QJsonValue(QJsonArray()));
    }

    void whatStixHasNoWordsForIsLeftOut()
    {
        Indicator agent;
        agent.type = Type::UserAgent;
        agent.value = "=cmd|' /C calc'!A0";
        int left = 0;
        QVERIFY(
            QJsonDocument::fromJson(QByteArray::fromStdString(written(ListFormat::Stix, {agent}, &left))).isObject());
        QCOMPARE(left, 1);
        // In a table it must not become a formula.
        QVERIFY(written(ListFormat::Csv, {agent}).find(",'=cmd") != std::string::npos ||
                written(ListFormat::Csv, {agent}).find(",\"'=cmd") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestListWriter)
#include "tst_listwriter.moc"
