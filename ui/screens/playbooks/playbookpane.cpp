// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/playbooks/playbookpane.h"

#include "base/text.h"
#include "present/show.h"
#include "ui/screens/yamlcolours.h"

namespace nightjar::ui {

namespace {

constexpr int kTypingPause = 150; ///< ms

const char *const kNewText = "nightjar_playbook: 1\n"
                             "id: my-playbook\n"
                             "version: 1\n"
                             "title: Tell me about critical alerts\n"
                             "trigger:\n"
                             "  alert:\n"
                             "    severity: critical\n"
                             "steps:\n"
                             "  - notify: \"{{ alert.title }}\"\n"
                             "  - tag: seen-by-playbook\n";

} // namespace

PlaybookPane::PlaybookPane(present::PlaybookController &controller, QWidget *parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_head(new PaneHead(tr("Playbook")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_remove = new Button(tr("Remove"), ButtonKind::Secondary, QStringLiteral("trash"));
    m_remove->setSmall(true);
    connect(m_remove, &Button::clicked, this, [this] { m_controller.remove(m_id); });
    m_toggle = new Button(tr("Turn on"), ButtonKind::Secondary, QStringLiteral("play"));
    m_toggle->setSmall(true);
    connect(m_toggle, &Button::clicked, this, &PlaybookPane::toggle);
    m_head->addTrailing(m_remove);
    m_head->addTrailing(m_toggle);
    column->addWidget(m_head);
    column->addWidget(new Hairline);
    m_stopped = new NoticeBar(NoticeBar::Kind::Warn);
    m_stopped->hide();
    column->addWidget(m_stopped);
    m_about = new PlainLabel({}, Type::Body, Color::Text2);
    m_about->setWordWrap(true);
    m_about->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    column->addWidget(m_about);
    m_none = new EmptyState(QStringLiteral("playbooks"), tr("No playbook is open."),
                            tr("Choose one at the left to read, try and turn it on, or write a new one. None runs by "
                               "itself before you turn it on."));
    column->addWidget(m_none, 1);
    m_text = new CodeEdit(tr("Playbook as YAML"));
    m_text->setIndenting(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setColour(yamlColours);
    column->addWidget(m_text, 1);
    m_notice = new NoticeBar(NoticeBar::Kind::Error);
    m_notice->hide();
    column->addWidget(m_notice);
    column->addWidget(buildActions());
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingPause);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        m_checking = true;
        m_typing.start();
        take();
    });
    connect(&m_typing, &QTimer::timeout, this, [this] { m_controller.check(text()); });
    connect(&controller, &present::PlaybookController::checked, this, &PlaybookPane::takeMarks);
    connect(&controller, &present::PlaybookController::saved, this, [this](const QString &id) {
        m_id = id;
        m_saved = text();
        take();
    });
    take();
}

QWidget *PlaybookPane::buildActions()
{
    auto *bar = new ActionBar;
    m_save = new Button(tr("Save"), ButtonKind::Primary);
    m_save->setKey(QStringLiteral("Ctrl S"));
    connect(m_save, &Button::clicked, this, &PlaybookPane::save);
    m_revert = new Button(tr("Revert"));
    connect(m_revert, &Button::clicked, this, [this] { m_text->setPlainText(m_saved); });
    m_why = new PlainLabel({}, Type::Body, Color::Text2);
    m_why->setEliding(true);
    bar->add(m_save);
    bar->add(m_revert);
    bar->add(m_why, 1);
    m_actions = bar;
    return bar;
}

void PlaybookPane::openText(const QString &id, const QString &text)
{
    m_id = id;
    m_saved = text;
    m_open = true;
    m_text->setPlainText(text);
    m_typing.stop(); // nobody types: looked at now
    m_controller.check(text);
    take();
}

void PlaybookPane::openNew()
{
    openText({}, QString::fromLatin1(kNewText));
    m_saved.clear();
    take();
    m_text->setFocus(Qt::OtherFocusReason);
}

void PlaybookPane::takeMarks(const std::vector<present::TextMark> &marks)
{
    m_usable = marks.empty();
    m_checking = m_typing.isActive(); // an answer to an older text
    m_text->setMarks(marks);
    m_notice->clearButtons();
    m_notice->setVisible(m_open && !marks.empty());
    if (!marks.empty()) {
        const present::TextMark mark = marks.front();
        m_notice->set(NoticeBar::Kind::Error,
                      mark.line > 0 ? tr("Line %1, column %2: %3")
                                          .arg(QString::number(mark.line), QString::number(mark.column), mark.sentence)
                                    : mark.sentence,
                      mark.reason);
        connect(m_notice->addButton(tr("Show")), &Button::clicked, this,
                [this, mark] { m_text->goTo(mark.line, mark.column); });
    }
    take();
}

void PlaybookPane::take()
{
    const workspace::PlaybookInfo *info = m_id.isEmpty() ? nullptr : m_controller.find(m_id);
    m_none->setVisible(!m_open);
    m_text->setVisible(m_open);
    m_actions->setVisible(m_open);
    m_about->setVisible(m_open && info != nullptr && !info->description.empty());
    m_toggle->setVisible(info != nullptr);
    m_remove->setVisible(info != nullptr && info->own);
    m_stopped->setVisible(m_open && info != nullptr && !info->enabled && !info->why.empty() && info->problems.empty());
    Q_EMIT stateChanged();
    m_head->setTitle(!m_open          ? tr("Playbook")
                     : m_id.isEmpty() ? tr("New playbook")
                                      : present::shown(m_id.toStdString(), 80));
    if (!m_open) {
        m_head->setCaption({});
        return;
    }
    if (info != nullptr) {
        m_about->setText(present::shown(trim(info->description), 600));
        m_toggle->setLabel(info->enabled ? tr("Turn off") : tr("Turn on"));
        m_toggle->setIconName(info->enabled ? QStringLiteral("pause") : QStringLiteral("play"));
        m_toggle->setEnabled(info->enabled || (isUsable() && !isChanged()));
        m_stopped->set(NoticeBar::Kind::Warn, tr("It does not run by itself any more."),
                       present::shown(info->why, 400));
    }
    const bool own = info == nullptr || info->own;
    m_head->setCaption(isChanged()       ? tr("edited")
                       : info == nullptr ? QString()
                       : info->enabled   ? tr("runs %1").arg(present::triggerSentence(info->triggers))
                       : info->own       ? tr("your own, off")
                                         : tr("came with the program, off"));
    m_save->setEnabled(m_usable && !m_checking && isChanged());
    m_save->setLabel(own ? tr("Save") : tr("Save as own"));
    m_revert->setEnabled(isChanged() && !m_saved.isEmpty());
    m_why->setText(!m_usable                          ? tr("Save waits for the error")
                   : !isChanged()                     ? QString()
                   : info != nullptr && info->enabled ? tr("A changed playbook is off until you turn it on again")
                   : !own                             ? tr("Stands in place of the one that came with the program")
                                                      : QString());
}

void PlaybookPane::save()
{
    if (m_save->isEnabled() && m_open) {
        m_controller.save(text());
    }
}

void PlaybookPane::toggle()
{
    if (const workspace::PlaybookInfo *info = m_controller.find(m_id); info != nullptr && m_toggle->isEnabled()) {
        m_controller.setEnabled(m_id, !info->enabled);
    }
}

} // namespace nightjar::ui
