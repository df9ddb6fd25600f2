// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "intel/csvlayout.h"
#include "intel/listline.h"
#include "intel/stixpattern.h"

#include <algorithm>
#include <array>

/// One record of a delimited file as indicators.
namespace nightjar::intel {

namespace {

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
    case Role::KillChain:
        out.killChain = cell.substr(0, 300);
        break;
    case Role::ExternalId:
        out.externalId = cell.substr(0, 100);
        break;
    case Role::Active:
        out.present = !isNo(cell);
        break;
    case Role::ActiveDays:
        out.activeDays = std::max(parseNumber(cell).value_or(-1), -1.0);
        break;
    case Role::Compromised:
        out.compromised = !isNo(cell);
        break;
    case Role::Revoked:
        out.revoked = !isNo(cell);
        break;
    case Role::Ignore:
    case Role::Value:
    case Role::Pattern:
    case Role::Kind:
    case Role::Online:
        break;
    }
}

/// Text that names a type which is not matched ("yara", "mutex"): true.
bool isUnsupportedKind(std::string_view kind)
{
    // MISP's composite "filename|sha256" holds a hash.
    if (kind.find('|') != std::string_view::npos) {
        return false;
    }
    constexpr std::array<std::string_view, 31> kUnsupported{
        "yara",   "mutex",    "filename", "file:name", "file name", "file path", "ja3",      "jarm",
        "x509",   "asn",      "as",       "cve",       "vuln",      "regkey",    "registry", "imphash",
        "ssdeep", "tlsh",     "sha512",   "link",      "text",      "comment",   "other",    "btc",
        "xmr",    "pattern-", "snort",    "sigma",     "attach",    "windows",   "phone"};
    return std::any_of(kUnsupported.begin(), kUnsupported.end(),
                       [&](std::string_view name) { return startsWithIgnoreCase(kind, name); });
}

tl::unexpected<Error> refuse(std::string why)
{
    return fail("NJ-INTEL-010", "Not taken as an indicator", std::move(why));
}

class Record {
public:
    Record(const CsvLayout &layout, const std::vector<std::string> &cells)
        : m_layout(layout)
        , m_cells(cells)
        , m_columns(std::min(cells.size(), layout.roles.size()))
    {
    }
    std::vector<Result<Indicator>> run();

private:
    bool readContext();
    void addOne(std::string_view text, std::optional<Type> hint, std::uint16_t port = 0);
    void addCell(std::string_view cell, std::optional<Type> hint);
    void addPattern(std::string_view cell);

    const CsvLayout &m_layout;
    const std::vector<std::string> &m_cells;
    std::size_t m_columns;
    Indicator m_context;
    std::optional<Type> m_kind;
    std::vector<Result<Indicator>> m_out;
};

/// False when the row as a whole is not to be taken.
bool Record::readContext()
{
    for (std::size_t i = 0; i < m_columns; ++i) {
        const std::string_view cell = trim(m_cells[i]);
        if (m_layout.roles[i] == Role::Kind) {
            m_kind = parseType(cell);
            if (!m_kind && isUnsupportedKind(cell)) {
                m_out.push_back(fail("NJ-INTEL-009", "Not taken as an indicator",
                                     "type \"" + std::string(cell.substr(0, 40)) + "\" is not matched against events"));
                return false;
            }
        } else if (m_layout.roles[i] == Role::Online && isNo(cell)) {
            m_out.push_back(refuse("its source marks it as not confirmed or offline"));
            return false;
        } else {
            applyContext(m_layout.roles[i], cell, m_context);
        }
    }
    if (equalsIgnoreCase(m_context.threat, "legitimate") || equalsIgnoreCase(m_context.threat, "benign")) {
        m_out.push_back(refuse("its source calls it " + m_context.threat));
        return false;
    }
    if (m_context.threat.empty()) {
        m_context.threat = m_context.killChain.substr(0, 200);
    }
    return true;
}

void Record::addOne(std::string_view text, std::optional<Type> hint, std::uint16_t port)
{
    auto one = indicatorFromText(text, hint);
    if (one) {
        Indicator full = m_context;
        full.type = one->type;
        full.value = one->value;
        const bool address = one->type == Type::Ipv4 || one->type == Type::Ipv6;
        port = one->port != 0 ? one->port : port != 0 ? port : m_context.port;
        full.port = address ? port : std::uint16_t{0};
        one = std::move(full);
    }
    m_out.push_back(std::move(one));
}

/// A cell may hold several values: "md5;sha1;sha256", "a.example, b.example", MISP's "name|sha256".
void Record::addCell(std::string_view cell, std::optional<Type> hint)
{
    const std::string target = trafficTarget(cell);
    if (!target.empty()) {
        addOne(target, {});
        return;
    }
    if (hint == Type::Url || hint == Type::UserAgent || indicatorFromText(cell, hint)) {
        addOne(cell, hint);
        return;
    }
    for (const char separator : {';', ',', '|', ' ', '\n'}) {
        std::vector<std::string_view> good;
        std::size_t parts = 0;
        for (const std::string_view part : split(cell, separator)) {
            parts += isNothing(trim(part)) ? 0U : 1U;
            if (!isNothing(trim(part)) && indicatorFromText(trim(part))) {
                good.push_back(trim(part));
            }
        }
        const bool named = separator == '|' && !good.empty(); // "file name|sha256", "1.2.3.4|443"
        if (parts > 1 && (good.size() == parts || named)) {
            const std::int64_t last = named ? parseInteger(trim(cell.substr(cell.rfind('|') + 1))).value_or(0) : 0;
            const auto port = last > 0 && last < 65'536 ? static_cast<std::uint16_t>(last) : std::uint16_t{0};
            for (const std::string_view part : good) {
                addOne(part, {}, port);
            }
            return;
        }
    }
    addOne(cell, hint);
}

void Record::addPattern(std::string_view cell)
{
    if (cell.empty() || (cell.front() != '[' && cell.front() != '(')) {
        m_out.push_back(fail("NJ-INTEL-009", "Not taken as an indicator", "the pattern is not of STIX"));
        return;
    }
    const auto reading = readStixPattern(cell);
    if (!reading) {
        m_out.push_back(fail(reading.error()));
        return;
    }
    for (const PatternValue &value : reading->values) {
        addOne(value.text, value.hint, value.port);
    }
    for (const std::string &kind : reading->unsupported) {
        m_out.push_back(
            fail("NJ-INTEL-009", "Not taken as an indicator", "\"" + kind + "\" is not matched against events"));
    }
}

std::vector<Result<Indicator>> Record::run()
{
    if (m_layout.hashIndex) {
        m_out.push_back(refuse("it is the hash of a value; the value itself is in an event of the feed"));
        return std::move(m_out);
    }
    if (!readContext()) {
        return std::move(m_out);
    }
    for (std::size_t i = 0; i < m_columns; ++i) {
        const std::string_view cell = trim(m_cells[i]);
        if (m_layout.roles[i] == Role::Pattern) {
            addPattern(cell);
        } else if (m_layout.roles[i] == Role::Value && !isNothing(cell)) {
            addCell(cell, m_kind ? m_kind : m_layout.hints[i]);
        }
    }
    return std::move(m_out);
}

} // namespace

std::vector<Result<Indicator>> readRecord(const CsvLayout &layout, const std::vector<std::string> &cells)
{
    return Record(layout, cells).run();
}

} // namespace nightjar::intel
