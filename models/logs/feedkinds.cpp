// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedkinds.h"

#include "logs/normalise.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace nightjar::logs {

namespace {

struct KindRow {
    FeedKind kind;
    std::string_view fields; ///< blank-separated
};

// The vendor's token names, by what their values look like. Names that are not here are text.
constexpr KindRow kKinds[] = {
    {FeedKind::Ip, "cip csip sip cdip ssip sdip tsip cintip cpubip sourceip destvip clientip src_ip srcip fwd_gw_ip "
                   "nsssvcip ecs_prefix resolver clt_src_ip clt_dst_ip srv_dst_ip srv_src_ip gw_dst_ip zia_src_ip "
                   "Deviceip ClientPublicIP ClientPrivateIP ConnectorIP ServerIP PublicIP PrivateIP ClientPublicIp "
                   "ClientPrivateIp DefRouteGW SourceIP DestinationIP"},
    {FeedKind::Ctime, "time datetime rtime bypass_etime bypassed_etime eventtime lastmodtime file_msg_mod_time "
                      "inteventtime abstime mail_sent_time zs_rcv_time zs_sent_time filecreatetime"},
    {FeedKind::MonthName, "mon Monthname rmon"},
    {FeedKind::DayName, "day rday"},
    {FeedKind::Integer, "epochtime cdport csport sdport ssport tsport sport srcport dstport clt_sport srv_dport "
                        "recordid reqsize respsize totalsize inbytes outbytes duration durationms avgduration "
                        "numsessions stime ctime riskscore threat_score reqdatasize reqhdrsize respdatasize "
                        "resphdrsize ss mm hh dd mth yy yyyy Dayofmonth Hour Minutes Seconds syslogid"},
    {FeedKind::Word, "tz reqmethod respcode proto ipproto dnat stateful aggregate eedone bwthrottle ssldecrypted "
                     "is_src_cntry_risky is_dst_cntry_risky bamd5 dlpmd5 filemd5 sha256 filesha istcp "
                     "ips_custom_signature bypassed_session bypassed_traffic datacentercountry clienttlsversion "
                     "srvtlsversion reqversion respversion ztunnelversion app_risk_score filesubtype "
                     "upload_filesubtype reqtype ConnectionStatus SessionStatus SessionType Method StatusCode"},
    {FeedKind::Host, "host hostname req cdfqdn refererhost df_hostname df_hosthead clt_dst_name"},
    {FeedKind::Url, "url referer fullurl urlpath refererpath URL"},
    {FeedKind::Agent, "ua UserAgent"},
    {FeedKind::User, "login user username owner adminid vpncredentialname sender external_owner Username NameID "
                     "ModifiedByUser"},
    {FeedKind::Enum, "action reqaction resaction policy result errorcode category subcategory interface auditlogtype "
                     "threatseverity threat_severity severity nwsvc nwapp urlclass urlsupercat malwarecat malwareclass "
                     "fileclass filetype ttype tunneltype tunnelactionname event eventreason destcountry "
                     "srcip_country dstip_country fwd_type flow_type deviceostype devicetype authtype algo "
                     "authentication tunnelprotocol protocol app_status unscannabletype contenttype channel "
                     "actiontaken urlcatmethod externalspr keyprotectiontype trafficredirectmethod ruletype "
                     "applicationname collabscope component InternalReason Policy"},
    {FeedKind::Json, "preaction postaction AuditOldValue AuditNewValue"},
    {FeedKind::Text, "dept department departmentname location locationname userlocationname filename upload_filename "
                     "mobappname threatname urlcat rulelabel urlfilterrulelabel apprulelabel ipsrulelabel reqrulelabel "
                     "resrulelabel dlprulename rdr_rulename fwd_gw_name zpa_app_seg_name devicename devicehostname "
                     "deviceowner devicemodel objectname filepath resource reason appname res dlpeng dlpdict "
                     "bwclassname bwrulename other_dlprulenames all_dlprulenames internal_collabnames "
                     "external_collabnames tenant fileid bucketname bucketowner reponame projectname channel_name "
                     "msgid extownername collabnames dlpdictnames dlpenginenames"},
};

struct FieldHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
using KindIndex = std::unordered_map<std::string_view, FeedKind, FieldHash, std::equal_to<>>;

const KindIndex &kinds()
{
    static const KindIndex kIndex = [] {
        KindIndex index;
        for (const KindRow &row : kKinds) {
            for (const std::string_view field : split(row.fields, ' ')) {
                index.emplace(field, row.kind);
            }
        }
        return index;
    }();
    return kIndex;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isHexDigit(char c)
{
    return isDigit(c) || (asciiLower(c) >= 'a' && asciiLower(c) <= 'f');
}
bool all(std::string_view text, bool (*test)(char))
{
    return std::all_of(text.begin(), text.end(), test);
}

FeedKind kindOfModifier(const std::string &modifier)
{
    if (modifier == "time") {
        return FeedKind::Ctime;
    }
    if (modifier == "iso8601") {
        return FeedKind::IsoTime;
    }
    if (modifier == "mon") {
        return FeedKind::MonthName;
    }
    return modifier == "day" ? FeedKind::DayName : FeedKind::Integer;
}

bool isDateField(std::string_view field)
{
    static constexpr std::array<std::string_view, 17> kParts = {
        "ss",        "mm",        "hh",         "dd",   "mth",     "mon",     "yy", "yyyy", "day",
        "epochtime", "Monthname", "Dayofmonth", "Hour", "Minutes", "Seconds", "tz", "time"};
    return std::find(kParts.begin(), kParts.end(), field) != kParts.end();
}

/// "hh:mm:ss", the hour with one digit or two; its length, 0 when it is none.
std::size_t clockLength(std::string_view text)
{
    std::size_t at = 0;
    for (int part = 0; part < 3; ++part) {
        if (part > 0 && (at >= text.size() || text[at++] != ':')) {
            return 0;
        }
        const std::size_t start = at;
        while (at < text.size() && at < start + 2 && isDigit(text[at])) {
            ++at;
        }
        if (at == start) {
            return 0;
        }
    }
    return at;
}

/// Length of a ctime at the start of `text`, 0 when there is none.
std::size_t ctimeLength(std::string_view text)
{
    if (text.size() < 20 || !all(text.substr(0, 3), isLetter) || text[3] != ' ' || !all(text.substr(4, 3), isLetter)) {
        return 0;
    }
    std::size_t at = 7;
    while (at < text.size() && text[at] == ' ') {
        ++at;
    }
    const std::size_t day = at;
    while (at < text.size() && isDigit(text[at])) {
        ++at;
    }
    if (day == 7 || at == day || at > day + 2 || at >= text.size() || text[at] != ' ') {
        return 0;
    }
    const std::size_t clock = clockLength(text.substr(++at));
    at += clock;
    if (clock == 0 || at >= text.size() || text[at] != ' ') {
        return 0;
    }
    const std::size_t year = ++at;
    while (at < text.size() && at < year + 4 && isDigit(text[at])) {
        ++at;
    }
    return at == year + 4 ? at : 0;
}

std::size_t spanOf(std::string_view text, bool (*test)(char))
{
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), test) - text.begin());
}

