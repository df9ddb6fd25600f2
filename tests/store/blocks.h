// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/builder.h"
#include "store/eventstore.h"

#include <cstdint>
#include <random>
#include <string>

/// Blocks for the store's tests.
namespace nightjar::testsupport {

/// One web event; the raw record names its number, so that it is unlike all others unless the number repeats.
inline void addWeb(event::BlockBuilder &builder, std::uint64_t number, Timestamp time, std::string_view user,
                   std::string_view host, std::string_view action, std::int64_t bytes = 100)
{
    builder.beginRow("{\"n\":" + std::to_string(number) + ",\"user\":\"" + std::string(user) + "\",\"host\":\"" +
                     std::string(host) + "\"}");
    if (time != kNoTime) {
        builder.setTime(time);
    }
    builder.set(event::Field::LogType, "web");
    builder.set(event::Field::UserName, user);
    builder.set(event::Field::UrlDomain, host);
    builder.set(event::Field::EventAction, action);
    builder.setInteger(event::Field::SourceBytes, bytes);
    builder.commitRow();
}

constexpr Timestamp kStart = 1'772'000'000 * kMicrosPerSecond;

/// `rows` web events a second apart from `time` on, numbered from `number` on: 7 users, 11 hosts, every fifth blocked.
inline event::EventBlock webBlock(std::uint64_t number, std::size_t rows, Timestamp time = kStart)
{
    event::BlockBuilder builder;
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint64_t n = number + i;
        addWeb(builder, n, time + static_cast<Timestamp>(i) * kMicrosPerSecond, "user" + std::to_string(n % 7),
               "h" + std::to_string(n % 11) + ".example", n % 5 == 0 ? "Blocked" : "Allowed",
               static_cast<std::int64_t>(n));
    }
    return builder.finish();
}

inline store::SourceCursor cursorOf(const std::string &key, std::int64_t delivery, std::uint64_t offset = 0)
{
    store::SourceCursor cursor;
    cursor.sourceKey = key;
    cursor.delivery = delivery;
    cursor.offset = offset;
    return cursor;
}

inline Result<store::AppendResult> put(store::EventStore &store, event::EventBlock &&block,
                                       const store::SourceCursor &cursor)
{
    auto encoded = store::encodeBlock(std::move(block));
    if (!encoded) {
        return fail(encoded.error());
    }
    return store.append(std::move(*encoded), cursor);
}

} // namespace nightjar::testsupport
