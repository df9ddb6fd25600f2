// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing.h"

#include "logs/envelope.h"
#include "logs/normalise.h"

#include "support/support.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <utility>

using namespace nightjar;
using namespace nightjar::logs;

namespace {

using Wanted = std::vector<std::pair<std::string, std::string>>;

/// JSON with single quotes, as moc does not read raw string literals well.
std::string js(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

/// 2026-03-12T10:00:00Z.
class FixedClock : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return 1'773'309'600 * kMicrosPerSecond; }
};

/// The member as text: numbers in decimal, lists with bars, "-" when absent.
std::string said(const QJsonObject &event, const std::string &key)
{
    const QJsonValue value = event.value(QString::fromStdString(key));
    if (value.isDouble()) {
        return std::to_string(value.toInteger());
    }
    if (value.isArray()) {
        QStringList parts;
        const QJsonArray members = value.toArray();
        for (const QJsonValue &member : members) {
            parts.append(member.toString());
        }
        return parts.join(QLatin1Char('|')).toStdString();
    }
    return value.isUndefined() ? "-" : value.toString().toStdString();
}

const std::string kCefHead = "Dec 31 07:07:07 zscaler-nss CEF:0|Zscaler|NSSWeblog|5.7|Blocked|Not allowed|3|";
const std::string kLss =
    "Fri May 31 17:35:42 2019 User Activity zpa-lss: ,Acme,s1,c1,c2,,active,6,0,jane,443,192.0.2.1,"
    "10.1.1.1,1.0,2.0,US,zen,Allow web,con,zen2,192.0.2.9,6000,app.example.com,App,Group,0,10.2.2.2,"
    "443,28,465,,,,,,,,,,,,,,,1,7115,3,24,5,6,7,8,Idp,None";

} // namespace

