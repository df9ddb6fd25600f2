// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/events/querybar.h"

#include "present/clauses.h"
#include "ui/theme/icons.h"
#include "ui/theme/style.h"

#include <QGuiApplication>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QTextCharFormat>

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr int kIcon = 16;
constexpr int kKeyBox = 18;

Color colorOf(present::SpanKind kind)
{
    switch (kind) {
    case present::SpanKind::Field:
        return Color::SyntaxKey;
    case present::SpanKind::Value:
        return Color::SyntaxString;
    case present::SpanKind::Number:
        return Color::SyntaxNumber;
    case present::SpanKind::Minus:
        return Color::Error;
    case present::SpanKind::Keyword:
        return Color::Accent;
    case present::SpanKind::Operator:
    case present::SpanKind::Word:
        break;
    }
    return Color::Text;
}

} // namespace

QueryBar::QueryBar(QWidget *parent)
    : QLineEdit(parent)
{
    setFont(typeface(Type::Data));
    setFixedHeight(px(Length::QueryBar));
    setTextMargins(kIcon + 2 * px(Length::CellInset) - 4, 0, kKeyBox + px(Length::CellInset), 0);
    setPlaceholderText(tr("Everything. Try user.name:a.diaz or -event.action:Blocked"));
    setAccessibleName(tr("Query"));
    setAccessibleDescription(tr("field:value, -field:value, \"free text\", and or not. Enter runs it."));
    setMaxLength(8'192);
    connect(this, &QLineEdit::textChanged, this, [this] {
        m_errorAt = -1;
        colour();
    });
    connect(this, &QLineEdit::returnPressed, this, &QueryBar::run);
}

void QueryBar::setError(std::uint64_t column)
{
    m_errorAt = -1;
    if (column > 0) {
        const QList<uint> characters = text().toUcs4();
        const auto before =
            static_cast<qsizetype>(std::min<std::uint64_t>(column - 1, static_cast<std::uint64_t>(characters.size())));
        m_errorAt = 0;
        for (qsizetype i = 0; i < before; ++i) {
            m_errorAt += QChar::requiresSurrogates(characters[i]) ? 2 : 1;
        }
    }
    colour();
}

void QueryBar::colour()
{
    if (m_colouring) {
        return;
    }
    m_colouring = true;
    QList<QInputMethodEvent::Attribute> attributes;
    const auto mark = [this, &attributes](qsizetype start, qsizetype length, const QTextCharFormat &format) {
        attributes.append(QInputMethodEvent::Attribute(QInputMethodEvent::TextFormat,
                                                       static_cast<int>(start) - cursorPosition(),
                                                       static_cast<int>(length), format));
    };
    for (const present::Span &span : present::spansOf(text())) {
        QTextCharFormat format;
        format.setForeground(tint(colorOf(span.kind)));
        mark(span.start, span.length, format);
    }
    if (m_errorAt >= 0 && !text().isEmpty()) {
        const qsizetype start = std::min<qsizetype>(m_errorAt, text().size() - 1);
        qsizetype end = start;
        while (end < text().size() && !text()[end].isSpace()) {
            ++end;
        }
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(tint(Color::Error));
        format.setForeground(tint(Color::Error));
        mark(start, std::max<qsizetype>(1, end - start), format);
    }
    QInputMethodEvent event(QString(), attributes);
    QGuiApplication::sendEvent(this, &event);
    m_colouring = false;
}

void QueryBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && parentWidget() != nullptr) {
        focusNextChild();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void QueryBar::changeEvent(QEvent *event)
{
    QLineEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) {
        colour();
    }
}

void QueryBar::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    paintIcon(painter, QRect(px(Length::CellInset), (height() - kIcon) / 2, kIcon, kIcon), QStringLiteral("search"),
              Color::Text2);
    if (!hasFocus()) {
        const QRect box(width() - kKeyBox - px(Length::CellInset), (height() - kKeyBox) / 2, kKeyBox, kKeyBox);
        painter.setPen(tint(Color::Hairline));
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), px(Length::RadiusBar),
                                px(Length::RadiusBar));
        painter.setFont(typeface(Type::DataSmall));
        painter.setPen(tint(Color::Text2));
        painter.drawText(box, Qt::AlignCenter, QStringLiteral("/"));
    }
}

} // namespace nightjar::ui
