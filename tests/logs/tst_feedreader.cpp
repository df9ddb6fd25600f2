// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedmatcher.h"
#include "logs/feedsetup.h"
#include "logs/parser.h"
#include "nightjar_resources.h"

#include "base/text.h"
#include "feedrender.h"

#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace nightjar;
using namespace nightjar::logs;

namespace {

std::string bytes(const QString &text)
{
    return text.toStdString();
}

/// What `lines` become by the format, as the events' JSON and the rejects' codes.
std::vector<std::string> parsed(std::string_view format, std::string_view escape, const std::string &lines)
{
    ParseOptions options;
    options.format = FeedFormat::compile(format, escape).value();
    RecordParser parser(options);
    FramerOptions framing;
    framing.lines = options.framedByLines();
    RecordFramer framer(framing);
    framer.feed(lines);
    std::vector<std::string> out;
    while (auto batch = framer.finish()) {
        event::BlockBuilder builder;
        std::vector<Reject> rejects;
        parser.parse(*batch, builder, rejects);
        const event::EventBlock block = builder.finish();
        for (std::size_t row = 0; row < block.rows(); ++row) {
            out.push_back(block.toJson(row));
        }
        for (const Reject &reject : rejects) {
            out.push_back(reject.error.code + " " + std::to_string(reject.error.place.line) + ":" +
                          std::to_string(reject.error.place.column));
        }
    }
    return out;
}

} // namespace

class FeedReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mapsTokensToFields_data();
    void mapsTokensToFields();
    void rejectsWithPosition();
    void framesLinesAsTheyAre();
    void forcedTypeWins();
    void setupsCompileAndComeBack();
    void setupsSayWhatIsWrong();
};

void FeedReaderTest::mapsTokensToFields_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("escape");
    QTest::addColumn<QString>("record");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const char *format, const char *escape, const char *record,
                        std::initializer_list<const char *> expected) {
        QStringList parts;
        for (const char *part : expected) {
            parts << QString::fromUtf8(part);
        }
        QTest::newRow(name) << QString::fromUtf8(format) << QString::fromUtf8(escape) << QString::fromUtf8(record)
                            << parts;
    };
    row("web csv", "%s{time},%s{elogin},%s{eurl},%s{urlcat},%s{ua},%s{cip},%d{reqsize},%d{respsize},%s{reqmethod}", ",",
        "Mon Oct 16 22:55:48 2023,j%40x.example,a.example/%2cb,News,Mozilla/5.0 (KHTML%2C like Gecko),10.0.0.1,5,6,GET",
        {"\"log_type\":\"web\"", "\"@timestamp\":\"2023-10-16T22:55:48.000Z\"", "\"user.name\":\"j@x.example\"",
         "\"url.original\":\"a.example/,b\"", "\"user_agent.original\":\"Mozilla/5.0 (KHTML, like Gecko)\"",
         "\"source.ip\":\"10.0.0.1\"", "\"source.bytes\":5", "\"destination.bytes\":6",
         "\"http.request.method\":\"GET\""});
    row("firewall json by product", "\\{\"sourcetype\":\"zscalernss-fw\",\"x\":\"%s{csip}\",\"y\":\"%d{cdport}\"\\}",
        "", "{\"sourcetype\":\"zscalernss-fw\",\"x\":\"10.0.0.1\",\"y\":\"443\"}",
        {"\"log_type\":\"firewall\"", "\"source.ip\":\"10.0.0.1\"", "\"destination.port\":443"});
    row("base64", "%s{b64url}|%s{reqmethod}|%s{b64objectname}", "", "YS5leGFtcGxlL3g=|GET|w6Q=",
        {"\"log_type\":\"web\"", "\"url.original\":\"a.example/x\"", "\"zscaler.objectname\":\"\xC3\xA4\""});
    row("obfuscated is not clear", "%s{ologin}|%s{reqmethod}|%s{urlcat}", "", "12345|GET|News",
        {"\"zscaler.ologin\":\"12345\""});
    row("unknown token", "%s{reqmethod},%s{brandnew}", "", "GET,x", {"\"zscaler.brandnew\":\"x\""});
    row("subtype", "\\{\"sourcetype\":\"zscalernss-casb\",\"subtype\":\"file\",\"a\":\"%s{filename}\"\\}", "",
        "{\"sourcetype\":\"zscalernss-casb\",\"subtype\":\"file\",\"a\":\"b.pdf\"}",
        {"\"log_type\":\"casb\"", "\"subtype\":\"file\"", "\"file.name\":\"b.pdf\""});
    row("repeated token", "%s{action}|x|act=%s{action} m=%s{reqmethod}", "", "Blocked|x|act=Blocked m=GET",
        {"\"event.action\":\"Blocked\"", "\"event.type\":\"denied\""});
}

