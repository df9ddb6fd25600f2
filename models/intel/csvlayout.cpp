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
constexpr std::array<Named, 51> kRoles{{{"type", Role::Kind},
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
                                        {"killchain", Role::Threat},
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

bool isNothing(std::string_view cell)
{
    return cell.empty() || equalsIgnoreCase(cell, "none") || equalsIgnoreCase(cell, "n/a") ||
           equalsIgnoreCase(cell, "null") || cell == "-";
}

Timestamp timeOf(std::string_view cell)
{
    if (isNothing(cell)) {
        return kNoTime;
    }
    if (const auto time = parseIsoTime(cell)) {
        return *time;
    }
    return parseEpoch(cell).value_or(kNoTime);
}

bool isNo(std::string_view cell)
{
    return equalsIgnoreCase(cell, "no") || equalsIgnoreCase(cell, "false") || cell == "0" ||
           equalsIgnoreCase(cell, "offline");
}

void applyContext(Role role, std::string_view cell, Indicator &out)
{
    if (isNothing(cell)) {
        return;
    }
    switch (role) {
    case Role::Confidence:
        if (const auto number = parseNumber(cell); number && *number >= 0 && *number <= 100) {
            out.confidence = static_cast<int>(*number);
        }
        break;
    case Role::Port:
        if (const auto port = parseInteger(cell); port && *port > 0 && *port <= 65'535) {
            out.port = static_cast<std::uint16_t>(*port);
        }
        break;
    case Role::Tlp:
        out.tlp = parseTlp(cell);
        break;
    case Role::Threat:
        out.threat = cell.substr(0, 200);
        break;
    case Role::Malware:
        out.malware = cell.substr(0, 200);
        break;
    case Role::ValidFrom:
        out.validFrom = timeOf(cell);
        break;
    case Role::ValidUntil:
        out.validUntil = timeOf(cell);
        break;
    case Role::FirstSeen:
        out.firstSeen = timeOf(cell);
        break;
    case Role::LastSeen:
        out.lastSeen = timeOf(cell);
        break;
    case Role::Reference:
        out.reference = cell.substr(0, 1000);
        break;
    case Role::ToIds:
        out.toIds = !isNo(cell);
        break;
    case Role::Ignore:
    case Role::Value:
    case Role::Kind:
    case Role::Online:
        break;
    }
}

/// Text that names a type which is not matched ("yara", "mutex"): true.
bool isUnsupportedKind(std::string_view kind)
{
    constexpr std::array<std::string_view, 14> kUnsupported{"yara",    "mutex",  "filename", "file:name", "ja3",
                                                            "ja3s",    "x509",   "asn",      "cve",       "regkey",
                                                            "imphash", "ssdeep", "sha512",   "user-agent"};
    return std::any_of(kUnsupported.begin(), kUnsupported.end(),
                       [&](std::string_view name) { return startsWithIgnoreCase(kind, name); });
}

/// Share of a column's cells that are indicators, in percent.
std::size_t indicatorShare(const std::vector<std::vector<std::string>> &rows, std::size_t column)
{
    std::size_t good = 0;
    for (const auto &row : rows) {
        good += column < row.size() && indicatorFromText(row[column]) ? 1U : 0U;
    }
    return rows.empty() ? 0 : good * 100 / rows.size();
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
    return std::find(roles.begin(), roles.end(), Role::Value) != roles.end();
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
    for (std::size_t i = 0; i < layout.roles.size(); ++i) {
        layout.roles[i] = indicatorShare(rows, i) >= 50 ? Role::Value : Role::Ignore;
    }
    return layout.hasValue() ? std::optional(layout) : std::nullopt;
}

std::vector<Result<Indicator>> readRecord(const CsvLayout &layout, const std::vector<std::string> &cells)
{
    Indicator context;
    std::optional<Type> kind;
    std::vector<Result<Indicator>> out;
    const std::size_t columns = std::min(cells.size(), layout.roles.size());
    for (std::size_t i = 0; i < columns; ++i) {
        const std::string_view cell = trim(cells[i]);
        if (layout.roles[i] == Role::Kind) {
            kind = parseType(cell);
            if (!kind && isUnsupportedKind(cell)) {
                out.push_back(fail("NJ-INTEL-009", "Not taken as an indicator",
                                   "type \"" + std::string(cell.substr(0, 40)) + "\" is not matched against events"));
                return out;
            }
        } else if (layout.roles[i] == Role::Online && isNo(cell)) {
            out.push_back(
                fail("NJ-INTEL-010", "Not taken as an indicator", "its source marks it as not confirmed or offline"));
            return out;
        } else {
            applyContext(layout.roles[i], cell, context);
        }
    }
    if (equalsIgnoreCase(context.threat, "legitimate") || equalsIgnoreCase(context.threat, "benign")) {
        out.push_back(fail("NJ-INTEL-010", "Not taken as an indicator", "its source calls it " + context.threat));
        return out;
    }
    const auto addOne = [&](std::string_view text, std::optional<Type> hint) {
        auto one = indicatorFromText(text, hint);
        if (one) {
            Indicator full = context;
            full.type = one->type;
            full.value = one->value;
            const bool address = one->type == Type::Ipv4 || one->type == Type::Ipv6;
            full.port = address ? (one->port != 0 ? one->port : context.port) : std::uint16_t{0};
            one = std::move(full);
        }
        out.push_back(std::move(one));
    };
    for (std::size_t i = 0; i < columns; ++i) {
        const std::string_view cell = trim(cells[i]);
        if (layout.roles[i] != Role::Value || isNothing(cell)) {
            continue;
        }
        const auto parts = split(cell, ';');
        const bool several = parts.size() > 1 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
                                 const std::size_t size = trim(part).size();
                                 return size == 32 || size == 40 || size == 64;
                             });
        if (several) { // "md5;sha1;sha256" in one cell
            for (const std::string_view part : parts) {
                addOne(part, {});
            }
        } else {
            addOne(cell, kind ? kind : layout.hints[i]);
        }
    }
    return out;
}

} // namespace nightjar::intel
