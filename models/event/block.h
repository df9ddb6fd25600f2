// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"
#include "event/rowset.h"
#include "event/schema.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::event {

/// Codes of a column: 0 says the record does not have the field, 1 that it is JSON null, others are a dictionary entry
/// + 2. The empty string is an entry like any other, so that missing, null and empty stay three different things.
constexpr std::uint32_t kMissing = 0;
constexpr std::uint32_t kNull = 1;
constexpr std::uint32_t kFirstEntry = 2;

/// Distinct strings in one buffer.
class TextDictionary {
public:
    [[nodiscard]] std::size_t size() const { return m_ends.size(); }
    [[nodiscard]] std::string_view operator[](std::size_t entry) const
    {
        const std::size_t begin = entry == 0 ? 0 : m_ends[entry - 1];
        return std::string_view(m_bytes).substr(begin, m_ends[entry] - begin);
    }
    void append(std::string_view text)
    {
        m_bytes.append(text);
        m_ends.push_back(static_cast<std::uint32_t>(m_bytes.size()));
    }
    [[nodiscard]] std::size_t bytes() const { return m_bytes.size(); }
    [[nodiscard]] const std::string &buffer() const { return m_bytes; }
    [[nodiscard]] const std::vector<std::uint32_t> &ends() const { return m_ends; }
    /// Takes a decoded buffer; `ends` ascending, the last equal to the buffer's size.
    void assign(std::string bytes, std::vector<std::uint32_t> ends)
    {
        m_bytes = std::move(bytes);
        m_ends = std::move(ends);
    }

private:
    std::string m_bytes;
    std::vector<std::uint32_t> m_ends;
};

/// One field of all rows of a block: the distinct values once, and a code per row. Detectors and queries look at the
/// distinct values and spread the answer over the rows (`rowsWhere`).
class Column {
public:
    Column(std::string columnName, Kind columnKind)
        : m_name(std::move(columnName))
        , m_kind(columnKind)
    {
    }

    [[nodiscard]] const std::string &name() const { return m_name; }
    [[nodiscard]] Kind kind() const { return m_kind; }
    /// Number of distinct values (missing and null not counted).
    [[nodiscard]] std::size_t entries() const { return m_kind == Kind::Text ? m_texts.size() : m_integers.size(); }
    /// The entry as text. `scratch` holds the text of integers; the view dies with its next change.
    [[nodiscard]] std::string_view text(std::size_t entry, std::string &scratch) const;
    /// The entry of an Integer column.
    [[nodiscard]] std::int64_t integer(std::size_t entry) const { return m_integers[entry]; }

    /// Codes of a row: one, or as many as the list has members (an empty list: none).
    [[nodiscard]] std::span<const std::uint32_t> codes(std::size_t row) const
    {
        if (m_listEnds.empty()) {
            return {&m_codes[row], 1};
        }
        const std::size_t begin = row == 0 ? 0 : m_listEnds[row - 1];
        return {m_codes.data() + begin, m_listEnds[row] - begin};
    }
    [[nodiscard]] bool hasLists() const { return !m_listEnds.empty(); }
    /// First code of the row, kMissing for an empty list. For columns that show one value.
    [[nodiscard]] std::uint32_t code(std::size_t row) const
    {
        const auto all = codes(row);
        return all.empty() ? kMissing : all.front();
    }
    /// First value of the row as text, empty when missing or null.
    [[nodiscard]] std::string_view value(std::size_t row, std::string &scratch) const
    {
        const std::uint32_t c = code(row);
        return c < kFirstEntry ? std::string_view() : text(c - kFirstEntry, scratch);
    }
    /// All codes in row order (with lists: concatenated).
    [[nodiscard]] std::span<const std::uint32_t> allCodes() const { return m_codes; }

    /// Rows of which any value's entry is marked in `wanted` (one byte an entry, 0 or 1).
    [[nodiscard]] RowSet rowsWhere(std::span<const std::uint8_t> wanted) const;
    /// Rows that carry `code` (kMissing, kNull or an entry's).
    [[nodiscard]] RowSet rowsWithCode(std::uint32_t code) const;

