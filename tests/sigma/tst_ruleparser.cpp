// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/encodings.h"
#include "sigma/pattern.h"
#include "sigma/ruleparser.h"

#include <QTest>

#include <string>

using namespace nightjar::sigma;

namespace {

const std::string kHead = "title: T\nlogsource: {category: proxy}\n";

std::string withItem(const std::string &item)
{
    return kHead + "detection:\n  sel:\n    " + item + "\n  condition: sel\n";
}

std::string withCondition(const std::string &condition)
{
    return kHead + "detection:\n  sel_a: {f: 1}\n  sel_b: {f: 2}\n  _hidden: {f: 3}\n  condition: " + condition + "\n";
}

} // namespace

/// Rule text in, rules and verdicts out.
class TstRuleParser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void accepts_data();
    void accepts();
    void readsMetadata();
    void severalDocuments();
    void collections();
    void hostileYaml_data();
    void hostileYaml();
    void placesOfErrors();
    void patterns_data();
    void patterns();
    void encodings();
};

void TstRuleParser::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const std::string &text, const char *kind, const char *reason) {
        QTest::newRow(name) << QString::fromStdString(text) << QString::fromLatin1(kind) << QString::fromLatin1(reason);
    };
    row("empty", "", "yaml", "no document");
    row("a scalar", "hello", "yaml", "no map");
    row("duplicate key", kHead + "title: U\n", "yaml", "twice");
    row("duplicate field", withItem("a: 1\n    a: 2"), "yaml", "twice");
    row("no title", "logsource: {category: proxy}\ndetection: {s: {a: 1}, condition: s}\n", "rule", "title");
    row("no logsource", "title: T\ndetection: {s: {a: 1}, condition: s}\n", "rule", "logsource");
    row("empty logsource", "title: T\nlogsource: {definition: x}\ndetection: {s: {a: 1}, condition: s}\n", "rule",
        "neither");
    row("bad level", "title: T\nlevel: urgent\nlogsource: {product: x}\ndetection: {s: {a: 1}, condition: s}\n", "rule",
        "level");
    row("no detection", kHead, "rule", "detection");
    row("no condition", kHead + "detection: {s: {a: 1}}\n", "rule", "condition");
    row("only a condition", kHead + "detection: {condition: s}\n", "rule", "no search identifier");
    row("empty map", kHead + "detection: {s: {}, condition: s}\n", "rule", "empty map");
    row("empty list", kHead + "detection: {s: [], condition: s}\n", "rule", "empty list");
    row("nested map", withItem("a: {b: 1}"), "rule", "map");
    row("correlation", "title: T\ncorrelation: {type: event_count}\n", "correlation", "correlation");
    row("filter", "title: T\nlogsource: {category: proxy}\nfilter: {rules: any}\n", "filter", "search identifier");
    row("unknown modifier", withItem("a|sounds: x"), "rule", "sounds");
    row("two comparisons", withItem("a|gt|lt: 1"), "rule", "two comparisons");
    row("contains before re", withItem("a|contains|re: x"), "rule", "contains");
    row("cidr with startswith", withItem("a|cidr|startswith: 10.0.0.0/8"), "rule", "startswith");
    row("host bits", withItem("a|cidr: 10.0.0.1/8"), "rule", "network");
    row("look-ahead", withItem("a|re: 'a(?=b)'"), "rule", "regular expression");
    row("exists with text", withItem("a|exists: 'yes'"), "rule", "true or false");
    row("gt with text", withItem("a|gt: '5'"), "rule", "number");
    row("base64 with wildcard", withItem("a|base64: 'a*'"), "rule", "wildcards");
    row("null with contains", withItem("a|contains: null"), "rule", "null");
    row("taxonomy", "title: T\ntaxonomy: ecs\nlogsource: {product: x}\ndetection: {s: {a: 1}, condition: s}\n", "rule",
        "taxonomy");
    row("aggregation", withCondition("'sel_a | count() by f > 5'"), "rule", "aggregation");
    row("2 of", withCondition("2 of sel_*"), "rule", "2 of");
    row("unknown identifier", withCondition("sel_a and nosuch"), "rule", "nosuch");
    row("upper case operator", withCondition("sel_a AND sel_b"), "rule", "AND");
    row("dangling", withCondition("sel_a and"), "rule", "ends");
    row("bracket", withCondition("(sel_a or sel_b"), "rule", "bracket");
    row("stray bracket", withCondition("sel_a )"), "rule", "unexpected");
    row("pattern without identifier", withCondition("1 of nope_*"), "rule", "selects no identifier");
    row("of nothing", withCondition("1 of"), "rule", "pattern");
    row("brackets too deep", withCondition(std::string(500, '(') + "sel_a" + std::string(500, ')')), "rule", "deep");
    row("nots too deep", withCondition([] {
            std::string nots;
            for (int i = 0; i < 5000; ++i) {
                nots += "not ";
            }
            return nots + "sel_a";
        }()),
        "rule", "deep");
}