void FeedReaderTest::mapsTokensToFields()
{
    QFETCH(QString, format);
    QFETCH(QString, escape);
    QFETCH(QString, record);
    QFETCH(QStringList, expected);
    const auto events = parsed(bytes(format), bytes(escape), bytes(record) + "\n");
    QCOMPARE(events.size(), std::size_t(1));
    for (const QString &part : expected) {
        QVERIFY2(events[0].find(bytes(part)) != std::string::npos, (events[0] + " lacks " + bytes(part)).c_str());
    }
    QVERIFY(events[0].find("user.name\":\"12345") == std::string::npos);
}

void FeedReaderTest::rejectsWithPosition()
{
    const auto out = parsed("%s{login}|%d{reqsize}|x", {}, "a|5|x\nb|c|x\nd|6|x\n");
    QCOMPARE(out.size(), std::size_t(3));
    QCOMPARE(out[2], std::string("NJ-LOGS-034 2:3"));
}

/// Neither a header nor an array is looked for when the format is known.
void FeedReaderTest::framesLinesAsTheyAre()
{
    QCOMPARE(parsed("%s{login},%s{dept}", ",", "name,department\n\"x,y\n").size(), std::size_t(2));
    QCOMPARE(parsed("[%s{login}] %d{reqsize}", {}, "[{a] 1\n[b] 2\n").size(), std::size_t(2));
}

void FeedReaderTest::forcedTypeWins()
{
    ParseOptions options;
    options.format = FeedFormat::compile("%s{a}|%s{b}").value();
    options.forcedType = "dns";
    RecordParser parser(options);
    RecordFramer framer;
    framer.feed("1|2\n");
    event::BlockBuilder builder;
    std::vector<Reject> rejects;
    parser.parse(*framer.finish(), builder, rejects);
    QVERIFY(builder.finish().toJson(0).find("\"log_type\":\"dns\"") != std::string::npos);
}

void FeedReaderTest::setupsCompileAndComeBack()
{
    const std::filesystem::path folder = std::filesystem::path(NIGHTJAR_RESOURCES) / "feeds";
    for (const std::string_view name : feedSetupNames()) {
        const std::string label(name);
        const auto setup = feedSetup(name, {}, folder);
        QVERIFY2(setup.has_value(), label.c_str());
        const auto format = FeedFormat::compile(setup->format, setup->escape);
        QVERIFY2(format.has_value(), label.c_str());
        QVERIFY2((*format)->doubts().empty() && (*format)->notes().empty(), label.c_str());
        const std::string type((*format)->kind().type);
        QVERIFY2(label.starts_with(type), (label + " is taken for " + type).c_str());
        std::map<std::string, std::string> values;
        for (const FeedToken &token : (*format)->tokens()) {
            values[token.key] = token.meaning.kind == FeedKind::Integer     ? "7"
                                : token.meaning.kind == FeedKind::Decimal   ? "1.5"
                                : token.meaning.kind == FeedKind::Ip        ? "10.0.0.1"
                                : token.meaning.kind == FeedKind::Ctime     ? "Mon Oct 16 22:55:48 2023"
                                : token.meaning.kind == FeedKind::IsoTime   ? "2019-05-30T08:20:42.230Z"
                                : token.meaning.kind == FeedKind::MonthName ? "Oct"
                                                                            : "a \"b\", c|d";
        }
        FeedMatcher matcher(*format);
        const std::string record = testsupport::render(**format, values);
        const auto problem = matcher.match(record);
        QVERIFY2(!problem, (label + ": " + (problem ? problem->reason : "")).c_str());
        for (std::size_t i = 0; i < (*format)->tokens().size(); ++i) {
            const FeedToken &token = (*format)->tokens()[i];
            const std::string got(trim(matcher.clear(i)));
            const bool number = token.meaning.kind == FeedKind::Integer;
            QVERIFY2(number ? got.ends_with('7') : got == values[token.key],
                     (label + ": " + token.key + " " + got).c_str());
        }
    }
}

void FeedReaderTest::setupsSayWhatIsWrong()
{
    const std::filesystem::path folder = std::filesystem::path(NIGHTJAR_RESOURCES) / "feeds";
    QCOMPARE(feedSetup("weather", {}, folder).error().code, std::string("NJ-LOGS-035"));
    QCOMPARE(feedSetup("web", "lss", folder).error().code, std::string("NJ-LOGS-036"));
    QCOMPARE(feedSetup("zpa-audit", "nss", folder).error().code, std::string("NJ-LOGS-036"));
    QCOMPARE(feedSetup("alert", "cloud-nss", folder).error().code, std::string("NJ-LOGS-036"));
    QCOMPARE(feedSetup("web", {}, "/nowhere").error().code, std::string("NJ-LOGS-037"));
    QVERIFY(feedSetup("alert", {}, folder)->transport == FeedTransport::Nss);
    QVERIFY(feedSetup("web", {}, folder)->transport == FeedTransport::CloudNss);
}

QTEST_GUILESS_MAIN(FeedReaderTest)
#include "tst_feedreader.moc"
