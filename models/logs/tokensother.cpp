// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/tokens.h"

namespace nightjar::logs {

namespace {

using enum Use;
using event::Field;

// What every type has, and the main keys of the types that have no table of their own yet.
constexpr TokenRow kShared[] = {
    {"time datetime timegenerated logtimestamp timestamp date eventtime loggedtime modifiedtime creationtime", "time",
     Time},
    {"epochtime epoch", "epochtime", Epoch},
    {"tz timezone", "tz", Zone},
    {"ss second seconds", "ss", Second},
    {"mm minute minutes", "mm", Minute},
    {"hh hour hours", "hh", Hour},
    {"dd dayofmonth", "dd", Day},
    {"mth monthofyear", "mth", Month},
    {"mon month monthname", "mon", MonthName},
    {"yyyy yy year", "yyyy", Year},
    {"day", "day", Ignore},
    {"user login suser username usrname adminid mailsender nameid userid", "login", User, Field::UserName, kPercent},
    {"department dept role", "dept", Text, Field::UserDepartment, kPercent},
    {"location locationname loc spriv realm", "location", Text, Field::LocationName, kPercent},
    {"devicehostname dvchost", "devicehostname", Text, Field::HostHostname, kPercent},
    {"devicename", "devicename", Extra, Field::Count, kPercent},
    {"deviceowner suid", "deviceowner"},
    {"recordid eventid externalid", "recordid", Id, Field::EventId},
    {"action act actiontaken auditoperationtype connectionstatus sessionstatus enforcementaction", "action", Action,
     Field::EventAction},
    {"reason internalreason connectionreason", "reason", Text, Field::EventReason},
    {"sourceip clientip srcip clientpublicip publicip", "sourceip", Ip, Field::SourceIp},
    {"sourceport srcport clientpublicport", "sourceport", Port, Field::SourcePort},
    {"destinationip destvip dstip destip serverip", "destinationip", Ip, Field::DestinationIp},
    {"destinationport dstport serverport applicationport", "destinationport", Port, Field::DestinationPort},
    {"txbytes responsesize zenbytestxclient", "txbytes", Integer, Field::DestinationBytes},
    {"rxbytes requestsize zenbytesrxclient", "rxbytes", Integer, Field::SourceBytes},
    {"appname applicationname application", "appname", Text, Field::NetworkApplication},
    {"host hostname", "host", Host, Field::DestinationDomain},
    {"url fullurl", "url", Url, Field::UrlOriginal},
    {"method", "method", Text, Field::HttpRequestMethod},
    {"statuscode", "statuscode", Integer, Field::HttpResponseStatusCode},
    {"useragent", "useragent", Text, Field::UserAgentOriginal},
    {"rulelabel triggeredrulelabel policyname policy rule rulename", "rulelabel", Text, Field::RuleName, kPercent},
    {"threatname", "threatname", Text, Field::ThreatName, kPercent},
    {"severity threatseverity", "severity", Text, Field::EventSeverity},
    {"filename itemname", "filename", Text, Field::FileName, kPercent},
    {"filemd5 md5", "filemd5", Text, Field::FileHashMd5},
    {"filesha sha256 filesha256", "filesha", Text, Field::FileHashSha256},
};

} // namespace

std::span<const TokenRow> sharedTokens()
{
    return kShared;
}

} // namespace nightjar::logs
