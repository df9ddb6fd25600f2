// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/overlays.h"

#include "present/show.h"
#include "ui/theme/icons.h"

#include <QEvent>
#include <QKeyEvent>
#include <QPainter>

#include <cmath>

namespace nightjar::ui {

namespace {

constexpr int kToastGap = 12;
constexpr int kMostToasts = 4;
constexpr int kSmallIcon = 16;
constexpr int kRunningRow = 68;
constexpr int kDoneRow = 32;
constexpr int kMostJobRows = 12;

void paintRaised(QWidget &widget)
{
    QPainter painter(&widget);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(tint(Color::Raised));
    painter.setPen(tint(Color::ControlBorder));
    const int radius = px(Length::RadiusPopover);
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

std::pair<QString, Color> toastIcon(ToastKind kind)
{
    switch (kind) {
    case ToastKind::Ok:
        return {QStringLiteral("allowed"), Color::Ok};
    case ToastKind::Warn:
        return {QStringLiteral("warning"), Color::Warn};
    case ToastKind::Error:
        return {QStringLiteral("warning"), Color::Error};
    case ToastKind::Info:
        break;
    }
    return {QStringLiteral("info"), Color::Accent};
}

} // namespace

Toast::Toast(const ToastText &text, QWidget *parent)
    : QWidget(parent)
{
    setFixedWidth(px(Length::ToastWidth));
    setAccessibleName(text.title);
    setAccessibleDescription(text.detail);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 12, 8, 12);
    row->setSpacing(12);
    const auto [icon, color] = toastIcon(text.kind);
    row->addWidget(new IconLabel(icon, kSmallIcon, color), 0, Qt::AlignTop);
    auto *column = new QVBoxLayout;
    column->setSpacing(0);
    auto *title = new PlainLabel(text.title, Type::BodyStrong);
    title->setWordWrap(true);
    column->addWidget(title);
    if (!text.detail.isEmpty()) {
        auto *detail = new PlainLabel(text.detail.left(400), Type::Body, Color::Text2);
        detail->setWordWrap(true);
        column->addWidget(detail);
    }
    row->addLayout(column, 1);
    if (!text.actionLabel.isEmpty()) {
        auto *act = new Button(text.actionLabel);
        connect(act, &Button::clicked, this, [this, action = text.action] {
            if (action) {
                action();
            }
            Q_EMIT closed();
        });
        row->addWidget(act, 0, Qt::AlignTop);
    }
    auto *close = new IconButton(QStringLiteral("close"), tr("Close this message"));
    close->setSmall(true);
    connect(close, &Button::clicked, this, &Toast::closed);
    row->addWidget(close, 0, Qt::AlignTop);
    m_life.setSingleShot(true);
    connect(&m_life, &QTimer::timeout, this, &Toast::closed);
    m_life.start(px(Length::ToastMinMs) * (text.kind == ToastKind::Error ? 3 : 1));
}

void Toast::paintEvent(QPaintEvent *)
{
    paintRaised(*this);
}

void Toast::enterEvent(QEnterEvent *)
{
    m_life.stop();
}

void Toast::leaveEvent(QEvent *)
{
    m_life.start(px(Length::ToastMinMs));
}

ToastStack::ToastStack(QWidget *area)
    : QObject(area)
    , m_area(area)
{
    area->installEventFilter(this);
}

void ToastStack::show(const ToastText &text)
{
    while (m_toasts.size() >= kMostToasts) {
        m_toasts.takeFirst()->deleteLater();
    }
    auto *toast = new Toast(text, m_area);
    connect(toast, &Toast::closed, this, [this, toast] {
        m_toasts.removeOne(toast);
        toast->hide();
        toast->deleteLater();
        place();
    });
    m_toasts << toast;
    toast->show();
    place();
}

void ToastStack::setBottom(int bottom)
{
    m_bottom = bottom;
    place();
}

void ToastStack::place()
{
    int y = m_area->height() - m_bottom;
    for (auto it = m_toasts.crbegin(); it != m_toasts.crend(); ++it) {
        Toast *toast = *it;
        const int height = std::max(toast->sizeHint().height(), toast->heightForWidth(toast->width()));
        toast->resize(toast->width(), height);
        y -= height;
        toast->move(m_area->width() - toast->width() - px(Length::PaneInset), y);
        toast->raise();
        y -= kToastGap;
    }
}

bool ToastStack::eventFilter(QObject *object, QEvent *event)
{
    if (event->type() == QEvent::Resize) {
        place();
    }
    return QObject::eventFilter(object, event);
}

ConfirmBar::ConfirmBar(QWidget *parent)
    : Surface(Color::AccentWash, parent)
    , m_icon(new IconLabel(QStringLiteral("warning"), kSmallIcon))
    , m_sentence(new PlainLabel({}, Type::Body))
    , m_field(new QLineEdit)
    , m_cancel(new Button(tr("Cancel")))
    , m_verb(new Button({}, ButtonKind::Primary))
{
    setEdges(Qt::TopEdge);
    setFixedHeight(px(Length::ConfirmBar));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    row->setSpacing(12);
    row->addWidget(m_icon);
    m_sentence->setEliding(true);
    row->addWidget(m_sentence, 1);
    m_field->setFont(typeface(Type::Data));
    m_field->setFixedWidth(240);
    m_field->setAccessibleName(tr("Type the value to confirm"));
    row->addWidget(m_field);
    m_cancel->setKey(QStringLiteral("Esc"));
    row->addWidget(m_cancel);
    row->addWidget(m_verb);
    connect(m_field, &QLineEdit::textChanged, this, &ConfirmBar::check);
    connect(m_field, &QLineEdit::returnPressed, m_verb, &Button::click);
    connect(m_cancel, &Button::clicked, this, &ConfirmBar::dismiss);
    connect(m_verb, &Button::clicked, this, [this] {
        const QString typed = m_field->text().trimmed();
        hide();
        Q_EMIT confirmed(typed);
    });
    hide();
}

void ConfirmBar::ask(const QString &sentence, const QString &verb, bool danger, const QStringList &typed)
{
    m_typed = typed;
    setFill(danger ? Color::DangerWash : Color::AccentWash);
    m_icon->set(danger ? QStringLiteral("warning") : QStringLiteral("info"), danger ? Color::Error : Color::Accent);
    m_sentence->setText(sentence);
    m_verb->setLabel(verb);
    m_verb->setKind(danger ? ButtonKind::Danger : ButtonKind::Primary);
    m_field->clear();
    m_field->setVisible(!typed.isEmpty());
    check();
    setAccessibleName(sentence);
    show();
    if (typed.isEmpty()) {
        m_verb->setFocus(Qt::OtherFocusReason);
    } else {
        m_field->setFocus(Qt::OtherFocusReason);
    }
}

void ConfirmBar::dismiss()
{
    hide();
    Q_EMIT dismissed();
}

void ConfirmBar::check()
{
    const QString typed = m_field->text().trimmed();
    m_verb->setEnabled(m_typed.isEmpty() || m_typed.contains(typed, Qt::CaseInsensitive));
}

void ConfirmBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        dismiss();
        return;
    }
    Surface::keyPressEvent(event);
}

