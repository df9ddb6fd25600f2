// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nightjar::anomaly {

/// Little-endian numbers one after the other, for model files. Thread: one owner.
class ByteWriter {
public:
    void number(std::uint64_t value, unsigned bytes)
    {
        for (unsigned i = 0; i < bytes; ++i) {
            m_out.push_back(static_cast<char>(value >> 8 * i & 0xFFU));
        }
    }
    void raw(std::string_view bytes) { m_out.append(bytes); }
    [[nodiscard]] const std::string &bytes() const { return m_out; }

private:
    std::string m_out;
};

/// Reads them back; beyond the end numbers are 0 and good() is false.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes)
        : m_rest(bytes)
    {
    }
    std::uint64_t number(unsigned bytes)
    {
        if (m_rest.size() < bytes) {
            m_rest = {};
            m_good = false;
            return 0;
        }
        std::uint64_t value = 0;
        for (unsigned i = 0; i < bytes; ++i) {
            value |= std::uint64_t{static_cast<std::uint8_t>(m_rest[i])} << 8 * i;
        }
        m_rest.remove_prefix(bytes);
        return value;
    }
    [[nodiscard]] bool good() const { return m_good; }
    [[nodiscard]] std::size_t left() const { return m_rest.size(); }

private:
    std::string_view m_rest;
    bool m_good = true;
};

} // namespace nightjar::anomaly
