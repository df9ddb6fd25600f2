// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace nightjar::logs {

/// Finds the end of one JSON object in a growing buffer: braces and brackets counted outside strings, across lines.
/// It notices records that were cut off (a line end inside a string, a new object where none can stand), so that the
/// records behind stay whole.
class JsonEnd {
public:
    enum class Status { More, Complete, Broken };

    /// `buffer` from `start` on is the object; calls with a longer buffer go on where the last one stopped.
    /// Complete: end() is one past the closing brace. Broken: end() is the line end at which the record was cut.
    Status advance(std::string_view buffer, std::size_t start);
    void reset() { *this = JsonEnd(); }
    [[nodiscard]] std::size_t end() const { return m_pos; }

private:
    bool skipString(std::string_view buffer);
    bool cutAtLineEnd(std::string_view buffer, bool &undecided);

    std::size_t m_pos = 0;
    std::size_t m_stringStart = 0;
    bool m_started = false;
    bool m_inString = false;
    bool m_firstLine = true;
    long m_depth = 0;
    long m_commas = 0; ///< of the first line
    char m_last = 0;   ///< last character outside strings that is no blank
};

} // namespace nightjar::logs
