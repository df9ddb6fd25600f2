// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/logtype.h"

#include "logs/tokens.h"

#include "base/text.h"

#include <algorithm>
#include <initializer_list>
#include <unordered_map>

namespace nightjar::logs {

namespace {

constexpr std::string_view kTypes[] = {
    "web",
    "firewall",
    "dns",
    "tunnel",
    "audit",
    "casb",
    "endpoint-dlp",
    "email-dlp",
    "alert",
    "sandbox",
    "connector",
    "unknown",
    "zpa-audit",
    "zpa-user-activity",
    "zpa-user-status",
    "zpa-microseg",
    "zpa-pse-status",
    "zpa-pse-metrics",
    "zpa-pcc-status",
    "zpa-pcc-metrics",
    "zpa-connector-status",
    "zpa-connector-metrics",
    "zpa-browser-access",
    "zpa-app-protection",
};

struct NamedType {
    std::string_view name; ///< lower case, as sourcetype or product
    std::string_view type;
};

constexpr NamedType kProducts[] = {
    {"nssweblog", "web"},
    {"nssfwlog", "firewall"},
    {"nssdnslog", "dns"},
    {"nsstunnellog", "tunnel"},
    {"nssauditlog", "audit"},
    {"fw", "firewall"},
    {"dns", "dns"},
    {"tunnel_sample", "tunnel"},
    {"nssendpointdlplog", "endpoint-dlp"},
    {"nssalert", "alert"},
};

constexpr NamedType kSourcetypes[] = {
    {"zscalernss-web", "web"},
    {"zscalernss-fw", "firewall"},
    {"zscaler-nss-fw", "firewall"},
    {"zscalernss-dns", "dns"},
    {"zscalernss-tunnel", "tunnel"},
    {"zscalernss-audit", "audit"},
    {"zscalernss-casb", "casb"},
    {"zscalernss-saas_security", "casb"},
    {"zscalernss-saas_security_activity", "casb"},
    {"zscalernss-edlp", "endpoint-dlp"},
    {"zscalernss-endpointdlp", "endpoint-dlp"},
    {"zscalernss-emaildlp", "email-dlp"},
    {"zscalernss-email_dlp", "email-dlp"},
    {"zscalernss-sandbox_verdict", "sandbox"},
    {"zscalernss-zia-sandbox", "sandbox"},
    {"zscalerlss-zpa-app", "zpa-user-activity"},
    {"zscalerlss-zpa-auth", "zpa-user-status"},
    {"zscalerlss-zpa-bba", "zpa-browser-access"},
    {"zscalerlss-zpa-connector", "zpa-connector-status"},
    {"zscalerlss-zpa-audit", "zpa-audit"},
};

std::string_view lookUp(std::span<const NamedType> table, std::string_view name)
{
    for (const NamedType &row : table) {
        if (equalsIgnoreCase(row.name, name)) {
            return row.type;
        }
    }
    return {};
}

/// Normal keys of a record, to ask for.
class KeySet {
public:
    explicit KeySet(std::span<const RecordField> fields)
    {
        for (const RecordField &field : fields) {
            m_values.emplace(normalKey(field.key), field.value);
        }
    }
    [[nodiscard]] bool has(std::string_view key) const { return m_values.contains(std::string(key)); }
    [[nodiscard]] bool all(std::initializer_list<std::string_view> keys) const
    {
        return std::all_of(keys.begin(), keys.end(), [this](std::string_view key) { return has(key); });
    }
    [[nodiscard]] bool any(std::initializer_list<std::string_view> keys) const
    {
        return std::any_of(keys.begin(), keys.end(), [this](std::string_view key) { return has(key); });
    }
    [[nodiscard]] std::string_view value(std::string_view key) const
    {
        const auto found = m_values.find(std::string(key));
        return found == m_values.end() ? std::string_view() : found->second;
    }

private:
    std::unordered_map<std::string, std::string_view> m_values;
};

std::string_view byProduct(const KeySet &keys, std::string &subtype)
{
    for (const std::string_view key : {"deviceproduct", "product"}) {
        const std::string_view product = keys.value(key);
        // "NSSDnslog" of a Cloud Connector differs from ZIA's "NSSDNSlog" by case only.
        if (product == "NSSDnslog") {
            subtype = "dns";
            return "connector";
        }
        for (const std::string_view kind : {"session", "event", "metrics"}) {
            if (startsWithIgnoreCase(product, "NSS") && endsWithIgnoreCase(product, "log") &&
                equalsIgnoreCase(product.substr(3, product.size() - 6), kind)) {
                subtype = std::string(kind);
                return "connector";
            }
        }
        if (startsWithIgnoreCase(product, "NSSCasb")) {
            const std::string name = asciiLower(product.substr(7));
            subtype = name.ends_with("log") ? name.substr(0, name.size() - 3) : name;
            return "casb";
        }
        if (const std::string_view type = lookUp(kProducts, product); !type.empty()) {
            return type;
        }
    }
    return {};
}

std::string_view zpaByKeys(const KeySet &keys)
{
    if (keys.all({"agentid", "enforcementaction"})) {
        return "zpa-microseg";
    }
    if (keys.any({"inspectionpolicy", "assistantid"})) {
        return "zpa-app-protection";
    }
    if (keys.all({"clientauditupdate", "auditoperationtype"})) {
        return "zpa-audit";
    }
    if (keys.all({"exporter", "connectionid"})) {
        return "zpa-browser-access";
    }
    if (keys.all({"clientzen", "appgroup", "application"})) {
        return "zpa-user-activity";
    }
    if (keys.all({"samlattributes", "clienttype"})) {
        return "zpa-user-status";
    }
    if (keys.any({"privatecloudcontroller"})) {
        return keys.has("sessionstatus") ? "zpa-pcc-status" : "zpa-pcc-metrics";
    }
    if (keys.all({"serviceedge", "sessionstatus"})) {
        return "zpa-pse-status";
    }
    if (keys.has("privatese")) {
        return "zpa-pse-metrics";
    }
    if (keys.all({"connectorgroup", "sessiontype"})) {
        return "zpa-connector-status";
    }
    return keys.all({"connector", "processmemoryutilization"}) ? "zpa-connector-metrics" : std::string_view();
}

std::string_view byKeys(const KeySet &keys)
{
    if (const std::string_view zpa = zpaByKeys(keys); !zpa.empty()) {
        return zpa;
    }
    if (keys.any({"dnsreq", "dnsreqtype"}) || keys.all({"reqaction", "resaction"}) || keys.all({"req", "reqtype"})) {
        return "dns";
    }
    if (keys.all({"deviceip", "eventinfo"})) {
        return "alert";
    }
    if (keys.all({"adminid", "auditlogtype"})) {
        return "audit";
    }
    if (keys.any({"recordtype", "tunneltype", "tunnelactionname"}) && keys.any({"sourceip", "vpncredentialname"}) &&
        !keys.any({"csip", "cltsip"})) {
        return "tunnel";
    }
    if (keys.all({"channel", "actiontaken"})) {
        return "endpoint-dlp";
    }
    if (keys.any({"mailsenttime", "emailmailsenttime"})) {
        return "email-dlp";
    }
    if (keys.any({"filepropertiesmd5", "filepropertiessha256", "fulldetailsfilepropertiesmd5"})) {
        return "sandbox";
    }
    if (keys.has("applicationname") && keys.any({"owner", "tenant", "bucketname", "reponame", "channelname",
                                                 "isinbound", "filesource", "acttypename", "objnames1"})) {
        return "casb";
    }
    if (keys.any({"urlcategory", "urlcat", "urlsubcat", "requestmethod", "reqmethod", "eurl", "respcode",
                  "urlsupercategory", "urlsupercat", "urlclass", "pagerisk", "b64url"})) {
        return "web";
    }
    if ((keys.all({"csip", "cdip"}) && keys.any({"nwsvc", "nwapp", "proto", "action"})) ||
        keys.all({"cltsip", "srvdip", "action"})) {
        return "firewall";
    }
    if (keys.has("applicationname") &&
        keys.any({"tenant", "filename", "objectname", "bucketname", "reponame", "channelname", "isinbound"})) {
        return "casb";
    }
    if (keys.has("url") && keys.any({"clientip", "action", "useragent", "user", "cip", "srcip", "hostname", "host"})) {
        return "web";
    }
    return "unknown";
}

} // namespace

std::string_view logTypeNamed(std::string_view name)
{
    const auto *const found = std::find(std::begin(kTypes), std::end(kTypes), name);
    return found == std::end(kTypes) ? std::string_view() : *found;
}

bool isDecisiveKey(std::string_view key)
{
    for (const std::string_view name : {"sourcetype", "product", "deviceproduct", "subtype", "sourcesubtype",
                                        "recordtype", "tunnelactionname", "deviceeventclassid"}) {
        if (equalsIgnoreCase(key, name)) {
            return true;
        }
    }
    return isLabelKey(key);
}

bool isLabelKey(std::string_view key)
{
    if (key.size() < 8 || key.size() > 26 || !endsWithIgnoreCase(key, "label")) {
        return false;
    }
    const std::string_view stem = key.substr(0, key.size() - 5);
    const std::size_t digits = stem.find_last_not_of("0123456789") + 1;
    for (const std::string_view name :
         {"cs", "cn", "cfp", "c6a", "flexstring", "flexdate", "flexnumber", "devicecustomstring", "devicecustomnumber",
          "devicecustomdate", "devicecustomfloatingpoint", "devicecustomipv6address"}) {
        if (digits < stem.size() && equalsIgnoreCase(stem.substr(0, digits), name)) {
            return true;
        }
    }
    return false;
}

bool isLabelName(std::string_view value)
{
    const bool letter = !value.empty() && (value[0] | 0x20) >= 'a' && (value[0] | 0x20) <= 'z';
    const bool hash = value.size() >= 16 && value.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    return letter && !hash && value.size() <= 32 && std::all_of(value.begin(), value.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                      c == ' ' || c == '-' || c == '.';
           });
}

