// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing.h"

#include "logs/logtype.h"

#include "support/support.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace nightjar;
using namespace nightjar::logs;

namespace {

/// JSON with single quotes, as moc does not read raw string literals well.
std::string js(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

QJsonObject object(const std::string &text)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

QJsonObject one(const std::string &text, const ParseOptions &options = {})
{
    const test::Parsed parsed = test::parseText(text, options);
    return parsed.events.size() == 1 && parsed.rejects.empty() ? object(parsed.events.front()) : QJsonObject();
}

const std::string kWeb =
    js("{'sourcetype':'zscalernss-web','event':{'datetime':'Mon Oct 16 22:55:48 2023','reason':'Virus',"
       "'event_id':'7529859230052384769','protocol':'HTTPS','action':'Blocked','responsesize':'65',"
       "'requestsize':'606','urlcategory':'Web Search','serverip':'0.0.0.0','requestmethod':'POST',"
       "'refererURL':'None','useragent':'Mozilla/5.0%20(X11%3b)','location':'Road%20Warrior',"
       "'ClientIP':'10.1.2.3','status':'403','user':'Jane.Doe%40example.com',"
       "'url':'Sub.Example.COM/a/b%2cc?q=1&r=2','hostname':'Sub.Example.COM',"
       "'clientpublicIP':'192.0.2.7','threatcategory':'Botnet Callback','threatname':'Win32.X',"
       "'threatclass':'Virus','pagerisk':'100','urlfilterrulelabel':'Block%20all',"
       "'department':'R &amp; D','filename':'NA','upload_filename':'x.exe','someday':'new token',"
       "'cltsslfailcount':'0'}}");

} // namespace

class TestParser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void web()
    {
        const QJsonObject event = one(kWeb);
        const QJsonObject wanted = object(js(
            "{"
            "'log_type':'web', '@timestamp':'2023-10-16T22:55:48.000Z', 'event.id':'7529859230052384769',"
            "'event.reason':'Virus', 'event.action':'Blocked', 'event.type':'denied', "
            "'user.name':'Jane.Doe@example.com',"
            "'user.email':'Jane.Doe@example.com', 'user.department':'R &amp; D', 'location.name':'Road Warrior',"
            "'source.ip':'10.1.2.3', 'source.nat.ip':'192.0.2.7', 'source.bytes':606,"
            "'destination.domain':'sub.example.com', 'destination.bytes':65,"
            "'url.original':'Sub.Example.COM/a/b,c?q=1&r=2', 'url.domain':'sub.example.com', 'url.path':'/a/b,c',"
            "'url.query':'q=1&r=2', 'url.category':'Web Search', 'http.request.method':'POST',"
            "'http.response.status_code':403, 'user_agent.original':'Mozilla/5.0 (X11;)', 'network.protocol':'HTTPS',"
            "'rule.name':'Block all', 'threat.name':'Win32.X', 'threat.category':'Botnet Callback', 'risk.score':100,"
            "'file.name':'x.exe', 'zscaler.malwareclass':'Virus', 'zscaler.urlfilterrulelabel':'Block all',"
            "'zscaler.upload_filename':'x.exe', 'zscaler.someday':'new token', 'zscaler.cltsslfailcount':'0',"
            "'zscaler.sourcetype':'zscalernss-web'}"));
        for (const QString &key : event.keys()) {
            QVERIFY2(wanted.contains(key), qPrintable(key));
        }
        for (const QString &key : wanted.keys()) {
            QVERIFY2(event.value(key) == wanted.value(key), qPrintable(key));
        }
    }

