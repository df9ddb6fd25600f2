// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/httpaction.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace nightjar::playbook {

namespace {

constexpr std::size_t kMostText = 256U << 10U; ///< of an answer that is kept and seen by templates
constexpr int kMostRedirects = 5;
constexpr int kTooMany = 429;
constexpr std::int64_t kLongestWait = 120 * kMicrosPerSecond;

bool expects(const std::vector<std::string> &expected, int status)
{
    const std::string text = std::to_string(status);
    if (expected.empty()) {
        return status >= 200 && status < 300;
    }
    return std::any_of(expected.begin(), expected.end(), [&](const std::string &word) {
        return word == text || (word.size() == 3 && equalsIgnoreCase(word.substr(1), "xx") && word[0] == text[0]);
    });
}

bool isBusy(int status)
{
    return status == kTooMany || status == 502 || status == 503 || status == 504;
}

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// The Location as an absolute address on the same origin; none when it leads elsewhere.
std::optional<std::string> sameOrigin(const std::string &url, std::string_view location)
{
    const auto from = net::targetOf(url);
    if (!from || location.empty() || location.starts_with("//")) {
        return std::nullopt;
    }
    std::string next(location);
    if (location.find("://") == std::string_view::npos) {
        const std::size_t path = url.find_first_of("/?#", url.find("://") + 3);
        const std::string origin = url.substr(0, path);
        if (location.front() == '/') {
            next = origin + next;
        } else {
            const std::string rest = path == std::string::npos ? "/" : url.substr(path, url.find_first_of("?#") - path);
            next = origin + rest.substr(0, rest.rfind('/') + 1) + next;
        }
    }
    const auto to = net::targetOf(next);
    if (!to || to->scheme != from->scheme || to->host != from->host || to->port != from->port || to->hasUserInfo) {
        return std::nullopt;
    }
    return next;
}

std::int64_t waitFor(const net::HttpResponse *answer, const HttpOrder &order, int attempt)
{
    if (answer != nullptr) {
        if (const auto seconds = parseInteger(trim(answer->header("Retry-After")))) {
            return std::clamp<std::int64_t>(*seconds * kMicrosPerSecond, 0, kLongestWait);
        }
    }
    return std::min(kLongestWait, order.retryWait << std::min(attempt, 6));
}

/// One order with its redirects, no repetition.
Result<net::HttpResponse> sendOnce(net::HttpRequest request, const HttpOrder &order, const HostGuard &guard,
                                   net::HttpClient &http, const CancelToken &cancel, std::string &url)
{
    request.mayConnect = [&guard](const IpAddress &address) { return guard.mayConnect(address); };
    for (int hop = 0;; ++hop) {
        url = request.url;
        if (auto allowed = guard.mayAsk(request.url); !allowed) {
            return fail(allowed.error());
        }
        auto answer = http.send(request, cancel);
        if (!answer || !isRedirect(answer->status) || expects(order.expected, answer->status)) {
            return answer;
        }
        const auto next = sameOrigin(request.url, answer->header("Location"));
        const bool reads = request.method == "GET" || request.method == "HEAD";
        const bool keeps = reads || answer->status == 307 || answer->status == 308;
        if (!order.followRedirects || !next || hop >= kMostRedirects) {
            const std::string where = net::originOf(std::string(answer->header("Location")));
            return fail("NJ-PLAYBOOK-025", "A redirect is not followed",
                        net::originOf(request.url) + " sent the request on to " + visible(repairUtf8(where)),
                        !next && order.followRedirects ? "Only redirects on the same host are followed."
                                                       : "Write the address that it leads to.");
        }
        if (!keeps) {
            request.method = "GET";
            request.body.clear();
        }
        request.url = *next;
    }
}

bool mayRepeat(const Error &error)
{
    return error.code.starts_with("NJ-NET-01") && error.code != "NJ-NET-015" && error.code != "NJ-NET-016";
}

} // namespace

Json answerJson(int status, const std::string &reason, const std::string &url,
                const std::vector<net::HttpHeader> &headers, double seconds, const std::string &body)
{
    Json fields = Json::object();
    for (const net::HttpHeader &header : headers) {
        fields[asciiLower(header.name)] = repairUtf8(header.value);
    }
    Json result{
        {"status", status}, {"reason", repairUtf8(reason)}, {"url", url}, {"headers", fields}, {"elapsed", seconds}};
    Json parsed = Json::parse(body, nullptr, false);
    result["text"] = repairUtf8(std::string_view(body).substr(0, kMostText));
    result["json"] = parsed.is_discarded() ? Json() : std::move(parsed);
    return result;
}

std::optional<Error> checkAnswer(const HttpOrder &order, Json &result)
{
    const int status = result.value("status", 0);
    if (!expects(order.expected, status)) {
        return Error{"NJ-PLAYBOOK-024",
                     "The answer is not the expected one",
                     "status " + std::to_string(status) + " " + visible(result.value("reason", std::string())),
                     {},
                     "The step's result holds the answer; expect: says which statuses are good."};
    }
    Json captured = Json::object();
    for (const auto &[name, path] : order.capture) {
        const std::vector<Segment> segments = parsePath(path);
        const Json *found = segments.empty() ? nullptr : follow(result["json"], segments);
        if (found == nullptr) {
            return Error{"NJ-PLAYBOOK-026",
                         "The answer lacks what is to be kept",
                         "there is no " + visible(path) + " in its JSON",
                         {},
                         "The step's result holds the answer."};
        }
        captured[name] = *found;
    }
    result["captured"] = std::move(captured);
    return std::nullopt;
}

HttpEnd sendOrder(const HttpOrder &order, const HostGuard &guard, net::HttpClient &http, net::Sleeper &sleeper,
                  const CancelToken &cancel)
{
    HttpEnd end;
    for (int attempt = 0;; ++attempt) {
        std::string url = order.request.url;
        const auto answer = sendOnce(order.request, order, guard, http, cancel, url);
        const bool again =
            answer ? isBusy(answer->status) && !expects(order.expected, answer->status) : mayRepeat(answer.error());
        if (again && attempt < order.retries &&
            sleeper.sleep(waitFor(answer ? &*answer : nullptr, order, attempt), cancel)) {
            continue;
        }
        if (!answer) {
            end.error = answer.error();
            const bool ours = answer.error().code.starts_with("NJ-PLAYBOOK-");
            end.unknown = !ours && net::deliveryOf(answer.error()) == net::Delivery::Unknown &&
                          order.request.method != "GET" && order.request.method != "HEAD";
            return end;
        }
        end.result = answerJson(answer->status, answer->reason, url, answer->headers, answer->seconds, answer->body);
        end.error = checkAnswer(order, end.result);
        return end;
    }
}

} // namespace nightjar::playbook
