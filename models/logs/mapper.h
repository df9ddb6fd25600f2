// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/builder.h"
#include "logs/normalise.h"
#include "logs/record.h"
#include "logs/shape.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::logs {

/// Writes the fields of one record as a row of a block: normalised fields by the token tables, everything else as
/// zscaler.<token>. A key that comes twice counts the first time it says something. Thread: one owner.
class RecordMapper {
public:
    /// `clock`: "now" for times without a year, null: the machine's.
    RecordMapper(std::string_view forcedType, TimeZone zone, const Clock *clock = nullptr);

    /// To be called before rows go into another builder, or into the same one after a pause.
    void useBuilder(event::BlockBuilder &builder);
    /// Between beginRow and commitRow of that builder.
    void fillRow(const RecordFields &record);

private:
    struct Spare {
        const ShapeEntry *entry;
        event::Field field;
        std::string_view value;
    };
    struct Row {
        std::string_view zone;
        std::string_view envelopeTime;
        Timestamp epoch = kNoTime;
        Timestamp outerEpoch = kNoTime;
        std::array<int, 6> parts{-1, -1, -1, -1, -1, -1};
        std::string_view url;
        Outcome outcome = Outcome::None;
    };

    void resolve(Shape &shape);
    void findWide(Shape &shape) const;
    void expectWide(Shape &shape, const std::vector<RecordField> &fields) const;
    void place(const ShapeEntry &entry, const RecordField &field);
    void placeValue(const ShapeEntry &entry, std::string_view value, bool member);
    void placeTime(const ShapeEntry &entry, std::string_view value);
    void text(event::Field field, std::string_view value, bool member);
    void integer(const ShapeEntry &entry, event::Field field, std::string_view value, bool member);
    void extra(const ShapeEntry &entry, std::string_view value, bool member);
    void user(const ShapeEntry &entry, std::string_view value);
    void members(const ShapeEntry &entry, std::string_view value);
    void auditValue(const ShapeEntry &entry, std::string_view value, bool member);
    void host(const ShapeEntry &entry, std::string_view value);
    void url(std::string_view value);
    void answer(const ShapeEntry &entry, std::string_view value);
    void judge(std::string_view action);
    void finishTime();
    void finishSpares();
    std::string_view decoded(const ShapeEntry &entry, std::string_view value);

    ShapeBook m_shapes;
    TimeReader m_times;
    HostNames m_hosts;
    event::BlockBuilder *m_builder = nullptr;
    event::BlockBuilder::Handle m_overflow = 0;
    std::uint64_t m_call = 0;
    TextArena m_arena;
    Row m_row;
    std::vector<Spare> m_spares;
    std::vector<Spare> m_timeTexts; ///< times as text, the first choice first
    std::string m_lastAction;
    Outcome m_lastOutcome = Outcome::None;
};

} // namespace nightjar::logs
