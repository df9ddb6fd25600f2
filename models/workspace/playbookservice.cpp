// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/playbookservice.h"

#include "base/text.h"
#include "playbook/context.h"
#include "workspace/network.h"
#include "workspace/playbookstate.h"

#include <algorithm>
#include <chrono>

namespace nightjar::workspace {

namespace {

using playbook::Deed;
using playbook::Json;
using playbook::Run;

constexpr std::size_t kFailuresInARow = 5;
constexpr auto kPause = std::chrono::milliseconds(1'500);

std::vector<std::string> triggersOf(const playbook::Playbook &playbook)
{
    std::vector<std::string> names;
    if (playbook.onAlert) {
        names.emplace_back("alert");
    }
    if (playbook.onIndicator) {
        names.emplace_back("new_indicator");
    }
    if (playbook.onSchedule) {
        names.emplace_back("schedule");
    }
    names.emplace_back("manual");
    return names;
}

PlaybookRun runOf(const Run &run)
{
    return {run.id,  run.alert, run.playbook, run.title,   run.trigger, std::string(playbook::name(run.state)),
            run.why, run.actor, run.version,  run.created, run.updated, run.wake};
}

PlaybookStep stepOf(const playbook::StepReport &report)
{
    return {report.path,  report.name,   report.kind, report.state, report.why,
            report.sends, report.result, kNoTime,     kNoTime};
}

/// "2" before "10", "2.1.1" behind "2".
bool pathLess(const std::string &left, const std::string &right)
{
    const auto a = split(left, '.');
    const auto b = split(right, '.');
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](std::string_view x, std::string_view y) {
                                            return parseInteger(x).value_or(0) < parseInteger(y).value_or(0);
                                        });
}

} // namespace

PlaybookService::PlaybookService(Engine &engine)
    : m_state(std::make_unique<State>(engine))
{
}

PlaybookService::~PlaybookService()
{
    stop();
}

Status PlaybookService::State::open()
{
    std::lock_guard lock(opening);
    if (runs) {
        return {};
    }
    auto opened = playbook::RunStore::open(*engine.catalog, engine.clock);
    if (!opened) {
        return fail(opened.error());
    }
    http = std::make_unique<net::CurlClient>(networkOptions(*engine.settings));
    runs.emplace(*opened);
    actions = std::make_unique<PlaybookActions>(engine, *runs);
    return {};
}

std::vector<PlaybookFile> PlaybookService::State::files() const
{
    return readPlaybooks(resourcesFolder() / "playbooks", engine.folder / "playbooks");
}

Result<PlaybookFile> PlaybookService::State::find(const std::string &what) const
{
    std::error_code ignored;
    if (what.find('/') != std::string::npos || std::filesystem::is_regular_file(what, ignored)) {
        PlaybookFile file = readPlaybookFile(what, true);
        return file.reading.playbook ? Result<PlaybookFile>(std::move(file)) : fail(file.reading.problems.front());
    }
    for (PlaybookFile &file : files()) {
        if (file.reading.playbook && file.reading.playbook->id == what) {
            return std::move(file);
        }
        if (!file.reading.playbook && file.path.stem() == what) {
            return fail(file.reading.problems.front());
        }
    }
    return fail("NJ-PLAYBOOK-042", "There is no playbook \"" + visible(what) + "\"",
                "It is neither a file nor the id of one.", "nightjar-cli playbook list shows them.");
}

Result<playbook::Runner> PlaybookService::State::runner()
{
    const auto text = [this](const char *key) { return engine.settings->text(key); };
    auto hosts = playbook::HostGuard::make(text("playbook.hosts"), text("playbook.networks"));
    if (!hosts) {
        return fail(hosts.error());
    }
    playbook::Limits limits;
    limits.hosts = std::move(*hosts);
    limits.actionsAnHour = engine.settings->number("playbook.actions_an_hour");
    limits.commands = engine.settings->flag("playbook.commands");
    limits.unverifiedTls = engine.settings->flag("playbook.unverified_tls");
    playbook::Runner::Parts parts;
    parts.runs = &*runs;
    parts.actions = actions.get();
    parts.http = http.get();
    parts.clock = &engine.clock;
    return playbook::Runner(parts, std::move(limits));
}

Result<playbook::RunState> PlaybookService::State::go(std::int64_t run, const CancelToken &token)
{
    std::lock_guard lock(running);
    auto ready = runner();
    if (!ready) {
        return fail(ready.error());
    }
    auto ended = ready->go(run, token);
    ++engine.changes;
    if (!ended || *ended != playbook::RunState::Failed) {
        return ended;
    }
    const auto whole = runs->get(run);
    const auto newest = whole ? runs->newestStates(whole->playbook, kFailuresInARow) : fail(whole.error());
    if (newest && newest->size() == kFailuresInARow &&
        std::all_of(newest->begin(), newest->end(),
                    [](playbook::RunState s) { return s == playbook::RunState::Failed; })) {
        static_cast<void>(
            runs->stop(whole->playbook, "it failed five times in a row, the last time: " + whole->why).has_value());
    }
    return ended;
}

