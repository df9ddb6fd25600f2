// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"

/// What the verbs of `intel` share.
namespace nightjar::cli {

struct IntelArguments {
    std::vector<std::filesystem::path> paths;
    std::vector<std::string> values;
    std::string source, text, at, tlp, toIds = "keep", format = "auto", horizon = "7d";
    std::filesystem::path indicators, valuesFile;
    std::int64_t import = 0;
    std::size_t limit = 100'000;
    std::size_t places = 25'000;
    bool dryRun = false, explain = false, weak = false, force = false;
};

/// `intel import --dry-run`: what would be stored, without a workspace.
int runIntelPreview(Context &context, const IntelArguments &arguments);
/// `intel match`.
int runIntelMatch(Context &context, const IntelArguments &arguments);
/// `intel select`.
int runIntelSelect(Context &context, const IntelArguments &arguments);

} // namespace nightjar::cli
