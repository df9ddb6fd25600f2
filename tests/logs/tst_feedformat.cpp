// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedformat.h"

#include "base/files.h"
#include "base/text.h"
#include "support/support.h"

#include <QTest>

#include <filesystem>

using namespace nightjar;
using namespace nightjar::logs;

namespace {

std::string bytes(const QString &text)
{
    return text.toStdString();
}

const FeedToken *tokenNamed(const FeedFormat &format, std::string_view name)
{
    for (const FeedToken &token : format.tokens()) {
        if (token.spec.name == name) {
            return &token;
        }
    }
    return nullptr;
}

} // namespace

class FeedFormatTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rejectsWithPosition_data();
    void rejectsWithPosition();
    void readsTheLanguage();
    void readsLss();
    void readsJsonCopies();
    void findsShapeAndType_data();
    void findsShapeAndType();
    void knowsEncodedVariants();
    void saysWhatCannotBeToldApart_data();
    void saysWhatCannotBeToldApart();
    void escapeCharactersSettle();
    void joinsLines();
    void sharedFormatsCompile();
};

void FeedFormatTest::rejectsWithPosition_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    const auto row = [](const char *name, const char *text, const char *code, int line, int column) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(code) << line << column;
    };
    row("empty", "", "NJ-LOGS-030", 1, 1);
    row("no token", "only text", "NJ-LOGS-030", 1, 1);
    row("no conversion", "%s{a},%{b}", "NJ-LOGS-031", 1, 8);
    row("second line", "%s{a}\n  %{b}", "NJ-LOGS-031", 2, 4);
    row("unknown conversion", "%q{a}", "NJ-LOGS-031", 1, 2);
    row("size before text", "%lj{a}", "NJ-LOGS-031", 1, 2);
    row("empty name", "a %s{}", "NJ-LOGS-031", 1, 5);
    row("not closed", "%s{login", "NJ-LOGS-031", 1, 3);
    row("not closed before text", "%s{login \"x\"", "NJ-LOGS-031", 1, 9);
    row("no name", "%s login", "NJ-LOGS-031", 1, 1);
    row("unknown time form", "%s{T:iso}", "NJ-LOGS-031", 1, 6);
    row("brace never closed", "{\"a\":\"%s{b}\"", "NJ-LOGS-032", 1, 1);
    row("brace closes nothing", "\\{\"a\":\"%s{b}\"}", "NJ-LOGS-032", 1, 14);
    row("columns are characters", "gr\xC3\xBC\xC3\x9F %{b}", "NJ-LOGS-031", 1, 7);
}

void FeedFormatTest::rejectsWithPosition()
{
    QFETCH(QString, text);
    QFETCH(QString, code);
    QFETCH(int, line);
    QFETCH(int, column);
    const auto format = FeedFormat::compile(bytes(text));
    QVERIFY(!format);
    QCOMPARE(format.error().code, bytes(code));
    QCOMPARE(static_cast<int>(format.error().place.line), line);
    QCOMPARE(static_cast<int>(format.error().place.column), column);
    QVERIFY(!format.error().reason.empty());
}

void FeedFormatTest::readsTheLanguage()
{
    const auto format = FeedFormat::compile("\\{100%% \\t\\\\ \\\" %02d{hh}:%llu{recordid} %.2f{x} %x{id}\\}\\n");
    QVERIFY2(format.has_value(), format ? "" : format.error().reason.c_str());
    const FeedSequence &whole = (*format)->variants().front();
    QCOMPARE(whole.literals.front(), std::string("{100% \t\\ \" "));
    QCOMPARE(whole.literals.back(), std::string("}"));
    QCOMPARE((*format)->tokens().size(), std::size_t(4));
    QVERIFY((*format)->tokens()[0].spec.zeroPadded);
    QCOMPARE((*format)->tokens()[0].spec.width, 2U);
    QCOMPARE((*format)->tokens()[1].spec.conversion, 'u');
    QCOMPARE(static_cast<int>((*format)->tokens()[3].meaning.kind), static_cast<int>(FeedKind::Hex));
    QVERIFY(FeedFormat::compile("100% of %s{login} and %20").has_value());
    QVERIFY(!FeedFormat::compile("%s{login}", "abc"));
}

