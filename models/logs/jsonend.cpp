// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/jsonend.h"

#include <cstring>

namespace nightjar::logs {

namespace {

constexpr long kMaxFirstLineDepth = 40; ///< nobody prints that on one line and goes on

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

} // namespace

/// Moves behind the closing quote. False: it is not in the buffer yet, or a line ends first (m_pos stands on the line
/// end).
bool JsonEnd::skipString(std::string_view buffer)
{
    while (m_pos < buffer.size()) {
        const char *base = buffer.data();
        const void *quote = std::memchr(base + m_pos, '"', buffer.size() - m_pos);
        const std::size_t stop =
            quote == nullptr ? buffer.size() : static_cast<std::size_t>(static_cast<const char *>(quote) - base);
        if (const void *line = std::memchr(base + m_pos, '\n', stop - m_pos)) {
            m_pos = static_cast<std::size_t>(static_cast<const char *>(line) - base);
            return false;
        }
        m_pos = stop;
        if (quote == nullptr) {
            return false;
        }
        std::size_t slashes = 0;
        while (stop - slashes > m_stringStart && base[stop - slashes - 1] == '\\') {
            ++slashes;
        }
        ++m_pos;
        if (slashes % 2 == 0) {
            m_inString = false;
            return true;
        }
    }
    return false;
}

/// At a line end outside strings: true when the object on the next line cannot belong to this record.
bool JsonEnd::cutAtLineEnd(std::string_view buffer, bool &undecided)
{
    std::size_t next = m_pos + 1;
    while (next < buffer.size() && (isBlank(buffer[next]) || buffer[next] == '\n')) {
        ++next;
    }
    if (next == buffer.size()) {
        undecided = true;
        return false;
    }
    if (buffer[next] != '{') {
        return false;
    }
    const bool mayStand = m_last == ':' || m_last == '[' || m_last == ',';
    const bool compact = m_firstLine && (m_commas >= 2 || m_depth > kMaxFirstLineDepth);
    return !mayStand || compact || (m_last == ',' && m_depth == 1);
}

JsonEnd::Status JsonEnd::advance(std::string_view buffer, std::size_t start)
{
    if (!m_started) {
        m_pos = start;
        m_started = true;
    }
    while (m_pos < buffer.size()) {
        if (m_inString) {
            if (!skipString(buffer)) {
                return m_pos < buffer.size() ? Status::Broken : Status::More;
            }
            m_last = '"';
            continue;
        }
        const char c = buffer[m_pos];
        if (c == '"') {
            m_inString = true;
            m_stringStart = ++m_pos;
            continue;
        }
        if (c == '\n') {
            bool undecided = false;
            if (cutAtLineEnd(buffer, undecided)) {
                return Status::Broken;
            }
            if (undecided) {
                return Status::More;
            }
            m_firstLine = false;
        } else if (c == '{' || c == '[') {
            ++m_depth;
        } else if (c == '}' || c == ']') {
            if (--m_depth <= 0) {
                ++m_pos;
                return Status::Complete;
            }
        } else if (c == ',' && m_firstLine) {
            ++m_commas;
        }
        if (!isBlank(c) && c != '\n') {
            m_last = c;
        }
        ++m_pos;
    }
    return Status::More;
}

} // namespace nightjar::logs
