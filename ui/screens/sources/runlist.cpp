// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/sources/runlist.h"

#include "present/show.h"

#include <QFileDialog>
#include <QPainter>

#include <tuple>

namespace nightjar::ui {

namespace {

constexpr int kZone = 72;
constexpr int kZoneNarrow = 48;
constexpr int kMostFileRows = 5;
constexpr int kMostRunRows = 4;

std::tuple<QString, Color, QString> fileVerdict(const workspace::FileResult &file)
{
    const QString events = RunList::tr("%1 events").arg(present::number(file.events));
    switch (file.state) {
    case workspace::FileState::Imported:
        return {QStringLiteral("allowed"), Color::Ok,
                file.duplicates > 0
                    ? RunList::tr("%1, %2 were there already").arg(events, present::number(file.duplicates))
                    : events};
    case workspace::FileState::AlreadyImported:
        return {QStringLiteral("copy"), Color::Text2,
                RunList::tr("already imported, same content; nothing stored twice")};
    case workspace::FileState::WithBadRecords:
        return {QStringLiteral("warning"), Color::Warn,
                RunList::tr("%1, %2 bad records kept").arg(events, present::number(file.quarantined))};
    case workspace::FileState::Failed:
        return {QStringLiteral("warning"), Color::Error,
                file.error ? present::shown(file.error->title + ". " + file.error->reason, 300)
                           : RunList::tr("failed")};
    case workspace::FileState::Cancelled:
        return {QStringLiteral("stop"), Color::Text2, RunList::tr("cancelled; %1 stay").arg(events)};
    }
    return {};
}

} // namespace

DropZone::DropZone(ShellServices &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_more(new PlainLabel(tr("Files, folders, gz, zst, zip, tar. Recognised by content, nothing stored twice."),
                            Type::Body, Color::Text2))
{
    setFixedHeight(kZone);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(20, 0, 20, 0);
    row->setSpacing(8);
    row->addWidget(new IconLabel(QStringLiteral("sources"), 24, Color::Accent));
    row->addSpacing(8);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addStretch(1);
    auto *title = new PlainLabel(tr("Drop logs anywhere in the window"), Type::Heading);
    title->setEliding(true);
    words->addWidget(title);
    m_more->setEliding(true);
    words->addWidget(m_more);
    words->addStretch(1);
    row->addLayout(words, 1);
    auto *files = new Button(tr("Files"), ButtonKind::Secondary, QStringLiteral("file"));
    files->setAccessibleName(tr("Import files"));
    auto *folder = new Button(tr("Folder"), ButtonKind::Secondary, QStringLiteral("folder"));
    folder->setAccessibleName(tr("Import a folder"));
    auto *follow = new Button(tr("Follow"), ButtonKind::Secondary, QStringLiteral("follow"));
    follow->setAccessibleName(tr("Follow a file as it grows"));
    connect(files, &Button::clicked, &services, &ShellServices::chooseFiles);
    connect(folder, &Button::clicked, this, &DropZone::chooseFolder);
    connect(follow, &Button::clicked, this, &DropZone::chooseFollow);
    for (Button *button : {files, folder, follow}) {
        row->addWidget(button);
    }
}

void DropZone::setNarrow(bool narrow)
{
    m_more->setVisible(!narrow);
    setFixedHeight(narrow ? kZoneNarrow : kZone);
}

void DropZone::chooseFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Import a folder of logs"));
    if (!path.isEmpty()) {
        m_services.importPaths({path});
    }
}

void DropZone::chooseFollow()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Follow a log file"));
    if (!path.isEmpty()) {
        m_services.followFile(path);
    }
}

void DropZone::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tint(Color::ControlBorder), 1, Qt::DashLine));
    const int radius = px(Length::RadiusControl);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

RunList::RunList(ShellServices &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_rows(new QVBoxLayout(this))
{
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(0);
    connect(&services.imports(), &Imports::changed, this, &RunList::rebuild);
    connect(&services.session().jobs(), &QAbstractItemModel::dataChanged, this, &RunList::refresh);
    rebuild();
}

void RunList::addResults(const Imports::Run &run)
{
    const auto add = [this](const QString &icon, Color color, const QString &name, const QString &sentence) {
        auto *row = new ProgressRow;
        row->setDone(icon, color, name, sentence);
        m_rows->addWidget(row);
        return row;
    };
    if (run.error || !run.summary) {
        add(QStringLiteral("warning"), Color::Error, run.name,
            run.error ? present::shown(run.error->title + ". " + run.error->reason, 300) : QString());
        return;
    }
    int shown = 0;
    for (const auto &file : run.summary->results) {
        if (++shown > kMostFileRows) {
            break;
        }
        const auto [icon, color, sentence] = fileVerdict(file);
        ProgressRow *row = add(icon, color, present::shown(file.file, 200), sentence);
        if (file.quarantined > 0) {
            auto *bad = new Button(tr("Show bad records"), ButtonKind::Link);
            connect(bad, &Button::clicked, this, [this, name = present::shown(file.file)] { Q_EMIT badAsked(name); });
            row->layout()->addWidget(bad);
        }
    }
    if (run.summary->results.empty() || shown > kMostFileRows) {
        add(QStringLiteral("info"), Color::Text2, run.name, importSentence(*run.summary));
    }
}

void RunList::rebuild()
{
    while (QLayoutItem *item = m_rows->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    m_progress.clear();
    int shown = 0;
    bool over = false;
    for (const Imports::Run &run : m_services.imports().runs()) {
        if (++shown > kMostRunRows) {
            break;
        }
        if (!run.running) {
            over = true;
            addResults(run);
            continue;
        }
        auto *row = new ProgressRow;
        connect(row->cancelButton(), &Button::clicked, this,
                [this, id = run.jobId] { m_services.imports().cancel(id); });
        row->cancelButton()->setLabel(run.following ? tr("Stop") : tr("Cancel"));
        row->set(run.name, -1, tr("starting"));
        m_progress << std::pair{run.jobId, row};
        m_rows->addWidget(row);
    }
    if (over) {
        auto *foot = new QWidget;
        auto *line = new QHBoxLayout(foot);
        line->setContentsMargins(px(Length::PaneInset), 4, px(Length::PaneInset), 4);
        line->addStretch(1);
        auto *clear = new Button(tr("Clear the list"), ButtonKind::Link);
        connect(clear, &Button::clicked, &m_services.imports(), &Imports::clearDone);
        line->addWidget(clear);
        m_rows->addWidget(foot);
    }
    setVisible(m_rows->count() > 0);
    refresh();
}

void RunList::refresh()
{
    const auto &jobs = m_services.session().jobs();
    for (const auto &[id, row] : std::as_const(m_progress)) {
        for (int i = 0; i < jobs.rowCount(); ++i) {
            const QModelIndex job = jobs.index(i);
            if (job.data(present::JobModel::IdRole).toInt() == id) {
                row->set(job.data(present::JobModel::NameRole).toString(),
                         job.data(present::JobModel::FractionRole).toDouble(),
                         job.data(present::JobModel::TextRole).toString());
                row->cancelButton()->setEnabled(!job.data(present::JobModel::CancellingRole).toBool());
            }
        }
    }
}

} // namespace nightjar::ui
