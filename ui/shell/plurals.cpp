// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/plurals.h"

#include <QCoreApplication>

namespace nightjar::ui {

QString EnglishPlurals::translate(const char *, const char *text, const char *, int n) const
{
    const QString source = QString::fromUtf8(text);
    if (n < 0 || !source.contains(u"(s)")) {
        return {}; // not ours: the source text is shown
    }
    QString shown = source;
    return shown.replace(QStringLiteral("(s)"), n == 1 ? QString() : QStringLiteral("s"));
}

void installPlurals()
{
    static bool installed = false;
    if (!installed) {
        installed = QCoreApplication::installTranslator(new EnglishPlurals(QCoreApplication::instance()));
    }
}

} // namespace nightjar::ui
