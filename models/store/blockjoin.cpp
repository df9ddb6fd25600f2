// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/blockjoin.h"

#include "event/schema.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>

namespace nightjar::store {
namespace {

/// Entries of all blocks' columns of one name, each once.
class Entries {
public:
    std::uint32_t code(const event::Column &column, std::size_t entry)
    {
        const std::size_t known = column.kind() == event::Kind::Text ? m_codes.size() : m_integerCodes.size();
        const auto fresh = static_cast<std::uint32_t>(known) + event::kFirstEntry;
        if (column.kind() == event::Kind::Text) {
            const std::string_view text = column.texts()[entry];
            const auto [place, isNew] = m_codes.try_emplace(std::string(text), fresh);
            if (isNew) {
                texts.append(text);
            }
            return place->second;
        }
        const auto [place, isNew] = m_integerCodes.try_emplace(column.integer(entry), fresh);
        if (isNew) {
            integers.push_back(column.integer(entry));
        }
        return place->second;
    }
    event::TextDictionary texts;
    std::vector<std::int64_t> integers;

private:
    std::unordered_map<std::string, std::uint32_t> m_codes;
    std::unordered_map<std::int64_t, std::uint32_t> m_integerCodes;
};

/// Codes of the joined column; `ends` stays empty unless a row has other than one value.
struct Codes {
    std::vector<std::uint32_t> codes;
    std::vector<std::uint32_t> ends;
};

void append(Codes &out, const event::Column *column, std::size_t rows, bool lists, Entries &entries)
{
    std::vector<std::uint32_t> mapped = {event::kMissing, event::kNull};
    for (std::size_t entry = 0; column != nullptr && entry < column->entries(); ++entry) {
        mapped.push_back(entries.code(*column, entry));
    }
    for (std::size_t row = 0; row < rows; ++row) {
        if (column == nullptr) {
            out.codes.push_back(event::kMissing);
        } else {
            for (const std::uint32_t code : column->codes(row)) {
                out.codes.push_back(mapped[code]);
            }
        }
        if (lists) {
            out.ends.push_back(static_cast<std::uint32_t>(out.codes.size()));
        }
    }
}

std::optional<event::Column> joinColumn(const std::vector<event::EventBlock> &blocks, const std::string &name)
{
    std::optional<event::Kind> kind;
    bool lists = false;
    for (const event::EventBlock &block : blocks) {
        if (const event::Column *column = block.column(std::string_view(name))) {
            if (kind && *kind != column->kind()) {
                return std::nullopt;
            }
            kind = column->kind();
            lists = lists || column->hasLists();
        }
    }
    Entries entries;
    Codes codes;
    for (const event::EventBlock &block : blocks) {
        append(codes, block.column(std::string_view(name)), block.rows(), lists, entries);
    }
    return event::ColumnAccess::make(name, kind.value_or(event::Kind::Text), std::move(codes.codes),
                                     std::move(codes.ends), std::move(entries.texts), std::move(entries.integers));
}

/// Schema fields in their order, then the others as they were met.
std::vector<std::string> columnNames(const std::vector<event::EventBlock> &blocks)
{
    std::vector<std::string> names;
    for (const event::FieldInfo &field : event::fields()) {
        const auto has = [&](const event::EventBlock &block) { return block.column(field.field) != nullptr; };
        if (std::any_of(blocks.begin(), blocks.end(), has)) {
            names.emplace_back(field.name);
        }
    }
    std::map<std::string_view, bool> met;
    for (const std::string &name : names) {
        met[name] = true;
    }
    std::vector<std::string> others;
    for (const event::EventBlock &block : blocks) {
        for (const event::Column &column : block.columns()) {
            if (met.try_emplace(column.name(), true).second) {
                others.push_back(column.name());
            }
        }
    }
    names.insert(names.end(), others.begin(), others.end());
    return names;
}

} // namespace

std::optional<event::EventBlock> joinBlocks(const std::vector<event::EventBlock> &blocks)
{
    std::vector<Timestamp> times;
    std::string raw;
    std::vector<std::uint32_t> ends;
    const bool hasRaw = !blocks.empty() && !blocks.front().rawEnds().empty();
    for (const event::EventBlock &block : blocks) {
        times.insert(times.end(), block.times().begin(), block.times().end());
        if (block.rawEnds().empty() == hasRaw || raw.size() + block.rawBytes().size() > (std::uint64_t{1} << 32U) - 1) {
            return std::nullopt;
        }
        for (std::size_t row = 0; row < block.rawEnds().size(); ++row) {
            raw += block.raw(row);
            ends.push_back(static_cast<std::uint32_t>(raw.size()));
        }
    }
    std::vector<event::Column> columns;
    for (const std::string &name : columnNames(blocks)) {
        auto column = joinColumn(blocks, name);
        if (!column) {
            return std::nullopt;
        }
        columns.push_back(std::move(*column));
    }
    return event::EventBlock::assemble(std::move(times), std::move(columns), std::move(raw), std::move(ends));
}

} // namespace nightjar::store
