// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/feedmatcher.h"
#include "logs/feedreader.h"

#include "base/text.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

/// Input: escape characters, a zero byte, a format, a zero byte, records by line. What compiles must take any record
/// apart into values that lie in the record or in the arena and are UTF-8, or say what is wrong within the record.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace nightjar;
    using namespace nightjar::logs;
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    const std::size_t first = input.find('\0');
    const std::size_t second = first == std::string_view::npos ? first : input.find('\0', first + 1);
    if (second == std::string_view::npos) {
        return 0;
    }
    const auto format = FeedFormat::compile(input.substr(first + 1, second - first - 1), input.substr(0, first));
    if (!format) {
        return format.error().code.empty() ? 1 : 0;
    }
    FeedMatcher matcher(*format);
    FeedClock clock(**format, TimeZone());
    FeedReader reader(*format, {});
    RecordFields fields;
    for (const std::string_view record : split(input.substr(second + 1), '\n')) {
        if (const auto problem = matcher.match(record)) {
            if (problem->offset > record.size() || problem->reason.empty()) {
                std::abort();
            }
            continue;
        }
        if (!isValidUtf8(feedRecordJson(matcher, clock, 1'700'000'000'000'000)) || reader.read(record, fields)) {
            std::abort();
        }
    }
    return 0;
}
