// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/alerts/respondpane.h"

#include "present/show.h"
#include "ui/theme/icons.h"

#include <QMenu>
#include <QPainter>

#include <array>

namespace nightjar::ui {

namespace {

constexpr std::int64_t kDefaultDays = 30;
constexpr int kRing = 10;

bool isBlockable(const alerts::Observable &observable)
{
    return observable.kind == "domain" || observable.kind == "ip" || observable.kind == "url";
}

void empty(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        if (item->widget() != nullptr) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
}

QString kindWord(const std::string &kind)
{
    if (kind == "ip") {
        return RespondPane::tr("address");
    }
    return kind == "url" ? RespondPane::tr("URL") : RespondPane::tr("domain");
}

QString iconOf(const std::string &kind)
{
    return kind == "ip" ? QStringLiteral("ip") : kind == "url" ? QStringLiteral("url") : QStringLiteral("domain");
}

} // namespace

BlockStageLine::BlockStageLine(QWidget *parent)
    : QWidget(parent)
{
    setFixedHeight(24);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    set(NotSent, false);
}

void BlockStageLine::set(Stage stage, bool failed)
{
    m_stage = stage;
    m_failed = failed;
    const std::array names = {tr("Not sent"), tr("Saved"), tr("Live"), tr("Verified")};
    setAccessibleName(failed ? tr("State: failed after %1").arg(names[stage]) : tr("State: %1").arg(names[stage]));
    update();
}

void BlockStageLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const std::array names = {tr("Not sent"), tr("Saved"), tr("Live"), tr("Verified")};
    const QFontMetrics strong(typeface(Type::PaneHeading));
    int text = 0;
    for (const QString &name : names) {
        text += strong.horizontalAdvance(name) + kRing + 6;
    }
    const int gap = std::max(8, (width() - text) / 3);
    int x = 0;
    for (int i = 0; i < 4; ++i) {
        const bool here = i == m_stage;
        const bool behind = i > 0 && i <= m_stage;
        const Color color = here && m_failed ? Color::Error : behind ? Color::Ok : here ? Color::Accent : Color::Text2;
        const QRect ring(x, (height() - kRing) / 2, kRing, kRing);
        if (behind && !(here && m_failed)) {
            paintIcon(painter, ring.adjusted(-1, -1, 1, 1), QStringLiteral("allowed"), Color::Ok);
        } else {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(tint(color), 1.5));
            painter.drawEllipse(ring);
        }
        x += kRing + 5;
        const QString &name = names[static_cast<std::size_t>(i)];
        painter.setFont(typeface(here ? Type::PaneHeading : Type::Caption));
        painter.setPen(tint(here ? Color::Text : Color::Text2));
        painter.drawText(QRect(x, 0, strong.horizontalAdvance(name) + 2, height()),
                         Qt::AlignVCenter | Qt::TextSingleLine, name);
        x += painter.fontMetrics().horizontalAdvance(name);
        if (i < 3) {
            painter.fillRect(QRect(x + 6, height() / 2, std::max(0, gap - 12), 1), tint(Color::Hairline));
            x += gap;
        }
    }
}

RespondPane::RespondPane(QWidget *parent)
    : Surface(Color::Panel, parent)
    , m_ttl(kDefaultDays * kMicrosPerDay)
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *content = new Surface(Color::Panel);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(px(Length::PaneInset), px(Length::CellInset) + 4, px(Length::PaneInset),
                               px(Length::PaneInset));
    column->setSpacing(px(Length::CellInset));
    auto *head = new QHBoxLayout;
    m_caption = new PlainLabel(QString(), Type::Caption, Color::Text2);
    head->addWidget(new PlainLabel(tr("Respond"), Type::PaneHeading));
    head->addStretch(1);
    head->addWidget(m_caption);
    column->addLayout(head);
    column->addWidget(makeBox());
    m_more = new QWidget;
    auto *more = new QVBoxLayout(m_more);
    more->setContentsMargins(0, px(Length::CellInset), 0, 0);
    more->setSpacing(px(Length::Grid));
    m_others = new QVBoxLayout;
    m_history = new QVBoxLayout;
    m_others->setSpacing(px(Length::Grid));
    m_history->setSpacing(px(Length::Grid));
    more->addLayout(m_others);
    more->addSpacing(px(Length::CellInset));
    more->addWidget(new PlainLabel(tr("History"), Type::PaneHeading));
    more->addLayout(m_history);
    column->addWidget(m_more);
    column->addStretch(1);
    scroll->setWidget(content);
    outer->addWidget(scroll);
    setAccessibleName(tr("Respond"));
    clear();
}

