// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/jsonend.h"
#include "logs/reject.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Cuts a stream of bytes into records, sequentially and cheaply; parsing proper is left to the workers.
namespace nightjar::logs {

/// How a record is written. The framer names the encoding of a batch's first record; the parser decides per record.
enum class Encoding : std::uint8_t { Unknown, Json, JsonArray, Csv, KeyValue, Cef, Leef, Syslog };

std::string_view encodingName(Encoding encoding);

/// The column names of a CSV or TSV source.
struct CsvHeader {
    std::string line; ///< as it stood in the source, without line end
    char delimiter = ',';
    std::vector<std::string> names;
};

/// The header when `line` looks like one: two or more different names, no values. Blank, comma, tab, semicolon or bar
/// separate.
std::optional<CsvHeader> csvHeader(std::string_view line);

/// True when the line is tab-separated text of which two or more cells are key=value.
bool looksLikeKeyValue(std::string_view line);

struct RecordSpan {
    std::uint64_t offset = 0; ///< into RecordBatch::bytes
    std::uint32_t length = 0;
    event::RecordPosition position;
};

/// All that is needed to go on framing a source from the end of a batch.
struct FramerState {
    std::uint64_t offset = 0;         ///< bytes of the (decompressed) source consumed
    event::RecordPosition next{1, 1}; ///< of the next record
    bool inArray = false;             ///< between [ and ]
    bool skipping = false;            ///< inside a record that was too long, up to the line end
    bool lineUsed = false;            ///< a record of the current line has been taken already
    bool sawRecord = false;           ///< a CSV header is looked for before the first record only
    std::string header;               ///< the CSV header line, empty when there is none

    /// One line of text for the store. `fromText`: NJ-LOGS-010 when it is no such line.
    [[nodiscard]] std::string toText() const;
    static Result<FramerState> fromText(std::string_view text);
};

/// Records of one source in their order, at most FramerOptions' limits. Thread: a value, hand it over.
struct RecordBatch {
    std::string bytes;
    std::vector<RecordSpan> records;
    std::vector<Reject> rejects; ///< records the framer itself gave up (too long); RecordParser::parse hands them on
    Encoding encoding = Encoding::Unknown;
    std::shared_ptr<const CsvHeader> header; ///< null unless the source has one
    std::uint64_t endOffset = 0; ///< bytes of the decompressed source consumed through the end of this batch
    event::RecordPosition next;
    FramerState resume; ///< give it back in FramerOptions to go on behind this batch
};

struct FramerOptions {
    std::size_t maxRecords = 65'536;
    std::size_t maxBytes = 64U << 20U;
    std::size_t maxRecordBytes = 16U << 20U; ///< longer ones become rejects; memory stays bounded
    FramerState resume;                      ///< feed() then starts at resume.offset of the source
    bool lines = false; ///< every line is a record, whatever it looks like: the format is known (FeedFormat)
};

/// Understands NDJSON, pretty-printed, concatenated and array JSON, CSV with header, and lines of text; also mixed in
/// one source. BOM, CR LF, NUL runs and blank lines are passed over; a blank line of a line-oriented source takes an
/// ordinal. A broken record costs itself only. Thread: one owner. Cost: about two memchr passes over NDJSON.
class RecordFramer {
public:
    explicit RecordFramer(FramerOptions options = {});

    void feed(std::string_view bytes);
    /// A full batch, when there is one. Call until empty after each feed.
    std::optional<RecordBatch> take();
    /// What remains at the end of the source, a last line without line end included; call until empty.
    std::optional<RecordBatch> finish();
    /// What is complete so far, without the unfinished last record: for followed files that pause.
    std::optional<RecordBatch> flush();

private:
    void frame(bool final);
    bool frameOne(bool final);
    bool frameJson(std::size_t start, std::size_t lineEnd, bool haveLine, bool final);
    bool frameText(std::size_t start, std::size_t lineEnd, bool final);
    std::size_t csvRecordEnd(std::size_t start, std::size_t lineEnd, bool final);
    bool takeHeader(std::string_view line);
    void emit(std::size_t begin, std::size_t end, std::size_t lineEnd, Encoding encoding);
    void consume(std::size_t to);
    void endLine(std::size_t to);
    void rejectLong(std::size_t begin, std::size_t end);
    bool waitOrReject(std::size_t begin);
    void skipLongRecord();
    void compact();
    [[nodiscard]] bool full() const;
    std::optional<RecordBatch> batch();

    FramerOptions m_options;
    FramerState m_state;
    std::string m_buffer;
    std::size_t m_scan = 0;     ///< bytes of the buffer framed
    std::size_t m_lineSeek = 0; ///< no line end before it, from m_scan on
    JsonEnd m_json;             ///< progress within an unfinished record
    bool m_close = false;       ///< the batch must end here: the header changes
    Encoding m_encoding = Encoding::Unknown;
    std::vector<RecordSpan> m_records;
    std::vector<Reject> m_rejects;
    std::shared_ptr<const CsvHeader> m_header;
};

} // namespace nightjar::logs
