// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/sources.h"

#include "present/show.h"

#include <QAction>
#include <QFileDialog>
#include <QPainter>

namespace nightjar::ui {

namespace {

constexpr std::size_t kBadShown = 2'000;
constexpr int kDropZone = 72;
constexpr int kMostFileRows = 12;
constexpr int kMostRunRows = 6;

StateLook sourceLook(const QString &word)
{
    if (word.contains(u"done") || word.contains(u"follow")) {
        return {word.contains(u"follow") ? QStringLiteral("follow") : QStringLiteral("allowed"), Color::Ok};
    }
    if (word.contains(u"fail")) {
        return {QStringLiteral("warning"), Color::Error};
    }
    return {QStringLiteral("warning"), Color::Warn};
}

/// Says that a drop works; drops themselves are the window's.
class DropZone : public QWidget {
public:
    DropZone() { setFixedHeight(kDropZone); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tint(Color::ControlBorder), 1, Qt::DashLine));
        const int radius = px(Length::RadiusControl);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    }
};

std::tuple<QString, Color, QString> fileVerdict(const workspace::FileResult &file)
{
    const QString events = SourcesScreen::tr("%1 events").arg(present::number(file.events));
    switch (file.state) {
    case workspace::FileState::Imported:
        return {QStringLiteral("allowed"), Color::Ok,
                file.duplicates > 0
                    ? SourcesScreen::tr("%1, %2 were there already").arg(events, present::number(file.duplicates))
                    : events};
    case workspace::FileState::AlreadyImported:
        return {QStringLiteral("copy"), Color::Text2,
                SourcesScreen::tr("already imported, same content; nothing stored twice")};
    case workspace::FileState::WithBadRecords:
        return {QStringLiteral("warning"), Color::Warn,
                SourcesScreen::tr("%1, %2 bad records kept").arg(events, present::number(file.quarantined))};
    case workspace::FileState::Failed:
        return {QStringLiteral("warning"), Color::Error,
                file.error ? present::shown(file.error->title + ". " + file.error->reason, 300)
                           : SourcesScreen::tr("failed")};
    case workspace::FileState::Cancelled:
        return {QStringLiteral("stop"), Color::Text2, SourcesScreen::tr("cancelled; %1 stay").arg(events)};
    }
    return {};
}

} // namespace

struct SourcesScreen::Answer {
    Result<std::vector<workspace::SourceInfo>> sources = std::vector<workspace::SourceInfo>{};
    Result<std::vector<workspace::QuarantineEntry>> bad = std::vector<workspace::QuarantineEntry>{};
};

SourcesScreen::SourcesScreen(ShellServices &services, QWidget *parent)
    : Screen(services, parent)
    , m_head(new ScreenHead(tr("Sources")))
    , m_runsPane(new QWidget)
    , m_runs(new QVBoxLayout(m_runsPane))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *follow = new Button(tr("Follow a file"), ButtonKind::Secondary, QStringLiteral("follow"));
    auto *folder = new Button(tr("Import a folder"), ButtonKind::Secondary, QStringLiteral("folder"));
    auto *files = new Button(tr("Import files"), ButtonKind::Primary, QStringLiteral("sources"));
    files->setKey(QStringLiteral("Ctrl O"));
    connect(follow, &Button::clicked, this, &SourcesScreen::chooseFollow);
    connect(folder, &Button::clicked, this, &SourcesScreen::chooseFolder);
    connect(files, &Button::clicked, &services, &ShellServices::chooseFiles);
    m_head->addTrailing(follow);
    m_head->addTrailing(folder);
    m_head->addTrailing(files);
    column->addWidget(m_head);
    auto *panes = new QHBoxLayout;
    panes->setSpacing(0);
    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    leftColumn->addWidget(buildDropZone());
    m_runs->setContentsMargins(0, 0, 0, 0);
    m_runs->setSpacing(0);
    leftColumn->addWidget(m_runsPane);
    leftColumn->addWidget(buildSourcesPane(), 1);
    panes->addWidget(left, 58);
    panes->addWidget(new Hairline(Qt::Vertical));
    panes->addWidget(buildBadPane(), 42);
    column->addLayout(panes, 1);
    connect(&services.imports(), &Imports::changed, this, &SourcesScreen::rebuildRuns);
    connect(&session().jobs(), &QAbstractItemModel::dataChanged, this, &SourcesScreen::refreshRuns);
    connect(&session(), &present::Session::revisionChanged, this, [this] {
        if (isVisible()) {
            refresh();
        }
    });
    for (const auto &[text, act] : {std::pair{tr("Follow a file"), &SourcesScreen::chooseFollow},
                                    std::pair{tr("Import a folder"), &SourcesScreen::chooseFolder}}) {
        auto *action = new QAction(text, this);
        connect(action, &QAction::triggered, this, act);
        addAction(action);
    }
    rebuildRuns();
}

