// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "net/ratelimit.h"
#include "simulator/faults.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The simulated tenant: the configuration API, by legacy sign-in and OneAPI, as facts/zscaler-api.md describes it,
/// limits and faults included.
namespace nightjar::simulator {

struct TenantOptions {
    std::string user = "analyst@simulated.example";
    std::string password = "simulated";
    std::string apiKey = "simulated123";       ///< 12 characters
    std::string clientId = "simulated-client"; ///< of OneAPI
    std::string clientSecret = "simulated-secret";
    std::string publicKey;             ///< PEM of the client's key; empty: assertions are refused
    std::int64_t tokenSeconds = 3'600; ///< life of a token
    std::size_t quota = 25'000;
    std::int64_t idleExpiry = 300 * kMicrosPerSecond;
    std::filesystem::path persistFile; ///< lists survive in this JSON file; empty: in memory only
    const Clock *clock = &systemClock();
    std::uint64_t seed = 1; ///< of session ids and of the order of lists
};

/// A request as the HTTP layer hands it over. `path` without "/api/v1".
struct TenantRequest {
    std::string method;
    std::string path;
    std::map<std::string, std::string> query;
    std::string session; ///< value of the JSESSIONID cookie, or the bearer token
    std::string contentType;
    std::string body;
    bool oneApi = false; ///< came over the base of OneAPI
};

struct TenantReply {
    enum class Cut { None, BeforeAnswer, InsideBody };

    int status = 200;
    std::string contentType = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::int64_t delay = 0; ///< µs of real time before the answer
    Cut cut = Cut::None;
    bool gzip = false;
};

/// The logic, without HTTP. Thread: any, internally locked.
class Tenant {
public:
    explicit Tenant(TenantOptions options);

    /// Reads `persistFile` if it exists. NJ-SIM-003 when it is damaged.
    Status load();

    TenantReply handle(const TenantRequest &request);
    /// The token endpoint of ZIdentity; form in the body.
    TenantReply token(const TenantRequest &request);

    /// Sets faults, see `Faults`.
    Status setFaults(std::string_view json);
    /// Back to no faults; sessions end, without activating.
    void reset();
    /// Replaces lists as other administrators would, live at once and unchecked: {"deny":[…],"allow":[…]}.
    Status setLists(std::string_view json);
    /// A second administrator saves, unchecked and not live yet: {"add":[…],"remove":[…]}.
    Status edit(std::string_view json);
    /// {"saved":[…],"live":[…],"allow":[…],"status":…,"activations":n,"requests":n,"logins":n} for tests and the
    /// curious.
    [[nodiscard]] std::string state();

    [[nodiscard]] const TenantOptions &options() const { return m_options; }

private:
    struct Session {
        Timestamp lastUse = 0;
        bool dirty = false;
        Timestamp endsAt = kNoTime; ///< of a token
    };

    TenantReply route(const TenantRequest &request);
    TenantReply faulty(const TenantRequest &request, bool &handled);
    bool broken(const std::string &call, TenantReply &reply);
    TenantReply session(const TenantRequest &request);
    TenantReply signIn(const TenantRequest &request);
    TenantReply changeDenyList(const TenantRequest &request, const char *field);
    TenantReply replaceDenyList(const TenantRequest &request, const char *field);
    TenantReply readList(const std::set<std::string> &list, const char *field, bool leaveOutEmpty);
    TenantReply activate();
    TenantReply statusReply();
    TenantReply lookup(const TenantRequest &request);
    TenantReply replaceAllowList(const TenantRequest &request, const char *field);
    TenantReply tooMany(const std::string &window, std::int64_t wait) const;
    TenantReply fullReply(std::size_t current) const;
    bool takeRate(const TenantRequest &request, TenantReply &reply);
    bool acts(int &counter, const std::string &call) const;
    void expireSessions();
    void finishActivation();
    void makeLive();
    void persist();

    TenantOptions m_options;
    Faults m_faults;
    std::mutex m_mutex;
    std::map<std::string, Session> m_sessions;
    std::set<std::string> m_saved;
    std::set<std::string> m_live;
    std::set<std::string> m_allow;
    std::set<std::string> m_before; ///< the saved list before its last change
    bool m_queued = false;
    Timestamp m_activeAt = kNoTime; ///< when an activation in progress ends
    std::map<std::string, std::unique_ptr<net::RateLimiter>> m_rates;
    std::mt19937_64 m_random;
    std::int64_t m_activations = 0;
    std::int64_t m_requests = 0;
    std::int64_t m_logins = 0;
};

} // namespace nightjar::simulator
