// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/tokens.h"

namespace nightjar::logs {

namespace {

using enum Use;
using event::Field;

// One table for all ZPA types: their names do not contradict each other (facts/zscaler-logs.md §6).
constexpr TokenRow kZpa[] = {
    {"logtimestamp modifiedtime creationtime", "logtimestamp", Time},
    {"username user modifiedbyuser nameid userid", "username", User, Field::UserName, kPercent},
    {"clientpublicip publicip sourceip", "clientpublicip", Ip, Field::SourceIp},
    {"clientprivateip privateip", "clientprivateip"},
    {"clientpublicport clientport sourceports", "clientpublicport", Port, Field::SourcePort},
    {"serverip destinationip", "serverip", Ip, Field::DestinationIp},
    {"serverport applicationport destinationport", "serverport", Port, Field::DestinationPort},
    {"connectorip", "connectorip", Ip, Field::DestinationNatIp, kSpare},
    {"host", "host", Host, Field::DestinationDomain},
    {"domain", "domain", Host, Field::DestinationDomain, kSpare},
    {"hostname agentname", "hostname", Text, Field::HostHostname},
    {"application appname", "application", Text, Field::NetworkApplication},
    {"policy", "policy", Id, Field::RuleName},
    {"policyname", "policyname", Text, Field::RuleName},
    {"connectionstatus sessionstatus auditoperationtype enforcementaction", "connectionstatus", Action,
     Field::EventAction},
    {"internalreason connectionreason enforcementreason", "internalreason", Text, Field::EventReason},
    {"ipprotocol", "ipprotocol", IpProtocol, Field::NetworkTransport},
    {"protocol", "protocol", IpProtocol, Field::NetworkProtocol},
    {"zenbytesrxclient requestsize", "zenbytesrxclient", Integer, Field::SourceBytes},
    {"zenbytestxclient responsesize", "zenbytestxclient", Integer, Field::DestinationBytes},
    {"method", "method", Text, Field::HttpRequestMethod},
    {"url", "url", Url, Field::UrlOriginal},
    {"useragent", "useragent", Text, Field::UserAgentOriginal},
    {"statuscode", "statuscode", Integer, Field::HttpResponseStatusCode},
    {"auditnewvalueremoteip", "remoteip", Ip, Field::SourceIp},
    {"auditnewvalue", "auditnewvalue", AuditValue, Field::SourceIp},
};

} // namespace

std::span<const TokenRow> zpaTokens()
{
    return kZpa;
}

} // namespace nightjar::logs
