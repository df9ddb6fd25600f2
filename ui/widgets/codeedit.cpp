// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/codeedit.h"

#include "ui/theme/style.h"

#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QUrl>

#include <algorithm>

namespace nightjar::ui {

namespace {

constexpr int kGutterPadding = 8;
constexpr int kFrame = 1;
constexpr int kMaxText = 1 << 20;
constexpr int kIndent = 4;
constexpr int kShownWords = 8;
constexpr int kWordsWidth = 420;

Color markColor(present::Tone tone)
{
    return tone == present::Tone::Error ? Color::Error : tone == present::Tone::Warn ? Color::Warn : Color::Accent;
}

QString localFile(const QMimeData *data)
{
    const QList<QUrl> urls = data->urls();
    return urls.size() == 1 && urls.front().isLocalFile() ? urls.front().toLocalFile() : QString();
}

} // namespace

class CodeEdit::Gutter : public QWidget {
public:
    explicit Gutter(CodeEdit *editor)
        : QWidget(editor)
        , m_editor(editor)
    {
    }

protected:
    void paintEvent(QPaintEvent *event) override { m_editor->paintGutter(event); }

private:
    CodeEdit *m_editor;
};

class CodeEdit::Colouring : public QSyntaxHighlighter {
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;
    CodeEdit::Colour colour;

protected:
    void highlightBlock(const QString &text) override
    {
        if (!colour) {
            return;
        }
        for (const CodeSpan &span : colour(text)) {
            setFormat(span.start, span.length, tint(span.color));
        }
    }
};

CodeEdit::CodeEdit(const QString &name, QWidget *parent)
    : QPlainTextEdit(parent)
    , m_gutter(new Gutter(this))
    , m_colouring(new Colouring(document()))
{
    setFont(typeface(Type::Data));
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(name);
    setProperty("njPane", true);
    setTabChangesFocus(true);
    setTabStopDistance(2 * fontMetrics().horizontalAdvance(QLatin1Char(' ')));
    document()->setDocumentMargin(4);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &CodeEdit::layoutGutter);
    connect(this, &QPlainTextEdit::updateRequest, this, [this] { m_gutter->update(); });
    connect(this, &QPlainTextEdit::cursorPositionChanged, m_gutter, qOverload<>(&QWidget::update));
    layoutGutter();
}

CodeEdit::~CodeEdit() = default;

void CodeEdit::setColour(Colour colour)
{
    m_colouring->colour = std::move(colour);
    m_colouring->rehighlight();
}

void CodeEdit::setMarks(std::vector<present::TextMark> marks)
{
    m_marks = std::move(marks);
    applyMarks();
    m_gutter->update();
}

void CodeEdit::applyMarks()
{
    QList<QTextEdit::ExtraSelection> selections;
    for (const present::TextMark &mark : m_marks) {
        const QTextBlock block = document()->findBlockByNumber(mark.line - 1);
        if (mark.line < 1 || !block.isValid()) {
            continue;
        }
        const QString text = block.text();
        const int start = std::clamp(mark.column - 1, 0, std::max(0, static_cast<int>(text.size()) - 1));
        int end = start + 1;
        while (end < text.size() && (text[end].isLetterOrNumber() || text[end] == u'_' || text[end] == u'}')) {
            ++end;
        }
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(block);
        selection.cursor.setPosition(block.position() + start);
        selection.cursor.setPosition(block.position() + std::min(end, static_cast<int>(text.size())),
                                     QTextCursor::KeepAnchor);
        selection.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        selection.format.setUnderlineColor(tint(markColor(mark.tone)));
        if (mark.tone == present::Tone::Error) {
            selection.format.setForeground(tint(Color::Error));
        }
        selections << selection;
    }
    setExtraSelections(selections);
}

void CodeEdit::setLineNumbers(bool shown)
{
    m_numbers = shown;
    layoutGutter();
}

void CodeEdit::setIndenting(bool indenting)
{
    m_indenting = indenting;
    setTabChangesFocus(!indenting);
}