JobsPopover::JobsPopover(present::JobModel &jobs, QWidget *parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_summary(new PlainLabel({}, Type::Caption, Color::Text2))
    , m_rows(new QVBoxLayout)
{
    setFocusPolicy(Qt::StrongFocus);
    setFixedWidth(px(Length::JobsPopover));
    setAccessibleName(tr("Jobs"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 8, 1, 8);
    column->setSpacing(0);
    auto *head = new PaneHead(tr("Jobs"));
    head->addTrailing(m_summary);
    column->addWidget(head);
    m_rows->setSpacing(0);
    column->addLayout(m_rows);
    connect(&jobs, &QAbstractItemModel::rowsInserted, this, &JobsPopover::rebuild);
    connect(&jobs, &QAbstractItemModel::rowsRemoved, this, &JobsPopover::rebuild);
    connect(&jobs, &QAbstractItemModel::modelReset, this, &JobsPopover::rebuild);
    connect(&jobs, &QAbstractItemModel::dataChanged, this, &JobsPopover::refresh);
    rebuild();
}

QSize JobsPopover::sizeHint() const
{
    return {px(Length::JobsPopover), QWidget::sizeHint().height()};
}

JobsPopover::Row JobsPopover::makeRow(int row)
{
    Row made;
    made.state = m_jobs.index(row).data(present::JobModel::StateRole).toInt();
    const bool running = made.state == static_cast<int>(present::JobState::Running);
    made.widget = new QWidget;
    made.icon = new IconLabel(QStringLiteral("jobs"), kSmallIcon);
    made.name = new PlainLabel({}, Type::BodyStrong);
    made.text = new PlainLabel({}, Type::Body, Color::Text2);
    made.name->setEliding(running);
    made.text->setEliding(true);
    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(made.icon);
    if (!running) {
        made.widget->setFixedHeight(kDoneRow);
        made.widget->setLayout(line);
        line->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
        line->addWidget(made.name);
        line->addWidget(made.text, 1);
        return made;
    }
    made.widget->setFixedHeight(kRunningRow);
    auto *column = new QVBoxLayout(made.widget);
    column->setContentsMargins(px(Length::PaneInset), 4, px(Length::PaneInset), 4);
    column->setSpacing(4);
    column->addLayout(line);
    line->addWidget(made.name, 1);
    made.percent = new PlainLabel({}, Type::Data);
    line->addWidget(made.percent);
    made.bar = new ProgressBar;
    column->addWidget(made.bar);
    auto *below = new QHBoxLayout;
    below->addWidget(made.text, 1);
    made.cancel = new Button(tr("Cancel"));
    made.cancel->setSmall(true);
    const int id = m_jobs.index(row).data(present::JobModel::IdRole).toInt();
    connect(made.cancel, &Button::clicked, this, [this, id] { m_jobs.cancel(id); });
    below->addWidget(made.cancel);
    column->addLayout(below);
    return made;
}

void JobsPopover::rebuild()
{
    for (const Row &row : m_list) {
        row.widget->hide();
        row.widget->deleteLater();
    }
    m_list.clear();
    for (int i = 0; i < std::min(m_jobs.rowCount(), kMostJobRows); ++i) {
        m_list << makeRow(i);
        m_rows->addWidget(m_list.back().widget);
    }
    refresh();
}

void JobsPopover::refresh()
{
    for (int i = 0; i < m_list.size() && i < m_jobs.rowCount(); ++i) {
        if (m_jobs.index(i).data(present::JobModel::StateRole).toInt() != m_list[i].state) {
            rebuild(); // a job has ended: its row changes its form
            return;
        }
    }
    for (int i = 0; i < m_list.size() && i < m_jobs.rowCount(); ++i) {
        const QModelIndex index = m_jobs.index(i);
        const Row &row = m_list[i];
        row.name->setText(index.data(present::JobModel::NameRole).toString());
        row.text->setText(index.data(present::JobModel::TextRole).toString().section(u'\n', 0, 0));
        const double fraction = index.data(present::JobModel::FractionRole).toDouble();
        if (row.bar != nullptr) {
            row.bar->setFraction(fraction);
            row.percent->setText(fraction < 0 ? QString() : tr("%1 %").arg(std::lround(fraction * 100)));
            row.cancel->setEnabled(!index.data(present::JobModel::CancellingRole).toBool());
            row.cancel->setAccessibleName(tr("Cancel %1").arg(row.name->text()));
        }
        switch (static_cast<present::JobState>(row.state)) {
        case present::JobState::Done:
            row.icon->set(QStringLiteral("allowed"), Color::Ok);
            break;
        case present::JobState::Failed:
            row.icon->set(QStringLiteral("warning"), Color::Error);
            break;
        case present::JobState::Cancelled:
            row.icon->set(QStringLiteral("stop"), Color::Text2);
            break;
        case present::JobState::Running:
            row.icon->set(QStringLiteral("jobs"), Color::Accent);
            break;
        }
    }
    const int running = m_jobs.running();
    m_summary->setText(
        m_jobs.rowCount() == 0
            ? tr("nothing has run yet")
            : tr("%1 running, %2 done").arg(QString::number(running), QString::number(m_jobs.rowCount() - running)));
    adjustSize();
    Q_EMIT resized();
}

void JobsPopover::paintEvent(QPaintEvent *)
{
    paintRaised(*this);
}

void JobsPopover::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT closed();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace nightjar::ui
