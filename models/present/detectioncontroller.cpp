// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/detectioncontroller.h"

#include "base/files.h"
#include "workspace/workspace.h"

#include <QDate>
#include <QRegularExpression>
#include <QUuid>

#include <algorithm>
#include <map>
#include <mutex>

namespace nightjar::present {

namespace {

constexpr std::uint64_t kMaxRuleBytes = 2U << 20U;
constexpr std::size_t kMostHits = 10'000;
constexpr std::size_t kHuntSamples = 200;
constexpr qsizetype kText = 400;
const char *const kImportName = "sigma"; ///< later imports from the window replace earlier ones

Timestamp newestEvent(workspace::Workspace &space)
{
    workspace::SearchRequest newest;
    newest.limit = 1;
    const auto page = space.search().page(newest, {});
    return page && !page->rows.empty() ? page->rows.front().time : kNoTime;
}

struct Counted {
    std::vector<workspace::RuleNoise> noise;
    double days = 1;
};

Result<Counted> countNoise(workspace::Workspace &space, int days, const CancelToken &cancel)
{
    const Timestamp newest = newestEvent(space);
    Timestamp from = newest == kNoTime || days == 0 ? kNoTime : newest - days * kMicrosPerDay;
    auto noise = space.detections().noise(from, kNoTime, cancel);
    if (!noise) {
        return fail(noise.error());
    }
    workspace::SearchRequest oldest; // of a store that is younger the days that there are
    oldest.limit = 1;
    oldest.newestFirst = false;
    oldest.from = from;
    const auto page = space.search().page(oldest, cancel);
    const double span = page && !page->rows.empty() && newest != kNoTime
                            ? static_cast<double>(newest - page->rows.front().time) / static_cast<double>(kMicrosPerDay)
                            : 1;
    return Counted{std::move(*noise), std::max(span, 1.0)};
}

std::vector<std::string> referencesOf(const std::vector<workspace::RuleInfo> &rules)
{
    std::vector<std::string> references;
    for (const workspace::RuleInfo &rule : rules) {
        references.push_back(ruleReference(rule));
    }
    return references;
}

QString nameOf(const std::vector<workspace::RuleInfo> &rules)
{
    return rules.size() == 1 ? shown(rules.front().title, 120)
                             : DetectionController::tr("%n rule(s)", nullptr, static_cast<int>(rules.size()));
}

} // namespace

DetectionController::DetectionController(Session &session, UndoStack &undo, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_undo(undo)
{
    connect(&undo, &UndoStack::undone, this, &DetectionController::refresh);
}

void DetectionController::refresh()
{
    using Rules = Result<std::vector<workspace::RuleInfo>>;
    m_session.runLatest<Rules>(
        m_listing, Priority::Page,
        [](workspace::Workspace &space, const CancelToken &) { return space.detections().rules(); }, this,
        [this](const Rules &rules) {
            if (rules) {
                Q_EMIT rulesRead(*rules);
            } else {
                Q_EMIT failed(rules.error());
            }
        });
}

void DetectionController::countHits(int days)
{
    if (m_counting) {
        return;
    }
    m_counting = true;
    m_session.startJob(
        tr("Count hits of all rules"),
        [days](workspace::Workspace &space, const JobReporter &reporter, const CancelToken &cancel) {
            reporter.report(-1, tr("running all rules over the past"));
            return countNoise(space, days, cancel);
        },
        this,
        [this](const Result<Counted> &counted) { // an error is told by the session
            m_counting = false;
            if (counted) {
                Q_EMIT noiseCounted(counted->noise, counted->days);
            }
        });
}

void DetectionController::change(const QString &text, UndoStack::Inverse work, UndoStack::Inverse inverse)
{
    m_session.runLatest<Status>(
        m_changing, Priority::Action,
        [work = std::move(work)](workspace::Workspace &space, const CancelToken &) { return work(space); }, this,
        [this, text, inverse = std::move(inverse)](const Status &status) {
            refresh();
            if (!status) {
                Q_EMIT failed(status.error());
                return;
            }
            m_undo.pushChange(text, inverse);
            Q_EMIT done(text);
        });
}

void DetectionController::setEnabled(const std::vector<workspace::RuleInfo> &rules, bool enabled)
{
    std::vector<std::string> changing;
    for (const workspace::RuleInfo &rule : rules) {
        if (rule.enabled != enabled && !rule.refused) {
            changing.push_back(ruleReference(rule));
        }
    }
    if (changing.empty()) {
        return;
    }
    change(
        enabled ? tr("%1 turned on").arg(nameOf(rules)) : tr("%1 turned off").arg(nameOf(rules)),
        [=](workspace::Workspace &space) { return space.detections().setEnabled(changing, enabled); },
        [=](workspace::Workspace &space) { return space.detections().setEnabled(changing, !enabled); });
}

void DetectionController::setLevel(const std::vector<workspace::RuleInfo> &rules, const QString &level)
{
    std::map<std::string, std::vector<std::string>> before; // by level
    for (const workspace::RuleInfo &rule : rules) {
        before[rule.level == rule.fileLevel ? std::string() : rule.level].push_back(ruleReference(rule));
    }
    const QString name = nameOf(rules);
    change(
        level.isEmpty() ? tr("%1 has its own level again").arg(name) : tr("%1 is %2 now").arg(name, level),
        [ids = referencesOf(rules), to = level.toStdString()](workspace::Workspace &space) {
            return space.detections().setLevel(ids, to);
        },
        [before](workspace::Workspace &space) -> Status {
            for (const auto &[old, ids] : before) {
                if (auto set = space.detections().setLevel(ids, old); !set) {
                    return set;
                }
            }
            return {};
        });
}

void DetectionController::readSource(const workspace::RuleInfo &rule)
{
    m_session.runLatest<Result<std::string>>(
        m_reading, Priority::Page,
        [file = rule.file](workspace::Workspace &, const CancelToken &) { return readFile(file, kMaxRuleBytes); }, this,
        [this, rule](const Result<std::string> &text) {
            if (text) {
                Q_EMIT sourceRead(QString::fromStdString(ruleReference(rule)),
                                  documentOf(QString::fromStdString(*text), rule), QString::fromStdString(rule.file));
            } else {
                Q_EMIT failed(text.error());
            }
        });
}

void DetectionController::save(const QString &yaml, const std::string &file, const QString &replaces)
{
    using Saved = Result<std::string>;
    struct Before {
        std::string text;
        std::string file;
    };
    const auto before = std::make_shared<Before>();
    const std::string old = replaces.toStdString();
    m_session.runLatest<Saved>(
        m_changing, Priority::Action,
        [yaml = yaml.toStdString(), file, old, before](workspace::Workspace &space, const CancelToken &) -> Saved {
            if (!file.empty()) {
                if (auto text = readFile(file, kMaxRuleBytes)) {
                    before->text = std::move(*text);
                }
            }
            auto saved = space.detections().saveRule(yaml, file);
            if (saved && !old.empty()) {
                if (auto off = space.detections().setEnabled({old}, false); !off) {
                    return fail(off.error());
                }
            }
            return saved;
        },
        this,
        [this, old, before, file](const Saved &saved) {
            refresh();
            if (!saved) {
                Q_EMIT failed(saved.error());
                return;
            }
            const QString text = tr("Rule saved");
            m_undo.pushChange(
                text, [path = *saved, isNew = file.empty(), old, before](workspace::Workspace &space) -> Status {
                    if (isNew) {
                        if (auto removed = space.detections().removeFile(path); !removed) {
                            return removed;
                        }
                    } else if (auto put = space.detections().saveRule(before->text, path); !put) {
                        return fail(put.error());
                    }
                    return old.empty() ? Status() : space.detections().setEnabled({old}, true);
                });
            Q_EMIT done(text);
            Q_EMIT DetectionController::saved(QString::fromStdString(*saved));
        });
}

void DetectionController::tryException(const workspace::RuleInfo &rule, const QString &yaml, const Values &values)
{
    m_session.runLatest<Result<ExceptionTrial>>(
        m_trying, Priority::Count,
        [id = ruleReference(rule), yaml = yaml.toStdString(),
         values](workspace::Workspace &space, const CancelToken &cancel) -> Result<ExceptionTrial> {
            auto text = space.detections().exceptionText(id, values, {});
            if (!text) {
                return fail(text.error());
            }
            const auto before = space.detections().test(yaml, kNoTime, kNoTime, cancel);
            const auto after = before ? space.detections().test(yaml + "\n---\n" + *text, kNoTime, kNoTime, cancel)
                                      : fail(before.error());
            if (!after) {
                return fail(after.error());
            }
            return ExceptionTrial{before->hunt.matches, after->hunt.matches, std::move(*text)};
        },
        this,
        [this](const Result<ExceptionTrial> &trial) {
            if (trial) {
                Q_EMIT exceptionTried(*trial);
            } else {
                Q_EMIT failed(trial.error());
            }
        });
}

void DetectionController::addException(const workspace::RuleInfo &rule, const Values &values, const QString &title)
{
    const auto file = std::make_shared<std::string>();
    change(
        tr("Exception for %1").arg(shown(rule.title, 120)),
        [id = ruleReference(rule), values, title = title.toStdString(), file](workspace::Workspace &space) -> Status {
            auto written = space.detections().addException(id, values, title);
            if (!written) {
                return fail(written.error());
            }
            *file = *written;
            return {};
        },
        [file](workspace::Workspace &space) { return space.detections().removeFile(*file); });
}

void DetectionController::compareImport(const QString &path)
{
    using Changes = Result<std::vector<workspace::RuleChange>>;
    m_session.runLatest<Changes>(
        m_trying, Priority::Action,
        [from = path.toStdString()](workspace::Workspace &space, const CancelToken &cancel) {
            return space.detections().importRules(from, kImportName, false, cancel);
        },
        this,
        [this](const Changes &changes) {
            if (changes) {
                Q_EMIT importCompared(*changes);
            } else {
                Q_EMIT failed(changes.error());
            }
        });
}

void DetectionController::applyImport(const QString &path)
{
    using Changes = Result<std::vector<workspace::RuleChange>>;
    m_session.startJob(
        tr("Import rules"),
        [from = path.toStdString()](workspace::Workspace &space, const JobReporter &, const CancelToken &cancel)
            -> Changes { return space.detections().importRules(from, kImportName, true, cancel); },
        this,
        [this](const Changes &changes) {
            refresh();
            if (changes) {
                Q_EMIT imported(*changes);
            }
        });
}

void DetectionController::hunt(const workspace::RuleInfo &rule, int days)
{
    if (m_hunting) {
        return;
    }
    m_hunting = true;
    const QString title = shown(rule.title, 120);
    m_session.startJob(
        tr("Hunt: %1").arg(title),
        [rule, days, title](workspace::Workspace &space, const JobReporter &,
                            const CancelToken &cancel) -> Result<HuntResult> {
            const Timestamp newest = days == 0 ? kNoTime : newestEvent(space);
            HuntResult result{title, {}, {}, {}};
            const std::string wanted = ruleReference(rule);
            auto summary =
                space.detections().hunt({rule.file}, newest == kNoTime ? kNoTime : newest - days * kMicrosPerDay,
                                        kNoTime, cancel, [&](const std::string &id, std::int64_t event) {
                                            if (id == wanted) {
                                                result.events.push_back(event);
                                            }
                                            return result.events.size() < kMostHits;
                                        });
            if (!summary) {
                return fail(summary.error());
            }
            result.summary = *summary;
            for (const std::int64_t id : result.events) {
                if (result.samples.size() == kHuntSamples || cancel.cancelled()) {
                    break;
                }
                if (const auto event = space.search().event(id)) {
                    result.samples.push_back(sampleOf(*event));
                }
            }
            return result;
        },
        this,
        [this](const Result<HuntResult> &result) {
            m_hunting = false;
            if (result) {
                Q_EMIT hunted(*result);
            }
        });
}

bool isOwnRule(const workspace::RuleInfo &rule)
{
    const std::filesystem::path folder = std::filesystem::path(rule.file).parent_path();
    return folder.parent_path().filename() == "rules" &&
           (folder.filename() == "own" || folder.filename() == "exceptions");
}

QString newRuleText()
{
    return QStringLiteral("title: \nid: %1\nstatus: experimental\ndescription: \nauthor: \ndate: %2\ntags:\n"
                          "    - attack.command-and-control\nlogsource:\n    category: proxy\n    product: zscaler\n"
                          "detection:\n    selection:\n        cs-host: \n    condition: selection\n"
                          "falsepositives:\n    - Unknown\nlevel: medium\n")
        .arg(QUuid::createUuid().toString(QUuid::WithoutBraces), QDate::currentDate().toString(Qt::ISODate));
}

QString documentOf(const QString &text, const workspace::RuleInfo &rule)
{
    static const QRegularExpression border(QStringLiteral("^---[^\\n]*\\n"), QRegularExpression::MultilineOption);
    const QStringList documents = text.split(border);
    const QString wanted = rule.id.empty() ? QString(QStringLiteral("title: ") + QString::fromStdString(rule.title))
                                           : QString(QStringLiteral("id: ") + QString::fromStdString(rule.id));
    for (const QString &document : documents) {
        if (documents.size() > 1 && document.contains(wanted)) {
            return document;
        }
    }
    return text;
}

QString withNewId(const QString &text)
{
    static const QRegularExpression id(QStringLiteral("^id:.*$"), QRegularExpression::MultilineOption);
    const QString fresh = QStringLiteral("id: ") + QUuid::createUuid().toString(QUuid::WithoutBraces);
    QString changed = text;
    if (const auto match = id.match(text); match.hasMatch()) {
        return changed.replace(match.capturedStart(), match.capturedLength(), fresh);
    }
    return QString(fresh + u'\n' + text);
}

RuleChangesModel::RuleChangesModel(QObject *parent)
    : RowsModel({{tr("change"), false, false, true},
                 {tr("rule"), false, false, false},
                 {tr("verdict"), false, false, false},
                 {tr("what differs"), false, true, false},
                 {tr("file"), false, true, false}},
                parent)
{
}

void RuleChangesModel::setChanges(const std::vector<workspace::RuleChange> &changes)
{
    std::vector<Row> rows;
    for (const workspace::RuleChange &one : changes) {
        Row row;
        const bool good = one.verdict.empty() || one.verdict == "ok";
        row.tone = good ? Tone::Ok : Tone::Warn;
        QStringList differs;
        for (const std::string &key : one.differs) {
            differs << shown(key, 80);
        }
        const QString why = one.reason.empty() ? QString() : QString(QStringLiteral(": ") + shown(one.reason, kText));
        row.cells = {shown(one.kind, 40), shown(one.title.empty() ? one.file : one.title, kText),
                     one.kind == "skipped" ? shown(one.reason, kText)
                     : good                ? tr("runs")
                                           : QString(shown(one.verdict, 60).replace(u'_', u' ') + why),
                     differs.join(QStringLiteral(", ")), shown(one.file, kText)};
        row.raw = QString::fromStdString(one.kind + '\n' + one.file);
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

} // namespace nightjar::present
