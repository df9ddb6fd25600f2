// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QStyleFactory>
#include <QStyleOptionButton>
#include <QTabBar>
#include <QToolButton>

namespace nightjar::ui {

namespace {

constexpr int kScrollBar = 10;
constexpr int kThumbInset = 2;
constexpr int kTabHeight = 32;
constexpr int kTabPadding = 12;
constexpr int kIconGap = 6;
constexpr int kButtonIcon = 14;
constexpr int kTabAccent = 2;

ButtonKind kindOf(const QWidget *widget)
{
    if (widget == nullptr) {
        return ButtonKind::Secondary;
    }
    return static_cast<ButtonKind>(widget->property("njKind").toInt());
}

bool isSmall(const QWidget *widget)
{
    return widget != nullptr && widget->property("njSmall").toBool();
}

void roundRect(QPainter &painter, const QRect &rect, const QColor &fill, const QColor &border, int radius)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(fill);
    painter.setPen(border.isValid() ? QPen(border, 1) : QPen(Qt::NoPen));
    painter.drawRoundedRect(border.isValid() ? QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5) : QRectF(rect), radius,
                            radius);
    painter.restore();
}

bool has(const QStyleOption &option, QStyle::StateFlag flag)
{
    return option.state.testFlag(flag);
}

} // namespace

void paintFocusRing(QPainter &painter, const QRect &rect)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(tint(Color::Focus), px(Length::StrokeFocus)));
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), px(Length::RadiusControl), px(Length::RadiusControl));
    painter.restore();
}

Style::Style()
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
{
}

void Style::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) != nullptr || qobject_cast<QTabBar *>(widget) != nullptr ||
        qobject_cast<QScrollBar *>(widget) != nullptr || qobject_cast<QComboBox *>(widget) != nullptr) {
        widget->setAttribute(Qt::WA_Hover);
    }
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent:
        return kScrollBar;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return px(Length::Checkbox);
    case PM_ButtonMargin:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarBaseOverlap:
    case PM_ScrollView_ScrollBarSpacing:
        return 0;
    case PM_TabBarTabHSpace:
        return 2 * kTabPadding;
    case PM_SplitterWidth:
        return px(Length::SplitterGrip);
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
        return kButtonIcon;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_ScrollBar_ContextMenu:
    case SH_EtchDisabledText:
    case SH_UnderlineShortcut:
        return 0;
    case SH_TabBar_Alignment:
        return Qt::AlignLeft;
    case SH_ComboBox_Popup:
        return 0;
    case SH_Widget_Animation_Duration:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                              const QWidget *widget) const
{
    if (type == CT_PushButton) {
        const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
        const bool small = isSmall(widget);
        const int padding = kindOf(widget) == ButtonKind::Link ? 0 : small ? 8 : 12;
        int width = 2 * padding;
        if (button != nullptr) {
            const QFontMetrics metrics(typeface(Type::BodyStrong));
            width += metrics.horizontalAdvance(button->text);
            if (!button->icon.isNull()) {
                width += kButtonIcon + (button->text.isEmpty() ? 0 : kIconGap);
            }
            if (button->features.testFlag(QStyleOptionButton::HasMenu)) {
                width += kButtonIcon + 4;
            }
        }
        const QString key = widget != nullptr ? widget->property("njKey").toString() : QString();
        if (!key.isEmpty()) {
            width += QFontMetrics(typeface(Type::Caption)).horizontalAdvance(key) + 10 + 8;
        }
        return {width, small ? px(Length::ButtonSmall) : px(Length::Button)};
    }
    if (type == CT_ToolButton) {
        return size.expandedTo(QSize(px(Length::Button), px(Length::Button)));
    }
    if (type == CT_LineEdit || type == CT_ComboBox) {
        const QSize base = QProxyStyle::sizeFromContents(type, option, size, widget);
        return {base.width() + (type == CT_ComboBox ? 8 : 0), px(Length::Input)};
    }
    if (type == CT_TabBarTab) {
        const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option);
        const QFontMetrics metrics(typeface(Type::PaneHeading));
        return {(tab != nullptr ? metrics.horizontalAdvance(tab->text) : 0) + 2 * kTabPadding, kTabHeight};
    }
    if (type == CT_MenuItem) {
        const QSize base = QProxyStyle::sizeFromContents(type, option, size, widget);
        return {base.width() + 16, std::max(base.height(), px(Length::RowRoomy))};
    }
    return QProxyStyle::sizeFromContents(type, option, size, widget);
}

