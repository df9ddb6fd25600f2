// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/shellservices.h"

#include "present/show.h"

namespace nightjar::ui {

QString Address::toString() const
{
    const QString tail = query.toString(QUrl::FullyEncoded);
    return u"nightjar:" + screen + (tail.isEmpty() ? QString() : u'?' + tail);
}

ShellServices::ShellServices(present::Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_undo(session)
    , m_imports(session)
{
    m_range.label = tr("All time");
}

void ShellServices::tellError(const Error &error)
{
    QString detail = present::shown(error.reason);
    if (!error.hint.empty()) {
        detail += (detail.isEmpty() ? QString() : QStringLiteral("\n")) + present::shown(error.hint);
    }
    toast({.kind = ToastKind::Error,
           .title = present::shown(error.title),
           .detail = detail + (detail.isEmpty() ? QString() : QStringLiteral("\n")) + present::shown(error.code),
           .actionLabel = {},
           .action = {}});
}

void ShellServices::noteDenyList(const workspace::DenyListState &state)
{
    if (!state.connected && m_deny.connected && !state.error) {
        return; // an answer from the store alone does not unlearn what was read
    }
    m_deny = state;
    Q_EMIT denyListChanged();
}

void ShellServices::setRange(const TimeRange &range)
{
    if (range != m_range) {
        m_range = range;
        Q_EMIT rangeChanged(m_range);
    }
}

} // namespace nightjar::ui
