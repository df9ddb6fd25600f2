// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/response.h"

#include "base/text.h"
#include "present/show.h"
#include "ui/screens/connectform.h"
#include "ui/theme/icons.h"
#include "workspace/workspace.h"

#include <QAction>
#include <QPainter>
#include <QSplitter>

namespace nightjar::ui {

namespace {

constexpr std::size_t kJournalLines = 1'000;
constexpr int kReserve = 500;

} // namespace

struct ResponseScreen::Answer {
    Result<workspace::DenyListState> state = workspace::DenyListState{};
    Result<std::vector<workspace::JournalLine>> journal = std::vector<workspace::JournalLine>{};
};

ResponseScreen::ResponseScreen(ShellServices &services, QWidget *parent)
    : Screen(services, parent)
    , m_controller(services.session(), services.undo())
    , m_head(new ScreenHead(tr("Response")))
    , m_notice(new NoticeBar(NoticeBar::Kind::Info))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *readNow = new Button(tr("Read from Zscaler"), ButtonKind::Secondary, QStringLiteral("refresh"));
    connect(readNow, &Button::clicked, this, [this] { read(true); });
    m_head->addTrailing(readNow);
    auto *tenant = new Button(tr("Connection"), ButtonKind::Secondary, QStringLiteral("key"));
    connect(tenant, &Button::clicked, this, &ResponseScreen::connectTenant);
    m_head->addTrailing(tenant);
    column->addWidget(m_head);
    m_notice->hide();
    column->addWidget(m_notice);
    column->addWidget(buildFigures());
    column->addWidget(new Hairline);
    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    leftColumn->addWidget(buildBlockPane());
    leftColumn->addWidget(new Hairline);
    leftColumn->addWidget(buildListPane(), 1);
    m_confirm = new ConfirmBar;
    leftColumn->addWidget(m_confirm);
    auto *panes = new QHBoxLayout;
    panes->setSpacing(0);
    panes->addWidget(left, 58);
    panes->addWidget(new Hairline(Qt::Vertical));
    panes->addWidget(buildJournalPane(), 42);
    column->addLayout(panes, 1);
    connectController();
    addActions();
    clearPreview();
    connect(&session(), &present::Session::revisionChanged, this, [this] {
        if (isVisible()) {
            read(false);
        }
    });
}

QWidget *ResponseScreen::buildFigures()
{
    auto *strip = new QWidget;
    strip->setFixedHeight(88);
    auto *row = new QHBoxLayout(strip);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_inZscaler = new Figure(tr("In Zscaler"));
    m_own = new Figure(tr("Added by Nightjar"));
    m_other = new Figure(tr("Added elsewhere"));
    m_activation = new Figure(tr("Activation"));
    for (Figure *figure : {m_inZscaler, m_own, m_other, m_activation}) {
        figure->setLeadingEdge(figure != m_inZscaler);
        row->addWidget(figure, 1);
    }
    row->addWidget(new Hairline(Qt::Vertical));
    auto *capacity = new QWidget;
    auto *column = new QVBoxLayout(capacity);
    column->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    column->setSpacing(8);
    auto *head = new QHBoxLayout;
    head->addWidget(new PlainLabel(tr("Capacity"), Type::Caption, Color::Text2));
    head->addStretch(1);
    m_capacityText = new PlainLabel({}, Type::Caption, Color::Text2);
    head->addWidget(m_capacityText);
    column->addLayout(head);
    m_capacity = new Meter(tr("Capacity of the deny list"), px(Length::Meter));
    column->addWidget(m_capacity);
    column->addStretch(1);
    row->addWidget(capacity, 3);
    return strip;
}

