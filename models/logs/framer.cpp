// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/framer.h"

#include "logs/envelope.h"
#include "logs/tokens.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <sys/mman.h>

namespace nightjar::logs {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kMaxJsonLook = 1U << 20U; ///< longer lines are cut by braces alone
constexpr std::size_t kMaxCsvLook = 1U << 20U;  ///< a quoted cell with line ends may be this long
constexpr std::size_t kBulkFeed = 256U << 10U;
constexpr std::size_t kCompactAt = 4U << 20U;

std::size_t findByte(std::string_view text, char wanted, std::size_t from, std::size_t to)
{
    const void *found = from < to ? std::memchr(text.data() + from, wanted, to - from) : nullptr;
    return found == nullptr ? kNone : static_cast<std::size_t>(static_cast<const char *>(found) - text.data());
}

std::size_t skipBlanks(std::string_view text, std::size_t from, std::size_t to)
{
    for (;;) {
        while (from < to && (text[from] == ' ' || text[from] == '\t' || text[from] == '\r' || text[from] == '\0')) {
            ++from;
        }
        if (to - from < 3 || text.substr(from, 3) != "\xEF\xBB\xBF") {
            return from;
        }
        from += 3;
    }
}

bool isJsonBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// The end of the line's only object when braces balance without looking at strings, else kNone.
std::size_t plainObjectEnd(std::string_view text, std::size_t start, std::size_t lineEnd, bool inArray)
{
    std::size_t at = findByte(text, '}', start, lineEnd);
    if (at == kNone) {
        return kNone;
    }
    std::size_t opened = 0;
    for (std::size_t i = findByte(text, '{', start, at); i != kNone; i = findByte(text, '{', i + 1, at)) {
        ++opened;
    }
    std::size_t end = at;
    std::size_t closed = 0;
    for (; at < lineEnd; ++at) {
        const char c = text[at];
        if (c == '}') {
            ++closed;
            end = at + 1;
        } else if (inArray && (c == ',' || c == ']')) {
            return opened == closed && skipBlanks(text, at + 1, lineEnd) == lineEnd ? end : kNone;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return kNone;
        }
    }
    return opened == closed ? end : kNone;
}

/// Batches are tens of megabytes that are filled once: the kernel's work for small pages would cost more than framing.
void preferLargePages(char *begin, std::size_t size)
{
    constexpr std::uintptr_t kPage = 2U << 20U;
    const auto from = (reinterpret_cast<std::uintptr_t>(begin) + kPage - 1) & ~(kPage - 1);
    const auto to = (reinterpret_cast<std::uintptr_t>(begin) + size) & ~(kPage - 1);
    if (from < to) {
        madvise(reinterpret_cast<void *>(from), to - from, MADV_HUGEPAGE); // a hint: failing costs nothing
    }
}

Encoding encodingOf(std::string_view line)
{
    const Envelope envelope = findEnvelope(line);
    const FoundPayload payload = findPayload(line.substr(envelope.size), envelope);
    switch (payload.kind) {
    case Payload::Cef:
        return Encoding::Cef;
    case Payload::Leef:
        return Encoding::Leef;
    case Payload::Caret:
        return Encoding::KeyValue;
    default:
        break;
    }
    if (looksLikeKeyValue(line)) {
        return Encoding::KeyValue;
    }
    return envelope.priority || !envelope.time.empty() ? Encoding::Syslog : Encoding::Unknown;
}

} // namespace

RecordFramer::RecordFramer(FramerOptions options)
    : m_options(std::move(options))
    , m_state(m_options.resume)
{
    if (!m_state.header.empty()) {
        if (auto header = csvHeader(m_state.header)) {
            m_header = std::make_shared<const CsvHeader>(std::move(*header));
        }
    }
}

void RecordFramer::feed(std::string_view bytes)
{
    if (bytes.size() >= kBulkFeed && m_buffer.capacity() < m_options.maxBytes) {
        m_buffer.reserve(m_options.maxBytes + bytes.size()); // no growing and copying while a bulk file comes in
        preferLargePages(m_buffer.data(), m_buffer.capacity());
    }
    m_buffer.append(bytes);
    if (m_state.skipping) {
        skipLongRecord();
    }
}

