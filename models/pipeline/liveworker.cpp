// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/liveworker.h"

#include "pipeline/stopwatch.h"

#include <span>
#include <utility>

namespace nightjar::pipeline {

void LiveWorker::parse(LiveBatch &batch)
{
    Stopwatch watch;
    batch.processed = ProcessedBatch{};
    const Timestamp now = m_clock.now();
    for (LiveItem &item : batch.items) {
        if (item.ended) {
            continue;
        }
        const auto parser = m_parsers.try_emplace(item.source.get(), item.source->options.parse).first;
        std::vector<logs::Reject> rejects;
        const std::size_t before = m_builder.rows();
        parser->second.parse(item.piece.batch, m_builder, rejects);
        item.rows = static_cast<std::uint32_t>(m_builder.rows() - before);
        item.freshRows = item.rows;
        item.quarantined = static_cast<std::int64_t>(rejects.size());
        for (logs::Reject &reject : rejects) {
            batch.processed.quarantined.push_back({0, item.source->options.key, reject.position.line,
                                                   reject.position.index, std::move(reject.error),
                                                   std::move(reject.raw), now});
        }
    }
    batch.block = m_builder.finish();
    batch.processed.records = static_cast<std::int64_t>(batch.block.rows() + batch.processed.quarantined.size());
    batch.processed.seconds.parse = watch.lap();
}

Status LiveWorker::deduplicate(LiveBatch &batch, store::LiveDeduplicator &duplicates)
{
    Stopwatch watch;
    std::vector<store::DeliveryRows> rows;
    rows.reserve(batch.items.size());
    for (const LiveItem &item : batch.items) {
        if (!item.ended) {
            rows.push_back({item.piece.delivery, item.rows});
        }
    }
    const auto verdict = duplicates.fresh(batch.block, rows);
    if (!verdict) {
        return fail(verdict.error());
    }
    batch.ticket = verdict->ticket;
    batch.processed.duplicates = static_cast<std::int64_t>(batch.block.rows() - verdict->fresh.count());
    if (batch.processed.duplicates > 0) {
        std::size_t row = 0;
        for (LiveItem &item : batch.items) {
            item.freshRows = 0;
            for (std::uint32_t i = 0; i < item.rows; ++i, ++row) {
                item.freshRows += verdict->fresh.contains(row) ? 1U : 0U;
            }
        }
        batch.block = batch.block.select(verdict->fresh);
    }
    batch.processed.seconds.deduplicate = watch.lap();
    return {};
}

Status LiveWorker::finish(LiveBatch &batch, const Detectors &detectors)
{
    Stopwatch watch;
    batch.processed.findings = detect(batch.block, detectors, nullptr, &batch.processed.correlated);
    batch.processed.seconds.detect = watch.lap();
    auto encoded = store::encodeBlock(batch.block);
    if (!encoded) {
        return fail(encoded.error());
    }
    batch.processed.encoded = std::move(*encoded);
    batch.times = batch.block.times();
    batch.processed.block = std::move(batch.block);
    batch.processed.seconds.encode = watch.lap();
    return {};
}

void tellInvalid(const LiveBatch &batch)
{
    std::map<std::string_view, sources::HealthMeter *> meters;
    for (const LiveItem &item : batch.items) {
        if (item.quarantined > 0) {
            meters[item.source->options.key] = item.source->health.get();
        }
    }
    for (const store::QuarantinedRecord &record : batch.processed.quarantined) {
        if (const auto meter = meters.find(record.sourceKey); meter != meters.end()) {
            meter->second->invalid(record.error, record.raw);
        }
    }
}

void tellHealth(const LiveBatch &batch)
{
    const std::span<const Timestamp> times(batch.times);
    std::size_t row = 0;
    for (const LiveItem &item : batch.items) {
        if (item.ended) {
            continue;
        }
        sources::HealthMeter::Stored stored;
        stored.records = item.rows + item.quarantined;
        stored.events = item.freshRows;
        stored.duplicates = item.rows - item.freshRows;
        stored.quarantined = item.quarantined;
        stored.receivedAt = item.piece.receivedAt;
        item.source->health->stored(stored, times.subspan(row, item.freshRows));
        row += item.freshRows;
    }
}

} // namespace nightjar::pipeline
