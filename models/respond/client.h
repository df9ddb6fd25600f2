// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/ratelimit.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The Zscaler configuration API, by legacy sign-in or OneAPI (facts/zscaler-api.md §1–§3, §5–§9).
namespace nightjar::respond {

/// A client of OneAPI, known to ZIdentity (facts/zscaler-api.md §2). One of secret and key is needed.
struct OneApiClient {
    std::string tokenUrl; ///< "https://<vanity>.zslogin.net/oauth2/v1/token"
    std::string clientId;
    std::string clientSecret;
    std::string privateKey; ///< PEM; goes before the secret
    std::string audience = "https://api.zscaler.com";
};

/// Where and as whom. Never written anywhere; errors and the journal hold none of it but the origin of `baseUrl`.
struct Credentials {
    std::string baseUrl; ///< with "/api/v1"; OneAPI: "https://api.zsapi.net/zia/api/v1"
    std::string user;
    std::string password;
    std::string apiKey;                                ///< raw, 12 characters
    std::optional<OneApiClient> oneApi = std::nullopt; ///< used instead of user, password and key

    ~Credentials(); ///< overwrites password, key, secret and private key

    /// From NIGHTJAR_ZIA_URL, _USER, _PASSWORD, _API_KEY, or from NIGHTJAR_ONEAPI_TOKEN_URL, _CLIENT_ID and
    /// _CLIENT_SECRET or _PRIVATE_KEY_FILE with NIGHTJAR_ZIA_URL as base of the API. NJ-RESPOND-001 names what is
    /// missing, -015 says why the key file cannot be used.
    static Result<Credentials> fromEnvironment();
    /// True when any variable of either kind is set.
    static bool environmentHasAny();
};

enum class TenantState { Active, Pending, InProgress };
std::string_view nameOf(TenantState state);

/// Waits and bounds. The defaults are the ones for a real tenant; tests shorten them.
struct ClientTuning {
    const Clock *clock = &systemClock();
    net::Sleeper *sleeper = &net::systemSleeper();
    std::chrono::milliseconds connectTimeout{15'000};
    std::chrono::milliseconds totalTimeout{95'000}; ///< the edit lock answers after 30 s
    std::vector<std::int64_t> editLockWaits{5'000'000, 10'000'000, 20'000'000, 40'000'000, 60'000'000};
    std::int64_t longestRetryAfter = 90 * kMicrosPerSecond; ///< a longer one is an error that tells the time
    std::int64_t retryUnit = kMicrosPerSecond;              ///< first wait after a failure; doubles
    int tries = 4; ///< of one call, and re-sends of a write that was not applied
    std::vector<net::RateWindow> activationBudget{{8, 60 * kMicrosPerSecond}, {36, 3'600 * kMicrosPerSecond}};
};

struct RefusedEntry {
    std::string entry;
    std::string why;
};

/// What became of the entries of one list change. Every entry stands in exactly one of the vectors.
struct ListChange {
    std::vector<std::string> applied;
    std::vector<RefusedEntry> refused; ///< by the service, as no valid entry
    std::vector<std::string> failed;   ///< not on the list as asked; `error` says why
    std::vector<std::string> unknown;  ///< sent, but neither an answer nor a read-back came; `error` says why
    std::optional<Error> error;
    bool settledByReading = false; ///< an answer was missing and the list told what happened
};

/// One URL's classification.
struct UrlClass {
    std::string url;
    std::vector<std::string> categories;
    std::vector<std::string> alerts; ///< categories that the vendor blocks already
};

struct SignIn {
    std::string authType;
    std::int64_t passwordExpiryDays = -1; ///< -1: does not expire or not said
};

/// Error codes a caller may want to tell apart: NJ-RESPOND-010/011/014 credentials, 013 OneAPI only, 015 private key,
/// 020 read-only, 021 right missing, 022 limit reached, 023 edit lock, 024 rate limit, 025 activation budget, 030 no
/// JSON, 031 outcome unknown, 032 not reachable, 033 something in between answered, 035 cancelled. Thread: any; calls
/// are serialised. `http` must keep cookies and outlive the client.
class ZscalerClient {
public:
    ZscalerClient(net::HttpClient &http, Credentials credentials, ClientTuning tuning = {});
    ~ZscalerClient();
    ZscalerClient(const ZscalerClient &) = delete;
    ZscalerClient &operator=(const ZscalerClient &) = delete;

    /// Signs in. The other calls do so by themselves; refused credentials are not tried twice (account lockout).
    Result<SignIn> login(const CancelToken &cancel);
    /// Ends the session; Zscaler then activates what this administrator saved.
    Status logout(const CancelToken &cancel);

    /// The whole list in stored spelling; order means nothing.
    Result<std::vector<std::string>> denyList(const CancelToken &cancel);
    Result<std::vector<std::string>> allowList(const CancelToken &cancel);
    /// Adds or removes; bad entries are cut out and the rest sent again. The caller bounds the batch (≤ 5,000).
    ListChange addToDenyList(std::span<const std::string> entries, const CancelToken &cancel);
    ListChange removeFromDenyList(std::span<const std::string> entries, const CancelToken &cancel);

    Result<TenantState> status(const CancelToken &cancel);
    /// Asks to make saved changes live, within the budget; waits for the budget up to `patience` µs (else
    /// NJ-RESPOND-025).
    Result<TenantState> activate(const CancelToken &cancel, std::int64_t patience = 60 * kMicrosPerSecond);
    /// Activations of the last hour by other processes, from the journal.
    void preloadActivations(std::span<const Timestamp> times);
    /// Called before each request to activate leaves, repeated ones too, for the budget that the workspace keeps.
    void onActivation(std::function<void()> observer);

    /// Up to 100 URLs per request are sent; more are split.
    Result<std::vector<UrlClass>> lookup(std::span<const std::string> urls, const CancelToken &cancel);

    /// Any other call of the API, in this session and within the rate limit of lists. 2xx, 400 and 413 are answers; a
    /// write without a believable answer is NJ-RESPOND-031 and is not repeated.
    struct PolicyAnswer {
        int status = 0;
        std::string body; ///< JSON, or empty
        double seconds = 0;
    };
    Result<PolicyAnswer> callPolicy(const std::string &method, const std::string &path, const std::string &body,
                                    const CancelToken &cancel);

    /// "https://host", for messages and the journal.
    [[nodiscard]] std::string origin() const;
    /// True once an answer said that it comes from a simulated tenant; for the label only.
    [[nodiscard]] bool simulated() const;

private:
    class Exchange;
    ListChange change(std::string_view action, std::vector<std::string> entries, const CancelToken &cancel);
    void send(std::string_view action, std::vector<std::string> entries, const CancelToken &cancel, ListChange &report);
    bool settle(std::string_view action, std::vector<std::string> &entries, const Error &cause,
                const CancelToken &cancel, ListChange &report);

    std::unique_ptr<Exchange> m_exchange;
};

} // namespace nightjar::respond