Result<PlaybookRun> PlaybookService::State::told(std::int64_t run)
{
    const auto whole = runs->get(run);
    return whole ? Result<PlaybookRun>(runOf(*whole)) : fail(whole.error());
}

Result<Json> PlaybookService::State::contextOf(std::int64_t alert)
{
    Json context = Json::object();
    if (alert <= 0) {
        return context;
    }
    const auto whole = engine.alerts->get(alert);
    if (!whole) {
        return fail(whole.error());
    }
    // A workspace of an older version, opened for reading, has no tags yet.
    context["alert"] = playbook::alertContext(*whole, runs->tags(alert).value_or(std::vector<std::string>()));
    return context;
}

std::vector<Error> PlaybookService::check(const std::string &text, const std::string &file)
{
    return playbook::read(text, file).problems;
}

std::vector<PlaybookInfo> PlaybookService::list()
{
    std::map<std::string, playbook::RunStore::Enabled> enabled;
    if (m_state->open()) {
        enabled = m_state->runs->enabled().value_or(std::map<std::string, playbook::RunStore::Enabled>());
    }
    std::vector<PlaybookInfo> list;
    for (PlaybookFile &file : m_state->files()) {
        PlaybookInfo info;
        info.file = file.path.string();
        info.own = file.own;
        info.problems = std::move(file.reading.problems);
        if (const auto &playbook = file.reading.playbook) {
            info.id = playbook->id;
            info.title = playbook->title;
            info.description = playbook->description;
            info.version = playbook->version;
            info.triggers = triggersOf(*playbook);
            for (const std::string &name : playbook->secrets) {
                info.secrets.push_back("playbook." + name);
            }
            if (const auto found = enabled.find(playbook->id); found != enabled.end()) {
                info.why = !found->second.stopped.empty()    ? found->second.stopped
                           : found->second.hash != file.hash ? "its file has changed since it was enabled"
                                                             : "";
                info.enabled = info.why.empty();
            }
        } else {
            info.id = file.path.stem().string();
            info.why = "its file has errors";
        }
        list.push_back(std::move(info));
    }
    std::sort(list.begin(), list.end(), [](const auto &a, const auto &b) { return a.id < b.id; });
    return list;
}

Status PlaybookService::setEnabled(const std::string &id, bool enabled)
{
    if (auto opened = m_state->open(); !opened) {
        return opened;
    }
    if (!enabled) {
        ++m_state->engine.changes;
        return m_state->runs->disable(id);
    }
    for (const PlaybookFile &file : m_state->files()) {
        if (file.reading.playbook && file.reading.playbook->id == id) {
            if (auto marked = m_state->startMarks(*file.reading.playbook); !marked) {
                return marked;
            }
            ++m_state->engine.changes;
            return m_state->runs->enable(id, file.hash);
        }
    }
    const auto found = m_state->find(id);
    return found ? fail("NJ-PLAYBOOK-042", "There is no playbook \"" + visible(id) + "\"",
                        "A file outside of the workspace does not run by itself.",
                        "Copy it into the workspace's folder playbooks.")
                 : fail(found.error());
}

Result<std::vector<PlaybookStep>> PlaybookService::rehearse(const std::string &what, std::int64_t alert,
                                                            const CancelToken &cancel)
{
    if (auto opened = m_state->open(); !opened) {
        return fail(opened.error());
    }
    const auto file = m_state->find(what);
    return file ? m_state->rehearse(*file->reading.playbook, alert, cancel) : fail(file.error());
}

Result<std::vector<PlaybookStep>> PlaybookService::State::rehearse(const playbook::Playbook &playbook,
                                                                   std::int64_t alert, const CancelToken &token)
{
    auto context = contextOf(alert);
    auto ready = context ? runner() : fail(context.error());
    if (!ready) {
        return fail(ready.error());
    }
    Deed deed;
    deed.alert = alert;
    deed.playbook = playbook.id;
    deed.key = deed.playbook + "@" + std::to_string(alert);
    deed.actor = "playbook " + deed.playbook;
    deed.dry = true;
    const auto reports = ready->rehearse(playbook, *context, deed, token);
    if (!reports) {
        return fail(reports.error());
    }
    std::vector<PlaybookStep> steps;
    for (const playbook::StepReport &report : *reports) {
        steps.push_back(stepOf(report));
    }
    return steps;
}

