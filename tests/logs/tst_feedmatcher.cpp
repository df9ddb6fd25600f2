// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedmatcher.h"

#include "base/files.h"
#include "feedrender.h"
#include "support/support.h"

#include <QElapsedTimer>
#include <QTest>

#include <filesystem>
#include <random>

using namespace nightjar;
using namespace nightjar::logs;

namespace {

std::string bytes(const QString &text)
{
    return text.toStdString();
}

struct Feed {
    explicit Feed(std::string_view text, std::string_view escape = {})
        : format(FeedFormat::compile(text, escape).value())
        , matcher(format)
        , clock(*format, TimeZone())
    {
    }
    std::string json(std::string_view record)
    {
        const auto problem = matcher.match(record);
        return problem ? "- " + std::to_string(problem->offset) : feedRecordJson(matcher, clock, kNoTime);
    }
    std::shared_ptr<const FeedFormat> format;
    FeedMatcher matcher;
    FeedClock clock;
};

constexpr const char *kPhrases[] = {"Blocked",
                                    "None",
                                    "Procurement, Generics",
                                    "GZIP (gzip, gz)",
                                    "50% off",
                                    "a=b; c|d",
                                    "say \"hi\" now",
                                    "CORP\\jdoe",
                                    "Gr\xC3\xBC\xC3\x9F"
                                    "e",
                                    "[One, Two]",
                                    "O'Neil",
                                    "",
                                    "100%",
                                    "act=Blocked x",
                                    "\xE6\x97\xA5\xE6\x9C\xAC"};
constexpr const char *kAgents[] = {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1",
                                   "curl/7.68.0", "Odd \"Agent\" /1, x|y=z"};
constexpr const char *kUrls[] = {"www.example.com/", "a.example/p?q=1,2&x=3", "host.example:443", "b.example/a,b|c=d"};

/// Values that the vendor's fields could have, delimiters inside.
class Values {
public:
    explicit Values(unsigned seed)
        : m_random(seed)
    {
    }
    std::string of(const FeedToken &token)
    {
        switch (token.meaning.kind) {
        case FeedKind::Integer:
            return token.spec.width > 0 ? std::to_string(pick(token.spec.width > 2 ? 9'999 : 28) + 1)
                                        : std::to_string(m_random() * 4'294'967'296ULL % 9'007'199'254'740'993ULL);
        case FeedKind::Decimal:
            return "-119.5";
        case FeedKind::Hex:
            return "1f";
        case FeedKind::Ip:
            return pick(2) == 0 ? "10.1.2.3" : "2001:db8::1";
        case FeedKind::Ctime:
            return pick(2) == 0 ? "Mon Oct 16 22:55:48 2023" : "Fri May  3 02:05:08 2024";
        case FeedKind::IsoTime:
            return pick(2) == 0 ? "2019-05-30T08:20:42.230Z" : "";
        case FeedKind::MonthName:
            return "Oct";
        case FeedKind::DayName:
            return "Mon";
        case FeedKind::Word:
            return token.meaning.encoding == FeedEncoding::Base64 ? kPhrases[pick(std::size(kPhrases))] : "HTTP_1.1";
        case FeedKind::Host:
            return "www.example.com";
        case FeedKind::Url:
            return kUrls[pick(std::size(kUrls))];
        case FeedKind::Agent:
            return kAgents[pick(std::size(kAgents))];
        case FeedKind::User:
            return pick(2) == 0 ? "jdoe@example.com" : "O'Neil, Pat";
        case FeedKind::Enum:
            return pick(2) == 0 ? "Allow due to insufficient app data" : "Blocked";
        case FeedKind::Json:
            return "{\"a\":1,\"b\":\"x, y\"}";
        case FeedKind::Text:
            break;
        }
        return kPhrases[pick(std::size(kPhrases))];
    }

private:
    std::size_t pick(std::size_t count) { return m_random() % count; }
    std::mt19937 m_random;
};

/// How many sure values came back otherwise than they were sent; describes the first.
int roundTrips(const std::shared_ptr<const FeedFormat> &format, unsigned seed, int records, std::string &first)
{
    FeedMatcher matcher(format);
    Values values(seed);
    int wrong = 0;
    for (int i = 0; i < records; ++i) {
        std::map<std::string, std::string> sent;
        for (const FeedToken &token : format->tokens()) {
            sent.emplace(token.key, values.of(token));
        }
        const std::string record = testsupport::render(*format, sent);
        if (const auto problem = matcher.match(record)) {
            ++wrong;
            first = first.empty() ? problem->reason + " in " + record : first;
            continue;
        }
        for (std::size_t token = 0; token < format->tokens().size(); ++token) {
            const FeedToken &one = format->tokens()[token];
            if (one.certainty == FeedCertainty::Doubtful) {
                continue;
            }
            std::string got(matcher.clear(token));
            got = one.meaning.kind == FeedKind::Integer
                      ? got.substr(std::min(got.find_first_not_of("0 "), got.size() - 1))
                      : got;
            if (got != sent[one.key]) {
                ++wrong;
                first = first.empty() ? one.key + ": sent " + sent[one.key] + ", got " + got : first;
            }
        }
    }
    return wrong;
}

} // namespace

class FeedMatcherTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsRecords_data();
    void readsRecords();
    void refusesWhatDoesNotFit_data();
    void refusesWhatDoesNotFit();
    void readsYearlessTimes();
    void roundTripsOwnFormats_data();
    void roundTripsOwnFormats();
    void roundTripsSharedFormats();
    void renderedSamplesFit();
    void hostileInputIsBounded();
};

void FeedMatcherTest::readsRecords_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("escape");
    QTest::addColumn<QString>("record");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *format, const char *escape, const char *record,
                        const char *expected) {
        QTest::newRow(name) << QString::fromUtf8(format) << QString::fromUtf8(escape) << QString::fromUtf8(record)
                            << QString::fromUtf8(expected);
    };
    row("numbers", "%s{time}\\t%llu{recordid}\\t%02d{hh}\\t%f{x}", "",
        "Mon Oct 16 22:55:48 2023\t18446744073709551615\t07\t-00.50",
        "{\"time\":\"Mon Oct 16 22:55:48 2023\",\"recordid\":18446744073709551615,\"hh\":7,\"x\":-0.50,"
        "\"@time\":\"2023-10-16T22:55:48.000Z\"}");
    row("a number that is none", "%d{reqsize}|%s{login}", "", "NA|x", "{\"reqsize\":\"NA\",\"login\":\"x\"}");
    row("percent", "%s{eurl} %s{url}", "", "a%20b%41 a%20b", "{\"eurl\":\"a bA\",\"url\":\"a%20b\"}");
    row("escape characters", "%s{login},%s{dept}", ",\"", "a%2cb,c%22%20", "{\"login\":\"a,b\",\"dept\":\"c\\\"%20\"}");
    row("base64", "%s{b64url},%s{b64host}", "", "YS5leGFtcGxlL8Ok,???",
        "{\"b64url\":\"a.example/\xC3\xA4\",\"b64host\":\"???\"}");
    row("typed anchors", "%s{login},%s{cip},%d{reqsize}", "", "Doe, J,10.0.0.1,5",
        "{\"login\":\"Doe, J\",\"cip\":\"10.0.0.1\",\"reqsize\":5}");
    row("agent holds commas", "%s{ua},%s{login},%d{reqsize}", "", "Mozilla/5.0 (KHTML, like Gecko) a,jdoe@x.example,5",
        "{\"ua\":\"Mozilla/5.0 (KHTML, like Gecko) a\",\"login\":\"jdoe@x.example\",\"reqsize\":5}");
    row("raw quotes in json", "\\{\"a\":\"%s{login}\",\"b\":\"%s{dept}\"\\}", "",
        "{\"a\":\"x \"y\" z\",\"b\":\"C:\\dir\"}", "{\"login\":\"x \\\"y\\\" z\",\"dept\":\"C:\\\\dir\"}");
    row("escaped json", "\\{\"a\":\"%s{login}\"\\}", "", "{\"a\":\"x \\\"y\\\" \\u00e4\\/\"}",
        "{\"login\":\"x \\\"y\\\" \xC3\xA4/\"}");
    row("json re-ordered", "\\{\"a\":\"%s{login}\",\"t\":\"%d{yy}-%02d{mth}\"\\}", "",
        "{ \"t\" : \"2024-05\", \"z\":1, \"a\" : \"me\" }", "{\"login\":\"me\",\"yy\":2024,\"mth\":5}");
    row("array member", "\\{\"a\":\"%s{login}\"\\}", "", "[{\"a\":\"me\"},", "{\"login\":\"me\"}");
    row("relay header", "%s{time}\\t%s{login}", "", "<134>Oct 11 22:14:15 relay Mon Oct 16 22:55:48 2023\tme",
        "{\"time\":\"Mon Oct 16 22:55:48 2023\",\"login\":\"me\",\"@time\":\"2023-10-16T22:55:48.000Z\"}");
    row("header taken off", "%s{mon} %02d{dd} nss CEF:0|a|b|act=%s{action} in=%d{reqsize}", "",
        "CEF:0|a|b|act=x y in=5", "{\"action\":\"x y\",\"reqsize\":5}");
    row("csv doubled quotes", "\"%s{login}\",\"%s{dept}\"", "", "\"a \"\"b\"\"\",\"c\"",
        "{\"login\":\"a \\\"b\\\"\",\"dept\":\"c\"}");
    row("repeated token decides", "%s{action}|%s{reason}|3| act=%s{action} reason=%s{reason} x=1", "",
        "a|b|c|3| act=a reason=b|c x=1", "{\"action\":\"a\",\"reason\":\"b|c\"}");
    row("fixed widths", "%04d{yyyy}%02d{mth}%02d{dd}%s{login}", "", "202405071x",
        "{\"yyyy\":2024,\"mth\":5,\"dd\":7,\"login\":\"1x\"}");
    row("lss json string", "{\"a\": %j{Username},\"p\": %d{ServicePort}}\\n", "", "{\"a\": \"x\\\"},{\\\"\",\"p\": 5}",
        "{\"Username\":\"x\\\"},{\\\"\",\"ServicePort\":5}");
    row("lss missing value", "{\"a\": %j{Username},\"p\": %d{ServicePort}}\\n", "", "{\"a\": ,\"p\": 00}",
        "{\"Username\":\"\",\"ServicePort\":0}");
    row("lss forms", "%s{LogTimestamp:time},%s{LogTimestamp:epoch}", "", "Fri May 31 17:35:42 2019,1559324142",
        "{\"LogTimestamp\":\"Fri May 31 17:35:42 2019\",\"LogTimestamp:epoch\":\"1559324142\","
        "\"@time\":\"2019-05-31T17:35:42.000Z\"}");
    row("invalid utf-8", "%s{login}|", "", "a\xFF|", "{\"login\":\"a\xEF\xBF\xBD\"}");
    row("line end", "%s{login}\\n", "", "me\r\n", "{\"login\":\"me\"}");
    row("broken lines", "a=%s{login}\nb=%s{dept}", "", "a=x b=y", "{\"login\":\"x\",\"dept\":\"y\"}");
}

