// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/receiverdraft.h"

#include "base/time.h"
#include "logs/logtype.h"
#include "present/show.h"

#include <QCoreApplication>

#include <array>

namespace nightjar::present {

namespace {

constexpr int kMaxPort = 65'535;

QString tr(const char *text)
{
    return QCoreApplication::translate("Sources", text);
}

Error wrong(const char *code, const char *entry, const QString &title, const QString &hint)
{
    return {code, title.toStdString(), {}, {entry, 0, 0}, hint.toStdString()};
}

/// "15m" for 900,000,000: the longest unit that holds it whole.
QString durationText(std::int64_t micros)
{
    constexpr std::array<std::pair<std::int64_t, char>, 4> kUnits{
        {{kMicrosPerDay, 'd'}, {3'600 * kMicrosPerSecond, 'h'}, {60 * kMicrosPerSecond, 'm'}, {kMicrosPerSecond, 's'}}};
    for (const auto &[unit, letter] : kUnits) {
        if (micros >= unit && micros % unit == 0) {
            return QString::number(micros / unit) + QLatin1Char(letter);
        }
    }
    return QStringLiteral("0");
}

} // namespace

ReceiverDraft ReceiverDraft::of(const workspace::ReceiverConfig &config)
{
    ReceiverDraft draft;
    draft.kind = config.kind;
    const QString place = QString::fromStdString(config.place);
    if (config.kind == workspace::ReceiverKind::Folder) {
        draft.folder = place;
    } else {
        const qsizetype colon = place.lastIndexOf(u':');
        draft.address = place.left(colon);
        draft.port = place.mid(colon + 1);
    }
    draft.certificate = QString::fromStdString(config.certificate);
    draft.privateKey = QString::fromStdString(config.privateKey);
    draft.allowed = QString::fromStdString(config.allowed);
    draft.zone = QString::fromStdString(config.zone);
    draft.logType = QString::fromStdString(config.forcedType);
    draft.format = QString::fromStdString(config.format);
    draft.patience = durationText(config.patienceMicros);
    draft.tokenHash = QString::fromStdString(config.tokenHash);
    draft.enabled = config.enabled;
    return draft;
}

Result<workspace::ReceiverConfig> ReceiverDraft::config() const
{
    workspace::ReceiverConfig config;
    config.kind = kind;
    if (kind == workspace::ReceiverKind::Folder) {
        if (!folder.trimmed().startsWith(u'/')) {
            return fail(wrong("NJ-UI-020", "folder", tr("Which folder is to be watched?"),
                              tr("Choose one, or type its whole path.")));
        }
        config.place = folder.trimmed().toStdString();
    } else {
        bool isNumber = false;
        const int number = port.trimmed().toInt(&isNumber);
        if (!isNumber || number < 0 || number > kMaxPort) {
            return fail(wrong("NJ-UI-021", "port", tr("The port is a number from 0 to 65535"),
                              tr("0 takes any free one. Below 1024 needs rights of the system.")));
        }
        const QString host = address.trimmed();
        if (host.isEmpty()) {
            return fail(wrong("NJ-UI-022", "address", tr("On which address of this computer?"),
                              tr("127.0.0.1 takes only what comes from itself, 0.0.0.0 takes from everywhere.")));
        }
        config.place = QString(host + u':' + QString::number(number)).toStdString();
        config.certificate = certificate.trimmed().toStdString();
        config.privateKey = privateKey.trimmed().toStdString();
        config.allowed = allowed.simplified().remove(u' ').toStdString();
    }
    const QString silence = patience.trimmed();
    const auto micros = silence == u"0" ? std::optional<std::int64_t>(0) : parseDuration(silence.toStdString());
    if (!micros) {
        return fail(wrong("NJ-UI-023", "patience", tr("How long may it be silent?"),
                          tr("A duration such as 30s, 15m or 2h, or 0 for no alarm.")));
    }
    config.patienceMicros = *micros;
    config.zone = zone.trimmed().toStdString();
    config.forcedType = logType.toStdString();
    config.format = format.toStdString();
    config.tokenHash = kind == workspace::ReceiverKind::CloudNss ? tokenHash.toStdString() : std::string();
    config.enabled = enabled;
    return config;
}

QString receiverKindText(const workspace::ReceiverConfig &config)
{
    const bool secure = !config.certificate.empty();
    switch (config.kind) {
    case workspace::ReceiverKind::Nss:
        return secure ? tr("NSS, TLS") : tr("NSS, TCP");
    case workspace::ReceiverKind::CloudNss:
        return secure ? tr("Cloud NSS, HTTPS") : tr("Cloud NSS, HTTP");
    case workspace::ReceiverKind::Folder:
        break;
    }
    return tr("folder");
}

QString sourceKindText(const std::string &kind)
{
    if (kind == "nss") {
        return tr("NSS");
    }
    if (kind == "cloud-nss") {
        return tr("Cloud NSS");
    }
    return kind == "tail" ? tr("followed file") : shown(kind, 40);
}

QStringList logTypeNames()
{
    QStringList names;
    for (const char *name : {"web",
                             "firewall",
                             "dns",
                             "tunnel",
                             "audit",
                             "casb",
                             "endpoint-dlp",
                             "email-dlp",
                             "alert",
                             "sandbox",
                             "connector",
                             "zpa-user-activity",
                             "zpa-user-status",
                             "zpa-connector-status",
                             "zpa-connector-metrics",
                             "zpa-browser-access",
                             "zpa-audit",
                             "zpa-app-protection",
                             "zpa-pse-status",
                             "zpa-pse-metrics",
                             "zpa-pcc-status",
                             "zpa-pcc-metrics",
                             "zpa-microseg"}) {
        if (const std::string_view known = logs::logTypeNamed(name); !known.empty()) {
            names << QString::fromUtf8(known.data(), static_cast<qsizetype>(known.size()));
        }
    }
    return names;
}

} // namespace nightjar::present