class TestEncodings : public QObject {
    Q_OBJECT

private:
    static void row(const char *name, std::string text, Wanted wanted)
    {
        QTest::newRow(name) << QByteArray::fromStdString(text) << QVariant::fromValue(wanted);
    }

private Q_SLOTS:
    void event_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QVariant>("wanted");
        row("CEF web",
            kCefHead + "act=Blocked app=HTTP dst=0.0.0.0 src=10.1.2.3 in=65 out=600 request=a.example/x?y=z&k=1 "
                       "rt=Dec 31 2021 07:07:07 suser=jane@example.com cs1=Sales dept cs1Label=dept "
                       "cs5=Eicar cs5Label=threatname cn1=90 cn1Label=riskscore newtoken=a b",
            {{"log_type", "web"},
             {"@timestamp", "2021-12-31T07:07:07.000Z"},
             {"event.action", "Blocked"},
             {"event.type", "denied"},
             {"destination.ip", "-"},
             {"source.ip", "10.1.2.3"},
             {"source.bytes", "600"},
             {"destination.bytes", "65"},
             {"url.original", "a.example/x?y=z&k=1"},
             {"user.email", "jane@example.com"},
             {"user.department", "Sales dept"},
             {"threat.name", "Eicar"},
             {"risk.score", "90"},
             {"event.reason", "Not allowed"},
             {"zscaler.newtoken", "a b"}});
        row("CEF without year",
            "Dec 31 07:07:07 nss CEF:0|Zscaler|NSSFWlog|5.7|Drop|My Rule|3|act=Drop src=10.0.0.1 spt=0 "
            "dst=192.0.2.1 dpt=443 in=5 out=7 reason=My Rule cs6=None cs6label=threatname",
            {{"log_type", "firewall"},
             {"@timestamp", "2025-12-31T07:07:07.000Z"},
             {"source.port", "-"},
             {"destination.port", "443"},
             {"rule.name", "My Rule"},
             {"source.bytes", "7"},
             {"destination.bytes", "5"}});
        row("CEF, hash printed as label",
            kCefHead + "act=Blocked cs6=md5hash cs6Label=196a3d797bfee07fe4596b69f4ce1141 "
                       "request=a.example",
            {{"file.hash.md5", "196a3d797bfee07fe4596b69f4ce1141"}});
        row("CEF, label used twice",
            kCefHead + "act=Blocked request=a.example cs5=Trojan cs5Label=malwarecat cs5=Web "
                       "cs5Label=urlcat",
            {{"threat.category", "Trojan"}, {"url.category", "Web"}});
        row("CEF, bar in a name", "CEF:0|Zscaler|NSSWeblog|5.7|Blocked|a|b|c|3|act=Blocked request=a.example",
            {{"event.action", "Blocked"}, {"event.reason", "a|b|c"}});
        row("CEF tunnel event",
            "Dec 31 11:11:11 t CEF:0|Zscaler|NSSTunnellog|5.7|Tunnel Event|IPsec tunnel is up|3| spt=500 "
            "dst=192.0.2.3 name=IPsec tunnel is up src=192.0.2.5 suser=vpn1 "
            "deviceEventClassId=Tunnel Event deviceExternalId=11111111111111111111",
            {{"log_type", "tunnel"},
             {"subtype", "Tunnel Event"},
             {"event.action", "IPsec tunnel is up"},
             {"event.id", "11111111111111111111"},
             {"user.name", "vpn1"}});
        row("CEF connector session",
            "Mar 11 11:11:11 c CEF:0|Zscaler|NSSSessionlog|5.7|HTTPS|DIRECT|3|act=HTTPS "
            "rt=Wed Mar 11 11:11:11 2026 src=10.0.0.1 dst=192.0.2.1 dpt=443 in=11 out=22 proto=TCP",
            {{"log_type", "connector"},
             {"subtype", "session"},
             {"network.protocol", "HTTPS"},
             {"source.bytes", "11"},
             {"destination.bytes", "22"}});
        row("LEEF 1",
            "Dec 31 07:07:07 zscaler-nss: LEEF:1.0|Zscaler|NSS|4.1|None|cat=Allowed\tdevTime=Dec 31 2021 07:07:07 "
            "America/Chicago\tsrc=10.0.0.1\tdst=192.0.2.1\tusrName=jane\tsrcBytes=5\tdstBytes=6\turl=a.example\t"
            "urlcategory=News",
            {{"log_type", "web"},
             {"@timestamp", "2021-12-31T13:07:07.000Z"},
             {"event.action", "Allowed"},
             {"source.bytes", "5"},
             {"user.name", "jane"}});
        row("LEEF 2", "LEEF:2.0|Zscaler|NSS|4.1|None|x5e|cat=Blocked^url=a.example^urlcategory=News^usrName=jane",
            {{"event.action", "Blocked"}, {"user.name", "jane"}});
        row("caret",
            "x ZSCALERNSS: time=odd Jan 29 6:09:59 2016^^timezone=GMT+02:00^^action=Blocked^^url=a.example/b^^"
            "urlcategory=News^^user=jane^^useragent=A (b; c=d)",
            {{"log_type", "web"},
             {"@timestamp", "2016-01-29T04:09:59.000Z"},
             {"user_agent.original", "A (b; c=d)"},
             {"user.name", "jane"}});
        const std::string web = js("{'sourcetype':'zscalernss-web','event':{'url':'a.example','action':'Allowed'}}");
        row("RFC 5424", "<134>1 2021-12-31T01:11:11Z host NSS - - - " + web,
            {{"log_type", "web"}, {"@timestamp", "2021-12-31T01:11:11.000Z"}});
        row("RFC 3164 and octet count", "123 <134>Mar 12 09:00:00 host " + web,
            {{"@timestamp", "2026-03-12T09:00:00.000Z"}});
        row("priority only", "<111>" + web, {{"log_type", "web"}});
        row("raw JSON in quotes",
            js("Oct 22 22:01:28 host NSS {'sourcetype':'zscalernss-audit','event':{'adminid':'root','action':'UPDATE',"
               "'preaction':'{'a':{'b':[{'c':1,'d':'x'}]},'e':'f'}','auditlogtype':'ZIA'}}"),
            {{"log_type", "audit"},
             {"user.name", "root"},
             {"zscaler.preaction", js("{'a':{'b':[{'c':1,'d':'x'}]},'e':'f'}")}});
        row("rsyslog tabs",
            "Mar 12 09:00:00 h 2024-05-14 10:20:30#011reason=Allowed#011action=Allowed#011url=a.example#011"
            "urlcategory=News",
            {{"log_type", "web"}, {"url.original", "a.example"}});
        row("alert", "<114>Dec 10 14:04:28 [10.0.0.1] ZscalerNSS: SIEM Feed connection lost",
            {{"log_type", "alert"}, {"event.reason", "SIEM Feed connection lost"}, {"source.ip", "10.0.0.1"}});
        row("DNS without header",
            "\"Mon Jun 20 14:56:51 2022\",\"jane@example.com\",\"Sales\",\"Road Warrior\",\"Allow\",\"Allow\","
            "\"DNS_1\",\"Bypass\",\"AAAA\",\"wpad.example.com\",\"EMPTY_RESP\",\"53\",\"0\",\"10.1.1.1\","
            "\"10.1.1.2\",\"Marketing\",\"Other\",\"x\",\"PC-1\"",
            {{"log_type", "dns"}, {"dns.question.name", "wpad.example.com"}, {"destination.port", "53"}});
        row("LSS CSV", kLss,
            {{"log_type", "zpa-user-activity"},
             {"@timestamp", "2019-05-31T17:35:42.000Z"},
             {"zscaler.ConnectionID", "c1,c2"},
             {"user.name", "jane"},
             {"rule.name", "Allow web"},
             {"network.transport", "TCP"},
             {"source.bytes", "7115"}});
        row("nested v1",
            js("{'version':'v1','sourcetype':'zscalernss-emaildlp','time':'1730470000','record_id':'"
               "18446744073709551615',"
               "'actions':'Block|Allow','rule':{'labels':'A|B'},'user_name':'jane@example.com','owner':'x',"
               "'email':{'attachments':{'file_names':'a.pdf||b.doc','md5s':'d41d8cd98f00b204e9800998ecf8427e'}}}"),
            {{"log_type", "email-dlp"},
             {"@timestamp", "2024-11-01T14:06:40.000Z"},
             {"event.id", "18446744073709551615"},
             {"event.action", "Block|Allow"},
             {"event.type", "denied"},
             {"rule.name", "A|B"},
             {"user.name", "jane@example.com"},
             {"file.name", "a.pdf|b.doc"}});
        row("obfuscated",
            js("{'sourcetype':'zscalernss-web','event':{'url':'a.example','ologin':'123','ocip':'77','login':'None'}}"),
            {{"user.name", "-"}, {"source.ip", "-"}, {"zscaler.ologin", "123"}, {"zscaler.ocip", "77"}});
        row("sign-in of ZPA",
            js("{'ModifiedTime':'2026-03-12T09:00:00.000Z','User':'root','ClientAuditUpdate':0,"
               "'AuditOperationType':'Sign In','AuditNewValue':'{\\'remoteIP\\':\\'192.0.2.8\\'}'}"),
            {{"log_type", "zpa-audit"}, {"source.ip", "192.0.2.8"}, {"event.action", "Sign In"}});
    }
    void event()
    {
        QFETCH(QByteArray, text);
        const auto wanted = QTest::currentDataTag() == nullptr ? Wanted() : currentWanted();
        const FixedClock clock;
        ParseOptions options;
        options.clock = &clock;
        const test::Parsed parsed = test::parseText(text.toStdString() + "\n" + text.toStdString() + "\n", options);
        QCOMPARE(parsed.rejects.size(), std::size_t{0});
        QCOMPARE(parsed.events.size(), std::size_t{2});
        for (const std::string &line : parsed.events) { // the second goes the way of known keys
            const QJsonObject event = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
            for (const auto &[key, value] : wanted) {
                QCOMPARE(QString::fromStdString(key + "=" + said(event, key)),
                         QString::fromStdString(key + "=" + value));
            }
        }
    }

    void damaged_data()
    {
        QTest::addColumn<QByteArray>("text");
        const std::string web = js("{'sourcetype':'zscalernss-web','event':{'url':'a.example','action':'Allowed'}}");
        QTest::newRow("CEF header cut") << QByteArray("Dec 31 07:07:07 nss CEF:0|Zscaler|NSSFWlog|5.7|Dr");
        QTest::newRow("LEEF header cut") << QByteArray("LEEF:1.0|Zscaler|NSS");
        QTest::newRow("LEEF without pairs") << QByteArray("LEEF:1.0|Zscaler|NSS|4.1|None|what is this");
        QTest::newRow("JSON cut behind a syslog header")
            << QByteArray::fromStdString("<134>Mar 12 09:00:00 host " + web.substr(0, 60));
        QTest::newRow("CSV cut") << QByteArray(
            "\"Mon Jun 20 14:56:51 2022\",\"jane@example.com\",\"Sales\",\"Road War");
        QTest::newRow("LSS cut") << QByteArray::fromStdString(kLss.substr(0, 150));
        QTest::newRow("plain text") << QByteArray("Dec 10 14:04:28 host systemd[1]: Started a thing.");
        QTest::newRow("empty alert") << QByteArray("<114>Dec 10 14:04:28 [10.0.0.1] ZscalerNSS:");
    }
    void damaged()
    {
        QFETCH(QByteArray, text);
        const std::string next = js("{'sourcetype':'zscalernss-web','event':{'url':'b.example','action':'Allowed'}}");
        const test::Parsed parsed = test::parseText(text.toStdString() + "\n" + next + "\n");
        QCOMPARE(parsed.rejects.size(), std::size_t{1});
        QCOMPARE(parsed.events.size(), std::size_t{1});
        QVERIFY(parsed.events.front().find("b.example") != std::string::npos);
    }

    /// A feed's own format without a year, as the default CEF feeds have it.
    void yearOfAKnownFormat()
    {
        const FixedClock clock;
        ParseOptions options;
        options.clock = &clock;
        options.format =
            FeedFormat::compile("%s{mon} %02d{dd} %02d{hh}:%02d{mm}:%02d{ss} %s{reqmethod} %s{eurl}\\n").value();
        const test::Parsed parsed =
            test::parseText("Mar 12 09:08:07 GET a.example/x\nDec 31 01:02:03 GET b.example/\n", options);
        QCOMPARE(parsed.events.size(), std::size_t{2});
        QCOMPARE(formatIsoTime(parsed.times[0]), std::string("2026-03-12T09:08:07.000Z"));
        QCOMPARE(formatIsoTime(parsed.times[1]), std::string("2025-12-31T01:02:03.000Z"));
    }

    void yearIsTakenFromTheClock()
    {
        const FixedClock clock;
        TimeReader times{TimeZone()};
        times.setClock(&clock);
        QCOMPARE(formatIsoTime(times.read("Mar 12 09:00:00", {})), std::string("2026-03-12T09:00:00.000Z"));
        QCOMPARE(formatIsoTime(times.read("Mar 13 09:00:00", {})), std::string("2026-03-13T09:00:00.000Z"));
        QCOMPARE(formatIsoTime(times.read("Mar 14 09:00:00", {})), std::string("2025-03-14T09:00:00.000Z"));
        QCOMPARE(formatIsoTime(times.read("Mar 14 09:00:00", "GMT-05:30")), std::string("2025-03-14T14:30:00.000Z"));
        QCOMPARE(times.read("Mar 99 09:00:00", {}), kNoTime);
        QCOMPARE(times.read("Started", {}), kNoTime);
        QCOMPARE(formatIsoTime(times.read("Feb 29 09:00:00", {})), std::string("2024-02-29T09:00:00.000Z"));
        const auto parts = [&](int month, int day, Timestamp before = kNoTime) {
            return formatIsoTime(times.fromParts({0, 0, 9, day, month, -1}, {}, before));
        };
        QCOMPARE(parts(3, 13), std::string("2026-03-13T09:00:00.000Z"));
        QCOMPARE(parts(3, 14), std::string("2025-03-14T09:00:00.000Z"));
        QCOMPARE(parts(2, 29), std::string("2024-02-29T09:00:00.000Z"));
        QCOMPARE(parts(3, 12, clock.now() - 300 * kMicrosPerDay), std::string("2025-03-12T09:00:00.000Z"));
        QCOMPARE(parts(-1, 12), std::string());
    }

private:
    static Wanted currentWanted()
    {
        QFETCH(QVariant, wanted);
        return wanted.value<Wanted>();
    }
};

QTEST_GUILESS_MAIN(TestEncodings)
#include "tst_encodings.moc"
