// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/http.h"
#include "playbook/playbook.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace nightjar::playbook {

/// An `http` step with everything filled in.
struct HttpOrder {
    net::HttpRequest request;
    std::string auth = "none";         ///< none, basic, digest, bearer, zscaler
    std::vector<std::string> expected; ///< "200", "2xx"; empty: 2xx
    int retries = 0;                   ///< for what was certainly not carried out, and 429, 502, 503, 504
    std::int64_t retryWait = 2 * kMicrosPerSecond;
    bool followRedirects = false;                             ///< on the same origin only
    bool keepText = true;                                     ///< keep the answer's text in the run
    std::vector<std::pair<std::string, std::string>> capture; ///< name, path into the JSON of the answer
};

/// Fills the step in. `key` goes into Idempotency-Key of writes, so that a service that knows it never does a thing
/// twice. Errors: those of templates, NJ-PLAYBOOK-023 for what makes no request.
Result<HttpOrder> makeHttpOrder(const Step &step, const Scope &scope, const std::string &key);

/// The order as it is shown and kept: to be made from a scope whose secrets are masks.
Json describeOrder(const HttpOrder &order);

} // namespace nightjar::playbook