void FeedFormatTest::readsLss()
{
    const auto format = FeedFormat::compile("{\"LogTimestamp\": %j{LogTimestamp:time},\"Port\": %d{ServicePort}}\\n");
    QVERIFY(format.has_value());
    QVERIFY((*format)->dialect() == FeedDialect::Lss);
    QVERIFY((*format)->shape() == FeedShape::Json);
    QVERIFY((*format)->notes().empty());
    QCOMPARE((*format)->tokens()[0].formatKey, std::string("LogTimestamp"));
    QVERIFY((*format)->tokens()[0].meaning.encoding == FeedEncoding::JsonQuoted);
}

void FeedFormatTest::readsJsonCopies()
{
    const auto plain = FeedFormat::compile("\\{\"a\":\"%s{login}\"\\}");
    const auto copied = FeedFormat::compile("\"\\\\{\\\"a\\\":\\\"%s{login}\\\"\\\\}\"");
    const auto curled = FeedFormat::compile("\\{\xE2\x80\x9C"
                                            "a\xE2\x80\x9D:\xE2\x80\x9C%s{login}\xE2\x80\x9D\\}");
    QVERIFY(plain && copied && curled);
    QCOMPARE((*copied)->variants().front().literals, (*plain)->variants().front().literals);
    QCOMPARE((*curled)->variants().front().literals, (*plain)->variants().front().literals);
    QVERIFY(!(*curled)->notes().empty());
    // A position in a copy is one of the copy.
    const auto broken = FeedFormat::compile("\"\\\\{\\\"a\\\":\\\"%{login}\\\"\\\\}\"");
    QVERIFY(!broken);
    QCOMPARE(static_cast<int>(broken.error().place.column), 14);
}

void FeedFormatTest::findsShapeAndType_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shape");
    QTest::addColumn<QString>("type");
    const auto row = [](const char *name, const char *text, const char *shape, const char *type) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(shape) << QString::fromUtf8(type);
    };
    row("json", "\\{\"sourcetype\":\"zscalernss-web\",\"event\":\\{\"u\":\"%s{eurl}\"\\}\\}", "json", "web");
    row("cef", "%s{mon} CEF:0|Zscaler|NSSDNSlog|5.7|%s{reqaction}|x|3| act=%s{reqaction}", "cef", "dns");
    row("leef", "LEEF:1.0|Zscaler|NSS|4.1|%s{reason}|url=%s{url}\\tm=%s{reqmethod}\\tc=%s{urlcat}", "leef", "web");
    row("kv", "%s{time}\\tproduct=fw\\tuser=%s{login}\\tcsip=%s{csip}", "key=value", "firewall");
    row("csv", "\"%s{time}\",\"%s{reqtype}\",\"%s{req}\"", "csv", "dns");
    row("tsv", "%s{time}\\t%s{adminid}\\t%s{auditlogtype}", "tsv", "audit");
    row("text", "<%d{syslogid}>%s{Monthname} [%s{Deviceip}] ZscalerNSS: %s{Eventinfo}", "text", "alert");
    row("caret", "ZSCALERNSS: time=%s{time}^^csip=%s{csip}^^cdip=%s{cdip}^^nwsvc=%s{nwsvc}", "key=value", "firewall");
}

void FeedFormatTest::findsShapeAndType()
{
    QFETCH(QString, text);
    QFETCH(QString, shape);
    QFETCH(QString, type);
    const auto format = FeedFormat::compile(bytes(text));
    QVERIFY2(format.has_value(), format ? "" : format.error().reason.c_str());
    QCOMPARE(std::string(shapeName((*format)->shape())), bytes(shape));
    QCOMPARE(std::string((*format)->kind().type), bytes(type));
}

void FeedFormatTest::knowsEncodedVariants()
{
    const auto format = FeedFormat::compile("%s{eurl},%s{b64ua},%s{ologin},%s{event},%s{errorcode},%s{enewtoken}");
    QVERIFY(format.has_value());
    const auto encoding = [&](std::string_view name) { return tokenNamed(**format, name)->meaning.encoding; };
    QVERIFY(encoding("eurl") == FeedEncoding::Percent);
    QVERIFY(encoding("b64ua") == FeedEncoding::Base64);
    QVERIFY(encoding("ologin") == FeedEncoding::Obfuscated);
    QCOMPARE(tokenNamed(**format, "ologin")->meaning.field, std::string("ologin"));
    QVERIFY(encoding("event") == FeedEncoding::Plain);
    QVERIFY(encoding("errorcode") == FeedEncoding::Plain);
    QVERIFY(encoding("enewtoken") == FeedEncoding::Plain);
}