std::optional<RecordBatch> RecordFramer::take()
{
    frame(false);
    return full() ? batch() : std::nullopt;
}

std::optional<RecordBatch> RecordFramer::flush()
{
    frame(false);
    return batch();
}

std::optional<RecordBatch> RecordFramer::finish()
{
    frame(true);
    return batch();
}

bool RecordFramer::full() const
{
    return m_close || m_records.size() >= m_options.maxRecords || m_rejects.size() >= m_options.maxRecords ||
           (!m_records.empty() && m_scan >= m_options.maxBytes);
}

void RecordFramer::frame(bool final)
{
    while (!full() && frameOne(final)) {
    }
    compact();
}

/// Frames one record or passes over something that is none. False: the bytes at hand do not suffice.
bool RecordFramer::frameOne(bool final)
{
    if (m_scan >= m_buffer.size() || m_state.skipping) {
        return false;
    }
    std::size_t lineEnd = findByte(m_buffer, '\n', std::max(m_scan, m_lineSeek), m_buffer.size());
    const bool haveLine = lineEnd != kNone;
    if (!haveLine) {
        lineEnd = m_buffer.size();
        m_lineSeek = lineEnd;
    }
    const std::size_t start = skipBlanks(m_buffer, m_scan, lineEnd);
    if (start == lineEnd) {
        if (!haveLine && !final) {
            return waitOrReject(m_scan);
        }
        if (haveLine && m_state.sawRecord && !m_state.lineUsed && !m_state.inArray) {
            ++m_state.next.index;
        }
        consume(lineEnd);
        if (haveLine) {
            endLine(lineEnd + 1);
        }
        return true;
    }
    const char first = m_options.lines ? '\0' : m_buffer[start];
    if (first == '{') {
        return frameJson(start, lineEnd, haveLine, final);
    }
    if (first == '[') {
        std::size_t next = start + 1;
        while (next < m_buffer.size() && isJsonBlank(m_buffer[next])) {
            ++next;
        }
        if (next == m_buffer.size() && !final) {
            return waitOrReject(start);
        }
        if (next == m_buffer.size() || m_buffer[next] == '{' || m_buffer[next] == ']') {
            m_state.inArray = true;
            consume(start + 1);
            return true;
        }
    } else if ((first == ',' || first == ']') && (m_state.inArray || m_state.lineUsed)) {
        m_state.inArray = m_state.inArray && first == ',';
        m_state.lineUsed = true;
        consume(start + 1);
        return true;
    }
    if (!haveLine && !final) {
        return waitOrReject(start);
    }
    return frameText(m_scan, lineEnd, final);
}

bool RecordFramer::frameJson(std::size_t start, std::size_t lineEnd, bool haveLine, bool final)
{
    // What a record is must not depend on how the bytes come in pieces: look at the whole line, unless it is very long.
    const bool longLine = lineEnd - start > kMaxJsonLook;
    if (!haveLine && !final && !longLine) {
        return false;
    }
    if (!longLine) {
        const std::size_t end = plainObjectEnd(m_buffer, start, lineEnd, m_state.inArray);
        if (end != kNone) {
            m_json.reset();
            emit(start, end, lineEnd, m_state.inArray ? Encoding::JsonArray : Encoding::Json);
            return true;
        }
    }
    JsonEnd::Status status = m_json.advance(m_buffer, start);
    std::size_t end = m_json.end();
    if (status == JsonEnd::Status::More) {
        if (!final) {
            return waitOrReject(start);
        }
        end = m_buffer.size();
    }
    if (status == JsonEnd::Status::Complete && !longLine && end <= lineEnd) {
        // Something else than an object behind the closing brace: quotes were broken, the whole line is one record.
        const std::size_t after = skipBlanks(m_buffer, end, lineEnd);
        if (after < lineEnd && m_buffer[after] != '{' && m_buffer[after] != ',' && m_buffer[after] != ']') {
            end = lineEnd;
        }
    }
    m_json.reset();
    emit(start, end, lineEnd, m_state.inArray ? Encoding::JsonArray : Encoding::Json);
    return true;
}

