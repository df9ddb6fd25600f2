// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/sourcemodels.h"

#include "present/receiverdraft.h"

#include <QLocale>

namespace nightjar::present {

namespace {

constexpr qsizetype kText = 1'024;

QString dash()
{
    return QStringLiteral("–");
}

QString seconds(double value)
{
    return QString::number(value, 'f', value < 10 ? 1 : 0);
}

QString rateText(double rate)
{
    return rate > 0 && rate < 10 ? QString::number(rate, 'f', 1) : number(static_cast<std::int64_t>(rate));
}

/// Unit 0 of equal values would fill the picture: an empty source shows nothing.
QList<double> barsOf(const QList<double> &rates)
{
    for (const double rate : rates) {
        if (rate > 0) {
            return rates;
        }
    }
    return {};
}

} // namespace

QString sourceState(const workspace::ReceiverInfo &info)
{
    if (info.state == "listening") {
        return info.health.silent ? SourcesModel::tr("silent") : SourcesModel::tr("listening");
    }
    return info.state == "failed" ? SourcesModel::tr("failed") : SourcesModel::tr("stopped");
}

QString lagText(const sources::LagFigures &lag)
{
    return lag.count == 0 ? dash()
                          : QString(seconds(lag.p50) + QLatin1String(" / ") + seconds(lag.p95) + QLatin1String(" / ") +
                                    seconds(lag.max));
}

QString agoText(Timestamp time, Timestamp now)
{
    if (time == kNoTime) {
        return dash();
    }
    const std::int64_t passed = now - time;
    return passed < 2 * kMicrosPerSecond ? SourcesModel::tr("now") : SourcesModel::tr("%1 ago").arg(span(passed));
}

SourcesModel::SourcesModel(QObject *parent)
    : RowsModel({{tr("state"), false, false, true},
                 {tr("source"), false, true, false},
                 {tr("kind"), false, false, false},
                 {tr("rate"), false, false, false},
                 {tr("rec/s"), true, true, false},
                 {tr("lag p50 / p95 / max, s"), true, true, false},
                 {tr("records"), true, true, false},
                 {tr("bad"), true, true, false},
                 {tr("last"), false, true, false}},
                parent)
{
}

void SourcesModel::setSources(const ReceiverController &controller, Timestamp now)
{
    std::vector<Row> rows;
    for (const workspace::ReceiverInfo &info : controller.state().receivers) {
        const sources::Health &health = info.health;
        const bool runs = info.state == "listening";
        Row row;
        row.flag = true;
        row.tone = info.state == "failed" ? Tone::Error : health.silent ? Tone::Warn : runs ? Tone::Ok : Tone::Neutral;
        row.cells = {sourceState(info),
                     shown(info.address.empty() ? info.config.place : info.address, kText),
                     receiverKindText(info.config),
                     {},
                     runs ? rateText(health.recordsPerSecond) : dash(),
                     lagText(health.lag),
                     number(health.records),
                     number(health.quarantined),
                     agoText(health.lastReceived, now)};
        row.bars = barsOf(controller.rates(info.key));
        row.raw = QString::fromStdString(info.key);
        row.detail = info.error ? shown(describe(*info.error), kText) : QString();
        rows.push_back(std::move(row));
    }
    for (const workspace::SourceInfo &source : controller.state().sources) {
        Row row;
        row.tone = source.state == "done" || source.state == "following" ? Tone::Ok
                   : source.state == "failed"                            ? Tone::Error
                                                                         : Tone::Warn;
        row.cells = {
            shown(source.state, 40), shown(source.name, kText),  sourceKindText(source.kind),    {}, dash(), dash(),
            number(source.records),  number(source.quarantined), agoText(source.lastImport, now)};
        row.raw = QString::fromStdString(source.name);
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

InvalidKindsModel::InvalidKindsModel(QObject *parent)
    : RowsModel({{tr("records"), true, true, false},
                 {tr("what is wrong"), false, false, false},
                 {tr("why"), false, false, false},
                 {tr("sample"), false, true, false}},
                parent)
{
}

void InvalidKindsModel::setKinds(const std::vector<sources::InvalidKind> &kinds)
{
    std::vector<Row> rows;
    for (const sources::InvalidKind &kind : kinds) {
        Row row;
        row.tone = Tone::Warn;
        row.cells = {number(kind.count), shown(kind.title, kText), shown(kind.reason, kText),
                     shown(kind.sample, kText)};
        row.raw = QString::fromStdString(kind.code + '\n' + kind.title);
        row.detail = shown(kind.sample, kText);
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

OccurrencesModel::OccurrencesModel(QObject *parent)
    : RowsModel(
          {{tr("when"), false, true, false}, {tr("extent"), true, true, false}, {tr("what"), false, false, false}},
          parent)
{
}

void OccurrencesModel::setHealth(const sources::Health &health)
{
    std::vector<Row> rows;
    for (auto gap = health.gaps.rbegin(); gap != health.gaps.rend(); ++gap) {
        Row row;
        row.tone = Tone::Warn;
        const bool open = gap->to == kNoTime;
        row.cells = {dayAndTime(gap->from), open ? tr("until now") : present::span(gap->to - gap->from),
                     tr("Gap: %1").arg(shown(gap->cause, kText))};
        row.raw = row.cells.join(u'\n');
        rows.push_back(std::move(row));
    }
    for (const sources::Notice &notice : health.notices) {
        Row row;
        row.cells = {dayAndTime(notice.last), number(notice.count) + QLatin1String(" ×"), shown(notice.text, kText)};
        row.raw = row.cells[2];
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

std::vector<SourceNotice> sourceNotices(const ReceiverController::State &state, Timestamp now)
{
    std::vector<SourceNotice> notices;
    if (state.trouble) {
        notices.push_back({Tone::Error,
                           {},
                           SourcesModel::tr("The store takes no records."),
                           shown(state.trouble->reason + " " + state.trouble->hint, kText) + QLatin1Char(' ') +
                               SourcesModel::tr("Senders wait; nothing is dropped.")});
    }
    for (const workspace::ReceiverInfo &info : state.receivers) {
        const QString place = shown(info.config.place, 120);
        if (info.error) {
            notices.push_back({Tone::Error, QString::fromStdString(info.key),
                               SourcesModel::tr("%1 does not run.").arg(place),
                               shown(info.error->title + ". " + info.error->reason + " " + info.error->hint, kText)});
        } else if (info.state == "listening" && info.health.silent) {
            const QString since =
                info.health.lastReceived == kNoTime
                    ? SourcesModel::tr("Nothing has come yet.")
                    : SourcesModel::tr("The last record came %1.").arg(agoText(info.health.lastReceived, now));
            const QString open =
                info.config.kind == workspace::ReceiverKind::Folder
                    ? QString()
                    : SourcesModel::tr(" %n connection(s) open.", nullptr, static_cast<int>(info.health.connections));
            notices.push_back({Tone::Warn, QString::fromStdString(info.key),
                               SourcesModel::tr("%1 is silent.").arg(place), since + open});
        }
    }
    return notices;
}

std::vector<std::pair<QString, QString>> healthRows(const workspace::ReceiverInfo &info, Timestamp now)
{
    const sources::Health &h = info.health;
    const auto when = [now](Timestamp time) {
        return time == kNoTime ? dash() : QString(dayAndTime(time) + QLatin1String("  ") + agoText(time, now));
    };
    std::vector<std::pair<QString, QString>> rows = {
        {SourcesModel::tr("State"), sourceState(info)},
        {SourcesModel::tr("Address"), shown(info.address, kText)},
        {SourcesModel::tr("Records a second"), info.state == "listening" ? rateText(h.recordsPerSecond) : dash()},
        {SourcesModel::tr("Event to receipt, p50 / p95 / max"),
         lagText(h.lag) + (h.lag.count > 0 ? QStringLiteral(" s") : QString())},
        {SourcesModel::tr("Receipt to stored, p50 / p95 / max"),
         lagText(h.latency) + (h.latency.count > 0 ? QStringLiteral(" s") : QString())},
        {SourcesModel::tr("Received"), SourcesModel::tr("%1 records, %2").arg(number(h.records), byteCount(h.bytes))},
        {SourcesModel::tr("Stored"), SourcesModel::tr("%1 events").arg(number(h.events))},
        {SourcesModel::tr("Were there already"), number(h.duplicates)},
        {SourcesModel::tr("Not understood"), number(h.quarantined)},
        {SourcesModel::tr("Last received"), when(h.lastReceived)},
        {SourcesModel::tr("Newest event"), when(h.lastEvent)}};
    if (info.config.kind != workspace::ReceiverKind::Folder) {
        rows.emplace_back(SourcesModel::tr("Connections"),
                          SourcesModel::tr("%1 open, %2 accepted, %3 refused")
                              .arg(number(h.connections), number(h.accepted), number(h.refused)));
    }
    return rows;
}

} // namespace nightjar::present
