// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/csvlayout.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nightjar::intel {

namespace {

/// Lower case, blanks and underscores dropped: "Valid From" and "valid_from" are one name.
std::string plainName(std::string_view name)
{
    std::string out;
    for (const char c : trim(name)) {
        if (c != ' ' && c != '_' && c != '-' && c != '"') {
            out.push_back(asciiLower(c));
        }
    }
    return out;
}

struct Named {
    std::string_view name;
    Role role;
};
constexpr std::array<Named, 75> kRoles{{{"type", Role::Kind},
                                        {"ioctype", Role::Kind},
                                        {"indicatortype", Role::Kind},
                                        {"observabletypes", Role::Kind},
                                        {"observabletype", Role::Kind},
                                        {"dstport", Role::Port},
                                        {"port", Role::Port},
                                        {"confidence", Role::Confidence},
                                        {"confidencelevel", Role::Confidence},
                                        {"score", Role::Confidence},
                                        {"tlp", Role::Tlp},
                                        {"threat", Role::Threat},
                                        {"threattype", Role::Threat},
                                        {"category", Role::Threat},
                                        {"classification", Role::Threat},
                                        {"killchain", Role::KillChain},
                                        {"killchainphases", Role::KillChain},
                                        {"pattern", Role::Pattern},
                                        {"stixpattern", Role::Pattern},
                                        {"active", Role::Active},
                                        {"present", Role::Active},
                                        {"activedays", Role::ActiveDays},
                                        {"dayspresent", Role::ActiveDays},
                                        {"iscompromised", Role::Compromised},
                                        {"compromised", Role::Compromised},
                                        {"revoked", Role::Revoked},
                                        {"uuid", Role::ExternalId},
                                        {"sblid", Role::ExternalId},
                                        {"iocid", Role::ExternalId},
                                        {"threatfox", Role::Ignore},
                                        {"updated", Role::LastSeen},
                                        {"modified", Role::Ignore},
                                        {"date", Role::FirstSeen},
                                        {"firstseenat", Role::FirstSeen},
                                        {"lastseenat", Role::LastSeen},
                                        {"lastonlineutc", Role::LastSeen},
                                        {"created", Role::Ignore},
                                        {"message", Role::Threat},
                                        {"fkmalware", Role::Ignore},
                                        {"tag", Role::Ignore},
                                        {"listingreason", Role::Threat},
                                        {"malware", Role::Malware},
                                        {"malwareprintable", Role::Malware},
                                        {"malwarefamily", Role::Malware},
                                        {"family", Role::Malware},
                                        {"signature", Role::Malware},
                                        {"validfrom", Role::ValidFrom},
                                        {"creationdate", Role::ValidFrom},
                                        {"validuntil", Role::ValidUntil},
                                        {"endofvalidity", Role::ValidUntil},
                                        {"expiration", Role::ValidUntil},
                                        {"expires", Role::ValidUntil},
                                        {"firstseen", Role::FirstSeen},
                                        {"firstseenutc", Role::FirstSeen},
                                        {"dateadded", Role::FirstSeen},
                                        {"detecteddate", Role::FirstSeen},
                                        {"listingdate", Role::FirstSeen},
                                        {"submissiontime", Role::FirstSeen},
                                        {"lastseen", Role::LastSeen},
                                        {"lastseenutc", Role::LastSeen},
                                        {"lastonline", Role::LastSeen},
                                        {"reference", Role::Reference},
                                        {"references", Role::Reference},
                                        {"urlhauslink", Role::Reference},
                                        {"phishdetailurl", Role::Reference},
                                        {"link", Role::Reference},
                                        {"context", Role::Reference},
                                        {"meta.url", Role::Reference},
                                        {"meta.desc", Role::Threat},
                                        {"toids", Role::ToIds},
                                        {"online", Role::Online},
                                        {"verified", Role::Online},
                                        {"urlstatus", Role::Ignore}, // offline URLs stay known
                                        {"source", Role::Ignore},
                                        {"tags", Role::Ignore}}};

constexpr std::array<std::string_view, 9> kAnyValue{
    "ioc", "indicator", "indicatorvalue", "iocvalue", "value", "observable", "observablevalue", "indicators", "iocs"};
constexpr std::array<std::pair<std::string_view, Type>, 27> kTypedValue{
    {{"url", Type::Url},         {"uri", Type::Url},         {"domain", Type::Domain},     {"domainname", Type::Domain},
     {"hostname", Type::Domain}, {"host", Type::Domain},     {"fqdn", Type::Domain},       {"ip", Type::Ipv4},
     {"ipv4", Type::Ipv4},       {"ipaddress", Type::Ipv4},  {"dstip", Type::Ipv4},        {"address", Type::Ipv4},
     {"srcip", Type::Ipv4},      {"ipv6", Type::Ipv6},       {"cidr", Type::Cidr},         {"network", Type::Cidr},
     {"subnet", Type::Cidr},     {"md5", Type::Md5},         {"md5hash", Type::Md5},       {"sha1", Type::Sha1},
     {"sha1hash", Type::Sha1},   {"sha256", Type::Sha256},   {"sha256hash", Type::Sha256}, {"sha256sum", Type::Sha256},
     {"hash", Type::Sha256},     {"filehash", Type::Sha256}, {"email", Type::Email}}};

/// Share of a column's cells that are indicators, in percent.
std::size_t indicatorShare(const std::vector<std::vector<std::string>> &rows, std::size_t column)
{
    std::size_t good = 0;
    for (const auto &row : rows) {
        good += column < row.size() && indicatorFromText(row[column]) ? 1U : 0U;
    }
    return rows.empty() ? 0 : good * 100 / rows.size();
}

/// "md5(value),event-uuid" of MISP's hashes.csv: a way to ask for values, not the hashes of files.
bool isHashIndex(const std::vector<std::vector<std::string>> &rows)
{
    return std::all_of(rows.begin(), rows.end(), [](const std::vector<std::string> &row) {
        return row.size() == 2 && row[0].size() == 32 && row[1].size() == 36 && row[1][8] == '-' && row[1][23] == '-';
    });
}

/// Lines as records: a quote that stays open joins lines, up to ten.
std::vector<std::vector<std::string>> recordsOf(const std::vector<std::string_view> &lines, char delimiter)
{
    std::vector<std::vector<std::string>> rows;
    std::string record;
    std::size_t joined = 0;
    std::vector<std::string> cells;
    for (const std::string_view line : lines) {
        record += (joined == 0 ? "" : "\n") + std::string(line);
        ++joined;
        if (splitCsvRecord(record, delimiter, cells) || joined == 10) {
            rows.push_back(cells);
            record.clear();
            joined = 0;
        }
    }
    return rows;
}

/// The delimiter that cuts most records into the same number of fields, at least two.
std::optional<char> guessDelimiter(const std::vector<std::string_view> &lines)
{
    std::optional<char> best;
    std::size_t bestShare = 80;
    for (const char delimiter : {',', ';', '\t', '|'}) {
        std::vector<std::size_t> counts;
        for (const auto &row : recordsOf(lines, delimiter)) {
            counts.push_back(row.size());
        }
        if (counts.empty()) {
            continue;
        }
        std::vector<std::size_t> sorted = counts;
        std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
        const std::size_t usual = sorted[sorted.size() / 2];
        const auto agree = static_cast<std::size_t>(std::count(counts.begin(), counts.end(), usual));
        const std::size_t share = agree * 100 / counts.size();
        if (usual >= 2 && share > bestShare) {
            best = delimiter;
            bestShare = share;
        }
    }
    return best;
}

} // namespace

