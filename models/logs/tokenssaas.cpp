// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/tokens.h"

namespace nightjar::logs {

namespace {

using enum Use;
using event::Field;

// SaaS security (CASB), all sub-types; the paths of the nested "v1" templates without their dots.
constexpr TokenRow kCasb[] = {
    {"owner user username login suser", "owner", User, Field::UserName, kPercent},
    {"internalusername", "internal_user_name", User, Field::UserName, kSpare},
    {"department dept departmentname", "department", Text, Field::UserDepartment, kPercent},
    {"policy act action", "policy", Action, Field::EventAction},
    {"acttypename activitytypename activitytype", "act_type_name", Text, Field::EventAction, kSpare},
    {"rulelabel name", "rulelabel", Text, Field::RuleName, kPercent},
    {"applicationname appname", "applicationname", Text, Field::NetworkApplication},
    {"deviceeventclassid", "applicationname", Text, Field::NetworkApplication, kSpare},
    {"threatname threatindicatorname", "threatname", Text, Field::ThreatName, kPercent},
    {"malware threatmalware", "malware", Text, Field::ThreatName, kSpare},
    {"malwareclass threatmalwareclass", "malwareclass", Text, Field::ThreatCategory},
    {"severity agentseverity", "severity", Text, Field::EventSeverity},
    {"fullurl request filefullurl", "fullurl", Url, Field::UrlOriginal, kPercent},
    {"suburl filesuburl", "suburl", Extra, Field::Count, kPercent},
    {"hostname dhost", "hostname", Host, Field::DestinationDomain, kPercent},
    {"srcip src", "src_ip", Ip, Field::SourceIp},
    {"filename fname attchcomponentfilenames emailattachmentsfilenames", "filename", TextList, Field::FileName,
     kPercent},
    {"objectname", "objectname", Text, Field::FileName, kPercent | kSpare},
    {"filemd5 filehash filehashmd5 attchcomponentmd5s emailattachmentsmd5s", "filemd5", TextList, Field::FileHashMd5},
    {"sha filesha filehashsha256", "sha", TextList, Field::FileHashSha256},
    {"filetypename filetype fileextension attchcomponentfiletypes emailattachmentsfiletypes", "filetypename", TextList,
     Field::FileType},
    {"filetypecategory", "filetypecategory", Text, Field::FileType, kSpare},
    {"recordid deviceexternalid", "recordid", Id, Field::EventId},
    {"eventtime lastmodtime epochlastmodtime fileepochlastmodtime filemodificationtime filelastmodifiedtime "
     "filemsgmodtime",
     "lastmodtime"},
    {"emailreceivedtime repochtime", "repochtime"},
    {"datacenter datacentername", "datacenter"},
    {"company companyname", "company"},
    {"dlpdictnames dlpdictionaries", "dlpdictnames"},
    {"dlpdictcount dlpdictcounts dlpdicthitcount dlpdictcnts", "dlpdictcount"},
    {"dlpenginenames dlpengine dlpengnames", "dlpenginenames"},
    {"extownername externalownername externalowner externalowner fileowner", "extownername"},
    {"msgid messageid filemsgid", "msgid"},
    {"anyincident isincident", "any_incident"},
    {"isadminact isadmin", "is_admin_act"},
    {"objnames1 objectname1 objectnames", "objnames1"},
    {"objnames2 objectname2 objectsubnames", "objnames2"},
    {"objtypename1 objecttypename1", "objtypename1"},
    {"objtypename2 objecttypename2 objectsubtype", "objtypename2"},
    {"actcnt activitycount eventcount", "act_cnt"},
};

constexpr TokenRow kEndpointDlp[] = {
    {"actiontaken act action", "actiontaken", Action, Field::EventAction},
    {"user suser login", "user", User, Field::UserName, kPercent},
    {"department dept", "department", Text, Field::UserDepartment, kPercent},
    {"severity agentseverity", "severity", Text, Field::EventSeverity},
    {"triggeredrulelabel triggeredrule rulename rulelabel", "triggeredrulelabel", Text, Field::RuleName, kPercent},
    {"channel", "channel", Text, Field::NetworkApplication},
    {"confirmjust confirmjustification", "confirmjust", Text, Field::EventReason, kPercent},
    {"itemname", "itemname", Text, Field::FileName, kPercent},
    {"filemd5 filehash", "filemd5", TextList, Field::FileHashMd5},
    {"filesha", "filesha", TextList, Field::FileHashSha256},
    {"filetypename filetype", "filetypename", Text, Field::FileType},
    {"filesrcpath filepath", "filesrcpath", Extra, Field::Count, kPercent},
    {"filedstpath", "filedstpath", Extra, Field::Count, kPercent},
    {"recordid externalid", "recordid", Id, Field::EventId},
    {"eventtime", "eventtime", Time, Field::Count, kSpare},
    {"rtime feedtime", "rtime", Time, Field::Count, kSpare},
    {"dlpengnames dlpengine dlpenginenames", "dlpengnames"},
    {"dlpdictnames dlpdictionaries", "dlpdictnames"},
    {"dlpcounts dlpdicthitcount dlpdictcount", "dlpcounts"},
    {"numdlpengids numdlpengine numdlpengineids", "numdlpengids"},
    {"numdlpdictids numdlpdict", "numdlpdictids"},
    {"srctype sourceservicename", "srctype"},
    {"addinfo additionalinfo", "addinfo"},
    {"logtype deviceeventclassid", "logtype"},
};

constexpr TokenRow kEmailDlp[] = {
    {"actions action act", "actions", Action, Field::EventAction},
    {"username user", "username", User, Field::UserName, kPercent},
    {"owner", "owner", User, Field::UserName, kPercent | kSpare},
    {"sender", "sender", User, Field::UserName, kPercent | kSpare},
    {"department departmentname dept", "departmentname", Text, Field::UserDepartment, kPercent},
    {"rulelabels rulelabel", "rulelabels", Text, Field::RuleName, kPercent},
    {"severity", "severity", Text, Field::EventSeverity},
    {"appname applicationname", "appname", Text, Field::NetworkApplication},
    {"acnames filenames emailattachmentsfilenames", "ac_names", TextList, Field::FileName, kPercent},
    {"acmd5s md5s emailattachmentsmd5s", "ac_md5s", TextList, Field::FileHashMd5},
    {"acfiletypes filetypes emailattachmentsfiletypes", "ac_filetypes", TextList, Field::FileType},
    {"recordid", "recordid", Id, Field::EventId},
    {"time datetime", "time", Time},
    {"mailsenttime emailmailsenttime", "mail_sent_time", Time, Field::Count, kSpare},
    {"rtime feedtime", "rtime", Time, Field::Count, kSpare},
    {"epochmailsenttime emailmailsentepoch", "epochmail_sent_time"},
    {"extusername externalusername", "extusername"},
    {"msgid messageid emailmessageid", "msgid"},
    {"subject emailsubject", "subject", Extra, Field::Count, kPercent},
    {"triggrcpts triggeredrecipients emailtriggeredrecipients", "trigg_rcpts"},
    {"otherrcpts otherrecipients emailotherrecipients", "other_rcpts"},
    {"triggrcptdoms triggeredrecipientsdomains emailtriggeredrecipientdomains", "trigg_rcpt_doms"},
    {"otherrcptdoms otherrecipientsdomains emailotherrecipientdomains", "other_rcpt_doms"},
    {"dlpdictnames dlpdictionaries", "dlpdictnames"},
    {"dlpdictcnts dlpdictcounts dlpdicthitcount", "dlpdictcnts"},
    {"dlpengnames dlpenginenames dlpengine", "dlpengnames"},
    {"datacenter datacentername", "datacenter"},
    {"company companyname", "company"},
};

// Cloud and Branch Connector: DNS, and what the other products share with it.
constexpr TokenRow kConnector[] = {
    {"reqaction act", "req_action", Action, Field::EventAction},
    {"resaction", "res_action", Verdict, Field::EventAction},
    {"cltip src", "clt_ip", Ip, Field::SourceIp},
    {"resolver dst", "resolver", Ip, Field::DestinationIp},
    {"srvport dpt", "srv_port", Port, Field::DestinationPort},
    {"outbytes out", "outbytes", Integer, Field::SourceBytes},
    {"inbytes in", "inbytes", Integer, Field::DestinationBytes},
    {"domstr destinationdnsdomain", "dom_str", Name, Field::DnsQuestionName},
    {"reqtype name", "req_type", Text, Field::DnsQuestionType},
    {"respvalstr", "resp_val_str", Answer, Field::DnsResolvedIp},
    {"dnserr", "dns_err", Text, Field::DnsResponseCode},
    {"reqrulename deviceeventclassid", "req_rulename", Text, Field::RuleName, kPercent},
    {"resrulename", "res_rulename", Text, Field::RuleName, kPercent | kSpare},
    {"protocol proto", "protocol", Text, Field::NetworkTransport},
    {"location", "location", Text, Field::LocationName, kPercent},
    {"dvchost", "name", Text, Field::HostHostname},
    {"recordid deviceexternalid", "recordid", Id, Field::EventId},
    {"time rt", "time", Time},
    {"end eventtime", "eventtime", Time, Field::Count, kSpare},
    {"rtime", "rtime", Time, Field::Count, kSpare},
    {"cnt numresp", "num_resp"},
};

constexpr TokenRow kConnectorSession[] = {
    {"nwservice act deviceeventclassid", "nw_service", Text, Field::NetworkProtocol},
    {"cltsrcip src", "clt_src_ip", Ip, Field::SourceIp},
    {"cltsrcport spt", "clt_src_port", Port, Field::SourcePort},
    {"cltdstip dst", "clt_dst_ip", Ip, Field::DestinationIp},
    {"cltdstport dpt", "clt_dst_port", Port, Field::DestinationPort},
    {"cltdstname dhost", "clt_dst_name", Host, Field::DestinationDomain},
    {"clttxbytes in inbytes", "clt_tx_bytes", Integer, Field::SourceBytes},
    {"cltrxbytes out outbytes", "clt_rx_bytes", Integer, Field::DestinationBytes},
    {"cltnwprotocol proto", "clt_nw_protocol", Text, Field::NetworkTransport},
    {"zpaappseg app", "zpa_appseg", Text, Field::NetworkApplication},
    {"rdrrulename", "rdrrulename", Text, Field::RuleName},
    {"traffictype name", "traffic_type"},
    {"numsess cnt", "num_sess"},
    {"dvchost", "name", Text, Field::HostHostname},
    {"end eventtime", "eventtime", Time, Field::Count, kSpare},
};

constexpr TokenRow kConnectorEvent[] = {
    {"eventname deviceeventclassid", "event_name", Action, Field::EventAction},
    {"category act name", "category"},
    {"severity cat", "severity", Text, Field::EventSeverity},
    {"dvchost", "name", Text, Field::HostHostname},
    {"time flexdate1", "time", Time},
    {"rtime rt", "rtime", Time, Field::Count, kSpare},
    {"eventtime", "eventtime", Time, Field::Count, kSpare},
    {"errorcode devicecustomstring6", "error_code"},
};

constexpr TokenRow kConnectorMetrics[] = {
    {"recordid deviceexternalid", "recordid", Id, Field::EventId},
    {"resourcename cat", "resourcename"},
    {"deviceeventclassid", "event_name"},
    {"time", "time", Time},
    {"rtime rt", "rtime", Time, Field::Count, kSpare},
    {"eventtime", "eventtime", Time, Field::Count, kSpare},
    {"vmname", "vm_name", Text, Field::HostHostname},
};

} // namespace

std::span<const TokenRow> casbTokens()
{
    return kCasb;
}
std::span<const TokenRow> endpointDlpTokens()
{
    return kEndpointDlp;
}
std::span<const TokenRow> emailDlpTokens()
{
    return kEmailDlp;
}
std::span<const TokenRow> connectorTokens(std::string_view subtype)
{
    if (subtype == "session") {
        return kConnectorSession;
    }
    if (subtype == "event") {
        return kConnectorEvent;
    }
    return subtype == "metrics" ? std::span<const TokenRow>(kConnectorMetrics) : std::span<const TokenRow>(kConnector);
}

} // namespace nightjar::logs
