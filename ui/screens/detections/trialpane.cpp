// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/detections/trialpane.h"

#include "present/show.h"
#include "ui/screens/detections/daychart.h"

#include <array>

namespace nightjar::ui {

namespace {

constexpr Timestamp kAround = 5 * 60 * kMicrosPerSecond;
constexpr std::size_t kEntities = 8;
constexpr int kEntityRows = 5;
constexpr int kExceptionFields = 9;
/// What exceptions are made of, most telling first.
constexpr std::array kFields{"user.name",       "url.domain", "dns.question.name",   "destination.ip", "url.category",
                             "user.department", "source.ip",  "user_agent.original", "event.action",   "log_type"};

/// "9.1 M", "148 k", "9,120": fits a figure.
QString compact(std::int64_t value)
{
    if (value >= 1'000'000) {
        return TrialPane::tr("%1 M").arg(
            QString::number(static_cast<double>(value) / 1e6, 'f', value < 100'000'000 ? 1 : 0));
    }
    return value >= 10'000 ? TrialPane::tr("%1 k").arg(value / 1'000) : present::number(value);
}

QString costText(double micros)
{
    return micros < 0.01  ? TrialPane::tr("< 10 ns")
           : micros < 0.1 ? TrialPane::tr("%1 ns").arg(QString::number(micros * 1'000, 'f', 0))
                          : TrialPane::tr("%1 µs").arg(QString::number(micros, 'f', 1));
}

} // namespace

SamplesModel::SamplesModel(QObject *parent)
    : RowsModel({{tr("time"), false, true, false},
                 {tr("who"), false, true, false},
                 {tr("where to"), false, true, false},
                 {{}, false, false, true}},
                parent)
{
}

void SamplesModel::setSamples(const std::vector<present::RuleSample> &samples)
{
    std::vector<Row> rows;
    for (const present::RuleSample &sample : samples) {
        Row row;
        row.id = sample.id;
        row.cells = {present::dayAndTime(sample.time).section(u' ', 1), sample.user, sample.target, sample.action};
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

EntitiesModel::EntitiesModel(QObject *parent)
    : RowsModel({{tr("who"), false, true, false}, {tr("hits"), true, true, false}}, parent)
{
}

void EntitiesModel::setEntities(const std::vector<std::pair<std::string, std::int64_t>> &entities)
{
    std::vector<Row> rows;
    for (std::size_t i = 0; i < std::min(entities.size(), kEntities); ++i) {
        Row row;
        const QString name = entities[i].first.empty() ? tr("nobody is named") : present::shown(entities[i].first, 200);
        row.cells = {name, present::number(entities[i].second)};
        row.raw = name;
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

TrialPane::TrialPane(ShellServices &services, present::DetectionController &controller, present::RuleEditor &editor,
                     QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_controller(controller)
    , m_editor(editor)
    , m_head(new PaneHead(tr("Live test")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_days = new Choice(tr("Time of the test"));
    m_days->setMinimumContentsLength(8);
    m_days->setFixedWidth(112);
    for (const auto &[text, days] :
         {std::pair{tr("1 day"), 1}, {tr("7 days"), 7}, {tr("30 days"), 30}, {tr("all"), 0}}) {
        m_days->add(text, QString::number(days));
    }
    m_days->setValue(QString::number(editor.days()));
    connect(m_days, &QComboBox::activated, this, [this] { m_editor.setDays(m_days->value().toInt()); });
    m_head->addTrailing(m_days);
    column->addWidget(m_head);
    column->addWidget(new Hairline);
    m_none = new EmptyState(QStringLiteral("test"), {}, {});
    column->addWidget(m_none, 1);
    m_body = new QWidget;
    auto *inside = new QVBoxLayout(m_body);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    inside->addWidget(buildFigures());
    m_chart = new DayChart;
    inside->addWidget(m_chart);
    m_compared = new PlainLabel({}, Type::Body, Color::Text2);
    m_compared->setContentsMargins(px(Length::PaneInset), 0, px(Length::PaneInset), 6);
    m_compared->setEliding(true);
    inside->addWidget(m_compared);
    inside->addWidget(new Hairline);
    m_lists = buildLists();
    inside->addWidget(m_lists, 1);
    m_quiet = new EmptyState(QStringLiteral("test"), tr("No hits in this time."), {});
    inside->addWidget(m_quiet, 1);
    column->addWidget(m_body, 1);
    column->addWidget(buildException());
    connect(&editor, &present::RuleEditor::checked, this, &TrialPane::take);
    connect(&editor, &present::RuleEditor::testStarted, this, &TrialPane::take);
    connect(&editor, &present::RuleEditor::tested, this, &TrialPane::take);
    connect(&controller, &present::DetectionController::exceptionTried, this,
            [this](const present::ExceptionTrial &trial) {
                m_effect->setText(tr("Would have closed %1 of %2 hits in the whole store.")
                                      .arg(present::number(trial.closed()), present::number(trial.before)));
                m_add->setEnabled(trial.closed() > 0);
            });
    take();
}

QWidget *TrialPane::buildFigures()
{
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    m_hits = new Figure(tr("Hits"));
    m_who = new Figure(tr("Who"));
    m_events = new Figure(tr("Events"));
    m_cost = new Figure(tr("Cost"));
    for (Figure *figure : {m_hits, m_who, m_events, m_cost}) {
        line->addWidget(figure, 1);
    }
    return row;
}

QWidget *TrialPane::buildLists()
{
    auto *pane = new QWidget;
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_samplesHead = new PaneHead(tr("Events"));
    m_except = new Button(tr("Exception"), ButtonKind::Secondary, QStringLiteral("exception"));
    m_except->setSmall(true);
    m_except->setKey(QStringLiteral("m"));
    connect(m_except, &Button::clicked, this, &TrialPane::startException);
    m_samplesHead->addTrailing(m_except);
    column->addWidget(m_samplesHead);
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Events that the rule finds"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnSpecs(
        {{124, CellStyle::Time}, {100, CellStyle::Mono}, {0, CellStyle::Url}, {40, CellStyle::Action}});
    m_table->setModel(&m_samplesModel);
    connect(m_table, &FastTable::rowActivated, this, [this](const QModelIndex &index) { openEvent(index.row()); });
    connect(m_table, &FastTable::currentRowChanged, this, [this] {
        if (m_exception->isVisible()) {
            offerValues();
        }
    });
    column->addWidget(m_table, 3);
    column->addWidget(new Hairline);
    column->addWidget(new PaneHead(tr("Who"), tr("most hits first")));
    m_entities = new FastTable;
    m_entities->setAccessibleName(tr("Who the rule finds"));
    m_entities->setSelectionMode(QAbstractItemView::SingleSelection);
    m_entities->setColumnSpecs({{0, CellStyle::Mono}, {80, CellStyle::Number}});
    m_entities->setModel(&m_entitiesModel);
    m_entities->setMinimumHeight(px(Length::RowHeader) + 2 * px(Length::RowNormal));
    m_entities->setMaximumHeight(px(Length::RowHeader) + kEntityRows * px(Length::RowNormal) + 2);
    column->addWidget(m_entities, 1);
    return pane;
}

QWidget *TrialPane::buildException()
{
    m_exception = new Surface(Color::AccentWash);
    m_exception->setEdges(Qt::TopEdge);
    auto *column = new QVBoxLayout(m_exception);
    column->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    column->setSpacing(4);
    column->addWidget(new PlainLabel(tr("Exception: events with all of these"), Type::BodyStrong));
    m_values = new QVBoxLayout;
    m_values->setSpacing(2);
    column->addLayout(m_values);
    m_effect = new PlainLabel({}, Type::Body);
    m_effect->setWordWrap(true);
    column->addWidget(m_effect);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    m_reason = makeField(tr("Why, as the exception's title"), tr("why, as its title"), false, 120);
    auto *cancel = new Button(tr("Cancel"));
    connect(cancel, &Button::clicked, m_exception, &QWidget::hide);
    m_add = new Button(tr("Add exception"), ButtonKind::Primary);
    connect(m_add, &Button::clicked, this, [this] {
        m_controller.addException(m_rule, chosenValues(), m_reason->text());
        m_exception->hide();
    });
    row->addWidget(m_reason, 1);
    row->addWidget(cancel);
    row->addWidget(m_add);
    column->addLayout(row);
    m_exception->hide();
    return m_exception;
}

void TrialPane::setRule(const workspace::RuleInfo &rule)
{
    m_rule = rule;
    m_exception->hide();
    take();
}

void TrialPane::showSamples(const std::vector<present::RuleSample> &samples, const QString &caption)
{
    m_samples = samples;
    m_lists->setVisible(!samples.empty());
    m_quiet->setVisible(samples.empty());
    m_samplesModel.setSamples(samples);
    m_samplesHead->setCaption(caption);
    const bool possible = !samples.empty() && !present::ruleReference(m_rule).empty() && m_rule.kind == "rule";
    m_except->setEnabled(possible);
    setPlainToolTip(m_except, possible ? tr("From the values of the chosen event")
                                       : tr("It needs a saved rule and an event that it finds"));
}

void TrialPane::showHunt(const present::HuntResult &result)
{
    m_none->hide();
    m_body->show();
    showSamples(result.samples, tr("hunt: %1 hits, %2 shown")
                                    .arg(present::number(static_cast<std::int64_t>(result.events.size())),
                                         present::number(static_cast<std::int64_t>(result.samples.size()))));
}

void TrialPane::take()
{
    const auto &trial = m_editor.trial();
    const bool any = trial.has_value() && m_editor.isUsable();
    m_body->setVisible(any);
    m_none->setVisible(!any);
    if (!any) {
        m_exception->hide();
        m_head->setCaption({});
        if (m_editor.text().isEmpty()) {
            m_none->set(tr("Nothing to test yet."), tr("Open a rule: its hits on your own past stand here."));
        } else if (!m_editor.isUsable()) {
            m_none->set(tr("The test waits for the error."), tr("As soon as the rule can run, it runs over the past."));
        } else {
            m_none->set(tr("Running over the newest day."), tr("The rest follows."));
        }
        return;
    }
    const workspace::RuleTest &test = trial->test;
    const auto seconds = QString::number(test.hunt.seconds, 'f', 1);
    m_head->setCaption(m_editor.testing() ? tr("newest day first, still running")
                                          : tr("%1 events in %2 s").arg(present::number(test.hunt.events), seconds));
    const double days = std::max(1.0, static_cast<double>(test.days.size()));
    m_hits->set(present::number(test.hunt.matches),
                tr("%1 a day").arg(QString::number(static_cast<double>(test.hunt.matches) / days, 'f', 1)));
    m_who->set(present::number(static_cast<std::int64_t>(test.entities.size())),
               test.entities.size() >= 50 ? tr("or more") : tr("users, clients"));
    m_events->set(compact(test.hunt.events), tr("%1 blocks left out").arg(present::number(test.hunt.blocksSkipped)));
    m_cost->set(costText(test.microsPerEvent), tr("an event"));
    const auto &saved = m_editor.savedTest();
    m_chart->set(test.days, saved && m_editor.isChanged() ? &saved->days : nullptr);
    m_chart->setVisible(test.hunt.matches > 0 || (saved && saved->hunt.matches > 0));
    m_compared->setVisible(saved.has_value() && m_editor.isChanged());
    if (saved) {
        m_compared->setText(tr("Saved version: %1 hits (dashed); this edit: %2")
                                .arg(present::number(saved->hunt.matches), present::number(test.hunt.matches)));
    }
    showSamples(trial->samples, test.hunt.matches > static_cast<std::int64_t>(trial->samples.size())
                                    ? tr("the first %1; Enter shows one among its neighbours")
                                          .arg(present::number(static_cast<std::int64_t>(trial->samples.size())))
                                    : tr("Enter shows one among its neighbours"));
    m_entitiesModel.setEntities(test.entities);
}

void TrialPane::startException()
{
    if (!m_except->isEnabled()) {
        return;
    }
    if (m_table->currentIndex().row() < 0) {
        m_table->selectRow(0);
    }
    m_exception->show();
    offerValues();
    if (!m_boxes.isEmpty()) {
        m_boxes.front()->setFocus(Qt::OtherFocusReason);
    }
}

void TrialPane::offerValues()
{
    for (QCheckBox *box : std::as_const(m_boxes)) {
        box->hide();
        box->deleteLater();
    }
    m_boxes.clear();
    m_effect->setText(tr("Choose the values that make the event harmless."));
    m_add->setEnabled(false);
    const int row = m_table->currentIndex().row();
    if (row < 0 || row >= static_cast<int>(m_samples.size())) {
        return;
    }
    for (const char *field : kFields) {
        for (const auto &[name, value] : m_samples[static_cast<std::size_t>(row)].fields) {
            if (name != field || value.empty() || m_boxes.size() >= kExceptionFields) {
                continue;
            }
            const QString text =
                QString::fromLatin1(field) + QStringLiteral(": ") + present::shownField(name, value).left(80);
            auto *box = new QCheckBox(withoutMnemonic(text));
            box->setAccessibleName(text);
            box->setProperty("njField", QString::fromLatin1(field));
            box->setProperty("njValue", QByteArray::fromStdString(value));
            connect(box, &QCheckBox::toggled, this, &TrialPane::tryException);
            m_values->addWidget(box);
            m_boxes << box;
        }
    }
}

present::DetectionController::Values TrialPane::chosenValues() const
{
    present::DetectionController::Values values;
    for (const QCheckBox *box : m_boxes) {
        if (box->isChecked()) {
            values.emplace_back(box->property("njField").toString().toStdString(),
                                box->property("njValue").toByteArray().toStdString());
        }
    }
    return values;
}

void TrialPane::tryException()
{
    m_add->setEnabled(false);
    const auto values = chosenValues();
    if (values.empty()) {
        m_effect->setText(tr("Choose the values that make the event harmless."));
        return;
    }
    m_effect->setText(tr("Counting…"));
    m_controller.tryException(m_rule, m_editor.text(), values);
}

void TrialPane::openEvent(int row)
{
    if (row < 0 || row >= static_cast<int>(m_samples.size()) ||
        m_samples[static_cast<std::size_t>(row)].time == kNoTime) {
        return;
    }
    const Timestamp time = m_samples[static_cast<std::size_t>(row)].time;
    Address address{QStringLiteral("events"), {}};
    address.query.addQueryItem(QStringLiteral("from"), QString::number(time - kAround));
    address.query.addQueryItem(QStringLiteral("to"), QString::number(time + kAround));
    m_services.open(address);
}

} // namespace nightjar::ui