    [[nodiscard]] const TextDictionary &texts() const { return m_texts; }
    [[nodiscard]] const std::vector<std::int64_t> &integers() const { return m_integers; }
    [[nodiscard]] const std::vector<std::uint32_t> &listEnds() const { return m_listEnds; }
    [[nodiscard]] std::size_t rows() const { return m_listEnds.empty() ? m_codes.size() : m_listEnds.size(); }

private:
    friend class BlockBuilder;
    friend class EventBlock;
    friend struct ColumnAccess;
    std::string m_name;
    Kind m_kind;
    std::vector<std::uint32_t> m_codes;
    std::vector<std::uint32_t> m_listEnds; ///< empty unless a row has other than one value
    TextDictionary m_texts;
    std::vector<std::int64_t> m_integers;
};

/// Builds a column from its stored parts; for the store's decoder only.
struct ColumnAccess {
    static Column make(std::string name, Kind kind, std::vector<std::uint32_t> codes,
                       std::vector<std::uint32_t> listEnds, TextDictionary texts, std::vector<std::int64_t> integers);
};

/// Where a record stood in its source: line of its first byte and ordinal, both from 1.
struct RecordPosition {
    std::uint64_t line = 0;
    std::uint64_t index = 0;
};

/// Up to 65,536 events of any log type as columns, with their raw records byte for byte. Everything in Nightjar flows
/// as blocks: parsing makes them, detectors read them, the store keeps them. Thread: immutable once built, any.
class EventBlock {
public:
    EventBlock() { m_byField.fill(-1); }
    [[nodiscard]] std::size_t rows() const { return m_times.size(); }
    /// Event times in row order, kNoTime where the record has none.
    [[nodiscard]] const std::vector<Timestamp> &times() const { return m_times; }
    [[nodiscard]] Timestamp minTime() const
    {
        return m_minTime;
    } ///< kNoTime rows left out; kNoTime if there is no other
    [[nodiscard]] Timestamp maxTime() const { return m_maxTime; }

    [[nodiscard]] const std::vector<Column> &columns() const { return m_columns; }
    /// Null when no row has the field.
    [[nodiscard]] const Column *column(Field field) const;
    [[nodiscard]] const Column *column(std::string_view columnName) const;

    /// Raw record of a row; empty when raw has been dropped or was not loaded.
    [[nodiscard]] std::string_view raw(std::size_t row) const;
    [[nodiscard]] const std::string &rawBytes() const { return m_raw; }
    [[nodiscard]] const std::vector<std::uint32_t> &rawEnds() const { return m_rawEnds; }
    /// Where the raw record of a row begins in rawBytes(); what lies between two records belongs to neither.
    [[nodiscard]] std::size_t rawBegin(std::size_t row) const
    {
        return !m_rawBegins.empty() ? m_rawBegins[row] : (row == 0 ? 0 : m_rawEnds[row - 1]);
    }
    /// Frees the raw bytes once they are compressed elsewhere.
    void dropRaw();
    /// Transient: where the records stood in their source. Empty for blocks from the store.
    [[nodiscard]] const std::vector<RecordPosition> &positions() const { return m_positions; }

    /// A block of the given rows, in ascending order; used to leave duplicates out.
    [[nodiscard]] EventBlock select(const RowSet &rows) const;

    /// One event as the flat JSON object of the command-line contract; keys absent when the record does not say.
    /// `id` is written when it is not negative.
    [[nodiscard]] std::string toJson(std::size_t row, std::int64_t id = -1) const;

    /// For the store's decoder. `raw` may be empty with `rawEnds` empty: raw not loaded.
    static EventBlock assemble(std::vector<Timestamp> times, std::vector<Column> columns, std::string raw,
                               std::vector<std::uint32_t> rawEnds);

private:
    friend class BlockBuilder;
    void index();
    std::vector<Timestamp> m_times;
    std::vector<Column> m_columns;
    std::array<std::int16_t, kFieldCount> m_byField{};
    std::string m_raw;
    std::vector<std::uint32_t> m_rawBegins; ///< empty when record follows upon record
    std::vector<std::uint32_t> m_rawEnds;
    std::vector<RecordPosition> m_positions;
    Timestamp m_minTime = kNoTime;
    Timestamp m_maxTime = kNoTime;
};

} // namespace nightjar::event
