// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

/// Byte encodings of the modifiers base64, base64offset, wide, utf16le, utf16be and utf16. Thread: any.
namespace nightjar::sigma {

enum class Utf16 : std::uint8_t { LittleEndian, BigEndian, LittleEndianWithMark };

/// The UTF-16 bytes of UTF-8 text; invalid bytes become U+FFFD.
std::string toUtf16(std::string_view utf8, Utf16 form);

/// What stays the same of the base64 form of `bytes` when they start at byte `offset` (0, 1, 2) of a three-byte group.
std::string base64AtOffset(std::string_view bytes, std::size_t offset);

} // namespace nightjar::sigma
