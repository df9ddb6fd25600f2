// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/correlationrunner.h"

#include "pipeline/evidence.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace nightjar::pipeline {

namespace {

constexpr std::size_t kMaxState = 64u << 20U; ///< bytes of a checkpoint
constexpr std::int64_t kPassEvery = 60 * kMicrosPerSecond;
constexpr std::int64_t kPassShare = 10; ///< of the time, passes over late events take at most one part of so many
constexpr std::string_view kStateMagic = "NJSTATES1";

} // namespace

CorrelationHunt::CorrelationHunt(const sigma::RuleSet &rules, std::shared_ptr<const sigma::CorrelationSet> set)
    : m_set(std::move(set))
{
    std::vector<sigma::Rule> base;
    for (const std::uint32_t rule : m_set->baseRules()) {
        base.push_back(rules.rules()[rule]);
    }
    std::vector<sigma::Correlation> correlations;
    for (const sigma::CompiledCorrelation &one : m_set->correlations()) {
        correlations.push_back(one.rule);
    }
    m_rules = std::make_shared<const sigma::RuleSet>(sigma::RuleSet::compile(std::move(base), rules.mapping()));
    m_small = sigma::CorrelationSet::compile(std::move(correlations), *m_rules).set;
}

sigma::CorrelationHits CorrelationHunt::collect(const event::EventBlock &block, Timestamp latest) const
{
    return m_small->collect(block, m_rules->evaluate(block), latest);
}

Result<sigma::Correlator> CorrelationHunt::run(const store::EventStore &events, const Range &range,
                                               const CancelToken &cancel) const
{
    sigma::CorrelatorOptions options;
    options.lateness = sigma::kOpenTime;
    sigma::Correlator correlator(m_set, options);
    store::ScanRequest request;
    request.from = range.from;
    request.to = range.to;
    request.order = store::ScanOrder::OldestFirst;
    const sigma::ColumnNeeds ofRules = m_rules->needs();
    request.columns = m_small->needs().columns;
    request.columns.insert(request.columns.end(), ofRules.columns.begin(), ofRules.columns.end());
    request.allColumns = ofRules.all;
    bool fits = true;
    const Status scanned = events.scan(events.snapshot(), request, cancel, [&](const store::StoredBlock &stored) {
        if (stored.firstId > range.through) {
            return true;
        }
        // Blocks come in order of their oldest event: nothing older is still to come.
        const auto &times = stored.block.times();
        Timestamp oldest = sigma::kOpenTime;
        for (const Timestamp time : times) {
            oldest = time == kNoTime ? oldest : std::min(oldest, time);
        }
        correlator.advance(std::min(oldest, range.watermark));
        sigma::CorrelationHits hits = collect(stored.block, range.latest);
        std::erase_if(hits.events, [&](const sigma::CorrelationHits::Event &event) {
            return (range.from != kNoTime && event.time < range.from) ||
                   (range.to != kNoTime && event.time >= range.to);
        });
        fits = correlator.observe(std::move(hits), stored.firstId);
        return fits;
    });
    if (!scanned) {
        return fail(scanned.error());
    }
    if (!fits) {
        return fail("NJ-PIPE-020", "Cannot correlate stored events", "the rules changed in between", "Try again.");
    }
    if (range.watermark == sigma::kOpenTime) {
        correlator.drain();
    } else {
        correlator.advance(range.watermark);
    }
    return correlator;
}

CorrelationRunner::CorrelationRunner(store::EventStore &events, const alerts::FindingBuffer &alerts, const Clock &clock)
    : m_events(events)
    , m_alerts(alerts)
    , m_clock(clock)
{
}

Timestamp CorrelationRunner::latest() const
{
    return m_clock.now() + kMicrosPerDay;
}

