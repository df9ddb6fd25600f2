// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"

/// What the verbs that push share.
namespace nightjar::cli {

/// Stages to stderr where progress is shown; else empty.
workspace::RespondService::Progress stagePrinter(const Context &context);
/// Before a verb that asks the tenant: finishes what an earlier run left open, retracts what has expired, and says so.
void settleFirst(workspace::Workspace &space, const Context &context);

} // namespace nightjar::cli
