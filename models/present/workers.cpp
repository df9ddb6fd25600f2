// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/workers.h"

#include <QMetaObject>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace nightjar::present {

namespace {

constexpr auto kGoodbye = std::chrono::seconds(3);

int defaultThreads()
{
    return std::max(2, static_cast<int>(std::thread::hardware_concurrency()) - 1);
}

} // namespace

Workers::Workers(int threads, QObject *parent)
    : QObject(parent)
    , m_core(std::make_shared<Core>())
{
    m_core->home = this;
    const int wanted = threads > 0 ? threads : defaultThreads();
    m_core->threads = wanted;
    for (int i = 0; i < wanted; ++i) {
        std::thread([core = m_core] {
            loop(core);
            const std::lock_guard lock(core->mutex);
            --core->threads;
            core->ended.notify_all();
        }).detach();
    }
}

Workers::~Workers()
{
    std::unique_lock lock(m_core->mutex);
    m_core->home = nullptr;
    m_core->stopping = true;
    m_core->queue.clear();
    for (const auto &[order, token] : m_core->live) {
        token.cancel();
    }
    m_core->wake.notify_all();
    m_core->ended.wait_for(lock, kGoodbye, [this] { return m_core->threads == 0; });
    const Shared last = std::exchange(m_core->shared, nullptr);
    lock.unlock(); // the workspace closes outside of the lock
}

CancelToken Workers::enqueue(Priority priority, Work work)
{
    Task task;
    task.priority = priority;
    task.work = std::move(work);
    const CancelToken token = task.token;
    {
        const std::lock_guard lock(m_core->mutex);
        task.order = m_core->nextOrder++;
        m_core->queue.push_back(std::move(task));
    }
    m_core->wake.notify_one();
    return token;
}

CancelToken Workers::startLong(Work work)
{
    return startThread([core = m_core, work = std::move(work)](const CancelToken &token) {
        Shared shared;
        {
            const std::lock_guard lock(core->mutex);
            shared = core->shared;
        }
        if (shared) {
            work(*shared, token);
        }
    });
}

CancelToken Workers::startFree(std::function<void(const CancelToken &)> work)
{
    return startThread(std::move(work));
}

CancelToken Workers::startThread(std::function<void(const CancelToken &)> body)
{
    CancelToken token;
    std::uint64_t order = 0;
    {
        const std::lock_guard lock(m_core->mutex);
        order = m_core->nextOrder++;
        m_core->live.emplace(order, token);
        ++m_core->threads;
    }
    std::thread([core = m_core, body = std::move(body), token, order]() mutable {
        body(token);
        body = nullptr; // what it holds goes before the thread is counted out
        const std::lock_guard lock(core->mutex);
        core->live.erase(order);
        --core->threads;
        core->ended.notify_all();
    }).detach();
    return token;
}

Workers::Poster Workers::poster() const
{
    return Poster(m_core);
}

void Workers::Poster::post(QPointer<QObject> context, Answer answer) const
{
    const std::lock_guard lock(m_core->mutex);
    if (m_core->home == nullptr) {
        return;
    }
    QMetaObject::invokeMethod(
        m_core->home,
        [context = std::move(context), answer = std::move(answer)] {
            if (context) {
                answer();
            }
        },
        Qt::QueuedConnection);
}

void Workers::setWorkspace(Shared shared)
{
    cancelAll();
    {
        const std::lock_guard lock(m_core->mutex);
        m_core->shared.swap(shared);
    }
    m_core->wake.notify_all();
    if (shared) { // closing writes to disk: not on this thread
        startThread([old = std::move(shared)](const CancelToken &) mutable { old.reset(); });
    }
}

Workers::Shared Workers::workspace() const
{
    const std::lock_guard lock(m_core->mutex);
    return m_core->shared;
}

void Workers::cancelAll()
{
    const std::lock_guard lock(m_core->mutex);
    if (m_core->shared) { // before the first workspace the queue waits for it
        for (const Task &task : m_core->queue) {
            task.token.cancel();
        }
        m_core->queue.clear();
    }
    for (const auto &[order, token] : m_core->live) {
        token.cancel();
    }
}

bool Workers::takeNext(Core &core, std::unique_lock<std::mutex> &lock, Task &task, Shared &shared)
{
    core.wake.wait(lock, [&core] { return core.stopping || (core.shared && !core.queue.empty()); });
    if (core.stopping) {
        return false;
    }
    const auto next = std::min_element(core.queue.begin(), core.queue.end(), [](const Task &left, const Task &right) {
        return std::pair(left.priority, left.order) < std::pair(right.priority, right.order);
    });
    task = std::move(*next);
    core.queue.erase(next);
    shared = core.shared;
    core.live.emplace(task.order, task.token);
    return true;
}

void Workers::forget(Core &core, std::uint64_t order)
{
    const std::lock_guard lock(core.mutex);
    core.live.erase(order);
}

void Workers::loop(const std::shared_ptr<Core> &core)
{
    for (;;) {
        Task task;
        Shared shared;
        {
            std::unique_lock lock(core->mutex);
            if (!takeNext(*core, lock, task, shared)) {
                return;
            }
        }
        if (!task.token.cancelled()) {
            task.work(*shared, task.token);
        }
        task.work = nullptr;
        shared.reset();
        forget(*core, task.order);
    }
}

} // namespace nightjar::present
