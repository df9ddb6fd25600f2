// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/ratelimit.h"
#include "playbook/hostguard.h"
#include "playbook/httporder.h"

#include <nlohmann/json.hpp>

namespace nightjar::playbook {

/// What a request came to.
struct HttpEnd {
    Json result;                ///< status, reason, url, headers, elapsed, text, json, captured
    std::optional<Error> error; ///< with what came back in `result` where something did
    bool unknown = false;       ///< it left, and nobody knows whether it was carried out
};

/// Sends an order within the guard. Redirects are followed on the same origin only, if at all; an answer of another
/// status than expected is an error; only what was certainly not carried out is repeated. Errors: NJ-PLAYBOOK-022 host,
/// -024 status, -025 redirect, -026 capture, and those of net. Thread: any; blocks.
HttpEnd sendOrder(const HttpOrder &order, const HostGuard &guard, net::HttpClient &http, net::Sleeper &sleeper,
                  const CancelToken &cancel);

/// The result of an answer; also for the tenant's.
Json answerJson(int status, const std::string &reason, const std::string &url,
                const std::vector<net::HttpHeader> &headers, double seconds, const std::string &body);
/// Status and captures against what the order expects; fills `captured`.
std::optional<Error> checkAnswer(const HttpOrder &order, Json &result);

} // namespace nightjar::playbook