QWidget *SourcesScreen::buildDropZone()
{
    auto *frame = new QWidget;
    auto *around = new QVBoxLayout(frame);
    const int inset = px(Length::PaneInset);
    around->setContentsMargins(inset, 12, inset, 12);
    auto *zone = new DropZone;
    auto *row = new QHBoxLayout(zone);
    row->setContentsMargins(20, 0, 20, 0);
    row->setSpacing(16);
    row->addWidget(new IconLabel(QStringLiteral("sources"), 24, Color::Accent));
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addStretch(1);
    words->addWidget(new PlainLabel(tr("Drop logs anywhere in the window"), Type::Heading));
    auto *more = new PlainLabel(
        tr("Any feed or export: files, folders, gz, zst, zip, tar. Recognised by content, nothing stored twice."),
        Type::Body, Color::Text2);
    more->setEliding(true);
    words->addWidget(more);
    words->addStretch(1);
    row->addLayout(words, 1);
    auto *choose = new Button(tr("Choose files"));
    connect(choose, &Button::clicked, &services(), &ShellServices::chooseFiles);
    row->addWidget(choose);
    around->addWidget(zone);
    return frame;
}

QWidget *SourcesScreen::buildSourcesPane()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new Hairline);
    m_sources = new FastTable;
    m_sources->setAccessibleName(tr("Sources"));
    m_sources->setSelectionMode(QAbstractItemView::SingleSelection);
    m_sources->setColumnSpecs({{0, CellStyle::Path},
                               {76, CellStyle::Muted},
                               {104, CellStyle::State},
                               {104, CellStyle::Number},
                               {92, CellStyle::Number},
                               {84, CellStyle::Number},
                               {168, CellStyle::Time}});
    m_sources->setStateLook(sourceLook);
    m_sources->setRowHeight(Length::RowRoomy);
    m_sources->setModel(&m_sourcesModel);
    connect(m_sources, &FastTable::rowActivated, this,
            [this](const QModelIndex &index) { filterBad(index.siblingAtColumn(0).data(Qt::DisplayRole).toString()); });
    column->addWidget(m_sources, 1);
    m_noSources = new EmptyState(QStringLiteral("sources"), tr("Nothing was read yet."),
                                 tr("What you import stands here with its counts."));
    column->addWidget(m_noSources, 1);
    return pane;
}

