// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/selection.h"

#include "base/domain.h"
#include "base/hash.h"
#include "base/text.h"
#include "intel/keys.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace nightjar::intel {

namespace {

constexpr double kDay = static_cast<double>(kMicrosPerDay);
constexpr std::size_t kUrlsForHost = 2;  ///< from so many bad URLs on the host itself is meant
constexpr std::size_t kHostsForName = 3; ///< from so many bad hosts on everything below the name is meant
constexpr float kReturns = 0.15F;        ///< share of what is gone that comes back

/// What a threat is worth to be stopped, by words in its description.
double weightOf(std::string_view threat)
{
    constexpr std::array<std::pair<std::string_view, double>, 17> kWeights{{{"botnet", 1.0},
                                                                            {"c2", 1.0},
                                                                            {"c&c", 1.0},
                                                                            {"command", 1.0},
                                                                            {"exploit", 1.0},
                                                                            {"payload", 0.8},
                                                                            {"delivery", 0.8},
                                                                            {"malware", 0.8},
                                                                            {"malicious", 0.8},
                                                                            {"ransom", 0.8},
                                                                            {"phish", 0.7},
                                                                            {"skimming", 0.7},
                                                                            {"scam", 0.4},
                                                                            {"spam", 0.4},
                                                                            {"mining", 0.3},
                                                                            {"scan", 0.1},
                                                                            {"anonymiz", 0.1}}};
    for (const auto &[word, weight] : kWeights) {
        if (findIgnoreCase(threat, word) != std::string_view::npos) {
            return weight;
        }
    }
    return 0.5;
}

/// Expected active days in the horizon of what has been active for `carried` days and is active now.
double expectedDays(double carried, double horizon, double alpha)
{
    const double keep = 1 - alpha;
    return std::pow(carried, alpha) * (std::pow(carried + horizon, keep) - std::pow(carried, keep)) / keep;
}

struct Worth {
    float value = 0, days = 0, certainty = 0, weight = 0, carried = 0;
    bool present = false, compromised = false;
};

Worth worthOf(const std::vector<Presence> &rows, const SelectionOptions &options)
{
    Worth out;
    double doubt = 1;
    double carried = 0;
    Timestamp last = kNoTime;
    for (const Presence &row : rows) {
        const Indicator &i = row.indicator;
        const bool dated = i.firstSeen != kNoTime && i.lastSeen != kNoTime;
        const double span = dated ? static_cast<double>(std::max<std::int64_t>(i.lastSeen - i.firstSeen, 0)) / kDay : 0;
        carried = std::max(carried, i.activeDays >= 0 ? i.activeDays : span);
        last = std::max(last, i.lastSeen);
        out.present = out.present || i.present.value_or(row.present);
        out.compromised = out.compromised || i.compromised;
        doubt *= 1 - options.reliability * i.confidence.value_or(50) / 100.0;
        out.weight = std::max(out.weight, static_cast<float>(weightOf(i.threat.empty() ? i.malware : i.threat)));
    }
    const Type type = rows.front().indicator.type;
    const bool address = type == Type::Ipv4 || type == Type::Ipv6;
    const double horizon = static_cast<double>(options.horizonMicros) / kDay;
    double days = expectedDays(carried + 1, horizon, address ? 0.6 : 0.5);
    if (!out.present) {
        const double gone =
            last == kNoTime ? 0 : static_cast<double>(std::max<std::int64_t>(options.at - last, 0)) / kDay;
        days *= kReturns * std::pow(1 + gone / (address ? 30 : 20), -1.5);
    }
    out.carried = static_cast<float>(carried);
    out.days = static_cast<float>(days);
    out.certainty = static_cast<float>(std::min(1 - doubt, 0.99));
    out.value = out.days * out.certainty * out.weight;
    return out;
}

bool isEligible(const Presence &row, const SelectionOptions &options)
{
    const Indicator &i = row.indicator;
    const bool type = i.type == Type::Domain || i.type == Type::Url || i.type == Type::Ipv4;
    // What its source still carries is still valid, whatever date it once gave.
    const bool present = i.present.value_or(row.present);
    const bool expired = i.validUntil != kNoTime && i.validUntil <= options.at && !(present && i.present);
    return type && !i.revoked && !expired && i.toIds && i.tlp <= options.highestTlp &&
           i.confidence.value_or(50) >= options.confidenceFloor;
}

} // namespace

