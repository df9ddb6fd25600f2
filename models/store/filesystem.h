// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace nightjar::store {

/// "NFS", "SMB", … when the folder lies on a file system of another computer, by statfs(2). Nothing when it is local or
/// cannot be told. Thread: any.
std::optional<std::string> networkFileSystem(const std::filesystem::path &folder);

/// The same for a magic number of statfs(2), as <linux/magic.h> and the kernel's sources have them.
std::optional<std::string> networkFileSystemOf(unsigned long magic);

} // namespace nightjar::store
