// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::simulator {

/// What the simulated tenant should do wrong, or otherwise than by default. Counters count down with each use.
/// The names in JSON are those in the comments.
struct Faults {
    int addStatus = 200;            ///< add_status: 200 (echo) or 204 (no body) for list changes
    int editLock = 0;               ///< edit_lock: that many writes answer 409
    std::int64_t editLockDelay = 0; ///< edit_lock_delay_ms: before the 409 (the real one takes 30 s)
    int precondition = 0;           ///< precondition: that many writes answer 412
    int loseBefore = 0;             ///< lose_before: connection lost, nothing applied
    int loseAfter = 0;              ///< lose_after: connection lost, applied
    int halfBody = 0;               ///< half_body: the answer breaks off, applied
    int html = 0;                   ///< html: HTTP 200 with a maintenance page, nothing applied
    int error500 = 0;               ///< error_500: 500 UNEXPECTED_ERROR, nothing applied
    int errorAfter = 0;             ///< error_after: 503 with HTML, but applied
    int rateLimit = 0;              ///< rate_limit: that many calls answer 429
    int swallow = 0;                ///< swallow: list changes are echoed but not stored
    int partial = 0;                ///< partial: list changes are echoed whole but only their first half is stored
    int staleReads = 0;             ///< stale_reads: the deny list is answered as it was before the last change
    int redirect = 0;               ///< redirect: 302 to another host, nothing applied
    int errorInOk = 0;              ///< error_in_ok: HTTP 200 with the JSON of an error, nothing applied
    int sessionGone = 0;            ///< session_gone: 401 as if the session or token had ended
    int hang = 0;                   ///< hang: applied, but the answer comes after hang_ms
    int proxyError = 0;             ///< proxy_error: 403 with HTML from something in between
    std::int64_t hangFor = 60'000;  ///< hang_ms
    std::string on;                 ///< on: the counters above act on "METHOD /path" that contains this text only
    std::string retryAfter =
        "header";                ///< retry_after: header ("1"), seconds ("1 seconds"), zero ("0 seconds"), body, long
    bool readOnly = false;       ///< read_only: 403 STATE_READONLY for writes
    bool scopeLimited = false;   ///< scope_limited: 403 SCOPE_LIMITED for writes
    bool otherAdmin = false;     ///< other_admin: someone else is editing: activations are queued
    std::int64_t inProgress = 0; ///< in_progress_ms: an activation takes that long
    std::string limitStyle = "400"; ///< limit_style: "400" or "403" when the list is full
    bool duplicateError = false;    ///< duplicate_error: adding a present entry is 400 DUPLICATE_ITEM
    bool unnamedBad = false;        ///< unnamed_bad: bad entries are refused without naming them
    bool oneApiOnly = false;        ///< oneapi_only: plain text, the legacy API is switched off
    bool noRates = false;           ///< no_rates: the rate windows are not enforced
    bool gzip = false;              ///< gzip: answers are compressed where the client takes it

    /// Sets what `json` (an object of the names above) holds; the rest stays. NJ-SIM-002 names an unknown or ill-typed
    /// key; nothing is changed then.
    Status merge(std::string_view json);
};

} // namespace nightjar::simulator
