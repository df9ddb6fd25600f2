// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/manualclock.h"
#include "support/support.h"

#include "respond/denyservice.h"
#include "simulator/tenantserver.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace nightjar::testsupport {

constexpr const char *kPassword = "canary-password-91";
constexpr const char *kApiKey = "canaryKey123";

/// A simulated tenant over HTTP, a client, a journal and a Responder around one clock that only sleeping moves.
class Bench {
public:
    explicit Bench(std::size_t quota = 25'000, std::size_t capacity = 25'000)
    {
        simulator::ServerOptions options;
        options.tenant.user = "robot@example.com";
        options.tenant.password = kPassword;
        options.tenant.apiKey = kApiKey;
        options.tenant.quota = quota;
        options.tenant.clock = &clock;
        auto started = simulator::TenantServer::start(options);
        if (started) {
            server = std::move(*started);
        }
        auto opened = store::Catalog::open(folder / "catalog.db");
        if (opened && (*opened)->migrate(respond::Journal::migrations())) {
            catalog = std::move(*opened);
        }
        m_capacity = capacity;
        restart();
    }

    /// As if the program had been started again: new session, new client, same journal and tenant.
    void restart()
    {
        responder.reset();
        client.reset();
        journal = std::make_unique<respond::Journal>(*catalog, clock);
        http = std::make_unique<net::CurlClient>(net::CurlOptions{{}, {}, true, "Nightjar"});
        client = std::make_unique<respond::ZscalerClient>(*http, credentials(), tuning());
        respond::ResponderTuning limits;
        limits.clock = &clock;
        limits.sleeper = &sleeper;
        limits.capacity = m_capacity;
        respond::GuardLists lists;
        lists.ownDomains = {"corp.example"};
        lists.topSites = {"wikipedia.org"};
        responder = std::make_unique<respond::Responder>(client.get(), journal.get(), respond::Guard(lists), limits);
    }

    [[nodiscard]] respond::Credentials credentials() const
    {
        return {server->url(), "robot@example.com", kPassword, kApiKey};
    }
    [[nodiscard]] respond::ClientTuning tuning()
    {
        respond::ClientTuning result;
        result.clock = &clock;
        result.sleeper = &sleeper;
        result.totalTimeout = std::chrono::milliseconds(5'000);
        return result;
    }

    void fault(const char *json) { QVERIFY2(server->tenant().setFaults(json).has_value(), json); }
    void lists(const char *json) { QVERIFY2(server->tenant().setLists(json).has_value(), json); }
    [[nodiscard]] bool stateHas(const std::string &text)
    {
        return server->tenant().state().find(text) != std::string::npos;
    }
    /// Is the entry in the named array of the tenant's state ("saved", "live")?
    [[nodiscard]] bool holds(const std::string &list, const std::string &entry)
    {
        const std::string state = server->tenant().state();
        const std::size_t from = state.find("\"" + list + "\":[");
        const std::size_t to = state.find(']', from);
        return from != std::string::npos &&
               state.substr(from, to - from).find("\"" + entry + "\"") != std::string::npos;
    }

    std::vector<respond::Outcome> block(std::vector<std::string> values, respond::BlockOptions options = {})
    {
        stages.clear();
        return responder->block(values, options, recorder(), cancel);
    }
    std::vector<respond::Outcome> unblock(std::vector<std::string> values, respond::BlockOptions options = {})
    {
        stages.clear();
        return responder->unblock(values, options, recorder(), cancel);
    }
    respond::StageCallback recorder()
    {
        return [this](const std::string &, respond::Stage stage) { stages.push_back(stage); };
    }

    TemporaryFolder folder;
    ManualClock clock;
    ManualSleeper sleeper{clock};
    std::unique_ptr<simulator::TenantServer> server;
    std::unique_ptr<store::Catalog> catalog;
    std::unique_ptr<net::CurlClient> http;
    std::unique_ptr<respond::ZscalerClient> client;
    std::unique_ptr<respond::Journal> journal;
    std::unique_ptr<respond::Responder> responder;
    std::vector<respond::Stage> stages;
    CancelToken cancel;

private:
    std::size_t m_capacity = 25'000;
};

/// "result/state", for short comparisons; the why is shown when one fails.
inline std::string endOf(const respond::Outcome &outcome)
{
    return outcome.result + "/" + outcome.state;
}

} // namespace nightjar::testsupport

/// One outcome's result and state against the expected words. Both are evaluated once.
#define NJ_COMPARE_END(outcome, expected)                                                                              \
    do {                                                                                                               \
        const nightjar::respond::Outcome njOutcome = (outcome);                                                        \
        const std::string njEnd = nightjar::testsupport::endOf(njOutcome);                                             \
        QVERIFY2(njEnd == std::string(expected), (njEnd + ": " + njOutcome.why).c_str());                              \
    } while (false)
