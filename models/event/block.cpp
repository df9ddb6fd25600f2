// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/block.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace nightjar::event {

std::string_view Column::text(std::size_t entry, std::string &scratch) const
{
    if (m_kind == Kind::Text) {
        return m_texts[entry];
    }
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, m_integers[entry]).ptr;
    scratch.assign(digits, end);
    return scratch;
}

RowSet Column::rowsWhere(std::span<const std::uint8_t> wanted) const
{
    RowSet result(rows());
    if (std::find_if(wanted.begin(), wanted.end(), [](std::uint8_t w) { return w != 0; }) == wanted.end()) {
        return result;
    }
    for (std::size_t row = 0; row < rows(); ++row) {
        for (const std::uint32_t c : codes(row)) {
            if (c >= kFirstEntry && wanted[c - kFirstEntry] != 0) {
                result.insert(row);
                break;
            }
        }
    }
    return result;
}

RowSet Column::rowsWithCode(std::uint32_t wanted) const
{
    RowSet result(rows());
    for (std::size_t row = 0; row < rows(); ++row) {
        const auto all = codes(row);
        if (std::find(all.begin(), all.end(), wanted) != all.end()) {
            result.insert(row);
        }
    }
    return result;
}

Column ColumnAccess::make(std::string name, Kind kind, std::vector<std::uint32_t> codes,
                          std::vector<std::uint32_t> listEnds, TextDictionary texts, std::vector<std::int64_t> integers)
{
    Column column(std::move(name), kind);
    column.m_codes = std::move(codes);
    column.m_listEnds = std::move(listEnds);
    column.m_texts = std::move(texts);
    column.m_integers = std::move(integers);
    return column;
}

void EventBlock::index()
{
    m_byField.fill(-1);
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        // Aliases are no column names: only the full name counts here.
        if (const auto field = findField(m_columns[i].name()); field && name(*field) == m_columns[i].name()) {
            m_byField[static_cast<std::size_t>(*field)] = static_cast<std::int16_t>(i);
        }
    }
    m_minTime = kNoTime;
    m_maxTime = kNoTime;
    for (const Timestamp time : m_times) {
        if (time != kNoTime) {
            m_minTime = m_minTime == kNoTime ? time : std::min(m_minTime, time);
            m_maxTime = std::max(m_maxTime, time);
        }
    }
}

const Column *EventBlock::column(Field field) const
{
    const std::int16_t at = m_byField[static_cast<std::size_t>(field)];
    return at < 0 ? nullptr : &m_columns[static_cast<std::size_t>(at)];
}

const Column *EventBlock::column(std::string_view columnName) const
{
    const auto found =
        std::find_if(m_columns.begin(), m_columns.end(), [&](const Column &c) { return c.name() == columnName; });
    return found == m_columns.end() ? nullptr : &*found;
}

std::string_view EventBlock::raw(std::size_t row) const
{
    if (m_raw.empty() || m_rawEnds.empty()) {
        return {};
    }
    const std::size_t begin = rawBegin(row);
    return std::string_view(m_raw).substr(begin, m_rawEnds[row] - begin);
}

void EventBlock::dropRaw()
{
    m_raw = std::string();
    m_rawBegins = std::vector<std::uint32_t>();
    m_rawEnds = std::vector<std::uint32_t>();
}

