// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

/// Bytes as the store writes them: little-endian, LEB128 integers. Private to the store.
namespace nightjar::store {

static_assert(std::endian::native == std::endian::little, "stored arrays are little-endian");

inline std::uint64_t zigzag(std::int64_t value)
{
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t unzigzag(std::uint64_t value)
{
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

inline void putVarint(std::string &out, std::uint64_t value)
{
    while (value >= 0x80) {
        out.push_back(static_cast<char>(value | 0x80));
        value >>= 7;
    }
    out.push_back(static_cast<char>(value));
}
inline void putText(std::string &out, std::string_view text)
{
    putVarint(out, text.size());
    out.append(text);
}

/// Reads what the functions above wrote. After a failure `ok` is false and every value is 0 or empty.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] bool atEnd() const { return m_ok && m_position == m_bytes.size(); }
    [[nodiscard]] std::size_t left() const { return m_bytes.size() - m_position; }

    std::uint64_t varint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && m_position < m_bytes.size(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_bytes[m_position++]);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) {
                return value;
            }
        }
        return breakOff();
    }
    std::string_view take(std::size_t size)
    {
        if (!m_ok || size > left()) {
            breakOff();
            return {};
        }
        m_position += size;
        return m_bytes.substr(m_position - size, size);
    }
    std::string_view text() { return take(varint()); }

private:
    std::uint64_t breakOff()
    {
        m_ok = false;
        m_position = m_bytes.size();
        return 0;
    }
    std::string_view m_bytes;
    std::size_t m_position = 0;
    bool m_ok = true;
};

} // namespace nightjar::store