void TstRuleParser::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, kind);
    QFETCH(QString, reason);
    const auto documents = parseRules(text.toStdString(), "file.yml");
    const LoadVerdict &verdict = documents.back().verdict;
    QVERIFY(!documents.back().rule);
    QCOMPARE(static_cast<int>(verdict.status), static_cast<int>(LoadVerdict::Rejected));
    QCOMPARE(QString::fromStdString(verdict.kind), kind);
    QVERIFY2(QString::fromStdString(verdict.reason).contains(reason), verdict.reason.c_str());
}

void TstRuleParser::accepts_data()
{
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const std::string &text) {
        QTest::newRow(name) << QString::fromStdString(text);
    };
    row("byte order mark", "\xEF\xBB\xBF" + withItem("a: 1"));
    row("carriage returns",
        "title: T\r\nlogsource:\r\n  category: proxy\r\ndetection:\r\n  s:\r\n    a: 1\r\n  condition: s\r\n");
    row("anchors", kHead + "detection:\n  s: &x {a: 1}\n  t: *x\n  condition: s and t\n");
    row("identifier that starts with an operator",
        kHead + "detection: {notepad: {a: 1}, andy: {a: 2}, condition: notepad and not andy}\n");
    row("condition list", kHead + "detection: {s: {a: 1}, t: {a: 2}, condition: [s, t]}\n");
    row("timeframe", kHead + "detection: {s: {a: 1}, timeframe: 5m, condition: s}\n");
    row("null in a list", withItem("a: [x, null]"));
    row("empty list of a field", withItem("a: []"));
    row("literal percent", withItem("a: '100%sure%'"));
    row("all with one value", withItem("a|contains|all: x"));
    row("field with blanks", withItem("'a field|contains': x"));
    row("scalars and maps mixed", kHead + "detection: {s: [word, {a: 1}], condition: s}\n");
    row("not without blank", withCondition("not(sel_a)"));
}

void TstRuleParser::accepts()
{
    QFETCH(QString, text);
    const auto documents = parseRules(text.toStdString(), "file.yml");
    QCOMPARE(documents.size(), std::size_t{1});
    QVERIFY2(documents.front().rule, documents.front().verdict.reason.c_str());
}

void TstRuleParser::readsMetadata()
{
    const auto documents =
        parseRules("title: A\nid: 23cc390c-9354-40e3-8e1f-39485d23d1f3\nstatus: test\ndescription: |\n  two\n  lines\n"
                   "author: N\ndate: 2026-11-24\ntags: [attack.t1071, attack.execution]\nlevel: high\n"
                   "references: https://example.org\nfalsepositives:\n  - none\n"
                   "logsource: {category: dns, product: zscaler, service: dns}\n"
                   "detection:\n  s:\n    query|contains|all: [a, b]\n  condition: s\n",
                   "f.yml");
    QVERIFY(documents.front().rule);
    const Rule &rule = *documents.front().rule;
    QCOMPARE(rule.reference(), std::string("23cc390c-9354-40e3-8e1f-39485d23d1f3"));
    QCOMPARE(rule.tags.size(), std::size_t{2});
    QCOMPARE(rule.references.front(), std::string("https://example.org"));
    QCOMPARE(rule.description, std::string("two\nlines\n"));
    QCOMPARE(rule.date, std::string("2026-11-24"));
    QCOMPARE(rule.logSource.service, std::string("dns"));
    QCOMPARE(rule.items.front().field, std::string("query"));
    QVERIFY(rule.items.front().all);
    QCOMPARE(rule.items.front().line, std::uint64_t{17});
}

void TstRuleParser::severalDocuments()
{
    const auto documents = parseRules(withItem("a: 1") + "---\n" + withItem("a|expand: '%users%'") + "---\n" +
                                          withItem("a|nope: 1") + "---\n---\n" + withItem("a: 2") + "---\n[broken\n",
                                      "f.yml");
    QCOMPARE(documents.size(), std::size_t{5});
    QVERIFY(documents[0].rule && documents[3].rule);
    QCOMPARE(static_cast<int>(documents[1].verdict.status), static_cast<int>(LoadVerdict::NeedsPlaceholder));
    QVERIFY(documents[1].verdict.reason.find("%users%") != std::string::npos);
    QCOMPARE(static_cast<int>(documents[2].verdict.status), static_cast<int>(LoadVerdict::Rejected));
    QCOMPARE(documents[4].verdict.kind, std::string("yaml"));
}

