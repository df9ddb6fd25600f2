// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/files.h"
#include "sources/input.h"
#include "sources/tail.h"

#include <filesystem>
#include <memory>

namespace nightjar::sources {

/// A rotated file found again: open as it is, or through decompression; positioned behind the cursor.
struct RotatedFile {
    FileDescriptor plain;
    std::unique_ptr<Input> compressed;
    [[nodiscard]] bool found() const { return plain.valid() || compressed != nullptr; }
};

/// Looks beside `path`, among files whose names begin with its stem, for the content that `cursor` describes.
RotatedFile findRotated(const std::filesystem::path &path, const TailCursor &cursor);

} // namespace nightjar::sources