struct Selector::State {
    struct Item {
        Worth worth;
        std::uint32_t offset = 0;
        std::uint16_t length = 0;
        Type type = Type::Domain;
    };
    /// A host or a registrable name with what is known below it.
    struct Group {
        double sum = 0;
        std::uint32_t members = 0; ///< URLs of a host, hosts of a name
        std::uint32_t best = 0;    ///< item
        std::uint32_t covers = 0;
        bool own = false;   ///< the host itself is an indicator
        float ownWorth = 0; ///< of it; several ports of one address count once
        bool forbidden = false;
    };
    SelectionOptions options;
    const WarningLists *warnings = nullptr;
    std::string texts;
    std::vector<Item> items;
    std::unordered_map<std::string_view, Group> hosts, names;
    Selection out;

    [[nodiscard]] std::string_view text(const Item &item) const
    {
        return std::string_view(texts).substr(item.offset, item.length);
    }
    [[nodiscard]] bool isWarned(std::string_view host) const
    {
        return warnings != nullptr && warnings->checkHost(host).has_value();
    }
    [[nodiscard]] std::string_view hostOf(const Item &item) const
    {
        return item.type == Type::Url ? keys::hostOfUrl(text(item)) : text(item);
    }
    void dropHopeless();
    void groupHosts();
    void groupNames();
    [[nodiscard]] bool standsForHost(const Group &host) const
    {
        return !host.forbidden && (host.own || host.members >= kUrlsForHost);
    }
    [[nodiscard]] const Group *nameOver(std::string_view host) const;
    void give(std::string entry, Type type, double score, std::uint32_t covers, const Item &best);
};

Selector::Selector(SelectionOptions options, const WarningLists *warnings)
    : m_state(std::make_unique<State>())
{
    m_state->options = options;
    m_state->warnings = warnings;
}

Selector::~Selector() = default;

void Selector::add(const std::vector<Presence> &rows)
{
    State &s = *m_state;
    std::vector<Presence> good;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(good),
                 [&](const Presence &row) { return isEligible(row, s.options); });
    if (good.empty()) {
        ++s.out.refused;
        return;
    }
    const Indicator &first = good.front().indicator;
    const bool suffix = first.type == Type::Domain && isPublicSuffix(first.value);
    if (suffix || (s.warnings != nullptr && s.warnings->check(first)) || first.value.size() > 1024) {
        ++s.out.refused;
        return;
    }
    ++s.out.eligible;
    State::Item item;
    item.worth = worthOf(good, s.options);
    item.offset = static_cast<std::uint32_t>(s.texts.size());
    item.length = static_cast<std::uint16_t>(first.value.size());
    item.type = first.type;
    s.texts += first.value;
    s.items.push_back(item);
}

/// Of millions only what may find a place is grouped.
void Selector::State::dropHopeless()
{
    const std::size_t most = options.places * 40;
    if (items.size() <= most) {
        return;
    }
    std::vector<float> values;
    values.reserve(items.size());
    for (const Item &item : items) {
        values.push_back(item.worth.value);
    }
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(most);
    std::nth_element(values.begin(), at, values.end(), std::greater<>());
    const float floor = *at;
    std::erase_if(items, [&](const Item &item) { return item.worth.value < floor; });
}

void Selector::State::groupHosts()
{
    for (std::uint32_t i = 0; i < items.size(); ++i) {
        const Item &item = items[i];
        Group &host = hosts[hostOf(item)];
        const bool first = host.covers == 0;
        host.own = host.own || item.type != Type::Url;
        host.members += item.type == Type::Url ? 1U : 0U;
        // A hacked site of somebody innocent: only the page is meant.
        host.forbidden = host.forbidden || (item.type == Type::Url && item.worth.compromised);
        const bool again = item.type != Type::Url && host.ownWorth > 0;
        host.sum += static_cast<double>(again ? std::max(item.worth.value - host.ownWorth, 0.0F) : item.worth.value);
        host.ownWorth = item.type != Type::Url ? std::max(host.ownWorth, item.worth.value) : host.ownWorth;
        host.best = first || items[host.best].worth.value < item.worth.value ? i : host.best;
        ++host.covers;
    }
    for (auto &[host, group] : hosts) {
        if (!group.own && group.members >= kUrlsForHost && !group.forbidden) {
            group.forbidden = isPublicSuffix(host) || isWarned(host);
        }
        group.forbidden = group.forbidden && !group.own;
    }
}

