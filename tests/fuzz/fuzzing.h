// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/framer.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

/// What the fuzz targets share. A finding is an abort with a line that says what differs.
namespace nightjar::fuzz {

/// Takes numbers off the front of the input, so that the fuzzer steers the choices.
class Choices {
public:
    Choices(const std::uint8_t *data, std::size_t size)
        : m_rest(reinterpret_cast<const char *>(data), size)
    {
    }
    std::uint8_t next()
    {
        if (m_rest.empty()) {
            return 0;
        }
        const auto taken = static_cast<std::uint8_t>(m_rest.front());
        m_rest.remove_prefix(1);
        return taken;
    }
    [[nodiscard]] std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
};

/// Sizes of pieces, from one byte on: a linear congruential generator, so that two bytes of input steer all of them.
class Pieces {
public:
    Pieces(std::uint8_t seed, std::uint8_t longest)
        : m_state(seed * 2'654'435'761U + 1)
        , m_longest(longest % 64U + 1U)
    {
    }
    std::size_t next()
    {
        m_state = m_state * 1'664'525U + 1'013'904'223U;
        return (m_state >> 16U) % m_longest + 1;
    }

private:
    std::uint32_t m_state;
    std::uint32_t m_longest;
};

[[noreturn]] inline void finding(const char *what, std::string_view first = {}, std::string_view second = {})
{
    std::fprintf(stderr, "finding: %s\n1: %.*s\n2: %.*s\n", what, static_cast<int>(first.size()), first.data(),
                 static_cast<int>(second.size()), second.data());
    std::abort();
}

inline void require(bool good, const char *what, std::string_view first = {}, std::string_view second = {})
{
    if (!good) {
        finding(what, first, second);
    }
}

/// Records and rejects of batches, one text each, that tell whether two ways of framing give the same.
struct Framed {
    std::vector<std::string> records;
    std::vector<std::string> rejects;

    void add(const logs::RecordBatch &batch)
    {
        for (const logs::RecordSpan &span : batch.records) {
            require(span.offset + span.length <= batch.bytes.size(), "a record lies outside its batch");
            records.push_back(std::to_string(span.position.line) + '.' + std::to_string(span.position.index) + ' ' +
                              (batch.header == nullptr ? std::string() : '<' + batch.header->line + '>') +
                              batch.bytes.substr(span.offset, span.length));
        }
        for (const logs::Reject &reject : batch.rejects) {
            rejects.push_back(std::to_string(reject.position.line) + '.' + std::to_string(reject.position.index) + ' ' +
                              reject.error.code);
        }
    }
};

inline void requireSame(const Framed &first, const Framed &second, const char *what)
{
    const auto same = [&](const std::vector<std::string> &left, const std::vector<std::string> &right) {
        for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
            const std::string_view one = i < left.size() ? std::string_view(left[i]) : "(none)";
            const std::string_view two = i < right.size() ? std::string_view(right[i]) : "(none)";
            require(one == two, what, one, two);
        }
    };
    same(first.records, second.records);
    same(first.rejects, second.rejects);
}

} // namespace nightjar::fuzz