QWidget *ResponseScreen::buildBlockPane()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new PaneHead(
        tr("Block a value"), tr("domain, address or URL, fanged or defanged; nothing is sent before you confirm")));
    auto *row = new QHBoxLayout;
    row->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 12);
    row->setSpacing(8);
    m_value = new QLineEdit;
    m_value->setFont(typeface(Type::Data));
    m_value->setPlaceholderText(tr("evil[.]example"));
    m_value->setAccessibleName(tr("Value to block"));
    m_value->setMaxLength(2048);
    m_reason = new QLineEdit;
    m_reason->setPlaceholderText(tr("reason, for the journal"));
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setMaxLength(500);
    m_previewButton = new Button(tr("Preview"), ButtonKind::Secondary, QStringLiteral("search"));
    row->addWidget(m_value, 3);
    row->addWidget(m_reason, 2);
    row->addWidget(m_previewButton);
    column->addLayout(row);
    m_previewPane = new QWidget;
    auto *inside = new QVBoxLayout(m_previewPane);
    inside->setContentsMargins(0, 0, 0, 12);
    inside->setSpacing(4);
    inside->addWidget(new Hairline(Qt::Horizontal, true));
    auto *figures = new QHBoxLayout;
    figures->setSpacing(0);
    m_seen = new Figure(tr("Seen in the store"));
    m_users = new Figure(tr("Users"));
    m_blockedSoFar = new Figure(tr("Blocked so far"));
    m_after = new Figure(tr("Deny list after"));
    for (Figure *figure : {m_seen, m_users, m_blockedSoFar, m_after}) {
        figure->setLeadingEdge(figure != m_seen);
        figures->addWidget(figure, 1);
    }
    inside->addLayout(figures);
    m_reasons = new QVBoxLayout;
    m_reasons->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    m_reasons->setSpacing(4);
    inside->addLayout(m_reasons);
    auto *requestsHead = new PaneHead(tr("Requests"), tr("exactly what will be sent, in order"));
    inside->addWidget(requestsHead);
    m_requests = new PlainLabel({}, Type::Data);
    m_requests->setWordWrap(true);
    m_requests->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 0);
    inside->addWidget(m_requests);
    auto *actions = new QHBoxLayout;
    actions->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 0);
    actions->setSpacing(12);
    m_stages = new PushStages;
    actions->addWidget(m_stages, 1);
    auto *discard = new Button(tr("Discard"));
    connect(discard, &Button::clicked, this, &ResponseScreen::clearPreview);
    actions->addWidget(discard);
    m_block = new Button(tr("Block"), ButtonKind::Danger, QStringLiteral("block"));
    actions->addWidget(m_block);
    inside->addLayout(actions);
    column->addWidget(m_previewPane);
    connect(m_value, &QLineEdit::returnPressed, this, &ResponseScreen::preview);
    connect(m_previewButton, &Button::clicked, this, &ResponseScreen::preview);
    connect(m_block, &Button::clicked, this, &ResponseScreen::askBlock);
    return pane;
}

QWidget *ResponseScreen::buildListPane()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_listHead = new PaneHead(tr("Deny list"), tr("as it is in Zscaler, shown defanged"));
    auto *find = new QLineEdit;
    find->setPlaceholderText(tr("find an entry"));
    find->setAccessibleName(tr("Find an entry of the deny list"));
    find->setFixedWidth(200);
    m_listHead->addTrailing(find);
    m_unblock = new Button(tr("Unblock"), ButtonKind::Secondary, QStringLiteral("unblock"));
    m_unblock->setEnabled(false);
    connect(m_unblock, &Button::clicked, this, &ResponseScreen::unblockSelected);
    m_listHead->addTrailing(m_unblock);
    column->addWidget(m_listHead);
    column->addWidget(new Hairline);
    m_list = new FastTable;
    m_list->setAccessibleName(tr("Deny list"));
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_filter.setSourceModel(&m_listModel);
    m_filter.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter.setFilterKeyColumn(present::DenyListModel::EntryColumn);
    m_list->setColumnSpecs({{0, CellStyle::Mono}, {220, CellStyle::Muted}});
    m_list->setModel(&m_filter);
    connect(find, &QLineEdit::textChanged, this, [this](const QString &text) {
        QString shown = present::shownDefanged(text.toStdString(), 300); // entries are shown defanged
        m_filter.setFilterFixedString(text.contains(u'[') ? text : shown);
    });
    connect(m_list, &FastTable::currentRowChanged, this,
            [this](int row) { m_unblock->setEnabled(row >= 0 && m_connected); });
    column->addWidget(m_list, 1);
    m_noEntries = new EmptyState(QStringLiteral("response"), tr("Nothing is blocked."),
                                 tr("Type a value above, or press b on an alert."));
    column->addWidget(m_noEntries, 1);
    return pane;
}

