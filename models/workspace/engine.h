// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alertstore.h"
#include "base/cancel.h"
#include "base/time.h"
#include "intel/store.h"
#include "pipeline/committer.h"
#include "pipeline/processor.h"
#include "respond/journal.h"
#include "sigma/correlationset.h"
#include "sigma/ruleset.h"
#include "store/catalog.h"
#include "store/eventstore.h"
#include "workspace/rulelibrary.h"
#include "workspace/secrets.h"
#include "workspace/settingsstore.h"
#include "workspace/tenant.h"
#include "workspace/workspace.h"

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace nightjar::workspace {

class Receivers;

/// The parts behind the services of one open workspace. Private to this room.
class Engine {
public:
    static Result<std::unique_ptr<Engine>> open(const std::filesystem::path &folder,
                                                const Workspace::OpenOptions &options);
    ~Engine();

    std::filesystem::path folder;
    bool readOnly = false;
    const Clock &clock = systemClock();
    std::unique_ptr<store::Catalog> catalog;
    std::unique_ptr<store::EventStore> events;
    std::optional<SettingsStore> settings;
    std::optional<alerts::AlertStore> alerts;
    std::optional<intel::IndicatorStore> indicators;
    std::optional<respond::Journal> journal;
    std::vector<Error> problems;
    std::size_t rules = 0; ///< loaded
    std::optional<RuleLibrary> library;

    std::mutex importing;  ///< one import at a time
    std::mutex responding; ///< one push at a time
    std::optional<Secrets> secrets;
    std::optional<Tenant> tenant;
    std::atomic<std::uint64_t> changes = 1; ///< of everything but stored blocks

    /// Detectors as the settings and the indicators are now.
    Result<pipeline::Detectors> detectors();
    /// The writer, with everything made up for that an earlier run left undetected.
    Result<pipeline::Committer *> committer(const CancelToken &cancel);
    /// Remembers what a file was called and what came of it.
    Status noteSource(const FileResult &result, const std::string &kind);
    Result<std::vector<SourceInfo>> sources();
    Result<std::map<std::string, std::string>> sourceNames(); ///< by source key
    /// Receivers; made when they are asked for the first time.
    Receivers &receivers();
    /// After an import of indicators or a change of settings.
    void forgetDetectors();
    /// Reads the rule files again; runs and hunts that are under way keep the set they have. Its number.
    Result<std::uint64_t> reloadRules();
    /// The catalogue as it was loaded last, and the running set.
    std::pair<std::vector<RuleInfo>, std::shared_ptr<const sigma::RuleSet>> ruleCatalogue();

private:
    Engine() = default;
    Status openParts(const Workspace::OpenOptions &options);
    Status openSources();
    Status loadRules();
    [[nodiscard]] anomaly::StreamOptions streamOptions() const;

    std::mutex m_making; ///< of the committer and the receivers
    std::mutex m_detecting;
    std::vector<RuleInfo> m_catalogue;
    std::uint64_t m_ruleVersion = 0;
    std::shared_ptr<const sigma::RuleSet> m_rules;
    std::shared_ptr<const sigma::CorrelationSet> m_correlations;
    std::shared_ptr<const intel::IndicatorSet> m_indicators;
    std::unique_ptr<pipeline::Committer> m_committer;
    std::unique_ptr<Receivers> m_receivers; ///< last: they end before the rest goes
};

/// Where the program's own rules, lists and pictures are: $NIGHTJAR_RESOURCES, the installed folder, the source tree.
std::filesystem::path resourcesFolder();

} // namespace nightjar::workspace
