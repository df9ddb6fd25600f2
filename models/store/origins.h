// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment.h"

#include <cstdint>
#include <utility>
#include <vector>

/// Blocks as deduplication met them: a merge joins blocks while it runs, and what it has noted about them stays true.
/// Private to the store.
namespace nightjar::store {

inline std::vector<BlockOrigin> originsOf(const BlockMeta &meta)
{
    return meta.origins.empty() ? std::vector{BlockOrigin{meta.firstId, meta.rows}} : meta.origins;
}

/// The keys of one origin out of those of the whole block.
inline std::vector<std::uint64_t> keysOfOrigin(std::vector<std::uint64_t> &&keys, const BlockMeta &meta,
                                               const BlockOrigin &origin)
{
    if (origin.rows == meta.rows) {
        return std::move(keys);
    }
    const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(origin.firstId - meta.firstId);
    return {begin, begin + static_cast<std::ptrdiff_t>(origin.rows)};
}

} // namespace nightjar::store
