// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QIcon>
#include <QPainter>
#include <QPixmap>

namespace nightjar::ui {

/// Icons of resources/icons, drawn in a token's colour. Rendered once a size, colour and device pixel ratio. Thread:
/// GUI. `name`: the file name without ".svg"; an unknown one gives an empty picture.
QPixmap iconPixmap(const QString &name, int size, const QColor &color, qreal devicePixelRatio);
void paintIcon(QPainter &painter, const QRect &rect, const QString &name, Color color);
/// Follows the theme in force and the state: normal, disabled, and `text` when active.
QIcon themeIcon(const QString &name, Color color = Color::Text2);

} // namespace nightjar::ui
