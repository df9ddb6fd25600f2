// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/importer.h"

#include "base/files.h"
#include "base/text.h"
#include "base/utf8.h"
#include "intel/csvlayout.h"
#include "intel/document.h"
#include "intel/importcollector.h"
#include "intel/listline.h"

#include <algorithm>
#include <cerrno>
#include <fstream>

namespace nightjar::intel {

namespace {

constexpr std::size_t kMaxDocument = std::size_t{1} << 30U;
constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kMaxLine = 64 * 1024;
constexpr std::size_t kSample = 64 * 1024; ///< bytes that the layout is guessed from
constexpr std::size_t kSampleLines = 60;
constexpr std::size_t kMaxRecordLines = 50; ///< of a quoted field with line ends

/// Windows-1252 read as Latin-1: good enough for names, since 0x80–0x9F are punctuation.
std::string toUtf8(std::string_view line)
{
    if (isValidUtf8(line)) {
        return std::string(line);
    }
    std::string out;
    for (const char c : line) {
        appendUtf8(out, static_cast<std::uint8_t>(c));
    }
    return out;
}

Status refuseFormat(std::string_view head)
{
    head = trim(head);
    if (startsWithIgnoreCase(head, "<!doctype html") || startsWithIgnoreCase(head, "<html")) {
        return fail("NJ-INTEL-020", "This is a web page, not a list of indicators",
                    "the file begins with HTML; the feed may ask for a login or be gone");
    }
    if (head.substr(0, 512).find('\0') != std::string_view::npos) {
        return fail("NJ-INTEL-022", "This is not a text file", "it holds NUL bytes");
    }
    return {};
}

class Importer {
public:
    Importer(const ImportDefaults &defaults, const IndicatorSink &sink, const ImportHooks &hooks)
        : m_hooks(hooks)
        , m_out(defaults, sink, hooks)
    {
    }

    Result<ImportReport> run(const ByteFunction &source, std::uint64_t total, const std::filesystem::path &path);

private:
    Status guess();
    Status takeLines(bool atEnd);
    Status takeLine(std::string_view raw);
    Status takeCsvLine(const std::string &line);
    Status takeResults(std::vector<Result<Indicator>> &&results, std::string_view text);
    void takeBad(std::string reason, std::string_view text);
    Result<ImportReport> runDocument(const ByteFunction &source, const std::filesystem::path &path);