bool isIpCharacter(char c)
{
    return isHexDigit(c) || c == '.' || c == ':' || c == '/' || c == '%';
}
bool isIsoCharacter(char c)
{
    return isDigit(c) || c == '-' || c == ':' || c == '.' || c == 'T' || c == 'Z' || c == '+';
}
bool isDecimalCharacter(char c)
{
    return isDigit(c) || c == '.' || c == '-' || c == '+' || c == 'e';
}
bool isHostCharacter(char c)
{
    return static_cast<unsigned char>(c) > 0x20 && c != ',' && c != '"' && c != '|' && c != '=' && c != ';' &&
           c != '/' && c != '<' && c != '>' && c != '\\' && c != '^';
}
bool isWordCharacter(char c)
{
    return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == '+' || c == ':';
}

bool isPlaceholder(std::string_view value)
{
    return saysNothing(value);
}

bool isInteger(std::string_view value)
{
    if (!value.empty() && value.front() == ' ' && value.size() <= 20) {
        value = trim(value); // "%2d" pads with blanks
    }
    const std::string_view digits = value.starts_with('-') ? value.substr(1) : value;
    return !digits.empty() && digits.size() <= 20 && all(digits, isDigit);
}

bool holds(FeedKind kind, std::string_view value)
{
    switch (kind) {
    case FeedKind::Integer:
        return isInteger(value);
    case FeedKind::Decimal:
        return value.size() <= 40 && all(value, isDecimalCharacter);
    case FeedKind::Hex:
        return value.size() <= 34 && all(value.starts_with("0x") ? value.substr(2) : value, isHexDigit);
    case FeedKind::Ip:
        return value.size() <= 64 && all(value, isIpCharacter) && value.find_first_of(".:") != std::string_view::npos;
    case FeedKind::Ctime:
        return ctimeLength(value) == value.size() ||
               (value.size() >= 10 && value.size() <= 40 && all(value, isIsoCharacter));
    case FeedKind::IsoTime:
        return value.size() >= 10 && value.size() <= 40 && all(value, isIsoCharacter);
    case FeedKind::MonthName:
        return value.size() == 3 && monthNumber(value) != 0;
    case FeedKind::DayName:
        return value.size() == 3 && all(value, isLetter);
    case FeedKind::Word:
        return value.size() <= 128 && all(value, isWordCharacter);
    case FeedKind::Host:
        return value.size() <= 300 && all(value, isHostCharacter);
    case FeedKind::Url:
        return std::none_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
    case FeedKind::Enum:
        return value.size() <= 96 && value.find_first_of("\"\t\n{}") == std::string_view::npos;
    default:
        return true;
    }
}

} // namespace

