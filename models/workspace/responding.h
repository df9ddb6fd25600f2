// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "respond/denyservice.h"
#include "workspace/engine.h"
#include "workspace/workspace.h"

#include <functional>
#include <vector>

/// What the services that push share. Private to this room.
namespace nightjar::workspace {

/// A responder for one call, on the workspace's tenant. Dry runs need none. The caller holds `Engine::responding`.
Result<respond::Responder> responderFor(Engine &engine, bool dryRun);
std::vector<BlockOutcome> outcomesOf(const std::vector<respond::Outcome> &outcomes);
BlockStage stageOf(respond::Stage stage);
respond::BlockOptions optionsOf(const Engine &engine, const RespondService::Options &options);

using Push = std::function<Result<std::vector<respond::Outcome>>(respond::Responder &, const respond::StageCallback &)>;
/// Runs `push` on the workspace's tenant, after what an earlier run left unsettled.
Result<std::vector<BlockOutcome>> carryOut(Engine &engine, bool dryRun, const RespondService::Progress &progress,
                                           const CancelToken &cancel, const Push &push);

} // namespace nightjar::workspace