bool RecordFramer::frameText(std::size_t start, std::size_t lineEnd, bool final)
{
    std::size_t end = lineEnd;
    while (end > start && (m_buffer[end - 1] == '\r' || m_buffer[end - 1] == '\0')) {
        --end;
    }
    while (start < end && (m_buffer[start] == '\0' || m_buffer[start] == '\r')) {
        ++start;
    }
    if (end - start >= 3 && m_buffer.compare(start, 3, "\xEF\xBB\xBF") == 0) {
        start += 3;
    }
    const std::string_view line = std::string_view(m_buffer).substr(start, end - start);
    if (!m_options.lines && !m_state.lineUsed && takeHeader(line)) {
        if (!m_close) {
            consume(lineEnd);
            m_state.lineUsed = true;
        }
        return true;
    }
    Encoding encoding = m_header != nullptr ? Encoding::Csv : Encoding::Unknown;
    if (encoding == Encoding::Csv && findByte(m_buffer, '"', start, end) != kNone) {
        const std::size_t recordEnd = csvRecordEnd(start, lineEnd, final);
        if (recordEnd == kNone) {
            return false;
        }
        end = recordEnd > lineEnd ? recordEnd : end;
    } else if (encoding == Encoding::Unknown && m_records.empty()) {
        encoding = encodingOf(line); // of a batch's first record only: the parser looks at each anyway
    }
    emit(start, end, lineEnd, encoding);
    if (m_scan < lineEnd) {
        consume(lineEnd);
    }
    return true;
}

/// A quoted cell may hold line ends. The end of the record; kNone when more bytes are needed to know it. A quote that
/// stays open costs its own line only.
std::size_t RecordFramer::csvRecordEnd(std::size_t start, std::size_t lineEnd, bool final)
{
    const char delimiter = m_header->delimiter;
    const std::size_t limit = std::min(m_buffer.size(), start + kMaxCsvLook);
    std::size_t line = findByte(m_buffer, '\n', start, limit);
    bool quoted = false;
    for (std::size_t i = start; i < limit;) {
        const std::size_t stop = quoted || line == kNone ? limit : line;
        const std::size_t quote = findByte(m_buffer, '"', i, stop);
        if (quote == kNone) {
            if (!quoted && line != kNone) {
                return line > start && m_buffer[line - 1] == '\r' ? line - 1 : line;
            }
            break;
        }
        i = quote + 1;
        if (!quoted) {
            std::size_t before = quote;
            while (before > start && m_buffer[before - 1] == ' ') {
                --before;
            }
            quoted = before == start || m_buffer[before - 1] == delimiter;
            continue;
        }
        const char after = i < m_buffer.size() ? m_buffer[i] : '\n';
        if (after == '"') {
            ++i;
        } else if (after == delimiter || after == '\n' || after == '\r') {
            quoted = false;
            line = line != kNone && line < i ? findByte(m_buffer, '\n', i, limit) : line;
        }
    }
    if (limit == m_buffer.size() && !final && limit - start < kMaxCsvLook) {
        return kNone;
    }
    return quoted ? lineEnd : limit;
}

/// True when the line is a header: taken over, a repetition passed over, or (m_close set) to be met again in a new
/// batch.
bool RecordFramer::takeHeader(std::string_view line)
{
    if (m_header != nullptr) {
        if (line == m_header->line) {
            return true;
        }
        if (std::any_of(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; })) {
            return false;
        }
    } else if (m_state.sawRecord) {
        return false;
    }
    auto header = csvHeader(line);
    if (!header) {
        return false;
    }
    if (m_header != nullptr) {
        // Amid data only names that are known make a header.
        const auto known =
            static_cast<std::size_t>(std::count_if(header->names.begin(), header->names.end(), isKnownKey));
        if (known < 2 || known * 2 < header->names.size()) {
            return false;
        }
    }
    if (!m_records.empty()) {
        m_close = true;
        return true;
    }
    m_state.header = header->line;
    m_header = std::make_shared<const CsvHeader>(std::move(*header));
    return true;
}

