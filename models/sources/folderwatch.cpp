// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/folderwatch.h"

#include "sources/input.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace nightjar::sources {

namespace {

constexpr std::size_t kMaxFiles = 1'000'000;
constexpr std::size_t kReadBytes = 128U << 10U;

bool isTemporary(const std::string &name)
{
    constexpr std::array<std::string_view, 5> kEndings{".tmp", ".part", ".partial", ".filepart", "~"};
    return name.starts_with('.') ||
           std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view end) { return name.ends_with(end); });
}

} // namespace

class FolderWatch::Loop {
public:
    Loop(FolderWatchOptions options, Intake &intake, HealthMeter &health)
        : m_options(std::move(options))
        , m_intake(intake)
        , m_health(health)
    {
    }
    ~Loop()
    {
        {
            std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        m_wake.notify_all();
        m_thread = {};
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, [this] { return m_unstored == 0; });
    }
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    void start()
    {
        m_thread = std::jthread([this] { run(); });
    }

private:
    struct Watched {
        SeenFile file;
        Timestamp since = kNoTime; ///< it has been as it is since then, by our clock
        bool done = false;
    };
    /// The pieces of one file that are on their way.
    struct Reading {
        std::string path;
        SeenFile file;
        std::atomic<int> open = 1; ///< pieces, and the reader itself
        std::atomic<bool> failed = false;
    };

    void run();
    void look();
    void consider(const std::filesystem::path &path, Timestamp now);
    void read(const std::string &path, const SeenFile &file);
    bool readMember(Input &input, std::uint64_t delivery, const std::shared_ptr<Reading> &reading);
    bool pass(logs::RecordBatch &&batch, std::uint64_t delivery, const std::shared_ptr<Reading> &reading);
    void pieceDone(const std::shared_ptr<Reading> &reading, bool stored);
    [[nodiscard]] bool stopping() const { return m_stopping; }

    FolderWatchOptions m_options;
    Intake &m_intake;
    HealthMeter &m_health;
    std::map<std::string, Watched> m_files;
    std::set<std::string> m_present;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::atomic<bool> m_stopping = false;
    int m_unstored = 0; ///< pieces without an answer, guarded by m_mutex
    std::jthread m_thread;
};

void FolderWatch::Loop::run()
{
    while (!stopping()) {
        look();
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, std::chrono::microseconds(m_options.pauseMicros), [this] { return stopping(); });
    }
}

void FolderWatch::Loop::look()
{
    const Timestamp now = systemClock().now();
    std::vector<std::filesystem::path> found;
    std::error_code problem;
    auto item = std::filesystem::recursive_directory_iterator(
        m_options.folder, std::filesystem::directory_options::skip_permission_denied, problem);
    for (; !problem && item != std::filesystem::recursive_directory_iterator(); item.increment(problem)) {
        const std::string name = item->path().filename().string();
        std::error_code ignored;
        if (item->is_directory(ignored)) {
            if (name.starts_with('.')) {
                item.disable_recursion_pending();
            }
        } else if (!isTemporary(name) && item->is_regular_file(ignored)) {
            found.push_back(item->path());
        }
        if (found.size() >= kMaxFiles) {
            m_health.notice("The folder holds more than 1,000,000 files: the rest is not looked at");
            break;
        }
    }
    if (problem) {
        m_health.notice("The folder cannot be read: " + problem.message());
    }
    std::sort(found.begin(), found.end());
    m_present.clear();
    for (const auto &path : found) {
        if (stopping()) {
            return;
        }
        m_present.insert(path.string());
        consider(path, now);
    }
    std::erase_if(m_files, [this](const auto &entry) { return !m_present.contains(entry.first); });
}

void FolderWatch::Loop::consider(const std::filesystem::path &path, Timestamp now)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return;
    }
    const SeenFile file{static_cast<std::uint64_t>(status.st_size),
                        static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec};
    const std::string name = path.string();
    const auto [place, isNew] = m_files.try_emplace(name);
    Watched &watched = place->second;
    if (isNew || watched.file != file) {
        watched = {file, now, m_options.isDone && m_options.isDone(name, file)};
    }
    // A file that was finished long ago need not be watched for changes first.
    const bool old = now - file.changed / 1'000 > 10 * m_options.settleMicros;
    if (!watched.done && (old || now - watched.since >= m_options.settleMicros)) {
        watched.done = true;
        read(name, file);
    }
}

