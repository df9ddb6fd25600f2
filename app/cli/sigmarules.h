// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "sigma/ruleset.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

/// What the verbs of `sigma` share: rules from files and events from NDJSON.
namespace nightjar::cli {

/// The verbs hunt, import, list, enable, disable, level and except.
void addSigmaLibrary(CLI::App &sigma, Context &context);

struct RuleArguments {
    std::vector<std::filesystem::path> rules;
    std::string events; ///< file or "-"; empty: the last of `rules`, which a list without end has taken
    bool rawFields = false;
};

/// Adds --rules, --raw-fields and the file of events.
void addRuleOptions(CLI::App &verb, RuleArguments &arguments);
/// Gives the file of events back that stands behind the list of rules. False, saying so, when there is none.
bool settle(RuleArguments &arguments);

/// Loads; rules that are not used are told on stderr, `refused` says whether there were any.
sigma::LoadResult loadRules(const RuleArguments &arguments, bool &refused);

/// Reads NDJSON block by block and calls `visit(block, index of its first event)` until it returns false. Blank lines
/// do not count. NJ-SIGMA-040 with the line when one is no JSON object.
Status readEvents(const RuleArguments &arguments, const CancelToken &cancel,
                  const std::function<bool(const event::EventBlock &, std::uint64_t first)> &visit);

/// `sigma correlate`.
void addSigmaCorrelate(CLI::App &sigma, Context &context);

} // namespace nightjar::cli
