// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedformat.h"

#include "base/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace nightjar::workspace {

struct KeptFeedFormat {
    std::string name;
    std::string escape; ///< the feed's escape characters
    std::string text;   ///< as the administrator wrote it
};

/// The feed output formats of a workspace: one small text file each in its folder "formats". Reads the folder anew with
/// every call. Thread: any; the last writer wins.
class FeedFormats {
public:
    /// `workspaceFolder`: of the workspace itself.
    explicit FeedFormats(const std::filesystem::path &workspaceFolder)
        : m_folder(workspaceFolder / "formats")
    {
    }

    /// By name; a file that cannot be read is left out.
    [[nodiscard]] std::vector<KeptFeedFormat> list() const;
    /// NJ-WORK-060 when there is none of that name.
    [[nodiscard]] Result<KeptFeedFormat> get(const std::string &name) const;
    /// Replaces one of the same name. Errors: NJ-WORK-061 for a name that cannot be, -042 when it cannot be written.
    Status save(const KeptFeedFormat &format) const;
    /// Keeps the format under `name`, or under "name-2", … when another one has that name; the name it got. The same
    /// format again is not kept twice.
    Result<std::string> keep(KeptFeedFormat format) const;
    /// NJ-WORK-060 when there is none of that name.
    Status remove(const std::string &name) const;

private:
    [[nodiscard]] std::filesystem::path fileOf(const std::string &name) const;

    std::filesystem::path m_folder;
};

} // namespace nightjar::workspace
