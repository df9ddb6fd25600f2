// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/engine.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace nightjar::workspace {

namespace {

constexpr std::size_t kManyAlerts = 100'000;

/// A width of round numbers that cuts the range into about `buckets` parts.
std::int64_t roundBucket(std::int64_t span, std::size_t buckets)
{
    constexpr std::int64_t kMinute = 60 * kMicrosPerSecond;
    constexpr std::int64_t kWidths[] = {kMinute,       5 * kMinute,      15 * kMinute,  30 * kMinute,
                                        60 * kMinute,  180 * kMinute,    360 * kMinute, kMicrosPerDay / 2,
                                        kMicrosPerDay, 7 * kMicrosPerDay};
    const std::int64_t wanted = span / static_cast<std::int64_t>(std::max<std::size_t>(buckets, 1));
    for (const std::int64_t width : kWidths) {
        if (width >= wanted) {
            return width;
        }
    }
    return (wanted / (7 * kMicrosPerDay) + 1) * 7 * kMicrosPerDay;
}

std::int64_t floorTo(Timestamp time, std::int64_t width)
{
    return time - ((time % width) + width) % width;
}

void addToBuckets(Overview &overview, const alerts::Alert &alert)
{
    const std::int64_t first = overview.alertBuckets.front().start;
    const std::int64_t index = (alert.finding.last - first) / overview.bucketMicros;
    if (alert.finding.last < first || index >= static_cast<std::int64_t>(overview.alertBuckets.size())) {
        return;
    }
    SeverityBucket &bucket = overview.alertBuckets[static_cast<std::size_t>(index)];
    ++bucket.bySeverity[static_cast<std::size_t>(alert.finding.severity)];
    ++bucket.byEngine[static_cast<std::size_t>(alert.finding.engine)];
}

/// Risk of an entity: scores of its open alerts, halved with each day before the newest event and with each further
/// alert.
struct Risk {
    double sum = 0;
    int alerts = 0;
    std::vector<std::string> titles;
};

std::vector<EntityRisk> rank(std::map<std::pair<std::string, std::string>, Risk> &risks)
{
    std::vector<EntityRisk> ranked;
    for (auto &[key, risk] : risks) {
        std::string about;
        for (const std::string &title : risk.titles) {
            about += (about.empty() ? "" : ", ") + title;
        }
        ranked.push_back(
            {key.first, key.second, about, static_cast<int>(std::lround(std::min(100.0, risk.sum))), risk.alerts});
    }
    std::sort(ranked.begin(), ranked.end(), [](const EntityRisk &a, const EntityRisk &b) {
        return std::tie(b.risk, b.alerts, a.name) < std::tie(a.risk, a.alerts, b.name);
    });
    ranked.resize(std::min<std::size_t>(ranked.size(), 12));
    return ranked;
}

} // namespace

Result<std::vector<alerts::Alert>> TriageService::list(const AlertFilter &filter)
{
    alerts::Filter stored;
    stored.openOnly = filter.openOnly;
    stored.status = filter.status ? std::string(alerts::name(*filter.status)) : std::string();
    stored.text = filter.text;
    stored.limit = filter.limit;
    return m_engine.alerts->list(stored);
}

Result<alerts::Alert> TriageService::get(std::int64_t id)
{
    return m_engine.alerts->get(id);
}

Status TriageService::change(const std::vector<std::int64_t> &ids, const AlertChange &change, const std::string &who)
{
    alerts::Change stored;
    stored.status = change.status;
    stored.verdict = change.verdict;
    stored.note = change.note;
    auto done = m_engine.alerts->change(ids, stored, who);
    ++m_engine.changes;
    return done;
}

Result<std::string> TriageService::undo(const std::string &who)
{
    auto done = m_engine.alerts->undo(who);
    ++m_engine.changes;
    return done;
}

Status TriageService::forgetLearnt()
{
    return m_engine.alerts->forgetLearnt();
}

Result<Overview> TriageService::overview(Timestamp from, Timestamp to, std::size_t buckets)
{
    Overview overview;
    const auto snapshot = m_engine.events->snapshot();
    overview.events = snapshot.events();
    overview.firstEvent = snapshot.minTime();
    overview.lastEvent = snapshot.maxTime();
    overview.storeBytes = m_engine.events->diskBytes();
    overview.quarantined = m_engine.events->quarantinedCount();
    overview.rules = static_cast<std::int64_t>(m_engine.rules);
    const auto indicators = m_engine.indicators->count();
    if (!indicators) {
        return fail(indicators.error());
    }
    overview.indicators = *indicators;
    const auto owned = m_engine.journal->owned();
    if (!owned) {
        return fail(owned.error());
    }
    overview.blocked = std::count_if(owned->begin(), owned->end(), [](const auto &o) { return o.liveAt != kNoTime; });
    if (from == kNoTime) {
        from = overview.firstEvent;
    }
    if (to == kNoTime) {
        to = overview.lastEvent == kNoTime ? kNoTime : overview.lastEvent + 1;
    }
    if (from != kNoTime && to != kNoTime && to > from) {
        overview.bucketMicros = roundBucket(to - from, buckets);
        for (Timestamp start = floorTo(from, overview.bucketMicros); start < to; start += overview.bucketMicros) {
            overview.alertBuckets.emplace_back().start = start;
        }
        SearchRequest request;
        request.from = overview.alertBuckets.front().start;
        request.to = overview.alertBuckets.back().start + overview.bucketMicros;
        auto volume = SearchService(m_engine).histogram(request, overview.bucketMicros, CancelToken());
        if (!volume) {
            return fail(volume.error());
        }
        overview.volume = std::move(*volume);
    }
    const auto all = m_engine.alerts->list({false, {}, {}, kManyAlerts});
    if (!all) {
        return fail(all.error());
    }
    std::map<std::pair<std::string, std::string>, Risk> risks;
    for (const alerts::Alert &alert : *all) {
        const alerts::Finding &f = alert.finding;
        ++overview.alerts;
        overview.matchedEvents += f.events;
        if (!overview.alertBuckets.empty()) {
            addToBuckets(overview, alert);
        }
        if (alert.status == alerts::Status::Closed) {
            continue;
        }
        ++overview.openAlerts;
        ++overview.openBySeverity[static_cast<std::size_t>(f.severity)];
        const double age = static_cast<double>(overview.lastEvent - f.last) / static_cast<double>(kMicrosPerDay);
        for (const auto &[kind, name] : {std::pair<std::string, std::string>("user", f.user), {"host", f.entity}}) {
            if (!name.empty()) {
                Risk &risk = risks[{kind, name}];
                risk.sum += f.score * std::exp2(-std::max(0.0, age)) * std::exp2(-risk.alerts);
                ++risk.alerts;
                if (risk.titles.size() < 2 &&
                    std::find(risk.titles.begin(), risk.titles.end(), f.title) == risk.titles.end()) {
                    risk.titles.push_back(f.title);
                }
            }
        }
    }
    overview.entities = rank(risks);
    return overview;
}

} // namespace nightjar::workspace
