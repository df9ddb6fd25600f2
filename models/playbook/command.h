// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nightjar::playbook {

struct CommandEnd {
    int exitCode = -1;
    std::string out, err; ///< at most 64 KiB each
};

/// Runs a program without a shell, with an empty environment but PATH, HOME, LANG and what a desktop notification
/// needs, `input` on its standard input. It is killed with its children after `timeout` µs or when cancelled.
/// NJ-PLAYBOOK-030 when it cannot be started, -031 killed for time, -032 cancelled. Thread: any; blocks.
Result<CommandEnd> runCommand(const std::vector<std::string> &argv, const std::string &input, std::int64_t timeout,
                              const CancelToken &cancel);

} // namespace nightjar::playbook