Status CorrelationRunner::start(std::shared_ptr<const sigma::RuleSet> rules,
                                std::shared_ptr<const sigma::CorrelationSet> set, std::string_view state,
                                std::int64_t stateThrough, std::int64_t through, const CancelToken &cancel)
{
    m_correlator.reset();
    m_hunt.reset();
    m_rules = std::move(rules);
    if (!m_rules || !set || set->empty()) {
        return {};
    }
    m_hunt.emplace(*m_rules, set);
    m_correlator.emplace(set);
    if (auto restored = sigma::Correlator::restore(state, set)) {
        m_correlator = std::move(*restored);
    } else {
        return rebuild(through, cancel);
    }
    store::ScanRequest request;
    request.afterId = stateThrough;
    request.allColumns = true;
    return m_events.scan(m_events.snapshot(), request, cancel, [&](const store::StoredBlock &stored) {
        if (stored.firstId > through) {
            return false;
        }
        m_correlator->observe(m_hunt->collect(stored.block, latest()), stored.firstId);
        m_correlator->takeFindings(); // recorded before
        return true;
    });
}

/// The windows as they would be had these rules always been there.
Status CorrelationRunner::rebuild(std::int64_t through, const CancelToken &cancel)
{
    const sigma::CorrelatorOptions options;
    Timestamp newest = kNoTime;
    store::ScanRequest request;
    request.mayMatch = [&](const store::BlockSummary &block) {
        if (block.firstId() <= through) {
            newest = std::max(newest, block.maxTime() <= latest() ? block.maxTime() : block.minTime());
        }
        return false; // its times are all that is asked for
    };
    const Status scanned =
        m_events.scan(m_events.snapshot(), request, cancel, [](const store::StoredBlock &) { return false; });
    if (!scanned || newest == kNoTime) {
        return scanned;
    }
    newest = std::min(newest, m_clock.now());
    CorrelationHunt::Range range;
    range.watermark = newest - options.lateness;
    range.from = range.watermark - m_correlator->set()->reach();
    range.latest = latest();
    range.through = through;
    auto made = m_hunt->run(m_events, range, cancel);
    if (!made) {
        return fail(made.error());
    }
    made->setLateness(options.lateness);
    made->takeFindings(); // of the past: a hunt's business
    m_correlator = std::move(*made);
    return {};
}

Result<CorrelationRunner::Findings> CorrelationRunner::observe(CorrelatedBlock &&block, std::int64_t firstId)
{
    const std::uint64_t known = m_correlator ? m_correlator->set()->fingerprint() : 0;
    const bool none = !block.set || block.set->empty();
    if (none || block.set->fingerprint() != known) {
        if (auto started = start(block.rules, block.set, {}, 0, none ? 0 : firstId - 1, {}); !started) {
            return fail(started.error());
        }
        if (none) {
            return Findings();
        }
    }
    m_lastEvent = m_clock.now();
    m_correlator->observe(std::move(block.hits), firstId);
    return findingsOf(m_correlator->takeFindings(), kNoTime, false);
}

Result<CorrelationRunner::Findings> CorrelationRunner::settle(bool ending, const CancelToken &cancel)
{
    if (!m_correlator) {
        return Findings();
    }
    const Timestamp now = m_clock.now();
    const sigma::CorrelatorOptions options;
    if (m_correlator->waiting() && (ending || m_lastEvent == kNoTime || now - m_lastEvent >= options.lateness)) {
        m_correlator->drain();
    }
    auto findings = findingsOf(m_correlator->takeFindings(), kNoTime, false);
    const bool due =
        m_lastPass == kNoTime || now < m_lastPass || now - m_lastPass >= std::max(kPassEvery, m_passTook * kPassShare);
    if (findings && m_correlator->lateRange() && (ending || due)) {
        auto more = redoLate(ending, cancel);
        if (!more) {
            return more;
        }
        findings->insert(findings->end(), std::make_move_iterator(more->begin()), std::make_move_iterator(more->end()));
    }
    return findings;
}

