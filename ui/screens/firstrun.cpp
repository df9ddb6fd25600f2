// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/firstrun.h"

#include "present/show.h"
#include "ui/theme/icons.h"
#include "ui/theme/style.h"
#include "ui/widgets/severity.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QPainter>
#include <QPointer>
#include <QThreadPool>

namespace nightjar::ui {

namespace {

constexpr int kBoxWidth = 1040;
constexpr int kLeftWidth = 600;
constexpr int kPad = 32;
constexpr int kFooter = 64;
constexpr std::uintmax_t kBytesPerEvent = 140; ///< of a store; what 300 M events in 41 GB come to

/// Bytes free where `folder` is or will be: asks the nearest folder that exists.
std::uintmax_t freeBytes(std::filesystem::path folder)
{
    std::error_code error;
    while (!folder.empty() && !std::filesystem::exists(folder, error) && folder != folder.parent_path()) {
        folder = folder.parent_path();
    }
    const auto space = std::filesystem::space(folder, error);
    return error ? 0 : space.available;
}

QString homeShort(const std::filesystem::path &folder)
{
    QString text = QString::fromStdString(folder.string());
    const QString home = QDir::homePath();
    if (text.startsWith(home + u'/')) {
        text = u'~' + text.mid(home.size());
    }
    return present::shown(text.toStdString(), 300);
}

/// The curve of the demo's picture: three working days, with a mark for each planted attack.
class DemoPicture : public QWidget {
public:
    DemoPicture() { setFixedHeight(76); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        static constexpr int kDay[] = {1, 1, 1, 1, 2, 3, 5, 8, 9, 10, 9, 8, 9, 7, 5, 3, 2, 1};
        QPainter painter(this);
        const int count = 3 * static_cast<int>(std::size(kDay));
        const int base = height() - 18;
        for (int i = 0; i < count; ++i) {
            const int tall = kDay[i % static_cast<int>(std::size(kDay))] * 4;
            const int x = i * width() / count;
            painter.fillRect(x, base - tall, std::max(2, width() / count - 1), tall, tint(Color::BarNeutral));
        }
        painter.fillRect(0, base, width(), 1, tint(Color::Hairline));
        const std::pair<double, alerts::Severity> marks[] = {
            {0.28, alerts::Severity::Critical}, {0.54, alerts::Severity::High}, {0.85, alerts::Severity::High}};
        for (const auto &[share, severity] : marks) {
            paintSeverityShape(painter, QRect(static_cast<int>(share * width()), 2, 9, 9), severity,
                               Theme::instance().severityGraphic(severity));
        }
        painter.setFont(typeface(Type::Caption));
        painter.setPen(tint(Color::Text2));
        for (int day = 0; day < 3; ++day) {
            painter.drawText(QRect(day * width() / 3, base + 2, width() / 3, 16), Qt::AlignLeft | Qt::AlignVCenter,
                             QCoreApplication::translate("FirstRun", "day %1").arg(day + 1));
        }
    }
};

} // namespace

ChoiceRow::ChoiceRow(const QString &icon, const QString &name, const QString &effect, const QString &cost,
                     QWidget *parent)
    : QAbstractButton(parent)
    , m_icon(icon)
    , m_name(name)
    , m_effect(effect)
    , m_cost(cost)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setFixedHeight(64);
    setAccessibleName(name);
    setAccessibleDescription(effect);
}

void ChoiceRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int radius = px(Length::RadiusControl);
    painter.setBrush(tint(isChecked() ? Color::AccentWash : underMouse() ? Color::Hover : Color::Bg));
    painter.setPen(isChecked() ? QPen(tint(Color::Focus), 2) : QPen(tint(Color::Hairline), 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius, radius);
    const QRectF dot(17.5, (height() - 13) / 2.0, 13, 13);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(tint(isChecked() ? Color::Accent : Color::ControlBorder));
    painter.drawEllipse(dot);
    if (isChecked()) {
        painter.setBrush(tint(Color::Accent));
        painter.drawEllipse(dot.adjusted(3.5, 3.5, -3.5, -3.5));
    }
    paintIcon(painter, QRect(48, (height() - 22) / 2, 22, 22), m_icon, isChecked() ? Color::Accent : Color::Text2);
    painter.setPen(tint(Color::Text));
    painter.setFont(typeface(Type::Heading));
    painter.drawText(QRect(88, 12, width() - 180, 20), Qt::AlignLeft | Qt::AlignVCenter, m_name);
    painter.setPen(tint(Color::Text2));
    painter.setFont(typeface(Type::Body));
    painter.drawText(QRect(88, 33, width() - 184, 18), Qt::AlignLeft | Qt::AlignVCenter, m_effect);
    painter.drawText(QRect(width() - 96, 0, 80, height()), Qt::AlignRight | Qt::AlignVCenter, m_cost);
    if (hasFocus()) {
        paintFocusRing(painter, rect());
    }
}

