// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/services.h"

#include <QStringList>

namespace nightjar::present {

/// What a person types to describe a receiver, and the configuration that it becomes. A value; thread: any.
struct ReceiverDraft {
    workspace::ReceiverKind kind = workspace::ReceiverKind::Nss;
    QString address = QStringLiteral("127.0.0.1"), port = QStringLiteral("9014");
    QString folder;
    QString certificate, privateKey;
    QString allowed, zone, logType, format;
    QString patience = QStringLiteral("15m"); ///< "0": never
    QString tokenHash;
    bool enabled = true;

    static ReceiverDraft of(const workspace::ReceiverConfig &config);
    /// Errors name the entry in Place::file ("port", "folder", "patience", "address"): NJ-UI-020 to -023. What only the
    /// engine can judge (networks, zones, certificates) is judged when it is saved.
    [[nodiscard]] Result<workspace::ReceiverConfig> config() const;
};

/// "NSS over TCP", "NSS over TLS", "Cloud NSS over HTTPS", "folder".
QString receiverKindText(const workspace::ReceiverConfig &config);
/// The same for the kinds of files and removed receivers as the engine names them.
QString sourceKindText(const std::string &kind);
/// Log types that can be forced, as the engine names them.
QStringList logTypeNames();

} // namespace nightjar::present
