// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/engine.h"
#include "workspace/feedtable.h"

#include "base/files.h"
#include "nightjar_resources.h"
#include "playbook/runstore.h"
#include "workspace/receivers.h"

#include <cerrno>
#include <cstdlib>

#include <sys/stat.h>

namespace nightjar::workspace {

namespace {

constexpr const char *kDemoMark = "demo-workspace";

Status makeFolder(const std::filesystem::path &folder, bool create)
{
    std::error_code problem;
    if (std::filesystem::is_directory(folder, problem)) {
        return {};
    }
    if (problem && problem != std::errc::no_such_file_or_directory) {
        return fail(
            systemError("NJ-WORK-002", "Cannot open the workspace " + folder.string(), folder, problem.value()));
    }
    if (std::filesystem::exists(folder, problem)) {
        return fail(systemError("NJ-WORK-002", "The workspace " + folder.string() + " is no folder", folder, ENOTDIR));
    }
    if (!create) {
        return fail("NJ-WORK-001", "There is no workspace at " + folder.string(), "The folder does not exist.",
                    "Check the path after -w, or make one with an import or nightjar-cli demo.");
    }
    if (!std::filesystem::create_directories(folder, problem)) {
        return fail(
            systemError("NJ-WORK-002", "Cannot make the workspace " + folder.string(), folder, problem.value()));
    }
    ::chmod(folder.c_str(), S_IRWXU);
    return {};
}

} // namespace

std::filesystem::path resourcesFolder()
{
    if (const char *place = std::getenv("NIGHTJAR_RESOURCES_DIR")) {
        return place;
    }
    std::error_code problem;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", problem);
    const auto installed = program.parent_path().parent_path() / "share" / "nightjar";
    return !problem && std::filesystem::is_directory(installed / "rules", problem)
               ? installed
               : std::filesystem::path(NIGHTJAR_RESOURCES);
}

Result<std::unique_ptr<Engine>> Engine::open(const std::filesystem::path &folder, const Workspace::OpenOptions &options)
{
    if (auto made = makeFolder(folder, options.create && !options.readOnly); !made) {
        return fail(made.error());
    }
    std::unique_ptr<Engine> engine(new Engine());
    engine->folder = folder;
    engine->readOnly = options.readOnly;
    if (auto opened = engine->openParts(options); !opened) {
        return fail(opened.error());
    }
    return engine;
}

Engine::~Engine()
{
    m_receivers.reset();
    if (m_committer) {
        m_committer->checkpoint(); // what is not kept is replayed at the next start
    }
}

Status Engine::openParts(const Workspace::OpenOptions &options)
{
    store::StoreOptions storeOptions;
    storeOptions.readOnly = options.readOnly;
    auto opened = store::EventStore::open(folder / "events", storeOptions);
    if (!opened) {
        return fail(opened.error());
    }
    events = std::move(*opened);
    problems = events->problems();
    auto catalogOpened = store::Catalog::open(folder / "catalog.db", options.readOnly ? store::OpenMode::ReadOnly
                                                                                      : store::OpenMode::ReadWrite);
    if (!catalogOpened) {
        return fail(catalogOpened.error());
    }
    catalog = std::move(*catalogOpened);
    settings.emplace(*catalog);
    if (auto loaded = settings->load(); !loaded) {
        return loaded;
    }
    if (auto sourcesOpened = openSources(); !sourcesOpened) {
        return sourcesOpened;
    }
    if (auto feedsOpened = feedtable::open(*catalog); !feedsOpened) {
        return feedsOpened;
    }
    auto alertsOpened = alerts::AlertStore::open(*catalog, clock);
    if (!alertsOpened) {
        return fail(alertsOpened.error());
    }
    alerts.emplace(std::move(*alertsOpened));
    auto indicatorsOpened = intel::IndicatorStore::open(*catalog, clock);
    if (!indicatorsOpened) {
        return fail(indicatorsOpened.error());
    }
    indicators.emplace(std::move(*indicatorsOpened));
    if (auto migrated = catalog->migrate(respond::Journal::migrations()); !migrated) {
        return migrated;
    }
    journal.emplace(*catalog, clock);
    if (auto playbooks = playbook::RunStore::open(*catalog, clock); !playbooks) {
        return fail(playbooks.error());
    }
    secrets.emplace(folder, options.secrets);
    tenant.emplace(folder, std::filesystem::exists(folder / kDemoMark), *secrets, *settings);
    return loadRules();
}

Status Engine::loadRules()
{
    library.emplace(resourcesFolder() / "rules", folder / "rules");
    if (auto opened = library->open(); !opened) {
        problems.push_back(opened.error());
    }
    if (auto loaded = reloadRules(); !loaded) {
        return fail(loaded.error());
    }
    for (const RuleInfo &rule : m_catalogue) {
        if (rule.refused) {
            problems.push_back({"NJ-WORK-020",
                                "The rule \"" + rule.title + "\" is not used",
                                rule.remark,
                                {rule.file, rule.line, 0},
                                "Correct the rule or take it out of the folder."});
        }
    }
    return {};
}

Result<std::uint64_t> Engine::reloadRules()
{
    RuleLibrary::Loaded loaded = library->load();
    std::lock_guard lock(m_detecting);
    m_rules = loaded.result.rules;
    m_correlations = loaded.result.correlations;
    m_catalogue = std::move(loaded.rules);
    rules = m_rules ? m_rules->rules().size() : 0;
    ++changes;
    return ++m_ruleVersion;
}

std::pair<std::vector<RuleInfo>, std::shared_ptr<const sigma::RuleSet>> Engine::ruleCatalogue()
{
    std::lock_guard lock(m_detecting);
    return {m_catalogue, m_rules};
}

Result<pipeline::Detectors> Engine::detectors()
{
    std::lock_guard lock(m_detecting);
    if (!m_indicators && settings->flag("intel.enabled")) {
        auto loaded = indicators->load();
        if (!loaded) {
            return fail(loaded.error());
        }
        m_indicators = std::move(*loaded);
    }
    return pipeline::Detectors{settings->flag("sigma.enabled") ? m_rules : nullptr,
                               settings->flag("intel.enabled") ? m_indicators : nullptr,
                               settings->flag("sigma.enabled") ? m_correlations : nullptr};
}

void Engine::forgetDetectors()
{
    std::lock_guard lock(m_detecting);
    m_indicators.reset();
}

/// Without the model of names, or with a zone that is not known any longer, the detectors do without.
anomaly::StreamOptions Engine::streamOptions() const
{
    anomaly::StreamOptions options;
    if (auto model = anomaly::DomainModel::load(resourcesFolder() / "models" / "domains.model")) {
        options.names = std::make_shared<const anomaly::DomainModel>(std::move(*model));
    }
    options.alertsPerDay = static_cast<double>(settings->number("detect.alerts_per_day"));
    if (const auto zone = TimeZone::named(settings->text("detect.zone"))) {
        options.zone = *zone;
    }
    return options;
}

Result<pipeline::Committer *> Engine::committer(const CancelToken &cancel)
{
    std::lock_guard lock(m_making);
    if (!m_committer) {
        auto present = detectors();
        if (!present) {
            return fail(present.error());
        }
        auto made = std::make_unique<pipeline::Committer>(*events, *alerts, clock, settings->flag("anomaly.enabled"),
                                                          streamOptions());
        if (auto caughtUp = made->catchUp(*present, cancel); !caughtUp) {
            return fail(caughtUp.error());
        }
        m_committer = std::move(made);
    }
    return m_committer.get();
}

Receivers &Engine::receivers()
{
    std::lock_guard lock(m_making);
    if (!m_receivers) {
        m_receivers = std::make_unique<Receivers>(*this);
    }
    return *m_receivers;
}

} // namespace nightjar::workspace
