// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "event/block.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Columns and times as stored bytes (format 1). Private to the store.
///
/// A column is: flags (1 = lists), number of entries, number of codes, then sections, each a length, a stored length
/// and a zstd frame. Sections: lengths of the entries (varint), entry bytes (text) or zigzag differences (integers),
/// codes, list sizes. A code that is the next entry not seen before is written 0, others + 1: a column without
/// repetition becomes zeros. Codes have 1, 2 or 4 bytes by the largest, one plane a byte, lowest first.
namespace nightjar::store {

std::string encodeColumn(const event::Column &column, int level);

/// Nothing when the bytes are damaged or the column does not have `rows` rows. Every code is checked against the
/// entries.
std::optional<event::Column> decodeColumn(std::string_view bytes, std::string name, event::Kind kind, std::size_t rows);

/// Zigzag differences in row order, one zstd frame. kNoTime is kept.
std::string encodeTimes(const std::vector<Timestamp> &times, int level);
std::optional<std::vector<Timestamp>> decodeTimes(std::string_view bytes, std::size_t rows);

/// Rows in order of (time, row). Empty when the rows stand in that order already.
std::vector<std::uint32_t> timeOrder(const std::vector<Timestamp> &times);
std::string encodeOrder(const std::vector<std::uint32_t> &order, int level);
std::optional<std::vector<std::uint32_t>> decodeOrder(std::string_view bytes, std::size_t rows);

} // namespace nightjar::store
