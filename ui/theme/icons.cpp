// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include "ui/theme/theme.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QSvgRenderer>

#include <cmath>

namespace nightjar::ui {

namespace {

constexpr int kCachedPixmaps = 2'000;

QByteArray source(const QString &name)
{
    static QHash<QString, QByteArray> sources;
    const auto found = sources.constFind(name);
    if (found != sources.constEnd()) {
        return *found;
    }
    Theme::instance(); // brings the resources in
    QFile file(u":/nightjar/icons/" + name + u".svg");
    QByteArray text = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    sources.insert(name, text);
    return text;
}

class ThemeIconEngine : public QIconEngine {
public:
    ThemeIconEngine(QString name, Color color)
        : m_name(std::move(name))
        , m_color(color)
    {
    }
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        paintIcon(*painter, rect, m_name, tokenFor(mode));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return iconPixmap(m_name, std::min(size.width(), size.height()), tint(tokenFor(mode)), 1.0);
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        const auto side = static_cast<int>(std::lround(std::min(size.width(), size.height()) / scale));
        return iconPixmap(m_name, side, tint(tokenFor(mode)), scale);
    }
    [[nodiscard]] QIconEngine *clone() const override { return new ThemeIconEngine(m_name, m_color); }

private:
    [[nodiscard]] Color tokenFor(QIcon::Mode mode) const
    {
        return mode == QIcon::Disabled ? Color::Disabled : mode == QIcon::Active ? Color::Text : m_color;
    }
    QString m_name;
    Color m_color;
};

} // namespace

QPixmap iconPixmap(const QString &name, int size, const QColor &color, qreal devicePixelRatio)
{
    static QHash<QString, QPixmap> cache;
    const QString key = name + u'|' + QString::number(size) + u'|' + color.name(QColor::HexArgb) + u'|' +
                        QString::number(devicePixelRatio);
    const auto found = cache.constFind(key);
    if (found != cache.constEnd()) {
        return *found;
    }
    QByteArray svg = source(name);
    const auto side = static_cast<int>(std::lround(size * devicePixelRatio));
    QPixmap pixmap(side, side);
    pixmap.fill(Qt::transparent);
    if (!svg.isEmpty() && side > 0) {
        svg.replace("currentColor", color.name().toLatin1());
        QSvgRenderer renderer(svg);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        renderer.render(&painter, QRectF(0, 0, side, side));
    }
    pixmap.setDevicePixelRatio(devicePixelRatio);
    if (cache.size() >= kCachedPixmaps) {
        cache.clear();
    }
    cache.insert(key, pixmap);
    return pixmap;
}

void paintIcon(QPainter &painter, const QRect &rect, const QString &name, Color color)
{
    const int side = std::min(rect.width(), rect.height());
    const qreal ratio = painter.device() != nullptr ? painter.device()->devicePixelRatioF() : 1.0;
    const QPoint corner(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2);
    painter.drawPixmap(corner, iconPixmap(name, side, tint(color), ratio));
}

QIcon themeIcon(const QString &name, Color color)
{
    return QIcon(new ThemeIconEngine(name, color));
}

} // namespace nightjar::ui
