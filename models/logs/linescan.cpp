// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/jsontext.h"
#include "logs/record.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace nightjar::logs {

namespace {

/// Values of one record as UTF-8. A record that is UTF-8 as a whole has such values, as they end at ASCII bytes.
class Cleaner {
public:
    Cleaner(std::string_view record, TextArena &arena)
        : m_arena(arena)
        , m_sound(isValidUtf8(record))
    {
    }
    std::string_view operator()(std::string_view text) const
    {
        return m_sound || isValidUtf8(text) ? text : m_arena.copy(repairUtf8(text));
    }
    [[nodiscard]] TextArena &arena() const { return m_arena; }

private:
    TextArena &m_arena;
    bool m_sound;
};

/// The cell that begins at `at`, quotes resolved; `at` moves behind its delimiter, or past the end by one.
std::optional<std::string_view> csvCellAt(std::string_view record, char delimiter, std::size_t &at,
                                          const Cleaner &clean)
{
    std::size_t begin = at;
    while (begin < record.size() && record[begin] == ' ') {
        ++begin;
    }
    if (begin >= record.size() || record[begin] != '"') {
        std::size_t end = record.find(delimiter, at);
        end = end == std::string_view::npos ? record.size() : end;
        const std::string_view cell = record.substr(at, end - at);
        at = end + 1;
        return clean(cell);
    }
    ++begin;
    if (begin < record.size() && (record[begin] == '{' || record[begin] == '[')) {
        const std::size_t end = rawJsonEnd(record, begin);
        if (end != std::string_view::npos && (end + 1 == record.size() || record[end + 1] == delimiter)) {
            at = end + 2;
            return clean(record.substr(begin, end - begin));
        }
    }
    bool doubled = false;
    for (std::size_t i = record.find('"', begin); i != std::string_view::npos; i = record.find('"', i + 1)) {
        std::size_t next = i + 1;
        if (next < record.size() && record[next] == '"') {
            doubled = true;
            ++i;
            continue;
        }
        while (next < record.size() && record[next] == ' ') {
            ++next;
        }
        if (next < record.size() && record[next] != delimiter) {
            continue; // a bare quote inside the cell
        }
        at = next + 1;
        std::string_view cell = record.substr(begin, i - begin);
        if (doubled) {
            char *to = clean.arena().allocate(cell.size());
            std::size_t length = 0;
            for (std::size_t k = 0; k < cell.size(); ++k) {
                to[length++] = cell[k];
                k += cell[k] == '"' && k + 1 < cell.size() && cell[k + 1] == '"' ? 1U : 0U;
            }
            cell = {to, length};
        }
        return clean(cell);
    }
    return std::nullopt;
}

/// What no key of a key=value pair holds.
constexpr auto kNoKeyByte = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view(" \"/?&:,")) {
        table[static_cast<unsigned char>(c)] = true;
    }
    return table;
}();

/// Where the key of a pair ends; npos when the cell is none.
std::size_t keySize(std::string_view cell)
{
    constexpr std::size_t kMaxKey = 64;
    const std::size_t most = std::min(cell.size(), kMaxKey + 1);
    for (std::size_t i = 0; i < most; ++i) {
        if (cell[i] == '=') {
            return i == 0 ? std::string_view::npos : i;
        }
        if (kNoKeyByte[static_cast<unsigned char>(cell[i])]) {
            break;
        }
    }
    return std::string_view::npos;
}

std::string_view unquoted(std::string_view value)
{
    for (int i = 0; i < 2 && value.size() >= 2 && value.front() == '"' && value.back() == '"'; ++i) {
        value = value.substr(1, value.size() - 2);
    }
    return value;
}

} // namespace

std::optional<ScanProblem> scanCsv(std::string_view record, char delimiter, const std::vector<std::string> &names,
                                   RecordFields &out)
{
    const Cleaner clean(record, out.arena);
    std::size_t at = 0;
    std::size_t count = 0;
    while (at <= record.size()) {
        const std::size_t begin = at;
        const auto cell = csvCellAt(record, delimiter, at, clean);
        if (!cell) {
            return ScanProblem{begin, "the quote that opens here is not closed"};
        }
        if (count < names.size()) {
            out.fields.push_back({names[count], *cell, ValueKind::Text, false, false});
        } else if (!cell->empty()) {
            return ScanProblem{begin, "it has more cells than the header's " + std::to_string(names.size()) +
                                          " names, from here on"};
        }
        ++count;
    }
    if (count < names.size()) {
        return ScanProblem{record.size(), "it has " + std::to_string(count) + " cells where the header has " +
                                              std::to_string(names.size()) + " names"};
    }
    return std::nullopt;
}

std::optional<ScanProblem> scanKeyValue(std::string_view record, RecordFields &out)
{
    const Cleaner clean(record, out.arena);
    std::size_t begin = 0;
    bool first = true;
    while (begin <= record.size()) {
        std::size_t end = record.find('\t', begin);
        end = end == std::string_view::npos ? record.size() : end;
        const std::string_view cell = record.substr(begin, end - begin);
        const std::size_t equals = keySize(cell);
        if (equals != std::string_view::npos) {
            if (out.fields.size() >= kMaxRecordFields) {
                return ScanProblem{begin, "it has more than 4,096 fields"};
            }
            out.fields.push_back(
                {clean(cell.substr(0, equals)), cell.substr(equals + 1), ValueKind::Text, false, false});
        } else if (first && !trim(cell).empty()) {
            out.fields.push_back({"datetime", cell, ValueKind::Text, false, false});
        } else if (!first && !out.fields.empty()) {
            // The value itself holds a tab: it goes on up to here.
            std::string_view &value = out.fields.back().value;
            value = {value.data(), static_cast<std::size_t>(cell.data() + cell.size() - value.data())};
        }
        first = false;
        begin = end + 1;
    }
    for (RecordField &field : out.fields) {
        field.value = clean(unquoted(field.value));
    }
    return std::nullopt;
}

} // namespace nightjar::logs
