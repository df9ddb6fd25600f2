// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Imports, sources and receivers of the fake workspace.
#include "fakeworkspace.h"

#include "nightjar_resources.h"

#include <algorithm>

namespace nightjar::workspace {

Status Engine::setReceiverState(const std::string &key, const std::string &state)
{
    std::lock_guard lock(mutex);
    for (ReceiverInfo &info : receivers) {
        if (info.key == key) {
            if (state == "listening" && !receiverFailure.empty()) {
                info.state = "failed";
                info.error = Error{"NJ-SOURCES-020", "It cannot listen", receiverFailure, {}, "Choose another port."};
                return fail(*info.error);
            }
            info.error.reset();
            info.state = state;
            ++revision;
            return {};
        }
    }
    return fail("NJ-WORK-030", "There is no receiver " + key);
}

std::filesystem::path resourcesFolder()
{
    return NIGHTJAR_RESOURCES;
}

Result<ImportSummary> ImportService::importPaths(const std::vector<std::filesystem::path> &, const ImportOptions &,
                                                 const std::function<void(const ImportProgress &)> &,
                                                 const CancelToken &)
{
    ++m_engine.revision;
    return ImportSummary{};
}
Result<ImportSummary> ImportService::follow(const std::vector<std::filesystem::path> &paths,
                                            const ImportOptions &options,
                                            const std::function<void(const ImportProgress &)> &progress,
                                            const CancelToken &cancel)
{
    return importPaths(paths, options, progress, cancel);
}
Result<std::vector<SourceInfo>> ImportService::sources()
{
    return m_engine.sources;
}
Result<std::vector<QuarantineEntry>> ImportService::quarantine(std::size_t limit)
{
    std::lock_guard lock(m_engine.mutex);
    std::vector<QuarantineEntry> entries = m_engine.quarantine;
    entries.resize(std::min(entries.size(), limit));
    return entries;
}
Result<QuarantineSummary> ImportService::retryQuarantined(const ImportOptions &options, const CancelToken &)
{
    std::lock_guard lock(m_engine.mutex);
    const auto tried = static_cast<std::int64_t>(m_engine.quarantine.size());
    if (options.format == nullptr) {
        return QuarantineSummary{tried, 0, 0, tried, 0};
    }
    m_engine.quarantine.clear();
    ++m_engine.revision;
    return QuarantineSummary{tried, tried, 0, 0, 0};
}

std::string ReceiverConfig::key() const
{
    return (kind == ReceiverKind::Nss ? "nss:" : kind == ReceiverKind::CloudNss ? "cloud-nss:" : "folder:") + place;
}

Result<std::vector<ReceiverInfo>> ReceiveService::list()
{
    std::lock_guard lock(m_engine.mutex);
    return m_engine.receivers;
}
Result<std::string> ReceiveService::save(const ReceiverConfig &config)
{
    std::lock_guard lock(m_engine.mutex);
    for (ReceiverInfo &info : m_engine.receivers) {
        if (info.key == config.key()) {
            info.config = config;
            ++m_engine.revision;
            return info.key;
        }
    }
    m_engine.receivers.push_back({config.key(), config, "stopped", config.place, {}, {}});
    ++m_engine.revision;
    return config.key();
}
Status ReceiveService::remove(const std::string &key)
{
    std::lock_guard lock(m_engine.mutex);
    std::erase_if(m_engine.receivers, [&](const ReceiverInfo &info) { return info.key == key; });
    ++m_engine.revision;
    return {};
}
Status ReceiveService::start(const std::string &key)
{
    return m_engine.setReceiverState(key, "listening");
}
Status ReceiveService::stop(const std::string &key)
{
    return m_engine.setReceiverState(key, "stopped");
}
std::vector<Error> ReceiveService::startEnabled()
{
    ++m_engine.startedEnabled;
    return {};
}
void ReceiveService::stopAll() {}
Result<ReceiveService::Token> ReceiveService::newToken()
{
    return Token{"0123456789abcdef", "hash"};
}
std::string ReceiveService::hashOf(const std::string &)
{
    return "hash";
}
LiveTotals ReceiveService::totals()
{
    return {};
}
std::optional<Error> ReceiveService::trouble()
{
    std::lock_guard lock(m_engine.mutex);
    return m_engine.trouble;
}

} // namespace nightjar::workspace
