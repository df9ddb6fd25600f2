// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "event/block.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::store {

constexpr int kBlockFormat = 1; ///< stored with each block; older ones stay readable

struct EncodeOptions {
    int rawLevel = 1;    ///< zstd level of the raw frames
    int columnLevel = 1; ///< zstd level of columns
};

/// Where a block's parts are and what they hold; small, kept in memory for every stored block.
struct BlockDirectory {
    struct ColumnPart {
        std::string name;
        event::Kind kind = event::Kind::Text;
        bool filtered = false; ///< a membership filter stands at the same index
    };
    /// Raw records of consecutive rows: their sizes (4 bytes each), then the records; ≤ 1 MiB unless a single record.
    struct Frame {
        std::uint32_t firstRow = 0;
        std::uint32_t rows = 0;
        std::uint64_t size = 0; ///< uncompressed
    };
    std::vector<ColumnPart> columns;
    std::vector<Frame> frames;

    [[nodiscard]] std::string bytes() const;
    static std::optional<BlockDirectory> fromBytes(std::string_view bytes, std::size_t rows);
};

/// A block ready to be appended: compressed, with everything that scans need to skip it.
struct EncodedBlock {
    std::uint32_t rows = 0;
    std::uint32_t untimedRows = 0; ///< rows without a time
    Timestamp minTime = kNoTime;
    Timestamp maxTime = kNoTime;
    std::uint64_t rawBytes = 0;
    BlockDirectory directory;
    std::vector<std::string> columns; ///< parallel to directory.columns
    std::vector<std::string> filters; ///< one for each filtered column, in order
    std::vector<std::string> frames;  ///< parallel to directory.frames
    std::string times;
    std::string order; ///< rows in order of time; empty: they stand so
    std::string keys;  ///< XXH3 of each raw record, for deduplication; empty when the block has no raw

    [[nodiscard]] std::uint64_t storedBytes() const;
};

/// Compresses a block; frees its raw bytes on the way, the columns stay. Thread: any; the work of the pipeline's
/// workers. Error NJ-STORE-014 when it has more rows or columns than a stored block may have.
Result<EncodedBlock> encodeBlock(event::EventBlock &block, const EncodeOptions &options = {});
inline Result<EncodedBlock> encodeBlock(event::EventBlock &&block, const EncodeOptions &options = {})
{
    return encodeBlock(block, options);
}

/// XXH3 of each raw record of a block, in row order; empty when it carries none.
std::vector<std::uint64_t> recordKeys(const event::EventBlock &block);
std::optional<std::vector<std::uint64_t>> decodeKeys(std::string_view bytes, std::size_t rows);

/// The records of one frame, one after the other, and their ends. Nothing when damaged.
struct RawFrame {
    std::string plain;    ///< what was compressed: sizes, then records
    std::size_t head = 0; ///< bytes of the sizes
    std::vector<std::uint32_t> ends;
    [[nodiscard]] std::string_view bytes() const { return std::string_view(plain).substr(head); }
};
std::optional<RawFrame> decodeFrame(std::string_view bytes, const BlockDirectory::Frame &frame);

} // namespace nightjar::store
