// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/json.h"

#include "workspace/upkeepservice.h"

#include <memory>

/// Upkeep of a workspace, and what is wrong with it.
namespace nightjar::cli {

namespace {

using workspace::Workspace;

store::UpkeepObserver observer(const Context &context)
{
    if (!showsProgress(context)) {
        return {};
    }
    return [](const store::UpkeepProgress &p) {
        printProgress(p.what + " " + std::to_string(p.done) + "/" + std::to_string(p.total));
    };
}

int check(Context &context)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto checked = space->upkeep().check(observer(context), context.cancel);
    endProgress(context);
    if (!checked) {
        return failed(checked.error());
    }
    Json problems = Json::array();
    for (const Error &problem : checked->problems) {
        problems.push_back(errorJson(problem));
    }
    printLine(dump({{"events", checked->events}, {"bytes", checked->bytes}, {"problems", problems}}));
    return finish(context, checked->problems.empty() ? kDone : kRefused);
}

int repair(Context &context)
{
    const auto report = workspace::repairWorkspace(context.workspaceFolder, observer(context), context.cancel);
    endProgress(context);
    if (!report) {
        return failed(report.error());
    }
    bool lost = false;
    Json files = Json::array();
    for (const auto &file : report->files) {
        lost = lost || file.eventsLost > 0 || file.eventsIncomplete > 0 || !file.lost.empty();
        files.push_back({{"file", file.file.string()},
                         {"damaged_kept_as", file.aside.string()},
                         {"events_kept", file.eventsKept},
                         {"events_lost", file.eventsLost},
                         {"events_incomplete", file.eventsIncomplete},
                         {"lost", file.lost}});
    }
    printLine(dump({{"repaired", files}}));
    return finish(context, lost ? kRefused : kDone);
}

int compact(Context &context)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const auto report = space->upkeep().compact(observer(context), context.cancel);
    endProgress(context);
    if (!report) {
        return failed(report.error());
    }
    printLine(dump({{"blocks_before", report->merged.blocksBefore},
                    {"blocks_after", report->merged.blocksAfter},
                    {"events_rewritten", report->merged.events},
                    {"bytes_before", report->bytesBefore},
                    {"bytes_after", report->bytesAfter}}));
    return finish(context, kDone);
}

int backup(Context &context, const std::string &file)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto report = space->upkeep().backup(file, observer(context), context.cancel);
    endProgress(context);
    if (!report) {
        return context.cancel.cancelled() ? kInterrupted : failed(report.error());
    }
    printLine(
        dump({{"file", report->file.string()},
              {"bytes", report->bytes},
              {"databases", report->databases},
              {"events", report->events},
              {"left_out", report->leftOut},
              {"restore", "unpack it into an empty folder (tar --zstd -xf FILE -C FOLDER) and open that with -w"}}));
    return kDone;
}

int retain(Context &context, workspace::RetainLimits limits)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    if (limits.days == 0 && limits.gigabytes == 0) {
        limits = space->upkeep().limits();
    }
    const auto report = space->upkeep().retain(limits);
    if (!report) {
        return failed(report.error());
    }
    printLine(dump({{"days", limits.days},
                    {"gigabytes", limits.gigabytes},
                    {"events_dropped", report->events},
                    {"bytes_before", report->bytesBefore},
                    {"bytes_after", report->bytesAfter}}));
    return kDone;
}

int doctor(Context &context)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    bool bad = false;
    for (const workspace::Diagnosis &d : space->upkeep().diagnose()) {
        using enum workspace::Diagnosis::State;
        bad = bad || d.state == Bad;
        printLine(dump({{"check", d.name},
                        {"state", d.state == Good   ? "good"
                                  : d.state == Note ? "note"
                                                    : "bad"},
                        {"detail", d.detail},
                        {"hint", d.hint}}));
    }
    return bad ? kRefused : kDone;
}

} // namespace

void addStore(CLI::App &app, Context &context)
{
    struct Arguments {
        std::string file;
        workspace::RetainLimits limits;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App *store = addVerb(app, context, "store", "Upkeep of what is stored");
    store->require_subcommand(1);
    addVerb(*store, context, "check", "Read everything and compare every sum")->callback([&context] {
        context.run = [&context] { return check(context); };
    });
    addVerb(*store, context, "repair", "Salvage what can be read of damaged files; the workspace must be closed")
        ->callback([&context] { context.run = [&context] { return repair(context); }; });
    addVerb(*store, context, "compact", "Merge small blocks and give free pages back to the disk")
        ->callback([&context] { context.run = [&context] { return compact(context); }; });
    CLI::App *backups =
        addVerb(*store, context, "backup", "A copy of the workspace in one archive, also while it is used");
    backups->add_option("file", arguments->file, "Such as nightjar-2026-03-01.tar.zst")->required();
    backups->callback(
        [&context, arguments] { context.run = [&context, arguments] { return backup(context, arguments->file); }; });
    CLI::App *retains = addVerb(*store, context, "retain", "Drop old events now; without limits those of the settings");
    retains->add_option("--days", arguments->limits.days, "Drop what is older")->check(CLI::Range(1, 36'500));
    retains->add_option("--gigabytes", arguments->limits.gigabytes, "Drop the oldest until the store is this small")
        ->check(CLI::Range(1, 1'000'000));
    retains->callback(
        [&context, arguments] { context.run = [&context, arguments] { return retain(context, arguments->limits); }; });
    addVerb(app, context, "doctor", "Is anything wrong with this machine or workspace?")->callback([&context] {
        context.run = [&context] { return doctor(context); };
    });
}

} // namespace nightjar::cli