    void fields_data()
    {
        QTest::addColumn<std::string>("record");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonValue>("value");
        const QJsonValue absent(QJsonValue::Undefined);
        const auto row = [](const char *name, const std::string &record, const char *key, const QJsonValue &value) {
            QTest::newRow(name) << record << QString::fromLatin1(key) << value;
        };
        const std::string fw = js("'csip':'10.0.0.1','cdip':'192.0.2.1','nwsvc':'DNS',");
        row("fw bytes out", "{" + fw + js("'inbytes':'5','outbytes':'7'}"), "source.bytes", 7);
        row("fw bytes in", "{" + fw + js("'inbytes':'5','outbytes':'7'}"), "destination.bytes", 5);
        row("fw type", "{" + fw + js("'action':'Allow'}"), "log_type", QStringLiteral("firewall"));
        row("fw drop", "{" + fw + js("'action':'Block/Drop'}"), "event.type", QStringLiteral("denied"));
        row("fw country", "{" + fw + js("'action':'COUNTRY_BLOCK'}"), "event.type", QStringLiteral("denied"));
        row("fw allow", "{" + fw + js("'action':'Allow due to insufficient app data'}"), "event.type",
            QStringLiteral("allowed"));
        row("fw other", "{" + fw + js("'action':'OutOfRange'}"), "event.type", QStringLiteral("info"));
        row("fw action none", "{" + fw + js("'action':'None'}"), "event.type", absent);
        row("fw rule", "{" + fw + js("'rulelabel':'None','ipsrulelabel':'IPS 1'}"), "rule.name",
            QStringLiteral("IPS 1"));
        row("fw port 0", "{" + fw + js("'csport':0}"), "source.port", absent);
        row("fw port", "{" + fw + js("'cdport':443}"), "destination.port", 443);
        row("fw odd port", "{" + fw + js("'cdport':'many'}"), "zscaler.cdport", QStringLiteral("many"));
        row("fw domain", "{" + fw + js("'cdfqdn':'EXAMPLE.com.'}"), "destination.domain",
            QStringLiteral("example.com"));
        row("fw user is a place", "{" + fw + js("'user':'new-gre'}"), "user.email", absent);
        row("service user", "{" + fw + js("'user':'unknown_saas_user$@8.zscalertwo.net'}"), "user.email", absent);
        const std::string dns = js("'dns_req':'a.example','reqaction':'REQ_ALLOW',");
        row("dns type", "{" + dns + js("'x':1}"), "log_type", QStringLiteral("dns"));
        row("dns name", "{" + dns + js("'x':1}"), "dns.question.name", QStringLiteral("a.example"));
        row("dns address", "{" + dns + js("'dns_resp':'2001:db8::1'}"), "dns.resolved_ip",
            QStringLiteral("2001:db8::1"));
        row("dns code", "{" + dns + js("'dns_resp':'NXDOMAIN'}"), "dns.response_code", QStringLiteral("NXDOMAIN"));
        row("dns error wins", "{" + dns + js("'dns_resp':'NotFound','error':'EMPTY_RESP'}"), "dns.response_code",
            QStringLiteral("EMPTY_RESP"));
        row("dns alias answer", "{" + dns + js("'dns_resp':'b.example'}"), "zscaler.res", QStringLiteral("b.example"));
        row("dns response blocked", "{" + dns + js("'resaction':'RES_BLOC'}"), "event.type", QStringLiteral("denied"));
        row("dns action", "{" + dns + js("'resaction':'RES_BLOC'}"), "event.action", QStringLiteral("REQ_ALLOW"));
        row("dns server port", "{" + dns + js("'srv_dport':'53'}"), "destination.port", 53);
        row("dns category", "{" + dns + js("'category':'Newly Registered'}"), "url.category",
            QStringLiteral("Newly Registered"));
        row("dns tcp", "{" + dns + js("'istcp':'1'}"), "network.transport", QStringLiteral("TCP"));
        row("epoch wins", js("{'eurl':'x.example','epochtime':'1697496948','time':'Mon Jan  1 00:00:00 2001'}"),
            "@timestamp", QStringLiteral("2023-10-16T22:55:48.000Z"));
        row("time with comma", js("{'eurl':'x.example','time':'2024-06-12,05:02:20'}"), "@timestamp",
            QStringLiteral("2024-06-12T05:02:20.000Z"));
        row("two blanks", js("{'eurl':'x.example','time':'Tue Dec  31 02:22:22 2021'}"), "@timestamp",
            QStringLiteral("2021-12-31T02:22:22.000Z"));
        row("own zone", js("{'eurl':'x.example','time':'Tue Dec 31 02:22:22 2021','tz':'Europe/Berlin'}"), "@timestamp",
            QStringLiteral("2021-12-31T01:22:22.000Z"));
        row("date parts",
            js("{'eurl':'x.example','day_of_month':'05','month':'Feb','year':'2026','hour':'7','minute':'8','second':'"
               "9'}"),
            "@timestamp", QStringLiteral("2026-02-05T07:08:09.000Z"));
        row("no time", js("{'eurl':'x.example','time':'yesterday'}"), "@timestamp", absent);
        row("no time is kept", js("{'eurl':'x.example','time':'yesterday'}"), "zscaler.time",
            QStringLiteral("yesterday"));
        row("1970 is nothing", js("{'eurl':'x.example','time':'Thu Jan  1 00:00:00 1970'}"), "@timestamp", absent);
        row("2099", js("{'eurl':'x.example','time':'2099-01-01 00:00:00'}"), "@timestamp",
            QStringLiteral("2099-01-01T00:00:00.000Z"));
        row("b64url", js("{'b64url':'ZXZpbC5leGFtcGxlL3g='}"), "url.original", QStringLiteral("evil.example/x"));
        row("host from url", js("{'eurl':'Evil.example:443'}"), "url.domain", QStringLiteral("evil.example"));
        row("host from url with scheme", "{\"eurl\":\"http://evil.example/x\"}", "url.domain",
            QStringLiteral("evil.example"));
        row("host key wins", js("{'eurl':'other.example/x','host':'evil.example'}"), "url.domain",
            QStringLiteral("evil.example"));
        row("unknown host", js("{'eurl':'evil.example','host':'Unknown Host'}"), "url.domain",
            QStringLiteral("evil.example"));
        row("idn", js("{'eurl':'bücher.example/'}"), "url.domain", QStringLiteral("xn--bcher-kva.example"));
        row("address as host", js("{'eurl':'192.0.2.9/x','host':'192.0.2.9'}"), "destination.domain", absent);
        row("decoding to no text", js("{'eurl':'x.example/%E9'}"), "url.original", QStringLiteral("x.example/%E9"));
        row("decoded once", js("{'eurl':'x.example/%2541'}"), "url.original", QStringLiteral("x.example/%41"));
        row("unreplaced token", js("{'eurl':'x.example','threatname':'%s{threatname}'}"), "threat.name", absent);
        row("u64 beyond i64", js("{'eurl':'x.example','recordid':18446744073709551615}"), "event.id",
            QStringLiteral("18446744073709551615"));
        row("bytes beyond i64", js("{'eurl':'x.example','reqsize':'18446744073709551615'}"), "zscaler.reqsize",
            QStringLiteral("18446744073709551615"));
        row("status NA", js("{'eurl':'x.example','respcode':'NA'}"), "http.response.status_code", absent);
        row("first one counts", js("{'eurl':'x.example','login':'NA','user':'jane','login':'joe'}"), "user.name",
            QStringLiteral("jane"));
        row("null", js("{'eurl':'x.example','login':null}"), "user.name", absent);
        row("list", js("{'eurl':'x.example','tags':['a','b']}"), "zscaler.tags",
            QJsonArray{QStringLiteral("a"), QStringLiteral("b")});
        row("nested", js("{'eurl':'x.example','a':{'b':{'c':true}}}"), "zscaler.a.b.c", QStringLiteral("true"));
        row("escapes", "{\"eurl\":\"x.example\",\"threatname\":\"\\u00e9\\ud83d\\ude00\\/\\\\\\\"\"}", "threat.name",
            QString::fromUtf8("é😀/\\\""));
        row("lone surrogate", js("{'eurl':'x.example','threatname':'\\ud83dx'}"), "threat.name",
            QString::fromUtf8("\xEF\xBF\xBDx"));
        row("bare quotes", js("{'eurl':'x.example','ua':'Moz 'quoted' UA','threatname':'T'}"), "user_agent.original",
            QStringLiteral("Moz \"quoted\" UA"));
        row("latin-1", "{\"eurl\":\"x.example\",\"threatname\":\"a\xE9\"}", "threat.name",
            QString::fromUtf8("a\xEF\xBF\xBD"));
        row("missing value", js("{'eurl':'x.example','a': ,'threatname':'T'}"), "threat.name", QStringLiteral("T"));
        row("leading zeros", js("{'eurl':'x.example','Latitude': -00.000000,'threatname':'T'}"), "zscaler.Latitude",
            QStringLiteral("-00.000000"));
        row("collector envelope", js("{'time':1697496948,'host':'hf-1','event':{'eurl':'x.example/'}}"), "@timestamp",
            QStringLiteral("2023-10-16T22:55:48.000Z"));
        row("collector host", js("{'time':1697496948,'host':'hf-1','event':{'eurl':'x.example/'}}"), "url.domain",
            QStringLiteral("x.example"));
        row("cef label",
            js("{'product':'NSSFWlog','cs5':'Trojan','cs5Label':'threatcat','cs6':'W32','cs6label':'threatname'}"),
            "threat.name", QStringLiteral("W32"));
        row("kv", "2024-05-14 10:20:30\treason=Allowed\taction=Allowed\turlcategory=X=Y\turl=a.example/?a=b",
            "url.query", QStringLiteral("a=b"));
        row("kv time", "2024-05-14 10:20:30\treason=Allowed\taction=Allowed\turlcategory=X", "@timestamp",
            QStringLiteral("2024-05-14T10:20:30.000Z"));
        row("kv syslog priority", "<134>2024-05-14 10:20:30\treason=Allowed\taction=Allowed\turlcategory=X",
            "@timestamp", QStringLiteral("2024-05-14T10:20:30.000Z"));
        row("kv no time", "action=Allowed\turlcategory=X\tuser=a", "user.name", QStringLiteral("a"));
        row("kv quotes", "url=\"a.example\"\tuseragent=\"\"Mozilla/5.0 (X)\"\"\turlcategory=\"Z\"",
            "user_agent.original", QStringLiteral("Mozilla/5.0 (X)"));
        row("kv tab in a value", "action=Allowed\turlcategory=X\tuser=a\tb", "user.name", QStringLiteral("a\tb"));
        row("csv", "Time,User,URL,Action,Odd Column\n2024-05-14 10:20:30,\"a, \"\"b\"\"\",x.example/1,Blocked,v\n",
            "user.name", QStringLiteral("a, \"b\""));
        row("csv unknown column", "Time,User,URL,Action,Odd Column\n2024-05-14 10:20:30,a,x.example/1,Blocked,v\n",
            "zscaler.Odd Column", QStringLiteral("v"));
        row("csv all unknown", "alpha;beta\nx;y\n", "zscaler.beta", QStringLiteral("y"));
        row("csv unknown type", "alpha;beta\nx;y\n", "log_type", QStringLiteral("unknown"));
        row("tsv", "url\taction\tuser\nx.example\tBlocked\t\n", "event.type", QStringLiteral("denied"));
        row("syslog and json", js("<134>1 2023-08-28T15:43:59Z h NSS - - - {'eurl':'x.example'}"), "url.domain",
            QStringLiteral("x.example"));
    }