QRect Style::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    if (element == SE_PushButtonFocusRect || element == SE_PushButtonContents) {
        return option->rect;
    }
    if (element == SE_LineEditContents) {
        return option->rect.adjusted(8, 1, -8, -1);
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                            const QWidget *widget) const
{
    if (control == CC_ScrollBar) {
        if (part == SC_ScrollBarAddLine || part == SC_ScrollBarSubLine) {
            return {};
        }
        if (part == SC_ScrollBarGroove) {
            return option->rect;
        }
        const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option);
        if (slider != nullptr) {
            const bool across = slider->orientation == Qt::Horizontal;
            const int whole = across ? option->rect.width() : option->rect.height();
            const int range = slider->maximum - slider->minimum;
            int thumb = whole;
            if (range > 0) {
                const auto share =
                    static_cast<double>(slider->pageStep) / (static_cast<double>(range) + slider->pageStep);
                thumb = std::clamp(static_cast<int>(share * whole), std::min(24, whole), whole);
            }
            const int start = sliderPositionFromValue(slider->minimum, slider->maximum, slider->sliderPosition,
                                                      whole - thumb, slider->upsideDown);
            const auto rect = [&](int from, int length) {
                return across ? QRect(option->rect.x() + from, option->rect.y(), length, option->rect.height())
                              : QRect(option->rect.x(), option->rect.y() + from, option->rect.width(), length);
            };
            switch (part) {
            case SC_ScrollBarSlider:
                return rect(start, thumb);
            case SC_ScrollBarSubPage:
                return rect(0, start);
            case SC_ScrollBarAddPage:
                return rect(start + thumb, whole - start - thumb);
            default:
                break;
            }
        }
    }
    if (control == CC_ComboBox && part == SC_ComboBoxEditField) {
        return option->rect.adjusted(8, 1, -24, -1);
    }
    if (control == CC_ComboBox && part == SC_ComboBoxArrow) {
        return {option->rect.right() - 23, option->rect.y(), 24, option->rect.height()};
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

void Style::drawButtonPanel(const QStyleOption &option, QPainter &painter, const QWidget *widget)
{
    const ButtonKind kind = kindOf(widget);
    const bool enabled = has(option, State_Enabled);
    const bool hover = has(option, State_MouseOver) && enabled;
    const bool down = has(option, State_Sunken) || has(option, State_On);
    const QRect rect = option.rect;
    const int radius = px(Length::RadiusControl);
    const bool filled = kind == ButtonKind::Primary || kind == ButtonKind::Danger;
    if (filled && enabled) {
        const QColor fill = tint(kind == ButtonKind::Primary ? Color::FillAccent : Color::FillDanger);
        roundRect(painter, rect, down ? fill.darker(112) : hover ? fill.lighter(108) : fill, {}, radius);
    } else if (kind == ButtonKind::Secondary || filled) {
        const Color fill = down ? Color::Selection : hover ? Color::Hover : Color::Raised;
        roundRect(painter, rect, tint(fill), tint(Color::Hairline), radius);
    } else if (kind == ButtonKind::Flat && (hover || down)) {
        roundRect(painter, rect, tint(down ? Color::Selection : Color::Hover), {}, radius);
    }
    if (has(option, State_HasFocus) && has(option, State_KeyboardFocusChange)) {
        paintFocusRing(painter, rect);
        if (filled) { // on a fill the ring needs a gap to be seen
            painter.save();
            painter.setPen(tint(Color::Bg));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(rect).adjusted(2.5, 2.5, -2.5, -2.5), radius - 1, radius - 1);
            painter.restore();
        }
    }
}

