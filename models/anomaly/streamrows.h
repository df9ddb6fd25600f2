// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/block.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::anomaly {

/// Some columns of a block of which the first with a value counts, each distinct value hashed once.
class HashedColumns {
public:
    HashedColumns(const event::EventBlock &block, std::initializer_list<event::Field> fields);
    HashedColumns(const event::EventBlock &block, std::initializer_list<std::string_view> names);

    /// 0: the row has none that counts ("None", "NA" and the empty text do not).
    [[nodiscard]] std::uint64_t hash(std::size_t row)
    {
        for (Source &source : m_sources) {
            const std::uint32_t code = source.column->code(row);
            if (code < event::kFirstEntry) {
                continue;
            }
            std::uint64_t &known = source.hashes[code - event::kFirstEntry];
            if (known == 0) {
                known = hashEntry(*source.column, code - event::kFirstEntry);
            }
            if (known != kNothing) {
                return known;
            }
        }
        return 0;
    }
    /// The text that hash() is of.
    [[nodiscard]] std::string text(std::size_t row);

private:
    static constexpr std::uint64_t kNothing = 1;
    struct Source {
        const event::Column *column = nullptr;
        std::vector<std::uint64_t> hashes; ///< by entry; 0: not looked at
    };
    void add(const event::Column *column);
    std::uint64_t hashEntry(const event::Column &column, std::size_t entry);
    std::vector<Source> m_sources;
    std::string m_scratch;
};

enum RowFlag : std::uint8_t {
    kDenied = 1,
    kProgram = 2, ///< a program or an archive is carried
    kNewborn = 4, ///< a category of young or unknown domains
    kNoName = 8,  ///< NXDOMAIN
    kBodied = 16, ///< POST, PUT
};
enum class RowType : std::uint8_t { Unknown, Other, Dns, Audit };

/// What the detectors read of one block.
class StreamRows {
public:
    explicit StreamRows(const event::EventBlock &block);

    [[nodiscard]] RowType type(std::size_t row);
    /// RowFlag bits.
    [[nodiscard]] std::uint8_t flags(std::size_t row);
    [[nodiscard]] std::uint64_t sent(std::size_t row) const { return amount(m_sent, row); }
    [[nodiscard]] std::uint64_t durationSeconds(std::size_t row) const;
    /// Degrees; false when the record does not say.
    bool place(std::size_t row, float &latitude, float &longitude) const;
    [[nodiscard]] std::string category(std::size_t row) const;

    HashedColumns user, host, agent, application, country, action;

private:
    struct Flagged {
        const event::Column *column = nullptr;
        std::vector<std::uint8_t> known; ///< by entry; 0x80: looked at
        std::uint8_t (*look)(std::string_view) = nullptr;
    };
    [[nodiscard]] static std::uint64_t amount(const event::Column *column, std::size_t row);
    static std::uint8_t flagged(Flagged &source, std::size_t row);

    std::array<Flagged, 6> m_flagged;
    Flagged m_type;
    const event::Column *m_sent, *m_seconds, *m_millis, *m_latitude, *m_longitude, *m_category;
};

} // namespace nightjar::anomaly
