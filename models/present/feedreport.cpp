// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/feedreport.h"

#include "base/text.h"
#include "logs/feedmatcher.h"
#include "logs/normalise.h"

#include <algorithm>

namespace nightjar::present {

namespace {

constexpr qsizetype kText = 1'024;
constexpr std::size_t kFailures = 20;

QString text(std::string_view value)
{
    return shown(value, kText);
}

TextMark markAt(const logs::FeedPosition &at, Tone tone, const std::string &sentence)
{
    return {static_cast<int>(at.line), static_cast<int>(at.column), tone, text(sentence), {}, {}};
}

QString certaintyText(logs::FeedCertainty certainty)
{
    switch (certainty) {
    case logs::FeedCertainty::Certain:
        return FeedTokensModel::tr("certain");
    case logs::FeedCertainty::Likely:
        return FeedTokensModel::tr("likely");
    case logs::FeedCertainty::Doubtful:
        break;
    }
    return FeedTokensModel::tr("doubtful");
}

QString verdictOf(const logs::FeedFormat &format)
{
    const QString type = format.kind().type == "unknown"
                             ? FeedTokensModel::tr("log type not told by the format")
                             : FeedTokensModel::tr("log type %1").arg(text(format.kind().type));
    return FeedTokensModel::tr("Compiles: %1 tokens, %2, %3")
        .arg(number(static_cast<std::int64_t>(format.tokens().size())), text(logs::shapeName(format.shape())).toUpper(),
             type);
}

/// Of the newest answer only: values that were met, by token.
void note(FeedCheck &check, logs::FeedMatcher &matcher, logs::FeedClock &clock, Timestamp now)
{
    const Timestamp time = clock.timeOf(matcher, now);
    if (time == kNoTime) {
        ++check.withoutTime;
    } else {
        check.first = check.first == kNoTime ? time : std::min(check.first, time);
        check.last = std::max(check.last, time);
    }
    for (std::size_t i = 0; i < check.sample.size(); ++i) {
        if (check.sample[i].empty() && matcher.has(i)) {
            const std::string_view value = matcher.clear(i);
            if (!logs::saysNothing(value)) {
                check.sample[i] = value;
            }
        }
    }
}

} // namespace

FeedReport feedReport(const std::string &source, const std::string &escape)
{
    FeedReport report{source, escape, nullptr, {}, {}};
    if (trim(source).empty()) {
        return report;
    }
    auto format = logs::FeedFormat::compile(source, escape);
    if (!format) {
        const Error &error = format.error();
        report.verdict = text(error.title);
        report.marks.push_back({static_cast<int>(error.place.line), static_cast<int>(error.place.column), Tone::Error,
                                text(error.title), text(error.reason + (error.hint.empty() ? "" : ". " + error.hint)),
                                text(error.code)});
        return report;
    }
    report.format = std::move(*format);
    report.verdict = verdictOf(*report.format);
    for (const logs::FeedDoubt &doubt : report.format->doubts()) {
        report.marks.push_back(markAt(doubt.at, Tone::Warn, doubt.reason));
    }
    for (const logs::FeedNote &one : report.format->notes()) {
        report.marks.push_back(markAt(one.at, Tone::Neutral, one.text));
    }
    std::stable_sort(report.marks.begin(), report.marks.end(), [](const TextMark &left, const TextMark &right) {
        return std::pair(left.line, left.column) < std::pair(right.line, right.column);
    });
    return report;
}

FeedCheck checkRecords(const std::shared_ptr<const logs::FeedFormat> &format, const std::vector<std::string> &records,
                       const CancelToken &cancel, std::size_t limit)
{
    FeedCheck check;
    if (!format) {
        return check;
    }
    logs::FeedMatcher matcher(format);
    logs::FeedClock clock(*format, TimeZone());
    const Timestamp now = systemClock().now();
    check.sample.resize(format->tokens().size());
    for (const std::string &record : records) {
        if (trim(record).empty()) {
            continue;
        }
        if (cancel.cancelled() || check.records == static_cast<std::int64_t>(limit)) {
            break;
        }
        ++check.records;
        if (const auto problem = matcher.match(record)) {
            if (check.failures.size() < kFailures) {
                check.failures.push_back({record,
                                          {static_cast<int>(check.records),
                                           static_cast<int>(problem->offset) + 1,
                                           Tone::Error,
                                           text(problem->reason),
                                           {},
                                           QStringLiteral("NJ-LOGS-034")}});
            }
        } else {
            ++check.fitting;
            note(check, matcher, clock, now);
        }
    }
    for (std::size_t i = 0; i < check.sample.size() && check.fitting > 0; ++i) {
        if (check.sample[i].empty() && format->tokens()[i].first == i) {
            check.neverFilled << text(format->tokens()[i].key);
        }
    }
    return check;
}

std::vector<std::string> linesOf(const std::string &source)
{
    std::vector<std::string> lines;
    for (std::size_t start = 0; start < source.size();) {
        const std::size_t end = std::min(source.find('\n', start), source.size());
        std::string line = source.substr(start, end - start);
        while (!line.empty() && (line.back() == '\r' || line.back() == '\0')) {
            line.pop_back();
        }
        lines.push_back(std::move(line));
        start = end + 1;
    }
    return lines;
}

FeedTokensModel::FeedTokensModel(QObject *parent)
    : RowsModel({{tr("at"), true, true, false},
                 {tr("token"), false, true, false},
                 {tr("type"), false, false, false},
                 {tr("encoding"), false, false, false},
                 {tr("end"), false, false, true},
                 {tr("from the sample"), false, true, false}},
                parent)
{
}

void FeedTokensModel::setReport(const FeedReport &report, const FeedCheck *check)
{
    std::vector<Row> rows;
    if (report.format) {
        const auto &tokens = report.format->tokens();
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const logs::FeedToken &token = tokens[i];
            Row row;
            row.tone = token.certainty == logs::FeedCertainty::Doubtful ? Tone::Warn : Tone::Ok;
            const bool tried = check != nullptr && i < check->sample.size() && check->fitting > 0;
            row.cells = {
                QStringLiteral("%1:%2").arg(QString::number(token.spec.at.line), QString::number(token.spec.at.column)),
                text(token.key),
                token.meaning.known ? text(logs::kindName(token.meaning.kind))
                                    : tr("%1, not known").arg(text(logs::kindName(token.meaning.kind))),
                token.meaning.encoding == logs::FeedEncoding::Plain ? QString()
                                                                    : text(logs::encodingName(token.meaning.encoding)),
                certaintyText(token.certainty),
                !tried                     ? QString()
                : check->sample[i].empty() ? tr("never filled")
                                           : shownDefanged(check->sample[i], kText)};
            row.raw = QString::number(i) + row.cells[TokenColumn];
            rows.push_back(std::move(row));
        }
    }
    setRows(std::move(rows));
}

