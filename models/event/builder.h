// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/block.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace nightjar::event {

constexpr std::size_t kMaxBlockRows = 65'536;
constexpr std::size_t kMaxBlockRawBytes = 64u << 20;
constexpr std::size_t kMaxColumns = 1'024; ///< further tokens of a block share the list column `zscaler._overflow`

/// Fills one block row by row. Usage: beginRow, any number of set…, then commitRow or abandonRow; finish at the end.
/// Handles stay valid over the builder's whole life, also after finish() (the builder starts the next block).
/// Thread: one owner. Cost: about 15 ns for a repeated value, 60 ns for a new one.
class BlockBuilder {
public:
    using Handle = std::uint32_t; ///< a column of this builder

    BlockBuilder();
    ~BlockBuilder();
    BlockBuilder(const BlockBuilder &) = delete;
    BlockBuilder &operator=(const BlockBuilder &) = delete;
    BlockBuilder(BlockBuilder &&) noexcept;
    BlockBuilder &operator=(BlockBuilder &&) noexcept;

    [[nodiscard]] Handle handle(Field field) const { return static_cast<Handle>(field); }
    /// Column `zscaler.<token>`, made on first use. Past kMaxColumns the overflow column.
    Handle extraHandle(std::string_view token);
    /// Column by full name (a schema name or any other), made on first use.
    Handle namedHandle(std::string_view fullName);

    /// The raw records of the rows to come lie in `bytes` and are not copied; `bytes` must stay in place until they
    /// are handed to finish(). Call it on an empty builder.
    void borrow(std::string_view bytes);
    void beginRow(std::string_view raw, RecordPosition position = {});
    void setTime(Timestamp time);
    /// A second set of the same column in one row adds a list member; equal neighbours are not merged.
    void set(Handle handle, std::string_view value);
    void set(Field field, std::string_view value) { set(handle(field), value); }
    /// Sets the value unless the current row has one in this column; true when it was set.
    bool setFirst(Handle handle, std::string_view value);
    bool setFirst(Field field, std::string_view value) { return setFirst(handle(field), value); }
    /// True when looking up a value of this column goes to memory: then expect() pays.
    [[nodiscard]] bool isWide(Handle handle) const;
    /// Says that set() of this value will come soon; only a matter of speed.
    void expect(Handle handle, std::string_view value) const;
    /// For Integer columns; on a Text column the decimal text is stored.
    void setInteger(Handle handle, std::int64_t value);
    void setInteger(Field field, std::int64_t value) { setInteger(handle(field), value); }
    void setNull(Handle handle);
    void setEmptyList(Handle handle);
    /// True when the current row already has a value in this column.
    [[nodiscard]] bool has(Handle handle) const;
    [[nodiscard]] bool has(Field field) const { return has(handle(field)); }
    void commitRow();
    void abandonRow();

    [[nodiscard]] std::size_t rows() const;
    [[nodiscard]] std::size_t rawBytes() const;
    [[nodiscard]] bool full() const { return rows() >= kMaxBlockRows || rawBytes() >= kMaxBlockRawBytes; }

    /// The block built so far (rows in order of commit); the builder is empty afterwards and may be used again.
    EventBlock finish();
    /// The same after borrow(): `lent` are the borrowed bytes themselves, which the block keeps.
    EventBlock finish(std::string &&lent);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::event
