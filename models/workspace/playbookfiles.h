// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "playbook/playbook.h"

#include <filesystem>
#include <string>
#include <vector>

namespace nightjar::workspace {

/// A file with a playbook, or with what is wrong with it.
struct PlaybookFile {
    std::filesystem::path path;
    bool own = false;
    std::string hash; ///< of the text
    playbook::Reading reading;
};

constexpr std::uint64_t kMaxPlaybookBytes = 1U << 20U;

/// NJ-BASE-020 and -021 as problems of the reading.
PlaybookFile readPlaybookFile(const std::filesystem::path &path, bool own);
/// *.yaml and *.yml of both folders by id; those of `own` go before, a second file of the same id in one folder is a
/// problem (NJ-PLAYBOOK-009).
std::vector<PlaybookFile> readPlaybooks(const std::filesystem::path &shipped, const std::filesystem::path &own);

} // namespace nightjar::workspace
