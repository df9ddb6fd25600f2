// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/exchange.h"

#include "base/text.h"
#include "base/wipe.h"

#include <algorithm>
#include <array>

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
    case Endpoint::Policy:
        break;
    }
    return {{1, kMicrosPerSecond}, {400, kHour}};
}

/// "5", "5s", "0.5 seconds", "2 minutes", "500ms"; none when the text does not begin with a number.
std::optional<std::int64_t> secondsOf(std::string_view text)
{
    text = trim(text);
    std::size_t digits = 0;
    while (digits < text.size() && digits < 9 && text[digits] >= '0' && text[digits] <= '9') {
        ++digits;
    }
    const std::optional<std::int64_t> number = digits == 0 ? std::nullopt : parseInteger(text.substr(0, digits));
    if (!number) {
        return std::nullopt;
    }
    std::string_view unit = text.substr(digits);
    bool fraction = false;
    while (!unit.empty() && (unit.front() == '.' || (unit.front() >= '0' && unit.front() <= '9'))) {
        fraction = true;
        unit.remove_prefix(1);
    }
    unit = trim(unit);
    const auto is = [unit](std::string_view word) { return equalsIgnoreCase(unit.substr(0, word.size()), word); };
    if (is("ms") || is("milli")) {
        return *number / 1'000 + 1;
    }
    constexpr std::int64_t kSecondsPerMinute = 60;
    constexpr std::int64_t kSecondsPerHour = 3'600;
    return (*number + (fraction ? 1 : 0)) * (is("m") ? kSecondsPerMinute : is("h") ? kSecondsPerHour : 1);
}

/// Seconds until an HTTP date ("Wed, 21 Oct 2026 07:28:00 GMT").
std::optional<std::int64_t> secondsUntil(std::string_view text, Timestamp now)
{
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::vector<std::string_view> words = split(trim(text), ' ');
    if (words.size() != 6 || words[5] != "GMT" || words[1].size() != 2 || words[3].size() != 4) {
        return std::nullopt;
    }
    const auto month = std::find(kMonths.begin(), kMonths.end(), words[2]);
    const std::string number = std::to_string(month - kMonths.begin() + 1);
    const auto time = parseIsoTime(std::string(words[3]) + "-" + (number.size() < 2 ? "0" : "") + number + "-" +
                                   std::string(words[1]) + "T" + std::string(words[4]) + "Z");
    if (month == kMonths.end() || !time) {
        return std::nullopt;
    }
    return std::max<std::int64_t>(0, (*time - now + kMicrosPerSecond - 1) / kMicrosPerSecond);
}

void replaceAll(std::string &text, const std::string &secret)
{
    for (std::size_t at = text.find(secret); !secret.empty() && at != std::string::npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), "***");
        at += 3;
    }
}

} // namespace

std::string textOf(const json &object, const char *key)
{
    if (object.is_object()) {
        if (const auto found = object.find(key); found != object.end() && found->is_string()) {
            return found->get<std::string>();
        }
    }
    return {};
}

Result<std::vector<std::string>> stringsOf(const json &answer, const char *key)
{
    std::vector<std::string> list;
    if (!answer.is_object()) {
        return fail("NJ-RESPOND-030", "The answer is not one of Zscaler's API", "a list was expected");
    }
    const auto found = answer.find(key);
    if (found == answer.end() || found->is_null()) {
        for (const char *sign : {"code", "message", "error", "detail", "status"}) {
            if (answer.contains(sign)) { // an error with status 200 is no empty list
                return fail("NJ-RESPOND-030", "The answer is not one of Zscaler's API",
                            std::string(key) + " is missing in it, and there is \"" + sign + "\"");
            }
        }
        return list; // an empty list may be left out
    }
    if (!found->is_array()) {
        return fail("NJ-RESPOND-030", "The answer is not one of Zscaler's API", std::string(key) + " is no list");
    }
    for (const json &item : *found) {
        if (item.is_string()) {
            list.push_back(item.get<std::string>());
        }
    }
    return list;
}

std::string shortened(std::string_view text)
{
    constexpr std::size_t kLongest = 300;
    return visible(repairUtf8(text.substr(0, kLongest)));
}

