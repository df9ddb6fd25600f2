// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/steptable.h"

#include <algorithm>
#include <array>

namespace nightjar::playbook {

namespace {

using enum FieldType;

constexpr std::array<Field, 6> kBlock{{{"values", TextOrList},
                                       {"selection", Integer},
                                       {"target", Text, false, "deny|category|ip-group"},
                                       {"reason", Text},
                                       {"ttl", Duration},
                                       {"activate", Boolean}}};
constexpr std::array<Field, 5> kUnblock{{{"values", TextOrList},
                                         {"expired", Boolean},
                                         {"target", Text, false, "deny|category|ip-group"},
                                         {"reason", Text},
                                         {"activate", Boolean}}};
constexpr std::array<Field, 4> kIndicator{
    {{"values", TextOrList, true}, {"confidence", Integer}, {"threat", Text}, {"ttl", Duration}}};
constexpr std::array<Field, 1> kLookup{{{"urls", TextOrList, true}}};
constexpr std::array<Field, 2> kStatus{
    {{"status", Text, true, "new|acknowledged|in_progress|closed"},
     {"verdict", Text, false, "none|true_positive|benign|false_positive|duplicate"}}};
constexpr std::array<Field, 1> kText{{{"text", Text, true}}};
constexpr std::array<Field, 1> kTag{{{"tags", TextOrList, true}}};
constexpr std::array<Field, 3> kNotify{
    {{"text", Text, true}, {"title", Text}, {"via", Text, false, "desktop|command"}}};
constexpr std::array<Field, 1> kWait{{{"time", Duration, true}}};
constexpr std::array<Field, 2> kApprove{{{"text", Text, true}, {"timeout", Duration}}};
constexpr std::array<Field, 3> kCommand{{{"argv", TextOrList, true}, {"input", Text}, {"timeout", Duration}}};
constexpr std::array<Field, 20> kHttp{{{"method", Text, false, "GET|HEAD|POST|PUT|PATCH|DELETE"},
                                       {"url", Text, true, {}, true},
                                       {"params", Map, false, {}, true},
                                       {"headers", Map, false, {}, true},
                                       {"json", Any, false, {}, true},
                                       {"text", Text, false, {}, true},
                                       {"auth", Text, false, "none|basic|digest|bearer|zscaler"},
                                       {"user", Text, false, {}, true},
                                       {"password", Text, false, {}, true},
                                       {"token", Text, false, {}, true},
                                       {"expect", TextOrList},
                                       {"retries", Integer},
                                       {"retry_wait", Duration},
                                       {"timeout", Duration},
                                       {"max_body", Integer},
                                       {"follow_redirects", Boolean},
                                       {"verify_tls", Boolean},
                                       {"capture", Map},
                                       {"keep_text", Boolean},
                                       {"idempotency_header", Text}}};
constexpr std::array<Field, 4> kExport{{{"what", Text, false, "indicators|blocked|selection"},
                                        {"format", Text, true, "csv|stix|text"},
                                        {"file", Text, true},
                                        {"limit", Integer}}};
constexpr std::array<Field, 2> kForEach{{{"in", Any, true}, {"as", Text}}};

constexpr std::array<StepRule, 14> kSteps{{{StepKind::Block, "block", "values", true, true, kBlock},
                                           {StepKind::Unblock, "unblock", "values", true, true, kUnblock},
                                           {StepKind::AddIndicator, "add_indicator", "values", true, true, kIndicator},
                                           {StepKind::Lookup, "url_lookup", "urls", true, true, kLookup},
                                           {StepKind::SetStatus, "set_status", "status", false, true, kStatus},
                                           {StepKind::Note, "note", "text", false, true, kText},
                                           {StepKind::Tag, "tag", "tags", false, true, kTag},
                                           {StepKind::Notify, "notify", "text", true, false, kNotify},
                                           {StepKind::Wait, "wait", "time", false, true, kWait},
                                           {StepKind::Approve, "approve", "text", false, true, kApprove},
                                           {StepKind::Command, "run_command", "argv", true, false, kCommand},
                                           {StepKind::Http, "http", "url", true, false, kHttp},
                                           {StepKind::Export, "export", "file", true, true, kExport},
                                           {StepKind::ForEach, "for_each", "in", false, true, kForEach}}};

} // namespace

std::span<const StepRule> stepTable()
{
    return kSteps;
}

const StepRule &ruleOf(StepKind kind)
{
    return kSteps[static_cast<std::size_t>(kind)];
}

const StepRule *findStep(std::string_view name)
{
    const auto *const found =
        std::find_if(kSteps.begin(), kSteps.end(), [&](const StepRule &rule) { return rule.name == name; });
    return found == kSteps.end() ? nullptr : &*found;
}

} // namespace nightjar::playbook
