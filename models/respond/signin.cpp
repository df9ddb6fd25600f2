// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/exchange.h"

#include "base/text.h"
#include "base/wipe.h"
#include "respond/assertion.h"
#include "respond/obfuscation.h"

#include <algorithm>

/// Signing in: the legacy session and the token of OneAPI (facts/zscaler-api.md §1, §2).
namespace nightjar::respond {

namespace {

using nlohmann::json;

/// A "no" to the credentials. An overloaded service says 401 "Resource Access Blocked", which is none.
bool isRefusal(const net::HttpResponse &response)
{
    return (response.status == 400 || response.status == 401) &&
           findIgnoreCase(response.body, "access blocked") == std::string_view::npos;
}

/// When to ask for the next token: after 90 % of the life of this one, or a minute before its end, whichever is first.
std::int64_t renewAfter(std::int64_t seconds)
{
    const std::int64_t most = seconds * 9 / 10;
    return (seconds > 120 ? std::min(most, seconds - 60) : most) * kMicrosPerSecond;
}

} // namespace

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
    return m_credentials.oneApi ? fetchToken(cancel) : openSession(cancel);
}

bool ZscalerClient::Exchange::signedIn() const
{
    return m_signedIn && (!m_credentials.oneApi || m_tuning.clock->now() < m_renewAt);
}

Result<SignIn> ZscalerClient::Exchange::openSession(const CancelToken &cancel)
{
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
        } else if (isRefusal(*response)) {
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
    if (!m_signedIn || m_credentials.oneApi) { // a token just ends
        m_signedIn = false;
        wipe(m_token);
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

Result<SignIn> ZscalerClient::Exchange::fetchToken(const CancelToken &cancel)
{
    const OneApiClient &client = *m_credentials.oneApi;
    std::string form = "grant_type=client_credentials&audience=" + formEncoded(client.audience) +
                       "&client_id=" + formEncoded(client.clientId);
    const WipeAtEnd wiped(form);
    if (client.privateKey.empty()) {
        form += "&client_secret=" + formEncoded(client.clientSecret);
    } else {
        Result<std::string> assertion =
            signedAssertion(client.privateKey, client.clientId, client.audience, m_tuning.clock->now());
        if (!assertion) {
            return fail(assertion.error());
        }
        form += "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                "&client_assertion=" +
                *assertion;
    }
    net::HttpRequest request;
    request.method = "POST";
    request.url = client.tokenUrl;
    request.body = form;
    request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}};
    const WipeAtEnd wipedBody(request.body);
    for (Attempt attempt;;) {
        ++attempt.number;
        Result<net::HttpResponse> response = transmit(Endpoint::Session, request, cancel);
        Answer answer;
        Next next = Next::Fail;
        if (!response) {
            next = judgeTransport(response.error(), true, attempt);
        } else if (isRefusal(*response) || response->status == 403) {
            const json told = json::parse(response->body, nullptr, false);
            m_refusedLogin = makeError(
                "NJ-RESPOND-014", "ZIdentity refused the API client",
                "HTTP " + std::to_string(response->status) + " " + shortened(textOf(told, "error")) + " " +
                    shortened(textOf(told, "error_description")),
                "Check client id, secret or key, and this machine's clock; then start again. It is not tried twice.");
            return fail(*m_refusedLogin);
        } else {
            attempt.signedInAgain = true;
            next = judge(*response, Endpoint::Session, true, answer, attempt, cancel);
        }
        if (next == Next::Return) {
            std::string token = textOf(answer.json, "access_token");
            const WipeAtEnd wipedToken(token);
            if (!token.empty()) {
                constexpr std::int64_t kUsualLife = 3'600;
                constexpr std::int64_t kLongestLife = 86'400 * 7;
                const auto life = answer.json.find("expires_in");
                const std::int64_t seconds = life != answer.json.end() && life->is_number()
                                                 ? std::clamp<std::int64_t>(life->get<std::int64_t>(), 1, kLongestLife)
                                                 : kUsualLife;
                wipe(m_token);
                m_token = token;
                m_renewAt = m_tuning.clock->now() + renewAfter(seconds);
                m_signedIn = true;
                return SignIn{"ONEAPI", -1};
            }
            next = retryOrUnknown(true, attempt,
                                  makeError("NJ-RESPOND-030", "The answer is not one of ZIdentity",
                                            "there is no access token in it", "Check the token address."));
        }
        if (next == Next::Fail) {
            return fail(attempt.error.value_or(makeError("NJ-RESPOND-034", "The sign-in failed", {}, {})));
        }
        if (!m_tuning.sleeper->sleep(attempt.wait, cancel)) {
            return fail(makeError("NJ-RESPOND-035", "Cancelled", "during the sign-in", {}));
        }
    }
}

} // namespace nightjar::respond
