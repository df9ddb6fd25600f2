// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "ui/theme/tokens.h"

#include <QObject>
#include <QPalette>

namespace nightjar::ui {

enum class ThemeChoice : int { System, Light, Dark };

/// The look in force: colours, lengths and fonts, by token. One object a process, as QApplication is; created at first
/// use. Thread: GUI. Widgets that paint with tokens repaint by themselves: a change of theme changes the palette of the
/// application, which updates every widget.
class Theme : public QObject {
    Q_OBJECT
public:
    static Theme &instance();

    /// Sets palette, style and font of the application. Call once after QApplication, and again to change.
    void apply(ThemeChoice choice);
    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    [[nodiscard]] bool isDark() const { return m_dark; }
    [[nodiscard]] const Tokens &tokens() const { return m_tokens; }

    [[nodiscard]] QColor color(Color token) const { return m_tokens.color(token, m_dark); }
    [[nodiscard]] int length(Length token) const { return m_tokens.length(token); }
    [[nodiscard]] QFont font(Type token) const { return m_fonts[static_cast<std::size_t>(token)]; }
    /// Graphic colour of a severity; the text colour for letters and for glyphs on a selected row.
    [[nodiscard]] QColor severityGraphic(alerts::Severity severity) const;
    [[nodiscard]] QColor severityText(alerts::Severity severity) const;
    [[nodiscard]] QString severityLetter(alerts::Severity severity) const;
    [[nodiscard]] QColor series(int index) const;

Q_SIGNALS:
    void changed();

private:
    Theme();
    void buildFonts();
    [[nodiscard]] QPalette palette() const;

    Tokens m_tokens;
    std::array<QFont, static_cast<std::size_t>(Type::Count)> m_fonts;
    ThemeChoice m_choice = ThemeChoice::System;
    bool m_dark = true;
};

/// Shorthands, as they stand in every paint function.
inline QColor tint(Color token)
{
    return Theme::instance().color(token);
}
inline int px(Length token)
{
    return Theme::instance().length(token);
}
inline QFont typeface(Type token)
{
    return Theme::instance().font(token);
}

/// What the desktop asks for: org.freedesktop.appearance over D-Bus, else the lightness of the palette.
bool systemPrefersDark();

} // namespace nightjar::ui
