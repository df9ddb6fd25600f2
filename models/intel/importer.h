// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "intel/indicator.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::intel {

/// What becomes of values that their source does not mean for detection (MISP's to_ids false).
enum class ToIdsChoice : std::uint8_t {
    Keep,  ///< kept as context: not matched on the stream, never pushed
    Drop,  ///< not taken
    Ignore ///< taken like all others
};

/// How far a source has been read; kept in the transaction of what was read.
struct Bookmark {
    std::string name; ///< empty: none
    std::string value;
};

/// What is known about a delivery as a whole; rows that say otherwise win.
struct ImportDefaults {
    std::string source;
    Tlp tlp = Tlp::Unmarked;
    std::optional<int> confidence;
    Timestamp at = kNoTime; ///< time of the delivery: first and last seen of rows without dates
    ToIdsChoice toIds = ToIdsChoice::Keep;
    bool partial = false; ///< an increment: what is not in it may still be carried by the source
    Bookmark bookmark = {};
};

/// A row that was not taken.
struct InvalidRow {
    std::uint64_t line = 0; ///< of its first byte, from 1; in JSON and XML the ordinal of the object
    std::string reason;
    std::string text; ///< at most 200 bytes, as in the file
};

struct ImportReport {
    static constexpr std::size_t kMaxInvalidRows = 100'000;
    std::int64_t read = 0;   ///< values seen, good or bad
    std::int64_t unique = 0; ///< distinct good ones
    std::int64_t invalid = 0;
    std::vector<InvalidRow> invalidRows;           ///< the first of them
    std::array<std::int64_t, kTypeCount> byType{}; ///< of the distinct ones, by Type
    std::map<std::string, std::int64_t> leftOut;   ///< parts that are understood and cannot be matched, by kind
    std::int64_t contextOnly = 0;                  ///< values that the source does not mean for detection
    std::string format;                            ///< "list", "csv", "csv with header", "stix", "misp", "openioc", …
    bool cancelled = false;
};

/// Receives each distinct indicator in file order; an error stops the import.
using IndicatorSink = std::function<Status(Indicator &&)>;
/// Bytes read so far and in all.
using ImportProgressFunction = std::function<void(std::uint64_t done, std::uint64_t total)>;

struct ImportHooks {
    CancelToken cancel;
    ImportProgressFunction progress; ///< may be empty; called every 256 KiB
};

/// Reads STIX 2, MISP, OTX and other JSON, OpenIOC, Zeek tables, text lists and CSV of any of the usual layouts. Text
/// and CSV are streamed: memory does not grow with the file but for one 64-bit mark an indicator. A bad row is counted
/// and told, it never stops the import. After a cancel the report holds what was read; the caller decides whether to
/// keep it. Errors: NJ-INTEL-020 a web page, -021 a format that is not read (STIX 1, other XML), -022 not text, -024
/// too large to be read at once, -025 broken JSON or XML, -BASE- file errors, and the sink's.
Result<ImportReport> importFile(const std::filesystem::path &path, const ImportDefaults &defaults,
                                const IndicatorSink &sink, const ImportHooks &hooks = {});
/// Fills the buffer with the next bytes; empty at the end.
using ByteFunction = std::function<Status(std::string &buffer)>;
/// From anywhere; `path` names the place in messages (and is where a MISP manifest's events stand beside).
Result<ImportReport> importStream(const ByteFunction &bytes, std::uint64_t total, const std::filesystem::path &path,
                                  const ImportDefaults &defaults, const IndicatorSink &sink,
                                  const ImportHooks &hooks = {});
Result<ImportReport> importText(std::string_view text, const ImportDefaults &defaults, const IndicatorSink &sink,
                                const ImportHooks &hooks = {});

} // namespace nightjar::intel
