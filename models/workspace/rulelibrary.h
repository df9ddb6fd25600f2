// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "sigma/ruleset.h"
#include "workspace/services.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace nightjar::workspace {

/// The rules of a workspace: those of the program, imported ones (rules/imported/SOURCE), own ones and exceptions
/// (rules/exceptions). What a user changes about a rule stands beside the files, in rules/library.json, so that an
/// update of the files never loses it. Private to this room. Thread: any, internally locked.
class RuleLibrary {
public:
    RuleLibrary(std::filesystem::path program, std::filesystem::path own);

    /// Reads rules/library.json. NJ-WORK-070 when it is damaged.
    Status open();

    struct Loaded {
        sigma::LoadResult result;
        std::vector<RuleInfo> rules; ///< of every document, those that do not run included
    };
    Loaded load() const;

    /// NJ-WORK-071 when one of the ids is empty; ids that no rule has are kept, an import may bring them.
    Status setEnabled(const std::vector<std::string> &ids, bool enabled);
    /// Empty: as the file says. NJ-WORK-072 for no level.
    Status setLevel(const std::vector<std::string> &ids, const std::string &level);

    /// Compares the rule files of a folder or an archive with what was imported from this source before, and takes them
    /// over when `apply`. Either all or nothing is taken. NJ-WORK-073 when nothing is a rule.
    Result<std::vector<RuleChange>> import(const std::filesystem::path &from, const std::string &source, bool apply,
                                           const CancelToken &cancel) const;

    /// The filter document that takes events with all of the values out of the rule. NJ-WORK-076 when there can be
    /// none.
    static Result<std::string> exceptionText(const RuleInfo &rule,
                                             const std::vector<std::pair<std::string, std::string>> &values,
                                             const std::string &title);
    /// Writes it. Returns the file.
    Result<std::string> addException(const RuleInfo &rule,
                                     const std::vector<std::pair<std::string, std::string>> &values,
                                     const std::string &title) const;

    /// Writes a rule of the user's own: into `file`, which must be one of them, or into a new one named after `title`
    /// when it is empty. Returns the file. NJ-WORK-079 when it is no own file.
    Result<std::string> saveOwn(const std::string &text, const std::string &title, const std::string &file) const;
    /// Deletes a file with own rules or an exception. NJ-WORK-079 when it is neither.
    Status removeOwn(const std::string &file) const;

private:
    [[nodiscard]] bool isOwn(const std::filesystem::path &file) const;
    struct Change {
        bool enabled = true;
        std::string level;
    };
    Status save() const;

    std::filesystem::path m_program;
    std::filesystem::path m_own;
    mutable std::mutex m_mutex;
    std::map<std::string, Change> m_changes; ///< by lower-case id
};

} // namespace nightjar::workspace