void TstRuleParser::collections()
{
    const auto documents =
        parseRules("action: global\ntitle: G\nlevel: low\nlogsource: {category: proxy}\ndetection: {condition: s}\n"
                   "---\ndetection: {s: {a: 1}}\n---\naction: repeat\ndetection: {s: {a: 2}}\nlevel: high\n"
                   "---\naction: reset\n---\ndetection: {s: {a: 1}, condition: s}\n",
                   "f.yml");
    QCOMPARE(documents.size(), std::size_t{3});
    QVERIFY2(documents[0].rule, documents[0].verdict.reason.c_str());
    QVERIFY2(documents[1].rule, documents[1].verdict.reason.c_str());
    QCOMPARE(documents[0].rule->level, std::string("low"));
    QCOMPARE(documents[1].rule->level, std::string("high"));
    QVERIFY(!documents[2].rule);
}

void TstRuleParser::hostileYaml_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("deep lists") << QByteArray(100'000, '[');
    QTest::newRow("deep maps") << QByteArray("{a: ").repeated(10'000);
    QTest::newRow("too large") << QByteArray("# ").append(QByteArray(2'000'000, 'x'));
    QByteArray laughs("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; ++i) {
        const QByteArray before = "*a" + QByteArray::number(i - 1) + ", ";
        laughs += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [" + before.repeated(10) + "x]\n";
    }
    QTest::newRow("aliases that grow") << laughs;
    QTest::newRow("binary") << QByteArray("\x00\x01\xff\xfe\x80 : \x07", 9);
    QTest::newRow("alias to itself") << QByteArray("a: &a [*a]");
    QTest::newRow("unknown alias") << QByteArray("a: *b");
    QTest::newRow("map as key") << QByteArray("? {a: 1}\n: 2\n");
}

void TstRuleParser::hostileYaml()
{
    QFETCH(QByteArray, text);
    const auto documents = parseRules(text.toStdString(), "f.yml");
    QVERIFY(!documents.empty());
    for (const ParsedDocument &document : documents) {
        QVERIFY(!document.rule && !document.verdict.reason.empty());
    }
}

void TstRuleParser::placesOfErrors()
{
    const auto documents = parseRules(withItem("a|nope: 1"), "f.yml");
    QCOMPARE(documents.front().verdict.line, std::uint64_t{5});
    QCOMPARE(documents.front().verdict.title, std::string("T"));
    QCOMPARE(documents.front().verdict.file, std::string("f.yml"));
}

void TstRuleParser::patterns_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("matches");
    QTest::newRow("literal") << "abc"
                             << "abc" << true;
    QTest::newRow("whole text") << "abc"
                                << "abcd" << false;
    QTest::newRow("star takes nothing") << "ab*c"
                                        << "abc" << true;
    QTest::newRow("star takes line ends") << "a*c"
                                          << "a\nb\nc" << true;
    QTest::newRow("star goes back") << "*ab*ab"
                                    << "abxabab" << true;
    QTest::newRow("question mark is a code point") << "a?c" << QStringLiteral("aäc") << true;
    QTest::newRow("question mark is one") << "a?c"
                                          << "ac" << false;
    QTest::newRow("four bytes") << "?" << QStringLiteral("😀") << true;
    QTest::newRow("escaped star") << "a\\*c"
                                  << "abc" << false;
    QTest::newRow("backslash then star") << "a\\\\*"
                                         << "a\\xyz" << true;
    QTest::newRow("plain backslash") << "C:\\Win"
                                     << "C:\\Win" << true;
    QTest::newRow("backslash at the end") << "a\\"
                                          << "a\\" << true;
    QTest::newRow("empty") << ""
                           << "" << true;
    QTest::newRow("many stars") << QStringLiteral("*a*a*a*a*a*a*a*a*a*b") << QString(3000, QLatin1Char('a')) << false;
}

void TstRuleParser::patterns()
{
    QFETCH(QString, pattern);
    QFETCH(QString, text);
    QFETCH(bool, matches);
    QCOMPARE(matchesPattern(parsePattern(pattern.toStdString()), text.toStdString()), matches);
}

void TstRuleParser::encodings()
{
    QCOMPARE(toUtf16("a\xF0\x9F\x98\x80", Utf16::LittleEndian), std::string("a\0\x3D\xD8\x00\xDE", 6));
    QCOMPARE(toUtf16("a", Utf16::BigEndian), std::string("\0a", 2));
    QCOMPARE(toUtf16("a", Utf16::LittleEndianWithMark), std::string("\xFF\xFE"
                                                                    "a\0",
                                                                    4));
    QCOMPARE(base64AtOffset("foobar", 0), std::string("Zm9vYmFy"));
    QCOMPARE(base64AtOffset("foobar", 1), std::string("Zvb2Jhc"));
    QCOMPARE(base64AtOffset("foobar", 2), std::string("mb29iYX"));
    QVERIFY(base64AtOffset("", 1).empty());
}

QTEST_GUILESS_MAIN(TstRuleParser)
#include "tst_ruleparser.moc"
