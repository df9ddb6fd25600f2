// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/engine.h"

#include "logs/framer.h"
#include "pipeline/livepath.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>

/// Records that could not be parsed: looked at once more.
namespace nightjar::workspace {

namespace {

constexpr const char *kTooLong = "NJ-LOGS-001"; ///< only its beginning is kept: it must not become an event

/// The header line that named the columns where the record stood, when its source has one.
std::shared_ptr<const logs::CsvHeader> headerOf(const store::EventStore &events, const std::string &sourceKey)
{
    const auto cursor = events.cursor(sourceKey);
    if (!cursor) {
        return nullptr;
    }
    // Followed files keep their place in the line before.
    const std::size_t lineEnd = cursor->framerState.find('\n');
    const std::string state =
        lineEnd == std::string::npos ? cursor->framerState : cursor->framerState.substr(lineEnd + 1);
    const auto read = logs::FramerState::fromText(state);
    auto header = read ? logs::csvHeader(read->header) : std::nullopt;
    return header ? std::make_shared<const logs::CsvHeader>(std::move(*header)) : nullptr;
}

constexpr std::size_t kMostRecords = 200'000; ///< in one go
constexpr std::size_t kBatchRecords = 16'384;
constexpr std::size_t kBatchBytes = 32U << 20U;

/// A second look at the records of one source.
class Retry {
public:
    Retry(store::EventStore &events, pipeline::Committer &committer, pipeline::Processor &processor, bool detect,
          QuarantineSummary &summary)
        : m_events(events)
        , m_committer(committer)
        , m_processor(processor)
        , m_detect(detect)
        , m_summary(summary)
    {
        m_cursor.sourceKey = "quarantine";
        m_cursor.delivery = events.newDelivery();
        m_duplicates = std::make_unique<store::Deduplicator>(events, m_cursor.delivery);
    }

    Status source(const std::string &key, const std::vector<const store::QuarantinedRecord *> &records,
                  const CancelToken &cancel);

private:
    Status batch(logs::RecordBatch &&records, const std::vector<std::int64_t> &ids);

    store::EventStore &m_events;
    pipeline::Committer &m_committer;
    pipeline::Processor &m_processor;
    bool m_detect;
    QuarantineSummary &m_summary;
    store::SourceCursor m_cursor;
    std::unique_ptr<store::Deduplicator> m_duplicates;
};

Status Retry::source(const std::string &key, const std::vector<const store::QuarantinedRecord *> &records,
                     const CancelToken &cancel)
{
    const auto header = headerOf(m_events, key);
    std::size_t next = 0;
    while (next < records.size() && !cancel.cancelled()) {
        logs::RecordBatch made;
        made.header = header;
        std::vector<std::int64_t> ids;
        for (; next < records.size() && ids.size() < kBatchRecords && made.bytes.size() < kBatchBytes; ++next) {
            const store::QuarantinedRecord &record = *records[next];
            made.records.push_back({made.bytes.size(), static_cast<std::uint32_t>(record.raw.size()),
                                    event::RecordPosition{record.line, ids.size()}});
            made.bytes += record.raw;
            ids.push_back(record.id);
        }
        if (auto done = batch(std::move(made), ids); !done) {
            return done;
        }
    }
    return {};
}

/// What parses is stored first and leaves the quarantine then: a crash between the two is mended by the next look,
/// which finds duplicates.
Status Retry::batch(logs::RecordBatch &&records, const std::vector<std::int64_t> &ids)
{
    auto processed = m_processor.process(std::move(records), m_cursor.sourceKey, m_duplicates.get());
    if (!processed) {
        return fail(processed.error());
    }
    std::vector<bool> stays(ids.size(), false);
    for (const store::QuarantinedRecord &record : processed->quarantined) {
        stays[record.index] = true;
    }
    processed->quarantined.clear();
    m_summary.tried += static_cast<std::int64_t>(ids.size());
    m_summary.duplicates += processed->duplicates;
    std::vector<std::int64_t> gone;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (!stays[i]) {
            gone.push_back(ids[i]);
        }
    }
    if (gone.empty()) {
        return {};
    }
    m_cursor.records += gone.size();
    const auto committed = m_committer.commit(std::move(*processed), m_cursor, m_detect, false);
    if (!committed) {
        return fail(committed.error());
    }
    m_summary.events += committed->rows;
    m_summary.alerts += committed->newAlerts;
    return m_events.removeQuarantined(gone);
}

} // namespace

Result<QuarantineSummary> ImportService::retryQuarantined(const ImportOptions &options, const CancelToken &cancel)
{
    std::lock_guard lock(m_engine.importing);
    const auto zone = TimeZone::named(options.zone.empty() ? m_engine.settings->text("import.zone") : options.zone);
    const auto committer = m_engine.committer(cancel);
    const auto waiting = m_engine.events->quarantine(kMostRecords);
    const auto detectors = m_engine.detectors();
    if (!zone || !committer || !waiting || !detectors) {
        return fail(!zone        ? zone.error()
                    : !committer ? committer.error()
                    : !waiting   ? waiting.error()
                                 : detectors.error());
    }
    logs::ParseOptions parse;
    parse.zone = *zone;
    parse.forcedType = options.forcedType;
    parse.format = options.format;
    parse.clock = &m_engine.clock;
    if (auto good = logs::checkOptions(parse); !good) {
        return fail(good.error());
    }
    QuarantineSummary summary;
    pipeline::Processor processor(parse, options.detect ? *detectors : pipeline::Detectors{}, m_engine.clock);
    std::map<std::string, std::vector<const store::QuarantinedRecord *>> bySource;
    for (const store::QuarantinedRecord &record : *waiting) {
        if (record.error.code != kTooLong) {
            bySource[record.sourceKey].push_back(&record);
        }
    }
    Retry retry(*m_engine.events, **committer, processor, options.detect, summary);
    for (const auto &[key, records] : bySource) {
        if (auto done = retry.source(key, records, cancel); !done) {
            return fail(done.error());
        }
    }
    summary.left = m_engine.events->quarantinedCount();
    ++m_engine.changes;
    return summary;
}

} // namespace nightjar::workspace