std::string_view kindName(FeedKind kind)
{
    static constexpr std::array<std::string_view, 16> kNames = {
        "integer", "decimal", "hex", "ip",         "time", "iso time", "month", "weekday",
        "word",    "host",    "url", "user agent", "user", "enum",     "json",  "text"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string_view encodingName(FeedEncoding encoding)
{
    static constexpr std::array<std::string_view, 6> kNames = {"plain",      "percent",     "base64",
                                                               "obfuscated", "json string", "json escaped"};
    return kNames[static_cast<std::size_t>(encoding)];
}

FeedMeaning meaningOf(const FeedSpecifier &token)
{
    FeedMeaning meaning;
    meaning.field = token.name;
    const std::string_view name = token.name;
    auto found = kinds().find(name);
    if (found == kinds().end() && name.starts_with("b64") && name.size() > 3) {
        meaning.field = std::string(name.substr(3));
        meaning.encoding = FeedEncoding::Base64;
        found = kinds().find(name.substr(3));
    } else if (found == kinds().end() && name.size() > 1 && (name[0] == 'e' || name[0] == 'o')) {
        found = kinds().find(name.substr(1));
        if (found != kinds().end()) {
            meaning.field = std::string(name.substr(1));
            meaning.encoding = name[0] == 'e' ? FeedEncoding::Percent : FeedEncoding::Obfuscated;
        }
    }
    meaning.known = found != kinds().end();
    meaning.kind = meaning.known ? found->second : FeedKind::Text;
    if (meaning.encoding == FeedEncoding::Obfuscated) {
        meaning.field = token.name; // never taken for the clear value
        meaning.kind = FeedKind::Word;
    } else if (meaning.encoding == FeedEncoding::Base64) {
        meaning.kind = FeedKind::Word;
    }
    const bool number = token.conversion == 'd' || token.conversion == 'u';
    if (!token.modifier.empty()) {
        meaning.kind = kindOfModifier(token.modifier);
        meaning.date = true;
    } else if (number) {
        meaning.kind = FeedKind::Integer;
    } else if (token.conversion == 'f') {
        meaning.kind = FeedKind::Decimal;
    } else if (token.conversion == 'x') {
        meaning.kind = FeedKind::Hex;
    } else if (meaning.kind == FeedKind::Integer && !isDateField(meaning.field)) {
        meaning.kind = FeedKind::Word; // "%s{respsize}": printed as text, a number or a placeholder
    }
    if (token.conversion == 'j') {
        meaning.encoding = FeedEncoding::JsonQuoted;
    } else if (token.conversion == 'J') {
        meaning.encoding = FeedEncoding::JsonEscaped;
    } else if (token.conversion == 'o') {
        meaning.encoding = FeedEncoding::Obfuscated;
    }
    meaning.date = meaning.date || isDateField(meaning.field);
    return meaning;
}

FeedFit fits(FeedKind kind, std::string_view value)
{
    if (value.empty()) {
        return kind == FeedKind::MonthName || kind == FeedKind::DayName ? FeedFit::No : FeedFit::Placeholder;
    }
    if (holds(kind, value)) {
        return FeedFit::Yes;
    }
    if (kind == FeedKind::MonthName || kind == FeedKind::DayName) {
        return FeedFit::No;
    }
    return isPlaceholder(value) ? FeedFit::Placeholder : FeedFit::No;
}

bool canHold(FeedKind kind, char c)
{
    switch (kind) {
    case FeedKind::Integer:
    case FeedKind::Decimal:
    case FeedKind::Hex:
    case FeedKind::Word:
        return isWordCharacter(c);
    case FeedKind::Ip:
        return isIpCharacter(c) || isLetter(c);
    case FeedKind::Ctime:
        return isLetter(c) || isDigit(c) || c == ' ' || c == ':';
    case FeedKind::IsoTime:
        return isIsoCharacter(c);
    case FeedKind::MonthName:
    case FeedKind::DayName:
        return isLetter(c);
    case FeedKind::Host:
        return isHostCharacter(c);
    case FeedKind::Url:
        return static_cast<unsigned char>(c) > 0x20;
    case FeedKind::Enum:
        return c != '"' && c != '\t' && c != '\n' && c != '{' && c != '}';
    default:
        return true;
    }
}

std::size_t longestStart(FeedKind kind, std::string_view text)
{
    switch (kind) {
    case FeedKind::Integer: {
        const std::size_t sign = text.starts_with('-') ? 1 : 0;
        return sign + spanOf(text.substr(sign, 20), isDigit);
    }
    case FeedKind::Decimal:
        return spanOf(text.substr(0, 40), isDecimalCharacter);
    case FeedKind::Hex:
        return spanOf(text.substr(0, 34), isHexDigit);
    case FeedKind::Ip:
        return spanOf(text.substr(0, 64), isIpCharacter);
    case FeedKind::Ctime:
        return ctimeLength(text);
    case FeedKind::IsoTime:
        return spanOf(text.substr(0, 40), isIsoCharacter);
    case FeedKind::MonthName:
    case FeedKind::DayName:
        return std::min<std::size_t>(3, spanOf(text.substr(0, 3), isLetter));
    case FeedKind::Word:
        return spanOf(text.substr(0, 128), isWordCharacter);
    case FeedKind::Host:
        return spanOf(text.substr(0, 300), isHostCharacter);
    case FeedKind::Url:
        return spanOf(text, [](char c) { return static_cast<unsigned char>(c) > 0x20; });
    default:
        return text.size();
    }
}

} // namespace nightjar::logs
