// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/builder.h"

#include "event/codetable.h"

#include <charconv>
#include <functional>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nightjar::event {

namespace {

constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

/// One seed a process.
const ValueHash &valueHash()
{
    static const ValueHash kHash = [] {
        std::random_device source;
        return ValueHash((std::uint64_t{source()} << 32U) | source());
    }();
    return kHash;
}

} // namespace

struct BlockBuilder::State {
    struct Draft {
        explicit Draft(std::string columnName, Kind columnKind)
            : name(std::move(columnName))
            , kind(columnKind)
        {
        }

        std::string name;
        Kind kind;
        CodeTable table;
        std::vector<std::uint32_t> codes;    ///< of rows up to the last one that has a value
        std::vector<std::uint32_t> listEnds; ///< made when the first list appears
        std::size_t rows = 0;                ///< rows written (codes may hold more with lists)
        std::size_t lastRow = kNoRow;        ///< row that holds the newest value
        std::uint32_t lastCode = kMissing;
        std::uint64_t lastValue = 0; ///< as in CodeTable::Slot
        TextDictionary texts;
        std::vector<std::int64_t> integers;
    };

    std::vector<Draft> drafts;
    std::unordered_map<std::string, Handle> byName;
    std::vector<Timestamp> times;
    std::string raw;
    std::string_view borrowed;            ///< when not empty, raw records are offsets into it and `raw` is not used
    std::vector<std::uint32_t> rawBegins; ///< only when borrowed
    std::vector<std::uint32_t> rawEnds;
    std::vector<RecordPosition> positions;
    ValueHash hash = valueHash();
    Timestamp time = kNoTime;
    std::string_view record; ///< of the current row, in the borrowed bytes
    std::size_t rawBefore = 0;
    RecordPosition position;
    Handle overflow = 0;

    [[nodiscard]] bool isBorrowed(std::string_view bytes) const
    {
        const std::less_equal<> before;
        return before(borrowed.data(), bytes.data()) &&
               before(bytes.data() + bytes.size(), borrowed.data() + borrowed.size());
    }

    /// A record from elsewhere came: go on with copies.
    void stopBorrowing()
    {
        for (std::size_t row = 0; row < rawEnds.size(); ++row) {
            raw.append(borrowed.substr(rawBegins[row], rawEnds[row] - rawBegins[row]));
            rawEnds[row] = static_cast<std::uint32_t>(raw.size());
        }
        rawBegins.clear();
        borrowed = {};
    }

    Handle make(std::string columnName, Kind kind)
    {
        const auto made = static_cast<Handle>(drafts.size());
        byName.emplace(columnName, made);
        drafts.emplace_back(std::move(columnName), kind);
        return made;
    }

    /// Writes a code into the current row.
    void put(Handle handle, std::uint32_t code)
    {
        Draft &draft = drafts[handle];
        const std::size_t row = times.size();
        if (draft.lastRow == row) {
            addToList(draft, code);
            return;
        }
        if (draft.rows != row) {
            pad(draft, row);
        }
        draft.codes.push_back(code);
        ++draft.rows;
        if (!draft.listEnds.empty()) {
            draft.listEnds.push_back(static_cast<std::uint32_t>(draft.codes.size()));
        }
        draft.lastRow = row;
    }

    static void addToList(Draft &draft, std::uint32_t code)
    {
        if (draft.listEnds.empty()) {
            draft.listEnds.resize(draft.rows);
            for (std::size_t i = 0; i < draft.rows; ++i) {
                draft.listEnds[i] = static_cast<std::uint32_t>(i + 1);
            }
        }
        draft.codes.push_back(code);
        draft.listEnds.back() = static_cast<std::uint32_t>(draft.codes.size());
    }

    /// Fills the rows before `row` that have no value.
    static void pad(Draft &draft, std::size_t row)
    {
        if (draft.listEnds.empty()) {
            draft.codes.resize(row, kMissing);
        } else {
            while (draft.listEnds.size() < row) {
                draft.codes.push_back(kMissing);
                draft.listEnds.push_back(static_cast<std::uint32_t>(draft.codes.size()));
            }
        }
        draft.rows = row;
    }

