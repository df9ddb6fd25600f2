// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/feedcontroller.h"

#include "base/files.h"
#include "logs/feedlexer.h"
#include "sources/input.h"
#include "workspace/engine.h"
#include "workspace/workspace.h"

#include <algorithm>

namespace nightjar::present {

namespace {

constexpr int kTypingMs = 150;
constexpr std::size_t kStoredRecords = 1'000;
constexpr std::uint64_t kSampleBytes = 8U << 20U;

using SharedLines = std::shared_ptr<const std::vector<std::string>>;

SharedLines sharedLines(const std::string &text)
{
    return std::make_shared<const std::vector<std::string>>(linesOf(text));
}

/// A sample may be of any size, and compressed: its beginning is enough.
Result<SharedLines> readSample(const std::string &path)
{
    auto input = sources::Input::open(path);
    if (!input) {
        return fail(input.error());
    }
    std::string text;
    std::vector<char> buffer(1U << 20U);
    while (text.size() < kSampleBytes) {
        if (text.empty() || text.back() == '\n') {
            const auto more = (*input)->nextMember();
            if (!more) {
                return fail(more.error());
            }
            if (!*more) {
                break;
            }
        }
        auto got = (*input)->read(buffer);
        for (; got && *got > 0 && text.size() < kSampleBytes; got = (*input)->read(buffer)) {
            text.append(buffer.data(), *got);
        }
        if (!got) {
            return fail(got.error());
        }
        text += '\n';
    }
    return sharedLines(text);
}

Result<SharedLines> storedRecords(workspace::Workspace &space, const std::string &logType, const CancelToken &cancel)
{
    workspace::SearchRequest request;
    request.query = logType.empty() ? std::string() : "log_type:" + logType;
    request.limit = kStoredRecords;
    auto lines = std::make_shared<std::vector<std::string>>();
    const Status status = space.search().stream(request, cancel, [&](const workspace::EventDetail &event) {
        lines->push_back(event.raw);
        return lines->size() < kStoredRecords;
    });
    return status ? Result<SharedLines>(SharedLines(lines)) : fail(status.error());
}

} // namespace

FeedController::FeedController(Session &session, UndoStack &undo, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_undo(undo)
{
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(&m_typing, &QTimer::timeout, this, &FeedController::compile);
    connect(&session, &Session::opened, this, &FeedController::refresh);
    connect(&undo, &UndoStack::undone, this, &FeedController::refresh);
}

bool FeedController::busy() const
{
    return m_typing.isActive() || m_listing.busy() || m_compiling.busy() || m_checking.busy() || m_reading.busy() ||
           m_changing.busy() || m_settingUp.busy();
}

void FeedController::refresh()
{
    m_session.runLatest(
        m_listing, Priority::Page,
        [](workspace::Workspace &space, const CancelToken &) { return workspace::FeedFormats(space.folder()).list(); },
        this,
        [this](std::vector<workspace::KeptFeedFormat> kept) {
            m_kept = std::move(kept);
            Q_EMIT keptChanged();
        });
}

void FeedController::setText(const QString &text, const QString &escape)
{
    m_text = text.toStdString();
    m_escape = escape.toStdString();
    m_typing.start();
}

void FeedController::compile()
{
    m_session.runLatest(
        m_compiling, Priority::Page,
        [text = m_text, escape = m_escape](workspace::Workspace &, const CancelToken &) {
            return feedReport(text, escape);
        },
        this,
        [this](FeedReport report) {
            m_report = std::move(report);
            Q_EMIT compiled();
            runCheck();
        });
}

void FeedController::readFormatFile(const QString &path)
{
    m_session.runLatest<Result<std::string>>(
        m_reading, Priority::Page,
        [file = path.toStdString()](workspace::Workspace &, const CancelToken &) {
            return readFile(file, logs::kMaxFeedFormatBytes + 1);
        },
        this,
        [this, path](const Result<std::string> &text) {
            if (!text) {
                Q_EMIT failed(text.error());
                return;
            }
            const std::string name = std::filesystem::path(path.toStdString()).stem().string();
            Q_EMIT fileRead(QString::fromStdString(name), QString::fromStdString(*text));
        });
}

std::optional<workspace::KeptFeedFormat> FeedController::keptNamed(const std::string &name) const
{
    const auto found = std::find_if(m_kept.begin(), m_kept.end(), [&](const auto &one) { return one.name == name; });
    return found == m_kept.end() ? std::nullopt : std::optional(*found);
}

void FeedController::change(const QString &text, const QString &name, const UndoStack::Inverse &work,
                            UndoStack::Inverse inverse)
{
    m_session.runLatest<Status>(
        m_changing, Priority::Action, [work](workspace::Workspace &space, const CancelToken &) { return work(space); },
        this,
        [this, text, name, inverse = std::move(inverse)](const Status &status) {
            if (!status) {
                Q_EMIT failed(status.error());
                return;
            }
            m_undo.pushChange(text, inverse);
            refresh();
            Q_EMIT done(text, name);
        });
}

void FeedController::save(const QString &name)
{
    const std::string wanted = name.trimmed().toStdString();
    const auto before = keptNamed(wanted);
    // What is kept is what is seen: the text of now, whatever the compiler last looked at.
    const workspace::KeptFeedFormat now{wanted, m_escape, m_text};
    change(
        before ? tr("Format %1 changed").arg(shown(wanted, 80)) : tr("Format %1 kept").arg(shown(wanted, 80)), name,
        [now](workspace::Workspace &space) { return workspace::FeedFormats(space.folder()).save(now); },
        [before, wanted](workspace::Workspace &space) {
            const workspace::FeedFormats formats(space.folder());
            return before ? formats.save(*before) : formats.remove(wanted);
        });
}

void FeedController::remove(const QString &name)
{
    const auto before = keptNamed(name.toStdString());
    if (!before) {
        return;
    }
    change(
        tr("Format %1 removed").arg(shown(before->name, 80)), QString(),
        [one = before->name](workspace::Workspace &space) {
            return workspace::FeedFormats(space.folder()).remove(one);
        },
        [one = *before](workspace::Workspace &space) { return workspace::FeedFormats(space.folder()).save(one); });
}

void FeedController::takeLines(const Result<Lines> &lines)
{
    if (!lines) {
        Q_EMIT failed(lines.error());
        return;
    }
    m_records = *lines;
    runCheck();
}

void FeedController::checkText(const QString &records)
{
    m_records = sharedLines(records.toStdString());
    runCheck();
}

void FeedController::checkFile(const QString &path)
{
    m_session.runLatest<Result<Lines>>(
        m_reading, Priority::Page,
        [file = path.toStdString()](workspace::Workspace &, const CancelToken &) { return readSample(file); }, this,
        [this](const Result<Lines> &lines) { takeLines(lines); });
}

void FeedController::checkStored(const QString &logType)
{
    m_session.runLatest<Result<Lines>>(
        m_reading, Priority::Page,
        [type = logType.toStdString()](workspace::Workspace &space, const CancelToken &cancel) {
            return storedRecords(space, type, cancel);
        },
        this, [this](const Result<Lines> &lines) { takeLines(lines); });
}

void FeedController::clearRecords()
{
    m_checking.cancel();
    m_records.reset();
    m_check.reset();
    Q_EMIT checked();
}

void FeedController::runCheck()
{
    if (!m_records || !m_report.format) {
        m_check.reset();
        Q_EMIT checked();
        return;
    }
    m_session.runLatest(
        m_checking, Priority::Page,
        [format = m_report.format, records = m_records](workspace::Workspace &, const CancelToken &cancel) {
            return checkRecords(format, *records, cancel);
        },
        this,
        [this](FeedCheck check) {
            m_check = std::move(check);
            Q_EMIT checked();
        });
}

void FeedController::makeSetup(const QString &feed, const QString &transport)
{
    m_session.runLatest<Result<logs::FeedSetup>>(
        m_settingUp, Priority::Page,
        [feed = feed.toStdString(), transport = transport.toStdString()](workspace::Workspace &, const CancelToken &) {
            return logs::feedSetup(feed, transport, workspace::resourcesFolder() / "feeds");
        },
        this,
        [this](const Result<logs::FeedSetup> &setup) {
            if (setup) {
                Q_EMIT setUp(*setup);
            } else {
                Q_EMIT failed(setup.error());
            }
        });
}

} // namespace nightjar::present
