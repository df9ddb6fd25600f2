// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/feedformats.h"

#include "base/files.h"
#include "support/support.h"

#include <QTest>

using namespace nightjar;
using namespace nightjar::workspace;

class FeedFormatsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsAndForgets();
    void refusesNames();
    void numbersOthersOfTheName();
    void passesOverForeignFiles();
};

void FeedFormatsTest::keepsAndForgets()
{
    const testsupport::TemporaryFolder folder;
    const FeedFormats formats(folder.path());
    QVERIFY(formats.list().empty());
    QVERIFY(formats.save({"web", ",\"", "%s{time},\n  %s{login}\\n\n"}).has_value());
    QVERIFY(formats.save({"dns", "", "%s{req}"}).has_value());
    const auto list = formats.list();
    QCOMPARE(list.size(), std::size_t(2));
    QCOMPARE(list[0].name, std::string("dns"));
    const auto web = formats.get("web");
    QVERIFY(web.has_value());
    QCOMPARE(web->escape, std::string(",\""));
    QCOMPARE(web->text, std::string("%s{time},\n  %s{login}\\n\n"));
    QVERIFY(formats.remove("web").has_value());
    QCOMPARE(formats.get("web").error().code, std::string("NJ-WORK-060"));
    QCOMPARE(formats.remove("web").error().code, std::string("NJ-WORK-060"));
}

void FeedFormatsTest::refusesNames()
{
    const testsupport::TemporaryFolder folder;
    const FeedFormats formats(folder.path());
    for (const char *name : {"", ".hidden", "a/b", "..", "a\nb"}) {
        QCOMPARE(formats.save({name, "", "%s{a}"}).error().code, std::string("NJ-WORK-061"));
        QVERIFY(!formats.get(name).has_value());
    }
    QCOMPARE(*formats.keep({"../a:b", "", "%s{a}"}), std::string("-a-b"));
}

void FeedFormatsTest::numbersOthersOfTheName()
{
    const testsupport::TemporaryFolder folder;
    const FeedFormats formats(folder.path());
    QCOMPARE(*formats.keep({"web", "", "%s{a}"}), std::string("web"));
    QCOMPARE(*formats.keep({"web", "", "%s{a}"}), std::string("web"));
    QCOMPARE(*formats.keep({"web", ",", "%s{a}"}), std::string("web-2"));
    QCOMPARE(*formats.keep({"web", ",", "%s{a}"}), std::string("web-2"));
    QCOMPARE(formats.list().size(), std::size_t(2));
}

void FeedFormatsTest::passesOverForeignFiles()
{
    const testsupport::TemporaryFolder folder;
    const FeedFormats formats(folder.path());
    QVERIFY(formats.save({"web", "", "%s{a}"}).has_value());
    QVERIFY(writeFileAtomically(folder / "formats/other.feed", "something else").has_value());
    QVERIFY(writeFileAtomically(folder / "formats/cut.feed", "nightjar-feed-format 1\nescape=").has_value());
    QCOMPARE(formats.list().size(), std::size_t(1));
}

QTEST_GUILESS_MAIN(FeedFormatsTest)
#include "tst_feedformats.moc"
