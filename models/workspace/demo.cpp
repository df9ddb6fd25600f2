// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/intelservice.h"
#include "workspace/workspace.h"

#include "base/files.h"
#include "base/text.h"
#include "workspace/demogenerator.h"
#include "workspace/engine.h"

#include <string>

namespace nightjar::workspace {

namespace {

/// What a demo was made of, in the file that marks its workspace: an interrupted one goes on with the same events.
struct Mark {
    std::uint64_t seed = 0;
    Timestamp end = kNoTime;
    bool done = false;
    std::vector<std::string> planted;

    [[nodiscard]] std::string text() const
    {
        std::string out =
            std::to_string(seed) + '\n' + std::to_string(end) + '\n' + (done ? "done" : "unfinished") + '\n';
        for (const std::string &line : planted) {
            out += line + '\n';
        }
        return out;
    }
    static std::optional<Mark> read(const std::filesystem::path &file)
    {
        const auto text = readFile(file, 1U << 20U);
        if (!text) {
            return std::nullopt;
        }
        const auto lines = split(*text, '\n');
        const auto seed = lines.empty() ? std::nullopt : parseInteger(lines[0]);
        const auto end = lines.size() < 3 ? std::nullopt : parseInteger(lines[1]);
        if (!seed || !end) {
            return std::nullopt;
        }
        Mark mark{static_cast<std::uint64_t>(*seed), *end, lines[2] == "done", {}};
        for (std::size_t i = 3; i < lines.size(); ++i) {
            if (!lines[i].empty()) {
                mark.planted.emplace_back(lines[i]);
            }
        }
        return mark;
    }
};

std::string sentence(const PlantedAttack &attack)
{
    std::string who;
    for (const std::string &user : attack.users) {
        who += (who.empty() ? "" : ", ") + user;
    }
    return attack.name + ": " + attack.description + " (" + std::to_string(attack.events) + " events, " + who + ")";
}

Result<Mark> startMark(const std::filesystem::path &folder, std::uint64_t seed)
{
    const auto file = folder / "demo-workspace";
    if (auto mark = Mark::read(file)) {
        return *mark;
    }
    std::error_code problem;
    if (std::filesystem::exists(folder / "catalog.db", problem)) {
        return fail("NJ-WORK-030", "The demo needs a workspace of its own",
                    folder.string() + " holds a workspace that is no demo.", "Name another folder with -w.");
    }
    std::filesystem::create_directories(folder, problem);
    Mark mark{seed, systemClock().now() / kMicrosPerSecond * kMicrosPerSecond, false, {}};
    if (auto written = writeFileAtomically(file, mark.text()); !written) {
        return fail(written.error());
    }
    return mark;
}

Status fillDemo(Workspace &space, Mark &mark, DemoSummary &summary,
                const std::function<void(const std::string &, double)> &progress, const CancelToken &cancel)
{
    const auto tell = [&](const std::string &stage, double fraction) {
        if (progress) {
            progress(stage, fraction);
        }
    };
    const auto logs = space.folder() / "demo-logs";
    tell("Making up events", 0);
    DemoOptions options;
    options.seed = mark.seed;
    options.end = mark.end;
    const auto manifest = writeDemoLogs(logs, options);
    if (!manifest) {
        return fail(manifest.error());
    }
    mark.planted.clear();
    for (const PlantedAttack &attack : manifest->attacks) {
        mark.planted.push_back(sentence(attack));
    }
    const auto list = logs / "indicators.csv";
    if (auto written = writeFileAtomically(list, manifest->indicatorsCsv); !written) {
        return written;
    }
    tell("Importing indicators", 0.3);
    if (auto imported = space.intel().importFile(list, manifest->indicatorSourceName, {}, cancel); !imported) {
        return fail(imported.error());
    }
    auto imported = space.imports().importPaths(
        manifest->files, {},
        [&](const ImportProgress &p) {
            const double part =
                p.bytesTotal > 0 ? static_cast<double>(p.bytesRead) / static_cast<double>(p.bytesTotal) : 0;
            tell("Importing events", 0.35 + 0.65 * part);
        },
        cancel);
    if (!imported) {
        return fail(imported.error());
    }
    summary.imported = std::move(*imported);
    if (summary.imported.cancelled) {
        return {};
    }
    mark.done = true;
    std::error_code ignored;
    std::filesystem::remove_all(logs, ignored);
    return writeFileAtomically(space.folder() / "demo-workspace", mark.text());
}

} // namespace

Result<DemoSummary> makeDemo(const std::filesystem::path &folder, std::uint64_t seed,
                             const std::function<void(const std::string &stage, double fraction)> &progress,
                             const CancelToken &cancel)
{
    auto mark = startMark(folder, seed);
    if (!mark) {
        return fail(mark.error());
    }
    auto space = Workspace::open(folder, {});
    if (!space) {
        return fail(space.error());
    }
    DemoSummary summary;
    if (!mark->done) {
        if (auto filled = fillDemo(**space, *mark, summary, progress, cancel); !filled) {
            return fail(filled.error());
        }
    }
    summary.planted = mark->planted;
    const auto all = (*space)->triage().list({std::nullopt, false, {}, 100'000});
    if (!all) {
        return fail(all.error());
    }
    summary.alerts = static_cast<std::int64_t>(all->size());
    return summary;
}

} // namespace nightjar::workspace
