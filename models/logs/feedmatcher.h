// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedformat.h"
#include "logs/feedsequence.h"
#include "logs/feedvalue.h"
#include "logs/normalise.h"
#include "logs/record.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::logs {

/// Records of one feed format, taken apart. Copes with what happens to them on the way: a syslog header put in front or
/// taken off, commas and brackets of a batch, JSON re-ordered or re-spaced. Thread: one owner; reuse it.
class FeedMatcher {
public:
    explicit FeedMatcher(std::shared_ptr<const FeedFormat> format);

    /// Takes `record` (one line, without its end) apart. What is wrong otherwise, with the offset. The values live
    /// until the next call and while the record does.
    std::optional<ScanProblem> match(std::string_view record);

    [[nodiscard]] const FeedFormat &format() const { return *m_format; }
    /// False when the record came without the token (a header that was taken off, a key that is missing).
    [[nodiscard]] bool has(std::size_t token) const { return m_values[token].data() != nullptr; }
    /// As the feed encodes it, but without the record's notation (JSON escapes, doubled quotes).
    [[nodiscard]] std::string_view wire(std::size_t token);
    /// The clear value.
    [[nodiscard]] std::string_view clear(std::size_t token);

private:
    std::optional<ScanProblem> whole(std::string_view record);
    [[nodiscard]] bool beginsOddly() const;
    bool without(std::string_view record);
    bool byKeys(std::string_view record);
    void reset();

    std::shared_ptr<const FeedFormat> m_format;
    SequenceMatcher m_sequence;
    std::vector<std::string_view> m_values;
    std::size_t m_variant = 0; ///< that fitted last
    bool m_plain = true;       ///< the record is valid UTF-8 and has no backslash
    bool m_scanned = false;    ///< the values come from a JSON scanner: nothing to take off
    RecordFields m_fields;
    TextArena m_arena;
};

/// The time a record names: epoch first, then a written time, then its parts; a time without year is taken as the last
/// such time before `now` (one day ahead allowed). kNoTime when it names none. Thread: one owner.
class FeedClock {
public:
    FeedClock(const FeedFormat &format, TimeZone zone);
    Timestamp timeOf(FeedMatcher &matcher, Timestamp now);

private:
    struct Part {
        std::size_t token = 0;
        std::size_t slot = 0; ///< 0 second … 5 year
        bool name = false;
    };
    Timestamp fromParts(FeedMatcher &matcher, std::string_view zone, Timestamp now);

    TimeReader m_reader;
    std::vector<std::size_t> m_epochs;
    std::vector<std::size_t> m_times;
    std::vector<Part> m_parts;
    std::optional<std::size_t> m_zone;
};

/// {"<token>": value, …, "@time": "…"} on one line: clear values, integers where the format prints numbers.
std::string feedRecordJson(FeedMatcher &matcher, FeedClock &clock, Timestamp now);

} // namespace nightjar::logs