void Selector::State::groupNames()
{
    for (const auto &[host, group] : hosts) {
        const std::string_view name = registrableDomain(host);
        if (name.empty() || !standsForHost(group)) {
            continue;
        }
        Group &above = names[name];
        const bool better = above.covers == 0 || items[above.best].worth.value < items[group.best].worth.value ||
                            (items[above.best].worth.value == items[group.best].worth.value && group.best < above.best);
        above.sum += group.sum;
        above.members += host == name ? 0U : 1U;
        above.best = better ? group.best : above.best;
        above.covers += group.covers;
        above.own = above.own || (host == name && group.own);
        above.forbidden = above.forbidden || items[group.best].worth.compromised;
    }
    for (auto &[name, group] : names) {
        // Many bad hosts alone may be customers of a provider; the name itself must be known as bad too.
        group.forbidden = group.forbidden || !group.own || group.members < kHostsForName || isWarned(name) ||
                          isWarned("www." + std::string(name));
    }
}

const Selector::State::Group *Selector::State::nameOver(std::string_view host) const
{
    const auto found = names.find(registrableDomain(host));
    return found == names.end() || found->second.forbidden ? nullptr : &found->second;
}

void Selector::State::give(std::string entry, Type type, double score, std::uint32_t covers, const Item &best)
{
    out.entries.push_back({std::move(entry), type, score, covers, static_cast<double>(best.worth.days),
                           static_cast<double>(best.worth.certainty), static_cast<double>(best.worth.weight),
                           static_cast<double>(best.worth.carried), best.worth.present});
}

std::shared_ptr<const Selection> Selector::finish()
{
    State &s = *m_state;
    s.dropHopeless();
    s.hosts.reserve(s.items.size());
    s.groupHosts();
    s.groupNames();
    // Small first: only what can be among the best is spelled out.
    std::vector<double> scores;
    for (const auto &[host, group] : s.hosts) {
        scores.push_back(group.sum);
    }
    double floor = 0;
    if (scores.size() > s.options.places * 4) {
        const auto at = scores.begin() + static_cast<std::ptrdiff_t>(s.options.places * 4);
        std::nth_element(scores.begin(), at, scores.end(), std::greater<>());
        floor = *at;
    }
    for (const auto &[name, group] : s.names) {
        if (!group.forbidden && group.sum >= floor) {
            s.give("." + std::string(name), Type::Domain, group.sum, group.covers, s.items[group.best]);
        }
    }
    for (const auto &[host, group] : s.hosts) {
        if (s.standsForHost(group) && group.sum >= floor && s.nameOver(host) == nullptr) {
            const auto address = IpAddress::parse(host);
            s.give(std::string(host), address ? Type::Ipv4 : Type::Domain, group.sum, group.covers,
                   s.items[group.best]);
        }
    }
    for (const State::Item &item : s.items) {
        if (item.type != Type::Url || static_cast<double>(item.worth.value) < floor) {
            continue;
        }
        const std::string_view host = s.hostOf(item);
        if (!s.standsForHost(s.hosts.at(host)) && s.nameOver(host) == nullptr) {
            s.give(std::string(s.text(item)), Type::Url, static_cast<double>(item.worth.value), 1, item);
        }
    }
    auto &all = s.out.entries;
    std::sort(all.begin(), all.end(), [](const SelectedEntry &a, const SelectedEntry &b) {
        return a.score != b.score ? a.score > b.score : a.entry < b.entry;
    });
    s.out.missed = all.size() > s.options.places ? all.size() - s.options.places : 0;
    all.resize(std::min(all.size(), s.options.places));
    s.out.cut = all.empty() ? 0 : all.back().score;
    return std::make_shared<const Selection>(std::move(s.out));
}

} // namespace nightjar::intel