QWidget *ResponseScreen::buildJournalPane()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new PaneHead(tr("Journal"), tr("append-only; undo adds the inverse"));
    m_undo = new Button(tr("Undo"), ButtonKind::Secondary, QStringLiteral("undo"));
    m_undo->setKey(QStringLiteral("u"));
    m_undo->setEnabled(false);
    connect(m_undo, &Button::clicked, this, &ResponseScreen::undoSelected);
    head->addTrailing(m_undo);
    column->addWidget(head);
    column->addWidget(new Hairline);
    m_journal = new JournalView;
    m_journal->setModel(&m_journalModel);
    connect(m_journal, &JournalView::currentRowChanged, this, [this](int row) {
        const QModelIndex line = m_journalModel.index(row, 0);
        m_undo->setEnabled(row >= 0 && line.data(present::RowsModel::FlagRole).toBool());
        services().setSelectionSummary(
            row >= 0 ? line.data(present::RowsModel::DetailRole).toString().section(u'\n', 0, 0) : QString());
    });
    column->addWidget(m_journal, 1);
    m_noJournal = new EmptyState(QStringLiteral("journal"), tr("No change was pushed yet."),
                                 tr("Every block and unblock will stand here, with its proof and its undo."));
    column->addWidget(m_noJournal, 1);
    return pane;
}

void ResponseScreen::connectController()
{
    connect(&m_controller, &present::RespondController::previewed, this, &ResponseScreen::showPreview);
    connect(&m_controller, &present::RespondController::staged, this,
            [this](workspace::BlockStage stage, const QString &detail) { m_stages->reach(stage, detail); });
    connect(&m_controller, &present::RespondController::finished, this,
            [this](const workspace::BlockOutcome &outcome, bool block) {
                m_block->setEnabled(true);
                const QString entry =
                    present::shownDefanged(outcome.entry.empty() ? outcome.value : outcome.entry, 120);
                const bool good =
                    outcome.state != "failed" && outcome.result != "failed" && outcome.result != "refused";
                services().toast({.kind = good ? ToastKind::Ok : ToastKind::Warn,
                                  .title = block ? tr("Block of %1: %2").arg(entry, present::shown(outcome.state))
                                                 : tr("Unblock of %1: %2").arg(entry, present::shown(outcome.state)),
                                  .detail = present::shown(outcome.why),
                                  .actionLabel = good ? tr("Undo") : QString(),
                                  .action = [this] { services().undo().undo(); }});
                read(true);
            });
    connect(&m_controller, &present::RespondController::failed, this, [this](const Error &error) {
        m_block->setEnabled(true);
        m_stages->reach(workspace::BlockStage::Failed, present::shown(error.title));
        services().tellError(error);
    });
    connect(m_confirm, &ConfirmBar::confirmed, this, [this](const QString &typed) {
        m_stages->reset();
        m_block->setEnabled(false);
        m_controller.block(m_preview.value, m_reason->text(), 0, !typed.isEmpty());
    });
}

