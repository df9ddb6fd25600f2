// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/sources/feedpane.h"

#include "present/show.h"

#include <QFileDialog>
#include <QRegularExpression>
#include <QTimer>

namespace nightjar::ui {

namespace {

constexpr int kFormatHeight = 124;
constexpr int kSampleHeight = 72;
constexpr int kEscapeWidth = 88;

StateLook certaintyLook(const QString &word)
{
    return word.contains(u"doubt")  ? StateLook{QStringLiteral("warning"), Color::Warn}
           : word.contains(u"like") ? StateLook{QStringLiteral("info"), Color::Text2}
                                    : StateLook{QStringLiteral("allowed"), Color::Ok};
}

} // namespace

std::vector<CodeSpan> feedSpans(const QString &line)
{
    static const QRegularExpression token(QStringLiteral("%[0-9l]*[a-zA-Z]\\{[^{}]*\\}"));
    std::vector<CodeSpan> spans;
    auto matches = token.globalMatch(line);
    while (matches.hasNext()) {
        const auto match = matches.next();
        spans.push_back(
            {static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()), Color::SyntaxKey});
    }
    return spans;
}

FeedPane::FeedPane(ShellServices &services, present::FeedController &controller, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_controller(controller)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(buildEditor());
    m_notice = new NoticeBar(NoticeBar::Kind::Warn);
    m_notice->hide();
    column->addWidget(m_notice);
    column->addWidget(new Hairline);
    m_tokens = new FastTable;
    m_tokens->setAccessibleName(tr("Tokens of the format"));
    m_tokens->setSelectionMode(QAbstractItemView::SingleSelection);
    m_tokens->setColumnSpecs({{64, CellStyle::Number},
                              {128, CellStyle::Mono},
                              {96, CellStyle::Muted},
                              {84, CellStyle::Muted},
                              {92, CellStyle::State},
                              {0, CellStyle::MonoMuted}});
    m_tokens->setStateLook(certaintyLook);
    m_tokens->setModel(&m_tokensModel);
    connect(m_tokens, &FastTable::rowActivated, this, [this](const QModelIndex &index) {
        const QString at = index.siblingAtColumn(present::FeedTokensModel::PositionColumn).data().toString();
        m_text->goTo(at.section(u':', 0, 0).toInt(), at.section(u':', 1).toInt());
    });
    column->addWidget(m_tokens, 1);
    m_none = new EmptyState(
        QStringLiteral("edit"), tr("Paste the format that the portal shows."),
        tr("Copy \"Feed Output Format\" of an NSS feed, or \"Log Stream Content\" of a log receiver, from the Zscaler "
           "portal, or drop a file with it on the field above. Nightjar compiles it into a parser of your own feed."));
    column->addWidget(m_none, 1);
    column->addWidget(buildSample());
    column->addWidget(buildActions());
    connect(&controller, &present::FeedController::keptChanged, this, &FeedPane::takeKept);
    connect(&controller, &present::FeedController::compiled, this, &FeedPane::takeReport);
    connect(&controller, &present::FeedController::checked, this, &FeedPane::takeCheck);
    connect(&controller, &present::FeedController::fileRead, this,
            [this](const QString &name, const QString &text) { openText(name, text, m_escape->text()); });
    connect(&controller, &present::FeedController::done, this, [this](const QString &text, const QString &name) {
        m_services.toast({.kind = ToastKind::Ok,
                          .title = text,
                          .detail = name.isEmpty() ? tr("Sources that use it keep it until they start again.")
                                                   : tr("Receivers and imports can use it from now on."),
                          .actionLabel = tr("Undo"),
                          .action = [this] { m_services.undo().undo(); }});
        if (!name.isEmpty() && m_useAfterSave) {
            Q_EMIT useAsked(name);
        }
        m_useAfterSave = false;
    });
    takeKept();
    takeReport();
    takeCheck();
}

QWidget *FeedPane::buildHead()
{
    auto *head = new PaneHead(tr("Feed format"));
    m_kept = new Choice(tr("Kept formats"));
    m_kept->setFixedWidth(180);
    connect(m_kept, &QComboBox::activated, this, [this] { openKept(m_kept->value()); });
    auto *file = new Button(tr("From a file"), ButtonKind::Secondary, QStringLiteral("file"));
    file->setSmall(true);
    connect(file, &Button::clicked, this, [this] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Feed output format"));
        if (!path.isEmpty()) {
            m_controller.readFormatFile(path);
        }
    });
    head->addTrailing(m_kept);
    head->addTrailing(file);
    return head;
}

