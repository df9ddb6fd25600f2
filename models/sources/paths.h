// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace nightjar::sources {

/// Files in the order in which they are read: folders are walked recursively and sorted by name, hidden entries, links
/// to folders and things that are no files left out. A path named by the user stays as it is ("-" is standard input).
/// NJ-SOURCES-001 when a path does not exist or a folder cannot be read, -002 when there are more than 1,000,000 files.
Result<std::vector<std::filesystem::path>> expandPaths(const std::vector<std::filesystem::path> &paths);

/// A name for the content of a file, whatever its path: size and XXH3 (64 bits) of all its bytes, as stored, beyond
/// 64 MB that of the hashes of its pieces. The same content has the same key. Reads the file once, in two threads.
/// NJ-SOURCES-003 when it cannot be read, -009 when cancelled.
Result<std::string> contentKey(const std::filesystem::path &path, const CancelToken &cancel);

} // namespace nightjar::sources