void ResponseScreen::addActions()
{
    const auto add = [this](const QString &text, auto act) {
        auto *action = new QAction(text, this);
        connect(action, &QAction::triggered, this, act);
        addAction(action);
        return action;
    };
    add(tr("Read the deny list from Zscaler"), [this] { read(true); });
    add(tr("Block a value"), [this] { focusQuery(); });
    add(tr("Unblock the selected entry"), [this] { unblockSelected(); });
    QAction *undo = add(tr("Undo the selected journal entry"), [this] { undoSelected(); });
    undo->setShortcut(Qt::Key_U);
    undo->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

void ResponseScreen::activate(const Address &address)
{
    read(session().isDemo()); // a real tenant is asked only when the user asks
    const QString value = address.query.queryItemValue(QStringLiteral("value"), QUrl::FullyDecoded);
    if (!value.isEmpty()) {
        m_value->setText(value);
        preview();
    }
}

void ResponseScreen::read(bool now)
{
    session().runLatest(
        m_ask, now ? present::Priority::Action : present::Priority::Page,
        [now](workspace::Workspace &space, const CancelToken &) {
            return Answer{space.respond().denyList(now), space.respond().journal(kJournalLines)};
        },
        this, [this](const Answer &answer) { take(answer); });
}

void ResponseScreen::take(const Answer &answer)
{
    if (answer.journal) {
        m_journalModel.setLines(*answer.journal);
        m_journal->setVisible(!answer.journal->empty());
        m_noJournal->setVisible(answer.journal->empty());
        m_undo->setEnabled(false);
    } else {
        services().tellError(answer.journal.error());
    }
    if (answer.state) {
        services().noteDenyList(*answer.state);
        showState(services().denyList());
    } else {
        services().tellError(answer.state.error());
    }
}

void ResponseScreen::showState(const workspace::DenyListState &state)
{
    m_connected = state.connected || state.simulated || !(state.tenant.empty() || state.tenant == "not connected");
    std::int64_t own = 0;
    for (const auto &[entry, mine] : state.entries) {
        own += mine ? 1 : 0;
    }
    const auto all = static_cast<std::int64_t>(state.entries.size());
    const QString tenant = state.tenant.empty() ? tr("no tenant") : present::shown(state.tenant, 80);
    m_head->setSub(state.simulated ? tr("Deny list of %1, a simulated tenant on this machine").arg(tenant)
                                   : tr("Deny list of %1").arg(tenant));
    m_inZscaler->set(state.connected ? present::number(all) : QStringLiteral("–"),
                     state.readAt == kNoTime ? tr("not read yet")
                                             : tr("read %1 UTC").arg(present::clockTime(state.readAt).left(8)));
    m_own->set(present::number(own), tr("can be unblocked here"));
    m_other->set(present::number(all - own), tr("left alone"), all > own ? Color::Warn : Color::Text);
    const QString activation = present::shown(state.activation).toLower();
    m_activation->set(activation.isEmpty() ? QStringLiteral("–") : activation,
                      activation == u"active"    ? tr("what is saved is live")
                      : activation == u"pending" ? tr("saved, not live")
                                                 : QString(),
                      activation == u"pending" ? Color::Warn : Color::Text);
    m_capacity->set({{own, Theme::instance().series(0)}, {all - own, Theme::instance().series(1)}}, state.capacity,
                    kReserve);
    m_capacityText->setText(
        tr("%1 of %2 used, %3 free")
            .arg(present::number(all), present::number(state.capacity), present::number(state.capacity - all)));
    m_listModel.setState(state);
    m_list->setVisible(!state.entries.empty());
    m_noEntries->setVisible(state.entries.empty());
    m_unblock->setEnabled(false);
    m_listHead->setCaption(tr("%1 entries as they are in Zscaler, shown defanged").arg(present::number(all)));
    m_notice->clearButtons();
    if (state.error) {
        m_notice->set(NoticeBar::Kind::Error, present::shown(state.error->title),
                      present::shown(state.error->reason + (state.error->hint.empty() ? "" : " " + state.error->hint)));
        m_notice->show();
    } else if (!m_connected) {
        m_notice->set(NoticeBar::Kind::Info, tr("No tenant is connected."), tr("Previews work. To push, connect one."));
        connect(m_notice->addButton(tr("Connect Zscaler"), QStringLiteral("key")), &Button::clicked, this,
                &ResponseScreen::connectTenant);
        m_notice->show();
    } else if (!state.connected) {
        m_notice->set(NoticeBar::Kind::Info, tr("Not read yet."),
                      tr("Shown is what Nightjar added. Read from Zscaler shows the list as it is."));
        m_notice->show();
    } else {
        m_notice->hide();
    }
}

void ResponseScreen::connectTenant()
{
    if (m_form == nullptr) {
        m_form = new ConnectForm(services(), this);
        connect(m_form, &ConnectForm::connectionChanged, this, [this] { read(true); });
    }
    m_form->begin();
}

void ResponseScreen::preview()
{
    const QString text = m_value->text().trimmed();
    if (!text.isEmpty()) {
        m_stages->reset();
        m_controller.preview(text.toStdString());
    }
}

void ResponseScreen::showPreview(const workspace::BlockPreview &preview)
{
    m_preview = preview;
    m_previewShown = true;
    m_previewPane->show();
    m_confirm->hide();
    m_seen->set(present::number(preview.requests),
                preview.lastSeen == kNoTime ? tr("never") : tr("last %1").arg(present::dayAndTime(preview.lastSeen)));
    m_users->set(present::number(preview.users), tr("went there"), preview.users > 1 ? Color::Warn : Color::Text);
    m_blockedSoFar->set(present::number(preview.blockedSoFar), tr("of these requests"));
    const std::int64_t after = preview.used + (preview.alreadyBlocked ? 0 : 1);
    m_after->set(present::number(after), tr("of %1").arg(present::number(preview.capacity)),
                 after > preview.capacity ? Color::Error : Color::Text);
    while (QLayoutItem *item = m_reasons->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto addReason = [this](const QString &icon, Color color, const QString &text) {
        auto *line = new QWidget;
        auto *row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(8);
        row->addWidget(new IconLabel(icon, 14, color));
        auto *label = new PlainLabel(text);
        label->setEliding(true);
        row->addWidget(label, 1);
        m_reasons->addWidget(line);
    };
    const bool refused = preview.guard == workspace::GuardLevel::Refused;
    for (const std::string &reason : preview.reasons) {
        addReason(QStringLiteral("warning"), refused ? Color::Error : Color::Warn, present::shown(reason, 500));
    }
    if (preview.alreadyBlocked) {
        addReason(QStringLiteral("blocked"), Color::Text2, tr("It is on the list already."));
    }
    if (preview.guard == workspace::GuardLevel::Ok && preview.reasons.empty()) {
        addReason(QStringLiteral("allowed"), Color::Ok, tr("No guard speaks against it."));
    }
    QStringList requests;
    for (const auto &[line, body] : preview.requestsToSend) {
        requests << QString::number(requests.size() + 1) + QStringLiteral("  ") + present::shown(line, 300) +
                        (body.empty() ? QString() : QStringLiteral("  ") + present::shown(body, 600));
    }
    m_requests->setText(requests.isEmpty() ? tr("Nothing would be sent.") : requests.join(u'\n'));
    const QString entry = present::shownDefanged(preview.entry.empty() ? preview.value : preview.entry, 60);
    m_block->setLabel(refused ? tr("Refused") : tr("Block %1").arg(entry));
    m_block->setEnabled(!refused && !preview.alreadyBlocked && m_connected && !m_controller.pushing());
    setPlainToolTip(m_block, refused        ? tr("A guard refuses it; the reasons stand above.")
                             : !m_connected ? tr("No tenant is connected.")
                                            : QString());
}

void ResponseScreen::clearPreview()
{
    m_previewShown = false;
    m_previewPane->hide();
    m_confirm->hide();
    m_stages->reset();
}

void ResponseScreen::askBlock()
{
    const QString entry = present::shownDefanged(m_preview.entry, 120);
    if (m_preview.guard == workspace::GuardLevel::Ask) {
        const QString value = QString::fromStdString(m_preview.value);
        m_confirm->ask(tr("To block it for %n user(s), type %1", nullptr, static_cast<int>(m_preview.users)).arg(entry),
                       tr("Block %1").arg(entry), true, {value, QString::fromStdString(m_preview.entry), entry});
        return;
    }
    m_confirm->ask(tr("Adds %1 to the deny list and activates. Undo takes it back.").arg(entry),
                   tr("Block %1").arg(entry), true);
}

std::string ResponseScreen::selectedEntry() const
{
    const QList<int> rows = m_list->selectedRows();
    return rows.isEmpty() ? std::string()
                          : m_filter.index(rows.front(), 0).data(present::RowsModel::RawRole).toString().toStdString();
}

void ResponseScreen::unblockSelected()
{
    const std::string entry = selectedEntry();
    if (!entry.empty() && m_connected && !m_controller.pushing()) {
        m_controller.unblock(entry, m_reason->text());
    }
}

void ResponseScreen::undoSelected()
{
    const int row = m_journal->currentIndex().row();
    if (row < 0 || !m_journalModel.index(row, 0).data(present::RowsModel::FlagRole).toBool()) {
        return;
    }
    const qint64 id = m_journalModel.index(row, 0).data(present::RowsModel::RowIdRole).toLongLong();
    m_undo->setEnabled(false);
    const auto work = [id](workspace::Workspace &space, const present::JobReporter &reporter,
                           const CancelToken &token) {
        return space.respond().undo(
            id, [&](workspace::BlockStage, const std::string &detail) { reporter.report(-1, present::shown(detail)); },
            token);
    };
    session().startJob(tr("Undo journal entry %1").arg(id), work, this,
                       [this](const Result<std::vector<workspace::BlockOutcome>> &outcomes) {
                           if (outcomes) {
                               services().toast({.kind = ToastKind::Ok,
                                                 .title = tr("Undone"),
                                                 .detail = tr("%n entry(s), as a new line of the journal.", nullptr,
                                                              static_cast<int>(outcomes->size())),
                                                 .actionLabel = {},
                                                 .action = {}});
                           }
                           read(true);
                       });
}

std::vector<std::pair<QString, QString>> ResponseScreen::keys() const
{
    return {{QStringLiteral("/"), tr("value to block")},
            {QStringLiteral("Enter"), tr("preview, in the field")},
            {QStringLiteral("u"), tr("undo the selected entry")},
            {QStringLiteral("Esc"), tr("leave the confirmation")}};
}

PushStages::PushStages(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Stages of the push"));
}

void PushStages::reset()
{
    m_reached = -1;
    m_failed = false;
    m_detail.clear();
    update();
}

void PushStages::reach(workspace::BlockStage stage, const QString &detail)
{
    m_failed = stage == workspace::BlockStage::Failed;
    if (!m_failed) {
        m_reached = static_cast<int>(stage);
    }
    m_detail = detail;
    setAccessibleDescription(detail);
    update();
}

void PushStages::paintEvent(QPaintEvent *)
{
    const QString names[] = {tr("Queued"), tr("Sent"), tr("Activated"), tr("Verified")};
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int part = width() / 4;
    constexpr int kCircle = 18;
    for (int i = 0; i < 4; ++i) {
        const bool done = i <= m_reached;
        const bool failed = m_failed && i == m_reached + 1;
        const Color color = failed ? Color::Error : done ? Color::Ok : Color::ControlBorder;
        const QRect circle(part * i, 4, kCircle, kCircle);
        painter.setPen(QPen(tint(color), 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QRectF(circle).adjusted(1, 1, -1, -1));
        if (done || failed) {
            paintIcon(painter, circle.adjusted(4, 4, -4, -4),
                      failed ? QStringLiteral("close") : QStringLiteral("allowed"), color);
        } else {
            painter.setFont(typeface(Type::Caption));
            painter.setPen(tint(Color::Text2));
            painter.drawText(circle, Qt::AlignCenter, QString::number(i + 1));
        }
        painter.setFont(typeface(Type::Body));
        painter.setPen(tint(done || failed ? Color::Text : Color::Text2));
        const QRect words(circle.right() + 7, 4, part - kCircle - 12, kCircle);
        painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(names[i], Qt::ElideRight, words.width()));
    }
    painter.setFont(typeface(Type::Caption));
    painter.setPen(tint(m_failed ? Color::Error : Color::Text2));
    painter.drawText(QRect(0, 26, width(), 16), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_detail, Qt::ElideRight, width()));
}

} // namespace nightjar::ui