void FeedMatcherTest::readsRecords()
{
    QFETCH(QString, format);
    QFETCH(QString, escape);
    QFETCH(QString, record);
    QFETCH(QString, expected);
    Feed feed(bytes(format), bytes(escape));
    QByteArray raw = record.toUtf8();
    if (QByteArray(QTest::currentDataTag()) == "invalid utf-8") {
        raw = "a\xFF|";
    }
    QCOMPARE(QString::fromStdString(feed.json(std::string_view(raw.constData(), static_cast<std::size_t>(raw.size())))),
             expected);
}

void FeedMatcherTest::refusesWhatDoesNotFit_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("record");
    QTest::addColumn<int>("offset");
    const auto row = [](const char *name, const char *format, const char *record, int offset) {
        QTest::newRow(name) << QString::fromUtf8(format) << QString::fromUtf8(record) << offset;
    };
    row("empty", "%s{login},%s{dept}", "", 0);
    row("other words", "user=%s{login}", "user:me", 4);
    row("cut off", "\\{\"a\":\"%s{login}\"\\}", "{\"a\":\"me", 8);
    row("a column less", "%s{login},%s{dept},%s{ua}", "a,b", 2);
    row("no number", "%s{login}|%d{reqsize}|x", "a|b|x", 2);
}

void FeedMatcherTest::refusesWhatDoesNotFit()
{
    QFETCH(QString, format);
    QFETCH(QString, record);
    QFETCH(int, offset);
    Feed feed(bytes(format));
    const std::string text = bytes(record);
    const auto problem = feed.matcher.match(text);
    QVERIFY(problem.has_value());
    QCOMPARE(static_cast<int>(problem->offset), offset);
    QVERIFY(!problem->reason.empty());
}