    void fields()
    {
        QFETCH(std::string, record);
        QFETCH(QString, key);
        QFETCH(QJsonValue, value);
        const QJsonObject event = one(record);
        QVERIFY2(!event.isEmpty(), "no event");
        QVERIFY2(event.value(key) == value,
                 qPrintable(key + QStringLiteral(" is ") + event.value(key).toVariant().toString()));
    }

    void placeholders()
    {
        for (const std::string value : {"None", "none", "NA", "N/A", "n/a", "Unknown", "UNKNOWN", "Unknown URL",
                                        "Unknown Host", "", " ", "NotAvailable"}) {
            const QJsonObject event =
                one(js("{'eurl':'x.example','login':'") + value + js("','novelty':'") + value + "\"}");
            QCOMPARE(event.keys().size(), 3);
            QVERIFY(event.contains(QStringLiteral("url.path")) || event.contains(QStringLiteral("url.domain")));
            QVERIFY(!event.contains(QStringLiteral("user.name")));
            QVERIFY(!event.contains(QStringLiteral("zscaler.novelty")));
        }
        for (const std::string value : {"Nonesuch", "Unknown user", "Nadia", "0", "%20x"}) {
            QVERIFY2(!one(js("{'eurl':'x.example','novelty':'") + value + "\"}")
                          .value(QStringLiteral("zscaler.novelty"))
                          .isUndefined(),
                     value.c_str());
        }
    }