void FolderWatch::Loop::pieceDone(const std::shared_ptr<Reading> &reading, bool stored)
{
    if (!stored) {
        reading->failed = true;
    }
    if (reading->open.fetch_sub(1) == 1 && !reading->failed && m_options.markDone) {
        m_options.markDone(reading->path, reading->file);
    }
}

bool FolderWatch::Loop::pass(logs::RecordBatch &&batch, std::uint64_t delivery, const std::shared_ptr<Reading> &reading)
{
    Piece piece;
    piece.delivery = delivery;
    piece.batch = std::move(batch);
    piece.receivedAt = systemClock().now();
    ++reading->open;
    {
        std::lock_guard lock(m_mutex);
        ++m_unstored;
    }
    const auto answer = [this, reading](bool stored) {
        pieceDone(reading, stored);
        std::lock_guard lock(m_mutex);
        --m_unstored;
        m_wake.notify_all();
    };
    piece.done = answer;
    if (!m_intake.submit(std::move(piece))) {
        answer(false);
        return false;
    }
    return true;
}

/// False when the file must be read again later.
bool FolderWatch::Loop::readMember(Input &input, std::uint64_t delivery, const std::shared_ptr<Reading> &reading)
{
    constexpr std::size_t kPieceBytes = 4U << 20U;
    logs::FramerOptions options;
    options.maxBytes = kPieceBytes;
    options.maxRecords = 8'192;
    logs::RecordFramer framer(options);
    std::vector<char> buffer(kReadBytes);
    while (!stopping()) {
        const auto got = input.read(buffer);
        if (!got) {
            m_health.notice(describe(got.error()));
            m_health.invalid(got.error(), {});
            break; // what could be read is kept
        }
        if (*got == 0) {
            break;
        }
        m_health.received(*got);
        framer.feed(std::string_view(buffer.data(), *got));
        while (auto batch = framer.take()) {
            if (!pass(std::move(*batch), delivery, reading)) {
                return false;
            }
        }
    }
    if (stopping()) {
        return false;
    }
    while (auto batch = framer.finish()) {
        if (!pass(std::move(*batch), delivery, reading)) {
            return false;
        }
    }
    return true;
}

void FolderWatch::Loop::read(const std::string &path, const SeenFile &file)
{
    auto reading = std::make_shared<Reading>();
    reading->path = path;
    reading->file = file;
    auto input = Input::open(path);
    bool whole = input.has_value();
    if (!input) {
        m_health.notice(describe(input.error()));
    }
    while (whole) {
        const auto more = (*input)->nextMember();
        if (!more) {
            m_health.notice(describe(more.error()));
            break;
        }
        if (!*more) {
            break;
        }
        const std::uint64_t delivery = m_intake.begin();
        whole = readMember(**input, delivery, reading);
        m_intake.end(delivery);
    }
    pieceDone(reading, whole || !input); // a file that cannot be opened is not tried again until it changes
}

FolderWatch::FolderWatch(std::unique_ptr<Loop> loop)
    : m_loop(std::move(loop))
{
}
FolderWatch::~FolderWatch() = default;

Result<std::unique_ptr<FolderWatch>> FolderWatch::start(FolderWatchOptions options, Intake &intake, HealthMeter &health)
{
    std::error_code problem;
    if (!std::filesystem::is_directory(options.folder, problem)) {
        return fail(Error{"NJ-SOURCES-027", "Cannot watch " + options.folder.string(),
                          problem ? problem.message() : "it is no folder", Place{options.folder.string(), 0, 0},
                          "Name a folder that exists."});
    }
    auto loop = std::make_unique<Loop>(std::move(options), intake, health);
    loop->start();
    return std::unique_ptr<FolderWatch>(new FolderWatch(std::move(loop)));
}

} // namespace nightjar::sources
