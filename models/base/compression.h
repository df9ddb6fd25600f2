// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nightjar {

/// One zstd frame with checksum. Thread: any (a context per thread).
std::string compress(std::string_view bytes, int level);
/// Empty when damaged or not exactly `size` bytes long.
std::optional<std::string> decompress(std::string_view frame, std::size_t size);

/// A fast frame that knows its size (8 bytes, little-endian, in front).
std::string pack(std::string_view bytes);
/// Empty when damaged or of more than `most` bytes.
std::optional<std::string> unpack(std::string_view packed, std::size_t most);

} // namespace nightjar