void CodeEdit::goTo(int line, int column)
{
    const QTextBlock block = document()->findBlockByNumber(std::max(0, line - 1));
    if (block.isValid()) {
        QTextCursor cursor(block);
        cursor.setPosition(block.position() + std::clamp(column - 1, 0, static_cast<int>(block.text().size())));
        setTextCursor(cursor);
        centerCursor();
        setFocus(Qt::OtherFocusReason);
    }
}

int CodeEdit::gutterWidth() const
{
    if (!m_numbers) {
        return 0;
    }
    const auto digits = std::max<qsizetype>(2, QString::number(blockCount()).size());
    return static_cast<int>(digits) * fontMetrics().horizontalAdvance(QLatin1Char('0')) + 2 * kGutterPadding;
}

void CodeEdit::layoutGutter()
{
    const int width = gutterWidth();
    setViewportMargins(width + kFrame, kFrame, kFrame, kFrame);
    const QRect area = contentsRect();
    m_gutter->setGeometry(area.x() + kFrame, area.y() + kFrame, width, area.height() - 2 * kFrame);
    m_gutter->setVisible(m_numbers);
}

present::Tone CodeEdit::lineTone(int line) const
{
    present::Tone worst = present::Tone::Neutral;
    for (const present::TextMark &mark : m_marks) {
        if (mark.line == line && (mark.tone == present::Tone::Error || worst == present::Tone::Neutral)) {
            worst = mark.tone;
        }
    }
    return worst;
}

void CodeEdit::paintGutter(QPaintEvent *event)
{
    QPainter painter(m_gutter);
    painter.fillRect(event->rect(), tint(Color::Bg));
    painter.setFont(typeface(Type::Data));
    const int current = textCursor().blockNumber();
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF place = blockBoundingGeometry(block).translated(contentOffset());
        if (place.top() > event->rect().bottom()) {
            break;
        }
        const present::Tone tone = lineTone(block.blockNumber() + 1);
        painter.setPen(tint(tone == present::Tone::Error     ? Color::Error
                            : tone == present::Tone::Warn    ? Color::Warn
                            : block.blockNumber() == current ? Color::Text
                                                             : Color::Text2));
        painter.drawText(QRectF(0, place.top(), m_gutter->width() - kGutterPadding, fontMetrics().height()),
                         Qt::AlignRight | Qt::AlignVCenter, QString::number(block.blockNumber() + 1));
    }
}

bool CodeEdit::canInsertFromMimeData(const QMimeData *source) const
{
    return !isReadOnly() && (source->hasText() || !localFile(source).isEmpty());
}

void CodeEdit::insertFromMimeData(const QMimeData *source)
{
    if (const QString path = localFile(source); !path.isEmpty()) {
        Q_EMIT fileDropped(path);
    } else if (source->hasText()) {
        insertPlainText(source->text().left(kMaxText));
    }
}

QMimeData *CodeEdit::createMimeDataFromSelection() const
{
    auto *plain = new QMimeData;
    plain->setText(textCursor().selectedText().replace(QChar::ParagraphSeparator, QLatin1Char('\n')));
    return plain;
}

void CodeEdit::setCompletion(Complete complete)
{
    m_complete = std::move(complete);
    m_words = new QListWidget(this);
    m_words->setAccessibleName(tr("Completions"));
    m_words->setFocusPolicy(Qt::NoFocus);
    m_words->setFont(typeface(Type::Data));
    m_words->setFrameShape(QFrame::Box);
    m_words->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_words->hide();
    connect(m_words, &QListWidget::itemClicked, this, &CodeEdit::accept);
}

bool CodeEdit::completing() const
{
    return m_words != nullptr && m_words->isVisible();
}

