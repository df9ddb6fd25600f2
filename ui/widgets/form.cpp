// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/form.h"

#include <QWheelEvent>

namespace nightjar::ui {

namespace {

constexpr int kLabelWidth = 132;

} // namespace

Choice::Choice(const QString &name, QWidget *parent)
    : QComboBox(parent)
{
    setAccessibleName(name);
    setFocusPolicy(Qt::StrongFocus);
    setSizeAdjustPolicy(AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(12);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Choice::add(const QString &text, const QString &value)
{
    addItem(text, value);
}

bool Choice::setValue(const QString &value)
{
    const int at = findData(value);
    setCurrentIndex(at < 0 ? 0 : at);
    return at >= 0;
}

void Choice::wheelEvent(QWheelEvent *event)
{
    event->ignore();
}

Form::Form(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    const int inset = px(Length::PaneInset);
    m_grid->setContentsMargins(inset, 12, inset, 12);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(2);
    m_grid->setColumnMinimumWidth(0, kLabelWidth);
    m_grid->setColumnStretch(1, 1);
}

void Form::addRow(const QString &label, QWidget *field, const QString &help, const QList<QWidget *> &buttons)
{
    Row row;
    row.field = field;
    row.helpText = help;
    row.label = new PlainLabel(label, Type::Body, Color::Text2);
    row.label->setFixedHeight(px(Length::Input));
    row.line = new QWidget;
    auto *line = new QHBoxLayout(row.line);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(field, 1);
    for (QWidget *button : buttons) {
        line->addWidget(button);
    }
    row.help = new PlainLabel(help, Type::Caption, Color::Text2);
    row.help->setWordWrap(true);
    row.help->setVisible(!help.isEmpty());
    if (field->accessibleName().isEmpty()) {
        field->setAccessibleName(label);
    }
    field->setAccessibleDescription(help);
    const int at = static_cast<int>(m_rows.size()) * 3;
    m_grid->addWidget(row.label, at, 0, Qt::AlignTop);
    m_grid->addWidget(row.line, at, 1);
    m_grid->addWidget(row.help, at + 1, 1);
    m_grid->setRowMinimumHeight(at + 2, 6);
    m_rows << row;
}

void Form::setRowVisible(QWidget *field, bool visible)
{
    for (int i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows[i];
        if (row.field == field) {
            row.label->setVisible(visible);
            row.line->setVisible(visible);
            row.help->setVisible(visible && !row.help->text().isEmpty());
            m_grid->setRowMinimumHeight(i * 3 + 2, visible ? 6 : 0);
        }
    }
}

void Form::setError(QWidget *field, const QString &error)
{
    for (const Row &row : std::as_const(m_rows)) {
        if (row.field == field) {
            row.help->setText(error.isEmpty() ? row.helpText : error);
            row.help->setColor(error.isEmpty() ? Color::Text2 : Color::Error);
            row.help->setVisible(!row.help->text().isEmpty() && row.line->isVisibleTo(this));
            field->setAccessibleDescription(row.help->text());
        }
    }
}

void Form::clearErrors()
{
    for (const Row &row : std::as_const(m_rows)) {
        setError(row.field, {});
    }
}

QLineEdit *makeField(const QString &name, const QString &placeholder, bool mono, int limit)
{
    auto *field = new QLineEdit;
    field->setAccessibleName(name);
    field->setPlaceholderText(placeholder);
    field->setMaxLength(limit);
    if (mono) {
        field->setFont(typeface(Type::Data));
    }
    return field;
}

QScrollArea *makeScroll(QWidget *content)
{
    auto *area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    return area;
}

QTabBar *makeTabs(const QString &name)
{
    auto *tabs = new QTabBar;
    tabs->setAccessibleName(name);
    tabs->setDrawBase(false);
    tabs->setExpanding(false);
    tabs->setElideMode(Qt::ElideNone);
    tabs->setUsesScrollButtons(false);
    return tabs;
}

} // namespace nightjar::ui
