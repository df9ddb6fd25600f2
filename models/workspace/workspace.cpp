// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/workspace.h"

#include "workspace/engine.h"
#include "workspace/feedservice.h"
#include "workspace/intelservice.h"
#include "workspace/planservice.h"
#include "workspace/playbookservice.h"
#include "workspace/upkeepservice.h"

#include <cstdlib>

namespace nightjar::workspace {

Result<std::unique_ptr<Workspace>> Workspace::open(const std::filesystem::path &folder, const OpenOptions &options)
{
    auto engine = Engine::open(folder, options);
    if (!engine) {
        return fail(engine.error());
    }
    return std::unique_ptr<Workspace>(new Workspace(std::move(*engine)));
}

Workspace::Workspace(std::unique_ptr<Engine> engine)
    : m_engine(std::move(engine))
    , m_imports(*m_engine)
    , m_receivers(*m_engine)
    , m_search(*m_engine)
    , m_triage(*m_engine)
    , m_intel(std::make_unique<IntelService>(*m_engine))
    , m_feeds(std::make_unique<FeedService>(*m_engine))
    , m_respond(*m_engine)
    , m_plans(std::make_unique<PlanService>(*m_engine, *m_intel))
    , m_settings(*m_engine)
    , m_secrets(*m_engine)
    , m_detections(*m_engine)
    , m_upkeep(std::make_unique<UpkeepService>(*m_engine))
    , m_playbooks(std::make_shared<PlaybookService>(*m_engine))
{
}

Workspace::~Workspace() = default;

const std::filesystem::path &Workspace::folder() const
{
    return m_engine->folder;
}
ImportService &Workspace::imports()
{
    return m_imports;
}
ReceiveService &Workspace::receivers()
{
    return m_receivers;
}
SearchService &Workspace::search()
{
    return m_search;
}
TriageService &Workspace::triage()
{
    return m_triage;
}
IntelService &Workspace::intel()
{
    return *m_intel;
}
FeedService &Workspace::feeds()
{
    return *m_feeds;
}
std::vector<Error> Workspace::startServices()
{
    m_upkeep->start();
    m_feeds->startPolling();
    m_playbooks->start();
    return m_receivers.startEnabled();
}
RespondService &Workspace::respond()
{
    return m_respond;
}
PlanService &Workspace::plans()
{
    return *m_plans;
}
SettingsService &Workspace::settings()
{
    return m_settings;
}
SecretsService &Workspace::secrets()
{
    return m_secrets;
}
DetectionService &Workspace::detections()
{
    return m_detections;
}
PlaybookService &Workspace::playbooks()
{
    return *m_playbooks;
}
UpkeepService &Workspace::upkeep()
{
    return *m_upkeep;
}
std::vector<Error> Workspace::problems() const
{
    return m_engine->problems;
}
bool Workspace::isDemo() const
{
    return m_engine->tenant->simulated();
}
std::uint64_t Workspace::revision() const
{
    return m_engine->events->revision() + m_engine->changes;
}

std::filesystem::path defaultWorkspaceFolder()
{
    std::filesystem::path data;
    if (const char *place = std::getenv("XDG_DATA_HOME"); place != nullptr && *place == '/') {
        data = place;
    } else if (const char *home = std::getenv("HOME")) {
        data = std::filesystem::path(home) / ".local" / "share";
    } else {
        data = std::filesystem::temp_directory_path();
    }
    return data / "nightjar" / "workspace";
}

} // namespace nightjar::workspace
