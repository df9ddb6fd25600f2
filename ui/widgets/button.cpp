// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/button.h"

#include "ui/theme/icons.h"
#include "ui/widgets/plainlabel.h"

#include <QKeyEvent>

namespace nightjar::ui {

Button::Button(const QString &text, ButtonKind kind, const QString &icon, QWidget *parent)
    : QPushButton(parent)
{
    setAutoDefault(false);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setLabel(text);
    setKind(kind);
    setIconName(icon);
}

void Button::setLabel(const QString &text)
{
    setText(withoutMnemonic(text));
    setAccessibleName(text);
    updateGeometry();
}

void Button::setKind(ButtonKind kind)
{
    setProperty("njKind", static_cast<int>(kind));
    if (kind == ButtonKind::Link) {
        setCursor(Qt::PointingHandCursor);
    }
    update();
}

void Button::setIconName(const QString &icon)
{
    setProperty("njIcon", icon);
    setIcon(icon.isEmpty() ? QIcon() : themeIcon(icon, Color::Text));
    updateGeometry();
}

void Button::setSmall(bool small)
{
    setProperty("njSmall", small);
    updateGeometry();
}

void Button::setKey(const QString &key)
{
    setProperty("njKey", key);
    updateGeometry();
}

void Button::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        click();
        return;
    }
    QPushButton::keyPressEvent(event);
}

IconButton::IconButton(const QString &icon, const QString &name, QWidget *parent)
    : Button({}, ButtonKind::Flat, icon, parent)
{
    setAccessibleName(name);
    setPlainToolTip(this, name);
}

QSize IconButton::sizeHint() const
{
    const int side = property("njSmall").toBool() ? px(Length::ButtonSmall) : px(Length::Button);
    return {side, side};
}

} // namespace nightjar::ui
