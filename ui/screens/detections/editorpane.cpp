// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/detections/editorpane.h"

#include "present/rulewords.h"
#include "present/show.h"
#include "ui/screens/yamlcolours.h"

#include <QFileInfo>

namespace nightjar::ui {

EditorPane::EditorPane(ShellServices &services, present::DetectionController &controller, present::RuleEditor &editor,
                       QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_controller(controller)
    , m_editor(editor)
    , m_head(new PaneHead(tr("Rule")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addWidget(new Hairline);
    m_none = new EmptyState(QStringLiteral("edit"), tr("No rule is open."),
                            tr("Choose one at the left, or write a new one. While you type, it runs over your own past "
                               "and shows what it would have found."));
    column->addWidget(m_none, 1);
    m_text = new CodeEdit(tr("Rule as YAML"));
    m_text->setIndenting(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setColour(yamlColours);
    m_text->setCompletion([this](const QString &text, int position, bool asked) {
        const present::RuleCompletion found = present::completeRule(text, position, asked, m_fields);
        return CodeCompletion{found.replaced, found.words};
    });
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_filling) {
            m_editor.setText(m_text->toPlainText());
        }
    });
    column->addWidget(m_text, 1);
    m_notice = new NoticeBar(NoticeBar::Kind::Error);
    m_notice->hide();
    column->addWidget(m_notice);
    column->addWidget(buildActions());
    connect(&editor, &present::RuleEditor::checked, this, &EditorPane::take);
    connect(&controller, &present::DetectionController::saved, this, [this](const QString &file) {
        m_rule.file = file.toStdString();
        m_own = true;
        m_editor.markSaved();
        take();
    });
    clear();
}

QWidget *EditorPane::buildActions()
{
    auto *bar = new ActionBar;
    m_save = new Button(tr("Save"), ButtonKind::Primary);
    m_save->setKey(QStringLiteral("Ctrl S"));
    m_revert = new Button(tr("Revert"));
    m_why = new PlainLabel({}, Type::Body, Color::Text2);
    m_why->setEliding(true);
    connect(m_save, &Button::clicked, this, &EditorPane::save);
    connect(m_revert, &Button::clicked, this, [this] {
        const workspace::RuleInfo rule = m_rule;
        rule.file.empty() ? openNew() : m_controller.readSource(rule);
    });
    bar->add(m_save);
    bar->add(m_revert);
    bar->add(m_why, 1);
    m_actions = bar;
    return bar;
}

void EditorPane::clear()
{
    m_open = false;
    m_rule = {};
    m_text->hide();
    m_notice->hide();
    m_actions->hide();
    m_none->show();
    m_head->setTitle(tr("Rule"));
    m_head->setCaption({});
}

void EditorPane::openRule(const workspace::RuleInfo &rule, const QString &text)
{
    m_rule = rule;
    m_own = present::isOwnRule(rule);
    m_open = true;
    m_filling = true;
    m_text->setPlainText(text);
    m_filling = false;
    m_none->hide();
    m_text->show();
    m_actions->show();
    m_editor.open(text);
    take();
}

void EditorPane::openNew()
{
    openRule({}, present::newRuleText());
    m_own = true;
    take();
    m_text->setFocus(Qt::OtherFocusReason);
    m_text->moveCursor(QTextCursor::EndOfLine);
}

void EditorPane::take()
{
    if (!m_open) {
        return;
    }
    const bool isNew = m_rule.file.empty();
    const QString file = QFileInfo(QString::fromStdString(m_rule.file)).fileName();
    m_head->setTitle(isNew ? tr("New rule") : present::shown(file.toStdString(), 80));
    m_head->setCaption(m_editor.isChanged() ? tr("edited")
                       : isNew              ? QString()
                       : m_own              ? tr("your own")
                                            : tr("came with the program or an import"));
    m_text->setMarks(m_editor.marks());
    m_notice->clearButtons();
    const auto &marks = m_editor.marks();
    m_notice->setVisible(!marks.empty() || !m_editor.remark().isEmpty());
    if (!marks.empty()) {
        const present::TextMark mark = marks.front();
        m_notice->set(NoticeBar::Kind::Error,
                      mark.line > 0
                          ? tr("Line %1, column %2").arg(QString::number(mark.line), QString::number(mark.column))
                          : tr("The whole text"),
                      mark.sentence);
        connect(m_notice->addButton(tr("Show")), &Button::clicked, this,
                [this, mark] { m_text->goTo(mark.line, mark.column); });
    } else if (!m_editor.remark().isEmpty()) {
        m_notice->set(NoticeBar::Kind::Warn, tr("It runs, but will hardly fire."), m_editor.remark());
    }
    const bool changed = m_editor.isChanged() || isNew;
    m_save->setEnabled(m_editor.isUsable() && changed);
    m_save->setLabel(m_own ? tr("Save") : tr("Save as own"));
    m_revert->setEnabled(m_editor.isChanged());
    m_why->setText(!m_editor.isUsable() ? tr("Save waits for the error")
                   : changed && !m_own  ? tr("Under a new id; the other one is turned off")
                                        : QString());
}

void EditorPane::save()
{
    if (!m_save->isEnabled() || !m_open) {
        return;
    }
    if (m_own) {
        m_controller.save(m_text->toPlainText(), m_rule.file, {});
        return;
    }
    const QString replaced = QString::fromStdString(present::ruleReference(m_rule));
    const QString text = present::withNewId(m_text->toPlainText());
    m_text->setPlainText(text);
    m_controller.save(text, {}, replaced);
}

} // namespace nightjar::ui
