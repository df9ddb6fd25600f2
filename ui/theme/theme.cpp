// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/style.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusInterface>
#include <QDBusReply>
#include <QDBusVariant>
#include <QFontDatabase>
#include <QToolTip>

namespace nightjar::ui {

namespace {

constexpr int kPortalTimeoutMs = 200;

/// 1 dark, 2 light, 0 no wish, empty when nobody answers. Source: org.freedesktop.portal.Settings.
std::optional<uint> portalColorScheme()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        return std::nullopt;
    }
    QDBusMessage call = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.portal.Desktop"), QStringLiteral("/org/freedesktop/portal/desktop"),
        QStringLiteral("org.freedesktop.portal.Settings"), QStringLiteral("Read"));
    call << QStringLiteral("org.freedesktop.appearance") << QStringLiteral("color-scheme");
    const QDBusReply<QDBusVariant> reply = bus.call(call, QDBus::Block, kPortalTimeoutMs);
    if (!reply.isValid()) {
        return std::nullopt;
    }
    QVariant value = reply.value().variant();
    if (value.canConvert<QDBusVariant>()) {
        value = value.value<QDBusVariant>().variant();
    }
    return value.toUInt();
}

} // namespace

bool systemPrefersDark()
{
    static const bool paletteIsDark = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
    const auto scheme = portalColorScheme();
    if (scheme && *scheme != 0) {
        return *scheme == 1;
    }
    return paletteIsDark;
}

Theme &Theme::instance()
{
    static Theme theme;
    return theme;
}

Theme::Theme()
{
    auto tokens = Tokens::builtIn();
    if (!tokens) {
        qFatal("%s", describe(tokens.error()).c_str());
    }
    m_tokens = std::move(*tokens);
    buildFonts();
}

void Theme::buildFonts()
{
    for (std::size_t i = 0; i < m_fonts.size(); ++i) {
        const TypeToken &token = m_tokens.types[i];
        QFont font;
        font.setFamilies(token.data ? m_tokens.dataFamilies : m_tokens.uiFamilies);
        font.setPixelSize(token.px);
        font.setWeight(static_cast<QFont::Weight>(token.weight));
        font.setHintingPreference(QFont::PreferNoHinting); // even spacing at every scale
        if (token.data) {
            font.setStyleHint(QFont::Monospace);
            font.setFixedPitch(true);
            font.setStyleStrategy(QFont::PreferNoShaping); // no ligatures: "!=" and "://" show as written
        }
        m_fonts[i] = font;
    }
}

QPalette Theme::palette() const
{
    QPalette palette;
    palette.setColor(QPalette::Window, color(Color::Bg));
    palette.setColor(QPalette::Base, color(Color::Bg));
    palette.setColor(QPalette::AlternateBase, color(Color::AltRow));
    palette.setColor(QPalette::WindowText, color(Color::Text));
    palette.setColor(QPalette::Text, color(Color::Text));
    palette.setColor(QPalette::PlaceholderText, color(Color::Text2));
    palette.setColor(QPalette::Button, color(Color::Raised));
    palette.setColor(QPalette::ButtonText, color(Color::Text));
    palette.setColor(QPalette::BrightText, color(Color::Error));
    palette.setColor(QPalette::Highlight, color(Color::Selection));
    palette.setColor(QPalette::HighlightedText, color(Color::Text));
    palette.setColor(QPalette::Link, color(Color::Link));
    palette.setColor(QPalette::LinkVisited, color(Color::Link));
    palette.setColor(QPalette::ToolTipBase, color(Color::Raised));
    palette.setColor(QPalette::ToolTipText, color(Color::Text));
    palette.setColor(QPalette::Light, color(Color::Raised));
    palette.setColor(QPalette::Midlight, color(Color::Hairline));
    palette.setColor(QPalette::Mid, color(Color::Hairline));
    palette.setColor(QPalette::Dark, color(Color::Hairline));
    palette.setColor(QPalette::Shadow, color(Color::Hairline));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText}) {
        palette.setColor(QPalette::Disabled, role, color(Color::Disabled));
    }
    return palette;
}

void Theme::apply(ThemeChoice choice)
{
    m_choice = choice;
    m_dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && systemPrefersDark());
    if (qobject_cast<Style *>(QApplication::style()) == nullptr) {
        QApplication::setStyle(new Style);
    }
    QApplication::setPalette(palette());
    QToolTip::setPalette(palette());
    QApplication::setFont(font(Type::Body));
    QToolTip::setFont(font(Type::Body));
    Q_EMIT changed();
}

QColor Theme::severityGraphic(alerts::Severity severity) const
{
    return m_tokens.severities[static_cast<std::size_t>(severity)].graphic[m_dark ? 0 : 1];
}

QColor Theme::severityText(alerts::Severity severity) const
{
    return m_tokens.severities[static_cast<std::size_t>(severity)].text[m_dark ? 0 : 1];
}

QString Theme::severityLetter(alerts::Severity severity) const
{
    return m_tokens.severities[static_cast<std::size_t>(severity)].letter;
}

QColor Theme::series(int index) const
{
    const QList<QColor> &colors = m_tokens.series[m_dark ? 0 : 1];
    return colors[index % colors.size()];
}

} // namespace nightjar::ui
