// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/feedreport.h"
#include "ui/theme/theme.h"

#include <QListWidget>
#include <QPlainTextEdit>

#include <functional>
#include <vector>

namespace nightjar::ui {

/// A stretch of a line in a colour.
struct CodeSpan {
    int start = 0, length = 0;
    Color color = Color::Text;
};

/// What can be typed at a place: how much of what stands before it is replaced, and by which words, with their meaning.
struct CodeCompletion {
    int replaced = 0;
    std::vector<std::pair<QString, QString>> words;
};

/// A small editor of text for machines: monospace, line numbers, colours, marks under what is wrong. Copies and takes
/// plain text only. Tab leaves it unless it is told to indent; then Escape leaves. Thread: GUI.
class CodeEdit : public QPlainTextEdit {
    Q_OBJECT
public:
    using Colour = std::function<std::vector<CodeSpan>(const QString &line)>;

    explicit CodeEdit(const QString &name, QWidget *parent = nullptr);
    ~CodeEdit() override;

    /// Colours of a line; called again when the line changes.
    void setColour(Colour colour);
    /// What is wrong where. A mark at line 0 shows nowhere.
    void setMarks(std::vector<present::TextMark> marks);
    void setLineNumbers(bool shown);
    void setIndenting(bool indenting);
    /// Asked after each key that makes text, and with Ctrl+Space (`asked`): the text, and the place in it.
    using Complete = std::function<CodeCompletion(const QString &text, int position, bool asked)>;
    void setCompletion(Complete complete);
    [[nodiscard]] bool completing() const;
    void goTo(int line, int column);
    [[nodiscard]] int gutterWidth() const;

Q_SIGNALS:
    /// One local file was dropped on it.
    void fileDropped(const QString &path);

protected:
    bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;
    QMimeData *createMimeDataFromSelection() const override;
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    class Gutter;
    class Colouring;
    void paintGutter(QPaintEvent *event);
    void layoutGutter();
    void applyMarks();
    void offer(bool asked);
    bool completionKey(QKeyEvent *event);
    void accept();
    void breakLine();
    [[nodiscard]] present::Tone lineTone(int line) const;

    Gutter *m_gutter;
    Colouring *m_colouring;
    std::vector<present::TextMark> m_marks;
    Complete m_complete;
    QListWidget *m_words = nullptr;
    int m_replaced = 0;
    bool m_numbers = true;
    bool m_indenting = false;
};

} // namespace nightjar::ui
