// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/exchange.h"

#include "base/text.h"
#include "base/wipe.h"
#include "respond/obfuscation.h"

#include <algorithm>

namespace nightjar::respond {

namespace {

using nlohmann::json;

constexpr std::int64_t kHour = 3'600 * kMicrosPerSecond;

std::vector<net::RateWindow> windowsOf(Endpoint endpoint, const ClientTuning &tuning)
{
    switch (endpoint) {
    case Endpoint::Session:
    case Endpoint::Status:
    case Endpoint::Security:
        return {{2, kMicrosPerSecond}, {1'000, kHour}};
    case Endpoint::Activate:
        return tuning.activationBudget;
    case Endpoint::Advanced:
    case Endpoint::Blacklist:
    case Endpoint::Lookup:
        break;
    }
    return {{1, kMicrosPerSecond}, {400, kHour}};
}

std::string textOf(const json &object, const char *key)
{
    if (object.is_object()) {
        if (const auto found = object.find(key); found != object.end() && found->is_string()) {
            return found->get<std::string>();
        }
    }
    return {};
}

std::string shortened(std::string_view text)
{
    constexpr std::size_t kLongest = 300;
    return visible(repairUtf8(text.substr(0, kLongest)));
}

std::optional<std::int64_t> leadingInteger(std::string_view text)
{
    text = trim(text);
    std::size_t digits = 0;
    while (digits < text.size() && digits < 9 && text[digits] >= '0' && text[digits] <= '9') {
        ++digits;
    }
    return digits == 0 ? std::nullopt : parseInteger(text.substr(0, digits));
}

void replaceAll(std::string &text, const std::string &secret)
{
    for (std::size_t at = text.find(secret); !secret.empty() && at != std::string::npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), "***");
        at += 3;
    }
}

} // namespace

std::optional<std::int64_t> retryAfterSeconds(std::string_view header, const json &body)
{
    std::optional<std::int64_t> seconds = leadingInteger(header);
    if (!seconds && body.is_object()) {
        if (const auto found = body.find("Retry-After"); found != body.end()) {
            if (found->is_string()) {
                seconds = leadingInteger(found->get_ref<const std::string &>());
            } else if (found->is_number_unsigned()) {
                seconds = found->get<std::int64_t>();
            }
        }
    }
    return seconds ? std::optional(std::max<std::int64_t>(*seconds, 1)) : std::nullopt;
}

ZscalerClient::Exchange::Exchange(net::HttpClient &http, Credentials credentials, ClientTuning tuning)
    : m_http(http)
    , m_credentials(std::move(credentials))
    , m_tuning(std::move(tuning))
{
    while (!m_credentials.baseUrl.empty() && m_credentials.baseUrl.back() == '/') {
        m_credentials.baseUrl.pop_back();
    }
    for (const Endpoint endpoint : {Endpoint::Session, Endpoint::Status, Endpoint::Activate, Endpoint::Security,
                                    Endpoint::Advanced, Endpoint::Blacklist, Endpoint::Lookup}) {
        m_limiters[endpoint] = std::make_unique<net::RateLimiter>(windowsOf(endpoint, m_tuning), *m_tuning.clock);
    }
}

net::RateLimiter &ZscalerClient::Exchange::limiter(Endpoint endpoint)
{
    return *m_limiters.at(endpoint);
}

void ZscalerClient::Exchange::preloadActivations(std::span<const Timestamp> times)
{
    if (!m_preloaded.exchange(true)) {
        limiter(Endpoint::Activate).preload(times);
    }
}

std::string ZscalerClient::Exchange::masked(std::string text) const
{
    replaceAll(text, m_credentials.password);
    replaceAll(text, m_credentials.apiKey);
    return text;
}

std::string ZscalerClient::Exchange::told(const Answer &answer) const
{
    const std::string code = textOf(answer.json, "code");
    const std::string message = textOf(answer.json, "message");
    std::string text = "HTTP " + std::to_string(answer.status);
    if (!code.empty()) {
        text += " " + code;
    }
    if (!message.empty()) {
        text += ": " + message;
    }
    return shortened(masked(std::move(text)));
}

Error ZscalerClient::Exchange::makeError(std::string code, std::string title, std::string reason,
                                         std::string hint) const
{
    return {std::move(code),
            std::move(title),
            masked(std::move(reason)),
            {net::originOf(m_credentials.baseUrl), 0, 0},
            std::move(hint)};
}

Result<net::HttpResponse> ZscalerClient::Exchange::sendOnce(Endpoint endpoint, const std::string &method,
                                                            const std::string &path, const std::string &body,
                                                            const CancelToken &cancel)
{
    if (endpoint != Endpoint::Activate) { // its budget is taken by the caller, who knows how long to wait
        if (Status place = limiter(endpoint).take(*m_tuning.sleeper, cancel, m_tuning.longestRetryAfter); !place) {
            return fail(place.error());
        }
    }
    net::HttpRequest request;
    request.method = method;
    request.url = m_credentials.baseUrl + path;
    if (method == "GET") { // caches in between (advice of the vendor)
        request.url += (path.find('?') == std::string::npos ? "?_=" : "&_=") + std::to_string(m_tuning.clock->now());
    }
    request.body = body;
    request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
    request.connectTimeout = m_tuning.connectTimeout;
    request.totalTimeout = m_tuning.totalTimeout;
    Result<net::HttpResponse> response = m_http.send(request, cancel);
    if (response && response->header("X-Nightjar-Simulated") == "true") {
        m_simulated = true;
    }
    return response;
}

Result<SignIn> ZscalerClient::Exchange::login(const CancelToken &cancel)
{
    std::lock_guard lock(m_mutex);
    return loginLocked(cancel);
}

Result<SignIn> ZscalerClient::Exchange::loginLocked(const CancelToken &cancel)
{
    if (m_refusedLogin) {
        return fail(*m_refusedLogin);
    }
    const std::string time = std::to_string(m_tuning.clock->now() / 1'000);
    Result<std::string> key = obfuscateKey(m_credentials.apiKey, time);
    if (!key) {
        return fail(key.error());
    }
    json body{
        {"apiKey", *key}, {"username", m_credentials.user}, {"password", m_credentials.password}, {"timestamp", time}};
    std::string text = body.dump(-1, ' ', false, json::error_handler_t::replace);
    const WipeAtEnd wiped(text);
    wipe(body["password"].get_ref<std::string &>());
    for (Attempt attempt;;) {
        ++attempt.number;
        Result<net::HttpResponse> response = sendOnce(Endpoint::Session, "POST", "/authenticatedSession", text, cancel);
        Answer answer;
        Next next = Next::Fail;
        if (!response) {
            next = judgeTransport(response.error(), true, attempt);
        } else if (response->status == 400 || response->status == 401) {
            const bool clock = response->status == 401;
            m_refusedLogin =
                makeError(clock ? "NJ-RESPOND-011" : "NJ-RESPOND-010", "Zscaler refused the sign-in",
                          clock ? "the API key or this machine's clock is wrong (HTTP 401)"
                                : "user or password is wrong (HTTP 400)",
                          clock ? "Check the API key and the clock; they must agree within two hours."
                                : "Correct the user and password; it is not tried again, to avoid a lockout.");
            return fail(*m_refusedLogin);
        } else {
            attempt.signedInAgain = true;
            next = judge(*response, Endpoint::Session, true, answer, attempt, cancel);
        }
        if (next == Next::Return) {
            m_signedIn = true;
            SignIn signIn{textOf(answer.json, "authType"), -1};
            if (answer.json.is_object() && answer.json.contains("passwordExpiryDays") &&
                answer.json["passwordExpiryDays"].is_number_integer()) {
                signIn.passwordExpiryDays = answer.json["passwordExpiryDays"].get<std::int64_t>();
            }
            return signIn;
        }
        if (next == Next::Fail) {
            return fail(attempt.error.value_or(makeError("NJ-RESPOND-034", "The sign-in failed", {}, {})));
        }
        if (!m_tuning.sleeper->sleep(attempt.wait, cancel)) {
            return fail(makeError("NJ-RESPOND-035", "Cancelled", "during the sign-in", {}));
        }
    }
}

Status ZscalerClient::Exchange::logout(const CancelToken &cancel)
{
    std::lock_guard lock(m_mutex);
    if (!m_signedIn) {
        return {};
    }
    Result<net::HttpResponse> response = sendOnce(Endpoint::Session, "DELETE", "/authenticatedSession", {}, cancel);
    m_signedIn = false;
    if (!response) {
        return fail(makeError("NJ-RESPOND-032", "The session could not be ended", response.error().reason,
                              "It ends by itself after some minutes without use."));
    }
    return {};
}

Result<ZscalerClient::Exchange::Answer> ZscalerClient::Exchange::call(Endpoint endpoint, const std::string &method,
                                                                      const std::string &path, const std::string &body,
                                                                      const CancelToken &cancel)
{
    std::lock_guard lock(m_mutex);
    if (!m_signedIn) {
        if (Result<SignIn> signIn = loginLocked(cancel); !signIn) {
            return fail(signIn.error());
        }
    }
    const bool reads = method == "GET" || endpoint == Endpoint::Lookup;
    for (Attempt attempt;;) {
        ++attempt.number;
        attempt.wait = 0;
        Result<net::HttpResponse> response = sendOnce(endpoint, method, path, body, cancel);
        Answer answer;
        const Next next = response ? judge(*response, endpoint, reads, answer, attempt, cancel)
                                   : judgeTransport(response.error(), reads, attempt);
        if (next == Next::Return) {
            return answer;
        }
        if (next == Next::Fail) {
            return fail(*attempt.error);
        }
        if (attempt.wait > 0 && !m_tuning.sleeper->sleep(attempt.wait, cancel)) {
            return fail(makeError("NJ-RESPOND-035", "Cancelled",
                                  "while waiting to repeat a call that was not carried out", {}));
        }
    }
}

ZscalerClient::Exchange::Next ZscalerClient::Exchange::judgeTransport(const Error &error, bool reads,
                                                                      Attempt &attempt) const
{
    const bool notSent = net::deliveryOf(error) == net::Delivery::NotSent;
    if (net::isCancelled(error)) {
        attempt.error = notSent || reads
                            ? makeError("NJ-RESPOND-035", "Cancelled", error.reason, {})
                            : makeError("NJ-RESPOND-031", "Cancelled while the answer was awaited", error.reason, {});
        return Next::Fail;
    }
    if (error.code == "NJ-NET-031") {
        attempt.error = makeError("NJ-RESPOND-024", error.title, error.reason, error.hint);
        return Next::Fail;
    }
    Error told = notSent ? makeError("NJ-RESPOND-032", "Zscaler cannot be reached", error.reason, error.hint)
                         : makeError("NJ-RESPOND-031", "The answer of Zscaler was lost", error.reason, error.hint);
    const bool lasting = error.code == "NJ-NET-001" || error.code == "NJ-NET-002" || error.code == "NJ-NET-012";
    if (lasting) {
        attempt.error = std::move(told);
        return Next::Fail;
    }
    return retryOrUnknown(reads || notSent, attempt, std::move(told));
}

ZscalerClient::Exchange::Next ZscalerClient::Exchange::retryOrUnknown(bool repeatable, Attempt &attempt,
                                                                      Error error) const
{
    attempt.error = std::move(error);
    if (!repeatable || attempt.number >= m_tuning.tries) {
        return Next::Fail;
    }
    attempt.wait = m_tuning.retryUnit << std::min(attempt.number - 1, 6);
    return Next::Again;
}

ZscalerClient::Exchange::Next ZscalerClient::Exchange::judge(const net::HttpResponse &response, Endpoint endpoint,
                                                             bool reads, Answer &answer, Attempt &attempt,
                                                             const CancelToken &cancel)
{
    answer.status = response.status;
    const bool empty = trim(response.body).empty();
    answer.json = empty ? json() : json::parse(response.body, nullptr, false);
    const bool believable = !answer.json.is_discarded();
    if (!believable) {
        answer.json = json();
        if (findIgnoreCase(std::string_view(response.body).substr(0, 4'096), "oneapi") != std::string_view::npos) {
            attempt.error = makeError("NJ-RESPOND-013", "This tenant does not take the legacy sign-in any more",
                                      "Zscaler answers that it is reached through OneAPI only",
                                      "Create an API client in ZIdentity and set the OneAPI credentials.");
            return Next::Fail;
        }
    }
    const int status = response.status;
    if (status >= 200 && status < 300) {
        if (believable) {
            return Next::Return;
        }
        Error noJson =
            makeError(reads ? "NJ-RESPOND-030" : "NJ-RESPOND-031", "The answer is not one of Zscaler's API",
                      "HTTP " + std::to_string(status) + " with " + shortened(response.header("Content-Type")) +
                          " instead of JSON (maintenance page, portal or proxy)",
                      "Check the address, the proxy and whether the network asks for a sign-in.");
        return retryOrUnknown(reads, attempt, std::move(noJson));
    }
    if (status == 401 && !attempt.signedInAgain) {
        attempt.signedInAgain = true;
        if (Result<SignIn> signIn = loginLocked(cancel); !signIn) {
            attempt.error = signIn.error();
            return Next::Fail;
        }
        return Next::Again;
    }
    switch (status) {
    case 400:
    case 413:
        return Next::Return;
    case 401:
        m_signedIn = false;
        attempt.error = makeError("NJ-RESPOND-012", "Zscaler ended the session again", told(answer),
                                  "Another program may use the same administrator; give Nightjar a user of its own.");
        return Next::Fail;
    case 403:
        return judgeForbidden(answer, attempt);
    case 409:
    case 412:
        return judgeLock(answer, attempt);
    case 429:
        return judgeLimit(response, endpoint, answer, attempt);
    default:
        break;
    }
    if (status >= 500 || status == 408) {
        return retryOrUnknown(reads, attempt,
                              makeError("NJ-RESPOND-031", "Zscaler reported a fault of its own", told(answer),
                                        "Try again in some minutes; what was saved is compared with the list."));
    }
    attempt.error = makeError("NJ-RESPOND-034", "Zscaler did not take the call", told(answer),
                              "Check that the address ends in /api/v1 and belongs to your cloud.");
    return Next::Fail;
}

ZscalerClient::Exchange::Next ZscalerClient::Exchange::judgeForbidden(const Answer &answer, Attempt &attempt) const
{
    const std::string code = textOf(answer.json, "code");
    if (code == "STATE_READONLY") {
        attempt.error = makeError("NJ-RESPOND-020", "The tenant is in read-only mode", told(answer),
                                  "Zscaler is under maintenance; try again in some minutes.");
    } else if (code == "LIMIT_EXCEEDED") {
        attempt.error =
            makeError("NJ-RESPOND-022", "The list is full", told(answer), "Remove entries that are no longer needed.");
    } else {
        attempt.error = makeError("NJ-RESPOND-021", "The administrator lacks a right for this call", told(answer),
                                  "Give the API user's role access to security policy and activation.");
    }
    return Next::Fail;
}

ZscalerClient::Exchange::Next ZscalerClient::Exchange::judgeLock(const Answer &answer, Attempt &attempt) const
{
    if (textOf(answer.json, "code") == "DUPLICATE_ITEM") {
        return Next::Return;
    }
    const auto waits = static_cast<int>(m_tuning.editLockWaits.size());
    if (attempt.lockWaits >= waits) {
        attempt.error = makeError("NJ-RESPOND-023", "Another administrator holds the edit lock", told(answer),
                                  "Nothing was changed; try again when the other change is finished.");
        return Next::Fail;
    }
    attempt.wait = m_tuning.editLockWaits[static_cast<std::size_t>(attempt.lockWaits)];
    ++attempt.lockWaits;
    return Next::Again;
}

ZscalerClient::Exchange::Next ZscalerClient::Exchange::judgeLimit(const net::HttpResponse &response, Endpoint endpoint,
                                                                  const Answer &answer, Attempt &attempt)
{
    const std::optional<std::int64_t> seconds = retryAfterSeconds(response.header("Retry-After"), answer.json);
    const std::int64_t wait =
        seconds ? *seconds * kMicrosPerSecond : m_tuning.retryUnit << std::min(attempt.number - 1, 6);
    limiter(endpoint).holdFor(wait);
    constexpr int kMostTries = 8;
    if (wait > m_tuning.longestRetryAfter || attempt.number >= kMostTries) {
        attempt.error = makeError("NJ-RESPOND-024", "The tenant's rate limit is used up",
                                  told(answer) + "; possible again at " + formatIsoTime(m_tuning.clock->now() + wait),
                                  "Other tools share this limit. Nothing was changed; try again after that time.");
        return Next::Fail;
    }
    attempt.wait = wait;
    return Next::Again;
}

} // namespace nightjar::respond
