// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::logs {

/// Bump memory for texts that had to be changed (escapes, repairs, key paths). Views live until reset().
class TextArena {
public:
    char *allocate(std::size_t size)
    {
        if (size > m_room) {
            const std::size_t chunk = std::max<std::size_t>(size, kChunk);
            m_chunks.push_back(std::make_unique<char[]>(chunk));
            m_next = m_chunks.back().get();
            m_room = chunk;
            m_firstSize = m_chunks.size() == 1 ? chunk : m_firstSize;
        }
        char *given = m_next;
        m_next += size;
        m_room -= size;
        return given;
    }
    std::string_view copy(std::string_view text)
    {
        if (text.empty()) {
            return {};
        }
        char *to = allocate(text.size());
        std::memcpy(to, text.data(), text.size());
        return {to, text.size()};
    }
    void reset()
    {
        if (m_chunks.size() > 1 || m_firstSize > kChunk) {
            m_chunks.clear();
        }
        m_next = m_chunks.empty() ? nullptr : m_chunks.front().get();
        m_room = m_chunks.empty() ? 0 : m_firstSize;
    }

private:
    static constexpr std::size_t kChunk = 16U << 10U;
    std::vector<std::unique_ptr<char[]>> m_chunks;
    char *m_next = nullptr;
    std::size_t m_room = 0;
    std::size_t m_firstSize = 0;
};

enum class ValueKind : std::uint8_t { Text, Number, Null, EmptyList };

/// One key and value as the record has them, whatever its encoding. Values are valid UTF-8 and unescaped.
struct RecordField {
    std::string_view key; ///< nested objects: "outer.inner"
    std::string_view value;
    ValueKind kind = ValueKind::Text;
    bool member = false; ///< second or later member of a list
    bool outer = false;  ///< beside the "event" of a {"sourcetype", "event"} wrapper
};

constexpr std::size_t kMaxRecordFields = 4'096;

/// What a scanner found: fields in record order. Views into the record and into `arena`.
struct RecordFields {
    std::vector<RecordField> fields;
    TextArena arena;

    void clear()
    {
        fields.clear();
        arena.reset();
    }
};

/// Why a record could not be read; `offset` counts bytes from the record's first one.
struct ScanProblem {
    std::size_t offset = 0;
    std::string reason;
};

/// One JSON object, nested objects flattened, the "event" of a wrapper taken as the record itself. Tolerates what feeds
/// really send: unescaped quotes inside strings, raw control characters, numbers with leading zeros, missing values,
/// invalid UTF-8 (repaired). Format: RFC 8259.
std::optional<ScanProblem> scanJson(std::string_view record, RecordFields &out);

/// One CSV record under its column names (RFC 4180 quoting).
std::optional<ScanProblem> scanCsv(std::string_view record, char delimiter, const std::vector<std::string> &names,
                                   RecordFields &out);

/// Tab-separated key=value; a first cell without key is the time; quotes around values are taken off.
std::optional<ScanProblem> scanKeyValue(std::string_view record, RecordFields &out);

} // namespace nightjar::logs
