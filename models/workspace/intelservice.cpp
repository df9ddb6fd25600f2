// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/intelservice.h"

#include "base/files.h"
#include "workspace/indicatorfile.h"
#include "workspace/inteldelivery.h"
#include "workspace/intelhunt.h"
#include "workspace/warnings.h"

#include <algorithm>
#include <chrono>

namespace nightjar::workspace {

namespace {

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Result<IntelService::Hunt> look(Engine &engine, const intel::IndicatorSet &set, const StageProgress &progress,
                                const CancelToken &cancel)
{
    const auto total = std::max<std::int64_t>(engine.events->snapshot().events(), 1);
    const auto hunted = huntSet(engine, set, nullptr, cancel, [&](std::int64_t events) {
        if (progress) {
            progress("Hunting in the past", static_cast<double>(events) / static_cast<double>(total));
        }
    });
    if (!hunted) {
        return fail(hunted.error());
    }
    IntelService::Hunt out;
    out.indicators = hunted->indicators;
    out.events = hunted->eventsScanned;
    out.blocksSkipped = hunted->blocksSkipped;
    out.sightings = hunted->sightings;
    out.seconds = hunted->seconds;
    out.from = hunted->from;
    out.to = hunted->to;
    for (const intel::HuntHit &hit : hunted->hits) {
        const intel::Indicator indicator = set.indicator(hit.sighting.indicator);
        out.found.push_back({hit.eventId, hit.time, std::string(hit.sighting.column), hit.sighting.value,
                             indicator.value, std::string(intel::name(indicator.type)), indicator.source,
                             hit.sighting.early});
    }
    std::sort(out.found.begin(), out.found.end(), [](const auto &a, const auto &b) {
        return std::tie(a.event, a.indicator) < std::tie(b.event, b.indicator);
    });
    return out;
}

} // namespace

Result<IntelSummary> IntelService::importFile(const std::filesystem::path &path, const std::string &source,
                                              const StageProgress &progress, const CancelToken &cancel)
{
    return importDelivery(path, source, {}, progress, cancel);
}

Result<IntelSummary> IntelService::importDelivery(const std::filesystem::path &path, const std::string &source,
                                                  const Delivery &delivery, const StageProgress &progress,
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
    IntelSummary summary;
    const auto read = [&](const intel::ImportDefaults &chosen, const intel::IndicatorSink &sink) {
        return readIndicatorFile(path, chosen, sink, hooks);
    };
    Status done = takeDelivery(m_engine, defaults, path.string(), delivery.accept, read, cancel, summary);
    if (done) {
        done = huntPending(m_engine, summary, progress, cancel);
    }
    ++m_engine.changes;
    if (!done) {
        return fail(done.error());
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

Result<IntelService::ListSummary> IntelService::exportList(const ListOptions &options,
                                                           const std::function<void(std::string_view)> &sink)
{
    const Timestamp now = m_engine.clock.now();
    intel::ListWriter writer(options.format, now, sink);
    ListSummary summary;
    const auto done = m_engine.indicators->forEach(options.text, [&](const intel::Indicator &indicator) {
        const Timestamp end = intel::effectiveEnd(indicator);
        if (indicator.tlp > options.highest) {
            ++summary.restricted;
        } else if (!options.expired && (indicator.revoked || (end != kNoTime && end <= now))) {
            ++summary.ended;
        } else {
            ++(writer.write(indicator) ? summary.written : summary.unfit);
        }
    });
    if (!done) {
        return fail(done.error());
    }
    writer.finish();
    return summary;
}

Result<IntelService::Found> IntelService::find(const std::string &text, std::size_t limit, const CancelToken &cancel)
{
    const auto detectors = m_engine.detectors();
    if (!detectors) {
        return fail(detectors.error());
    }
    auto set = detectors->indicators;
    if (!set) { // matching is switched off
        auto loaded = m_engine.indicators->load();
        if (!loaded) {
            return fail(loaded.error());
        }
        set = std::move(*loaded);
    }
    const auto hits = set->search(text, limit, cancel);
    Found found{static_cast<std::int64_t>(set->size()), hits.count, {}};
    for (const intel::IndicatorId id : hits.first) {
        const intel::Indicator i = set->indicator(id);
        found.rows.push_back({std::string(intel::name(i.type)), i.value, i.source,
                              i.malware.empty() ? i.threat : i.malware, kNoTime, i.validUntil,
                              i.confidence.value_or(-1), i.toIds});
    }
    return found;
}

Result<IntelService::Hunt> IntelService::hunt(const std::vector<std::string> &values, const StageProgress &progress,
                                              const CancelToken &cancel)
{
    std::vector<std::pair<std::uint64_t, std::string>> invalid;
    intel::IndicatorSet::Builder builder(true);
    std::uint64_t number = 0;
    for (const std::string &value : values) {
        ++number;
        auto indicator = intel::indicatorFromText(value);
        if (!indicator) {
            invalid.emplace_back(number, indicator.error().title);
            continue;
        }
        indicator->source = "asked for";
        builder.add(*indicator);
    }
    auto out = look(m_engine, *builder.finish(), progress, cancel);
    if (out) {
        out->invalid = std::move(invalid);
    }
    return out;
}

Result<IntelService::Hunt> IntelService::huntImport(std::int64_t import, const StageProgress &progress,
                                                    const CancelToken &cancel)
{
    const auto set = m_engine.indicators->ofImport(import);
    return set ? look(m_engine, **set, progress, cancel) : fail(set.error());
}

Result<std::pair<std::string, std::size_t>> IntelService::importWarningList(const std::filesystem::path &path)
{
    constexpr std::uint64_t kMaxList = 256U << 20U;
    const auto text = readFile(path, kMaxList);
    if (!text) {
        return fail(text.error());
    }
    const auto list = intel::convertMispList(*text);
    if (!list) {
        return fail(list.error());
    }
    std::string name;
    for (const char c : list->title) {
        name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '-';
    }
    const auto folder = m_engine.folder / kWarningFolder;
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (auto written = writeFileAtomically(folder / (name + ".txt"), list->text); !written) {
        return fail(written.error());
    }
    return std::pair(list->title, list->taken);
}

Result<std::shared_ptr<const intel::IndicatorSet>> IntelService::indicators()
{
    return m_engine.indicators->load();
}

Result<std::shared_ptr<const intel::Selection>> IntelService::select(const Choice &choice)
{
    const auto warnings = indicatorWarnings(m_engine);
    if (!warnings) {
        return fail(warnings.error()); // without them a popular host could be blocked
    }
    intel::SelectionOptions options;
    options.places = choice.places;
    options.at = choice.at == kNoTime ? m_engine.clock.now() : choice.at;
    options.horizonMicros = choice.horizonMicros;
    return m_engine.indicators->select(options, &*warnings);
}

} // namespace nightjar::workspace