    std::uint32_t codeOf(Draft &draft, std::string_view value) const
    {
        const std::string &bytes = draft.texts.buffer();
        const auto equal = [&](std::uint64_t place) {
            return (place & 0xFFFFFFFFU) == value.size() &&
                   sameBytes(bytes.data() + (place >> 32U), value.data(), value.size());
        };
        if (draft.lastCode >= kFirstEntry && equal(draft.lastValue)) {
            return draft.lastCode;
        }
        const std::uint32_t valueHash = hash(value);
        CodeTable::Slot &slot = draft.table.find(valueHash, equal);
        if (slot.code == 0) {
            slot = {valueHash, static_cast<std::uint32_t>(draft.texts.size()) + kFirstEntry,
                    std::uint64_t{bytes.size()} << 32U | value.size()};
            draft.texts.append(value);
            draft.table.taken();
        }
        draft.lastCode = slot.code;
        draft.lastValue = slot.value;
        return slot.code;
    }

    std::uint32_t codeOf(Draft &draft, std::int64_t value) const
    {
        const auto equal = [&](std::uint64_t known) { return known == static_cast<std::uint64_t>(value); };
        if (draft.lastCode >= kFirstEntry && equal(draft.lastValue)) {
            return draft.lastCode;
        }
        const std::uint32_t valueHash = hash(value);
        CodeTable::Slot &slot = draft.table.find(valueHash, equal);
        if (slot.code == 0) {
            slot = {valueHash, static_cast<std::uint32_t>(draft.integers.size()) + kFirstEntry,
                    static_cast<std::uint64_t>(value)};
            draft.integers.push_back(value);
            draft.table.taken();
        }
        draft.lastCode = slot.code;
        draft.lastValue = slot.value;
        return slot.code;
    }
};

BlockBuilder::BlockBuilder()
    : m_state(std::make_unique<State>())
{
    for (const FieldInfo &field : fields()) {
        m_state->make(std::string(field.name), field.kind);
    }
    m_state->overflow = m_state->make(std::string(kExtraPrefix) + "_overflow", Kind::Text);
}

BlockBuilder::~BlockBuilder() = default;
BlockBuilder::BlockBuilder(BlockBuilder &&) noexcept = default;
BlockBuilder &BlockBuilder::operator=(BlockBuilder &&) noexcept = default;

BlockBuilder::Handle BlockBuilder::extraHandle(std::string_view token)
{
    std::string fullName(kExtraPrefix);
    fullName += token;
    return namedHandle(fullName);
}

BlockBuilder::Handle BlockBuilder::namedHandle(std::string_view fullName)
{
    const auto found = m_state->byName.find(std::string(fullName));
    if (found != m_state->byName.end()) {
        return found->second;
    }
    return m_state->drafts.size() >= kMaxColumns ? m_state->overflow : m_state->make(std::string(fullName), Kind::Text);
}

void BlockBuilder::beginRow(std::string_view raw, RecordPosition position)
{
    State &s = *m_state;
    if (!s.borrowed.empty() && !s.isBorrowed(raw)) {
        s.stopBorrowing();
    }
    s.record = raw;
    s.rawBefore = s.raw.size();
    if (s.borrowed.empty()) {
        s.raw.append(raw);
    }
    s.position = position;
    s.time = kNoTime;
}

void BlockBuilder::setTime(Timestamp time)
{
    m_state->time = time;
}

void BlockBuilder::set(Handle handle, std::string_view value)
{
    State::Draft &draft = m_state->drafts[handle];
    if (draft.kind == Kind::Integer) {
        std::int64_t number = 0;
        const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (problem == std::errc() && end == value.data() + value.size()) {
            setInteger(handle, number);
        }
        return;
    }
    m_state->put(handle, m_state->codeOf(draft, value));
}

void BlockBuilder::setInteger(Handle handle, std::int64_t value)
{
    State::Draft &draft = m_state->drafts[handle];
    if (draft.kind == Kind::Text) {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        m_state->put(handle, m_state->codeOf(draft, std::string_view(digits, static_cast<std::size_t>(end - digits))));
        return;
    }
    m_state->put(handle, m_state->codeOf(draft, value));
}

void BlockBuilder::setNull(Handle handle)
{
    m_state->put(handle, kNull);
}