FirstRunScreen::FirstRunScreen(ShellServices &services, QWidget *parent)
    : Screen(services, parent)
    , m_pages(new QStackedWidget)
    , m_folderLabel(new PlainLabel({}, Type::Data))
    , m_room(new PlainLabel({}, Type::Body, Color::Text2))
    , m_go(new Button({}, ButtonKind::Primary))
    , m_progressText(new PlainLabel({}, Type::Body, Color::Text2))
    , m_progress(new ProgressBar)
{
    auto *box = new Surface(Color::Panel);
    box->setEdges(Qt::TopEdge | Qt::BottomEdge | Qt::LeftEdge | Qt::RightEdge);
    box->setMaximumWidth(kBoxWidth);
    auto *frame = new QVBoxLayout(box);
    frame->setContentsMargins(1, 1, 1, 1);
    frame->setSpacing(0);
    auto *sides = new QHBoxLayout;
    sides->setSpacing(0);
    sides->addWidget(buildLeft(), kLeftWidth);
    sides->addWidget(new Hairline(Qt::Vertical));
    sides->addWidget(buildRight(), kBoxWidth - kLeftWidth);
    frame->addLayout(sides, 1);
    frame->addWidget(new Hairline);
    frame->addWidget(buildFooter());
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(box, kBoxWidth);
    row->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->addStretch(1);
    column->addLayout(row);
    column->addSpacing(16);
    auto *promises = new PlainLabel(
        tr("Copies are defanged  ·  every block can be undone  ·  each screen has a command line  ·  version %1")
            .arg(QStringLiteral(NIGHTJAR_VERSION)),
        Type::Body, Color::Text2);
    promises->setAlignment(Qt::AlignHCenter);
    column->addWidget(promises);
    column->addStretch(1);
    connect(&session().jobs(), &QAbstractItemModel::dataChanged, this, &FirstRunScreen::followJob);
    connect(&session().jobs(), &present::JobModel::runningChanged, this, &FirstRunScreen::followJob);
    choose(Demo);
}

QWidget *FirstRunScreen::buildLeft()
{
    auto *left = new QWidget;
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(kPad, kPad, kPad, 24);
    column->setSpacing(8);
    column->addWidget(new PlainLabel(tr("Welcome to Nightjar"), Type::Figure));
    column->addWidget(
        new PlainLabel(tr("Read Zscaler logs, find what matters, block it in one step."), Type::Heading, Color::Text2));
    column->addSpacing(12);
    const auto add = [&](int id, const QString &icon, const QString &name, const QString &effect, const QString &cost) {
        auto *choice = new ChoiceRow(icon, name, effect, cost);
        m_choices.addButton(choice, id);
        column->addWidget(choice);
    };
    add(Demo, QStringLiteral("test"), tr("Try the demo"), tr("Made-up events, planted attacks, a simulated Zscaler"),
        tr("seconds"));
    add(Import, QStringLiteral("sources"), tr("Import log files"), tr("Drop them here: any Zscaler feed or export"),
        tr("offline"));
    add(Connect, QStringLiteral("key"), tr("Connect Zscaler"), tr("Read and change the deny list of your tenant"),
        tr("API keys"));
    m_choices.setExclusive(true);
    m_choices.button(Demo)->setChecked(true);
    connect(&m_choices, &QButtonGroup::idToggled, this, [this](int id, bool on) {
        if (on) {
            choose(id);
        }
    });
    column->addSpacing(12);
    column->addWidget(new PlainLabel(tr("Store"), Type::Caption, Color::Text2));
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(new IconLabel(QStringLiteral("folder"), 16));
    m_folderLabel->setEliding(true);
    row->addWidget(m_folderLabel, 1);
    auto *change = new Button(tr("Change"));
    connect(change, &Button::clicked, this, &FirstRunScreen::changeFolder);
    row->addWidget(change);
    column->addLayout(row);
    auto *room = new QHBoxLayout;
    room->setSpacing(6);
    room->addWidget(new IconLabel(QStringLiteral("allowed"), 14, Color::Ok));
    room->addWidget(m_room, 1);
    column->addLayout(room);
    column->addStretch(1);
    return left;
}

