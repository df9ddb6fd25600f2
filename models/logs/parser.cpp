// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/parser.h"

#include "logs/envelope.h"
#include "logs/feedreader.h"
#include "logs/layouts.h"
#include "logs/logtype.h"
#include "logs/mapper.h"
#include "logs/record.h"

#include "base/text.h"

#include <algorithm>
#include <optional>

namespace nightjar::logs {

namespace {

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

Error lineError(const ScanProblem &problem, std::string_view record, const event::RecordPosition &position)
{
    return scanError("NJ-LOGS-003", "A line does not fit its format", problem, record, position,
                     "Look at the raw line; a delimiter or a quote inside a value is the usual cause.");
}

std::string replaceAll(std::string_view text, std::string_view what, std::string_view with)
{
    std::string out;
    for (std::size_t at = 0;;) {
        const std::size_t found = text.find(what, at);
        out.append(text.substr(at, found == std::string_view::npos ? found : found - at));
        if (found == std::string_view::npos) {
            return out;
        }
        out.append(with);
        at = found + what.size();
    }
}

} // namespace

struct RecordParser::State {
    explicit State(const ParseOptions &options)
        : feed(options.format ? std::optional<FeedReader>(std::in_place, options.format, options.forcedType)
                              : std::nullopt)
        , mapper(feed ? feed->logType() : std::string_view(options.forcedType), options.zone, options.clock)
    {
    }

    std::optional<FeedReader> feed; ///< when the format of the records is given
    RecordMapper mapper;
    RecordFields fields;
    LayoutScanner layoutScanner;
    std::shared_ptr<const CsvHeader> header; ///< of the CSV rows that have `columnsId`
    std::uint64_t columnsId = 0;

    std::optional<ScanProblem> scanRow(std::string_view record, const std::shared_ptr<const CsvHeader> &given);
    std::optional<Error> scanEnveloped(std::string_view record, const event::RecordPosition &position);
    std::optional<Error> scanPayload(std::string_view record, const Envelope &envelope, const FoundPayload &payload,
                                     const event::RecordPosition &position);
    void addAlert(std::string_view record, const Envelope &envelope);
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
    std::optional<ScanProblem> problem;
    if (batch.header == nullptr || record.starts_with('<')) {
        return scanEnveloped(record, position);
    }
    if (batch.header->delimiter != '\t' && looksLikeKeyValue(record)) {
        problem = scanKeyValue(record, fields);
    } else {
        problem = scanRow(record, batch.header);
        if (problem && !scanEnveloped(record, position)) {
            return std::nullopt;
        }
    }
    return problem ? std::optional(lineError(*problem, record, position)) : std::nullopt;
}

std::optional<ScanProblem> RecordParser::State::scanRow(std::string_view record,
                                                        const std::shared_ptr<const CsvHeader> &given)
{
    if (header != given) {
        const bool same = header != nullptr && header->names == given->names;
        header = given;
        columnsId = same ? columnsId : ++fields.lastId;
    }
    auto problem = scanCsv(record, header->delimiter, header->names, fields);
    fields.keysId = problem ? 0 : columnsId;
    return problem;
}

/// A line without header: behind a syslog header, if it has one, stands what findPayload tells.
std::optional<Error> RecordParser::State::scanEnveloped(std::string_view record, const event::RecordPosition &position)
{
    fields.clear();
    if (record.find('\t') == std::string_view::npos && record.find("#011") != std::string_view::npos) {
        record = fields.arena.copy(replaceAll(record, "#011", "\t")); // how rsyslog forwards tabs
    }
    const Envelope envelope = findEnvelope(record);
    const std::string_view body = record.substr(envelope.size);
    const FoundPayload payload = findPayload(body, envelope);
    if (payload.kind != Payload::Unknown && payload.kind != Payload::Alert) {
        return scanPayload(record, envelope, payload, position);
    }
    std::optional<ScanProblem> problem;
    if (looksLikeKeyValue(body)) {
        problem = scanKeyValue(body, fields);
    } else if (!layoutScanner.scan(trim(record), fields) &&
               (envelope.size == 0 || !layoutScanner.scan(trim(body), fields))) {
        fields.clear();
        if (payload.kind != Payload::Alert) {
            return Error{
                "NJ-LOGS-005", "A record is of no known format",
                "it is neither JSON, CEF, LEEF nor key=value, and no header names its columns; it begins with " +
                    firstWords(record),
                Place{{}, position.line, 1}, "Give the feed's output format, or put a header line in front."};
        }
        addAlert(body, envelope);
    }
    return problem ? std::optional(lineError(*problem, record, position)) : std::nullopt;
}

std::optional<Error> RecordParser::State::scanPayload(std::string_view record, const Envelope &envelope,
                                                      const FoundPayload &payload,
                                                      const event::RecordPosition &position)
{
    const std::size_t at = envelope.size + payload.offset;
    const std::string_view text = record.substr(at);
    std::optional<ScanProblem> problem;
    if (payload.kind == Payload::Json) {
        auto broken = scanObject(record, at, position);
        if (broken) {
            return broken;
        }
    } else {
        problem = payload.kind == Payload::Cef    ? scanCef(text, fields)
                  : payload.kind == Payload::Leef ? scanLeef(text, fields)
                                                  : scanCaret(text, fields);
    }
    if (problem) {
        problem->offset += at;
        return lineError(*problem, record, position);
    }
    if (!envelope.time.empty()) {
        const bool same = fields.keysId != 0; // the header's time must not make a known key list unknown
        fields.fields.push_back({kEnvelopeTime, envelope.time, ValueKind::Text, false, true});
        fields.keysId = same ? ~fields.keysId : 0;
    }
    return std::nullopt;
}

/// "[10.0.0.1] ZscalerNSS: text" behind a syslog header.
void RecordParser::State::addAlert(std::string_view record, const Envelope &envelope)
{
    std::string_view body = trim(record);
    const std::size_t close = body.find(']');
    std::string_view address;
    if (body.starts_with('[') && close != std::string_view::npos) {
        address = body.substr(1, close - 1);
        body = trim(body.substr(close + 1));
    }
    constexpr std::string_view kName = "ZscalerNSS:";
    const std::size_t name = body.substr(0, 128).find(kName);
    body = name == std::string_view::npos ? body : trim(body.substr(name + kName.size()));
    const std::string_view said = isValidUtf8(body) ? body : fields.arena.copy(repairUtf8(body));
    fields.fields.push_back({"time", envelope.time, ValueKind::Text, false, false});
    fields.fields.push_back({"deviceip", address, ValueKind::Text, false, false});
    fields.fields.push_back({"eventinfo", said, ValueKind::Text, false, false});
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
