// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/events/chiprow.h"

#include "present/show.h"
#include "ui/theme/icons.h"
#include "ui/theme/style.h"
#include "ui/widgets/plainlabel.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace nightjar::ui {

namespace {

constexpr int kCross = 12;
constexpr int kGap = 6;
constexpr int kLongest = 220; ///< a value's room before it is cut

} // namespace

QueryChip::QueryChip(const present::Clause &clause, bool disabled, QWidget *parent)
    : QAbstractButton(parent)
    , m_clause(clause)
    , m_disabled(disabled)
{
    const std::string value = clause.value.toStdString();
    m_value = clause.field.isEmpty() ? present::shown(value, 256)
                                     : present::shownField(clause.field.toStdString(), value).left(256);
    m_value = QFontMetrics(typeface(Type::Data)).elidedText(m_value, Qt::ElideRight, kLongest);
    setFixedHeight(px(Length::Chip));
    setFocusPolicy(Qt::StrongFocus);
    const QString sentence =
        QString(clause.field + QLatin1Char(' ') + operatorText() + QLatin1Char(' ') + m_value).trimmed();
    setAccessibleName(disabled ? tr("Filter, switched off: %1").arg(sentence) : tr("Filter: %1").arg(sentence));
    setAccessibleDescription(tr("Space switches it off or on, ! inverts, Delete removes"));
    setPlainToolTip(this, present::shown(clause.text.toStdString(), 512));
}

QString QueryChip::operatorText() const
{
    const QString &op = m_clause.op;
    if (op.isEmpty()) {
        return {};
    }
    if (op == QLatin1String(":") && m_clause.value == QLatin1String("*")) {
        return m_clause.exclude ? tr("missing") : tr("exists");
    }
    if (op == QLatin1String(":") || op == QLatin1String("=")) {
        return m_clause.exclude ? tr("is not") : tr("is");
    }
    if (op.contains(QLatin1Char('~'))) {
        return m_clause.exclude ? tr("does not match") : tr("matches");
    }
    if (op == QLatin1String(">=") || op == QLatin1String(":>=")) {
        return QStringLiteral("≥");
    }
    if (op == QLatin1String("<=") || op == QLatin1String(":<=")) {
        return QStringLiteral("≤");
    }
    return op;
}

QRect QueryChip::cross() const
{
    return {width() - kCross - px(Length::CellInset), (height() - kCross) / 2, kCross, kCross};
}

QSize QueryChip::sizeHint() const
{
    const QFontMetrics body(typeface(Type::Body));
    const QFontMetrics mono(typeface(Type::Data));
    int width = 2 * px(Length::CellInset) + kCross + kGap;
    const QString op = operatorText();
    width += m_clause.field.isEmpty() ? 0 : body.horizontalAdvance(m_clause.field) + kGap;
    width += op.isEmpty() ? 0 : body.horizontalAdvance(op) + kGap;
    width += m_clause.value == QLatin1String("*") ? 0 : mono.horizontalAdvance(m_value);
    width += m_clause.exclude ? kCross + 4 : 0;
    return {width, px(Length::Chip)};
}

void QueryChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen edge(tint(m_disabled ? Color::Disabled : Color::Hairline));
    if (m_disabled) {
        edge.setDashPattern({3, 2});
    } else {
        painter.setBrush(tint(underMouse() ? Color::Hover : Color::Raised));
    }
    painter.setPen(edge);
    const int radius = px(Length::RadiusControl);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    int x = px(Length::CellInset);
    if (m_clause.exclude) {
        paintIcon(painter, QRect(x, (height() - kCross) / 2, kCross, kCross), QStringLiteral("minus"),
                  m_disabled ? Color::Disabled : Color::Error);
        x += kCross + 4;
    }
    const auto write = [&](const QString &text, Type type, Color color) {
        if (text.isEmpty()) {
            return;
        }
        QFont font = typeface(type);
        font.setStrikeOut(m_disabled && type == Type::Data);
        painter.setFont(font);
        painter.setPen(tint(m_disabled ? Color::Disabled : color));
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter | Qt::TextSingleLine, text);
        x += painter.fontMetrics().horizontalAdvance(text) + kGap;
    };
    write(m_clause.field, Type::Body, Color::Text2);
    write(operatorText(), Type::Body, Color::Accent);
    if (m_clause.value != QLatin1String("*")) {
        write(m_value, Type::Data, Color::Text);
    }
    paintIcon(painter, cross(), QStringLiteral("close"), Color::Text2);
    if (hasFocus()) {
        paintFocusRing(painter, rect());
    }
}

void QueryChip::mouseReleaseEvent(QMouseEvent *event)
{
    if (cross().adjusted(-6, -6, px(Length::CellInset), 6).contains(event->pos())) {
        setDown(false);
        Q_EMIT removeRequested();
        return;
    }
    if (!m_disabled && rect().contains(event->pos()) && event->button() == Qt::LeftButton) {
        setDown(false);
        Q_EMIT editRequested();
        return;
    }
    QAbstractButton::mouseReleaseEvent(event);
}

void QueryChip::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace) {
        Q_EMIT removeRequested();
    } else if (event->key() == Qt::Key_Exclam) {
        Q_EMIT invertRequested();
    } else {
        QAbstractButton::keyPressEvent(event); // arrows move between chips
    }
}

ChipRow::ChipRow(present::QueryController &query, QWidget *parent)
    : QWidget(parent)
    , m_query(query)
    , m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(px(Length::CellInset));
    setAccessibleName(tr("Filters"));
    setMinimumWidth(0);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    setFixedHeight(px(Length::Chip));
    connect(&query, &present::QueryController::changed, this, &ChipRow::rebuild);
    rebuild();
}

void ChipRow::rebuild()
{
    while (QLayoutItem *item = m_row->takeAt(0)) {
        if (item->widget() != nullptr) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    const std::vector<present::Clause> clauses = m_query.clauses();
    for (std::size_t i = 0; i < clauses.size(); ++i) {
        auto *chip = new QueryChip(clauses[i], false, this);
        const int place = static_cast<int>(i);
        connect(
            chip, &QueryChip::clicked, this, [this, place] { m_query.disableClause(place); }, Qt::QueuedConnection);
        const int start = static_cast<int>(clauses[i].start);
        const int length = static_cast<int>(clauses[i].length);
        connect(chip, &QueryChip::editRequested, this, [this, start, length] { Q_EMIT editRequested(start, length); });
        connect(
            chip, &QueryChip::removeRequested, this, [this, place] { m_query.removeClause(place); },
            Qt::QueuedConnection);
        connect(
            chip, &QueryChip::invertRequested, this, [this, place] { m_query.invertClause(place); },
            Qt::QueuedConnection);
        m_row->addWidget(chip);
    }
    const QStringList &disabled = m_query.state().disabled;
    for (int i = 0; i < disabled.size(); ++i) {
        const std::vector<present::Clause> parts = present::clausesOf(disabled.at(i));
        if (parts.empty()) {
            continue;
        }
        auto *chip = new QueryChip(parts.front(), true, this);
        connect(
            chip, &QueryChip::clicked, this, [this, i] { m_query.enableClause(i); }, Qt::QueuedConnection);
        connect(
            chip, &QueryChip::removeRequested, this, [this, i] { m_query.dropDisabled(i); }, Qt::QueuedConnection);
        m_row->addWidget(chip);
    }
    m_row->addStretch(1);
}

} // namespace nightjar::ui