QWidget *FeedPane::buildEditor()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 8);
    column->setSpacing(6);
    m_text = new CodeEdit(tr("Feed output format"));
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_text->setPlaceholderText(tr("%s{time}\\t%s{login}\\t%s{url}…"));
    m_text->setFixedHeight(kFormatHeight);
    m_text->setColour(feedSpans);
    connect(m_text, &QPlainTextEdit::textChanged, this,
            [this] { m_controller.setText(m_text->toPlainText(), m_escape->text()); });
    connect(m_text, &CodeEdit::fileDropped, &m_controller, &present::FeedController::readFormatFile);
    column->addWidget(m_text);
    auto *row = new QHBoxLayout;
    row->setSpacing(6);
    m_verdictIcon = new IconLabel(QStringLiteral("allowed"), 14, Color::Ok);
    m_verdict = new PlainLabel;
    m_verdict->setEliding(true);
    m_escape = makeField(tr("Escape characters of the feed"), QStringLiteral(",\\\""), true, 32);
    m_escape->setFixedWidth(kEscapeWidth);
    connect(m_escape, &QLineEdit::textChanged, this,
            [this] { m_controller.setText(m_text->toPlainText(), m_escape->text()); });
    row->addWidget(m_verdictIcon);
    row->addWidget(m_verdict, 1);
    row->addWidget(new PlainLabel(tr("Escape characters"), Type::Body, Color::Text2));
    row->addWidget(m_escape);
    column->addLayout(row);
    return pane;
}

QWidget *FeedPane::buildSample()
{
    m_samplePane = new Surface(Color::Panel);
    static_cast<Surface *>(m_samplePane)->setEdges(Qt::TopEdge);
    auto *column = new QVBoxLayout(m_samplePane);
    column->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    column->setSpacing(6);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    m_sampleVerdict = new PlainLabel({}, Type::Body, Color::Text2);
    m_sampleVerdict->setEliding(true);
    auto *file = new Button(tr("Records of a file"), ButtonKind::Secondary, QStringLiteral("test"));
    auto *stored = new Button(tr("Newest stored"), ButtonKind::Secondary, QStringLiteral("store"));
    for (Button *button : {file, stored}) {
        button->setSmall(true);
    }
    connect(file, &Button::clicked, this, [this] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Records to try the format on"));
        if (!path.isEmpty()) {
            m_controller.checkFile(path);
        }
    });
    connect(stored, &Button::clicked, this, [this] {
        const auto &format = m_controller.report().format;
        const QString type =
            format && format->kind().type != "unknown" ? present::shown(format->kind().type) : QString();
        m_controller.checkStored(type);
    });
    row->addWidget(m_sampleVerdict, 1);
    row->addWidget(file);
    row->addWidget(stored);
    column->addLayout(row);
    m_sample = new CodeEdit(tr("Records to try the format on"));
    m_sample->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_sample->setPlaceholderText(tr("Paste records here, or drop a file with some"));
    m_sample->setFixedHeight(kSampleHeight);
    connect(m_sample, &CodeEdit::fileDropped, &m_controller, &present::FeedController::checkFile);
    connect(m_sample, &QPlainTextEdit::textChanged, this, [this] {
        const QString text = m_sample->toPlainText();
        text.trimmed().isEmpty() ? m_controller.clearRecords() : m_controller.checkText(text);
    });
    column->addWidget(m_sample);
    return m_samplePane;
}

QWidget *FeedPane::buildActions()
{
    auto *bar = new ActionBar;
    m_name = makeField(tr("Name of the format"), tr("name, such as nss-web"), true, 60);
    m_save = new Button(tr("Keep"), ButtonKind::Primary);
    m_use = new Button(tr("Keep and use"));
    m_remove = new Button(tr("Remove"), ButtonKind::Secondary, QStringLiteral("trash"));
    m_remove->setAccessibleName(tr("Remove the kept format"));
    connect(m_name, &QLineEdit::textChanged, this, &FeedPane::updateActions);
    connect(m_name, &QLineEdit::returnPressed, this, &FeedPane::save);
    connect(m_save, &Button::clicked, this, &FeedPane::save);
    connect(m_use, &Button::clicked, this, [this] {
        m_useAfterSave = true;
        save();
    });
    connect(m_remove, &Button::clicked, this, [this] { m_controller.remove(m_name->text().trimmed()); });
    bar->add(m_name, 1);
    bar->add(m_save);
    bar->add(m_use);
    bar->add(m_remove);
    return bar;
}

void FeedPane::openKept(const QString &name)
{
    for (const workspace::KeptFeedFormat &one : m_controller.kept()) {
        if (QString::fromStdString(one.name) == name) {
            openText(name, QString::fromStdString(one.text), QString::fromStdString(one.escape));
            return;
        }
    }
    openText({}, {}, {});
    m_text->setFocus(Qt::OtherFocusReason);
}

void FeedPane::openText(const QString &name, const QString &text, const QString &escape)
{
    m_name->setText(name);
    m_escape->setText(escape);
    m_text->setPlainText(text);
    m_kept->setValue(name);
    updateActions();
}

void FeedPane::tryRecords(const QString &records)
{
    m_sample->setPlainText(records);
}

void FeedPane::setReceiver(const QString &place)
{
    m_receiver = place;
    updateActions();
}

