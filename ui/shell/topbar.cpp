// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/topbar.h"

#include "ui/theme/icons.h"

#include <QActionGroup>
#include <QPainter>
#include <QPainterPath>

namespace nightjar::ui {

namespace {

constexpr int kField = 520;
constexpr int kFieldSmall = 360;

/// The mark: a bird seen from the front, wings spread.
class Mark : public QWidget {
public:
    Mark() { setFixedSize(px(Length::NavRail) - px(Length::PaneInset), px(Length::TopBar) - 1); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.translate(24, 12);
        painter.setPen(QPen(tint(Color::Accent), 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        QPainterPath wings;
        wings.moveTo(0, 2);
        wings.cubicTo(4, 4, 9, 5, 12, 9);
        wings.cubicTo(15, 5, 20, 4, 24, 2);
        wings.moveTo(3, 8);
        wings.cubicTo(6, 8, 10, 10, 12, 18);
        wings.cubicTo(14, 10, 18, 8, 21, 8);
        painter.drawPath(wings);
        painter.setBrush(tint(Color::Accent));
        painter.setPen(Qt::NoPen);
        painter.drawEllipse(QPointF(12, 2.5), 2, 2);
    }
};

} // namespace

CommandField::CommandField(QWidget *parent)
    : QAbstractButton(parent)
{
    setAccessibleName(tr("Search, jump or act"));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setFixedSize(kField, px(Length::Input));
}

QSize CommandField::sizeHint() const
{
    return {kField, px(Length::Input)};
}

void CommandField::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int radius = px(Length::RadiusControl);
    painter.setBrush(tint(underMouse() ? Color::Hover : Color::Bg));
    painter.setPen(tint(Color::ControlBorder));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    paintIcon(painter, QRect(8, (height() - 16) / 2, 16, 16), QStringLiteral("search"), Color::Text2);
    painter.setFont(typeface(Type::Body));
    painter.setPen(tint(Color::Text2));
    painter.drawText(rect().adjusted(32, 0, -64, 0), Qt::AlignVCenter | Qt::AlignLeft, tr("Search, jump or act"));
    painter.setFont(typeface(Type::Caption));
    const QRect key(width() - 52, (height() - 18) / 2, 44, 18);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(tint(Color::Hairline));
    painter.drawRoundedRect(QRectF(key).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setPen(tint(Color::Text2));
    painter.drawText(key, Qt::AlignCenter, QStringLiteral("Ctrl K"));
    if (hasFocus()) {
        paintFocusRing(painter, rect());
    }
}

TopBar::TopBar(ShellServices &services, QWidget *parent)
    : Surface(Color::Panel, parent)
    , m_services(services)
    , m_back(new IconButton(QStringLiteral("back"), tr("Back")))
    , m_forward(new IconButton(QStringLiteral("forward"), tr("Forward")))
    , m_tenant(new PlainLabel)
    , m_simulated(new PlainLabel(tr("simulated"), Type::Caption, Color::Warn))
    , m_command(new CommandField)
    , m_range(new Button(tr("All time"), ButtonKind::Secondary, QStringLiteral("clock")))
    , m_zone(new PlainLabel(QStringLiteral("UTC"), Type::Body, Color::Text2))
    , m_look(new IconButton(QStringLiteral("look"), tr("Look: system, light, dark")))
    , m_help(new IconButton(QStringLiteral("help"), tr("Keys")))
{
    setEdges(Qt::BottomEdge);
    setFixedHeight(px(Length::TopBar));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, px(Length::PaneInset), 1);
    row->setSpacing(8);
    row->addWidget(new Mark);
    row->addWidget(m_back);
    row->addWidget(m_forward);
    row->addSpacing(8);
    row->addWidget(m_tenant);
    row->addWidget(m_simulated);
    row->addStretch(1);
    row->addWidget(m_command);
    row->addStretch(1);
    row->addWidget(m_range);
    row->addWidget(m_zone);
    row->addWidget(m_look);
    row->addWidget(m_help);
    m_tenant->setType(Type::BodyStrong);
    m_simulated->hide();
    m_zone->setAccessibleName(tr("Times are in UTC"));
    connect(m_back, &Button::clicked, this, &TopBar::backClicked);
    connect(m_forward, &Button::clicked, this, &TopBar::forwardClicked);
    connect(m_command, &CommandField::clicked, this, &TopBar::commandClicked);
    connect(m_help, &Button::clicked, this, &TopBar::helpClicked);
    const std::pair<std::int64_t, QString> ranges[] = {{0, tr("All time")},
                                                       {kMicrosPerDay / 24, tr("Last hour")},
                                                       {kMicrosPerDay, tr("Last 24 h")},
                                                       {7 * kMicrosPerDay, tr("Last 7 d")},
                                                       {30 * kMicrosPerDay, tr("Last 30 d")}};
    for (const auto &[micros, label] : ranges) {
        connect(m_rangeMenu.addAction(label), &QAction::triggered, this,
                [this, span = micros, name = label] { chooseRange(span, name); });
    }
    m_range->setMenu(&m_rangeMenu);
    setPlainToolTip(m_range, tr("Counts back from the newest stored event"));
    connect(&services, &ShellServices::rangeChanged, this,
            [this](const TimeRange &range) { m_range->setLabel(range.label); });
    fillThemeMenu();
}

void TopBar::fillThemeMenu()
{
    auto *group = new QActionGroup(&m_themeMenu);
    const std::pair<ThemeChoice, QString> choices[] = {
        {ThemeChoice::System, tr("As the system")}, {ThemeChoice::Light, tr("Light")}, {ThemeChoice::Dark, tr("Dark")}};
    for (const auto &[choice, label] : choices) {
        QAction *action = m_themeMenu.addAction(label);
        action->setCheckable(true);
        action->setChecked(choice == Theme::instance().choice());
        group->addAction(action);
        connect(action, &QAction::triggered, this,
                [this, value = static_cast<int>(choice)] { Q_EMIT themeChosen(value); });
    }
    connect(m_look, &Button::clicked, this,
            [this] { m_themeMenu.popup(m_look->mapToGlobal(QPoint(0, m_look->height()))); });
}

void TopBar::chooseRange(std::int64_t micros, const QString &label)
{
    m_rangeMicros = micros;
    TimeRange range;
    range.label = label;
    if (micros > 0 && m_newest != kNoTime) {
        range.from = m_newest - micros;
        range.to = m_newest + 1;
    }
    m_services.setRange(range);
}

void TopBar::setNewest(Timestamp newest)
{
    if (newest != m_newest) {
        m_newest = newest;
        if (m_rangeMicros > 0) {
            chooseRange(m_rangeMicros, m_services.range().label);
        }
    }
}

void TopBar::setHistory(bool back, bool forward)
{
    m_back->setEnabled(back);
    m_forward->setEnabled(forward);
}

void TopBar::setTenant(const QString &tenant, bool simulated)
{
    m_tenant->setText(tenant);
    m_simulated->setVisible(simulated);
}

void TopBar::setSmall(bool small)
{
    m_command->setFixedWidth(small ? kFieldSmall : kField);
}

void TopBar::setBare(bool bare)
{
    for (QWidget *part :
         {static_cast<QWidget *>(m_back), static_cast<QWidget *>(m_forward), static_cast<QWidget *>(m_command),
          static_cast<QWidget *>(m_range), static_cast<QWidget *>(m_zone)}) {
        part->setVisible(!bare);
    }
    if (bare) {
        setTenant(QStringLiteral("Nightjar"), false);
    }
}

} // namespace nightjar::ui
