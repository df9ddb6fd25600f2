// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/receivers.h"

#include "base/text.h"
#include "workspace/engine.h"
#include "workspace/feedformats.h"

#include <algorithm>
#include <utility>

#include <sys/resource.h>

namespace nightjar::workspace {

namespace {

constexpr auto kKeepEvery = std::chrono::seconds(2);

/// A thousand connections need more descriptors than shells grant at first.
void raiseFileLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65'536);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

Status markWatched(Engine &engine, const std::string &source, const std::string &path, const sources::SeenFile &file)
{
    return engine.catalog->write([&](store::Database &db) -> Status {
        auto save = db.prepare("INSERT OR REPLACE INTO watched VALUES(?,?,?,?)");
        if (!save) {
            return fail(save.error());
        }
        save->bind(1, std::string_view(source)).bind(2, std::string_view(path)).bind(3, file.size);
        return save->bind(4, file.changed).run();
    });
}

bool wasWatched(Engine &engine, const std::string &source, const std::string &path, const sources::SeenFile &file)
{
    const auto known = engine.catalog->read([&](store::Database &db) -> Result<bool> {
        auto query = db.prepare("SELECT 1 FROM watched WHERE source=? AND path=? AND size=? AND changed=?");
        if (!query) {
            return fail(query.error());
        }
        query->bind(1, std::string_view(source)).bind(2, std::string_view(path)).bind(3, file.size);
        query->bind(4, file.changed);
        return query->step();
    });
    return known && *known; // when in doubt it is read again, which adds nothing
}

} // namespace

std::string Receivers::Running::address() const
{
    return listener ? listener->endpoint().toString() : receiver ? receiver->endpoint().toString() : config.place;
}

Receivers::Receivers(Engine &engine)
    : m_engine(engine)
{
    m_housekeeper = std::jthread([this](const std::stop_token &stop) { housekeeping(stop); });
}

Receivers::~Receivers()
{
    m_housekeeper = {};
    stopAll();
}

Result<std::vector<ReceiverInfo>> Receivers::list()
{
    auto rows = kept();
    if (!rows) {
        return fail(rows.error());
    }
    std::lock_guard lock(m_mutex);
    std::vector<ReceiverInfo> infos;
    for (Kept &row : *rows) {
        // "listening" in the catalog may be what another program, or a killed one, has left there.
        ReceiverInfo info{row.key, row.config, row.state == "failed" ? "failed" : "stopped", row.config.place, {}, {}};
        info.health = std::move(row.health);
        info.health.connections = 0;
        if (const auto failure = m_failed.find(row.key); failure != m_failed.end()) {
            info.state = "failed";
            info.error = failure->second;
        }
        if (const auto running = m_running.find(row.key); running != m_running.end()) {
            info.state = "listening";
            info.address = running->second->address();
            info.health = running->second->health->health();
        }
        infos.push_back(std::move(info));
    }
    return infos;
}

Result<std::string> Receivers::save(const ReceiverConfig &config)
{
    ReceiverConfig checked = config;
    if (config.kind != ReceiverKind::Folder) {
        const auto endpoint = sources::Endpoint::parse(config.place);
        const auto allowed = sources::AllowList::parse(config.allowed);
        if (!endpoint || !allowed) {
            return fail(endpoint ? allowed.error() : endpoint.error());
        }
        checked.place = endpoint->toString();
        checked.allowed = allowed->toString();
    }
    if (config.certificate.empty() != config.privateKey.empty()) {
        return fail("NJ-WORK-031", "A certificate needs its private key", "only one of the two is given",
                    "Give both as PEM files, or none for a connection without TLS.");
    }
    if (const auto zone = TimeZone::named(config.zone.empty() ? "UTC" : config.zone); !zone) {
        return fail(zone.error());
    }
    if (auto good = logs::checkOptions({config.forcedType, {}, nullptr}); !good) {
        return fail(good.error());
    }
    const std::string key = checked.key();
    std::lock_guard lock(m_mutex);
    const bool runs = m_running.contains(key);
    if (runs) {
        if (auto stopped = stopUnlocked(key); !stopped) {
            return fail(stopped.error());
        }
    }
    if (auto done = keep(key, checked); !done) {
        return fail(done.error());
    }
    ++m_engine.changes;
    if (runs) {
        if (auto started = startUnlocked(key); !started) {
            return fail(started.error());
        }
    }
    return key;
}

Status Receivers::remove(const std::string &key)
{
    std::lock_guard lock(m_mutex);
    if (auto stopped = stopUnlocked(key); !stopped) {
        return stopped;
    }
    m_failed.erase(key);
    ++m_engine.changes;
    return m_engine.catalog->write([&](store::Database &db) -> Status {
        for (const char *statement : {"UPDATE source SET config='', health='', state='done' WHERE key=?",
                                      "DELETE FROM watched WHERE source=?"}) {
            auto change = db.prepare(statement);
            if (!change) {
                return fail(change.error());
            }
            if (auto done = change->bind(1, std::string_view(key)).run(); !done) {
                return done;
            }
        }
        return {};
    });
}

Status Receivers::openPath()
{
    if (m_path) {
        return {};
    }
    const auto committer = m_engine.committer(CancelToken());
    if (!committer) {
        return fail(committer.error());
    }
    raiseFileLimit();
    m_path = std::make_unique<pipeline::LivePath>(
        *m_engine.events, **committer, [this] { return m_engine.detectors(); }, m_engine.clock,
        pipeline::LivePathOptions{});
    return {};
}

/// What may be missing since the source was last heard.
void Receivers::noteGap(const Kept &row, sources::HealthMeter &health) const
{
    const Timestamp stored = m_path->storedUpTo(row.key);
    // Where nothing was stored yet, all that came since it listened may be missing.
    const Timestamp last = stored == kNoTime && row.state == "listening" ? row.since : stored;
    if (last == kNoTime || row.config.kind == ReceiverKind::Folder) {
        return;
    }
    health.addGap({last, m_engine.clock.now(),
                   row.state == "listening"
                       ? "the program ended unexpectedly; what had just come in over TCP may be missing"
                       : "it was not listening"});
}

Status Receivers::openFolder(Running &running, const std::string &key)
{
    sources::FolderWatchOptions options;
    options.folder = running.config.place;
    options.isDone = [this, key](const std::string &path, const sources::SeenFile &file) {
        return wasWatched(m_engine, key, path, file);
    };
    options.markDone = [this, key, health = running.health](const std::string &path, const sources::SeenFile &file) {
        if (auto marked = markWatched(m_engine, key, path, file); !marked) {
            health->notice("A file is stored but not marked as read: " + describe(marked.error()));
        }
    };
    auto watch = sources::FolderWatch::start(std::move(options), *running.intake, *running.health);
    if (!watch) {
        return fail(watch.error());
    }
    running.watch = std::move(*watch);
    return {};
}

Status Receivers::open(Running &running, const std::string &key)
{
    const ReceiverConfig &config = running.config;
    if (config.kind == ReceiverKind::Folder) {
        return openFolder(running, key);
    }
    const auto endpoint = sources::Endpoint::parse(config.place);
    const auto allowed = sources::AllowList::parse(config.allowed);
    if (!endpoint || !allowed) {
        return fail(endpoint ? allowed.error() : endpoint.error());
    }
    if (config.kind == ReceiverKind::CloudNss) {
        sources::CloudReceiverOptions options;
        options.endpoint = *endpoint;
        options.allowed = *allowed;
        options.tokenHash = config.tokenHash;
        options.certificate = config.certificate;
        options.key = config.privateKey;
        options.lines = running.lines;
        auto receiver = sources::CloudReceiver::start(std::move(options), *running.intake, *running.health);
        if (!receiver) {
            return fail(receiver.error());
        }
        running.receiver = std::move(*receiver);
        return {};
    }
    sources::NssListenerOptions options;
    options.endpoint = *endpoint;
    options.allowed = *allowed;
    if (!config.certificate.empty()) {
        auto tls = sources::TlsContext::make(config.certificate, config.privateKey);
        if (!tls) {
            return fail(tls.error());
        }
        options.tls = std::move(*tls);
    }
    auto listener = sources::NssListener::start(std::move(options), *running.intake, *running.health);
    if (!listener) {
        return fail(listener.error());
    }
    running.listener = std::move(*listener);
    return {};
}

Status Receivers::startUnlocked(const std::string &key)
{
    if (m_running.contains(key)) {
        return {};
    }
    const auto row = keptOne(key);
    if (!row) {
        return fail(row.error());
    }
    if (auto opened = openPath(); !opened) {
        return opened;
    }
    const auto zone =
        TimeZone::named(row->config.zone.empty() ? m_engine.settings->text("import.zone") : row->config.zone);
    if (!zone) {
        return fail(zone.error());
    }
    auto running = std::make_unique<Running>();
    running->config = row->config;
    running->health = std::make_shared<sources::HealthMeter>(m_engine.clock, row->config.patienceMicros);
    running->health->restore(row->health);
    noteGap(*row, *running->health);
    pipeline::LiveSourceOptions options;
    options.key = key;
    options.parse.zone = *zone;
    options.parse.forcedType = row->config.forcedType;
    options.parse.clock = &m_engine.clock;
    if (!row->config.format.empty()) {
        const auto text = FeedFormats(m_engine.folder).get(row->config.format);
        auto format = text ? logs::FeedFormat::compile(text->text, text->escape) : fail(text.error());
        if (!format) {
            m_failed[key] = format.error();
            return fail(format.error());
        }
        options.parse.format = std::move(*format);
    }
    // Over TCP nothing is answered: what is not stored is lost with the program, so that it may only be the last
    // second.
    options.maxMicrosInside = row->config.kind == ReceiverKind::Nss ? kMicrosPerSecond : 0;
    running->lines = options.parse.framedByLines();
    running->intake = m_path->addSource(options, running->health);
    if (auto opened = open(*running, key); !opened) {
        m_failed[key] = opened.error();
        keepHealth(key, running->health->health(), "failed");
        return opened;
    }
    m_failed.erase(key);
    running->since = m_engine.clock.now();
    auto noted = keepHealth(key, running->health->health(), "listening", running->since);
    m_running[key] = std::move(running);
    ++m_engine.changes;
    return noted;
}

Status Receivers::stopUnlocked(const std::string &key)
{
    const auto found = m_running.find(key);
    if (found == m_running.end()) {
        return {};
    }
    if (m_path->trouble()) {
        m_path->giveUp(); // else it would wait for room that never comes
    }
    const auto running = std::move(found->second);
    m_running.erase(found);
    running->listener.reset();
    running->receiver.reset();
    running->watch.reset();
    m_path->drain();
    ++m_engine.changes;
    return keepHealth(key, running->health->health(), "stopped");
}

Status Receivers::start(const std::string &key)
{
    std::lock_guard lock(m_mutex);
    return startUnlocked(key);
}

Status Receivers::stop(const std::string &key)
{
    std::lock_guard lock(m_mutex);
    return stopUnlocked(key);
}

std::vector<Error> Receivers::startEnabled()
{
    std::vector<Error> problems;
    const auto rows = kept();
    if (!rows) {
        return {rows.error()};
    }
    std::lock_guard lock(m_mutex);
    for (const Kept &row : *rows) {
        if (row.config.enabled) {
            if (auto started = startUnlocked(row.key); !started) {
                problems.push_back(started.error());
            }
        }
    }
    return problems;
}

void Receivers::stopAll()
{
    std::lock_guard lock(m_mutex);
    while (!m_running.empty()) {
        const std::string key = m_running.begin()->first;
        stopUnlocked(key);
    }
}

LiveTotals Receivers::totals()
{
    std::lock_guard lock(m_mutex);
    return m_path ? m_path->totals() : LiveTotals{};
}

std::optional<Error> Receivers::trouble()
{
    std::lock_guard lock(m_mutex);
    return m_path ? m_path->trouble() : std::nullopt;
}

void Receivers::keepAll()
{
    std::vector<std::pair<std::string, Health>> now;
    {
        std::lock_guard lock(m_mutex);
        for (const auto &[key, running] : m_running) {
            now.emplace_back(key, running->health->health());
        }
    }
    for (const auto &[key, health] : now) {
        std::lock_guard lock(m_mutex);
        if (const auto found = m_running.find(key); found != m_running.end()) {
            keepHealth(key, health, "listening", found->second->since); // what cannot be kept is kept in two seconds
        }
    }
}

void Receivers::housekeeping(const std::stop_token &stop)
{
    std::mutex waiting;
    std::condition_variable_any wake;
    while (!stop.stop_requested()) {
        std::unique_lock lock(waiting);
        wake.wait_for(lock, stop, kKeepEvery, [&stop] { return stop.stop_requested(); });
        if (stop.stop_requested()) {
            return;
        }
        keepAll();
    }
}

} // namespace nightjar::workspace