QWidget *FirstRunScreen::buildDemoPage()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(kPad, kPad, kPad, 24);
    column->setSpacing(4);
    auto *head = new QHBoxLayout;
    head->addWidget(new PlainLabel(tr("What the demo holds"), Type::PaneHeading));
    head->addStretch(1);
    head->addWidget(new PlainLabel(tr("simulated"), Type::Caption, Color::Warn));
    column->addLayout(head);
    column->addSpacing(8);
    column->addWidget(new DemoPicture);
    const struct {
        alerts::Severity severity;
        QString name, detail;
    } planted[] = {
        {alerts::Severity::Critical, tr("Beacon to a new domain"), tr("a request every few minutes, day and night")},
        {alerts::Severity::High, tr("Bad download and known indicators"),
         tr("what the rules and the indicator lists find")},
        {alerts::Severity::High, tr("Data leaving the company"), tr("far above the user's own baseline")}};
    for (const auto &attack : planted) {
        column->addWidget(new Hairline(Qt::Horizontal, true));
        auto *row = new QHBoxLayout;
        row->setContentsMargins(0, 4, 0, 4);
        row->setSpacing(16);
        row->addWidget(new SeverityChip(attack.severity));
        auto *words = new QVBoxLayout;
        words->setSpacing(0);
        words->addWidget(new PlainLabel(attack.name, Type::BodyStrong));
        words->addWidget(new PlainLabel(attack.detail, Type::Body, Color::Text2));
        row->addLayout(words, 1);
        column->addLayout(row);
    }
    column->addWidget(new Hairline(Qt::Horizontal, true));
    column->addSpacing(8);
    for (const QString &step :
         {tr("1   makes the records in a store of its own"), tr("2   imports them and runs all three engines"),
          tr("3   starts a simulated Zscaler to block against")}) {
        column->addWidget(new PlainLabel(step, Type::Body));
    }
    column->addSpacing(8);
    auto *promise = new Surface(Color::OkWash);
    promise->setFixedHeight(36);
    auto *row = new QHBoxLayout(promise);
    row->setContentsMargins(12, 0, 12, 0);
    row->addWidget(new IconLabel(QStringLiteral("lock"), 14, Color::Ok));
    row->addWidget(new PlainLabel(tr("Nothing leaves this machine.")), 1);
    column->addWidget(promise);
    column->addStretch(1);
    return page;
}

QWidget *FirstRunScreen::buildTextPage(const QString &title, const QList<QPair<QString, QString>> &lines,
                                       const QString &promise)
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(kPad, kPad, kPad, 24);
    column->setSpacing(8);
    column->addWidget(new PlainLabel(title, Type::PaneHeading));
    for (const auto &[what, detail] : lines) {
        column->addWidget(new Hairline(Qt::Horizontal, true));
        column->addWidget(new PlainLabel(what, Type::BodyStrong));
        auto *text = new PlainLabel(detail, Type::Body, Color::Text2);
        text->setWordWrap(true);
        column->addWidget(text);
    }
    column->addSpacing(8);
    auto *box = new Surface(Color::OkWash);
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(12, 8, 12, 8);
    row->addWidget(new IconLabel(QStringLiteral("lock"), 14, Color::Ok), 0, Qt::AlignTop);
    auto *text = new PlainLabel(promise);
    text->setWordWrap(true);
    row->addWidget(text, 1);
    column->addWidget(box);
    column->addStretch(1);
    return page;
}

QWidget *FirstRunScreen::buildRight()
{
    auto *right = new Surface(Color::Bg);
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    m_pages->addWidget(buildDemoPage());
    m_pages->addWidget(buildTextPage(
        tr("What can be read"),
        {{tr("Files, folders, archives"),
          tr("JSON, CSV and syslog feeds, portal exports; gz, zst, zip and tar are opened.")},
         {tr("Recognised by content"),
          tr("No format has to be chosen. A record that cannot be read is kept as it is, with the reason.")},
         {tr("Nothing stored twice"),
          tr("The same file again adds nothing; an import that was stopped can be repeated.")}},
        tr("Works without a network.")));
    m_pages->addWidget(buildTextPage(
        tr("What is needed"),
        {{tr("The API base of your tenant"),
          tr("https://zsapi.<cloud>/api/v1, in the environment as NIGHTJAR_ZIA_URL")},
         {tr("Credentials"),
          tr("Taken from the environment when the program starts: NIGHTJAR_ZIA_USER, NIGHTJAR_ZIA_PASSWORD "
             "and NIGHTJAR_ZIA_API_KEY. They are never written to the store.")},
         {tr("Then"), tr("Response reads the deny list and shows what each block would do before it is sent.")}},
        tr("Nothing is sent before you press a button that says what it sends.")));
    column->addWidget(m_pages);
    return right;
}

