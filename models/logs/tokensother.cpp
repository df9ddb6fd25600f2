// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/tokens.h"

namespace nightjar::logs {

namespace {

using enum Use;
using event::Field;

// What every type has.
constexpr TokenRow kShared[] = {
    {"time datetime timegenerated logtimestamp timestamp date eventtime loggedtime modifiedtime creationtime devtime "
     "rt",
     "time", Time},
    {"epochtime epoch start", "epochtime", Epoch},
    {"tz timezone dtz", "tz", Zone},
    {"ss second seconds", "ss", Second},
    {"mm minute minutes", "mm", Minute},
    {"hh hour hours", "hh", Hour},
    {"dd dayofmonth", "dd", Day},
    {"mth monthofyear", "mth", Month},
    {"mon month monthname", "mon", MonthName},
    {"yyyy yy year", "yyyy", Year},
    {"day devtimeformat", "day", Ignore},
    {"user login suser username usrname adminid mailsender nameid userid", "login", User, Field::UserName, kPercent},
    {"department dept role", "dept", Text, Field::UserDepartment, kPercent},
    {"location locationname loc spriv realm", "location", Text, Field::LocationName, kPercent},
    {"devicehostname dvchost", "devicehostname", Text, Field::HostHostname, kPercent},
    {"devicename", "devicename", Extra, Field::Count, kPercent},
    {"deviceowner suid", "deviceowner"},
    {"recordid eventid externalid deviceexternalid", "recordid", Id, Field::EventId},
    {"action act actiontaken auditoperationtype connectionstatus sessionstatus enforcementaction", "action", Action,
     Field::EventAction},
    {"reason internalreason connectionreason", "reason", Text, Field::EventReason},
    {"sourceip clientip srcip clientpublicip publicip src", "sourceip", Ip, Field::SourceIp},
    {"sourceport srcport clientpublicport spt", "sourceport", Port, Field::SourcePort},
    {"destinationip destvip dstip destip serverip dst", "destinationip", Ip, Field::DestinationIp},
    {"destinationport dstport serverport applicationport dpt", "destinationport", Port, Field::DestinationPort},
    {"txbytes responsesize zenbytestxclient", "txbytes", Integer, Field::DestinationBytes},
    {"rxbytes requestsize zenbytesrxclient", "rxbytes", Integer, Field::SourceBytes},
    {"appname applicationname application", "appname", Text, Field::NetworkApplication},
    {"host hostname dhost", "host", Host, Field::DestinationDomain, kPercent},
    {"url fullurl", "url", Url, Field::UrlOriginal, kPercent},
    {"method", "method", Text, Field::HttpRequestMethod},
    {"statuscode", "statuscode", Integer, Field::HttpResponseStatusCode},
    {"useragent", "useragent", Text, Field::UserAgentOriginal, kPercent},
    {"rulelabel triggeredrulelabel policyname rule rulename", "rulelabel", Text, Field::RuleName, kPercent},
    {"threatname", "threatname", Text, Field::ThreatName, kPercent},
    {"severity threatseverity agentseverity", "severity", Text, Field::EventSeverity},
    {"filename itemname fname", "filename", Text, Field::FileName, kPercent},
    {"filemd5 md5 filehash", "filemd5", TextList, Field::FileHashMd5},
    {"filesha sha256 filesha256", "filesha", TextList, Field::FileHashSha256},
};

// The vendor's own alerts about its feeds (plain syslog text).
constexpr TokenRow kAlert[] = {
    {"eventinfo", "eventinfo", Text, Field::EventReason},
    {"deviceip", "deviceip", Ip, Field::SourceIp},
};

constexpr TokenRow kTunnel[] = {
    {"destinationip destvip dst", "destvip", Ip, Field::DestinationIp},
    {"destinationport dstport dpt", "dstport", Port, Field::DestinationPort},
    {"sourceip src", "sourceip", Ip, Field::SourceIp},
    {"sourceport srcport spt", "srcport", Port, Field::SourcePort},
    {"vpncredentialname user suser", "vpncredentialname", User, Field::UserName, kPercent},
    {"location locationname", "locationname", Text, Field::LocationName, kPercent},
    {"event tunnelstatus", "event", Action, Field::EventAction},
    {"eventreason tunnelstatusreason reason", "eventreason", Text, Field::EventReason},
    {"recordtype tunnelactionname deviceeventclassid", "tunnelactionname"},
    {"rxbytes in", "rxbytes", Integer, Field::SourceBytes},
    {"txbytes out", "txbytes", Integer, Field::DestinationBytes},
    {"tunnelprotocol", "tunnelprotocol", Text, Field::NetworkTransport},
    {"protocol proto", "protocol"},
    {"destinationportstart destportstart", "destportstart"},
    {"sourceportstart srcportstart", "srcportstart"},
    {"destinationipend destipend", "destipend"},
    {"destinationipstart destipstart", "destipstart"},
    {"sourceipend srcipend", "srcipend"},
    {"sourceipstart srcipstart", "srcipstart"},
};

constexpr TokenRow kAudit[] = {
    {"action act deviceeventclassid", "action", Action, Field::EventAction},
    {"adminid suser user", "adminid", User, Field::UserName, kPercent},
    {"clientip src sourceip", "clientip", Ip, Field::SourceIp},
    {"errorcode reason", "errorcode", Text, Field::EventReason},
    {"category name", "category"},
    {"interface cat", "interface"},
    {"result outcome", "result"},
    {"auditlogtype sourceservicename", "auditlogtype"},
    {"preaction", "preaction", Extra, Field::Count, kPercent},
    {"postaction", "postaction", Extra, Field::Count, kPercent},
};

// The sandbox report of the API; its full form has one more level in front.
constexpr TokenRow kSandbox[] = {
    {"filepropertiesmd5 fulldetailsfilepropertiesmd5 md5 filemd5", "md5", TextList, Field::FileHashMd5},
    {"filepropertiessha256 fulldetailsfilepropertiessha256 sha256 filesha", "sha256", TextList, Field::FileHashSha256},
    {"filepropertiesfiletype fulldetailsfilepropertiesfiletype filetype", "filetype", Text, Field::FileType},
    {"classificationdetectedmalware fulldetailsclassificationdetectedmalware detectedmalware threatname", "threatname",
     Text, Field::ThreatName},
    {"classificationcategory fulldetailsclassificationcategory category", "category", Text, Field::ThreatCategory},
    {"classificationtype fulldetailsclassificationtype verdict classification", "verdict", Text, Field::EventReason},
    {"classificationscore fulldetailsclassificationscore score", "score", Integer, Field::RiskScore},
    {"summaryurl fulldetailssummaryurl url", "url", Url, Field::UrlOriginal, kPercent},
    {"summarystarttime fulldetailssummarystarttime starttime", "starttime", Epoch},
};

} // namespace

std::span<const TokenRow> sharedTokens()
{
    return kShared;
}
std::span<const TokenRow> alertTokens()
{
    return kAlert;
}
std::span<const TokenRow> tunnelTokens()
{
    return kTunnel;
}
std::span<const TokenRow> auditTokens()
{
    return kAudit;
}
std::span<const TokenRow> sandboxTokens()
{
    return kSandbox;
}

} // namespace nightjar::logs
