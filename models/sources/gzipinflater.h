// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace nightjar::sources {

/// Decompresses a gzip stream that comes in pieces, concatenated members included. Bounded: `limit` bytes come out at
/// most. Format: RFC 1952. Thread: one owner.
class GzipInflater {
public:
    explicit GzipInflater(std::size_t limit);
    ~GzipInflater();
    GzipInflater(const GzipInflater &) = delete;
    GzipInflater &operator=(const GzipInflater &) = delete;

    enum class State : std::uint8_t { Good, Damaged, TooLarge };
    /// Appends what comes out of `bytes`. After Damaged or TooLarge it stays in that state.
    State feed(std::string_view bytes, std::string &out);
    /// True when the stream ended where a member ended.
    [[nodiscard]] bool whole() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace nightjar::sources