std::vector<std::pair<QString, QString>> portalSettings(const logs::FeedSetup &setup,
                                                        const workspace::ReceiverConfig *receiver)
{
    QString host;
    QString port;
    if (receiver != nullptr) {
        const QString place = QString::fromStdString(receiver->place);
        port = place.section(u':', -1);
        host = place.left(place.size() - port.size() - 1);
        if (host == u"127.0.0.1" || host == u"0.0.0.0" || host == u"[::]" || host == u"[::1]") {
            host = FeedTokensModel::tr("ADDRESS-OF-THIS-COMPUTER"); // what others reach it by is not known here
        }
    }
    std::vector<std::pair<QString, QString>> settings;
    for (const auto &[label, value] : setup.settings) {
        QString told = text(value);
        if (label == "SIEM TCP Port" || label == "TCP Port") {
            told = port.isEmpty() ? FeedTokensModel::tr("the port of the receiver; choose it above") : port;
        } else if (label == "API URL") {
            told = port.isEmpty() ? FeedTokensModel::tr("the address of the receiver; choose it above")
                                  : QString(QStringLiteral("https://") + host + u':' + port + u'/');
        } else if (label == "HTTP Headers") {
            told = FeedTokensModel::tr(
                "Authorization: Bearer and the receiver's token, or the token in a header of its own");
        }
        settings.emplace_back(text(label), told);
    }
    return settings;
}

workspace::ReceiverKind receiverFor(logs::FeedTransport transport)
{
    return transport == logs::FeedTransport::CloudNss ? workspace::ReceiverKind::CloudNss
                                                      : workspace::ReceiverKind::Nss;
}

} // namespace nightjar::present
