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

/// A key of the record before: feeds repeat their keys in order, so that one comparison finds the key again.
struct KeyHint {
    std::string literal; ///< as it stands in the record, with quotes and colon
    std::string path;    ///< the field's key
    int depth = 0;
    bool object = false; ///< its value is an object
};

/// What a scanner found: fields in record order. Views into the record, into `arena` and into `hints`.
struct RecordFields {
    std::vector<RecordField> fields;
    TextArena arena;
    std::vector<std::unique_ptr<KeyHint>> hints;
    int misses = 0;            ///< records in a row whose keys were others than the hints
    std::uint64_t hintsId = 0; ///< of the key list in `hints`
    std::uint64_t keysId = 0;  ///< records of the same id have the same keys in the same order; 0: not known
    std::uint64_t lastId = 0;  ///< the newest id given out

    void clear()
    {
        fields.clear();
        arena.reset();
        keysId = 0;
    }
};

/// Key of the time that stands in a syslog header, an outer field.
constexpr std::string_view kEnvelopeTime = "_envelope_time";

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

/// Key=value with "^^" between the pairs (the vendor's RSA output).
std::optional<ScanProblem> scanCaret(std::string_view record, RecordFields &out);

/// A record from "CEF:" on: header fields under their CEF names, then the extension. NSS escapes nothing, so that a
/// value ends only where a key can stand. Format: ArcSight Common Event Format, revision 25.
std::optional<ScanProblem> scanCef(std::string_view record, RecordFields &out);

/// A record from "LEEF:" on, version 1.0 (tab) or 2.0 (own delimiter). Format: IBM QRadar LEEF guide.
std::optional<ScanProblem> scanLeef(std::string_view record, RecordFields &out);

} // namespace nightjar::logs
