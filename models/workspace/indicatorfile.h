// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/importer.h"

#include <filesystem>

namespace nightjar::workspace {

/// Reads the indicators of a file, of standard input ("-") or of every member of an archive, compressed or not. Needs
/// no workspace. Errors: the importer's and those of sources/input.h. Thread: any.
Result<intel::ImportReport> readIndicatorFile(const std::filesystem::path &path, const intel::ImportDefaults &defaults,
                                              const intel::IndicatorSink &sink, const intel::ImportHooks &hooks = {});

} // namespace nightjar::workspace
