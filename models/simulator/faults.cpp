// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulator/faults.h"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace nightjar::simulator {

namespace {

using nlohmann::json;

constexpr std::array<std::pair<std::string_view, int Faults::*>, 18> kCounters{{
    {"add_status", &Faults::addStatus},
    {"edit_lock", &Faults::editLock},
    {"precondition", &Faults::precondition},
    {"lose_before", &Faults::loseBefore},
    {"lose_after", &Faults::loseAfter},
    {"half_body", &Faults::halfBody},
    {"html", &Faults::html},
    {"error_500", &Faults::error500},
    {"error_after", &Faults::errorAfter},
    {"rate_limit", &Faults::rateLimit},
    {"swallow", &Faults::swallow},
    {"partial", &Faults::partial},
    {"stale_reads", &Faults::staleReads},
    {"redirect", &Faults::redirect},
    {"error_in_ok", &Faults::errorInOk},
    {"session_gone", &Faults::sessionGone},
    {"hang", &Faults::hang},
    {"proxy_error", &Faults::proxyError},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t Faults::*>, 3> kMillis{{
    {"edit_lock_delay_ms", &Faults::editLockDelay},
    {"in_progress_ms", &Faults::inProgress},
    {"hang_ms", &Faults::hangFor},
}};

constexpr std::array<std::pair<std::string_view, bool Faults::*>, 8> kSwitches{{
    {"read_only", &Faults::readOnly},
    {"scope_limited", &Faults::scopeLimited},
    {"other_admin", &Faults::otherAdmin},
    {"duplicate_error", &Faults::duplicateError},
    {"unnamed_bad", &Faults::unnamedBad},
    {"oneapi_only", &Faults::oneApiOnly},
    {"no_rates", &Faults::noRates},
    {"gzip", &Faults::gzip},
}};

constexpr std::array<std::pair<std::string_view, std::string Faults::*>, 3> kTexts{{
    {"on", &Faults::on},
    {"retry_after", &Faults::retryAfter},
    {"limit_style", &Faults::limitStyle},
}};

bool setOne(Faults &faults, const std::string &key, const json &value)
{
    constexpr std::int64_t kMost = 1'000'000'000;
    for (const auto &[name, member] : kCounters) {
        if (name == key && value.is_number_integer() && value >= 0 && value <= kMost) {
            faults.*member = value.get<int>();
            return true;
        }
    }
    for (const auto &[name, member] : kMillis) {
        if (name == key && value.is_number_integer() && value >= 0 && value <= kMost) {
            faults.*member = value.get<std::int64_t>();
            return true;
        }
    }
    for (const auto &[name, member] : kSwitches) {
        if (name == key && value.is_boolean()) {
            faults.*member = value.get<bool>();
            return true;
        }
    }
    for (const auto &[name, member] : kTexts) {
        if (name == key && value.is_string()) {
            faults.*member = value.get<std::string>();
            return true;
        }
    }
    return false;
}

} // namespace

Status Faults::merge(std::string_view text)
{
    const json object = json::parse(text, nullptr, false);
    if (!object.is_object()) {
        return fail("NJ-SIM-002", "The fault is not understood", "a JSON object was expected");
    }
    Faults changed = *this;
    for (const auto &[key, value] : object.items()) {
        if (!setOne(changed, key, value)) {
            return fail("NJ-SIM-002", "The fault is not understood", "unknown name or wrong kind of value: " + key,
                        "The names stand in models/simulator/faults.h.");
        }
    }
    *this = std::move(changed);
    return {};
}

} // namespace nightjar::simulator