QWidget *RespondPane::makeBox()
{
    auto *box = new Surface(Color::Bg);
    box->setEdges(Qt::TopEdge | Qt::BottomEdge | Qt::LeftEdge | Qt::RightEdge);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(12, px(Length::CellInset), 12, 12);
    column->setSpacing(px(Length::Grid));
    auto *head = new QHBoxLayout;
    head->setSpacing(px(Length::CellInset));
    m_kind = new IconLabel(QStringLiteral("domain"), 16);
    m_value = new PlainLabel(QString(), Type::Data);
    m_value->setEliding(true);
    m_state = new PlainLabel(QString(), Type::Caption, Color::Text2);
    head->addWidget(m_kind);
    head->addWidget(m_value, 1);
    head->addWidget(m_state);
    column->addLayout(head);
    column->addWidget(new Hairline);
    m_rows = new QWidget;
    auto *rows = new QVBoxLayout(m_rows);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(new PlainLabel(tr("Blast radius"), Type::PaneHeading));
    const auto row = [rows](const QString &key) {
        auto *made = new KeyValueRow(key);
        rows->addWidget(made);
        return made;
    };
    m_seen = row(tr("Seen in the store"));
    m_users = row(tr("Users affected"));
    m_soFar = row(tr("Blocked so far"));
    m_last = row(tr("Last seen"));
    m_entry = row(tr("Entry"));
    m_capacity = row(tr("Capacity after"));
    m_sends = row(tr("Sends"));
    column->addWidget(m_rows);
    m_facts = new PlainLabel(QString(), Type::Body, Color::Text2);
    m_facts->setEliding(true);
    m_facts->hide();
    column->addWidget(m_facts);
    column->addWidget(new Hairline);
    m_guards = new QVBoxLayout;
    m_guards->setSpacing(px(Length::Grid));
    column->addLayout(m_guards);
    auto *actions = new QHBoxLayout;
    m_block = new Button(tr("Block"), ButtonKind::Danger, QStringLiteral("block"));
    m_block->setKey(QStringLiteral("b"));
    m_block->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_period = new Button(tr("for 30 d"), ButtonKind::Secondary, QStringLiteral("chevron-down"));
    actions->addWidget(m_block, 1);
    actions->addWidget(m_period);
    column->addSpacing(px(Length::Grid));
    column->addLayout(actions);
    m_stages = new BlockStageLine;
    column->addWidget(m_stages);
    m_hint = new PlainLabel(QString(), Type::Caption, Color::Text2);
    m_hint->setWordWrap(true);
    column->addWidget(m_hint);
    connect(m_block, &Button::clicked, this,
            [this] { m_preview.alreadyBlocked ? Q_EMIT unblockRequested() : Q_EMIT blockRequested(); });
    connect(m_period, &Button::clicked, this, &RespondPane::choosePeriod);
    return box;
}

std::string RespondPane::value() const
{
    return m_current < m_observables.size() ? m_observables[m_current].value : std::string();
}

void RespondPane::setAlert(const alerts::Alert &alert)
{
    const std::string before = value();
    m_observables.clear();
    for (const alerts::Observable &observable : alert.finding.observables) {
        if (isBlockable(observable)) {
            m_observables.push_back(observable);
        }
    }
    empty(m_history);
    for (auto entry = alert.history.rbegin(); entry != alert.history.rend() && m_history->count() < 12; ++entry) {
        auto *line = new PlainLabel(QString(present::clockTime(entry->at).left(8) + QLatin1String("  ") +
                                            present::shown(entry->who, 64) + QLatin1String("  ") +
                                            present::shownDefanged(entry->what, 256)),
                                    Type::Caption, Color::Text2);
        line->setWordWrap(true);
        m_history->addWidget(line);
    }
    std::size_t keep = 0;
    for (std::size_t i = 0; i < m_observables.size(); ++i) {
        keep = m_observables[i].value == before ? i : keep;
    }
    chooseObservable(keep);
}