namespace {

/// New codes of the entries that are taken over: a table for many rows, pairs for the few of a sample.
class Renaming {
public:
    Renaming(std::size_t entries, std::size_t rows)
    {
        if (rows > kFewRows) {
            m_table.resize(entries, kMissing);
        }
    }
    std::uint32_t &operator[](std::size_t entry)
    {
        if (!m_table.empty()) {
            return m_table[entry];
        }
        for (auto &[known, code] : m_pairs) {
            if (known == entry) {
                return code;
            }
        }
        return m_pairs.emplace_back(entry, kMissing).second;
    }

private:
    static constexpr std::size_t kFewRows = 16;
    std::vector<std::uint32_t> m_table;
    std::vector<std::pair<std::size_t, std::uint32_t>> m_pairs;
};

Column selectColumn(const Column &source, std::span<const std::size_t> rows)
{
    Renaming renamed(source.entries(), rows.size());
    std::vector<std::uint32_t> codes;
    std::vector<std::uint32_t> listEnds;
    TextDictionary texts;
    std::vector<std::int64_t> integers;
    std::uint32_t next = kFirstEntry;
    for (const std::size_t row : rows) {
        for (const std::uint32_t code : source.codes(row)) {
            if (code < kFirstEntry) {
                codes.push_back(code);
                continue;
            }
            const std::size_t entry = code - kFirstEntry;
            std::uint32_t &renamedTo = renamed[entry];
            if (renamedTo == kMissing) {
                renamedTo = next++;
                if (source.kind() == Kind::Text) {
                    texts.append(source.texts()[entry]);
                } else {
                    integers.push_back(source.integers()[entry]);
                }
            }
            codes.push_back(renamedTo);
        }
        if (source.hasLists()) {
            listEnds.push_back(static_cast<std::uint32_t>(codes.size()));
        }
    }
    return ColumnAccess::make(source.name(), source.kind(), std::move(codes), std::move(listEnds), std::move(texts),
                              std::move(integers));
}

} // namespace

EventBlock EventBlock::select(const RowSet &rows) const
{
    EventBlock result;
    std::vector<std::size_t> wanted;
    rows.forEach([&](std::size_t row) { wanted.push_back(row); });
    for (const std::size_t row : wanted) {
        result.m_times.push_back(m_times[row]);
        if (!m_rawEnds.empty()) {
            result.m_raw.append(raw(row));
            result.m_rawEnds.push_back(static_cast<std::uint32_t>(result.m_raw.size()));
        }
        if (!m_positions.empty()) {
            result.m_positions.push_back(m_positions[row]);
        }
    }
    for (const Column &source : m_columns) {
        Column column = selectColumn(source, wanted);
        if (column.entries() > 0 || !column.rowsWithCode(kNull).empty() || column.hasLists()) {
            result.m_columns.push_back(std::move(column));
        }
    }
    result.index();
    return result;
}

namespace {

void appendValue(std::string &out, const Column &column, std::uint32_t code, std::string &scratch)
{
    if (code == kNull) {
        out += "null";
    } else if (column.kind() == Kind::Integer) {
        out += column.text(code - kFirstEntry, scratch);
    } else {
        appendJsonQuoted(out, column.text(code - kFirstEntry, scratch));
    }
}

void appendMember(std::string &out, const Column &column, std::size_t row, std::string &scratch)
{
    const auto codes = column.codes(row);
    if (codes.size() == 1 && codes.front() == kMissing) {
        return;
    }
    out += out.size() > 1 ? "," : "";
    appendJsonQuoted(out, column.name());
    out += ':';
    if (codes.size() == 1) {
        appendValue(out, column, codes.front(), scratch);
        return;
    }
    out += '[';
    for (std::size_t i = 0; i < codes.size(); ++i) {
        out += i > 0 ? "," : "";
        appendValue(out, column, codes[i], scratch);
    }
    out += ']';
}

} // namespace

std::string EventBlock::toJson(std::size_t row, std::int64_t id) const
{
    std::string out = "{";
    std::string scratch;
    if (id >= 0) {
        out += "\"id\":" + std::to_string(id);
    }
    if (m_times[row] != kNoTime) {
        out += out.size() > 1 ? "," : "";
        out += "\"@timestamp\":\"" + formatIsoTime(m_times[row]) + '"';
    }
    for (const std::int16_t at : m_byField) {
        if (at >= 0) {
            appendMember(out, m_columns[static_cast<std::size_t>(at)], row, scratch);
        }
    }
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (std::find(m_byField.begin(), m_byField.end(), static_cast<std::int16_t>(i)) == m_byField.end()) {
            appendMember(out, m_columns[i], row, scratch);
        }
    }
    out += '}';
    return out;
}

EventBlock EventBlock::assemble(std::vector<Timestamp> times, std::vector<Column> columns, std::string raw,
                                std::vector<std::uint32_t> rawEnds)
{
    EventBlock block;
    block.m_times = std::move(times);
    block.m_columns = std::move(columns);
    block.m_raw = std::move(raw);
    block.m_rawEnds = std::move(rawEnds);
    block.index();
    return block;
}

} // namespace nightjar::event