Result<PlaybookRun> PlaybookService::run(const std::string &what, std::int64_t alert, bool again,
                                         const CancelToken &cancel)
{
    if (auto opened = m_state->open(); !opened) {
        return fail(opened.error());
    }
    const auto file = m_state->find(what);
    const auto context = file ? m_state->contextOf(alert) : fail(file.error());
    if (!context) {
        return fail(context.error());
    }
    const playbook::Playbook &playbook = *file->reading.playbook;
    Run run;
    run.playbook = playbook.id;
    run.title = playbook.title;
    run.version = playbook.version;
    run.text = playbook.text;
    run.trigger = "manual";
    run.alert = alert;
    run.context = playbook::dump(*context);
    run.actor = m_state->engine.settings->text("respond.actor");
    run.key = playbook.id + "@" + std::to_string(alert);
    if (again || alert <= 0) {
        run.key += "/" + formatIsoTime(m_state->engine.clock.now());
    }
    const auto added = m_state->runs->add(run);
    if (!added) {
        return fail(added.error());
    }
    if (!*added) {
        return fail("NJ-PLAYBOOK-043", "The playbook has run for alert " + std::to_string(alert),
                    "The same alert does not run it twice.", "See playbook runs; --again runs it once more.");
    }
    const auto ended = m_state->go(**added, cancel);
    return ended ? m_state->told(**added) : fail(ended.error());
}

Result<std::vector<PlaybookRun>> PlaybookService::runs(std::size_t limit)
{
    if (auto opened = m_state->open(); !opened) {
        return fail(opened.error());
    }
    const auto all = m_state->runs->list(limit);
    if (!all) {
        return fail(all.error());
    }
    std::vector<PlaybookRun> list;
    for (const Run &run : *all) {
        list.push_back(runOf(run));
    }
    return list;
}

Result<std::vector<PlaybookStep>> PlaybookService::steps(std::int64_t run)
{
    if (auto opened = m_state->open(); !opened) {
        return fail(opened.error());
    }
    const auto whole = m_state->runs->get(run);
    const auto all = whole ? m_state->runs->steps(run) : fail(whole.error());
    if (!all) {
        return fail(all.error());
    }
    std::vector<PlaybookStep> steps;
    for (const auto &[path, step] : *all) {
        steps.push_back({path, step.name, step.kind, std::string(playbook::name(step.state)), step.error, step.sends,
                         step.result, step.started, step.ended});
    }
    std::sort(steps.begin(), steps.end(), [](const auto &a, const auto &b) { return pathLess(a.path, b.path); });
    return steps;
}

Result<PlaybookRun> PlaybookService::decide(std::int64_t run, bool approved, const std::string &who,
                                            const CancelToken &cancel)
{
    if (auto opened = m_state->open(); !opened) {
        return fail(opened.error());
    }
    if (auto decided = m_state->runs->decide(run, approved, who); !decided) {
        return fail(decided.error());
    }
    const auto ended = m_state->go(run, cancel);
    return ended ? m_state->told(run) : fail(ended.error());
}

void PlaybookService::start()
{
    std::lock_guard lock(m_state->waiting);
    if (!m_state->worker.joinable() && !m_state->engine.readOnly) {
        m_state->stopping = false;
        m_state->cancel = CancelToken();
        m_state->worker = std::thread([this] { m_state->work(); });
    }
}

void PlaybookService::stop()
{
    std::thread worker;
    {
        std::lock_guard lock(m_state->waiting);
        m_state->stopping = true;
        m_state->cancel.cancel();
        worker = std::move(m_state->worker);
    }
    m_state->wake.notify_all();
    if (worker.joinable()) {
        worker.join();
    }
}

void PlaybookService::State::work()
{
    std::unique_lock lock(waiting);
    while (!stopping) {
        const CancelToken token = cancel;
        lock.unlock();
        if (open()) {
            const auto known = active();
            // What fails here (a full disk) is tried again at the next look.
            static_cast<void>(known && lookAtAlerts(*known) && lookAtImports(*known) && lookAtSchedules(*known));
            const auto due = runs->due();
            for (std::size_t i = 0; due && i < due->size() && !token.cancelled(); ++i) {
                static_cast<void>(go((*due)[i], token).has_value());
            }
        }
        lock.lock();
        wake.wait_for(lock, kPause, [this] { return stopping; });
    }
}

Result<int> PlaybookService::catchUp(const CancelToken &cancel)
{
    if (auto opened = m_state->open(); !opened) {
        return fail(opened.error());
    }
    const auto active = m_state->active();
    if (!active) {
        return fail(active.error());
    }
    for (auto looked :
         {m_state->lookAtAlerts(*active), m_state->lookAtImports(*active), m_state->lookAtSchedules(*active)}) {
        if (!looked) {
            return fail(looked.error());
        }
    }
    const auto due = m_state->runs->due();
    if (!due) {
        return fail(due.error());
    }
    int count = 0;
    for (const std::int64_t run : *due) {
        if (cancel.cancelled()) {
            break;
        }
        if (const auto ended = m_state->go(run, cancel); !ended) {
            return fail(ended.error());
        }
        ++count;
    }
    return count;
}

void PlaybookService::onNotify(std::function<void(const std::string &, const std::string &)> show)
{
    if (m_state->open()) {
        m_state->actions->setNotify(std::move(show));
    }
}

} // namespace nightjar::workspace