void FeedMatcherTest::readsYearlessTimes()
{
    Feed feed("%s{mon} %02d{dd} %02d{hh}:%02d{mm}:%02d{ss} x");
    const std::string record = "Dec 31 23:59:59 x";
    QVERIFY(!feed.matcher.match(record));
    const Timestamp newYear = *parseIsoTime("2024-01-02T00:00:00Z");
    QCOMPARE(formatIsoTime(feed.clock.timeOf(feed.matcher, newYear)), std::string("2023-12-31T23:59:59.000Z"));
    const Timestamp eve = *parseIsoTime("2023-12-31T22:00:00Z");
    QCOMPARE(formatIsoTime(feed.clock.timeOf(feed.matcher, eve)), std::string("2023-12-31T23:59:59.000Z"));
}

void FeedMatcherTest::roundTripsOwnFormats_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("escape");
    const auto row = [](const char *name, const char *format, const char *escape) {
        QTest::newRow(name) << QString::fromUtf8(format) << QString::fromUtf8(escape);
    };
    row("json",
        "\\{\"t\":\"%s{time}\",\"u\":\"%s{login}\",\"l\":\"%s{eurl}\",\"n\":\"%d{reqsize}\",\"r\":\"%s{rulelabel}\"\\}",
        "");
    row("quoted csv", "\"%s{time}\",\"%s{login}\",\"%s{dept}\",\"%s{url}\",\"%s{ua}\",\"%d{reqsize}\"", "\"");
    row("csv", "%s{time},%s{login},%s{dept},%s{eurl},%s{ua},%s{cip},%d{reqsize}", ",");
    row("tsv", "%s{time}\\t%s{login}\\t%s{dept}\\t%s{url}\\t%s{ua}\\t%d{reqsize}", "");
    row("kv", "%s{time}\\tuser=%s{login}\\tdept=%s{dept}\\turl=%s{url}\\tua=%s{ua}", "");
    row("caret", "time=%s{time}^^user=%s{login}^^dept=%s{dept}^^ua=%s{ua}", "^");
    row("cef",
        "%s{mon} %02d{dd} n CEF:0|Z|NSSWeblog|5.7|%s{action}|%s{reason}|3| act=%s{action} reason=%s{reason} "
        "dhost=%s{ehost} suser=%s{login} cs1=%s{dept} cs1Label=dept request=%s{eurl} ua=%s{ua}",
        "");
    row("b64", "%s{b64url},%s{b64ua},%s{b64login},%s{b64dept}", "");
    row("lss", "{\"t\":%j{LogTimestamp:time},\"u\":%j{Username},\"h\":%j{Host},\"p\":%d{ServicePort}}\\n", "");
}

