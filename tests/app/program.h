// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QStringList>

#include <string>

namespace nightjar::testsupport {

/// What a run of nightjar-cli left.
struct Run {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;

    /// Everything it printed, for messages of a failed check.
    [[nodiscard]] QByteArray said() const { return QByteArray(out).append(err); }
    [[nodiscard]] QList<QJsonObject> lines() const
    {
        QList<QJsonObject> objects;
        for (const QByteArray &line : out.split('\n')) {
            if (!line.isEmpty()) {
                objects.append(QJsonDocument::fromJson(line).object());
            }
        }
        return objects;
    }
    [[nodiscard]] QJsonObject first() const { return lines().value(0); }
};

inline Run nightjarCli(const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    process.start(QStringLiteral(NIGHTJAR_CLI), arguments);
    process.write(input);
    process.closeWriteChannel();
    process.waitForFinished(60'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

/// One web record as Cloud NSS sends it; `index` makes it different from the others.
inline QByteArray webRecord(int index, const QByteArray &more = {})
{
    const QByteArray n = QByteArray::number(index);
    return QByteArray(R"({"sourcetype":"zscalernss-web","event":{"datetime":"Thu Mar 12 )") +
           QByteArray::number(10 + index / 3600 % 10) + ":" + QByteArray::number(10 + index / 60 % 50) + ":" +
           QByteArray::number(10 + index % 50) + R"( 2026","event_id":")" + n + R"(","action":"Allowed","user":"user)" +
           QByteArray::number(index % 40) + R"(@corp.example","url":"site)" + QByteArray::number(index % 500) +
           R"(.example/page/)" + n + R"(","hostname":"site)" + QByteArray::number(index % 500) +
           R"(.example","status":"200","requestmethod":"GET","ClientIP":"10.0.0.7","serverip":"198.51.100.7","requestsize":"412","responsesize":"96","protocol":"HTTPS")" +
           more + "}}\n";
}

} // namespace nightjar::testsupport
