// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/json.h"
#include "cli/respond.h"

#include "workspace/planservice.h"

#include <cstdio>
#include <memory>

/// `deny`: the list as it should be against what it is.
namespace nightjar::cli {

namespace {

using workspace::PlanService;

struct DenyArguments {
    std::vector<std::string> entries, confirmed;
    bool dryRun = false;
};

bool isBad(const std::string &result)
{
    return result == "refused" || result == "queued" || result == "failed";
}

int tell(const Context &context, const Result<PlanService::Report> &report)
{
    if (!report) {
        return failed(report.error());
    }
    bool bad = false;
    std::size_t count[5] = {};
    constexpr std::string_view kActions[] = {"add", "remove", "evict", "activate", "leave_out"};
    for (const PlanService::Row &row : report->rows) {
        Json line{{"action", row.action}, {"entry", row.entry}, {"value", row.value},
                  {"reason", row.reason}, {"owner", row.owner}, {"source", row.source},
                  {"expiry", nullptr},    {"score", row.score}, {"why", row.why}};
        if (row.expiry != kNoTime) {
            line["expiry"] = formatIsoTime(row.expiry);
        }
        if (!report->dry) {
            line["result"] = row.result;
            line["state"] = row.state;
            line["request_id"] = row.requestId;
        }
        for (std::size_t i = 0; i < std::size(kActions); ++i) {
            count[i] += row.action == kActions[i] ? 1U : 0U;
        }
        bad = bad || isBad(row.result);
        printJson(line);
    }
    std::fprintf(
        stderr,
        "%zu to add, %zu to remove, %zu evicted, %zu to activate, %zu without a place; %lld kept; of %lld places "
        "others hold %lld, people and playbooks want %lld, the selection has %lld (cut at %.3f)\n",
        count[0], count[1], count[2], count[3], count[4], static_cast<long long>(report->kept),
        static_cast<long long>(report->capacity), static_cast<long long>(report->foreign),
        static_cast<long long>(report->manual), static_cast<long long>(report->chosen), report->cut);
    return finish(context, bad ? kRefused : kDone);
}

int tell(const Context &context, const Result<std::vector<PlanService::Drift>> &drift, bool acted)
{
    if (!drift) {
        return failed(drift.error());
    }
    bool bad = false;
    for (const PlanService::Drift &row : *drift) {
        Json line{
            {"drift", row.kind}, {"entry", row.entry}, {"was", row.was}, {"owner", row.owner}, {"reason", row.reason}};
        if (acted) {
            line["result"] = row.result;
            line["state"] = row.state;
            line["why"] = row.why;
        }
        bad = bad || isBad(row.result);
        printJson(line);
    }
    return finish(context, bad ? kRefused : kDone);
}

using Work = std::function<int(Context &, workspace::Workspace &, const DenyArguments &)>;

void addWork(CLI::App &deny, Context &context, const char *name, const char *help, bool changes, const Work &work)
{
    auto arguments = std::make_shared<DenyArguments>();
    CLI::App *verb = addVerb(deny, context, name, help);
    if (changes) {
        verb->add_flag("--dry-run", arguments->dryRun, "Tell what would be done");
    }
    if (std::string_view(name) == "adopt" || std::string_view(name) == "revert") {
        verb->add_option("entries", arguments->entries, "Only these entries");
    }
    if (std::string_view(name) == "revert") {
        verb->add_option("--confirm", arguments->confirmed, "Repeat an entry of others that may be removed");
    }
    verb->callback([&context, arguments, changes, work] {
        context.run = [&context, arguments, changes, work] {
            const auto space = openWorkspace(context, false, false);
            if (!space) {
                return static_cast<int>(kFailed);
            }
            if (changes && !arguments->dryRun) {
                settleFirst(*space, context);
            }
            return work(context, *space, *arguments);
        };
    });
}

} // namespace

void addDeny(CLI::App &app, Context &context)
{
    CLI::App *deny = addVerb(app, context, "deny", "The deny list as it should be against what it is");
    deny->require_subcommand(1);
    addWork(*deny, context, "plan", "The difference, and what a sync would do", false,
            [](Context &c, workspace::Workspace &space, const DenyArguments &) {
                return tell(c, space.plans().plan(c.cancel));
            });
    addWork(*deny, context, "sync", "Make the list what it should be; entries of others stay", true,
            [](Context &c, workspace::Workspace &space, const DenyArguments &arguments) {
                return tell(c, arguments.dryRun ? space.plans().plan(c.cancel)
                                                : space.plans().sync(stagePrinter(c), c.cancel));
            });
    addWork(*deny, context, "drift", "What others have changed since the last look", false,
            [](Context &c, workspace::Workspace &space, const DenyArguments &) {
                return tell(c, space.plans().drift(c.cancel), false);
            });
    addWork(*deny, context, "adopt", "Take what others have changed as it is", true,
            [](Context &c, workspace::Workspace &space, const DenyArguments &a) {
                return tell(c, space.plans().adopt({a.entries, a.confirmed, a.dryRun}, c.cancel), true);
            });
    addWork(
        *deny, context, "revert", "Make undone what others have changed", true,
        [](Context &c, workspace::Workspace &space, const DenyArguments &a) {
            return tell(c, space.plans().revert({a.entries, a.confirmed, a.dryRun}, stagePrinter(c), c.cancel), true);
        });
}

} // namespace nightjar::cli
