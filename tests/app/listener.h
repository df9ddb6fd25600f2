// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "program.h"
#include "support/support.h"

#include <QFile>
#include <QJsonArray>
#include <QProcess>
#include <QThread>

namespace nightjar::testsupport {

/// nightjar-cli listen as a process of its own.
class Listener {
public:
    Listener(const QString &workspace, const QStringList &arguments, const QProcessEnvironment &environment = {})
    {
        if (!environment.isEmpty()) {
            m_process.setProcessEnvironment(environment);
        }
        m_process.start(QStringLiteral(NIGHTJAR_CLI), QStringList{QStringLiteral("listen"), QStringLiteral("--json"),
                                                                  QStringLiteral("-w"), workspace} +
                                                          arguments);
        while (m_process.state() != QProcess::NotRunning && !m_process.canReadLine()) {
            m_process.waitForReadyRead(100);
        }
        m_first = QJsonDocument::fromJson(m_process.readLine()).object();
    }
    ~Listener()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    /// "127.0.0.1:N"
    [[nodiscard]] QString address(const char *name) const
    {
        return m_first.value(QString::fromLatin1(name)).toString();
    }
    [[nodiscard]] QString port(const char *name) const { return address(name).section(QLatin1Char(':'), -1); }
    [[nodiscard]] QString url() const { return QStringLiteral("http://") + address("http") + QStringLiteral("/"); }

    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    /// Asks it to end; its summary.
    QJsonObject stop()
    {
        m_process.terminate();
        m_process.waitForFinished(20'000);
        m_exitCode = m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
        return QJsonDocument::fromJson(m_process.readAllStandardOutput()).object();
    }
    [[nodiscard]] int exitCode() const { return m_exitCode; }
    [[nodiscard]] QByteArray err() { return m_process.readAllStandardError(); }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }

private:
    QProcess m_process;
    QJsonObject m_first;
    int m_exitCode = -1;
};

/// HTTP status of a POST by curl; 0 without an answer.
inline int curlPost(const QString &url, const QByteArray &body, const QStringList &more = {})
{
    QProcess process;
    process.start(QStringLiteral("curl"),
                  QStringList{QStringLiteral("-s"), QStringLiteral("-o"), QStringLiteral("/dev/null"),
                              QStringLiteral("-w"), QStringLiteral("%{http_code}"), QStringLiteral("--max-time"),
                              QStringLiteral("30"), QStringLiteral("--data-binary"), QStringLiteral("@-")} +
                      more + QStringList{url});
    process.write(body);
    process.closeWriteChannel();
    process.waitForFinished(30'000);
    return process.readAllStandardOutput().toInt();
}

inline QByteArray webRecords(int from, int to)
{
    QByteArray lines;
    for (int i = from; i < to; ++i) {
        lines += webRecord(i);
    }
    return lines;
}

inline int storedIn(const QString &workspace)
{
    return nightjarCli({QStringLiteral("search"), QStringLiteral("--count"), QStringLiteral("-w"), workspace})
        .first()
        .value(QStringLiteral("count"))
        .toInt();
}

/// Waits until so many events are stored; what is stored then.
inline int storedSoon(const QString &workspace, int wanted)
{
    int stored = 0;
    for (int i = 0; i < 100 && stored < wanted; ++i) {
        QThread::msleep(50);
        stored = storedIn(workspace);
    }
    return stored;
}

inline QJsonObject sourceOf(const QString &workspace, const QString &kind)
{
    for (const QJsonObject &source :
         nightjarCli({QStringLiteral("sources"), QStringLiteral("-w"), workspace}).lines()) {
        if (source.value(QStringLiteral("kind")).toString() == kind) {
            return source;
        }
    }
    return {};
}

inline void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) {
        file.write(bytes);
    }
}

} // namespace nightjar::testsupport
