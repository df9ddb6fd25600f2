// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/engine.h"

#include "base/domain.h"
#include "base/text.h"
#include "base/url.h"
#include "intel/retrohunt.h"
#include "pipeline/evidence.h"
#include "pipeline/findings.h"
#include "workspace/indicatorfile.h"

#include <algorithm>
#include <chrono>

namespace nightjar::workspace {

namespace {

using Summary = IntelService::Summary;

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

constexpr std::int64_t kUsualDelivery = 1000; ///< values from which on shrinking is suspicious
constexpr std::int64_t kShrinks = 10;         ///< a tenth of what was

std::vector<std::string> ownDomains(const Engine &engine)
{
    std::vector<std::string> out;
    const std::string own = engine.settings->text("respond.own_domains");
    for (const std::string_view name : split(own, ',')) {
        if (const auto host = canonicalDomain(trim(name))) {
            out.push_back(*host);
        }
    }
    return out;
}

/// Well-known, shared or own: a feed that carries it is wrong or poisoned, so it may neither alert nor be pushed.
bool isHarmless(const intel::Indicator &indicator, const intel::WarningLists &warnings,
                const std::vector<std::string> &own)
{
    const auto warning = warnings.check(indicator);
    if (warning && warning->effect == intel::WarningEffect::Silence) {
        return true;
    }
    const std::string_view host = indicator.type == intel::Type::Url      ? splitUrl(indicator.value).host
                                  : indicator.type == intel::Type::Domain ? std::string_view(indicator.value)
                                                                          : std::string_view();
    return std::any_of(own.begin(), own.end(),
                       [&](const std::string &name) { return !host.empty() && isSameOrSubdomain(host, name); });
}

std::int64_t sizeOfLastDelivery(const intel::IndicatorStore &store, const std::string &source)
{
    const auto imports = store.imports();
    for (const intel::ImportBatch &batch : imports.value_or(std::vector<intel::ImportBatch>())) {
        if (batch.source == source && !batch.undone) {
            return batch.read - batch.invalid;
        }
    }
    return 0;
}

/// Whole copies of the events that findings point to; the hunt itself reads only the columns it needs.
Status fillEvidence(const Engine &engine, const store::Snapshot &snapshot, std::vector<alerts::Finding> &findings)
{
    std::vector<pipeline::EvidenceWanted> wanted;
    for (alerts::Finding &finding : findings) {
        pipeline::EvidenceWanted &one = wanted.emplace_back();
        one.finding = &finding;
        for (const alerts::Evidence &evidence : finding.evidence) {
            one.ids.push_back(evidence.eventId);
        }
        finding.evidence.clear();
    }
    return pipeline::addStoredEvidence(*engine.events, snapshot, wanted);
}

std::vector<std::string> huntColumns()
{
    std::vector<std::string> columns;
    for (const std::string_view column : intel::IndicatorSet::columns()) {
        columns.emplace_back(column);
    }
    for (const event::Field field : {event::Field::UserName, event::Field::SourceIp, event::Field::EventType,
                                     event::Field::HostHostname, event::Field::UrlPath}) {
        columns.emplace_back(event::name(field));
    }
    return columns;
}

Status huntSet(Engine &engine, const intel::IndicatorSet &set, Summary &summary, const CancelToken &cancel,
               const std::function<void(std::int64_t)> &progress)
{
    const auto snapshot = engine.events->snapshot();
    const intel::HuntWindow window = intel::huntWindow(set);
    const intel::BlockSource blocks = [&](const std::function<bool(std::int64_t, const event::EventBlock &)> &visit) {
        store::ScanRequest request;
        request.from = window.from;
        request.to = window.to;
        request.order = store::ScanOrder::NewestFirst;
        request.columns = huntColumns();
        return engine.events->scan(snapshot, request, cancel, [&](const store::StoredBlock &stored) {
            return visit(stored.firstId, stored.block);
        });
    };
    const auto onBlock = [&](std::int64_t firstId, const event::EventBlock &block,
                             std::span<const intel::Sighting> sightings) -> Status {
        auto findings = pipeline::intelFindings(block, set, sightings, true);
        pipeline::shiftIds(findings, firstId);
        if (auto filled = fillEvidence(engine, snapshot, findings); !filled) {
            return filled;
        }
        const auto added = engine.alerts->record(findings, 0);
        summary.alerts += added.value_or(0);
        return added ? Status() : fail(added.error());
    };
    const auto result = intel::hunt(set, blocks, {}, onBlock, cancel, progress);
    if (!result) {
        return fail(result.error());
    }
    summary.sightings += result->sightings;
    summary.eventsHunted = std::max(summary.eventsHunted, result->eventsScanned);
    summary.huntSeconds += result->seconds;
    return {};
}

/// Hunts everything that waits, in slices; what is cancelled here goes on with the next import.
Status huntPending(Engine &engine, Summary &summary, const CancelToken &cancel,
                   const std::function<void(const std::string &, double)> &progress)
{
    const auto total = std::max<std::int64_t>(engine.events->snapshot().events(), 1);
    while (!cancel.cancelled()) {
        const auto pending = engine.indicators->pendingHunt();
        if (!pending) {
            return fail(pending.error());
        }
        if (pending->marks.empty()) {
            return {};
        }
        const auto tell = [&](std::int64_t events) {
            if (progress) {
                progress("Hunting in the past", static_cast<double>(events) / static_cast<double>(total));
            }
        };
        if (auto hunted = huntSet(engine, *pending->set, summary, cancel, tell); !hunted) {
            return hunted;
        }
        if (cancel.cancelled()) {
            return {};
        }
        if (auto finished = engine.indicators->finishHunt(pending->marks); !finished) {
            return finished;
        }
    }
    return {};
}

} // namespace

Result<Summary> IntelService::importFile(const std::filesystem::path &path, const std::string &source,
                                         const std::function<void(const std::string &, double)> &progress,
                                         const CancelToken &cancel)
{
    return importDelivery(path, source, {}, progress, cancel);
}

Result<std::shared_ptr<const intel::IndicatorSet>> IntelService::indicators()
{
    return m_engine.indicators->load();
}

Result<std::shared_ptr<const intel::Selection>> IntelService::select(const Choice &choice)
{
    const auto warnings = intel::WarningLists::load(resourcesFolder() / "warning");
    if (!warnings) {
        return fail(warnings.error()); // without them a popular host could be blocked
    }
    intel::SelectionOptions options;
    options.places = choice.places;
    options.at = choice.at == kNoTime ? m_engine.clock.now() : choice.at;
    options.horizonMicros = choice.horizonMicros;
    return m_engine.indicators->select(options, &*warnings);
}

Result<Summary> IntelService::importDelivery(const std::filesystem::path &path, const std::string &source,
                                             const Delivery &delivery,
                                             const std::function<void(const std::string &, double)> &progress,
                                             const CancelToken &cancel)
{
    const auto start = std::chrono::steady_clock::now();
    std::lock_guard lock(m_engine.importing);
    intel::ImportDefaults defaults;
    defaults.source = source;
    defaults.at = delivery.at;
    defaults.toIds = static_cast<intel::ToIdsChoice>(delivery.toIds);
    intel::ImportHooks hooks;
    hooks.cancel = cancel;
    if (progress) {
        hooks.progress = [&](std::uint64_t done, std::uint64_t total) {
            progress("Reading indicators", total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0);
        };
    }
    const auto warnings = intel::WarningLists::load(resourcesFolder() / "warning");
    if (!warnings) {
        return fail(warnings.error());
    }
    const auto own = ownDomains(m_engine);
    std::int64_t warned = 0;
    std::int64_t taken = 0;
    const auto previous = delivery.accept ? 0 : sizeOfLastDelivery(*m_engine.indicators, source);
    const auto imported = m_engine.indicators->importWith(
        defaults, path.string(),
        [&](const intel::ImportDefaults &chosen, const intel::IndicatorSink &sink) -> Result<intel::ImportReport> {
            const auto guarded = [&](intel::Indicator &&indicator) {
                ++taken;
                if (isHarmless(indicator, *warnings, own)) {
                    ++warned;
                    indicator.toIds = indicator.toIds && delivery.accept;
                }
                return sink(std::move(indicator));
            };
            auto report = readIndicatorFile(path, chosen, guarded, hooks);
            if (report && !report->cancelled && previous >= kUsualDelivery && taken * kShrinks < previous) {
                return fail("NJ-INTEL-043", "The delivery is held back",
                            "it has " + std::to_string(taken) + " values, the one before had " +
                                std::to_string(previous),
                            "Nothing was changed. If the source really is that small now, accept the delivery.");
            }
            return report;
        });
    if (!imported) {
        return fail(imported.error());
    }
    m_engine.forgetDetectors();
    Summary summary;
    summary.import = imported->batch.id;
    summary.read = imported->report.read;
    summary.added = imported->batch.added;
    summary.updated = imported->batch.updated;
    summary.warned = warned;
    summary.revoked = imported->batch.revoked;
    summary.invalid = imported->report.invalid;
    for (std::size_t i = 0; i < intel::kTypeCount; ++i) {
        if (imported->report.byType[i] > 0) {
            summary.byType.emplace_back(intel::name(static_cast<intel::Type>(i)), imported->report.byType[i]);
        }
    }
    for (const intel::InvalidRow &row : imported->report.invalidRows) {
        summary.invalidRows.emplace_back(row.line, row.reason);
    }
    auto hunted = huntPending(m_engine, summary, cancel, progress);
    ++m_engine.changes;
    if (!hunted) {
        return fail(hunted.error());
    }
    summary.seconds = secondsSince(start);
    return summary;
}

Result<std::int64_t> IntelService::undo(std::int64_t import)
{
    std::lock_guard lock(m_engine.importing);
    auto undone = m_engine.indicators->undo(import);
    m_engine.forgetDetectors();
    ++m_engine.changes;
    return undone;
}

Result<std::vector<IntelService::Row>> IntelService::list(const std::string &text, std::size_t limit)
{
    const auto found = m_engine.indicators->list(text, limit);
    if (!found) {
        return fail(found.error());
    }
    std::vector<Row> rows;
    for (const intel::ListedIndicator &listed : *found) {
        const intel::Indicator &i = listed.indicator;
        rows.push_back({std::string(intel::name(i.type)), i.value, i.source, i.malware.empty() ? i.threat : i.malware,
                        i.firstSeen, intel::effectiveEnd(i)});
    }
    return rows;
}

Result<Summary> IntelService::hunt(const std::vector<std::string> &values, const CancelToken &cancel)
{
    const auto start = std::chrono::steady_clock::now();
    std::lock_guard lock(m_engine.importing);
    Summary summary;
    intel::IndicatorSet::Builder builder(true);
    for (const std::string &value : values) {
        ++summary.read;
        auto indicator = intel::indicatorFromText(value);
        if (!indicator) {
            ++summary.invalid;
            summary.invalidRows.emplace_back(static_cast<std::uint64_t>(summary.read), indicator.error().title);
            continue;
        }
        indicator->source = "asked for";
        builder.add(*indicator);
    }
    const auto set = builder.finish();
    if (auto hunted = huntSet(m_engine, *set, summary, cancel, {}); !hunted) {
        return fail(hunted.error());
    }
    ++m_engine.changes;
    summary.seconds = secondsSince(start);
    return summary;
}

} // namespace nightjar::workspace
