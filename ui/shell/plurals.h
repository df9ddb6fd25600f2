// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTranslator>

namespace nightjar::ui {

/// English needs no table of translations but its plurals: "%n job(s)" becomes "1 job" or "2 jobs". A translation into
/// another language, installed later, goes before it.
class EnglishPlurals : public QTranslator {
    Q_OBJECT
public:
    using QTranslator::QTranslator;
    QString translate(const char *context, const char *text, const char *disambiguation, int n) const override;
    bool isEmpty() const override { return false; }
};

/// Installs it on the application, once.
void installPlurals();

} // namespace nightjar::ui