void Style::drawButtonLabel(const QStyleOptionButton &option, QPainter &painter, const QWidget *widget)
{
    const ButtonKind kind = kindOf(widget);
    const bool enabled = has(option, State_Enabled);
    const bool filled = (kind == ButtonKind::Primary || kind == ButtonKind::Danger) && enabled;
    const Color ink = !enabled                   ? Color::Disabled
                      : filled                   ? Color::OnFill
                      : kind == ButtonKind::Link ? Color::Link
                                                 : Color::Text;
    painter.save();
    QFont font = typeface(Type::Body);
    font.setWeight(QFont::Medium);
    painter.setFont(font);
    const QFontMetrics metrics(font);
    const QString key = widget != nullptr ? widget->property("njKey").toString() : QString();
    const int keyWidth = key.isEmpty() ? 0 : QFontMetrics(typeface(Type::Caption)).horizontalAdvance(key) + 10;
    const int textWidth = metrics.size(Qt::TextShowMnemonic, option.text).width();
    const bool menu = option.features.testFlag(QStyleOptionButton::HasMenu);
    int total = textWidth + (keyWidth > 0 ? keyWidth + 8 : 0) + (menu ? kButtonIcon + 4 : 0);
    if (!option.icon.isNull()) {
        total += kButtonIcon + (option.text.isEmpty() ? 0 : kIconGap);
    }
    const bool left = widget != nullptr && widget->property("njLeft").toBool();
    int x = left ? option.rect.x() + 12 : option.rect.x() + std::max(0, (option.rect.width() - total) / 2);
    const int middle = option.rect.y() + option.rect.height() / 2;
    if (!option.icon.isNull()) {
        const QRect place(x, middle - kButtonIcon / 2, kButtonIcon, kButtonIcon);
        const QString name = widget != nullptr ? widget->property("njIcon").toString() : QString();
        if (!name.isEmpty()) {
            paintIcon(painter, place, name, ink);
        } else {
            option.icon.paint(&painter, place, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
        }
        x += kButtonIcon + kIconGap;
    }
    painter.setPen(tint(ink));
    const QRect textRect(x, option.rect.y(), std::min(textWidth + 1, option.rect.right() - x + 1),
                         option.rect.height());
    painter.drawText(textRect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextHideMnemonic | Qt::TextSingleLine,
                     option.text);
    x += textWidth;
    if (keyWidth > 0) {
        const QRect box(x + 8, middle - 9, keyWidth, 18);
        painter.setFont(typeface(Type::Caption));
        QColor border = tint(filled ? Color::OnFill : Color::Hairline);
        painter.setPen(border);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        painter.setPen(tint(filled ? Color::OnFill : enabled ? Color::Text2 : Color::Disabled));
        painter.drawText(box, Qt::AlignCenter, key);
        x += 8 + keyWidth;
    }
    if (menu) {
        paintIcon(painter, QRect(x + 4, middle - 6, 12, 12), QStringLiteral("chevron-down"),
                  enabled ? Color::Text2 : Color::Disabled);
    }
    painter.restore();
}

void Style::drawMark(PrimitiveElement element, const QStyleOption &option, QPainter &painter)
{
    const bool on = has(option, State_On);
    const bool enabled = has(option, State_Enabled);
    const QRectF box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tint(!enabled ? Color::Disabled : on ? Color::Accent : Color::ControlBorder));
    if (element == PE_IndicatorRadioButton) {
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(box);
        if (on) {
            painter.setBrush(tint(enabled ? Color::Accent : Color::Disabled));
            painter.setPen(Qt::NoPen);
            painter.drawEllipse(box.adjusted(3, 3, -3, -3));
        }
    } else {
        painter.setBrush(on && enabled ? QBrush(tint(Color::FillAccent)) : QBrush(Qt::NoBrush));
        painter.drawRoundedRect(box, 2, 2);
        if (on) {
            paintIcon(painter, option.rect.adjusted(1, 1, -1, -1), QStringLiteral("allowed"),
                      enabled ? Color::OnFill : Color::Disabled);
        } else if (has(option, State_NoChange)) {
            painter.fillRect(box.adjusted(3, 6, -3, -6), tint(Color::Accent));
        }
    }
    painter.restore();
    if (has(option, State_HasFocus) && has(option, State_KeyboardFocusChange)) {
        paintFocusRing(painter, option.rect.adjusted(-3, -3, 3, 3));
    }
}