std::optional<std::int64_t> retryAfterSeconds(std::string_view header, const json &body, Timestamp now)
{
    std::optional<std::int64_t> seconds = secondsOf(header);
    if (!seconds) {
        seconds = secondsUntil(header, now);
    }
    if (body.is_object()) {
        for (const auto &[key, value] : body.items()) {
            if (!equalsIgnoreCase(key, "Retry-After") && !equalsIgnoreCase(key, "retryAfter") &&
                !equalsIgnoreCase(key, "retry_after")) {
                continue;
            }
            std::optional<std::int64_t> said;
            if (value.is_string()) {
                said = secondsOf(value.get_ref<const std::string &>());
            } else if (value.is_number()) {
                said = secondsOf(value.dump());
            }
            if (said) {
                seconds = std::max(seconds.value_or(0), *said);
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
                                    Endpoint::Advanced, Endpoint::Blacklist, Endpoint::Lookup, Endpoint::Policy}) {
        m_limiters[endpoint] = std::make_unique<net::RateLimiter>(windowsOf(endpoint, m_tuning), *m_tuning.clock);
    }
}

ZscalerClient::Exchange::~Exchange()
{
    wipe(m_token);
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
    replaceAll(text, m_token);
    if (m_credentials.oneApi) {
        replaceAll(text, m_credentials.oneApi->clientSecret);
    }
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
    if (code.empty() && message.empty()) {
        text += " " + textOf(answer.json, "detail");
    }
    if (!answer.requestId.empty()) {
        text += " (request " + answer.requestId + ")";
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
    net::HttpRequest request;
    request.method = method;
    request.url = m_credentials.baseUrl + path;
    if (method == "GET") { // caches in between (advice of the vendor)
        request.url += (path.find('?') == std::string::npos ? "?_=" : "&_=") + std::to_string(m_tuning.clock->now());
    }
    request.body = body;
    request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
    if (m_credentials.oneApi) {
        request.headers.push_back({"Authorization", "Bearer " + m_token});
    }
    Result<net::HttpResponse> response = transmit(endpoint, request, cancel);
    for (net::HttpHeader &header : request.headers) {
        wipe(header.value);
    }
    return response;
}

Result<net::HttpResponse> ZscalerClient::Exchange::transmit(Endpoint endpoint, net::HttpRequest &request,
                                                            const CancelToken &cancel)
{
    if (endpoint != Endpoint::Activate) { // its budget is taken by `call`, which knows how long to wait
        if (Status place = limiter(endpoint).take(*m_tuning.sleeper, cancel, m_tuning.longestRetryAfter); !place) {
            return fail(place.error());
        }
    } else if (m_onActivation) {
        m_onActivation();
    }
    request.connectTimeout = m_tuning.connectTimeout;
    request.totalTimeout = m_tuning.totalTimeout;
    Result<net::HttpResponse> response = m_http.send(request, cancel);
    if (response && response->header("X-Nightjar-Simulated") == "true") {
        m_simulated = true;
    }
    return response;
}

Status ZscalerClient::Exchange::takeBudget(std::int64_t &patience, const CancelToken &cancel)
{
    const Timestamp before = m_tuning.clock->now();
    const Status place = limiter(Endpoint::Activate).take(*m_tuning.sleeper, cancel, patience);
    patience = std::max<std::int64_t>(0, patience - (m_tuning.clock->now() - before));
    if (place) {
        return {};
    }
    const bool cancelled = net::isCancelled(place.error());
    return fail(cancelled ? "NJ-RESPOND-035" : "NJ-RESPOND-025",
                cancelled ? "Cancelled before the activation" : "The activation budget is used up",
                place.error().reason,
                "The change is saved; activate it later. Zscaler takes 10 activations a minute and 40 an hour.");
}

Result<ZscalerClient::Exchange::Answer> ZscalerClient::Exchange::call(Endpoint endpoint, const std::string &method,
                                                                      const std::string &path, const std::string &body,
                                                                      const CancelToken &cancel, std::int64_t patience)
{
    std::lock_guard lock(m_mutex);
    if (!signedIn()) {
        if (Result<SignIn> signIn = loginLocked(cancel); !signIn) {
            return fail(signIn.error());
        }
    }
    const bool reads = method == "GET" || endpoint == Endpoint::Lookup;
    for (Attempt attempt;;) {
        ++attempt.number;
        attempt.wait = 0;
        if (endpoint == Endpoint::Activate) {
            if (Status place = takeBudget(patience, cancel); !place) {
                return fail(place.error());
            }
        }
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

Result<std::vector<std::string>> ZscalerClient::Exchange::readList(Endpoint endpoint, const std::string &path,
                                                                   const char *key, const CancelToken &cancel)
{
    for (int attempt = 1;; ++attempt) {
        const Result<Answer> answer = call(endpoint, "GET", path, {}, cancel);
        if (!answer) {
            return fail(answer.error());
        }
        Result<std::vector<std::string>> list = stringsOf(answer->json, key);
        if (list || attempt >= m_tuning.tries ||
            !m_tuning.sleeper->sleep(m_tuning.retryUnit << std::min(attempt - 1, 6), cancel)) {
            return list;
        }
    }
}

} // namespace nightjar::respond
