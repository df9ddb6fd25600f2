// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/eventstore.h"

#include <cstdint>
#include <string_view>

/// Sums that rows of a segment carry, XXH3 with 64 bits: what was written is what is read, also where SQLite's own
/// pages do not notice a flipped bit. Private to the store.
namespace nightjar::store {

std::int64_t sumOfPart(std::int64_t id, std::string_view bytes);
std::int64_t sumOfBlock(const BlockMeta &meta, std::int64_t format, std::string_view directory);
std::int64_t sumOfCursor(const SourceCursor &cursor, std::int64_t sequence);
/// The key of a raw record, see recordKeys().
std::uint64_t sumOfRecord(std::string_view raw);
/// `source`: as it is stored.
std::int64_t sumOfQuarantined(std::string_view source, const QuarantinedRecord &record);

} // namespace nightjar::store
