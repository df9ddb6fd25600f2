// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"

#include <filesystem>
#include <map>
#include <string>

namespace nightjar::workspace {

/// Rule files by their path below the folder or archive they came from.
struct RuleFiles {
    std::map<std::string, std::string> texts;
    std::map<std::string, std::string> skipped; ///< path and why: no rule in it, too large
};

/// Reads the *.yml and *.yaml of a folder, of an archive, or one file. A folder that holds all of an archive (as in
/// downloads of a repository) is left out of the paths; paths that lead elsewhere are skipped. Bounds: 20,000 files,
/// 1 MB each. Thread: any.
Result<RuleFiles> readRuleFiles(const std::filesystem::path &from, const CancelToken &cancel);

/// Puts `files` in the place of `folder` at once: whoever reads sees the old or the new.
Status replaceRuleFolder(const std::filesystem::path &folder, const std::map<std::string, std::string> &files);

/// Puts right what a crash in replaceRuleFolder() has left below `parent`.
void recoverRuleFolders(const std::filesystem::path &parent);

} // namespace nightjar::workspace
