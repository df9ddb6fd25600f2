// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/http.h"
#include "net/ratelimit.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Answers of indicator servers. For this room only.
namespace nightjar::intel {

struct FetchOptions {
    std::string origin;                       ///< "https://host:port" that gets the credentials; no other does
    std::vector<net::HttpHeader> credentials; ///< Authorization, Auth-Key, X-OTX-API-KEY …
    std::size_t maxBody = std::size_t{256} << 20U;
    std::int64_t longestWait = 15 * 60 * kMicrosPerSecond; ///< that a server may ask for
};

/// GET with patience: redirects within the host, three tries on 5xx, broken answers and lost connections with growing
/// pauses, 429 and 503 waited for as the server asks (seconds or an HTTP date, RFC 9110 §10.2.3). Thread: one.
/// Errors: the transport's, NJ-INTEL-060 refused (401, 403), -061 not there (404, 410), -062 any other status, -063 a
/// redirect to another host, -064 the server asks for too long a wait, -041 cancelled.
class WebFetch {
public:
    /// All must outlive the object.
    WebFetch(net::HttpClient &http, net::Sleeper &sleeper, const Clock &clock, FetchOptions options)
        : m_http(http)
        , m_sleeper(sleeper)
        , m_clock(clock)
        , m_options(std::move(options))
    {
    }
    /// Judges a whole answer with status 200; an error makes it a broken one, which is asked for again.
    using Judge = std::function<Status(const net::HttpResponse &)>;
    /// Statuses in `welcome` (besides 200) are results too.
    Result<net::HttpResponse> get(const std::string &url, const std::vector<net::HttpHeader> &headers,
                                  const Judge &judge, const CancelToken &cancel, std::vector<int> welcome = {});

private:
    Result<net::HttpResponse> once(std::string url, const std::vector<net::HttpHeader> &headers,
                                   const CancelToken &cancel);
    Status pause(std::int64_t micros, const CancelToken &cancel);

    net::HttpClient &m_http;
    net::Sleeper &m_sleeper;
    const Clock &m_clock;
    FetchOptions m_options;
};

/// `reference` as a browser on `base` would open it: absolute, "/path" or relative.
std::string resolveUrl(std::string_view base, std::string_view reference);

} // namespace nightjar::intel
