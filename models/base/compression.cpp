// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/compression.h"

#include <zstd.h>

#include <cstdint>
#include <memory>
#include <new>

namespace nightjar {
namespace {

struct FreeContext {
    void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
};

ZSTD_CCtx *compressor()
{
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
    if (!context) {
        throw std::bad_alloc();
    }
    return context.get();
}

ZSTD_DCtx *decompressor()
{
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    if (!context) {
        throw std::bad_alloc();
    }
    return context.get();
}

} // namespace

std::string compress(std::string_view bytes, int level)
{
    ZSTD_CCtx *context = compressor();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    std::string frame(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size = ZSTD_compress2(context, frame.data(), frame.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(size) != 0U) {
        throw std::bad_alloc(); // with room for the bound only memory can be short
    }
    frame.resize(size);
    frame.shrink_to_fit();
    return frame;
}

std::optional<std::string> decompress(std::string_view frame, std::size_t size)
{
    if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != size) {
        return std::nullopt;
    }
    std::string bytes(size, '\0');
    const std::size_t got = ZSTD_decompressDCtx(decompressor(), bytes.data(), bytes.size(), frame.data(), frame.size());
    return ZSTD_isError(got) != 0U || got != size ? std::nullopt : std::optional(std::move(bytes));
}

std::string pack(std::string_view bytes)
{
    std::string out;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        out.push_back(static_cast<char>(std::uint64_t{bytes.size()} >> shift & 0xFFU));
    }
    return out + compress(bytes, 1);
}

std::optional<std::string> unpack(std::string_view packed, std::size_t most)
{
    constexpr std::size_t kHead = 8;
    if (packed.size() < kHead) {
        return std::nullopt;
    }
    std::uint64_t size = 0;
    for (unsigned i = 0; i < kHead; ++i) {
        size |= std::uint64_t{static_cast<std::uint8_t>(packed[i])} << (8 * i);
    }
    return size > most ? std::nullopt : decompress(packed.substr(kHead), size);
}

} // namespace nightjar
