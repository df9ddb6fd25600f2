// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pipeline/livepath.h"
#include "sources/cloudreceiver.h"
#include "sources/folderwatch.h"
#include "sources/nsslistener.h"
#include "workspace/services.h"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace nightjar::workspace {

class Engine;

/// The receivers of one workspace: what is configured stands in the catalog, what runs stands here, on one live path.
/// A thread keeps their health in the catalog every two seconds, so that other programs see it.
/// Private to this room. Thread: any.
class Receivers {
public:
    explicit Receivers(Engine &engine);
    ~Receivers();
    Receivers(const Receivers &) = delete;
    Receivers &operator=(const Receivers &) = delete;

    Result<std::vector<ReceiverInfo>> list();
    Result<std::string> save(const ReceiverConfig &config);
    Status remove(const std::string &key);
    Status start(const std::string &key);
    Status stop(const std::string &key);
    std::vector<Error> startEnabled();
    void stopAll();
    LiveTotals totals();
    std::optional<Error> trouble();

private:
    /// A receiver that runs. Members end in the reverse order: first it stops receiving, then its door closes.
    struct Running {
        ReceiverConfig config;
        bool lines = false;        ///< its feed format says so
        Timestamp since = kNoTime; ///< it listens
        std::shared_ptr<sources::HealthMeter> health;
        std::unique_ptr<sources::Intake> intake;
        std::unique_ptr<sources::NssListener> listener;
        std::unique_ptr<sources::CloudReceiver> receiver;
        std::unique_ptr<sources::FolderWatch> watch;
        [[nodiscard]] std::string address() const;
    };
    /// A row of the catalog.
    struct Kept {
        std::string key, state;
        ReceiverConfig config;
        Health health;
        Timestamp since = kNoTime; ///< it listened when this was kept
    };

    Result<std::vector<Kept>> kept();
    Result<Kept> keptOne(const std::string &key);
    Status keep(const std::string &key, const ReceiverConfig &config);
    Status keepHealth(const std::string &key, const Health &health, const std::string &state,
                      Timestamp since = kNoTime);
    Status openPath();
    Status startUnlocked(const std::string &key);
    Status stopUnlocked(const std::string &key);
    Status open(Running &running, const std::string &key);
    Status openFolder(Running &running, const std::string &key);
    void noteGap(const Kept &row, sources::HealthMeter &health) const;
    void keepAll();
    void housekeeping(const std::stop_token &stop);

    Engine &m_engine;
    std::mutex m_mutex; ///< guards the members below
    std::unique_ptr<pipeline::LivePath> m_path;
    std::map<std::string, std::unique_ptr<Running>> m_running;
    std::map<std::string, Error> m_failed;
    std::jthread m_housekeeper; ///< last
};

/// The configuration as it stands in the catalog.
std::string receiverJson(const ReceiverConfig &config);
std::optional<ReceiverConfig> receiverFromJson(std::string_view text);
std::string receiverKindName(ReceiverKind kind);

} // namespace nightjar::workspace
