// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>

namespace nightjar::cli {

/// A line from the terminal, its prompt on stderr and, when `secret`, without echo; from stdin where that is no
/// terminal. NJ-CLI-030 when there is none or the person pressed Ctrl+C.
Result<std::string> askLine(const std::string &prompt, bool secret);

/// The vault's passphrase: the first line of the file that NIGHTJAR_VAULT_PASSPHRASE_FILE names, else from the terminal
/// (not from stdin, which may carry a secret), twice for a new vault. NJ-WORK-080 when there is neither.
Result<std::string> askPassphrase(const std::filesystem::path &vault, bool making);

} // namespace nightjar::cli