void RecordFramer::emit(std::size_t begin, std::size_t end, std::size_t lineEnd, Encoding encoding)
{
    if (end - begin > m_options.maxRecordBytes) {
        rejectLong(begin, end);
    } else {
        if (m_records.empty()) {
            m_encoding = encoding;
        }
        m_records.push_back({begin, static_cast<std::uint32_t>(end - begin), m_state.next});
    }
    if (end > lineEnd) {
        m_state.next.line +=
            static_cast<std::uint64_t>(std::count(m_buffer.begin() + static_cast<std::ptrdiff_t>(lineEnd),
                                                  m_buffer.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    }
    ++m_state.next.index;
    m_state.lineUsed = true;
    m_state.sawRecord = true;
    consume(end);
}

void RecordFramer::consume(std::size_t to)
{
    m_state.offset += to - m_scan;
    m_scan = to;
}

void RecordFramer::endLine(std::size_t to)
{
    consume(to);
    ++m_state.next.line;
    m_state.lineUsed = false;
    m_lineSeek = to;
}

void RecordFramer::rejectLong(std::size_t begin, std::size_t end)
{
    Reject reject;
    reject.position = m_state.next;
    reject.error =
        Error{"NJ-LOGS-001", "A record is too long",
              "it is longer than " + std::to_string(m_options.maxRecordBytes >> 20U) + " MiB",
              Place{{}, m_state.next.line, 1}, "The rest of the line is left out; the records behind it are read."};
    reject.raw = m_buffer.substr(begin, std::min(end - begin, kMaxRejectRaw));
    m_rejects.push_back(std::move(reject));
}

/// More bytes are needed for the record at `begin`, unless it is too long already: then it is dropped up to its line
/// end.
bool RecordFramer::waitOrReject(std::size_t begin)
{
    if (m_buffer.size() - begin <= m_options.maxRecordBytes) {
        return false;
    }
    rejectLong(begin, m_buffer.size());
    m_json.reset();
    ++m_state.next.index;
    m_state.sawRecord = true;
    m_state.lineUsed = true;
    m_state.skipping = true;
    skipLongRecord();
    return !m_state.skipping;
}

void RecordFramer::skipLongRecord()
{
    const std::size_t lineEnd = findByte(m_buffer, '\n', m_scan, m_buffer.size());
    const std::size_t to = lineEnd == kNone ? m_buffer.size() : lineEnd;
    m_state.offset += to - m_scan;
    m_buffer.erase(m_scan, to - m_scan);
    m_lineSeek = m_scan;
    m_state.skipping = lineEnd == kNone;
}

/// Frees bytes that no record of the coming batch needs.
void RecordFramer::compact()
{
    if (!m_records.empty() || m_scan < kCompactAt) {
        return;
    }
    m_buffer.erase(0, m_scan);
    m_lineSeek -= std::min(m_lineSeek, m_scan);
    m_json.reset();
    m_scan = 0;
}

std::optional<RecordBatch> RecordFramer::batch()
{
    if (m_records.empty() && m_rejects.empty()) {
        m_close = false;
        return std::nullopt;
    }
    RecordBatch made;
    std::string rest = m_buffer.substr(m_scan);
    m_buffer.resize(m_scan);
    made.bytes = std::exchange(m_buffer, std::move(rest));
    made.records = std::exchange(m_records, {});
    made.rejects = std::exchange(m_rejects, {});
    made.encoding = m_encoding;
    made.header = m_header;
    made.endOffset = m_state.offset;
    made.next = m_state.next;
    made.resume = m_state;
    m_lineSeek -= std::min(m_lineSeek, m_scan);
    m_json.reset();
    m_scan = 0;
    m_close = false;
    return made;
}

} // namespace nightjar::logs
