// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/quarantinecontroller.h"

#include "base/text.h"
#include "present/show.h"
#include "workspace/feedformats.h"
#include "workspace/workspace.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>
#include <map>

namespace nightjar::present {

namespace {

constexpr std::size_t kShown = 5'000;
constexpr std::size_t kExported = 1'000'000;

Error writeError(const QString &path, const QString &reason)
{
    return {"NJ-UI-024",
            "The records cannot be written",
            reason.toStdString(),
            {path.toStdString(), 0, 0},
            "Choose another folder, or make room there."};
}

Result<qint64> writeAll(workspace::Workspace &space, const QString &path, bool raw, const CancelToken &cancel)
{
    const auto entries = space.imports().quarantine(kExported);
    if (!entries) {
        return fail(entries.error());
    }
    QSaveFile file(path); // whole or not at all
    if (!file.open(QIODevice::WriteOnly)) {
        return fail(writeError(path, file.errorString()));
    }
    qint64 written = 0;
    for (const workspace::QuarantineEntry &entry : *entries) {
        if (cancel.cancelled()) {
            file.cancelWriting();
            return qint64{0};
        }
        const QByteArray line = raw ? QByteArray::fromStdString(entry.raw) : quarantineJson(entry);
        if (file.write(line + '\n') < 0) {
            return fail(writeError(path, file.errorString()));
        }
        ++written;
    }
    if (!file.commit()) {
        return fail(writeError(path, file.errorString()));
    }
    return written;
}

Result<workspace::QuarantineSummary> tryAgain(workspace::Workspace &space, const std::string &format,
                                              workspace::ImportOptions options, const CancelToken &cancel)
{
    if (!format.empty()) {
        const auto kept = workspace::FeedFormats(space.folder()).get(format);
        if (!kept) {
            return fail(kept.error());
        }
        auto compiled = logs::FeedFormat::compile(kept->text, kept->escape);
        if (!compiled) {
            return fail(compiled.error());
        }
        options.format = std::move(*compiled);
    }
    return space.imports().retryQuarantined(options, cancel);
}

} // namespace

QByteArray quarantineJson(const workspace::QuarantineEntry &entry)
{
    const Error &error = entry.error;
    QJsonObject json{{QStringLiteral("source"), QString::fromStdString(entry.source)},
                     {QStringLiteral("line"), static_cast<qint64>(entry.line)},
                     {QStringLiteral("index"), static_cast<qint64>(entry.index)},
                     {QStringLiteral("at"), isoTime(entry.at)},
                     {QStringLiteral("code"), QString::fromStdString(error.code)},
                     {QStringLiteral("title"), QString::fromStdString(error.title)},
                     {QStringLiteral("reason"), QString::fromStdString(error.reason)},
                     {QStringLiteral("column"), static_cast<qint64>(error.place.column)},
                     {QStringLiteral("raw"), QString::fromStdString(entry.raw)}};
    if (!isValidUtf8(entry.raw)) {
        json.insert(QStringLiteral("raw_base64"), QString::fromStdString(base64Encode(entry.raw)));
    }
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

QuarantineController::QuarantineController(Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
}

bool QuarantineController::cut() const
{
    return m_all.size() >= kShown;
}

void QuarantineController::refresh()
{
    m_session.runLatest<Result<Entries>>(
        m_asking, Priority::Page,
        [](workspace::Workspace &space, const CancelToken &) { return space.imports().quarantine(kShown); }, this,
        [this](Result<Entries> entries) {
            if (!entries) {
                Q_EMIT failed(entries.error());
                return;
            }
            m_all = std::move(*entries);
            select();
        });
}

void QuarantineController::filter(const QString &source, const QString &kind)
{
    m_source = source;
    m_kind = kind;
    select();
}

void QuarantineController::select()
{
    const std::string source = m_source.toStdString();
    const std::string kind = m_kind.toStdString();
    std::map<std::string, std::int64_t> kinds;
    m_shown.clear();
    for (const workspace::QuarantineEntry &entry : m_all) {
        if (!entry.source.starts_with(source)) {
            continue;
        }
        ++kinds[entry.error.title];
        if (kind.empty() || entry.error.title == kind) {
            m_shown.push_back(entry);
        }
    }
    m_kinds.clear();
    for (const auto &[title, count] : kinds) {
        m_kinds.emplace_back(QString::fromStdString(title), count);
    }
    std::stable_sort(m_kinds.begin(), m_kinds.end(),
                     [](const auto &left, const auto &right) { return left.second > right.second; });
    Q_EMIT changed();
}

void QuarantineController::retry(const QString &format, const QString &logType, const QString &zone)
{
    if (m_retrying) {
        return;
    }
    m_retrying = true;
    workspace::ImportOptions options;
    options.forcedType = logType.toStdString();
    options.zone = zone.toStdString();
    using Answer = Result<workspace::QuarantineSummary>;
    m_session.startJob(
        tr("Read bad records again"),
        [options, format = format.toStdString()](workspace::Workspace &space, const JobReporter &,
                                                 const CancelToken &cancel) -> Answer {
            return tryAgain(space, format, options, cancel);
        },
        this,
        [this](const Answer &summary) { // an error is told by the session
            m_retrying = false;
            if (summary) {
                Q_EMIT retried(*summary);
            }
            refresh();
        });
}

void QuarantineController::exportTo(const QString &path, bool raw)
{
    m_session.startJob(
        tr("Export bad records"),
        [path, raw](workspace::Workspace &space, const JobReporter &, const CancelToken &cancel) {
            return writeAll(space, path, raw, cancel);
        },
        this,
        [this, path](const Result<qint64> &written) {
            if (written) {
                Q_EMIT exported(path, *written);
            }
        });
}

} // namespace nightjar::present
