// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/engine.h"

#include "pipeline/follower.h"
#include "pipeline/importer.h"

namespace nightjar::workspace {

namespace {

Result<pipeline::ImporterOptions> optionsOf(const Engine &engine, const ImportOptions &options)
{
    const auto zone = TimeZone::named(options.zone.empty() ? engine.settings->text("import.zone") : options.zone);
    if (!zone) {
        return fail(zone.error());
    }
    pipeline::ImporterOptions out;
    out.parse.forcedType = options.forcedType;
    out.parse.format = options.format;
    out.parse.zone = *zone;
    out.parse.clock = &engine.clock;
    out.detect = options.detect;
    return out;
}

} // namespace

Result<ImportSummary> ImportService::importPaths(const std::vector<std::filesystem::path> &paths,
                                                 const ImportOptions &options,
                                                 const std::function<void(const ImportProgress &)> &progress,
                                                 const CancelToken &cancel)
{
    std::lock_guard lock(m_engine.importing);
    const auto settings = optionsOf(m_engine, options);
    if (!settings) {
        return fail(settings.error());
    }
    const auto committer = m_engine.committer(cancel);
    const auto detectors = m_engine.detectors();
    if (!committer || !detectors) {
        return fail(!committer ? committer.error() : detectors.error());
    }
    pipeline::Importer importer(*m_engine.events, **committer, *detectors, m_engine.clock, *settings);
    auto summary = importer.run(paths, progress, cancel);
    if (summary) {
        for (const FileResult &result : summary->results) {
            if (auto noted = m_engine.noteSource(result, "file"); !noted) {
                return fail(noted.error());
            }
        }
        const std::int64_t days = m_engine.settings->number("retention.days");
        if (days > 0) {
            if (auto dropped = m_engine.events->dropBefore(m_engine.clock.now() - days * kMicrosPerDay); !dropped) {
                return fail(dropped.error());
            }
        }
    }
    ++m_engine.changes;
    return summary;
}

Result<ImportSummary> ImportService::follow(const std::vector<std::filesystem::path> &paths,
                                            const ImportOptions &options,
                                            const std::function<void(const ImportProgress &)> &progress,
                                            const CancelToken &cancel)
{
    std::lock_guard lock(m_engine.importing);
    const auto settings = optionsOf(m_engine, options);
    if (!settings) {
        return fail(settings.error());
    }
    const auto committer = m_engine.committer(cancel);
    const auto detectors = m_engine.detectors();
    if (!committer || !detectors) {
        return fail(!committer ? committer.error() : detectors.error());
    }
    pipeline::Follower follower(*m_engine.events, **committer, *detectors, m_engine.clock, *settings);
    auto summary = follower.run(paths, progress, cancel);
    if (summary) {
        for (const FileResult &result : summary->results) {
            if (auto noted = m_engine.noteSource(result, "tail"); !noted) {
                return fail(noted.error());
            }
        }
    }
    ++m_engine.changes;
    return summary;
}

Result<std::vector<SourceInfo>> ImportService::sources()
{
    return m_engine.sources();
}

Result<std::vector<QuarantineEntry>> ImportService::quarantine(std::size_t limit)
{
    const auto records = m_engine.events->quarantine(limit);
    const auto names = m_engine.sourceNames();
    if (!records || !names) {
        return fail(!records ? records.error() : names.error());
    }
    std::vector<QuarantineEntry> entries;
    for (const store::QuarantinedRecord &record : *records) {
        const auto name = names->find(record.sourceKey);
        entries.push_back({record.id, name == names->end() ? record.sourceKey : name->second, record.line, record.index,
                           record.error, record.raw, record.at});
    }
    return entries;
}

} // namespace nightjar::workspace