    void types_data()
    {
        QTest::addColumn<std::string>("record");
        QTest::addColumn<std::string>("type");
        const auto row = [](const std::string &record, const char *type) {
            QTest::newRow(record.c_str()) << record << std::string(type);
        };
        row(js("{'sourcetype':'zscalernss-web','event':{'a':'1'}}"), "web");
        row(js("{'sourcetype':'zscaler-nss-fw','product':'NSSFWlog'}"), "firewall");
        row(js("{'sourcetype':'zscaler-nss-fw','DeviceProduct':'NSSDNSlog'}"), "dns");
        row(js("{'product':'NSSDnslog'}"), "connector");
        row(js("{'product':'NSSCasbcrmlog'}"), "casb");
        row(js("{'reqmethod':'GET'}"), "web");
        row(js("{'clt_sip':'10.0.0.1','srv_dip':'192.0.2.1','action':'Allow'}"), "firewall");
        row(js("{'clt_sip':'10.0.0.1','srv_dip':'192.0.2.1','dns_req':'a'}"), "dns");
        row(js("{'adminid':'a','auditlogtype':'ZIA'}"), "audit");
        row(js("{'Recordtype':'Tunnel Samples','sourceip':'10.0.0.1'}"), "tunnel");
        row(js("{'applicationname':'Box','tenant':'t'}"), "casb");
        row(js("{'channel':'USB','actiontaken':'Block','itemname':'x'}"), "endpoint-dlp");
        row(js("{'event':{'mailsenttime':'x'}}"), "email-dlp");
        row(js("{'ClientZEN':'a','AppGroup':'b','Application':'c'}"), "zpa-user-activity");
        row(js("{'SAMLAttributes':'','ClientType':'zpn_client_type_zapp'}"), "zpa-user-status");
        row(js("{'Exporter':'a','ConnectionID':'1','NameID':'n'}"), "zpa-browser-access");
        row(js("{'ClientAuditUpdate':0,'AuditOperationType':'Create'}"), "zpa-audit");
        row(js("{'InspectionPolicy':'1'}"), "zpa-app-protection");
        row(js("{'AgentID':'1','EnforcementAction':'ALLOW'}"), "zpa-microseg");
        row(js("{'ConnectorGroup':'g','SessionType':'s'}"), "zpa-connector-status");
        row(js("{'Connector':'g','ProcessMemoryUtilization':1}"), "zpa-connector-metrics");
        row(js("{'ServiceEdge':'g','SessionStatus':'s'}"), "zpa-pse-status");
        row(js("{'PrivateSE':'g','LogTimeStamp':'s'}"), "zpa-pse-metrics");
        row(js("{'PrivateCloudController':'g','SessionStatus':'s'}"), "zpa-pcc-status");
        row(js("{'PrivateCloudController':'g'}"), "zpa-pcc-metrics");
        row(js("{'foo':'bar'}"), "unknown");
    }