void RespondPane::chooseObservable(std::size_t observable)
{
    m_current = observable;
    m_preview = {};
    m_stages->set(BlockStageLine::NotSent, false);
    empty(m_others);
    empty(m_guards);
    const bool any = observable < m_observables.size();
    m_rows->setEnabled(any);
    m_caption->setText(
        any ? tr("%1 of %2 observables").arg(QString::number(observable + 1), QString::number(m_observables.size()))
            : QString());
    m_value->setText(any ? present::shownDefanged(m_observables[observable].value, 512)
                         : tr("Nothing here can be blocked"));
    m_kind->set(any ? iconOf(m_observables[observable].kind) : QStringLiteral("info"), Color::Text2);
    m_state->setText(QString());
    m_hint->setText(QString());
    for (KeyValueRow *row : {m_seen, m_users, m_soFar, m_last, m_entry, m_capacity, m_sends}) {
        row->setValue(any ? QString(QChar(0x2026)) : QString());
    }
    if (m_observables.size() > 1) {
        m_others->addWidget(new PlainLabel(tr("Also seen"), Type::PaneHeading));
    }
    for (std::size_t i = 0; i < m_observables.size(); ++i) {
        if (i == observable) {
            continue;
        }
        auto *line = new QWidget;
        auto *row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        auto *name = new PlainLabel(present::shownDefanged(m_observables[i].value, 256), Type::Data);
        name->setEliding(true);
        auto *look = new Button(tr("Look at %1").arg(kindWord(m_observables[i].kind)), ButtonKind::Secondary);
        look->setSmall(true);
        row->addWidget(new IconLabel(iconOf(m_observables[i].kind), 14));
        row->addWidget(name, 1);
        row->addWidget(
            new PlainLabel(QString(present::number(m_observables[i].count) + QChar(0x00D7)), Type::Body, Color::Text2));
        row->addWidget(look);
        m_others->addWidget(line);
        connect(
            look, &Button::clicked, this, [this, i] { chooseObservable(i); }, Qt::QueuedConnection);
    }
    showButton();
    if (any) {
        Q_EMIT previewRequested(QString::fromStdString(m_observables[observable].value));
    }
}

void RespondPane::clear()
{
    m_observables.clear();
    empty(m_history);
    chooseObservable(0);
}

void RespondPane::setPreview(const workspace::BlockPreview &preview)
{
    if (preview.value != value()) {
        return;
    }
    m_preview = preview;
    const std::int64_t after = preview.used + (preview.alreadyBlocked ? 0 : 1);
    m_seen->setValue(QString(present::number(preview.requests) + QChar(0x00D7)));
    m_users->setValue(present::number(preview.users), preview.users > 50 ? Color::Warn : Color::Text);
    m_soFar->setValue(present::number(preview.blockedSoFar));
    m_last->setValue(preview.lastSeen == kNoTime ? tr("never") : present::dayAndTime(preview.lastSeen));
    m_entry->setValue(preview.entry.empty() ? tr("none") : present::shown(preview.entry, 256));
    m_capacity->setValue(tr("%1 / %2").arg(present::number(after), present::number(preview.capacity)),
                         after > preview.capacity ? Color::Error : Color::Text);
    m_sends->setValue(preview.requestsToSend.size() == 1 ? tr("1 request")
                                                         : tr("%1 requests").arg(preview.requestsToSend.size()));
    QStringList told;
    for (const auto &[request, body] : preview.requestsToSend) {
        told.append(present::shown(request, 512) + QLatin1Char('\n') + present::shown(body, 512));
    }
    setPlainToolTip(m_sends, told.join(QLatin1Char('\n')));
    m_facts->setText(tr("Seen %1×   Users %2   Blocked so far %3   Capacity after %4 / %5")
                         .arg(present::number(preview.requests), present::number(preview.users),
                              present::number(preview.blockedSoFar), present::number(after),
                              present::number(preview.capacity)));
    m_state->setText(preview.alreadyBlocked ? tr("blocked") : tr("not blocked"));
    m_state->setColor(preview.alreadyBlocked ? Color::Error : Color::Text2);
    if (!m_pushing && !m_stages->hasFailed()) {
        m_stages->set(preview.alreadyBlocked ? BlockStageLine::Verified : BlockStageLine::NotSent, false);
    }
    showGuards();
    showButton();
}

void RespondPane::showGuards()
{
    empty(m_guards);
    const auto line = [this](const QString &icon, Color color, const QString &sentence) {
        auto *owner = new QWidget;
        auto *row = new QHBoxLayout(owner);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(px(Length::CellInset));
        auto *text = new PlainLabel(sentence, Type::Body);
        text->setWordWrap(true);
        row->addWidget(new IconLabel(icon, 14, color), 0, Qt::AlignTop);
        row->addWidget(text, 1);
        m_guards->addWidget(owner);
    };
    if (m_preview.guard == workspace::GuardLevel::Ok) {
        line(QStringLiteral("allowed"), Color::Ok, tr("No safety list names it"));
    }
    const bool refused = m_preview.guard == workspace::GuardLevel::Refused;
    for (const std::string &reason : m_preview.reasons) {
        line(refused ? QStringLiteral("blocked") : QStringLiteral("warning"), refused ? Color::Error : Color::Warn,
             present::shown(reason, 512));
    }
    if (m_preview.used >= m_preview.capacity && !m_preview.alreadyBlocked) {
        line(QStringLiteral("warning"), Color::Warn,
             tr("The deny list is full (%1)").arg(present::number(m_preview.capacity)));
    }
}

