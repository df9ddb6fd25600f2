// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "respond/client.h"

#include <nlohmann/json.hpp>

#include <atomic>
#include <map>
#include <mutex>

namespace nightjar::respond {

/// The calls that have rate windows of their own (facts/zscaler-api.md §8).
enum class Endpoint { Session, Status, Activate, Security, Advanced, Blacklist, Lookup, Policy };

/// One call and all that can come back: sign-in, waiting, repeating what may be repeated, and errors without secrets.
/// Internal to the room. Thread: any; one call at a time.
class ZscalerClient::Exchange {
public:
    struct Answer {
        int status = 0;
        nlohmann::json json;   ///< null when the answer had no body
        std::string requestId; ///< the gateway's, for support; mostly empty
    };

    Exchange(net::HttpClient &http, Credentials credentials, ClientTuning tuning);
    ~Exchange();
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;

    /// Sends and repeats until there is an answer to believe: any 2xx with JSON or without body, a 400, or a 413.
    /// A write without a believable answer is NJ-RESPOND-031 and is not repeated here.
    /// `patience`: µs that an activation may wait for its budget, over all repetitions; NJ-RESPOND-025 beyond.
    Result<Answer> call(Endpoint endpoint, const std::string &method, const std::string &path, const std::string &body,
                        const CancelToken &cancel, std::int64_t patience = 0);
    /// A list of texts under `key`; an answer of another shape is asked for again, then NJ-RESPOND-030.
    Result<std::vector<std::string>> readList(Endpoint endpoint, const std::string &path, const char *key,
                                              const CancelToken &cancel);
    Result<SignIn> login(const CancelToken &cancel);
    Status logout(const CancelToken &cancel);

    [[nodiscard]] const ClientTuning &tuning() const { return m_tuning; }
    [[nodiscard]] const Credentials &credentials() const { return m_credentials; }
    [[nodiscard]] bool simulated() const { return m_simulated; }
    net::RateLimiter &limiter(Endpoint endpoint);
    void onActivation(std::function<void()> observer) { m_onActivation = std::move(observer); }
    /// Those of earlier processes. The first call counts: what this client does itself it knows.
    void preloadActivations(std::span<const Timestamp> times);
    /// The service's own words for an answer, shortened, made visible, secrets masked.
    [[nodiscard]] std::string told(const Answer &answer) const;

private:
    enum class Next { Return, Again, Fail };
    struct Attempt {
        int number = 0;
        int lockWaits = 0;
        bool signedInAgain = false;
        std::int64_t wait = 0;
        std::optional<Error> error;
    };

    Result<SignIn> loginLocked(const CancelToken &cancel);
    Result<SignIn> openSession(const CancelToken &cancel);
    Result<SignIn> fetchToken(const CancelToken &cancel);
    [[nodiscard]] bool signedIn() const;
    Result<net::HttpResponse> sendOnce(Endpoint endpoint, const std::string &method, const std::string &path,
                                       const std::string &body, const CancelToken &cancel);
    Result<net::HttpResponse> transmit(Endpoint endpoint, net::HttpRequest &request, const CancelToken &cancel);
    Status takeBudget(std::int64_t &patience, const CancelToken &cancel);
    Next judgeTransport(const Error &error, bool reads, Attempt &attempt) const;
    Next judge(const net::HttpResponse &response, Endpoint endpoint, bool reads, Answer &answer, Attempt &attempt,
               const CancelToken &cancel);
    Next judgeLimit(const net::HttpResponse &response, Endpoint endpoint, const Answer &answer, Attempt &attempt);
    Next judgeForbidden(const net::HttpResponse &response, const Answer &answer, Attempt &attempt) const;
    Next judgeRedirect(const net::HttpResponse &response, Attempt &attempt) const;
    Next judgeLock(const Answer &answer, Attempt &attempt) const;
    Next retryOrUnknown(bool reads, Attempt &attempt, Error error) const;
    [[nodiscard]] Error makeError(std::string code, std::string title, std::string reason, std::string hint) const;
    [[nodiscard]] std::string masked(std::string text) const;

    net::HttpClient &m_http;
    Credentials m_credentials;
    ClientTuning m_tuning;
    std::recursive_mutex m_mutex;
    std::map<Endpoint, std::unique_ptr<net::RateLimiter>> m_limiters;
    bool m_signedIn = false;
    std::string m_token;           ///< of OneAPI
    Timestamp m_renewAt = kNoTime; ///< of the token
    std::function<void()> m_onActivation;
    std::atomic<bool> m_preloaded{false};
    std::atomic<bool> m_simulated{false};
    std::optional<Error> m_refusedLogin;
};

/// Seconds of a Retry-After in any of its spellings ("1", "1 seconds", "13s", "0.5", "2 minutes", "500ms", an HTTP
/// date; 0 counts as 1) in header or body; the longer one where both say something.
std::optional<std::int64_t> retryAfterSeconds(std::string_view header, const nlohmann::json &body, Timestamp now);

/// The texts of the list under `key`; an absent list is an empty one, unless the object is an error.
Result<std::vector<std::string>> stringsOf(const nlohmann::json &answer, const char *key);

/// The text under `key`; empty when there is none.
std::string textOf(const nlohmann::json &object, const char *key);

/// At most 300 bytes of a foreign text, control characters made visible.
std::string shortened(std::string_view text);

} // namespace nightjar::respond