void FeedMatcherTest::roundTripsOwnFormats()
{
    QFETCH(QString, format);
    QFETCH(QString, escape);
    const auto compiled = FeedFormat::compile(bytes(format), bytes(escape));
    QVERIFY(compiled.has_value());
    QVERIFY((*compiled)->doubts().empty());
    std::string first;
    QVERIFY2(roundTrips(*compiled, 7, 300, first) == 0, first.c_str());
}

void FeedMatcherTest::roundTripsSharedFormats()
{
    const auto folder = testsupport::sharedData() / "feed-formats";
    if (testsupport::sharedData().empty() || !std::filesystem::is_directory(folder)) {
        QSKIP("the shared data is absent");
    }
    for (const auto &file : std::filesystem::directory_iterator(folder)) {
        const auto text = readFile(file.path(), 1U << 20U);
        const auto format = text && file.path().extension() == ".txt" ? FeedFormat::compile(*text) : fail(Error{});
        if (format) {
            std::string first;
            const int wrong = roundTrips(*format, 11, 10, first);
            QVERIFY2(wrong == 0, (file.path().filename().string() + ": " + first).c_str());
        }
    }
}

void FeedMatcherTest::renderedSamplesFit()
{
    const auto folder = testsupport::sharedData() / "samples";
    if (testsupport::sharedData().empty() || !std::filesystem::is_directory(folder)) {
        QSKIP("the shared data is absent");
    }
    int records = 0;
    for (const auto &file : std::filesystem::recursive_directory_iterator(folder)) {
        if (file.path().extension() != ".format") {
            continue;
        }
        const auto text = readFile(file.path(), 1U << 20U);
        const auto lines = readFile(std::filesystem::path(file.path()).replace_extension(), 1U << 20U);
        QVERIFY(text && lines);
        Feed feed(*text);
        for (const std::string_view line : split(*lines, '\n')) {
            if (!line.empty()) {
                const auto problem = feed.matcher.match(line);
                QVERIFY2(!problem, (file.path().string() + ": " + (problem ? problem->reason : "")).c_str());
                ++records;
            }
        }
    }
    QVERIFY(records > 40);
}

void FeedMatcherTest::hostileInputIsBounded()
{
    std::string format;
    for (int i = 0; i < 200; ++i) {
        format += "%s{t" + std::to_string(i) + "},";
    }
    Feed feed(format);
    QElapsedTimer timer;
    timer.start();
    for (const std::size_t size : {1'000U, 100'000U, 4'000'000U}) {
        (void)feed.matcher.match(std::string(size, ','));
        (void)feed.matcher.match(std::string(size, 'a') + std::string(300, ','));
        std::string mixed;
        for (std::size_t i = 0; i < size; ++i) {
            mixed += i % 3 == 0 ? ',' : i % 7 == 0 ? '(' : ' ';
        }
        (void)feed.matcher.match(mixed);
    }
    std::string adjacent;
    for (int i = 0; i < 60; ++i) {
        adjacent += "%s{t" + std::to_string(i) + "}%d{n" + std::to_string(i) + "}";
    }
    Feed joined(adjacent + "!");
    (void)joined.matcher.match(std::string(20'000, '7') + "x!");
    QVERIFY2(timer.elapsed() < 3'000, std::to_string(timer.elapsed()).c_str());
}

QTEST_GUILESS_MAIN(FeedMatcherTest)
#include "tst_feedmatcher.moc"
