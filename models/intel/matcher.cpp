// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/domain.h"
#include "base/text.h"
#include "base/url.h"
#include "intel/indicatorset.h"
#include "intel/keys.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <unordered_map>

namespace nightjar::intel {

namespace {

constexpr std::uint32_t kOpenEnd = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr std::size_t kMaxShownValue = 1024;

enum class Look : std::uint8_t { Host, Url, Address, Hash, Agent };

/// What is looked up, in the order in which one of several places of the same indicator is reported.
struct Place {
    std::string_view column;
    event::Field field;
    Look look;
};
using enum event::Field;
constexpr std::array<Place, 16> kPlaces{{{"url.domain", UrlDomain, Look::Host},
                                         {"url.original", UrlOriginal, Look::Url},
                                         {"destination.domain", DestinationDomain, Look::Host},
                                         {"dns.question.name", DnsQuestionName, Look::Host},
                                         {"zscaler.df_hostname", DestinationDomain, Look::Host},
                                         {"zscaler.df_hosthead", DestinationDomain, Look::Host},
                                         {"destination.ip", DestinationIp, Look::Address},
                                         {"destination.nat.ip", DestinationNatIp, Look::Address},
                                         {"dns.resolved_ip", DnsResolvedIp, Look::Address},
                                         {"file.hash.md5", FileHashMd5, Look::Hash},
                                         {"file.hash.sha256", FileHashSha256, Look::Hash},
                                         {"zscaler.dlpmd5", FileHashMd5, Look::Hash},
                                         {"zscaler.filemd5", FileHashMd5, Look::Hash},
                                         {"zscaler.sha", FileHashSha256, Look::Hash},
                                         {"zscaler.filesha", FileHashSha256, Look::Hash},
                                         {"user_agent.original", UserAgentOriginal, Look::Agent}}};

constexpr auto kColumnNames = [] {
    std::array<std::string_view, kPlaces.size() + 1> names{};
    for (std::size_t i = 0; i < kPlaces.size(); ++i) {
        names[i] = kPlaces[i].column;
    }
    names.back() = "destination.port";
    return names;
}();

/// True when the text is its own canonical form: lower-case ASCII, no port, no trailing dot, not an address.
bool isPlainHost(std::string_view text)
{
    bool lettersInLabel = false;
    for (const char c : text) {
        const bool letter = c >= 'a' && c <= 'z';
        if (c == '.') {
            lettersInLabel = false;
        } else if (letter || c == '-' || c == '_') {
            lettersInLabel = lettersInLabel || letter;
        } else if (c < '0' || c > '9') {
            return false;
        }
    }
    return lettersInLabel && text.find("..") == std::string_view::npos && text.front() != '.' && text.size() <= 253 &&
           !text.starts_with("0x");
}

/// No port, path or user in the text; an IPv6 address without brackets counts.
bool isHostOnly(std::string_view text)
{
    std::size_t colons = 0;
    for (const char c : text) {
        colons += c == ':' ? 1U : 0U;
        if (c == '/' || c == '?' || c == '#' || c == '@' || c == '[' || c == '\\') {
            return false;
        }
    }
    return colons != 1;
}

int portOf(std::string_view digits)
{
    int port = -1;
    std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return port;
}

} // namespace

std::span<const std::string_view> IndicatorSet::columns()
{
    return kColumnNames;
}

std::vector<std::string> IndicatorSet::usefulColumns() const
{
    std::vector<std::string> names;
    const bool servers = m_hasHosts || m_hasUrls || m_hasAddresses || !m_networks.empty();
    for (const Place &place : kPlaces) {
        const bool useful = place.look == Look::Hash      ? m_hasHashes
                            : place.look == Look::Agent   ? m_hasAgents
                            : place.look == Look::Address ? m_hasAddresses || !m_networks.empty()
                                                          : servers;
        if (useful) {
            names.emplace_back(place.column);
        }
    }
    if (m_hasAddresses) {
        names.emplace_back(event::name(event::Field::DestinationPort));
    }
    return names;
}

/// One run over one block. Remembers what it found for a host, since many URLs share one.
class Matcher {
public:
    Matcher(const IndicatorSet &set, const event::EventBlock &block, const MatchOptions &options)
        : m_set(set)
        , m_block(block)
        , m_options(options)
        , m_ports(block.column(event::Field::DestinationPort))
    {
        m_hosts.reserve(4096);
    }

