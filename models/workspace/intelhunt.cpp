// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/intelhunt.h"

#include "pipeline/evidence.h"
#include "pipeline/findings.h"
#include "pipeline/grouping.h"

#include <algorithm>
#include <thread>

namespace nightjar::workspace {

namespace {

/// What the description of a hit is made of.
std::vector<std::string> storyColumns(std::vector<std::string> columns)
{
    for (const event::Field field :
         {event::Field::UserName, event::Field::SourceIp, event::Field::EventType, event::Field::HostHostname,
          event::Field::UrlPath, event::Field::UrlOriginal, event::Field::UrlDomain, event::Field::DestinationIp}) {
        columns.emplace_back(event::name(field));
    }
    return columns;
}

/// Whole copies of the events that findings point to; the hunt itself reads only the columns it needs.
Status fillEvidence(const Engine &engine, std::vector<alerts::Finding> &findings)
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
    return pipeline::addStoredEvidence(*engine.events, engine.events->snapshot(), wanted);
}

} // namespace

Result<intel::HuntResult> huntSet(Engine &engine, const intel::IndicatorSet &set, alerts::FindingBuffer *alerts,
                                  const CancelToken &cancel, const std::function<void(std::int64_t)> &progress)
{
    const auto snapshot = engine.events->snapshot();
    const intel::HuntWindow window = intel::huntWindow(set);
    const std::vector<std::string> columns = set.usefulColumns();
    const intel::BlockSource blocks = [&](const std::function<bool(std::int64_t, const event::EventBlock &)> &visit) {
        store::ScanRequest request;
        request.from = window.from;
        request.to = window.to;
        request.columns = columns;
        return engine.events->scanParallel(
            snapshot, request, std::max(1U, std::thread::hardware_concurrency()), cancel,
            [&](const store::StoredBlock &stored) { return visit(stored.firstId, stored.block); });
    };
    const std::vector<std::string> whole = storyColumns(columns);
    pipeline::ToldGroups told;
    const auto onBlock = [&](std::int64_t firstId, const event::EventBlock &,
                             std::span<const intel::Sighting> sightings) -> Status {
        if (alerts == nullptr) {
            return {};
        }
        store::ScanRequest again; // most blocks have no hit, so that the rest is read for those that have
        again.afterId = firstId - 1;
        again.columns = whole;
        return engine.events->scan(snapshot, again, {}, [&](const store::StoredBlock &stored) {
            auto findings = pipeline::intelFindings(stored.block, set, sightings, true, &told);
            pipeline::shiftIds(findings, firstId);
            for (alerts::Finding &finding : findings) {
                for (alerts::Evidence &evidence : finding.evidence) {
                    evidence = {evidence.eventId, evidence.time, {}, {}}; // read whole in the end
                }
            }
            alerts->add(std::move(findings));
            return false;
        });
    };
    return intel::hunt(set, blocks, {}, onBlock, cancel, progress);
}

Status huntPending(Engine &engine, IntelSummary &summary, const StageProgress &progress, const CancelToken &cancel)
{
    const std::int64_t total = engine.events->snapshot().events();
    if (total == 0) {
        return engine.indicators->skipHunts();
    }
    while (!cancel.cancelled()) {
        const auto pending = engine.indicators->pendingHunt();
        if (!pending) {
            return fail(pending.error());
        }
        if (pending->marks.empty()) {
            return {};
        }
        alerts::FindingBuffer found(*engine.alerts);
        const auto hunted = huntSet(engine, *pending->set, &found, cancel, [&](std::int64_t events) {
            if (progress) {
                progress("Hunting in the past", static_cast<double>(events) / static_cast<double>(total));
            }
        });
        if (!hunted) {
            return fail(hunted.error());
        }
        if (cancel.cancelled()) {
            return {};
        }
        std::vector<alerts::Finding> findings = found.take();
        if (auto filled = fillEvidence(engine, findings); !filled) {
            return filled;
        }
        const auto added = engine.alerts->recordWith(findings, [&](store::Database &catalog) {
            return intel::IndicatorStore::finishHunt(catalog, pending->marks);
        });
        if (!added) {
            return fail(added.error());
        }
        summary.alerts += *added;
        summary.sightings += hunted->sightings;
        summary.eventsHunted = std::max(summary.eventsHunted, hunted->eventsScanned);
        summary.huntSeconds += hunted->seconds;
    }
    return {};
}

} // namespace nightjar::workspace
