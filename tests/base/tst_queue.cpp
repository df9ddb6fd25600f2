// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/queue.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

using nightjar::BoundedQueue;

class TestQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsOrder();
    void producerWaitsForRoom();
    void closeDrainsAndWakes();
    void closeWakesWaitingProducer();
    void manyThreads();
    void movesItems();
};

void TestQueue::keepsOrder()
{
    BoundedQueue<int> queue(3);
    QVERIFY(queue.push(1) && queue.push(2) && queue.push(3));
    QCOMPARE(queue.pop().value_or(-1), 1);
    QVERIFY(queue.push(4));
    QCOMPARE(queue.pop().value_or(-1), 2);
    QCOMPARE(queue.pop().value_or(-1), 3);
    QCOMPARE(queue.pop().value_or(-1), 4);
}

void TestQueue::producerWaitsForRoom()
{
    BoundedQueue<int> queue(2);
    std::atomic<int> pushed = 0;
    std::thread producer([&] {
        for (int i = 0; i < 5; ++i) {
            queue.push(i);
            ++pushed;
        }
    });
    while (pushed < 2) {
        std::this_thread::yield();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    QCOMPARE(pushed.load(), 2); // full: the third push waits
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(queue.pop().value_or(-1), i);
    }
    producer.join();
    QCOMPARE(pushed.load(), 5);
}

void TestQueue::closeDrainsAndWakes()
{
    BoundedQueue<int> queue(4);
    QVERIFY(queue.push(7));
    queue.close();
    QVERIFY(!queue.push(8));
    QCOMPARE(queue.pop().value_or(-1), 7);
    QVERIFY(!queue.pop().has_value());

    BoundedQueue<int> empty(1);
    bool ended = false;
    std::thread consumer([&] { ended = !empty.pop().has_value(); });
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    empty.close();
    consumer.join();
    QVERIFY(ended);
}

void TestQueue::closeWakesWaitingProducer()
{
    BoundedQueue<int> queue(1);
    QVERIFY(queue.push(1));
    bool accepted = true;
    std::thread producer([&] { accepted = queue.push(2); });
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    queue.close();
    producer.join();
    QVERIFY(!accepted);
    QCOMPARE(queue.pop().value_or(-1), 1);
}

void TestQueue::manyThreads()
{
    constexpr int kProducers = 4;
    constexpr int kItems = 5000;
    BoundedQueue<int> queue(16);
    std::atomic<long long> sum = 0;
    std::atomic<int> count = 0;
    std::vector<std::thread> consumers;
    for (int i = 0; i < 3; ++i) {
        consumers.emplace_back([&] {
            while (const std::optional<int> item = queue.pop()) {
                sum += *item;
                ++count;
            }
        });
    }
    std::vector<std::thread> producers;
    for (int i = 0; i < kProducers; ++i) {
        producers.emplace_back([&, i] {
            for (int n = 0; n < kItems; ++n) {
                queue.push(i * kItems + n);
            }
        });
    }
    for (std::thread &producer : producers) {
        producer.join();
    }
    queue.close();
    for (std::thread &consumer : consumers) {
        consumer.join();
    }
    constexpr long long kTotal = kProducers * kItems;
    QCOMPARE(count.load(), static_cast<int>(kTotal));
    QCOMPARE(sum.load(), kTotal * (kTotal - 1) / 2);
}

void TestQueue::movesItems()
{
    BoundedQueue<std::unique_ptr<int>> queue(1);
    QVERIFY(queue.push(std::make_unique<int>(5)));
    const auto item = queue.pop();
    QVERIFY(item.has_value() && *item != nullptr);
    QCOMPARE(**item, 5);
}

QTEST_GUILESS_MAIN(TestQueue)
#include "tst_queue.moc"
