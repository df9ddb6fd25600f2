// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "program.h"
#include "simulator/tenantserver.h"
#include "support/support.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcessEnvironment>

#include <memory>

#include <unistd.h>

namespace nightjar::testsupport {

/// A simulated tenant with canaries for credentials, and runs of nightjar-cli in a home of their own: no terminal, no
/// session bus, no login in the environment unless a test puts it there.
class CanaryTenant {
public:
    static constexpr const char *kUser = "robot@corp.example";
    static constexpr const char *kPassword = "canaryPassw0rd!";
    static constexpr const char *kKey = "canaryKey123";
    static constexpr const char *kPassphrase = "canary vault passphrase";

    CanaryTenant()
    {
        simulator::ServerOptions options;
        options.tenant.user = kUser;
        options.tenant.password = kPassword;
        options.tenant.apiKey = kKey;
        auto started = simulator::TenantServer::start(options);
        if (started) {
            server = std::move(*started);
        }
        QDir().mkpath(home());
        environment = QProcessEnvironment::systemEnvironment();
        for (const QString &name : environment.keys()) {
            if (name.startsWith(QLatin1String("NIGHTJAR_ZIA")) || name.startsWith(QLatin1String("XDG_")) ||
                name.startsWith(QLatin1String("NIGHTJAR_VAULT")) || name == QLatin1String("DBUS_SESSION_BUS_ADDRESS")) {
                environment.remove(name);
            }
        }
        environment.insert(QStringLiteral("HOME"), home());
    }

    [[nodiscard]] QString home() const { return path("home"); }
    [[nodiscard]] QString workspace() const { return path("w"); }
    [[nodiscard]] QString path(const char *name) const { return QString::fromStdString((folder / name).string()); }
    [[nodiscard]] QByteArray url() const { return QByteArray::fromStdString(server->url()); }
    /// The four lines that `zia connect` reads.
    [[nodiscard]] QByteArray login(const char *password = kPassword) const
    {
        return url() + "\n" + kUser + "\n" + password + "\n" + kKey + "\n";
    }
    void usePassphrase(const QByteArray &passphrase)
    {
        QFile file(path("passphrase"));
        if (file.open(QIODevice::WriteOnly)) {
            file.write(passphrase + "\n");
        }
        environment.insert(QStringLiteral("NIGHTJAR_VAULT_PASSPHRASE_FILE"), file.fileName());
    }
    void useEnvironment()
    {
        environment.insert(QStringLiteral("NIGHTJAR_ZIA_URL"), QString::fromUtf8(url()));
        environment.insert(QStringLiteral("NIGHTJAR_ZIA_USER"), QString::fromUtf8(kUser));
        environment.insert(QStringLiteral("NIGHTJAR_ZIA_PASSWORD"), QString::fromUtf8(kPassword));
        environment.insert(QStringLiteral("NIGHTJAR_ZIA_API_KEY"), QString::fromUtf8(kKey));
    }
    void prepare(QProcess &process) const
    {
        process.setProcessEnvironment(environment);
        process.setChildProcessModifier([] { ::setsid(); }); // no terminal to ask at
    }
    /// `arguments` with -w; what was printed is kept for the search for canaries.
    Run run(const QString &arguments, const QByteArray &input = {})
    {
        QProcess process;
        prepare(process);
        process.start(QStringLiteral(NIGHTJAR_CLI),
                      arguments.split(QLatin1Char(' ')) + QStringList{QStringLiteral("-w"), workspace()});
        process.write(input);
        process.closeWriteChannel();
        process.waitForFinished(60'000);
        Run result{process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                   process.readAllStandardOutput(), process.readAllStandardError()};
        printed += result.said();
        return result;
    }
    [[nodiscard]] bool live(const char *entry) const
    {
        const std::string state = server->tenant().state();
        const std::size_t from = state.find("\"live\":[");
        return state.substr(from, state.find(']', from) - from).find("\"" + std::string(entry) + "\"") !=
               std::string::npos;
    }
    [[nodiscard]] bool fault(const char *json) const { return server->tenant().setFaults(json).has_value(); }

    /// Files below `root`, and the printed text, that hold a canary in any usual spelling; the passphrase file apart.
    [[nodiscard]] QStringList leaks(const QString &root) const
    {
        QList<QByteArray> canaries;
        for (const char *secret : {kPassword, kKey, kPassphrase}) {
            const QByteArray plain(secret);
            const QString wide = QString::fromUtf8(plain);
            canaries << plain << plain.toBase64() << plain.toHex() << plain.toPercentEncoding()
                     << QByteArray(reinterpret_cast<const char *>(wide.utf16()), 2 * wide.size());
        }
        const auto leaky = [&canaries](const QByteArray &bytes) {
            return std::any_of(canaries.begin(), canaries.end(),
                               [&bytes](const QByteArray &canary) { return bytes.contains(canary); });
        };
        QStringList found;
        for (QDirIterator files(root, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); files.hasNext();) {
            QFile file(files.next());
            if (file.fileName() != path("passphrase") && file.open(QIODevice::ReadOnly) && leaky(file.readAll())) {
                found << file.fileName();
            }
        }
        if (leaky(printed)) {
            found << QStringLiteral("output");
        }
        return found;
    }

    TemporaryFolder folder;
    std::unique_ptr<simulator::TenantServer> server;
    QProcessEnvironment environment;
    QByteArray printed;
};

} // namespace nightjar::testsupport
