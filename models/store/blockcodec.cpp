// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/blockcodec.h"

#include "base/compression.h"
#include "base/hash.h"
#include "event/builder.h"
#include "store/bytes.h"
#include "store/columncodec.h"
#include "store/membership.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace nightjar::store {
namespace {

constexpr std::size_t kFrameBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxStoredColumns = event::kMaxColumns + event::kFieldCount + 8;
constexpr std::size_t kSizeBytes = sizeof(std::uint32_t);

std::string asBytes(const std::vector<std::uint64_t> &values)
{
    std::string out(values.size() * sizeof(std::uint64_t), '\0');
    std::memcpy(out.data(), values.data(), out.size());
    return out;
}

/// Rows [first, result) fill one frame.
std::size_t frameEnd(const event::EventBlock &block, std::size_t first)
{
    std::size_t size = block.raw(first).size();
    std::size_t row = first + 1;
    while (row < block.rows() && size + block.raw(row).size() <= kFrameBytes) {
        size += block.raw(row++).size();
    }
    return row;
}

void encodeRaw(const event::EventBlock &block, int level, EncodedBlock &out)
{
    std::string plain;
    for (std::size_t first = 0, end = 0; first < block.rows(); first = end) {
        end = frameEnd(block, first);
        plain.clear();
        for (std::size_t row = first; row < end; ++row) {
            const auto size = static_cast<std::uint32_t>(block.raw(row).size());
            plain.append(reinterpret_cast<const char *>(&size), kSizeBytes);
        }
        for (std::size_t row = first; row < end; ++row) {
            plain.append(block.raw(row));
        }
        out.directory.frames.push_back(
            {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end - first), plain.size()});
        out.frames.push_back(compress(plain, level));
    }
}

void encodeColumns(const event::EventBlock &block, int level, EncodedBlock &out)
{
    for (const event::Column &column : block.columns()) {
        const bool filtered = isFiltered(column.name()) && column.entries() > 0;
        out.directory.columns.push_back({column.name(), column.kind(), filtered});
        out.columns.push_back(encodeColumn(column, level));
        if (filtered) {
            out.filters.push_back(MembershipFilter::of(membershipKeys(column)).bytes());
        }
    }
}

} // namespace

std::string BlockDirectory::bytes() const
{
    std::string out;
    putVarint(out, columns.size());
    for (const ColumnPart &column : columns) {
        putText(out, column.name);
        putVarint(out, static_cast<std::uint64_t>(column.kind) | (column.filtered ? 2U : 0U));
    }
    putVarint(out, frames.size());
    for (const Frame &frame : frames) {
        putVarint(out, frame.rows);
        putVarint(out, frame.size);
    }
    return out;
}

std::optional<BlockDirectory> BlockDirectory::fromBytes(std::string_view bytes, std::size_t rows)
{
    ByteReader in(bytes);
    BlockDirectory directory;
    const std::uint64_t columnCount = in.varint();
    for (std::uint64_t i = 0; i < columnCount && in.ok(); ++i) {
        ColumnPart column;
        column.name = in.text();
        const std::uint64_t flags = in.varint();
        column.kind = (flags & 1) != 0 ? event::Kind::Integer : event::Kind::Text;
        column.filtered = (flags & 2) != 0;
        directory.columns.push_back(std::move(column));
    }
    const std::uint64_t frameCount = in.varint();
    std::uint64_t row = 0;
    for (std::uint64_t i = 0; i < frameCount && in.ok(); ++i) {
        const std::uint64_t frameRows = in.varint();
        const std::uint64_t size = in.varint();
        if (frameRows > rows - row) {
            return std::nullopt;
        }
        directory.frames.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(frameRows), size});
        row += frameRows;
    }
    return in.atEnd() && (frameCount == 0 || row == rows) ? std::optional(std::move(directory)) : std::nullopt;
}

std::uint64_t EncodedBlock::storedBytes() const
{
    std::uint64_t sum = times.size() + order.size() + keys.size();
    for (const auto *parts : {&columns, &filters, &frames}) {
        for (const std::string &part : *parts) {
            sum += part.size();
        }
    }
    return sum;
}

Result<EncodedBlock> encodeBlock(event::EventBlock &source, const EncodeOptions &options)
{
    if (source.rows() > event::kMaxBlockRows || source.columns().size() > kMaxStoredColumns) {
        return fail("NJ-STORE-014", "A block is too large to be stored",
                    std::to_string(source.rows()) + " rows, " + std::to_string(source.columns().size()) + " columns",
                    "This is a fault of the program; please report it.");
    }
    EncodedBlock out;
    out.rows = static_cast<std::uint32_t>(source.rows());
    out.untimedRows = static_cast<std::uint32_t>(std::count(source.times().begin(), source.times().end(), kNoTime));
    out.minTime = source.minTime();
    out.maxTime = source.maxTime();
    for (std::size_t row = 0; row < source.rawEnds().size(); ++row) {
        out.rawBytes += source.raw(row).size();
    }
    if (!source.rawEnds().empty()) {
        out.keys = asBytes(recordKeys(source));
        encodeRaw(source, options.rawLevel, out);
        source.dropRaw();
    }
    encodeColumns(source, options.columnLevel, out);
    out.times = encodeTimes(source.times(), options.columnLevel);
    if (const auto order = timeOrder(source.times()); !order.empty()) {
        out.order = encodeOrder(order, options.columnLevel);
    }
    return out;
}

std::vector<std::uint64_t> recordKeys(const event::EventBlock &block)
{
    std::vector<std::uint64_t> keys;
    if (!block.rawEnds().empty()) {
        keys.reserve(block.rows());
        for (std::size_t row = 0; row < block.rows(); ++row) {
            keys.push_back(hash64(block.raw(row)));
        }
    }
    return keys;
}

std::optional<std::vector<std::uint64_t>> decodeKeys(std::string_view bytes, std::size_t rows)
{
    if (bytes.size() != rows * sizeof(std::uint64_t)) {
        return std::nullopt;
    }
    std::vector<std::uint64_t> keys(rows);
    std::memcpy(keys.data(), bytes.data(), bytes.size());
    return keys;
}

std::optional<RawFrame> decodeFrame(std::string_view bytes, const BlockDirectory::Frame &frame)
{
    const std::size_t head = std::size_t{frame.rows} * kSizeBytes;
    auto plain = decompress(bytes, frame.size);
    if (!plain || plain->size() < head) {
        return std::nullopt;
    }
    RawFrame out;
    out.ends.reserve(frame.rows);
    std::uint64_t end = 0;
    for (std::size_t row = 0; row < frame.rows; ++row) {
        std::uint32_t size = 0;
        std::memcpy(&size, plain->data() + row * kSizeBytes, kSizeBytes);
        end += size;
        out.ends.push_back(
            static_cast<std::uint32_t>(std::min<std::uint64_t>(end, std::numeric_limits<std::uint32_t>::max())));
    }
    if (end != plain->size() - head) {
        return std::nullopt;
    }
    out.plain = std::move(*plain);
    out.head = head;
    return out;
}

} // namespace nightjar::store
