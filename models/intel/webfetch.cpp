// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/webfetch.h"

#include "base/text.h"
#include "base/url.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace nightjar::intel {

namespace {

constexpr int kTries = 3;
constexpr int kWaits = 5; ///< times that a server may put us off
constexpr int kRedirects = 3;
constexpr std::int64_t kFirstPause = 2 * kMicrosPerSecond;

/// RFC 9110 §5.6.7, the form that is sent today: "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<Timestamp> httpDate(std::string_view text)
{
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto parts = split(text, ' ');
    if (parts.size() != 6) {
        return std::nullopt;
    }
    const auto month = std::find(kMonths.begin(), kMonths.end(), parts[2]);
    if (month == kMonths.end()) {
        return std::nullopt;
    }
    const auto number = month - kMonths.begin() + 1;
    return parseIsoTime(std::string(parts[3]) + (number < 10 ? "-0" : "-") + std::to_string(number) + "-" +
                        std::string(parts[1]) + "T" + std::string(parts[4]) + "Z");
}

/// Microseconds that the server asks for; 0 when it does not say.
std::int64_t askedWait(const net::HttpResponse &answer, Timestamp now)
{
    const std::string_view text = trim(answer.header("Retry-After"));
    std::int64_t seconds = 0;
    if (const auto end = text.data() + text.size(); std::from_chars(text.data(), end, seconds).ec == std::errc()) {
        return std::clamp<std::int64_t>(seconds, 1, 366 * 86'400) * kMicrosPerSecond;
    }
    const auto at = httpDate(text);
    return at ? std::max<std::int64_t>(*at - now, kMicrosPerSecond) : 0;
}

Error refused(const std::string &url, const net::HttpResponse &answer)
{
    const std::string status = "the server answers " + std::to_string(answer.status);
    const Place place{net::originOf(url), 0, 0};
    switch (answer.status) {
    case 401:
    case 403:
        return {"NJ-INTEL-060", "The server does not let us in", status, place,
                "Check the user, the password or the token, and the rights on the collection."};
    case 404:
    case 410:
        return {"NJ-INTEL-061", "The server has nothing at this address", status, place, "Check the URL."};
    default:
        return {"NJ-INTEL-062", "The server cannot be read", status, place, "Nothing was changed; try again later."};
    }
}

} // namespace

std::string resolveUrl(std::string_view base, std::string_view reference)
{
    if (reference.find("://") != std::string_view::npos) {
        return std::string(reference);
    }
    if (reference.starts_with("//")) {
        return std::string(splitUrl(base).scheme) + ":" + std::string(reference);
    }
    const std::string origin = net::originOf(base);
    if (reference.starts_with('/')) {
        return origin + std::string(reference);
    }
    const std::string_view path = splitUrl(base).path;
    const std::size_t slash = path.rfind('/');
    return origin + (slash == std::string_view::npos ? "/" : std::string(path.substr(0, slash + 1))) +
           std::string(reference);
}

Status WebFetch::pause(std::int64_t micros, const CancelToken &cancel)
{
    return m_sleeper.sleep(micros, cancel) ? Status() : fail("NJ-INTEL-041", "Cancelled", "nothing more was fetched");
}

Result<net::HttpResponse> WebFetch::once(std::string url, const std::vector<net::HttpHeader> &headers,
                                         const CancelToken &cancel)
{
    for (int hop = 0;; ++hop) {
        net::HttpRequest request;
        request.url = url;
        request.headers = headers;
        request.maxBody = m_options.maxBody;
        if (net::originOf(url) == m_options.origin) {
            request.headers.insert(request.headers.end(), m_options.credentials.begin(), m_options.credentials.end());
        }
        auto answer = m_http.send(request, cancel);
        if (!answer || answer->status < 301 || answer->status > 308 || answer->status == 304) {
            return answer;
        }
        const std::string next = resolveUrl(url, trim(answer->header("Location")));
        if (hop == kRedirects || answer->header("Location").empty() || net::originOf(next) != net::originOf(url)) {
            return fail(Error{"NJ-INTEL-063",
                              "The server sends us elsewhere",
                              "it redirects to " + visible(net::originOf(next)),
                              {net::originOf(url), 0, 0},
                              "If that is right, enter the new address; credentials are never sent along."});
        }
        url = next;
    }
}

Result<net::HttpResponse> WebFetch::get(const std::string &url, const std::vector<net::HttpHeader> &headers,
                                        const Judge &judge, const CancelToken &cancel, std::vector<int> welcome)
{
    welcome.push_back(200);
    int failures = 0;
    int waits = 0;
    for (;;) {
        auto answer = once(url, headers, cancel);
        Error problem;
        if (!answer) {
            problem = answer.error();
            if (net::isCancelled(problem) || problem.code == "NJ-INTEL-063" || problem.code == "NJ-NET-001" ||
                problem.code == "NJ-NET-002" || problem.code == "NJ-NET-024") {
                return fail(problem);
            }
        } else if (std::find(welcome.begin(), welcome.end(), answer->status) != welcome.end()) {
            const Status good = answer->status == 200 && judge ? judge(*answer) : Status();
            if (good) {
                return answer;
            }
            problem = good.error();
        } else {
            problem = refused(url, *answer);
            const std::int64_t wait =
                answer->status == 429 || answer->status == 503 ? askedWait(*answer, m_clock.now()) : 0;
            if (wait > m_options.longestWait) {
                return fail(Error{"NJ-INTEL-064", "The server asks for patience",
                                  "the next answer is promised in " + std::to_string(wait / kMicrosPerSecond) + " s",
                                  problem.place, "The next poll goes on where this one stopped."});
            }
            if (wait > 0 && ++waits <= kWaits) {
                if (auto waited = pause(wait, cancel); !waited) {
                    return fail(waited.error());
                }
                continue;
            }
            if (answer->status < 500 && answer->status != 429 && answer->status != 408) {
                return fail(problem);
            }
        }
        if (++failures >= kTries) {
            return fail(problem);
        }
        if (auto waited = pause(kFirstPause << (2 * (failures - 1)), cancel); !waited) {
            return fail(waited.error());
        }
    }
}

} // namespace nightjar::intel