    void types()
    {
        QFETCH(std::string, record);
        QFETCH(std::string, type);
        QCOMPARE(one(record).value(QStringLiteral("log_type")).toString(), QString::fromStdString(type));
        QCOMPARE(std::string(logTypeNamed(type)), type);
    }

    void options()
    {
        ParseOptions options;
        options.forcedType = "firewall";
        options.zone = *TimeZone::named("Europe/Berlin");
        QVERIFY(checkOptions(options).has_value());
        const QJsonObject event =
            one(js("{'outbytes':'7','time':'Fri Jul 02 12:00:00 2021','reqmethod':'GET'}"), options);
        QCOMPARE(event.value(QStringLiteral("log_type")).toString(), QStringLiteral("firewall"));
        QCOMPARE(event.value(QStringLiteral("source.bytes")).toInt(), 7);
        QCOMPARE(event.value(QStringLiteral("@timestamp")).toString(), QStringLiteral("2021-07-02T10:00:00.000Z"));
        options.forcedType = "webb";
        QCOMPARE(checkOptions(options).error().code, std::string("NJ-LOGS-020"));
    }

    /// The same parser over changing shapes and builders: nothing learnt from one record leaks into another.
    void reuse()
    {
        RecordParser parser;
        for (int round = 0; round < 3; ++round) {
            RecordFramer framer;
            std::string text;
            for (int i = 0; i < 200; ++i) {
                text += i % 3 == 0   ? js("{'sourcetype':'zscalernss-web','url':'a.example','tags':['x','y']}")
                        : i % 3 == 1 ? js("{'sourcetype':'zscalernss-dns','dns_req':'b.example','tags':['x']}")
                                     : js("{'csip':'10.0.0.1','cdip':'10.0.0.2','nwsvc':'DNS','only':'fw'}");
                text += '\n';
            }
            framer.feed(text);
            const auto batch = framer.finish();
            event::BlockBuilder builder;
            std::vector<Reject> rejects;
            parser.parse(*batch, builder, rejects);
            const event::EventBlock block = builder.finish();
            QVERIFY(rejects.empty());
            QCOMPARE(block.rows(), std::size_t{200});
            for (std::size_t i = 0; i < block.rows(); ++i) {
                const QJsonObject event = object(block.toJson(i));
                const char *types[] = {"web", "dns", "firewall"};
                QCOMPARE(event.value(QStringLiteral("log_type")).toString(), QString::fromLatin1(types[i % 3]));
                QCOMPARE(event.contains(QStringLiteral("zscaler.only")), i % 3 == 2);
                QCOMPARE(event.value(QStringLiteral("zscaler.tags")).toArray().size(), i % 3 == 0 ? 2 : 0);
            }
        }
    }

    void rawIsKept()
    {
        RecordFramer framer;
        framer.feed("{\"a\":\"\xE9\"}\r\n");
        event::BlockBuilder builder;
        std::vector<Reject> rejects;
        RecordParser().parse(*framer.finish(), builder, rejects);
        QCOMPARE(std::string(builder.finish().raw(0)), std::string("{\"a\":\"\xE9\"}"));
    }
};

QTEST_GUILESS_MAIN(TestParser)
#include "tst_parser.moc"