/// Events can matter to others for the longest timespan: what may have changed lies within it around the late ones.
Result<CorrelationRunner::Findings> CorrelationRunner::redoLate(bool ending, const CancelToken &cancel)
{
    const auto began = std::chrono::steady_clock::now();
    const auto [from, to] = *m_correlator->lateRange();
    const std::int64_t reach = m_correlator->set()->reach();
    const Timestamp watermark = m_correlator->watermark();
    const bool touchesPresent = to + reach >= watermark;
    CorrelationHunt::Range range;
    range.from = from - reach;
    range.to = touchesPresent ? kNoTime : to + reach + 1;
    range.watermark = touchesPresent ? watermark : sigma::kOpenTime;
    range.latest = latest();
    auto made = m_hunt->run(m_events, range, cancel);
    if (!made) {
        return fail(made.error());
    }
    if (cancel.cancelled()) {
        return Findings(); // the range stays to be looked at
    }
    if (ending) {
        made->drain(); // also what is as new as the watermark
    }
    auto found = made->takeFindings();
    m_correlator->clearLate();
    if (touchesPresent) {
        made->setLateness(sigma::CorrelatorOptions().lateness);
        m_correlator = std::move(*made);
    }
    m_lastPass = m_clock.now();
    m_passTook =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began).count();
    return findingsOf(std::move(found), from, true);
}

/// `notBefore`: findings completed earlier may come from windows that are only partly known; they count where there is
/// an alert that they belong to.
Result<CorrelationRunner::Findings> CorrelationRunner::findingsOf(std::vector<sigma::CorrelationFinding> &&found,
                                                                  Timestamp notBefore, bool retro)
{
    Findings findings;
    std::vector<std::vector<std::int64_t>> ids;
    const sigma::CorrelationSet &set = *m_correlator->set();
    std::erase_if(found, [&](const sigma::CorrelationFinding &one) {
        return set.correlations()[one.correlation].rule.head.level == "informational" ||
               (notBefore != kNoTime && one.last < notBefore);
    });
    std::vector<alerts::KeyRange> ranges;
    for (const sigma::CorrelationFinding &one : found) {
        ranges.push_back({one.keyPrefix(set), one.first, one.last});
    }
    const auto known = m_alerts.keysWithin(ranges);
    if (!known) {
        return fail(known.error());
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        sigma::CorrelationFinding &one = found[i];
        if (!(*known)[i] && notBefore != kNoTime && one.completed < notBefore) {
            continue;
        }
        alerts::Finding &finding = findings.emplace_back(correlationFinding(set, one));
        finding.key = (*known)[i].value_or(finding.key);
        finding.retro = retro;
        // The newest ones; an alert that has enough costs no reading.
        const auto most = static_cast<std::ptrdiff_t>(m_told.ask(finding.key, finding.score, one.ids.size()).evidence);
        ids.emplace_back(one.ids.end() - most, one.ids.end());
    }
    std::vector<EvidenceWanted> wanted;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        wanted.push_back({&findings[i], std::move(ids[i]), true});
    }
    if (auto added = addStoredEvidence(m_events, m_events.snapshot(), wanted); !added) {
        return fail(added.error());
    }
    return findings;
}

std::string CorrelationRunner::snapshot() const
{
    if (!m_correlator || m_correlator->bytes() > kMaxState) {
        return {};
    }
    return m_correlator->snapshot();
}

sigma::CorrelatorNotices CorrelationRunner::notices() const
{
    return m_correlator ? m_correlator->notices() : sigma::CorrelatorNotices();
}

std::string joinStates(const std::string &first, const std::string &second)
{
    std::string both(kStateMagic);
    for (unsigned shift = 0; shift < 64; shift += 8) {
        both.push_back(static_cast<char>(std::uint64_t{first.size()} >> shift & 0xFFU));
    }
    return both + first + second;
}

std::pair<std::string_view, std::string_view> splitStates(std::string_view both)
{
    constexpr std::size_t kHead = kStateMagic.size() + 8;
    if (!both.starts_with(kStateMagic) || both.size() < kHead) {
        return {both, {}};
    }
    std::uint64_t size = 0;
    for (unsigned i = 0; i < 8; ++i) {
        size |= std::uint64_t{static_cast<std::uint8_t>(both[kStateMagic.size() + i])} << (8 * i);
    }
    both.remove_prefix(kHead);
    return {both.substr(0, size), both.substr(std::min<std::size_t>(size, both.size()))};
}

} // namespace nightjar::pipeline