QWidget *SourcesScreen::buildBadPane()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_badHead = new PaneHead(tr("Bad records"), tr("kept as they came, with the reason"));
    m_allBad = new Button(tr("Show all"), ButtonKind::Link);
    connect(m_allBad, &Button::clicked, this, [this] { filterBad({}); });
    m_badHead->addTrailing(m_allBad);
    column->addWidget(m_badHead);
    column->addWidget(new Hairline);
    m_badTable = new FastTable;
    m_badTable->setAccessibleName(tr("Bad records"));
    m_badTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_badTable->setColumnSpecs(
        {{170, CellStyle::Path}, {70, CellStyle::Number}, {180, CellStyle::Text}, {0, CellStyle::MonoMuted}});
    m_badTable->setModel(&m_badModel);
    connect(m_badTable, &FastTable::currentRowChanged, this, &SourcesScreen::showBad);
    column->addWidget(m_badTable, 1);
    m_noBad = new EmptyState(QStringLiteral("allowed"), tr("No bad records."),
                             tr("Every record that was read could be understood."));
    column->addWidget(m_noBad, 1);
    m_badDetail = new Surface(Color::Panel);
    static_cast<Surface *>(m_badDetail)->setEdges(Qt::TopEdge);
    auto *inside = new QVBoxLayout(m_badDetail);
    const int inset = px(Length::PaneInset);
    inside->setContentsMargins(inset, 12, inset, 12);
    inside->setSpacing(4);
    m_badTitle = new PlainLabel({}, Type::BodyStrong);
    m_badReason = new PlainLabel({}, Type::Body, Color::Text2);
    m_badReason->setWordWrap(true);
    m_badRaw = new PlainLabel({}, Type::Data);
    m_badRaw->setWordWrap(true);
    inside->addWidget(m_badTitle);
    inside->addWidget(m_badReason);
    inside->addSpacing(4);
    inside->addWidget(m_badRaw);
    m_badDetail->hide();
    column->addWidget(m_badDetail);
    return pane;
}

void SourcesScreen::activate(const Address &address)
{
    m_badSource = address.query.queryItemValue(QStringLiteral("source"), QUrl::FullyDecoded);
    refresh();
}

void SourcesScreen::refresh()
{
    session().runLatest(
        m_ask, present::Priority::Page,
        [](workspace::Workspace &space, const CancelToken &) {
            return Answer{space.imports().sources(), space.imports().quarantine(kBadShown)};
        },
        this, [this](const Answer &answer) { take(answer); });
}

void SourcesScreen::take(const Answer &answer)
{
    if (!answer.sources || !answer.bad) {
        services().tellError(answer.sources ? answer.bad.error() : answer.sources.error());
        return;
    }
    std::int64_t records = 0;
    std::int64_t bad = 0;
    for (const auto &source : *answer.sources) {
        records += source.records;
        bad += source.quarantined;
    }
    m_head->setSub(tr("%1 sources, %2 records, %3 bad")
                       .arg(present::number(static_cast<std::int64_t>(answer.sources->size())),
                            present::number(records), present::number(bad)));
    m_sourcesModel.setSources(*answer.sources);
    m_sources->setVisible(!answer.sources->empty());
    m_noSources->setVisible(answer.sources->empty());
    m_bad = *answer.bad;
    filterBad(m_badSource);
}

void SourcesScreen::filterBad(const QString &source)
{
    m_badSource = source;
    m_shownBad.clear();
    for (const auto &entry : m_bad) {
        if (source.isEmpty() || present::shown(entry.source).startsWith(source)) {
            m_shownBad.push_back(entry);
        }
    }
    m_badModel.setEntries(m_shownBad);
    const auto count = present::number(static_cast<std::int64_t>(m_shownBad.size()));
    const bool cut = m_bad.size() >= kBadShown;
    m_badHead->setCaption(source.isEmpty() ? (cut ? tr("the newest %1, kept as they came").arg(count)
                                                  : tr("%1, kept as they came, with the reason").arg(count))
                                           : tr("%1 of %2").arg(count, source));
    m_allBad->setVisible(!source.isEmpty());
    m_badTable->setVisible(!m_shownBad.empty());
    m_noBad->setVisible(m_shownBad.empty());
    m_badDetail->hide();
    if (!m_shownBad.empty()) {
        m_badTable->selectRow(0);
        showBad(0);
    }
}

