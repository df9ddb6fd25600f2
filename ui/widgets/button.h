// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPushButton>

namespace nightjar::ui {

/// A push button of the program. `text` is shown as it is (a & is no mnemonic); `icon` names a file of
/// resources/icons; `key` is drawn as a small box beside the text. The accessible name is the text.
class Button : public QPushButton {
    Q_OBJECT
public:
    explicit Button(const QString &text, ButtonKind kind = ButtonKind::Secondary, const QString &icon = {},
                    QWidget *parent = nullptr);

    void setLabel(const QString &text);
    void setKind(ButtonKind kind);
    void setIconName(const QString &icon);
    void setSmall(bool small);
    void setKey(const QString &key);
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

/// An icon alone, 28 px square, with a name for the tooltip and for screen readers.
class IconButton : public Button {
    Q_OBJECT
public:
    IconButton(const QString &icon, const QString &name, QWidget *parent = nullptr);
    QSize sizeHint() const override;
};

} // namespace nightjar::ui