bool CsvLayout::hasValue() const
{
    return std::any_of(roles.begin(), roles.end(),
                       [](Role role) { return role == Role::Value || role == Role::Pattern; });
}

CsvLayout layoutFromHeader(const std::vector<std::string> &names, char delimiter)
{
    CsvLayout layout;
    layout.delimiter = delimiter;
    layout.roles.assign(names.size(), Role::Ignore);
    layout.hints.resize(names.size());
    bool anyGeneral = false;
    std::size_t nameColumn = names.size();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string plain = plainName(names[i]);
        const auto role = std::find_if(kRoles.begin(), kRoles.end(), [&](const Named &n) { return n.name == plain; });
        const auto typed =
            std::find_if(kTypedValue.begin(), kTypedValue.end(), [&](const auto &n) { return n.first == plain; });
        if (std::find(kAnyValue.begin(), kAnyValue.end(), plain) != kAnyValue.end()) {
            layout.roles[i] = Role::Value;
            anyGeneral = true;
        } else if (typed != kTypedValue.end()) {
            layout.roles[i] = Role::Value;
            layout.hints[i] = typed->second;
        } else if (role != kRoles.end()) {
            layout.roles[i] = role->role;
        } else if (plain == "name") {
            nameColumn = i;
        }
    }
    const auto pattern = std::find(layout.roles.begin(), layout.roles.end(), Role::Pattern);
    if (pattern != layout.roles.end() && !anyGeneral) {
        return layout;
    }
    if (anyGeneral) { // "indicator, host": the second one is context
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (layout.roles[i] == Role::Value && layout.hints[i]) {
                layout.roles[i] = Role::Ignore;
            }
        }
    } else if (!layout.hasValue() && nameColumn < names.size()) {
        layout.roles[nameColumn] = Role::Value;
    }
    return layout;
}

std::optional<CsvLayout> guessLayout(const std::vector<std::string_view> &lines, std::string_view lastComment)
{
    if (lines.empty()) {
        return std::nullopt;
    }
    const auto delimiter = guessDelimiter(lines);
    if (!delimiter) {
        return std::nullopt;
    }
    const std::vector<std::vector<std::string>> rows = recordsOf(lines, *delimiter);
    std::vector<std::string> names;
    if (startsWithIgnoreCase(lastComment, "fields")) { // "#fields<tab>indicator<tab>…" of Zeek
        lastComment = trim(lastComment.substr(6));
    }
    splitCsvRecord(lastComment, *delimiter, names);
    if (names.size() >= 2) {
        if (CsvLayout layout = layoutFromHeader(names, *delimiter); layout.hasValue()) {
            return layout;
        }
    }
    CsvLayout layout = layoutFromHeader(rows.front(), *delimiter);
    const bool dataInFirst = std::any_of(rows.front().begin(), rows.front().end(),
                                         [](const std::string &cell) { return indicatorFromText(cell).has_value(); });
    if (layout.hasValue() && !dataInFirst) {
        layout.headerRow = 1;
        return layout;
    }
    layout.roles.assign(rows.front().size(), Role::Ignore);
    layout.hints.assign(rows.front().size(), std::nullopt);
    layout.hashIndex = isHashIndex(rows);
    for (std::size_t i = 0; i < layout.roles.size(); ++i) {
        layout.roles[i] = indicatorShare(rows, i) >= 50 ? Role::Value : Role::Ignore;
    }
    return layout.hasValue() ? std::optional(layout) : std::nullopt;
}

} // namespace nightjar::intel
