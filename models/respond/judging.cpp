// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/exchange.h"

#include "base/text.h"

#include <algorithm>

/// What an answer of the service, or its absence, means (facts/zscaler-api.md §8, §9).
namespace nightjar::respond {

using nlohmann::json;

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
    for (const char *name : {"x-oneapi-request-id", "x-transaction-id"}) {
        if (answer.requestId.empty()) {
            answer.requestId = response.header(name).substr(0, 64);
        }
    }
    const bool empty = trim(response.body).empty();
    answer.json = empty ? json() : json::parse(response.body, nullptr, false);
    const bool believable = !answer.json.is_discarded();
    if (!believable) {
        answer.json = json();
        if (!m_credentials.oneApi &&
            findIgnoreCase(response.header("Content-Type"), "html") == std::string_view::npos &&
            findIgnoreCase(std::string_view(response.body).substr(0, 4'096), "oneapi") != std::string_view::npos) {
            attempt.error = makeError("NJ-RESPOND-013", "This tenant does not take the legacy sign-in any more",
                                      "Zscaler answers that it is reached through OneAPI only",
                                      "Create an API client in ZIdentity and set the OneAPI credentials.");
            return Next::Fail;
        }
    }
    const int status = response.status;
    if (status >= 300 && status < 400) {
        return judgeRedirect(response, attempt);
    }
    if (status >= 200 && status < 300) {
        const bool hasContent = reads && endpoint != Endpoint::Session; // a read without content tells nothing
        if (believable && !(hasContent && empty)) {
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
        return judgeForbidden(response, answer, attempt);
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

ZscalerClient::Exchange::Next ZscalerClient::Exchange::judgeForbidden(const net::HttpResponse &response,
                                                                      const Answer &answer, Attempt &attempt) const
{
    const std::string code = textOf(answer.json, "code");
    if (code == "STATE_READONLY" || equalsIgnoreCase(response.header("x-zscaler-mode"), "read-only")) {
        attempt.error = makeError("NJ-RESPOND-020", "The tenant is in read-only mode", told(answer),
                                  "Zscaler is under maintenance; try again in some minutes.");
    } else if (code == "LIMIT_EXCEEDED") {
        attempt.error =
            makeError("NJ-RESPOND-022", "The list is full", told(answer), "Remove entries that are no longer needed.");
    } else if (!answer.json.is_object()) {
        attempt.error =
            makeError("NJ-RESPOND-033", "Something between here and Zscaler refused the call",
                      "HTTP 403 with " + shortened(response.header("Content-Type")) + " instead of JSON",
                      "A proxy or gateway answered; nothing was changed. Check the proxy and the address of the API.");
    } else {
        attempt.error = makeError("NJ-RESPOND-021", "The administrator lacks a right for this call", told(answer),
                                  "Give the API user's role access to security policy and activation.");
    }
    return Next::Fail;
}

ZscalerClient::Exchange::Next ZscalerClient::Exchange::judgeRedirect(const net::HttpResponse &response,
                                                                     Attempt &attempt) const
{
    const std::string_view target = response.header("Location");
    attempt.error = makeError("NJ-RESPOND-033", "The call was redirected and is not followed",
                              "HTTP " + std::to_string(response.status) + " to " +
                                  (target.empty() ? "no address" : shortened(net::originOf(target))),
                              "A captive portal or proxy asks for a sign-in, or the API address is an old one. Nothing "
                              "was sent to the other address, and nothing was changed.");
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
    const std::optional<std::int64_t> seconds =
        retryAfterSeconds(response.header("Retry-After"), answer.json, m_tuning.clock->now());
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