void BlockBuilder::setEmptyList(Handle handle)
{
    State::Draft &draft = m_state->drafts[handle];
    if (has(handle)) {
        return;
    }
    m_state->put(handle, kMissing);
    if (draft.listEnds.empty()) {
        draft.listEnds.resize(draft.rows);
        for (std::size_t i = 0; i < draft.rows; ++i) {
            draft.listEnds[i] = static_cast<std::uint32_t>(i + 1);
        }
    }
    draft.codes.pop_back();
    --draft.listEnds.back();
}

bool BlockBuilder::isWide(Handle handle) const
{
    return m_state->drafts[handle].table.isWide();
}

void BlockBuilder::expect(Handle handle, std::string_view value) const
{
    const State::Draft &draft = m_state->drafts[handle];
    if (draft.kind == Kind::Text) {
        draft.table.prefetch(m_state->hash(value));
        return;
    }
    std::int64_t number = 0;
    if (std::from_chars(value.data(), value.data() + value.size(), number).ec == std::errc()) {
        draft.table.prefetch(m_state->hash(number));
    }
}

bool BlockBuilder::setFirst(Handle handle, std::string_view value)
{
    if (has(handle)) {
        return false;
    }
    set(handle, value);
    return true;
}

bool BlockBuilder::has(Handle handle) const
{
    return m_state->drafts[handle].lastRow == m_state->times.size();
}

void BlockBuilder::commitRow()
{
    State &s = *m_state;
    s.times.push_back(s.time);
    if (!s.borrowed.empty()) {
        const auto begin = static_cast<std::size_t>(s.record.data() - s.borrowed.data());
        s.rawBegins.push_back(static_cast<std::uint32_t>(begin));
        s.rawEnds.push_back(static_cast<std::uint32_t>(begin + s.record.size()));
    } else {
        s.rawEnds.push_back(static_cast<std::uint32_t>(s.raw.size()));
    }
    s.positions.push_back(s.position);
}

void BlockBuilder::abandonRow()
{
    State &s = *m_state;
    s.raw.resize(s.rawBefore);
    const std::size_t row = s.times.size();
    for (State::Draft &draft : s.drafts) {
        if (draft.lastRow != row) {
            continue;
        }
        if (draft.listEnds.empty()) {
            draft.codes.resize(row);
        } else {
            draft.listEnds.resize(row);
            draft.codes.resize(row == 0 ? 0 : draft.listEnds.back());
        }
        draft.rows = row;
        draft.lastRow = kNoRow;
    }
}

std::size_t BlockBuilder::rows() const
{
    return m_state->times.size();
}
std::size_t BlockBuilder::rawBytes() const
{
    const State &s = *m_state;
    return s.borrowed.empty() || s.rawEnds.empty() ? s.raw.size() : s.rawEnds.back();
}

void BlockBuilder::borrow(std::string_view bytes)
{
    m_state->borrowed = bytes;
}

EventBlock BlockBuilder::finish(std::string &&lent)
{
    const bool used = !m_state->borrowed.empty();
    EventBlock block = finish();
    if (used) {
        block.m_raw = std::move(lent);
    }
    return block;
}

EventBlock BlockBuilder::finish()
{
    State &s = *m_state;
    s.borrowed = {};
    EventBlock block;
    const std::size_t rows = s.times.size();
    for (State::Draft &draft : s.drafts) {
        if (draft.codes.empty() && draft.listEnds.empty()) {
            draft.table.clear();
            continue;
        }
        const bool anything = draft.kind == Kind::Text ? draft.texts.size() > 0 : !draft.integers.empty();
        if (anything || draft.rows > 0) {
            State::pad(draft, rows);
            Column column(draft.name, draft.kind);
            column.m_codes = std::move(draft.codes);
            column.m_listEnds = std::move(draft.listEnds);
            column.m_texts = std::move(draft.texts);
            column.m_integers = std::move(draft.integers);
            block.m_columns.push_back(std::move(column));
        }
        draft.codes = {};
        draft.codes.reserve(rows);
        draft.listEnds = {};
        draft.texts = {};
        draft.integers = {};
        draft.table.clear();
        draft.rows = 0;
        draft.lastRow = kNoRow;
        draft.lastCode = kMissing;
    }
    block.m_times = std::exchange(s.times, {});
    block.m_raw = std::exchange(s.raw, {});
    block.m_rawBegins = std::exchange(s.rawBegins, {});
    block.m_rawEnds = std::exchange(s.rawEnds, {});
    block.m_positions = std::exchange(s.positions, {});
    block.index();
    return block;
}

} // namespace nightjar::event