    std::vector<Sighting> run();

private:
    struct Hit {
        IndicatorId id = 0;
        std::uint16_t port = 0; ///< that the indicator asks for
        bool weak = false;
    };
    struct HostAnswer {
        std::uint32_t begin = 0, count = 0; ///< in m_hits
        bool hasUrls = false;
    };
    struct EntryAnswer {
        std::uint32_t begin = 0, count = 0; ///< in m_entryHits
        int port = -1;                      ///< named in the value itself
    };

    HostAnswer host(std::string_view raw);
    void lookUpName(std::string_view name);
    void lookUpAddress(const IpAddress &address);
    void lookUpHash(std::string_view text);
    void lookUpAgent(std::string_view text);
    void lookUpUrl(std::string_view text, const UrlParts &parts);
    void lookUpRelated(const std::string &key, const UrlParts &parts);
    [[nodiscard]] std::optional<IndicatorId> exactly(const std::string &key);
    EntryAnswer answer(Look look, std::string_view text);
    void addHost(std::string_view raw);
    void column(const Place &place, const event::Column &values);
    void report(const Place &place, std::uint32_t row, const EntryAnswer &answer, std::string_view value);
    [[nodiscard]] int portOfRow(std::uint32_t row, const EntryAnswer &answer) const;
    [[nodiscard]] bool inTime(Timestamp time, IndicatorId id, bool &early) const;
    [[nodiscard]] bool mayContain(char kind, std::string_view text) const
    {
        return m_set.m_filter.mayContain(keys::filterHash(kind, text, m_set.m_seed));
    }