QWidget *FirstRunScreen::buildFooter()
{
    auto *footer = new QWidget;
    footer->setFixedHeight(kFooter);
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(kPad, 0, kPad, 0);
    row->setSpacing(12);
    m_progress->setFixedWidth(200);
    m_progress->hide();
    row->addWidget(m_progress);
    m_progressText->setEliding(true);
    row->addWidget(m_progressText, 1);
    auto *quit = new Button(tr("Quit"));
    connect(quit, &Button::clicked, this, [this] { window()->close(); });
    row->addWidget(quit);
    m_go->setKey(QStringLiteral("↵"));
    connect(m_go, &Button::clicked, this, &FirstRunScreen::go);
    row->addWidget(m_go);
    return footer;
}

void FirstRunScreen::choose(int choice)
{
    m_pages->setCurrentIndex(choice);
    m_go->setLabel(choice == Demo     ? tr("Open the demo")
                   : choice == Import ? tr("Open and choose files")
                                      : tr("Open Response"));
}

void FirstRunScreen::go()
{
    switch (m_choices.checkedId()) {
    case Demo:
        if (!m_started) {
            m_started = true;
            m_progressText->setText(tr("Making the demo"));
            m_go->setEnabled(false);
            Q_EMIT demoChosen(m_folder.parent_path() / "demo");
        }
        break;
    case Import:
        Q_EMIT workspaceChosen(m_folder, QStringLiteral("sources"));
        services().chooseFiles();
        break;
    default:
        Q_EMIT workspaceChosen(m_folder, QStringLiteral("response"));
        break;
    }
}

void FirstRunScreen::followJob()
{
    if (!m_started || session().jobs().rowCount() == 0) {
        return;
    }
    const QModelIndex job = session().jobs().index(0);
    const bool running = job.data(present::JobModel::StateRole).toInt() == static_cast<int>(present::JobState::Running);
    m_progress->setVisible(running);
    m_progress->setFraction(job.data(present::JobModel::FractionRole).toDouble());
    m_progressText->setText(running ? job.data(present::JobModel::TextRole).toString() : QString());
    if (!running) {
        m_started = false;
        m_go->setEnabled(true);
    }
}

void FirstRunScreen::setFolder(const std::filesystem::path &folder)
{
    m_folder = folder;
    m_folderLabel->setText(homeShort(folder));
    measureRoom();
}

void FirstRunScreen::measureRoom()
{
    m_measuring = true;
    m_room->setText(tr("Private to your account"));
    QThreadPool::globalInstance()->start(
        [self = QPointer<FirstRunScreen>(this), app = QCoreApplication::instance(), folder = m_folder] {
            const std::uintmax_t bytes = freeBytes(folder);
            QMetaObject::invokeMethod(
                app,
                [self, bytes] {
                    if (self) {
                        self->m_measuring = false;
                        const auto events = static_cast<std::int64_t>(bytes / kBytesPerEvent / 1'000'000);
                        self->m_room->setText(tr("Private to your account, %1 free, room for about %2 M events")
                                                  .arg(present::byteCount(bytes), present::number(events)));
                    }
                },
                Qt::QueuedConnection);
        });
}

void FirstRunScreen::changeFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Where the store is kept"));
    if (!path.isEmpty()) {
        setFolder(std::filesystem::path(path.toStdString()) / "workspace");
    }
}

void FirstRunScreen::activate(const Address &)
{
    m_started = false;
    m_go->setEnabled(true);
    m_progress->hide();
    m_progressText->clear();
    m_go->setFocus(Qt::OtherFocusReason);
}

void FirstRunScreen::paintEvent(QPaintEvent *)
{
    // The raster of a beacon: faint ticks of everyone's traffic, a beat that drifts through every fifth row.
    QPainter painter(this);
    painter.fillRect(rect(), tint(Color::Bg));
    quint32 state = 7;
    const auto next = [&state] {
        state = state * 1664525U + 1013904223U;
        return state >> 8U;
    };
    for (int y = 8; y < height(); y += 20) {
        const bool beat = (y / 20) % 13 == 4;
        for (int x = static_cast<int>(next() % 40U); x < width(); x += 6 + static_cast<int>(next() % 60U)) {
            painter.fillRect(x, y, 1, 8, tint(Color::HairlineSoft));
        }
        if (beat) {
            for (int x = 30 + y % 37; x < width(); x += 121) {
                painter.fillRect(x, y, 2, 8, tint(Color::Hairline));
            }
        }
    }
}

} // namespace nightjar::ui
