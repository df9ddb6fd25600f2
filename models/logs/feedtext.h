// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedlexer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::logs {

/// A format as the lexer reads it, with the way back to where each byte stood: typographic quotes are straight, a byte
/// order mark is gone, and a format copied as a JSON string literal is unescaped once.
class FeedText {
public:
    explicit FeedText(std::string_view given);

    [[nodiscard]] std::string_view bytes() const { return m_bytes; }
    [[nodiscard]] const std::vector<FeedNote> &notes() const { return m_notes; }
    [[nodiscard]] FeedPosition position(std::size_t at) const;

private:
    void add(char c, std::size_t origin);
    void straighten(std::string_view given);
    void unescapeOnce();

    std::string m_given;
    std::string m_bytes;
    std::vector<std::uint32_t> m_origin; ///< parallel to m_bytes: offset in m_given
    std::vector<FeedNote> m_notes;
    mutable std::size_t m_counted = 0; ///< bytes of m_given behind m_place; positions are asked for in rising order
    mutable FeedPosition m_place;
};

} // namespace nightjar::logs
