// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/alerts/alertsscreen.h"

#include "base/text.h"
#include "present/clauses.h"
#include "workspace/workspace.h"

#include <QKeyEvent>
#include <QMenu>
#include <QShowEvent>

#include <algorithm>
#include <array>

namespace nightjar::ui {

namespace {

constexpr std::size_t kMaxOthers = 4'000; ///< grey ticks of the raster

} // namespace

AlertsScreen::AlertsScreen(ShellServices &services, QWidget *parent)
    : Screen(services, parent)
    , m_undo(services.session())
    , m_triage(services.session(), m_undo)
    , m_respond(services.session(), m_undo)
{
    setAccessibleName(tr("Alerts"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeQueue());
    row->addWidget(new Hairline(Qt::Vertical));
    m_detailStack = new QStackedWidget;
    m_detailStack->addWidget(
        new EmptyState(QStringLiteral("alerts"), tr("No alert is selected."), tr("j and k move through the queue.")));
    m_detailStack->addWidget(makeDetail());
    row->addWidget(m_detailStack, 1);
    connectParts();
    connectRespond();
}

bool AlertsScreen::busy() const
{
    return m_triage.busy() || m_respond.busy() || m_others.busy();
}

void AlertsScreen::activate(const Address &address)
{
    m_wanted = address.query.queryItemValue(QStringLiteral("id")).toLongLong();
    if (m_wanted != 0 && m_model.rowOf(m_wanted) < 0) {
        m_filter.openOnly = false; // a link may lead to a closed one
        m_filterButton->setLabel(tr("All"));
    }
    refresh();
    m_view->setFocus();
}

void AlertsScreen::refresh()
{
    m_triage.refresh(m_model, m_filter);
}

void AlertsScreen::showEvent(QShowEvent *event)
{
    Screen::showEvent(event);
    if (session().isOpen()) {
        refresh();
    }
}

void AlertsScreen::listed()
{
    const Timestamp oldest = m_model.oldestOpen();
    m_summary->setText(
        oldest == kNoTime
            ? tr("%1 open").arg(present::number(m_model.open()))
            : tr("%1 open, oldest %2").arg(present::number(m_model.open()), present::span(m_model.now() - oldest)));
    services().setBadge(QStringLiteral("alerts"), m_model.open());
    m_empty->set(m_filter.openOnly ? tr("No open alerts.") : tr("No alerts yet."),
                 tr("Detection has looked at everything that is stored."));
    m_queueStack->setCurrentIndex(m_model.rowCount() == 0 ? 1 : 0);
    int row = m_model.rowOf(m_wanted != 0 ? m_wanted : m_shown.id);
    if (row < 0 && m_model.rowCount() > 0) { // it has left: the one that took its place
        row = m_model.step(std::min(m_lastRow, m_model.rowCount()) - 1, 1);
        row = row < 0 ? m_model.step(m_model.rowCount(), -1) : row;
    }
    m_wanted = 0;
    if (row >= 0) {
        if (m_view->currentIndex().row() != row) {
            m_view->choose(row);
        }
    } else {
        showAlert(0);
    }
}

void AlertsScreen::showAlert(qint64 id)
{
    stopClosing();
    m_noteBar->hide();
    m_confirm->hide();
    if (id == 0) {
        if (m_model.rowCount() == 0) {
            m_shown = {};
            m_why->clear();
            m_respondPane->clear();
            m_detailStack->setCurrentIndex(0);
        }
        return;
    }
    m_lastRow = m_view->currentIndex().row();
    m_triage.load(id);
}

void AlertsScreen::showDetail(const present::AlertDetail &detail)
{
    const bool same = detail.alert.id == m_shown.id;
    m_shown = detail.alert;
    const alerts::Finding &finding = m_shown.finding;
    m_detailStack->setCurrentIndex(1);
    m_chip->set(finding.severity, QString::number(finding.score));
    m_title->setText(present::shown(finding.title, 512));
    m_status->setText(m_shown.status == alerts::Status::Closed && m_shown.verdict != alerts::Verdict::None
                          ? tr("Closed, %1").arg(present::verdictName(m_shown.verdict))
                          : present::statusName(m_shown.status));
    m_who->setText(present::shown(finding.user, 64));
    m_who->setVisible(!finding.user.empty());
    m_whoIcon->setVisible(!finding.user.empty());
    const bool other = finding.entity != finding.user && !finding.entity.empty();
    m_what->setText(present::shownDefanged(finding.entity, 80));
    m_what->setVisible(other);
    m_whatIcon->setVisible(other);
    m_when->setText(tr("%1 events over %2, last %3")
                        .arg(present::number(finding.events), present::span(finding.last - finding.first),
                             present::dayAndTime(finding.last)));
    QStringList tags;
    for (const std::string &tag : finding.attack) {
        QString text = present::shown(tag, 48);
        text.remove(QStringLiteral("attack."));
        tags.append(text.startsWith(QLatin1Char('t')) && text.size() > 1 && text[1].isDigit()
                        ? text.toUpper()
                        : text.replace(QLatin1Char('_'), QLatin1Char(' ')));
    }
    m_attack->setText(tags.join(QStringLiteral("  ·  ")).left(96));
    m_acknowledge->setEnabled(m_shown.status == alerts::Status::New);
    m_closeButton->setEnabled(true);
    m_why->set(detail);
    m_respondPane->setAlert(m_shown);
    if (!same || m_why->raster()->from() != kNoTime) {
        askOthers(m_shown);
    }
}

void AlertsScreen::askOthers(const alerts::Alert &alert)
{
    m_others.cancel();
    const std::string &user = alert.finding.user;
    if (user.empty() || m_why->raster()->from() == kNoTime) {
        return;
    }
    workspace::SearchRequest request;
    request.query = present::makeClause(QStringLiteral("user.name"), QString::fromStdString(user), false).toStdString();
    request.from = m_why->raster()->from();
    request.to = m_why->raster()->to();
    request.limit = kMaxOthers;
    request.columns = {"url.domain"};
    session().runLatest(
        m_others, present::Priority::Prefetch,
        [request, entity = alert.finding.entity](workspace::Workspace &space, const CancelToken &token) {
            std::vector<Timestamp> times;
            if (const auto page = space.search().page(request, token)) {
                for (const workspace::EventRow &row : page->rows) {
                    if (row.cells.empty() || !equalsIgnoreCase(row.cells.front(), entity)) {
                        times.push_back(row.time);
                    }
                }
            }
            return times;
        },
        this, [this](std::vector<Timestamp> times) { m_why->setOthers(std::move(times)); });
}

void AlertsScreen::change(const workspace::AlertChange &change, const QString &said)
{
    std::vector<std::int64_t> ids = m_view->chosen();
    if (ids.empty() && m_shown.id != 0) {
        ids.push_back(m_shown.id);
    }
    if (!ids.empty()) {
        m_triage.change(ids, change,
                        ids.size() == 1 ? said : tr("%1, %2 alerts").arg(said, QString::number(ids.size())));
    }
    m_view->setFocus();
}

void AlertsScreen::acknowledge()
{
    workspace::AlertChange made;
    made.status = alerts::Status::Acknowledged;
    change(made, tr("Acknowledged"));
}

void AlertsScreen::startClosing()
{
    if (m_shown.id == 0) {
        return;
    }
    m_closing = true;
    const auto count = m_view->chosen().size();
    m_closeText->setText(count > 1 ? tr("Close %1 as").arg(QString::number(count)) : tr("Close as"));
    m_closeBar->show();
}

void AlertsScreen::stopClosing()
{
    m_closing = false;
    m_closeBar->hide();
}

void AlertsScreen::closeAs(alerts::Verdict verdict)
{
    stopClosing();
    workspace::AlertChange made;
    made.status = alerts::Status::Closed;
    made.verdict = verdict;
    change(made, tr("Closed as %1").arg(present::verdictName(verdict)));
}

void AlertsScreen::startNote()
{
    if (m_shown.id == 0) {
        return;
    }
    m_noteField->setText(QString::fromStdString(m_shown.note));
    m_noteBar->show();
    m_noteField->setFocus();
}

void AlertsScreen::saveNote()
{
    m_noteBar->hide();
    workspace::AlertChange made;
    made.note = m_noteField->text().toStdString();
    change(made, tr("Note saved"));
    m_triage.load(m_shown.id);
}

void AlertsScreen::block()
{
    if (!m_respondPane->canBlock()) {
        return;
    }
    const workspace::BlockPreview &preview = m_respondPane->preview();
    if (preview.guard == workspace::GuardLevel::Ask) {
        const QString shownValue = present::shownDefanged(preview.value, 256);
        m_confirm->ask(preview.users == 1
                           ? tr("To block for 1 user, type %1").arg(shownValue)
                           : tr("To block for %1 users, type %2").arg(present::number(preview.users), shownValue),
                       tr("Block"), true, {shownValue, QString::fromStdString(preview.value)});
        return;
    }
    push(false);
}

void AlertsScreen::push(bool confirmed)
{
    m_respondPane->setPushing(true);
    m_respond.block(m_respondPane->preview().value, tr("alert %1").arg(m_shown.id), m_respondPane->period(), confirmed);
    m_view->setFocus();
}

void AlertsScreen::unblock()
{
    if (m_respondPane->canUnblock()) {
        m_respondPane->setPushing(true);
        m_respond.unblock(m_respondPane->preview().value, tr("alert %1").arg(m_shown.id));
    }
}

void AlertsScreen::undo()
{
    if (m_undo.isEmpty()) {
        services().toast({ToastKind::Info, tr("Nothing to undo"), QString(), QString(), {}});
    } else {
        m_undo.undo();
    }
}

void AlertsScreen::openInEvents()
{
    const alerts::Finding &finding = m_shown.finding;
    if (m_shown.id == 0) {
        return;
    }
    QStringList clauses;
    for (const alerts::Observable &observable : finding.observables) {
        if (observable.kind == "domain" || observable.kind == "ip") {
            clauses.append(present::makeClause(observable.kind == "ip" ? QStringLiteral("destination.ip")
                                                                       : QStringLiteral("url.domain"),
                                               QString::fromStdString(observable.value), false));
            break;
        }
    }
    if (!finding.user.empty()) {
        clauses.append(present::makeClause(QStringLiteral("user.name"), QString::fromStdString(finding.user), false));
    }
    Address address;
    address.screen = QStringLiteral("events");
    address.query.addQueryItem(QStringLiteral("q"),
                               QString::fromLatin1(QUrl::toPercentEncoding(clauses.join(QLatin1String("  ")))));
    if (finding.first != kNoTime && finding.last != kNoTime) {
        address.query.addQueryItem(QStringLiteral("from"), QString::number(finding.first));
        address.query.addQueryItem(QStringLiteral("to"), QString::number(finding.last + 1));
    }
    services().open(address);
}

void AlertsScreen::toastWithUndo(const QString &title, const QString &detail)
{
    services().toast({ToastKind::Ok, title, detail, tr("Undo"), [screen = QPointer<AlertsScreen>(this)] {
                          if (screen) {
                              screen->undo();
                          }
                      }});
}

void AlertsScreen::showFilters()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [this, menu](const QString &name, bool openOnly, std::optional<alerts::Status> status) {
        menu->addAction(name, this, [this, name, openOnly, status] {
            m_filter.openOnly = openOnly;
            m_filter.status = status;
            m_filterButton->setLabel(name);
            refresh();
        });
    };
    add(tr("Open"), true, std::nullopt);
    add(tr("New"), true, alerts::Status::New);
    add(tr("Acknowledged"), true, alerts::Status::Acknowledged);
    add(tr("Closed"), false, alerts::Status::Closed);
    add(tr("All"), false, std::nullopt);
    menu->popup(m_filterButton->mapToGlobal(QPoint(0, m_filterButton->height())));
}

void AlertsScreen::setNarrow(bool narrow)
{
    m_narrow = narrow;
    m_queuePane->setFixedWidth(px(narrow ? Length::QueuePaneSmall : Length::QueuePane));
    m_view->setNarrow(narrow);
    m_orderButton->setVisible(!narrow);
    m_noteButton->setLabel(narrow ? QString() : tr("Note"));
    m_noteButton->setAccessibleName(tr("Note"));
    m_body->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    if (narrow) {
        m_respondPane->setMinimumWidth(0);
        m_respondPane->setMaximumWidth(QWIDGETSIZE_MAX);
        m_respondPane->setFixedHeight(232);
    } else {
        m_respondPane->setMinimumHeight(0);
        m_respondPane->setMaximumHeight(QWIDGETSIZE_MAX);
        m_respondPane->setFixedWidth(px(Length::RespondPane));
    }
    m_respondPane->setNarrow(narrow);
    m_why->setNarrow(narrow);
}

void AlertsScreen::keyPressEvent(QKeyEvent *event)
{
    static constexpr std::array kVerdicts = {alerts::Verdict::TruePositive, alerts::Verdict::Benign,
                                             alerts::Verdict::FalsePositive, alerts::Verdict::Duplicate};
    if (event->modifiers().testFlag(Qt::ControlModifier) || event->modifiers().testFlag(Qt::AltModifier)) {
        Screen::keyPressEvent(event);
        return;
    }
    const int digit = event->key() - Qt::Key_1;
    if (m_closing && digit >= 0 && digit < static_cast<int>(kVerdicts.size())) {
        closeAs(kVerdicts[static_cast<std::size_t>(digit)]);
        return;
    }
    switch (event->key()) {
    case Qt::Key_J:
        m_view->move(1);
        return;
    case Qt::Key_K:
        m_view->move(-1);
        return;
    case Qt::Key_E:
        acknowledge();
        return;
    case Qt::Key_D:
        startClosing();
        return;
    case Qt::Key_N:
        startNote();
        return;
    case Qt::Key_B:
        block();
        return;
    case Qt::Key_U:
        unblock();
        return;
    case Qt::Key_V:
        m_why->evidence()->setFocus();
        return;
    case Qt::Key_Escape:
        stopClosing();
        m_noteBar->hide();
        m_confirm->hide();
        m_view->setFocus();
        return;
    default:
        Screen::keyPressEvent(event);
    }
}

std::vector<std::pair<QString, QString>> AlertsScreen::keys() const
{
    return {{QStringLiteral("j k"), tr("next and previous alert")},
            {QStringLiteral("x"), tr("add to or take from the selection")},
            {QStringLiteral("Ctrl+A"), tr("select all")},
            {QStringLiteral("e"), tr("acknowledge")},
            {QStringLiteral("d 1–4"), tr("close as true positive, benign, false positive, duplicate")},
            {QStringLiteral("n"), tr("note")},
            {QStringLiteral("b u"), tr("block, unblock")},
            {QStringLiteral("v"), tr("evidence")},
            {QStringLiteral("Enter"), tr("open in Events")},
            {QStringLiteral("Ctrl+Z"), tr("undo")}};
}

} // namespace nightjar::ui