    const IndicatorSet &m_set;
    const event::EventBlock &m_block;
    const MatchOptions &m_options;
    const event::Column *m_ports;
    std::unordered_map<std::string_view, HostAnswer> m_hosts;
    std::vector<Hit> m_hits;      ///< of hosts
    std::vector<Hit> m_entryHits; ///< of the column being read
    std::string m_found;
    std::vector<Sighting> m_sightings;
};

std::optional<IndicatorId> Matcher::exactly(const std::string &key)
{
    const std::size_t at = m_set.m_keys.lowerBound(key, m_found);
    if (at == m_set.m_keys.size() || m_found != key) {
        return std::nullopt;
    }
    return static_cast<IndicatorId>(at);
}

/// The name and its parents with at least two labels.
void Matcher::lookUpName(std::string_view whole)
{
    for (std::string_view name = whole; name.find('.') != std::string_view::npos;
         name.remove_prefix(name.find('.') + 1)) {
        if (!mayContain(keys::kDomain, name)) {
            continue;
        }
        const auto id = exactly(keys::kDomain + keys::reversed(name));
        if (id && (name.size() == whole.size() || !m_set.m_exact[*id])) {
            m_hits.push_back({*id, 0, false});
        }
    }
}

void Matcher::lookUpAddress(const IpAddress &address)
{
    const std::string key = keys::ofAddress(address);
    if (m_set.m_hasAddresses && mayContain(keys::kAddress4, std::string_view(key).substr(1))) {
        for (std::size_t at = m_set.m_keys.lowerBound(key, m_found);
             at < m_set.m_keys.size() && m_found.starts_with(key) && m_found.size() == key.size() + 2;) {
            const std::uint16_t port = keys::toIndicator(m_found).port;
            m_hits.push_back({static_cast<IndicatorId>(at), port, false});
            if (++at < m_set.m_keys.size()) {
                m_found = m_set.m_keys.at(at);
            }
        }
    }
    const auto &networks = m_set.m_networks;
    auto above = std::partition_point(networks.begin(), networks.end(),
                                      [&](const IndicatorSet::Network &n) { return n.first <= address; });
    while (above != networks.begin() && (above - 1)->furthest >= address) {
        --above;
        if (above->last >= address) {
            m_hits.push_back({above->id, 0, false});
        }
    }
}

void Matcher::lookUpHash(std::string_view text)
{
    if (text.size() != 32 && text.size() != 40 && text.size() != 64) {
        return;
    }
    const auto bytes = bytesFromHex(text);
    if (bytes && mayContain(keys::kHash, *bytes)) {
        if (const auto id = exactly(keys::kHash + *bytes)) {
            m_entryHits.push_back({*id, 0, false});
        }
    }
}

void Matcher::lookUpAgent(std::string_view text)
{
    if (mayContain(keys::kAgent, text)) {
        if (const auto id = exactly(keys::kAgent + std::string(text))) {
            m_entryHits.push_back({*id, 0, false});
        }
    }
}

/// Looks a host up once a block; `raw` must live as long as the block.
Matcher::HostAnswer Matcher::host(std::string_view raw)
{
    const auto [place, isNew] = m_hosts.try_emplace(raw);
    if (!isNew) {
        return place->second;
    }
    HostAnswer &answer = place->second;
    answer.begin = static_cast<std::uint32_t>(m_hits.size());
    std::string canonical;
    std::string_view name = raw;
    std::optional<IpAddress> address;
    if (!isPlainHost(raw)) {
        address = IpAddress::parse(raw);
        canonical = address ? address->toString() : canonicalHost(raw).value_or(std::string());
        address = address ? address : IpAddress::parse(canonical);
        name = canonical;
    }
    if (address) {
        lookUpAddress(*address);
    } else if (m_set.m_hasHosts) {
        lookUpName(name);
    }
    answer.count = static_cast<std::uint32_t>(m_hits.size()) - answer.begin;
    answer.hasUrls = m_set.m_hasUrls && !name.empty() && mayContain(keys::kUrlHost, name);
    return answer;
}

void Matcher::addHost(std::string_view raw)
{
    const HostAnswer found = host(raw);
    for (std::uint32_t i = 0; i < found.count; ++i) {
        m_entryHits.push_back(m_hits[found.begin + i]);
    }
}

void Matcher::lookUpUrl(std::string_view text, const UrlParts &parts)
{
    const auto key = canonicalUrl(text);
    if (!key) {
        return;
    }
    if (mayContain(keys::kUrl, *key)) {
        if (const auto id = exactly(keys::kUrl + *key)) {
            m_entryHits.push_back({*id, 0, false});
            return;
        }
    }
    if (m_options.weak) {
        lookUpRelated(*key, parts);
    }
}

/// A record that names the host only, and the same path with another query.
void Matcher::lookUpRelated(const std::string &key, const UrlParts &parts)
{
    const std::size_t query = key.find('?');
    const bool hostOnly = parts.path.empty() && !parts.hasQuery;
    const std::string plain = keys::kUrl + key.substr(0, query);
    for (const std::string &start : {hostOnly ? plain : plain + "?", hostOnly ? std::string() : plain}) {
        if (start.empty()) {
            continue;
        }
        const std::size_t at = m_set.m_keys.lowerBound(start, m_found);
        const bool same = start.ends_with('?') || hostOnly ? m_found.starts_with(start) : m_found == start;
        if (at < m_set.m_keys.size() && same && m_found != keys::kUrl + key) {
            m_entryHits.push_back({static_cast<IndicatorId>(at), 0, true});
            return;
        }
    }
}

Matcher::EntryAnswer Matcher::answer(Look look, std::string_view text)
{
    EntryAnswer out;
    out.begin = static_cast<std::uint32_t>(m_entryHits.size());
    if (look == Look::Hash) {
        lookUpHash(text);
    } else if (look == Look::Agent) {
        lookUpAgent(text);
    } else if (!text.empty()) {
        UrlParts parts;
        if (look != Look::Url && isHostOnly(text)) {
            parts.host = text;
        } else {
            parts = splitUrl(text);
        }
        if (!parts.host.empty()) {
            addHost(parts.host);
            if (!parts.port.empty()) {
                out.port = portOf(parts.port);
            }
            if (look == Look::Url && m_set.m_hasUrls && host(parts.host).hasUrls) {
                lookUpUrl(text, parts);
            }
        }
    }
    out.count = static_cast<std::uint32_t>(m_entryHits.size()) - out.begin;
    return out;
}

bool Matcher::inTime(Timestamp time, IndicatorId id, bool &early) const
{
    if (time == kNoTime) {
        return true;
    }
    if (m_set.m_end[id] != kOpenEnd && time >= m_set.m_end[id] * kMicrosPerMinute + m_options.graceMicros) {
        return false;
    }
    if (m_options.leadMicros >= 0 && !m_set.m_start.empty() && m_set.m_start[id] != 0) {
        const Timestamp start = m_set.m_start[id] * kMicrosPerMinute;
        early = time < start;
        return time >= start - m_options.leadMicros;
    }
    return true;
}

/// The server's port as far as the record tells; -1 when it does not.
int Matcher::portOfRow(std::uint32_t row, const EntryAnswer &answer) const
{
    if (answer.port >= 0) {
        return answer.port;
    }
    if (m_ports != nullptr && m_ports->kind() == event::Kind::Integer && m_ports->code(row) >= event::kFirstEntry) {
        const std::int64_t port = m_ports->integer(m_ports->code(row) - event::kFirstEntry);
        return static_cast<int>(std::clamp<std::int64_t>(port, 0, 65'536));
    }
    std::string scratch;
    const event::Column *urls = m_block.column(event::Field::UrlOriginal);
    return urls == nullptr ? -1 : portOf(splitUrl(urls->value(row, scratch)).port);
}

void Matcher::report(const Place &place, std::uint32_t row, const EntryAnswer &answer, std::string_view value)
{
    for (std::uint32_t i = 0; i < answer.count && m_sightings.size() < m_options.limit; ++i) {
        const Hit &hit = m_entryHits[answer.begin + i];
        if (!m_options.contextOnly && !m_set.m_contexts[m_set.m_contextOf[hit.id]].toIds) {
            continue;
        }
        const int port = hit.port == 0 ? -1 : portOfRow(row, answer);
        bool early = false;
        if ((hit.port != 0 && port >= 0 && port != hit.port) || !inTime(m_block.times()[row], hit.id, early)) {
            continue;
        }
        m_sightings.push_back(
            {row, place.field, place.column, std::string(value.substr(0, kMaxShownValue)), hit.id, hit.weak, early});
    }
}

void Matcher::column(const Place &place, const event::Column &values)
{
    m_entryHits.clear();
    std::vector<EntryAnswer> answers(values.entries());
    std::vector<std::uint8_t> wanted(values.entries(), 0);
    std::string scratch;
    for (std::size_t entry = 0; entry < answers.size(); ++entry) {
        answers[entry] = answer(place.look, values.text(entry, scratch));
        wanted[entry] = answers[entry].count > 0 ? 1 : 0;
    }
    if (m_entryHits.empty()) {
        return;
    }
    values.rowsWhere(wanted).forEach([&](std::size_t row) {
        for (const std::uint32_t code : values.codes(row)) {
            if (code >= event::kFirstEntry && wanted[code - event::kFirstEntry] != 0) {
                const std::size_t entry = code - event::kFirstEntry;
                report(place, static_cast<std::uint32_t>(row), answers[entry], values.text(entry, scratch));
            }
        }
    });
}

std::vector<Sighting> Matcher::run()
{
    for (const Place &place : kPlaces) {
        const event::Column *values = m_block.column(place.column);
        const bool useful = place.look == Look::Hash    ? m_set.m_hasHashes
                            : place.look == Look::Agent ? m_set.m_hasAgents
                                                        : true;
        if (values != nullptr && values->kind() == event::Kind::Text && useful) {
            column(place, *values);
        }
    }
    const auto isBefore = [](const Sighting &a, const Sighting &b) {
        return a.row != b.row ? a.row < b.row : a.indicator < b.indicator;
    };
    std::stable_sort(m_sightings.begin(), m_sightings.end(), isBefore);
    m_sightings.erase(
        std::unique(m_sightings.begin(), m_sightings.end(),
                    [](const Sighting &a, const Sighting &b) { return a.row == b.row && a.indicator == b.indicator; }),
        m_sightings.end());
    return std::move(m_sightings);
}

std::vector<Sighting> IndicatorSet::match(const event::EventBlock &block, const MatchOptions &options) const
{
    if (empty() || block.rows() == 0) {
        return {};
    }
    return Matcher(*this, block, options).run();
}

} // namespace nightjar::intel