void CodeEdit::offer(bool asked)
{
    if (!m_complete) {
        return;
    }
    const CodeCompletion completion = m_complete(toPlainText(), textCursor().position(), asked);
    m_words->clear();
    m_replaced = completion.replaced;
    for (const auto &[word, meaning] : completion.words) {
        auto *item = new QListWidgetItem(meaning.isEmpty() ? word : QString(word.leftJustified(20) + u' ' + meaning));
        item->setData(Qt::UserRole, word);
        m_words->addItem(item);
    }
    if (m_words->count() == 0) {
        m_words->hide();
        return;
    }
    m_words->setCurrentRow(0);
    const int row = m_words->sizeHintForRow(0);
    const int height = std::min(m_words->count(), kShownWords) * row + 4;
    const int width = std::min(kWordsWidth, viewport()->width());
    const QRect cursor = cursorRect();
    int y = viewport()->y() + cursor.bottom() + 2;
    if (y + height > this->height()) {
        y = std::max(0, viewport()->y() + cursor.top() - height - 2);
    }
    const int x = std::min(viewport()->x() + cursor.x(), this->width() - width - 2);
    m_words->setGeometry(std::max(0, x), y, width, height);
    m_words->show();
    m_words->raise();
}

void CodeEdit::accept()
{
    if (const QListWidgetItem *item = m_words->currentItem()) {
        QTextCursor cursor = textCursor();
        cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor, m_replaced);
        cursor.insertText(item->data(Qt::UserRole).toString());
        setTextCursor(cursor);
    }
    m_words->hide();
}

/// The list of words is open: these keys are its own.
bool CodeEdit::completionKey(QKeyEvent *event)
{
    const int row = m_words->currentRow();
    switch (event->key()) {
    case Qt::Key_Down:
        m_words->setCurrentRow(std::min(row + 1, m_words->count() - 1));
        return true;
    case Qt::Key_Up:
        m_words->setCurrentRow(std::max(row - 1, 0));
        return true;
    case Qt::Key_Tab:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        accept();
        return true;
    case Qt::Key_Escape:
        m_words->hide();
        return true;
    default:
        return false;
    }
}

void CodeEdit::focusOutEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusOutEvent(event);
    if (m_words != nullptr) {
        m_words->hide();
    }
}

/// A new line begins as deep as the one before, deeper behind a colon.
void CodeEdit::breakLine()
{
    const QString line = textCursor().block().text().left(textCursor().positionInBlock());
    qsizetype indent = 0;
    while (indent < line.size() && line[indent] == u' ') {
        ++indent;
    }
    const bool deeper = line.trimmed().endsWith(u':');
    insertPlainText(u'\n' + QString(indent + (deeper ? kIndent : 0), u' '));
}

void CodeEdit::keyPressEvent(QKeyEvent *event)
{
    if (completing() && completionKey(event)) {
        return;
    }
    if (m_complete && event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        offer(true);
        return;
    }
    if (m_indenting && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        breakLine();
        return;
    }
    if (m_indenting && event->key() == Qt::Key_Escape) {
        focusNextChild();
        return;
    }
    if (m_indenting && event->key() == Qt::Key_Tab && event->modifiers() == Qt::NoModifier) {
        insertPlainText(QString(kIndent - textCursor().positionInBlock() % kIndent, u' '));
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
    if (m_complete && !event->text().isEmpty() && (event->text()[0].isPrint() || event->key() == Qt::Key_Backspace)) {
        offer(false);
    } else if (completing()) {
        m_words->hide();
    }
}

void CodeEdit::paintEvent(QPaintEvent *event)
{
    QPlainTextEdit::paintEvent(event);
    if (hasFocus()) {
        QPainter painter(viewport());
        paintFocusRing(painter, viewport()->rect());
    }
}

bool CodeEdit::event(QEvent *event)
{
    const bool handled = QPlainTextEdit::event(event);
    if (event->type() == QEvent::Paint) { // of the widget itself; its viewport comes as paintEvent()
        QPainter painter(this);
        painter.setPen(tint(Color::ControlBorder));
        painter.drawRect(rect().adjusted(0, 0, -kFrame, -kFrame));
    }
    return handled;
}

void CodeEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    layoutGutter();
}

void CodeEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_colouring->rehighlight();
        applyMarks();
    }
}

} // namespace nightjar::ui
