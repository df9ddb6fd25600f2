// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sums.h"

#include "base/hash.h"
#include "store/bytes.h"
#include "store/segment.h"

namespace nightjar::store {
namespace {

void putInteger(std::string &out, std::int64_t value)
{
    putVarint(out, zigzag(value));
}

} // namespace

std::int64_t sumOfPart(std::int64_t id, std::string_view bytes)
{
    return static_cast<std::int64_t>(hash64(bytes, static_cast<std::uint64_t>(id)));
}

std::uint64_t sumOfRecord(std::string_view raw)
{
    return hash64(raw);
}

std::int64_t sumOfBlock(const BlockMeta &meta, std::int64_t format, std::string_view directory)
{
    std::string all;
    for (const std::int64_t value :
         {meta.number, format, meta.firstId, static_cast<std::int64_t>(meta.rows),
          static_cast<std::int64_t>(meta.untimedRows), meta.minTime, meta.maxTime, meta.delivery,
          static_cast<std::int64_t>(meta.ordered), static_cast<std::int64_t>(meta.rawBytes),
          static_cast<std::int64_t>(meta.storedBytes), meta.arrived}) {
        putInteger(all, value);
    }
    all += directory;
    return static_cast<std::int64_t>(hash64(all));
}

std::int64_t sumOfCursor(const SourceCursor &cursor, std::int64_t sequence)
{
    std::string all;
    putText(all, cursor.sourceKey);
    putText(all, cursor.framerState);
    putInteger(all, sequence);
    putInteger(all, cursor.delivery);
    for (const std::uint64_t value : {cursor.offset, cursor.records, cursor.duplicates, cursor.quarantined}) {
        putVarint(all, value);
    }
    all += cursor.done ? '1' : '0';
    return static_cast<std::int64_t>(hash64(all));
}

std::int64_t sumOfQuarantined(std::string_view source, const QuarantinedRecord &record)
{
    std::string all;
    for (const std::string_view text :
         {source, std::string_view(record.error.code), std::string_view(record.error.title),
          std::string_view(record.error.reason), std::string_view(record.error.hint),
          std::string_view(record.error.place.file), std::string_view(record.raw)}) {
        putText(all, text);
    }
    for (const std::uint64_t value : {record.line, record.index, record.error.place.line, record.error.place.column}) {
        putVarint(all, value);
    }
    return static_cast<std::int64_t>(hash64(all));
}

} // namespace nightjar::store
