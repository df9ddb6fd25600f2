// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/tokens.h"

#include "base/text.h"

#include <array>
#include <unordered_map>

namespace nightjar::logs {

namespace {

using enum Use;
using event::Field;

// Keys: Splunk family, Datadog, Elastic, Sentinel's CEF names, the vendor's QRadar names, plain headings of exports.
constexpr TokenRow kWeb[] = {
    {"action act", "action", Action, Field::EventAction},
    {"reason", "reason", Text, Field::EventReason, kPercent},
    {"protocol proto appproto app", "proto", Text, Field::NetworkProtocol},
    {"hostname host dhost domain", "host", Host, Field::DestinationDomain, kPercent},
    {"serverip sip dst dstip destinationip destip", "sip", Ip, Field::DestinationIp},
    {"clientpublicip cltintip cintip sourcetranslatedaddress srcpostnat", "cintip", Ip, Field::SourceNatIp},
    {"clientip cltip cip src srcip sourceip", "cip", Ip, Field::SourceIp},
    {"cpubip cltpubip", "cpubip", Ip, Field::SourceNatIp, kSpare},
    {"cltsport cltsourceport spt sourceport srcport", "clt_sport", Port, Field::SourcePort},
    {"srvdport dpt destinationport dstport", "srv_dport", Port, Field::DestinationPort},
    {"responsesize respsize in inbytes dstbytes receivedbytes recvbytes bytesin bytesreceived downloadbytes",
     "respsize", Integer, Field::DestinationBytes},
    {"requestsize reqsize out outbytes srcbytes sentbytes bytesout bytessent uploadbytes", "reqsize", Integer,
     Field::SourceBytes},
    {"url request", "url", Url, Field::UrlOriginal, kPercent},
    {"urlpath", "urlpath", Text, Field::UrlPath, kPercent | kSpare},
    {"refererurl referer referrer requestcontext", "referer", Text, Field::HttpRequestReferrer, kPercent},
    {"status respcode outcome statuscode responsecode httpstatus", "respcode", Integer, Field::HttpResponseStatusCode},
    {"useragent ua requestclientapplication", "ua", Text, Field::UserAgentOriginal, kPercent},
    {"requestmethod reqmethod method httpmethod", "reqmethod", Text, Field::HttpRequestMethod},
    {"eventid recordid externalid", "recordid", Id, Field::EventId},
    {"filetype", "filetype", Text, Field::FileType},
    {"uploadfiletype", "upload_filetype", Text, Field::FileType, kSpare},
    {"filename fname", "filename", Text, Field::FileName, kPercent},
    {"uploadfilename", "upload_filename", Text, Field::FileName, kPercent | kSpare},
    {"appname destinationservicename application cloudapplication", "appname", Text, Field::NetworkApplication},
    {"urlcategory urlcat urlsubcat cat category", "urlcat", Text, Field::UrlCategory, kPercent},
    {"urlsupercategory urlsupercat supercategory", "urlsupercat", Text, Field::UrlSupercategory, kPercent},
    {"pagerisk riskscore", "riskscore", Integer, Field::RiskScore},
    {"threatclass malwareclass", "malwareclass", Text, Field::ThreatCategory, kSpare},
    {"threatcategory malwarecategory malwarecat malwaretype", "malwarecat", Text, Field::ThreatCategory},
    {"threatname", "threatname", Text, Field::ThreatName, kPercent},
    {"threatseverity", "threatseverity", Text, Field::EventSeverity},
    {"bamd5 filehash md5", "bamd5", Text, Field::FileHashMd5},
    {"dlpmd5", "dlpmd5", Text, Field::FileHashMd5, kSpare},
    {"sha256", "sha256", Text, Field::FileHashSha256},
    {"rulelabel rule rulename policy", "rulelabel", Text, Field::RuleName, kPercent},
    {"urlfilterrulelabel", "urlfilterrulelabel", Text, Field::RuleName, kPercent | kSpare},
    {"apprulelabel", "apprulelabel", Text, Field::RuleName, kPercent | kSpare},
    {"trigdlprulename", "trig_dlprulename", Text, Field::RuleName, kSpare},
    {"contenttype", "contenttype", Text, Field::HttpResponseMimeType},
    {"transactionsize totalsize", "totalsize"},
    {"clienttranstime ctime", "ctime"},
    {"servertranstime stime", "stime"},
    {"dlpengine dlpeng", "dlpeng"},
    {"dlpdictionaries dlpdict zscalernssweblogdlpdictionaries", "dlpdict"},
    {"urlclass zscalernssweblogurlclass", "urlclass"},
    {"appriskscore", "app_risk_score"},
    {"fwdtype forwardtype", "fwd_type"},
    {"fwdgwname forwardgatewayname", "fwd_gw_name", Extra, Field::Count, kPercent},
    {"fwdgwip forwardgatewayip", "fwd_gw_ip"},
    {"reqhdrsize reqheadersize", "reqhdrsize"},
    {"resphdrsize respheadersize", "resphdrsize"},
    {"refererhost", "refererhost", Extra, Field::Count, kPercent},
    {"refererpath", "refererpath", Extra, Field::Count, kPercent},
    {"uaclass useragentclass", "uaclass"},
    {"uatoken useragenttoken", "ua_token"},
    {"mobappname", "mobappname", Extra, Field::Count, kPercent},
    {"mobappcat mobappcategory", "mobappcat"},
    {"bwclassname bandwidthclassname", "bwclassname"},
    {"bwrulename bandwidthrulename", "bwrulename"},
    {"alpnprotocol applayerprotocol", "alpnprotocol"},
    {"externalspr externalsslpolicyreason", "externalspr"},
    {"clientsslcipher cltsslcipher", "clientsslcipher"},
    {"clienttlsversion clttlsversion", "clienttlsversion"},
    {"clientsslsessreuse cltsslsessreuse", "clientsslsessreuse"},
    {"bypassedtraffic", "bypassed_traffic"},
    {"bypassedetime bypassedtime", "bypassed_etime"},
    {"nsssvcip nssserviceip", "nsssvcip"},
    {"userlocationname", "userlocationname", Extra, Field::Count, kPercent},
    {"deviceeventclassid", "action", Text, Field::EventAction, kSpare},
    {"name", "reason", Text, Field::EventReason, kPercent | kSpare},
};

constexpr TokenRow kFirewall[] = {
    {"action act", "action", Action, Field::EventAction},
    {"csip cltsip src srcip sourceip clientip", "csip", Ip, Field::SourceIp},
    {"csport cltsport spt sourceport srcport", "csport", Port, Field::SourcePort},
    {"cdip srvdip dst dstip destinationip destip serverip", "cdip", Ip, Field::DestinationIp},
    {"cdport srvdport dpt destinationport dstport", "cdport", Port, Field::DestinationPort},
    {"ssip devicetranslatedaddress", "ssip", Ip, Field::SourceNatIp},
    {"ssport devicetranslatedport", "ssport"},
    {"sdip destinationtranslatedaddress", "sdip", Ip, Field::DestinationNatIp},
    {"sdport destinationtranslatedport", "sdport"},
    {"tsip sourcetranslatedaddress", "tsip"},
    {"tunsport tsport sourcetranslatedport", "tsport"},
    {"proto ipproto protocol", "ipproto", Text, Field::NetworkTransport},
    {"tuntype ttype tunneltype", "ttype"},
    {"rulelabel rule reason rulename", "rulelabel", Text, Field::RuleName, kPercent},
    {"ipsrulelabel", "ipsrulelabel", Text, Field::RuleName, kPercent | kSpare},
    {"inbytes in dstbytes receivedbytes recvbytes bytesin bytesreceived", "inbytes", Integer, Field::DestinationBytes},
    {"outbytes out srcbytes sentbytes bytesout bytessent", "outbytes", Integer, Field::SourceBytes},
    {"nwsvc nwservice networkservice", "nwsvc", Text, Field::NetworkProtocol},
    {"nwapp networkapplication", "nwapp", Text, Field::NetworkApplication},
    {"threatcat threatcategory cat", "threatcat", Text, Field::ThreatCategory},
    {"deviceeventclassid", "action", Text, Field::EventAction, kSpare},
    {"name", "rulelabel", Text, Field::RuleName, kPercent | kSpare},
    {"threatname", "threatname", Text, Field::ThreatName, kPercent},
    {"threatseverity", "threat_severity", Text, Field::EventSeverity},
    {"threatscore", "threat_score", Integer, Field::RiskScore},
    {"ipcat", "ipcat", Text, Field::UrlCategory},
    {"cdfqdn cltdomain", "cdfqdn", Name, Field::DestinationDomain},
    {"aggregate aggregated", "aggregate"},
    {"srcipcountry", "srcip_country"},
    {"bypassetime bypasstime", "bypass_etime"},
    {"fwdgwname forwardgatewayname", "fwd_gw_name", Extra, Field::Count, kPercent},
};

constexpr TokenRow kDns[] = {
    {"reqaction action act", "reqaction", Action, Field::EventAction},
    {"resaction", "resaction", Verdict, Field::EventAction},
    {"reqrulelabel rulelabel", "reqrulelabel", Text, Field::RuleName, kPercent},
    {"resrulelabel", "resrulelabel", Text, Field::RuleName, kPercent | kSpare},
    {"dnsreqtype reqtype querytype recordtype", "reqtype", Text, Field::DnsQuestionType},
    {"dnsreq req query domain", "req", Text, Field::DnsQuestionName},
    {"dnsresp res answer", "res", Answer, Field::DnsResolvedIp},
    {"error", "error", Text, Field::DnsResponseCode},
    {"srvdport sport dpt", "sport", Port, Field::DestinationPort},
    {"cltsip cip src srcip clientip sourceip", "cip", Ip, Field::SourceIp},
    {"srvdip sip dst dstip serverip destinationip", "sip", Ip, Field::DestinationIp},
    {"category domcat cat", "domcat", Text, Field::UrlCategory},
    {"protocol", "protocol", Text, Field::NetworkTransport},
    {"istcp", "istcp", IsTcp, Field::NetworkTransport, kSpare},
    {"dnsapp", "dnsapp", Text, Field::NetworkApplication},
    {"respipcat respipcategory", "respipcat"},
    {"dnsgwslot dnsgatewayrule", "dnsgw_slot"},
    {"dnsgwflags dnsgatewaystatus", "dnsgw_flags"},
    {"dnsgwsrvproto dnsgatewayserverprotocol", "dnsgw_srv_proto"},
    {"suid deviceowner", "deviceowner"},
    {"dvchost", "devicehostname", Text, Field::HostHostname},
};

using Index = std::unordered_map<std::string, const TokenRow *>;

Index indexOf(std::span<const TokenRow> rows)
{
    Index index;
    for (const TokenRow &row : rows) {
        for (const std::string_view key : split(row.keys, ' ')) {
            index.emplace(key, &row);
        }
        index.emplace(normalKey(row.token), &row);
    }
    return index;
}

struct TypeIndex {
    std::string_view type;
    Index index;
};

const Index *indexFor(std::string_view logType, std::string_view subtype)
{
    static const std::array<TypeIndex, 10> kTypes{{{"web", indexOf(kWeb)},
                                                   {"firewall", indexOf(kFirewall)},
                                                   {"dns", indexOf(kDns)},
                                                   {"alert", indexOf(alertTokens())},
                                                   {"tunnel", indexOf(tunnelTokens())},
                                                   {"audit", indexOf(auditTokens())},
                                                   {"sandbox", indexOf(sandboxTokens())},
                                                   {"casb", indexOf(casbTokens())},
                                                   {"endpoint-dlp", indexOf(endpointDlpTokens())},
                                                   {"email-dlp", indexOf(emailDlpTokens())}}};
    static const std::array<TypeIndex, 4> kConnectors{{{"dns", indexOf(connectorTokens("dns"))},
                                                       {"session", indexOf(connectorTokens("session"))},
                                                       {"event", indexOf(connectorTokens("event"))},
                                                       {"metrics", indexOf(connectorTokens("metrics"))}}};
    static const Index kZpaIndex = indexOf(zpaTokens());
    if (logType == "connector") {
        for (const TypeIndex &kind : kConnectors) {
            if (kind.type == subtype) {
                return &kind.index;
            }
        }
        return &kConnectors.front().index;
    }
    for (const TypeIndex &type : kTypes) {
        if (type.type == logType) {
            return &type.index;
        }
    }
    return logType.starts_with("zpa-") ? &kZpaIndex : nullptr;
}

const TokenRow *findPlain(const Index *own, const std::string &key)
{
    static const Index kShared = indexOf(sharedTokens());
    if (own != nullptr) {
        if (const auto found = own->find(key); found != own->end()) {
            return found->second;
        }
    }
    const auto found = kShared.find(key);
    return found != kShared.end() ? found->second : nullptr;
}

} // namespace

std::span<const TokenRow> webTokens()
{
    return kWeb;
}
std::span<const TokenRow> firewallTokens()
{
    return kFirewall;
}
std::span<const TokenRow> dnsTokens()
{
    return kDns;
}

std::string normalKey(std::string_view key)
{
    std::string out;
    out.reserve(key.size());
    for (const char c : key) {
        if (c != '_' && c != '-' && c != ' ' && c != '.') {
            out += asciiLower(c);
        }
    }
    return out;
}

TokenMatch findToken(std::string_view logType, std::string_view key, std::string_view subtype)
{
    const std::string normal = normalKey(key);
    const Index *own = indexFor(logType, subtype);
    if (const TokenRow *row = findPlain(own, normal)) {
        return {row, false};
    }
    if (normal.starts_with("b64")) {
        return {findPlain(own, normal.substr(3)), true};
    }
    if (normal.starts_with('e')) {
        const TokenRow *row = findPlain(own, normal.substr(1));
        if (row != nullptr && (row->flags & kPercent) != 0) {
            return {row, false};
        }
    }
    return {};
}

bool isKnownKey(std::string_view key)
{
    for (const std::string_view type :
         {"web", "firewall", "dns", "casb", "endpoint-dlp", "email-dlp", "tunnel", "audit", "zpa-audit", "sandbox"}) {
        if (findToken(type, key).row != nullptr) {
            return true;
        }
    }
    return false;
}

} // namespace nightjar::logs