void FeedPane::takeKept()
{
    const QString name = m_name->text();
    m_kept->clear();
    m_kept->add(m_controller.kept().empty() ? tr("No format is kept") : tr("New format"), {});
    for (const workspace::KeptFeedFormat &one : m_controller.kept()) {
        m_kept->add(present::shown(one.name, 80), QString::fromStdString(one.name));
    }
    m_kept->setValue(name);
    updateActions();
}

void FeedPane::takeReport()
{
    const present::FeedReport &report = m_controller.report();
    const bool empty = report.verdict.isEmpty();
    const bool good = report.format != nullptr;
    m_verdictIcon->setVisible(!empty);
    m_verdictIcon->set(good ? QStringLiteral("allowed") : QStringLiteral("warning"), good ? Color::Ok : Color::Error);
    m_verdict->setText(empty ? tr("Nothing to compile yet") : report.verdict);
    m_verdict->setColor(empty ? Color::Text2 : Color::Text);
    m_text->setMarks(report.marks);
    m_notice->clearButtons();
    m_notice->setVisible(!report.marks.empty());
    if (!report.marks.empty()) {
        const present::TextMark &mark = report.marks.front();
        const QString more = report.marks.size() > 1
                                 ? tr("  %n more below.", nullptr, static_cast<int>(report.marks.size()) - 1)
                                 : QString();
        m_notice->set(!good                              ? NoticeBar::Kind::Error
                      : mark.tone == present::Tone::Warn ? NoticeBar::Kind::Warn
                                                         : NoticeBar::Kind::Info,
                      tr("Line %1, column %2").arg(QString::number(mark.line), QString::number(mark.column)),
                      mark.sentence + (mark.reason.isEmpty() ? QString() : QStringLiteral(": ") + mark.reason) +
                          (mark.code.isEmpty() ? QString() : QStringLiteral("  ") + mark.code) + more);
        connect(m_notice->addButton(tr("Show")), &Button::clicked, this,
                [this, mark] { m_text->goTo(mark.line, mark.column); });
    }
    m_tokensModel.setReport(report, m_controller.check());
    m_tokens->setVisible(good);
    m_none->setVisible(!good);
    if (!empty && !good) {
        m_none->set(tr("It does not compile yet."),
                    tr("The place is underlined above. Nothing is kept or used before it does."));
    } else if (empty) {
        m_none->set(tr("Paste the format that the portal shows."),
                    tr("Copy \"Feed Output Format\" of an NSS feed, or \"Log Stream Content\" of a log receiver, from "
                       "the Zscaler portal, or drop a file with it on the field above. Nightjar compiles it into a "
                       "parser of your own feed."));
    }
    m_samplePane->setVisible(good);
    updateActions();
}

void FeedPane::takeCheck()
{
    const present::FeedCheck *check = m_controller.check();
    m_tokensModel.setReport(m_controller.report(), check);
    std::vector<present::TextMark> marks;
    if (check == nullptr) {
        m_sampleVerdict->setText(tr("Try it on records"));
        m_sampleVerdict->setColor(Color::Text2);
        m_sample->setMarks({});
        return;
    }
    if (check->records == 0) {
        m_sampleVerdict->setText(tr("There are no records of this log type"));
        m_sampleVerdict->setColor(Color::Warn);
        return;
    }
    QString text = tr("%1 of %2 records fit").arg(present::number(check->fitting), present::number(check->records));
    if (check->withoutTime > 0) {
        text += tr(", %1 without a time").arg(present::number(check->withoutTime));
    }
    for (const auto &[record, mark] : check->failures) {
        if (marks.empty()) {
            text += tr("; record %1, column %2: %3")
                        .arg(QString::number(mark.line), QString::number(mark.column), mark.sentence);
        }
        marks.push_back(mark);
    }
    if (!check->neverFilled.isEmpty()) {
        text += tr("; never filled: %1").arg(check->neverFilled.join(QStringLiteral(", ")));
    }
    m_sampleVerdict->setText(text);
    m_sampleVerdict->setColor(check->failures.empty() ? Color::Ok : Color::Warn);
    m_sample->setMarks(m_sample->toPlainText().isEmpty() ? std::vector<present::TextMark>{} : marks);
}

void FeedPane::save()
{
    if (m_save->isEnabled()) {
        m_controller.save(m_name->text());
    }
}

void FeedPane::updateActions()
{
    const bool good = m_controller.report().format != nullptr && !m_name->text().trimmed().isEmpty();
    const bool known = m_kept->findData(m_name->text().trimmed()) > 0;
    m_save->setEnabled(good);
    m_save->setLabel(known ? tr("Replace") : tr("Keep"));
    setPlainToolTip(m_save, good ? QString() : tr("It needs a name, and has to compile"));
    m_use->setEnabled(good);
    m_use->setVisible(!m_receiver.isEmpty());
    m_use->setLabel(tr("Use for %1").arg(m_receiver));
    m_remove->setVisible(known);
}

} // namespace nightjar::ui
