// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/demorecord.h"

#include "base/text.h"

#include <array>
#include <chrono>

namespace nightjar::workspace {
namespace {

/// The members of one JSON object; every value is quoted, as the feed does it.
class Members {
public:
    explicit Members(std::string &out)
        : m_out(out)
    {
    }
    Members &text(std::string_view key, std::string_view value)
    {
        m_out += m_first ? "\"" : ",\"";
        m_first = false;
        m_out += key;
        m_out += "\":";
        appendJsonQuoted(m_out, value);
        return *this;
    }
    Members &number(std::string_view key, std::uint64_t value) { return text(key, std::to_string(value)); }

private:
    std::string &m_out;
    bool m_first = true;
};

std::string_view orNone(const std::string &text)
{
    return text.empty() ? std::string_view("None") : std::string_view(text);
}

const DemoExtras &extrasOf(const DemoEvent &event)
{
    static const DemoExtras kNone;
    return event.extras != nullptr ? *event.extras : kNone;
}

const DemoSite &siteOf(const DemoWorld &world, const DemoEvent &event)
{
    return event.site == DemoEvent::kNoSite ? world.unknown : world.sites[event.site];
}

std::string_view severityOf(const DemoExtras &extras)
{
    return extras.threatSeverity.empty() ? std::string_view("None (0)") : std::string_view(extras.threatSeverity);
}

void webFile(Members &members, const DemoExtras &extras)
{
    members.text("filetype", extras.upload ? "None" : orNone(extras.fileType));
    members.text("filename", extras.upload ? "None" : orNone(feedEscape(extras.fileName)));
    members.text("upload_filetype", extras.upload ? orNone(extras.fileType) : "None");
    members.text("upload_filename", extras.upload ? orNone(feedEscape(extras.fileName)) : "None");
    members.text("bamd5", orNone(extras.md5)).text("sha256", orNone(extras.sha256));
}

void webMembers(Members &members, const DemoWorld &world, const DemoEvent &event, std::uint64_t recordId)
{
    const DemoUser &user = world.users[event.user];
    const DemoSite &site = siteOf(world, event);
    const DemoExtras &extras = extrasOf(event);
    const std::string reason =
        event.blocked ? (extras.reason.empty() ? "Not allowed to browse this category" : extras.reason) : "Allowed";
    const std::string_view ruleType = !event.blocked              ? "None"
                                      : extras.threatName.empty() ? "UrlCat"
                                                                  : "Malware Protection";
    const std::string rule = extras.ruleLabel.empty() ? "Block " + site.category : extras.ruleLabel;
    members.text("datetime", demoCtime(event.time)).text("reason", reason).number("event_id", recordId);
    members.text("protocol", event.port == 80 ? "HTTP" : "HTTPS").text("action", event.blocked ? "Blocked" : "Allowed");
    members.number("transactionsize", event.sent + event.received).number("responsesize", event.received);
    members.number("requestsize", event.sent).text("requestmethod", event.method);
    members.number("status", event.blocked ? 403 : event.status);
    members.text("url", feedEscape(event.host + event.detail)).text("hostname", event.host);
    members.text("serverip", event.blocked ? std::string_view("0.0.0.0") : std::string_view(event.server));
    members.text("ClientIP", user.clientIp).text("clientpublicIP", user.publicIp);
    members.text("refererURL", orNone(feedEscape(extras.referer)));
    members.text("useragent", extras.userAgent.empty() ? user.userAgent : extras.userAgent);
    members.text("product", "NSS").text("vendor", "Zscaler").text("location", feedEscape(user.location));
    members.text("user", user.login).text("department", user.department).text("company", kDemoCompany);
    members.text("urlcategory", extras.category.empty() ? site.category : extras.category);
    members.text("urlsupercategory", site.superCategory).text("urlclass", site.urlClass);
    members.text("appname", site.appName)
        .text("appclass", site.appClass)
        .number("pagerisk", static_cast<std::uint64_t>(site.risk));
    members.text("threatname", orNone(extras.threatName)).text("threatcategory", orNone(extras.threatCategory));
    members.text("threatclass", orNone(extras.threatClass)).text("threatseverity", severityOf(extras));
    webFile(members, extras);
    members.text("rulelabel", event.blocked ? rule : "None").text("ruletype", ruleType);
    members.text("dlpengine", "None").text("dlpdictionaries", "None").text("bwthrottle", "NO");
    members.text("contenttype", event.method == "POST" ? "application/json" : "text/html")
        .text("unscannabletype", "None");
    members.text("deviceowner", user.deviceOwner)
        .text("devicehostname", user.deviceName)
        .text("deviceostype", user.osType);
    members.text("ssldecrypted", event.port == 80 ? "No" : "Yes").text("keyprotectiontype", "N/A");
}

void firewallMembers(Members &members, const DemoWorld &world, const DemoEvent &event, std::uint64_t recordId)
{
    const DemoUser &user = world.users[event.user];
    const DemoExtras &extras = extrasOf(event);
    const std::uint64_t duration = 40 + (event.sent + event.received) / 4000;
    members.text("datetime", demoCtime(event.time)).number("recordid", recordId).text("user", user.login);
    members.text("department", user.department).text("locationname", feedEscape(user.location));
    members.number("cdport", event.port).number("csport", 40'000 + recordId % 20'000).number("sdport", event.port);
    members.number("ssport", 30'000 + recordId % 30'000).text("csip", user.clientIp).text("cdip", event.server);
    members.text("ssip", user.publicIp).text("sdip", event.server).text("tsip", user.clientIp).text("tunsport", "0");
    members.text("tuntype", "ZscalerClientConnector").text("action", event.blocked ? "Drop" : "Allow");
    members.text("dnat", "No").text("stateful", "Yes").text("aggregate", event.blocked ? "No" : "Yes");
    members.text("nwsvc", event.method).text("nwapp", event.port == 443 ? "ssl" : "None");
    members.text("proto", event.port == 53 || event.port == 123 ? "UDP" : "TCP")
        .text("ipcat", siteOf(world, event).category);
    members.text("destcountry", "Other").text("rulelabel", orNone(extras.ruleLabel)).text("cdfqdn", orNone(event.host));
    members.number("inbytes", event.received).number("outbytes", event.sent).number("duration", duration / 1000);
    members.number("durationms", duration).text("numsessions", "1").text("ipsrulelabel", "None");
    members.text("threatcat", orNone(extras.threatCategory)).text("threatname", orNone(extras.threatName));
    members.text("deviceowner", user.deviceOwner).text("devicehostname", user.deviceName);
}

void dnsMembers(Members &members, const DemoWorld &world, const DemoEvent &event, std::uint64_t recordId)
{
    const DemoUser &user = world.users[event.user];
    const bool failed = event.detail == "NXDOMAIN";
    const std::string_view kind = failed ? "SRV_CODE" : "IPv4";
    members.text("datetime", demoCtime(event.time)).number("recordid", recordId).text("user", user.login);
    members.text("department", user.department).text("location", feedEscape(user.location));
    members.text("reqaction", event.blocked ? "REQ_BLOCK" : "REQ_ALLOW").text("resaction", "RES_ALLOW");
    members.text("reqrulelabel", "DNS default").text("resrulelabel", "None").text("dns_reqtype", event.method);
    members.text("dns_req", event.host).text("dns_resp", event.detail).text("restype", kind);
    members.text("error", failed ? "NXDOMAIN" : "None").number("srv_dport", 53).number("durationms", 3 + recordId % 40);
    members.text("clt_sip", user.clientIp).text("srv_dip", "10.0.0.53").text("category", siteOf(world, event).category);
    members.text("respipcategory", "Other").text("protocol", "UDP").text("istcp", "0");
    members.text("deviceowner", user.deviceOwner).text("devicehostname", user.deviceName).text("company", kDemoCompany);
}

} // namespace

std::string demoCtime(Timestamp time)
{
    using namespace std::chrono;
    constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const sys_time<microseconds> instant{microseconds(time)};
    const sys_days day = floor<days>(instant);
    const year_month_day civil(day);
    const auto second = static_cast<unsigned>(floor<seconds>(instant - day).count());
    const auto two = [](std::string &out, unsigned value, char pad) {
        out.push_back(value < 10 ? pad : static_cast<char>('0' + value / 10));
        out.push_back(static_cast<char>('0' + value % 10));
    };
    std::string out(kDays[weekday(day).c_encoding()]);
    out.push_back(' ');
    out += kMonths[static_cast<unsigned>(civil.month()) - 1];
    out.push_back(' ');
    two(out, static_cast<unsigned>(civil.day()), ' ');
    out.push_back(' ');
    two(out, second / 3600, '0');
    out.push_back(':');
    two(out, second / 60 % 60, '0');
    out.push_back(':');
    two(out, second % 60, '0');
    return out + " " + std::to_string(static_cast<int>(civil.year()));
}

std::string feedEscape(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (byte > 0x20 && byte < 0x7F && c != '"' && c != '\\') {
            out.push_back(c);
        } else {
            out += "%" + hexEncode(std::string_view(&c, 1));
        }
    }
    return out;
}

void appendDemoRecord(std::string &out, const DemoWorld &world, const DemoEvent &event, std::uint64_t recordId)
{
    constexpr std::array<std::string_view, 3> kTypes{"zscalernss-web", "zscalernss-fw", "zscalernss-dns"};
    out += "{\"sourcetype\":\"";
    out += kTypes[static_cast<std::size_t>(event.log)];
    out += "\",\"event\":{";
    Members members(out);
    switch (event.log) {
    case DemoLog::Web:
        webMembers(members, world, event, recordId);
        break;
    case DemoLog::Firewall:
        firewallMembers(members, world, event, recordId);
        break;
    case DemoLog::Dns:
        dnsMembers(members, world, event, recordId);
        break;
    }
    out += "}}\n";
}

} // namespace nightjar::workspace
