// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

class QStyleOptionButton;
class QStyleOptionComplex;
class QStyleOptionTab;

namespace nightjar::ui {

/// How a button is filled; Button (widgets/button.h) carries it as dynamic property.
enum class ButtonKind : int { Secondary, Primary, Danger, Flat, Link };

/// Fusion with every control drawn from tokens: buttons, inputs, check boxes, tabs, scroll bars, menus. No style sheet.
class Style : public QProxyStyle {
    Q_OBJECT
public:
    Style();

    void polish(QWidget *widget) override;
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                         const QWidget *widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;

private:
    static void drawButtonPanel(const QStyleOption &option, QPainter &painter, const QWidget *widget);
    static void drawButtonLabel(const QStyleOptionButton &option, QPainter &painter, const QWidget *widget);
    static void drawMark(PrimitiveElement element, const QStyleOption &option, QPainter &painter);
    static void drawTab(const QStyleOptionTab &option, QPainter &painter, bool label);
    void drawScrollBar(const QStyleOptionComplex &option, QPainter &painter, const QWidget *widget) const;
    void drawComboBox(const QStyleOptionComplex &option, QPainter &painter, const QWidget *widget) const;
};

/// The 2-px ring of what has the focus, drawn inside `rect`.
void paintFocusRing(QPainter &painter, const QRect &rect);

} // namespace nightjar::ui
