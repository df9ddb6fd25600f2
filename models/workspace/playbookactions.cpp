// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/playbookactions.h"

#include "base/files.h"
#include "base/text.h"
#include "intel/selection.h"
#include "playbook/command.h"
#include "playbook/httpaction.h"
#include "workspace/engine.h"
#include "workspace/intelservice.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <unistd.h>

namespace nightjar::workspace {

namespace {

using playbook::Deed;
using playbook::Done;
using playbook::Json;
using playbook::StepKind;
using playbook::textOf;

constexpr std::int64_t kNotifyTime = 15 * kMicrosPerSecond;
constexpr std::size_t kMostSelected = 25'000;

Done failedWith(Error error)
{
    return {Json(), std::move(error), false};
}

std::vector<std::string> textsOf(const Json &arguments, const char *key)
{
    std::vector<std::string> texts;
    const auto found = arguments.find(key);
    if (found == arguments.end()) {
        return texts;
    }
    for (const Json &item : found->is_array() ? *found : Json::array({*found})) {
        texts.push_back(textOf(item));
    }
    return texts;
}

std::int64_t durationOf(const Json &arguments, const char *key)
{
    const auto found = arguments.find(key);
    return found == arguments.end() ? 0 : parseDuration(textOf(*found)).value_or(0);
}

/// False when this version cannot block there.
bool setTarget(RespondService::Options &, const std::string &target)
{
    return target == "deny";
}

Error noAlert()
{
    return {"NJ-PLAYBOOK-035",
            "The step needs an alert",
            "this run has none",
            {},
            "Give the playbook the trigger alert, or run it with --alert."};
}

/// What became of a block: true only when every value ended well.
Done blockEnd(const std::vector<BlockOutcome> &outcomes, bool blocks, bool dry)
{
    Json list = Json::array();
    std::size_t good = 0;
    const BlockOutcome *bad = nullptr;
    for (const BlockOutcome &o : outcomes) {
        list.push_back({{"value", o.value},
                        {"entry", o.entry},
                        {"list", o.list},
                        {"result", o.result},
                        {"state", o.state},
                        {"why", o.why}});
        const bool ended = o.result == "blocked" || o.result == "unblocked" || o.result == "already" ||
                           o.result == "not_blocked" || (dry && o.result.starts_with("would_"));
        good += ended ? 1 : 0;
        bad = ended || bad != nullptr ? bad : &o;
    }
    Done done{Json{{"outcomes", list}, {"good", good}, {"bad", outcomes.size() - good}}, std::nullopt, false};
    if (bad != nullptr) {
        done.error = Error{"NJ-PLAYBOOK-036",
                           std::to_string(outcomes.size() - good) + " of " + std::to_string(outcomes.size()) +
                               (blocks ? " values are not blocked" : " values are not released"),
                           defang(bad->value) + ": " + bad->result + ", " + bad->state +
                               (bad->why.empty() ? "" : ": " + bad->why),
                           {},
                           "The step's result tells each value."};
    }
    return done;
}

} // namespace

void PlaybookActions::setNotify(Notify notify)
{
    std::lock_guard lock(m_mutex);
    m_notify = std::move(notify);
}

Result<std::string> PlaybookActions::secret(const std::string &name)
{
    std::string variable = "NIGHTJAR_PLAYBOOK_SECRET_";
    for (const char c : name) {
        variable += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c == '-' || c == '.' ? '_' : c;
    }
    if (const char *value = std::getenv(variable.c_str()); value != nullptr && *value != '\0') {
        return std::string(value);
    }
    // A name of its own kind: no playbook can ask for the tenant's login.
    auto kept = m_engine.secrets->value("playbook." + name);
    if (!kept) {
        return fail(kept.error());
    }
    if (!*kept) {
        return fail("NJ-PLAYBOOK-027", "There is no secret playbook." + visible(name),
                    "Neither " + visible(variable) + " nor keychain or vault hold it.",
                    "Keep it: nightjar-cli secrets set playbook." + visible(name));
    }
    return std::move(**kept);
}

Done PlaybookActions::perform(StepKind kind, const Json &arguments, const Deed &deed, const CancelToken &cancel)
{
    switch (kind) {
    case StepKind::Block:
        return block(arguments, deed, true, cancel);
    case StepKind::Unblock:
        return block(arguments, deed, false, cancel);
    case StepKind::AddIndicator:
        return addIndicators(arguments, deed, cancel);
    case StepKind::Lookup:
        return lookup(arguments, deed, cancel);
    case StepKind::SetStatus:
        return setStatus(arguments, deed);
    case StepKind::Note:
        return note(arguments, deed);
    case StepKind::Tag:
        return tag(arguments, deed);
    case StepKind::Notify:
        return notify(arguments, deed, cancel);
    case StepKind::Export:
        return exportList(m_engine, arguments, deed.dry);
    default:
        return failedWith({"NJ-PLAYBOOK-036", "The step is not known here", {}, {}, {}});
    }
}

Done PlaybookActions::block(const Json &arguments, const Deed &deed, bool blocks, const CancelToken &cancel)
{
    std::vector<std::string> values = textsOf(arguments, "values");
    const auto wanted =
        static_cast<std::size_t>(std::max<std::int64_t>(0, arguments.value("selection", std::int64_t{0})));
    if (wanted > 0) {
        IntelService::Choice choice;
        choice.places = std::min(wanted, kMostSelected);
        const auto selection = IntelService(m_engine).select(choice);
        if (!selection) {
            return failedWith(selection.error());
        }
        for (const intel::SelectedEntry &entry : (*selection)->entries) {
            values.push_back(entry.entry);
        }
    }
    if (!blocks && arguments.value("expired", false) && !deed.dry) {
        const auto ends = RespondService(m_engine).settle(cancel);
        return ends ? blockEnd(*ends, false, false) : failedWith(ends.error());
    }
    if (values.empty()) {
        return {Json{{"outcomes", Json::array()}, {"good", 0}, {"bad", 0}}, std::nullopt, false};
    }
    const std::string target = arguments.value("target", std::string("deny"));
    RespondService::Options options;
    if (!setTarget(options, target)) {
        return failedWith({"NJ-PLAYBOOK-037",
                           "Nothing is blocked",
                           "this version blocks on the deny list only, not by " + target,
                           {},
                           "Leave target out."});
    }
    options.reason = arguments.value("reason", "playbook " + deed.playbook +
                                                   (deed.alert > 0 ? ", alert " + std::to_string(deed.alert) : ""));
    options.ttlMicros = durationOf(arguments, "ttl");
    options.activate = arguments.value("activate", true);
    options.dryRun = deed.dry;
    options.yes = true;
    options.who = deed.actor;
    for (std::size_t i = 0; blocks && !deed.dry && i < values.size(); ++i) {
        if (auto noted = m_runs.noteOrigin(values[i], deed.run, deed.chain); !noted) {
            return failedWith(noted.error());
        }
    }
    RespondService respond(m_engine);
    const auto outcomes =
        blocks ? respond.block(values, options, {}, cancel) : respond.unblock(values, options, {}, cancel);
    return outcomes ? blockEnd(*outcomes, blocks, deed.dry) : failedWith(outcomes.error());
}

Done PlaybookActions::addIndicators(const Json &arguments, const Deed &deed, const CancelToken &cancel)
{
    const std::vector<std::string> values = textsOf(arguments, "values");
    std::string csv = "value,confidence,threat,valid_until\n";
    Json read = Json::array();
    for (const std::string &value : values) {
        const auto indicator = intel::indicatorFromText(value);
        if (!indicator) {
            return failedWith(indicator.error());
        }
        const std::int64_t ttl = durationOf(arguments, "ttl");
        const std::string until = ttl > 0 ? formatIsoTime(m_engine.clock.now() + ttl) : std::string();
        const auto confidence = arguments.find("confidence");
        csv += csvCell(indicator->value) + "," + (confidence == arguments.end() ? "" : textOf(*confidence)) + "," +
               csvCell(arguments.value("threat", std::string())) + "," + until + "\n";
        read.push_back({{"type", intel::name(indicator->type)}, {"value", indicator->value}});
        if (!deed.dry) {
            if (auto noted = m_runs.noteOrigin(indicator->value, deed.run, deed.chain); !noted) {
                return failedWith(noted.error());
            }
        }
    }
    if (deed.dry || values.empty()) {
        return {Json{{"indicators", read}}, std::nullopt, false};
    }
    const auto file = m_engine.folder / ("playbook-indicators-" + std::to_string(deed.run) + ".csv");
    if (auto written = writeFileAtomically(file, csv); !written) {
        return failedWith(written.error());
    }
    const auto summary = IntelService(m_engine).importFile(file, "playbook " + deed.playbook, {}, cancel);
    ::unlink(file.c_str());
    if (!summary) {
        return failedWith(summary.error());
    }
    return {
        Json{{"indicators", read}, {"import", summary->import}, {"new", summary->added}, {"alerts", summary->alerts}},
        std::nullopt, false};
}

Done PlaybookActions::lookup(const Json &arguments, const Deed &deed, const CancelToken &cancel)
{
    const std::vector<std::string> urls = textsOf(arguments, "urls");
    if (deed.dry) {
        return {Json{{"urls", urls}}, std::nullopt, false};
    }
    std::lock_guard lock(m_engine.responding);
    auto client = m_engine.tenant->client();
    if (!client) {
        return failedWith(client.error());
    }
    const auto classes = (*client)->lookup(urls, cancel);
    if (!classes) {
        return failedWith(classes.error());
    }
    Json list = Json::array();
    Json all = Json::array();
    Json blocked = Json::array();
    for (const respond::UrlClass &one : *classes) {
        list.push_back({{"url", one.url}, {"categories", one.categories}, {"alerts", one.alerts}});
        for (const std::string &category : one.categories) {
            all.push_back(category);
        }
        if (!one.alerts.empty()) {
            blocked.push_back(one.url);
        }
    }
    return {Json{{"urls", list}, {"categories", all}, {"blocked_already", blocked}}, std::nullopt, false};
}

Done PlaybookActions::setStatus(const Json &arguments, const Deed &deed)
{
    AlertChange change;
    change.status = alerts::parseStatus(arguments.value("status", std::string()));
    if (arguments.contains("verdict")) {
        change.verdict = alerts::parseVerdict(arguments.value("verdict", std::string()));
    }
    if (deed.alert <= 0) {
        return failedWith(noAlert());
    }
    if (!deed.dry) {
        if (auto done = TriageService(m_engine).change({deed.alert}, change, deed.actor); !done) {
            return failedWith(done.error());
        }
    }
    return {Json{{"alert", deed.alert}}, std::nullopt, false};
}

Done PlaybookActions::note(const Json &arguments, const Deed &deed)
{
    if (deed.alert <= 0) {
        return failedWith(noAlert());
    }
    const std::string text = arguments.value("text", std::string());
    TriageService triage(m_engine);
    const auto alert = triage.get(deed.alert);
    if (!alert) {
        return failedWith(alert.error());
    }
    // Done twice after a crash it stands there once.
    if (!deed.dry && alert->note.find(text) == std::string::npos) {
        AlertChange change;
        change.note = alert->note.empty() ? text : alert->note + "\n" + text;
        if (auto done = triage.change({deed.alert}, change, deed.actor); !done) {
            return failedWith(done.error());
        }
    }
    return {Json{{"alert", deed.alert}}, std::nullopt, false};
}

Done PlaybookActions::tag(const Json &arguments, const Deed &deed)
{
    if (deed.alert <= 0) {
        return failedWith(noAlert());
    }
    if (!deed.dry) {
        if (auto done = m_runs.addTags(deed.alert, textsOf(arguments, "tags")); !done) {
            return failedWith(done.error());
        }
        ++m_engine.changes;
    }
    return {Json{{"alert", deed.alert}}, std::nullopt, false};
}

Done PlaybookActions::notify(const Json &arguments, const Deed &deed, const CancelToken &cancel)
{
    const std::string text = arguments.value("text", std::string());
    const std::string title = arguments.value("title", std::string("Nightjar"));
    if (deed.dry) {
        return {Json{{"title", title}, {"text", text}}, std::nullopt, false};
    }
    if (arguments.value("via", std::string()) == "command") {
        const std::string program = m_engine.settings->text("playbook.notify_command");
        if (program.empty() || program.front() != '/') {
            return failedWith({"NJ-PLAYBOOK-030",
                               "Nobody was notified",
                               "playbook.notify_command names no program",
                               {},
                               "nightjar-cli config set playbook.notify_command /usr/local/bin/…"});
        }
        const Json input{
            {"title", title}, {"text", text}, {"playbook", deed.playbook}, {"run", deed.run}, {"alert", deed.alert}};
        const auto end = playbook::runCommand({program}, playbook::dump(input), kNotifyTime, cancel);
        if (!end || end->exitCode != 0) {
            return failedWith(end ? Error{"NJ-PLAYBOOK-034",
                                          "The program failed",
                                          "exit code " + std::to_string(end->exitCode),
                                          {},
                                          {}}
                                  : end.error());
        }
        return {Json{{"exit_code", end->exitCode}}, std::nullopt, false};
    }
    Notify show;
    {
        std::lock_guard lock(m_mutex);
        show = m_notify;
    }
    if (show) {
        show(title, text);
        return {Json{{"shown", true}}, std::nullopt, false};
    }
    // The desktop's notification server reads simple HTML.
    std::string plain;
    for (const char c : visible(text)) {
        plain += c == '<' ? std::string("&lt;") : c == '&' ? std::string("&amp;") : std::string(1, c);
    }
    const auto end = playbook::runCommand({"/usr/bin/notify-send", "--app-name=Nightjar", "--", visible(title), plain},
                                          {}, kNotifyTime, cancel);
    if (!end) {
        return failedWith(end.error());
    }
    return {Json{{"shown", end->exitCode == 0}}, std::nullopt, false};
}

Done PlaybookActions::callTenant(const playbook::HttpOrder &order, const Deed &, const CancelToken &cancel)
{
    const std::string &method = order.request.method;
    const std::string &path = order.request.url;
    const std::string lower = asciiLower(path);
    for (const auto &[part, instead] :
         {std::pair("authenticatedsession", "the session is kept by the program"),
          std::pair("blacklisturls", "use the steps block and unblock, which keep the journal"),
          std::pair("status/activate", "activation has a budget of its own; use block")}) {
        if (method != "GET" && lower.find(part) != std::string::npos) {
            return failedWith(
                {"NJ-PLAYBOOK-038", "The call is not sent to the tenant", instead, {}, "Take the step out."});
        }
    }
    if (path.find("..") != std::string::npos || lower.find("%2e") != std::string::npos ||
        path.find('\\') != std::string::npos) {
        return failedWith(
            {"NJ-PLAYBOOK-038", "The call is not sent to the tenant", "its path climbs out of the API", {}, {}});
    }
    std::lock_guard lock(m_engine.responding);
    auto client = m_engine.tenant->client();
    if (!client) {
        return failedWith(client.error());
    }
    const auto answer = (*client)->callPolicy(method, path, order.request.body, cancel);
    if (!answer) {
        const bool unknown = answer.error().code == "NJ-RESPOND-031" && method != "GET";
        return {Json(), answer.error(), unknown};
    }
    ++m_engine.changes;
    return {playbook::answerJson(answer->status, {}, (*client)->origin() + path, {}, answer->seconds, answer->body),
            std::nullopt, false};
}

} // namespace nightjar::workspace