void FeedFormatTest::saysWhatCannotBeToldApart_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("doubts");
    QTest::addColumn<int>("column");
    const auto row = [](const char *name, const char *text, int doubts, int column) {
        QTest::newRow(name) << QString::fromUtf8(text) << doubts << column;
    };
    row("side by side", "x %s{login}%s{dept}", 1, 3);
    row("by a blank", "%s{cip} %s{login} %s{dept}", 1, 9);
    row("by commas", "%s{login},%s{dept},%d{reqsize}", 1, 1);
    row("a number between", "%s{login},%d{reqsize},%s{dept}", 0, 0);
    row("fixed widths", "%02d{hh}%02d{mm}%02d{ss}", 0, 0);
    row("numbers side by side", "%d{reqsize}%d{respsize}", 1, 1);
    row("month and day", "%s{mon}%02d{dd}", 0, 0);
    row("json", "\\{\"a\":\"%s{login}\",\"b\":\"%s{dept}\"\\}", 0, 0);
    row("named keys", "suser=%s{login} cs1=%s{dept}", 0, 0);
    row("tabs", "%s{login}\\t%s{dept}", 0, 0);
    row("encoded", "%s{elogin} %s{edepartment} %s{dept}", 0, 0);
    row("repeated where it is sure", "%s{action}|%s{reason}|3| act=%s{action} reason=%s{reason} x=1", 0, 0);
}

void FeedFormatTest::saysWhatCannotBeToldApart()
{
    QFETCH(QString, text);
    QFETCH(int, doubts);
    QFETCH(int, column);
    const auto format = FeedFormat::compile(bytes(text));
    QVERIFY(format.has_value());
    QCOMPARE(static_cast<int>((*format)->doubts().size()), doubts);
    if (doubts > 0) {
        const FeedDoubt &doubt = (*format)->doubts().front();
        QCOMPARE(static_cast<int>(doubt.at.column), column);
        QVERIFY(!doubt.reason.empty());
        QVERIFY((*format)->tokens()[doubt.token].certainty == FeedCertainty::Doubtful);
    }
}

void FeedFormatTest::escapeCharactersSettle()
{
    QVERIFY(!(*FeedFormat::compile("%s{login},%s{dept}"))->doubts().empty());
    QVERIFY((*FeedFormat::compile("%s{login},%s{dept}", ","))->doubts().empty());
    QCOMPARE((*FeedFormat::compile("%s{login}", "ASCII_44,ASCII_34"))->escape(), std::string(",\""));
}

void FeedFormatTest::joinsLines()
{
    const auto format = FeedFormat::compile("%s{time}\\t%s{proto}\\t\n      %s{login}\\n\n");
    QVERIFY(format.has_value());
    QCOMPARE((*format)->variants().size(), std::size_t(1));
    QCOMPARE((*format)->variants().front().literals[2], std::string("\t"));
    const auto cef =
        FeedFormat::compile("CEF:0|Zscaler|NSSWeblog|5.7|%s{action}|r|3|\nact=%s{action}\nin=%d{respsize}");
    QVERIFY(cef.has_value());
    QCOMPARE((*cef)->variants().size(), std::size_t(2));
    QCOMPARE((*cef)->variants()[0].literals[2], std::string(" in="));
    QCOMPARE((*cef)->variants()[1].literals[2], std::string("in="));
}

void FeedFormatTest::sharedFormatsCompile()
{
    const auto folder = testsupport::sharedData() / "feed-formats";
    if (testsupport::sharedData().empty() || !std::filesystem::is_directory(folder)) {
        QSKIP("the shared data is absent");
    }
    std::vector<std::string> broken;
    int compiled = 0;
    for (const auto &file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".txt") {
            continue;
        }
        const auto text = readFile(file.path(), 1U << 20U);
        QVERIFY(text.has_value());
        const auto format = FeedFormat::compile(*text);
        if (!format) {
            QVERIFY(format.error().place.line > 0 && format.error().place.column > 0);
            broken.push_back(file.path().filename().string());
            continue;
        }
        ++compiled;
        if ((*format)->shape() == FeedShape::Json) {
            QVERIFY2(!(*format)->jsonKeys().empty(), file.path().c_str());
        }
    }
    QCOMPARE(static_cast<int>(broken.size()), 1);
    QVERIFY(compiled > 100);
}

QTEST_GUILESS_MAIN(FeedFormatTest)
#include "tst_feedformat.moc"
