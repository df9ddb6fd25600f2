// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/indicators/feedpanel.h"

#include "present/show.h"

namespace nightjar::ui {

namespace {

StateLook feedLook(const QString &word)
{
    if (word == FeedPanel::tr("good")) {
        return {QStringLiteral("allowed"), Color::Ok};
    }
    if (word == FeedPanel::tr("failed")) {
        return {QStringLiteral("warning"), Color::Error};
    }
    return {word == FeedPanel::tr("off") ? QStringLiteral("stop") : QStringLiteral("clock"), Color::Text2};
}

} // namespace

FeedPanel::FeedPanel(ShellServices &services, present::IndicatorController &controller, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_controller(controller)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new PaneHead(tr("Feeds"), tr("fetched by themselves, each new indicator hunted in the past at once"));
    m_poll = new Button(tr("Fetch now"), ButtonKind::Secondary, QStringLiteral("refresh"));
    m_poll->setSmall(true);
    connect(m_poll, &Button::clicked, this, [this] { m_controller.pollFeed(chosen()); });
    m_remove = new Button(tr("Remove"), ButtonKind::Secondary, QStringLiteral("trash"));
    m_remove->setSmall(true);
    connect(m_remove, &Button::clicked, this, [this] { m_controller.removeFeed(chosen()); });
    auto *add = new Button(tr("Add a feed"), ButtonKind::Secondary, QStringLiteral("plus"));
    add->setSmall(true);
    connect(add, &Button::clicked, this, &FeedPanel::showForm);
    for (QWidget *button : {m_poll, m_remove, add}) {
        head->addTrailing(button);
    }
    column->addWidget(head);
    column->addWidget(buildForm());
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Feeds"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnSpecs({{160, CellStyle::Strong},
                             {96, CellStyle::State},
                             {0, CellStyle::MonoMuted},
                             {132, CellStyle::Number},
                             {132, CellStyle::Number}});
    m_table->setStateLook(feedLook);
    m_table->setModel(&controller.feeds());
    connect(m_table, &FastTable::currentRowChanged, this, &FeedPanel::chooseRow);
    connect(m_table, &FastTable::rowActivated, this, [this] { m_controller.pollFeed(chosen()); });
    column->addWidget(m_table, 1);
    m_problem = new PlainLabel({}, Type::Body, Color::Text2);
    m_problem->setWordWrap(true);
    m_problem->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    column->addWidget(m_problem);
    m_none = new EmptyState(QStringLiteral("cloud"), tr("No feeds yet."),
                            tr("A list behind a URL, a TAXII 2.1 server or a folder that something else fills."));
    column->addWidget(m_none, 1);
    connect(&controller, &present::IndicatorController::changed, this, &FeedPanel::take);
    connect(&controller, &present::IndicatorController::feedSaved, this, [this] { m_formPane->hide(); });
    take();
}

QWidget *FeedPanel::buildForm()
{
    auto *pane = new Surface(Color::Panel);
    pane->setEdges(Qt::BottomEdge);
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    m_form = new Form;
    m_kind = new Choice(tr("Kind of feed"));
    m_kind->add(tr("List behind a URL"), QStringLiteral("url"));
    m_kind->add(tr("TAXII 2.1 server"), QStringLiteral("taxii"));
    m_kind->add(tr("Folder"), QStringLiteral("folder"));
    m_name = makeField(tr("Name"), tr("urlhaus"), false, 64);
    m_address = makeField(tr("Address"), tr("https://feeds.example/list.csv"), true, 2'048);
    m_user = makeField(tr("User"), tr("empty: the secret is a token"), false, 200);
    m_secret = makeField(tr("Secret"), tr("password or token, kept in the keychain or the vault"), true, 4'096);
    m_secret->setEchoMode(QLineEdit::Password);
    m_form->addRow(tr("Kind"), m_kind);
    m_form->addRow(tr("Name"), m_name);
    m_form->addRow(tr("Address"), m_address);
    m_form->addRow(tr("User"), m_user);
    auto *cancel = new Button(tr("Cancel"));
    connect(cancel, &Button::clicked, pane, &QWidget::hide);
    auto *keep = new Button(tr("Add and fetch"), ButtonKind::Primary);
    connect(keep, &Button::clicked, this, &FeedPanel::save);
    connect(m_secret, &QLineEdit::returnPressed, this, &FeedPanel::save);
    m_form->addRow(tr("Secret"), m_secret, {}, {cancel, keep});
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        const bool folder = m_kind->value() == u"folder";
        m_form->setRowVisible(m_user, !folder);
        m_address->setPlaceholderText(folder                        ? tr("/srv/feeds")
                                      : m_kind->value() == u"taxii" ? tr("https://taxii.example/api/")
                                                                    : tr("https://feeds.example/list.csv"));
    });
    column->addWidget(m_form);
    pane->hide();
    m_formPane = pane;
    return pane;
}

void FeedPanel::showForm()
{
    m_formPane->show();
    m_kind->setFocus(Qt::ShortcutFocusReason);
}

void FeedPanel::save()
{
    workspace::FeedConfig config;
    config.kind = m_kind->value().toStdString();
    config.name = m_name->text().trimmed().toStdString();
    config.address = m_address->text().trimmed().toStdString();
    config.user = config.kind == "folder" ? std::string() : m_user->text().trimmed().toStdString();
    m_controller.saveFeed(config, m_secret->text());
    m_secret->clear(); // never longer in the window than needed
}

QString FeedPanel::chosen() const
{
    const QModelIndex at = m_table->currentIndex();
    return at.isValid() ? at.siblingAtColumn(0).data(present::RowsModel::RawRole).toString() : QString();
}

void FeedPanel::take()
{
    const bool any = m_controller.feeds().rowCount() > 0;
    m_table->setVisible(any);
    m_none->setVisible(!any);
    chooseRow(m_table->currentIndex().row());
}

void FeedPanel::chooseRow(int row)
{
    const QString problem =
        row < 0 ? QString() : m_controller.feeds().index(row, 0).data(present::RowsModel::DetailRole).toString();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_poll->setEnabled(row >= 0);
    m_remove->setEnabled(row >= 0);
}

} // namespace nightjar::ui