void SourcesScreen::showBad(int row)
{
    m_badDetail->setVisible(row >= 0 && row < static_cast<int>(m_shownBad.size()));
    if (!m_badDetail->isVisibleTo(this)) {
        return;
    }
    const auto &entry = m_shownBad[static_cast<std::size_t>(row)];
    const QString place = entry.line > 0 ? tr("line %1").arg(entry.line) : tr("record %1").arg(entry.index);
    m_badTitle->setText(present::shown(entry.error.title, 200) + QStringLiteral("  ") +
                        present::shown(entry.source, 120) + QStringLiteral(", ") + place);
    QString reason = present::shown(entry.error.reason, 500);
    if (entry.error.place.column > 0) {
        reason += tr(", column %1.").arg(entry.error.place.column);
    }
    if (!entry.error.hint.empty()) {
        reason += QStringLiteral(" ") + present::shown(entry.error.hint, 300);
    }
    m_badReason->setText(reason + QStringLiteral("  ") + present::shown(entry.error.code));
    m_badRaw->setText(present::shown(entry.raw, 1'200));
}

void SourcesScreen::addResultRows(const Imports::Run &run)
{
    if (run.error) {
        auto *row = new ProgressRow;
        row->setDone(QStringLiteral("warning"), Color::Error, run.name,
                     present::shown(run.error->title + ". " + run.error->reason, 300));
        m_runs->addWidget(row);
        return;
    }
    int shown = 0;
    for (const auto &file : run.summary->results) {
        if (++shown > kMostFileRows) {
            break;
        }
        auto *row = new ProgressRow;
        const auto [icon, color, sentence] = fileVerdict(file);
        row->setDone(icon, color, present::shown(file.file, 200), sentence);
        if (file.quarantined > 0) {
            auto *bad = new Button(tr("Show bad records"), ButtonKind::Link);
            connect(bad, &Button::clicked, this, [this, name = present::shown(file.file)] { filterBad(name); });
            row->layout()->addWidget(bad);
        }
        m_runs->addWidget(row);
    }
    if (run.summary->results.empty() || shown > kMostFileRows) {
        auto *row = new ProgressRow;
        row->setDone(QStringLiteral("info"), Color::Text2, run.name, importSentence(*run.summary));
        m_runs->addWidget(row);
    }
}

void SourcesScreen::rebuildRuns()
{
    while (QLayoutItem *item = m_runs->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    m_progress.clear();
    int shown = 0;
    bool over = false;
    for (const Imports::Run &run : services().imports().runs()) {
        if (++shown > kMostRunRows) {
            break;
        }
        if (!run.running) {
            over = true;
            addResultRows(run);
            continue;
        }
        auto *row = new ProgressRow;
        connect(row->cancelButton(), &Button::clicked, this,
                [this, id = run.jobId] { services().imports().cancel(id); });
        row->cancelButton()->setLabel(run.following ? tr("Stop") : tr("Cancel"));
        row->set(run.name, -1, tr("starting"));
        m_progress << std::pair{run.jobId, row};
        m_runs->addWidget(row);
    }
    if (over) {
        auto *foot = new QWidget;
        auto *line = new QHBoxLayout(foot);
        line->setContentsMargins(px(Length::PaneInset), 4, px(Length::PaneInset), 4);
        line->addStretch(1);
        auto *clear = new Button(tr("Clear the list"), ButtonKind::Link);
        connect(clear, &Button::clicked, &services().imports(), &Imports::clearDone);
        line->addWidget(clear);
        m_runs->addWidget(foot);
    }
    refreshRuns();
}

void SourcesScreen::refreshRuns()
{
    const auto &jobs = session().jobs();
    for (const auto &[id, row] : std::as_const(m_progress)) {
        for (int i = 0; i < jobs.rowCount(); ++i) {
            const QModelIndex job = jobs.index(i);
            if (job.data(present::JobModel::IdRole).toInt() == id) {
                row->set(job.data(present::JobModel::NameRole).toString(),
                         job.data(present::JobModel::FractionRole).toDouble(),
                         job.data(present::JobModel::TextRole).toString());
            }
        }
    }
}

void SourcesScreen::chooseFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Import a folder of logs"));
    if (!path.isEmpty()) {
        services().importPaths({path});
    }
}

void SourcesScreen::chooseFollow()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Follow a log file"));
    if (!path.isEmpty()) {
        services().followFile(path);
    }
}

std::vector<std::pair<QString, QString>> SourcesScreen::keys() const
{
    return {{QStringLiteral("Ctrl+O"), tr("import files")},
            {QStringLiteral("Enter"), tr("bad records of the source")},
            {QStringLiteral("j  k"), tr("next, previous row")}};
}

} // namespace nightjar::ui