QString RespondPane::effect() const
{
    if (m_preview.guard == workspace::GuardLevel::Refused && !m_preview.alreadyBlocked) {
        return m_preview.reasons.empty() ? tr("This is never blocked.")
                                         : present::shown(m_preview.reasons.front(), 512);
    }
    return m_preview.alreadyBlocked ? tr("Removes 1 entry, live with the next activation. Undo stays available.")
                                    : tr("Adds 1 entry, live with the next activation. Undo stays available.");
}

void RespondPane::showButton()
{
    const bool known = !m_preview.value.empty();
    const bool refused = m_preview.guard == workspace::GuardLevel::Refused && !m_preview.alreadyBlocked;
    const QString kind = m_current < m_observables.size() ? kindWord(m_observables[m_current].kind) : QString();
    m_block->setLabel(m_preview.alreadyBlocked ? tr("Unblock %1").arg(kind) : tr("Block %1").arg(kind));
    m_block->setKind(m_preview.alreadyBlocked ? ButtonKind::Secondary : ButtonKind::Danger);
    m_block->setIconName(m_preview.alreadyBlocked ? QStringLiteral("unblock") : QStringLiteral("block"));
    m_block->setKey(m_preview.alreadyBlocked ? QStringLiteral("u") : QStringLiteral("b"));
    m_block->setEnabled(known && !refused && !m_pushing);
    m_period->setEnabled(known && !refused && !m_pushing);
    m_period->setVisible(!m_preview.alreadyBlocked);
    if (known && !m_pushing && !m_stages->hasFailed()) {
        m_hint->setColor(Color::Text2);
        m_hint->setText(effect());
    }
    m_block->setAccessibleDescription(known ? effect() : QString());
}

void RespondPane::setPushing(bool pushing)
{
    m_pushing = pushing;
    if (pushing) {
        m_stages->set(BlockStageLine::NotSent, false);
        m_hint->setColor(Color::Text2);
        m_hint->setText(tr("Queued."));
    }
    showButton();
}

void RespondPane::setStage(workspace::BlockStage stage, const QString &detail)
{
    using workspace::BlockStage;
    if (stage == BlockStage::Failed) {
        m_stages->set(m_stages->stage(), true);
    } else {
        m_stages->set(stage == BlockStage::Queued      ? BlockStageLine::NotSent
                      : stage == BlockStage::Sent      ? BlockStageLine::Saved
                      : stage == BlockStage::Activated ? BlockStageLine::Live
                                                       : BlockStageLine::Verified,
                      false);
    }
    m_hint->setText(detail);
}

void RespondPane::setOutcome(const workspace::BlockOutcome &outcome, bool block)
{
    m_pushing = false;
    const bool good = outcome.result == "blocked" || outcome.result == "unblocked" || outcome.result == "already" ||
                      outcome.result == "not_blocked";
    if (!good) {
        const bool saved = outcome.state == "saved" || outcome.state == "pending";
        m_stages->set(saved ? BlockStageLine::Saved : BlockStageLine::NotSent, outcome.result != "queued");
        m_hint->setColor(outcome.result == "queued" ? Color::Warn : Color::Error);
        m_hint->setText(outcome.why.empty() ? present::shown(outcome.result, 64) : present::shown(outcome.why, 1'024));
    } else {
        m_stages->set(BlockStageLine::Verified, false);
        m_hint->setText(block ? tr("Live and read back.") : tr("Removed and read back."));
    }
    m_block->setEnabled(true);
    Q_EMIT previewRequested(QString::fromStdString(value()));
}

void RespondPane::setProblem(const Error &error)
{
    m_pushing = false;
    m_stages->set(m_stages->stage(), true);
    m_hint->setColor(Color::Error);
    m_hint->setText(
        QString(present::shown(error.reason.empty() ? error.title : error.title + ": " + error.reason, 1'024) +
                QLatin1Char(' ') + present::shown(error.hint, 512)));
    showButton();
}

void RespondPane::choosePeriod()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const std::int64_t days : {1, 7, 30, 90, 0}) {
        const QString text = days == 0 ? tr("until retracted") : tr("for %1 d").arg(days);
        menu->addAction(text, this, [this, days, text] {
            m_ttl = days * kMicrosPerDay;
            m_period->setLabel(text);
        });
    }
    menu->popup(m_period->mapToGlobal(QPoint(0, m_period->height())));
}

void RespondPane::setNarrow(bool narrow)
{
    m_narrow = narrow;
    m_rows->setVisible(!narrow);
    m_facts->setVisible(narrow);
    m_more->setVisible(!narrow);
}

} // namespace nightjar::ui