void Style::drawTab(const QStyleOptionTab &option, QPainter &painter, bool label)
{
    const bool current = has(option, State_Selected);
    if (!label) {
        if (current) {
            painter.fillRect(
                QRect(option.rect.x(), option.rect.bottom() - kTabAccent + 1, option.rect.width(), kTabAccent),
                tint(Color::Accent));
        }
        if (has(option, State_HasFocus)) {
            paintFocusRing(painter, option.rect.adjusted(2, 2, -2, -4));
        }
        return;
    }
    painter.save();
    QFont font = typeface(Type::PaneHeading);
    font.setWeight(QFont::Medium);
    painter.setFont(font);
    painter.setPen(tint(!has(option, State_Enabled)               ? Color::Disabled
                        : current || has(option, State_MouseOver) ? Color::Text
                                                                  : Color::Text2));
    painter.drawText(option.rect, Qt::AlignCenter | Qt::TextHideMnemonic, option.text);
    painter.restore();
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                          const QWidget *widget) const
{
    switch (element) {
    case PE_PanelButtonCommand:
        drawButtonPanel(*option, *painter, widget);
        return;
    case PE_PanelButtonTool:
        if (has(*option, State_On) || has(*option, State_Sunken) || has(*option, State_MouseOver)) {
            roundRect(*painter, option->rect, tint(has(*option, State_MouseOver) ? Color::Hover : Color::Selection), {},
                      px(Length::RadiusControl));
        }
        return;
    case PE_FrameFocusRect:
        if (qobject_cast<const QPushButton *>(widget) == nullptr) {
            paintFocusRing(*painter, option->rect);
        }
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorRadioButton:
        drawMark(element, *option, *painter);
        return;
    case PE_PanelLineEdit:
        if (widget != nullptr && widget->property("njBare").toBool()) {
            return;
        }
        roundRect(*painter, option->rect, tint(Color::Bg),
                  tint(has(*option, State_Enabled) ? Color::ControlBorder : Color::Disabled),
                  px(Length::RadiusControl));
        if (has(*option, State_HasFocus)) {
            paintFocusRing(*painter, option->rect);
        }
        return;
    case PE_FrameLineEdit:
    case PE_FrameTabBarBase:
    case PE_FrameTabWidget:
    case PE_PanelStatusBar:
    case PE_FrameStatusBarItem:
        return;
    case PE_PanelMenu:
    case PE_FrameMenu:
        painter->fillRect(option->rect, tint(Color::Raised));
        painter->setPen(tint(Color::Hairline));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, tint(Color::Raised));
        painter->setPen(tint(Color::ControlBorder));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_Frame:
        if (qobject_cast<const QAbstractScrollArea *>(widget) != nullptr) {
            return;
        }
        break;
    default:
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void Style::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                        const QWidget *widget) const
{
    switch (element) {
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            drawButtonLabel(*button, *painter, widget);
        }
        return;
    case CE_PushButtonBevel:
        drawButtonPanel(*option, *painter, widget);
        return;
    case CE_TabBarTabShape:
    case CE_TabBarTabLabel:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option)) {
            drawTab(*tab, *painter, element == CE_TabBarTabLabel);
        }
        return;
    case CE_Splitter: {
        const bool across = has(*option, State_Horizontal);
        const QPoint middle = option->rect.center();
        painter->fillRect(across ? QRect(middle.x(), option->rect.y(), 1, option->rect.height())
                                 : QRect(option->rect.x(), middle.y(), option->rect.width(), 1),
                          tint(has(*option, State_MouseOver) ? Color::Accent : Color::Hairline));
        return;
    }
    case CE_HeaderSection:
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, tint(Color::Bg));
        painter->fillRect(QRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1),
                          tint(Color::Hairline));
        return;
    case CE_ComboBoxLabel:
        if (const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option)) {
            painter->save();
            painter->setPen(tint(has(*option, State_Enabled) ? Color::Text : Color::Disabled));
            const QRect field = subControlRect(CC_ComboBox, combo, SC_ComboBoxEditField, widget);
            painter->drawText(field, Qt::AlignVCenter | Qt::AlignLeft,
                              painter->fontMetrics().elidedText(combo->currentText, Qt::ElideRight, field.width()));
            painter->restore();
        }
        return;
    default:
        QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void Style::drawScrollBar(const QStyleOptionComplex &option, QPainter &painter, const QWidget *widget) const
{
    const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(&option);
    painter.fillRect(option.rect, tint(Color::Bg));
    if (slider == nullptr || slider->maximum <= slider->minimum) {
        return;
    }
    const QRect thumb = subControlRect(CC_ScrollBar, &option, SC_ScrollBarSlider, widget)
                            .adjusted(kThumbInset, kThumbInset, -kThumbInset, -kThumbInset);
    const bool active = has(option, State_MouseOver) || has(option, State_Sunken);
    roundRect(painter, thumb, tint(active ? Color::ControlBorder : Color::Hairline), {}, 3);
}

void Style::drawComboBox(const QStyleOptionComplex &option, QPainter &painter, const QWidget *) const
{
    const bool enabled = has(option, State_Enabled);
    const bool hover = has(option, State_MouseOver) && enabled;
    roundRect(painter, option.rect, tint(hover ? Color::Hover : Color::Raised), tint(Color::Hairline),
              px(Length::RadiusControl));
    paintIcon(painter, QRect(option.rect.right() - 19, option.rect.center().y() - 6, 12, 12),
              QStringLiteral("chevron-down"), enabled ? Color::Text2 : Color::Disabled);
    if (has(option, State_HasFocus)) {
        paintFocusRing(painter, option.rect);
    }
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                               const QWidget *widget) const
{
    if (control == CC_ScrollBar) {
        drawScrollBar(*option, *painter, widget);
    } else if (control == CC_ComboBox) {
        drawComboBox(*option, *painter, widget);
    } else if (control == CC_ToolButton) {
        const auto *tool = qstyleoption_cast<const QStyleOptionToolButton *>(option);
        if (tool == nullptr) {
            return;
        }
        drawPrimitive(PE_PanelButtonTool, option, painter, widget);
        if (!tool->icon.isNull()) {
            const int side = tool->iconSize.width();
            const QRect place(option->rect.center().x() - side / 2 + 1, option->rect.center().y() - side / 2 + 1, side,
                              side);
            tool->icon.paint(painter, place, Qt::AlignCenter,
                             has(*option, State_Enabled) ? QIcon::Normal : QIcon::Disabled);
        }
        if (has(*option, State_HasFocus) && has(*option, State_KeyboardFocusChange)) {
            paintFocusRing(*painter, option->rect);
        }
    } else {
        QProxyStyle::drawComplexControl(control, option, painter, widget);
    }
}

} // namespace nightjar::ui
