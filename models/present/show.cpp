// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/show.h"

#include "base/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <string>

namespace nightjar::present {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("nightjar::present::show", text);
}

std::string_view bounded(std::string_view text, qsizetype limit)
{
    if (text.size() <= static_cast<std::size_t>(limit)) {
        return text;
    }
    std::size_t end = static_cast<std::size_t>(limit);
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end);
}

QString clean(const std::string &text)
{
    const std::string made = visible(text);
    return QString::fromUtf8(made.data(), static_cast<qsizetype>(made.size()));
}

QDateTime utc(Timestamp time)
{
    return QDateTime::fromMSecsSinceEpoch(time / 1'000, Qt::UTC);
}

} // namespace

QString shown(std::string_view text, qsizetype limit)
{
    const std::string_view cut = bounded(text, limit);
    QString made = clean(std::string(cut));
    if (cut.size() < text.size()) {
        made += QChar(0x2026);
    }
    return made;
}

QString shownDefanged(std::string_view text, qsizetype limit)
{
    const std::string_view cut = bounded(text, limit);
    QString made = clean(defang(cut));
    if (cut.size() < text.size()) {
        made += QChar(0x2026);
    }
    return made;
}

QString shownSentence(std::string_view text, std::span<const std::string> values)
{
    QString made = shown(text);
    for (const std::string &value : values) {
        const QString plain = shown(value);
        const QString safe = shownDefanged(value);
        if (plain != safe && plain.size() > 2) {
            made.replace(plain, safe);
        }
    }
    return made;
}

bool isDefangedField(std::string_view field)
{
    static constexpr std::array<std::string_view, 9> kFields = {
        "url.original", "url.domain", "destination.domain", "dns.question.name", "http.request.referrer",
        "url",          "domain",     "dns.resolved_ip",    "observable"};
    return std::find(kFields.begin(), kFields.end(), field) != kFields.end() || endsWithIgnoreCase(field, "url") ||
           endsWithIgnoreCase(field, "hostname_fqdn");
}

QString shownField(std::string_view field, std::string_view value)
{
    return isDefangedField(field) ? shownDefanged(value) : shown(value);
}

Action actionOf(std::string_view value)
{
    const std::string low = asciiLower(value);
    if (low.empty() || low == "none" || low == "na" || low == "n/a") {
        return Action::None;
    }
    for (const std::string_view word : {"block", "drop", "deny", "denied", "reject", "reset", "close", "quarantine"}) {
        if (low.find(word) != std::string::npos) {
            return Action::Blocked;
        }
    }
    for (const std::string_view word : {"allow", "permit", "accept", "pass"}) {
        if (low.find(word) != std::string::npos) {
            return Action::Allowed;
        }
    }
    return Action::Other;
}

QString number(std::int64_t value)
{
    return QString::fromStdString(groupThousands(value));
}

QString clockTime(Timestamp time)
{
    return time == kNoTime ? QString() : utc(time).toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString clockMinutes(Timestamp time)
{
    return time == kNoTime ? QString() : utc(time).toString(QStringLiteral("HH:mm"));
}

QString dayAndTime(Timestamp time)
{
    return time == kNoTime ? QString() : QLocale::c().toString(utc(time), QStringLiteral("ddd d MMM HH:mm:ss"));
}

QString isoTime(Timestamp time)
{
    return QString::fromStdString(formatIsoTime(time));
}

QString span(std::int64_t micros)
{
    const std::int64_t seconds = std::max<std::int64_t>(0, micros / kMicrosPerSecond);
    const auto two = [](std::int64_t value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    if (seconds < 60) {
        return tr("%1 s").arg(seconds);
    }
    if (seconds < 3'600) {
        return tr("%1 m").arg(seconds / 60);
    }
    if (seconds < 48 * 3'600) {
        if (seconds / 60 % 60 == 0) {
            return tr("%1 h").arg(seconds / 3'600);
        }
        return tr("%1 h %2 m").arg(QString::number(seconds / 3'600), two(seconds / 60 % 60));
    }
    return tr("%1 d").arg(seconds / 86'400);
}

QString byteCount(std::uint64_t bytes)
{
    static constexpr std::array<const char *, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1'000 && unit + 1 < kUnits.size()) {
        value /= 1'000;
        ++unit;
    }
    const int decimals = unit == 0 || value >= 100 ? 0 : 1;
    return QString::number(value, 'f', decimals) + QLatin1Char(' ') + QLatin1String(kUnits[unit]);
}

QString severityLetter(alerts::Severity severity)
{
    static constexpr std::array<char16_t, 5> kLetters = {u'i', u'L', u'M', u'H', u'C'};
    return QString(QChar(kLetters[static_cast<std::size_t>(severity)]));
}

QString severityName(alerts::Severity severity)
{
    switch (severity) {
    case alerts::Severity::Critical:
        return tr("Critical");
    case alerts::Severity::High:
        return tr("High");
    case alerts::Severity::Medium:
        return tr("Medium");
    case alerts::Severity::Low:
        return tr("Low");
    case alerts::Severity::Informational:
        break;
    }
    return tr("Informational");
}

QString engineName(alerts::Engine engine)
{
    switch (engine) {
    case alerts::Engine::Sigma:
        return tr("sigma");
    case alerts::Engine::Intel:
        return tr("intel");
    case alerts::Engine::Anomaly:
        return tr("anomaly");
    case alerts::Engine::Zscaler:
        break;
    }
    return tr("zscaler");
}

QString statusName(alerts::Status status)
{
    switch (status) {
    case alerts::Status::New:
        return tr("New");
    case alerts::Status::Acknowledged:
        return tr("Acknowledged");
    case alerts::Status::InProgress:
        return tr("In progress");
    case alerts::Status::Closed:
        break;
    }
    return tr("Closed");
}

QString verdictName(alerts::Verdict verdict)
{
    switch (verdict) {
    case alerts::Verdict::TruePositive:
        return tr("true positive");
    case alerts::Verdict::Benign:
        return tr("benign");
    case alerts::Verdict::FalsePositive:
        return tr("false positive");
    case alerts::Verdict::Duplicate:
        return tr("duplicate");
    case alerts::Verdict::None:
        break;
    }
    return {};
}

} // namespace nightjar::present
