// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/frontcoded.h"

#include <algorithm>

namespace nightjar::intel {

void FrontCodedStrings::appendNumber(std::size_t number)
{
    for (; number >= 0x80; number >>= 7U) {
        m_bytes.push_back(static_cast<char>(0x80U | (number & 0x7FU)));
    }
    m_bytes.push_back(static_cast<char>(number));
}

std::size_t FrontCodedStrings::readNumber(std::size_t &offset) const
{
    std::size_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto byte = static_cast<std::uint8_t>(m_bytes[offset++]);
        number |= static_cast<std::size_t>(byte & 0x7FU) << shift;
        if (byte < 0x80) {
            return number;
        }
    }
}

void FrontCodedStrings::append(std::string_view text)
{
    std::size_t shared = 0;
    if (m_count % kBlock == 0) {
        m_blocks.push_back(static_cast<std::uint32_t>(m_bytes.size()));
    } else {
        const std::size_t most = std::min(text.size(), m_last.size());
        while (shared < most && text[shared] == m_last[shared]) {
            ++shared;
        }
    }
    appendNumber(shared);
    appendNumber(text.size() - shared);
    m_bytes.append(text.substr(shared));
    m_last.assign(text);
    ++m_count;
}

void FrontCodedStrings::shrink()
{
    m_bytes.shrink_to_fit();
    m_blocks.shrink_to_fit();
}

std::size_t FrontCodedStrings::readEntry(std::size_t offset, std::string &text) const
{
    const std::size_t shared = readNumber(offset);
    const std::size_t length = readNumber(offset);
    text.resize(shared);
    text.append(m_bytes, offset, length);
    return offset + length;
}

std::string FrontCodedStrings::at(std::size_t position) const
{
    std::string text;
    std::size_t offset = m_blocks[position / kBlock];
    for (std::size_t i = 0; i <= position % kBlock; ++i) {
        offset = readEntry(offset, text);
    }
    return text;
}

void FrontCodedStrings::forEach(const std::function<bool(std::size_t, std::string_view)> &visit) const
{
    std::string text;
    std::size_t offset = 0;
    for (std::size_t position = 0; position < m_count; ++position) {
        offset = readEntry(offset, text);
        if (!visit(position, text)) {
            return;
        }
    }
}

std::size_t FrontCodedStrings::lowerBound(std::string_view text, std::string &found) const
{
    const auto headOf = [this](std::uint32_t block) {
        std::size_t offset = block;
        const std::size_t shared = readNumber(offset); // 0
        const std::size_t length = readNumber(offset);
        return std::string_view(m_bytes).substr(offset, length + shared);
    };
    const auto above = std::partition_point(m_blocks.begin(), m_blocks.end(),
                                            [&](std::uint32_t block) { return headOf(block) <= text; });
    const std::size_t block = above == m_blocks.begin() ? 0 : static_cast<std::size_t>(above - m_blocks.begin()) - 1;
    found.clear();
    if (m_blocks.empty()) {
        return 0;
    }
    std::size_t offset = m_blocks[block];
    for (std::size_t position = block * kBlock; position < m_count; ++position) {
        if (position % kBlock == 0) {
            offset = m_blocks[position / kBlock];
        }
        offset = readEntry(offset, found);
        if (found >= text) {
            return position;
        }
    }
    return m_count;
}

} // namespace nightjar::intel