    const ImportHooks &m_hooks;
    ImportCollector m_out;
    std::optional<CsvLayout> m_layout;
    std::string m_buffer;
    std::string m_record; ///< an open quoted CSV record
    std::size_t m_recordLines = 0;
    std::vector<std::string> m_cells;
    std::uint64_t m_line = 0;
    std::uint64_t m_rows = 0; ///< data lines
    std::uint64_t m_recordLine = 0;
    bool m_skipping = false; ///< inside a line that is too long
    bool m_guessed = false;
};

Status Importer::guess()
{
    m_guessed = true;
    if (m_buffer.starts_with("\xEF\xBB\xBF")) {
        m_buffer.erase(0, 3);
    }
    const std::string_view head = std::string_view(m_buffer).substr(0, kSample);
    if (Status refused = refuseFormat(head); !refused) {
        return refused;
    }
    std::vector<std::string_view> lines;
    std::string_view lastComment;
    const std::size_t whole = m_buffer.size() > kSample ? head.rfind('\n') : head.size();
    for (const std::string_view line : split(head.substr(0, whole), '\n')) {
        if (isCommentLine(line)) {
            if (lines.empty() && !trim(line).empty()) {
                const std::string_view text = commentText(line);
                lastComment = text.empty() ? lastComment : text;
            }
        } else if (lines.size() < kSampleLines) {
            lines.push_back(trim(line));
        }
    }
    m_layout = guessLayout(lines, lastComment);
    m_out.report().format = !m_layout ? "list" : m_layout->headerRow > 0 ? "csv with header" : "csv";
    return {};
}

void Importer::takeBad(std::string reason, std::string_view text)
{
    m_out.refuse(m_record.empty() ? m_line : m_recordLine, std::move(reason), text);
}

Status Importer::takeResults(std::vector<Result<Indicator>> &&results, std::string_view text)
{
    for (Result<Indicator> &result : results) {
        if (Status kept = m_out.take(std::move(result), m_record.empty() ? m_line : m_recordLine, text); !kept) {
            return kept;
        }
    }
    return {};
}

/// JSON and XML are read whole.
Result<ImportReport> Importer::runDocument(const ByteFunction &source, const std::filesystem::path &path)
{
    std::string chunk;
    do {
        if (Status got = source(chunk); !got) {
            return fail(got.error());
        }
        m_buffer += chunk;
        if (m_buffer.size() > kMaxDocument) {
            return fail("NJ-INTEL-024", "The file is too large", "JSON and XML are read up to 1 GiB");
        }
    } while (!chunk.empty() && !m_out.cancelled());
    if (Status read = readDocument(m_buffer, path, m_out); !read) {
        return fail(read.error());
    }
    return std::move(m_out.report());
}

Status Importer::takeCsvLine(const std::string &line)
{
    if (m_record.empty()) {
        m_recordLine = m_line;
        m_record = line;
        m_recordLines = 1;
    } else {
        m_record += "\n" + line;
        ++m_recordLines;
    }
    if (!splitCsvRecord(m_record, m_layout->delimiter, m_cells)) {
        if (m_recordLines < kMaxRecordLines && m_record.size() < kMaxLine) {
            return {}; // the quote goes on in the next line
        }
        takeBad("a quote is opened and not closed", m_record);
        m_record.clear();
        return {};
    }
    ++m_rows;
    Status taken;
    if (m_rows != m_layout->headerRow) {
        taken = takeResults(readRecord(*m_layout, m_cells), m_record);
    }
    m_record.clear();
    return taken;
}

Status Importer::takeLine(std::string_view raw)
{
    ++m_line;
    if (m_record.empty() && isCommentLine(raw)) {
        return {};
    }
    if (raw.size() > kMaxLine || raw.find('\0') != std::string_view::npos) {
        takeBad(raw.size() > kMaxLine ? "the line is longer than 64 KiB" : "the line holds a NUL byte", raw);
        return {};
    }
    const std::string line = toUtf8(raw.ends_with('\r') ? raw.substr(0, raw.size() - 1) : raw);
    if (m_layout) {
        return takeCsvLine(line);
    }
    // A list may carry the name of its only column on top.
    if (++m_rows == 1 && layoutFromHeader({line}, ',').hasValue() && !indicatorFromText(line)) {
        return {};
    }
    return takeResults(readListLine(line), line);
}

Status Importer::takeLines(bool atEnd)
{
    std::size_t begin = 0;
    for (std::size_t end = m_buffer.find('\n'); end != std::string::npos; end = m_buffer.find('\n', begin)) {
        if (m_skipping) {
            m_skipping = false;
        } else if (Status taken = takeLine(std::string_view(m_buffer).substr(begin, end - begin)); !taken) {
            return taken;
        }
        begin = end + 1;
        if (m_line % 2000 == 0 && m_hooks.cancel.cancelled()) {
            m_out.report().cancelled = true;
            return {};
        }
    }
    m_buffer.erase(0, begin);
    if (m_skipping) {
        m_buffer.clear();
    } else if (m_buffer.size() > kMaxLine || (atEnd && !m_buffer.empty())) {
        m_skipping = !atEnd;
        Status taken = takeLine(m_buffer);
        m_buffer.clear();
        return taken;
    }
    return {};
}

Result<ImportReport> Importer::run(const ByteFunction &source, std::uint64_t total, const std::filesystem::path &path)
{
    std::string chunk;
    std::uint64_t done = 0;
    while (!m_out.report().cancelled) {
        if (Status got = source(chunk); !got) {
            return fail(got.error());
        }
        m_buffer += chunk;
        done += chunk.size();
        if (!m_guessed) {
            if (Status guessed = guess(); !guessed) {
                return fail(guessed.error());
            }
            if (isDocument(m_buffer)) {
                return runDocument(source, path);
            }
        }
        if (Status taken = takeLines(chunk.empty()); !taken) {
            return fail(taken.error());
        }
        if (m_hooks.progress) {
            m_hooks.progress(done, total);
        }
        if (m_out.cancelled() || chunk.empty()) {
            break;
        }
    }
    if (!m_record.empty()) {
        takeBad("a quote is opened and not closed", m_record);
    }
    return std::move(m_out.report());
}

} // namespace

Result<ImportReport> importStream(const ByteFunction &bytes, std::uint64_t total, const std::filesystem::path &path,
                                  const ImportDefaults &defaults, const IndicatorSink &sink, const ImportHooks &hooks)
{
    auto report = Importer(defaults, sink, hooks).run(bytes, total, path);
    if (!report && report.error().place.file.empty()) {
        report.error().place.file = path.string();
    }
    return report;
}

Result<ImportReport> importFile(const std::filesystem::path &path, const ImportDefaults &defaults,
                                const IndicatorSink &sink, const ImportHooks &hooks)
{
    std::error_code problem;
    const std::uint64_t total = std::filesystem::file_size(path, problem);
    std::ifstream file(path, std::ios::binary);
    if (!file || problem) {
        return fail(systemError("NJ-INTEL-023", "Cannot read the indicators", path,
                                problem ? problem.value() : (errno != 0 ? errno : EIO)));
    }
    const ByteFunction source = [&](std::string &buffer) -> Status {
        buffer.resize(kChunk);
        file.read(buffer.data(), static_cast<std::streamsize>(kChunk));
        buffer.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
        if (file.bad()) {
            return fail(systemError("NJ-INTEL-023", "Cannot read the indicators", path, EIO));
        }
        return {};
    };
    return importStream(source, total, path, defaults, sink, hooks);
}

Result<ImportReport> importText(std::string_view text, const ImportDefaults &defaults, const IndicatorSink &sink,
                                const ImportHooks &hooks)
{
    std::size_t at = 0;
    const ByteFunction source = [&](std::string &buffer) -> Status {
        buffer.assign(text.substr(at, kChunk));
        at += buffer.size();
        return {};
    };
    return Importer(defaults, sink, hooks).run(source, text.size(), {});
}

} // namespace nightjar::intel
