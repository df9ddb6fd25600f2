// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QLineEdit>

namespace nightjar::ui {

/// The query as text: monospace, syntax in colour, the place of an error underlined. Enter runs. Thread: GUI.
class QueryBar : public QLineEdit {
    Q_OBJECT
public:
    explicit QueryBar(QWidget *parent = nullptr);
    /// Underlines from `column` (characters from 1) to the end of the word; 0 takes the mark away.
    void setError(std::uint64_t column);

Q_SIGNALS:
    void run();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void colour();

    qsizetype m_errorAt = -1;
    bool m_colouring = false;
};

} // namespace nightjar::ui
