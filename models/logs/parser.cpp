// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/parser.h"

#include "logs/feedreader.h"
#include "logs/logtype.h"
#include "logs/mapper.h"
#include "logs/record.h"

#include "base/text.h"

#include <algorithm>
#include <optional>

namespace nightjar::logs {

namespace {

constexpr std::size_t kMaxPreamble = 512;

/// Position of the JSON object behind a collector's preamble (a syslog header), npos when there is none.
std::size_t embeddedObject(std::string_view record)
{
    const std::size_t brace = record.substr(0, kMaxPreamble).find('{');
    const std::string_view text = trim(record);
    return brace != std::string_view::npos && !text.empty() && text.back() == '}' &&
                   record.find('"', brace) <= brace + 3
               ? brace
               : std::string_view::npos;
}

std::string firstWords(std::string_view record)
{
    const std::string_view head = record.substr(0, 40);
    return visible(repairUtf8(head)) + (head.size() < record.size() ? "…" : "");
}

Error scanError(std::string code, std::string title, const ScanProblem &problem, std::string_view record,
                const event::RecordPosition &position, std::string hint)
{
    const std::string_view before = record.substr(0, std::min(problem.offset, record.size()));
    const auto lines = static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t lineStart = before.rfind('\n');
    const std::size_t column = before.size() - (lineStart == std::string_view::npos ? 0 : lineStart + 1) + 1;
    return Error{std::move(code), std::move(title), problem.reason, Place{{}, position.line + lines, column},
                 std::move(hint)};
}

} // namespace

struct RecordParser::State {
    explicit State(const ParseOptions &options)
        : feed(options.format ? std::optional<FeedReader>(std::in_place, options.format, options.forcedType)
                              : std::nullopt)
        , mapper(feed ? feed->logType() : std::string_view(options.forcedType), options.zone)
    {
    }

    std::optional<FeedReader> feed; ///< when the format of the records is given
    RecordMapper mapper;
    RecordFields fields;

    std::optional<Error> scan(std::string_view record, const RecordBatch &batch, const event::RecordPosition &position);
    std::optional<Error> scanObject(std::string_view record, std::size_t at, const event::RecordPosition &position);
};

std::optional<Error> RecordParser::State::scanObject(std::string_view record, std::size_t at,
                                                     const event::RecordPosition &position)
{
    auto problem = scanJson(record.substr(at), fields);
    if (!problem) {
        return std::nullopt;
    }
    problem->offset += at;
    return scanError("NJ-LOGS-002", "A JSON record is broken", *problem, record, position,
                     "Look at the raw record; feeds that do not escape quotes or backslashes write such lines.");
}

std::optional<Error> RecordParser::State::scan(std::string_view record, const RecordBatch &batch,
                                               const event::RecordPosition &position)
{
    if (feed) {
        const auto problem = feed->read(record, fields);
        return problem
                   ? std::optional(scanError("NJ-LOGS-034", "A record does not fit the feed format", *problem, record,
                                             position,
                                             "Compare it with the feed's output format; \"feed check\" tests both."))
                   : std::nullopt;
    }
    fields.clear();
    const std::size_t first = record.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && record[first] == '{') {
        return scanObject(record, first, position);
    }
    const bool tabHeader = batch.header != nullptr && batch.header->delimiter == '\t';
    std::optional<ScanProblem> problem;
    if (!tabHeader && looksLikeKeyValue(record)) {
        problem = scanKeyValue(record, fields);
    } else if (batch.header != nullptr) {
        problem = scanCsv(record, batch.header->delimiter, batch.header->names, fields);
    } else if (const std::size_t at = embeddedObject(record); at != std::string_view::npos) {
        return scanObject(record, at, position);
    } else {
        return Error{"NJ-LOGS-005", "A record is of no known format",
                     "it is neither JSON nor key=value, and no header names its columns; it begins with " +
                         firstWords(record),
                     Place{{}, position.line, 1}, "Give the feed's output format, or put a header line in front."};
    }
    if (problem) {
        return scanError("NJ-LOGS-003", "A line does not fit its format", *problem, record, position,
                         "Look at the raw line; a delimiter or a quote inside a value is the usual cause.");
    }
    return std::nullopt;
}

Status checkOptions(const ParseOptions &options)
{
    if (!options.forcedType.empty() && logTypeNamed(options.forcedType).empty()) {
        return fail("NJ-LOGS-020", "There is no log type " + options.forcedType, "the name is not known",
                    "Use one of web, firewall, dns, tunnel, audit, casb, endpoint-dlp, email-dlp, sandbox, "
                    "zpa-user-activity …");
    }
    return {};
}

RecordParser::RecordParser(const ParseOptions &options)
    : m_state(std::make_unique<State>(options))
{
}

RecordParser::~RecordParser() = default;
RecordParser::RecordParser(RecordParser &&) noexcept = default;
RecordParser &RecordParser::operator=(RecordParser &&) noexcept = default;

void RecordParser::parse(const RecordBatch &batch, event::BlockBuilder &builder, std::vector<Reject> &rejects)
{
    m_state->mapper.useBuilder(builder);
    for (const RecordSpan &span : batch.records) {
        const std::string_view record = std::string_view(batch.bytes).substr(span.offset, span.length);
        std::optional<Error> error = m_state->scan(record, batch, span.position);
        if (!error && m_state->fields.fields.empty()) {
            error = Error{"NJ-LOGS-004", "A record is empty", "it has no fields", Place{{}, span.position.line, 1}, {}};
        }
        if (error) {
            rejects.push_back({span.position, std::move(*error), std::string(record.substr(0, kMaxRejectRaw))});
            continue;
        }
        builder.beginRow(record, span.position);
        m_state->mapper.fillRow(m_state->fields);
        builder.commitRow();
    }
    rejects.insert(rejects.end(), batch.rejects.begin(), batch.rejects.end());
}

} // namespace nightjar::logs
