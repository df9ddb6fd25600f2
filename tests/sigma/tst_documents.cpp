// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "sigma/documents.h"
#include "sigma/ruleparser.h"

#include <QTest>

#include <string>

using namespace nightjar;
using namespace nightjar::sigma;

namespace {

std::string times(const std::string &text, int count)
{
    std::string result;
    for (int i = 0; i < count; ++i) {
        result += text;
    }
    return result;
}

} // namespace

/// Documents told apart, and texts that are made to hurt.
class TstDocuments : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void kinds();
    void collections();
    void places();
    void bombs_data();
    void bombs();
};

void TstDocuments::kinds()
{
    const auto read =
        loadDocuments("title: A\ndetection: {s: {a: 1}, condition: s}\n---\ntitle: B\ncorrelation: {type: "
                      "event_count}\n---\ntitle: C\nfilter: {rules: any}\n---\njust text\n---\n",
                      "f.yml");
    QCOMPARE(read.documents.size(), std::size_t{4});
    QVERIFY(!read.problem);
    const DocumentKind wanted[] = {DocumentKind::Rule, DocumentKind::Correlation, DocumentKind::Filter,
                                   DocumentKind::Unknown};
    for (std::size_t i = 0; i < 4; ++i) {
        QCOMPARE(static_cast<int>(read.documents[i].kind), static_cast<int>(wanted[i]));
        QCOMPARE(read.documents[i].file, std::string("f.yml"));
    }
    QCOMPARE(read.documents[1].title, std::string("B"));
    QCOMPARE(read.documents[1].node.find("correlation")->textOf("type"), std::string_view("event_count"));
}

void TstDocuments::collections()
{
    const auto read = loadDocuments("action: global\ntitle: G\nlevel: low\n---\ndetection: {s: {a: 1}}\n---\n"
                                    "action: repeat\nlevel: high\n---\ncorrelation: {type: temporal}\n---\n"
                                    "action: reset\n---\ntitle: Z\n---\naction: correlation\ntype: temporal\n",
                                    "f.yml");
    QCOMPARE(read.documents.size(), std::size_t{5});
    QCOMPARE(read.documents[0].node.textOf("title"), std::string_view("G"));
    QCOMPARE(read.documents[1].node.textOf("level"), std::string_view("high"));
    QVERIFY(read.documents[1].node.find("detection") != nullptr);
    QVERIFY(read.documents[2].node.find("title") == nullptr); // correlations take no part
    QVERIFY(read.documents[3].node.find("level") == nullptr);
    QVERIFY(read.documents[4].node.find("action") != nullptr); // not one of ours: kept
}

void TstDocuments::places()
{
    const auto read = loadDocuments("title: A\n---\n\ntitle: B\ncorrelation:\n  type: x\n", "f.yml");
    QCOMPARE(read.documents[1].node.line, std::uint64_t{4});
    const YamlNode *type = read.documents[1].node.find("correlation")->find("type");
    QCOMPARE(type->line, std::uint64_t{6});
    QCOMPARE(type->column, std::uint64_t{9});
}

void TstDocuments::bombs_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const std::string &text) {
        QTest::newRow(name) << QByteArray::fromStdString(text);
    };
    const std::string top = "title: T\nlogsource: {category: proxy}\ndetection:\n";
    const std::string head = top + "  s:\n";
    const std::string end = "\n  condition: s\n";
    row("wildcards in one value", head + "    f: '" + times("*a", 10'000) + "'" + end);
    row("question marks in one value", head + "    f: '" + times("?", 10'000) + "x*y'" + end);
    std::string many;
    for (int i = 0; i < 10'000; ++i) {
        many += "      - '*a*" + std::to_string(i) + "*b*c?'\n";
    }
    row("values with wildcards", head + "    f:\n" + many + end);
    row("a megabyte of expression", head + "    f|re: '" + times("(a|b)+", 160'000) + "'" + end);
    row("counted repetitions", head + "    f|re: '((a{1,900}){1,900}){1,900}'" + end);
    row("deep condition", head + "    f: 1\n  condition: " + times("(", 50'000) + "s" + times(")", 50'000));
    row("long condition", head + "    f: 1\n  condition: s" + times(" or not s", 90'000));
    std::string selectors = top;
    for (int i = 0; i < 4'000; ++i) {
        selectors += "  s" + std::to_string(i) + ": {f: 1}\n";
    }
    row("pattern over many identifiers", selectors + "  condition: all of them" + times(" or 1 of s*", 20'000) + "\n");
    row("deep lists", head + "    " + times("[", 100'000) + end);
    std::string steps;
    for (std::size_t i = 0; i < 900; ++i) {
        steps += std::string(i, ' ') + "a:\n";
    }
    row("deep maps", steps);
    std::string keys;
    for (int i = 0; i < 90'000; ++i) {
        keys += "k" + std::to_string(i) + ": 1\n";
    }
    row("many keys, one twice", keys + "k5: 1\n");
    row("aliases of a long text", "a: &a '" + std::string(400'000, 'x') + "'\nb: [*a" + times(", *a", 100'000) + "]\n");
    std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
                  times("*a" + std::to_string(i - 1) + ", ", 10) + "x]\n";
    }
    row("aliases of aliases", laughs);
    row("templates of a collection",
        "action: global\nx: [1" + times(", 1", 100'000) + "]\n" + times("---\na: 1\n", 60'000));
}

void TstDocuments::bombs()
{
    QFETCH(QByteArray, text);
    const double before = processUsage().cpuSeconds;
    const auto documents = parseRules(text.toStdString(), "f.yml");
    const double seconds = processUsage().cpuSeconds - before;
    QVERIFY(!documents.empty());
    QVERIFY2(!documents.back().rule && !documents.back().verdict.reason.empty(), "accepted");
    qInfo("%.3f s: %s", seconds, documents.back().verdict.reason.c_str());
    QVERIFY2(seconds <= 1.0, std::to_string(seconds).c_str());
}

QTEST_GUILESS_MAIN(TstDocuments)
#include "tst_documents.moc"
