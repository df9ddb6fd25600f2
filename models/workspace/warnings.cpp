// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/warnings.h"

#include "base/files.h"
#include "base/text.h"
#include "workspace/engine.h"

#include <utility>

namespace nightjar::workspace {

Result<respond::GuardLists> guardLists(const std::string &ownDomains)
{
    constexpr std::uint64_t kMaxList = 16U << 20U;
    respond::GuardLists lists;
    const auto folder = resourcesFolder() / kWarningFolder;
    for (const auto &[file, list] :
         {std::pair("publicresolvers.txt", &lists.resolvers), std::pair("wellknown.txt", &lists.topSites),
          std::pair("sharedhosting.txt", &lists.sharedHosts)}) {
        const auto text = readFile(folder / file, kMaxList);
        if (!text) {
            return fail(text.error());
        }
        *list = respond::linesOfList(*text);
    }
    for (const std::string_view domain : split(ownDomains, ',')) {
        if (!domain.empty()) {
            lists.ownDomains.emplace_back(domain);
        }
    }
    return lists;
}

Result<intel::WarningLists> indicatorWarnings(const Engine &engine)
{
    const auto own = engine.folder / kWarningFolder;
    std::vector<std::filesystem::path> folders{resourcesFolder() / kWarningFolder};
    std::error_code problem;
    if (std::filesystem::is_directory(own, problem)) {
        folders.push_back(own);
    }
    return intel::WarningLists::load(folders);
}

} // namespace nightjar::workspace