std::string_view decisiveValue(std::string_view key, std::string_view value)
{
    constexpr std::size_t kMaxBytes = 256;
    if (isLabelKey(key)) {
        return isLabelName(value) ? value : std::string_view();
    }
    // Only a tunnel's class says what a record is; other products put free text there.
    return key.size() == 18 && !(startsWithIgnoreCase(value, "tunnel") || startsWithIgnoreCase(value, "ipsec"))
               ? std::string_view()
               : value.substr(0, kMaxBytes);
}

LogKind recogniseType(std::span<const RecordField> fields)
{
    const KeySet keys(fields);
    LogKind kind;
    std::string_view type = byProduct(keys, kind.subtype);
    if (type.empty()) {
        type = lookUp(kSourcetypes, keys.value("sourcetype"));
    }
    if (type.empty()) {
        type = byKeys(keys);
    }
    kind.type = type;
    if (kind.subtype.empty() && type == "casb") {
        kind.subtype = std::string(keys.has("subtype") ? keys.value("subtype") : keys.value("sourcesubtype"));
    }
    if (type == "tunnel") {
        for (const std::string_view key : {"recordtype", "tunnelactionname", "deviceeventclassid"}) {
            kind.subtype = kind.subtype.empty() ? std::string(keys.value(key)) : kind.subtype;
        }
        kind.subtype = kind.subtype.substr(0, 64);
    }
    return kind;
}

} // namespace nightjar::logs
