// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/generations.h"
#include "anomaly/stream.h"
#include "event/builder.h"

#include "nightjar_resources.h"

#include "support/support.h"

#include <algorithm>
#include <random>
#include <unordered_map>

using namespace nightjar;
using namespace nightjar::anomaly;

namespace {

struct Event {
    std::int64_t second = 0;
    std::string user{}, host{};
    std::int64_t sent = 500;
    std::string type = "web";
    std::string agent = "Browser/1";
    std::string outcome = "allowed";
    std::string extra{}, extraValue{}; ///< a further token
    std::string method{}, action{}, answer{};
    std::string other{}, otherValue{}; ///< one more
};

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kStart = 1'772'409'600; // 2026-03-02T00:00:00Z, a Monday

event::EventBlock blockOf(const std::vector<Event> &events, std::size_t begin, std::size_t end)
{
    event::BlockBuilder builder;
    const auto set = [&](event::Field field, const std::string &value) {
        if (!value.empty()) {
            builder.set(field, value);
        }
    };
    for (std::size_t i = begin; i < end; ++i) {
        const Event &e = events[i];
        builder.beginRow("x");
        builder.setTime(e.second * kMicrosPerSecond);
        set(event::Field::LogType, e.type);
        set(event::Field::UserName, e.user);
        set(e.type == "dns" ? event::Field::DnsQuestionName : event::Field::UrlDomain, e.host);
        builder.setInteger(event::Field::SourceBytes, e.sent);
        set(event::Field::UserAgentOriginal, e.agent);
        set(event::Field::EventType, e.outcome);
        set(event::Field::HttpRequestMethod, e.method);
        set(event::Field::EventAction, e.action);
        set(event::Field::DnsResponseCode, e.answer);
        if (!e.extra.empty()) {
            builder.set(builder.extraHandle(e.extra), e.extraValue);
        }
        if (!e.other.empty()) {
            builder.set(builder.extraHandle(e.other), e.otherValue);
        }
        builder.commitRow();
    }
    return builder.finish();
}

/// Twelve working days of ten people.
std::vector<Event> office()
{
    std::mt19937 random(7);
    std::vector<Event> all;
    for (int day = 0; day < 16; ++day) {
        if (day % 7 >= 5) {
            continue;
        }
        for (int person = 0; person < 10; ++person) {
            for (std::int64_t t = 8 * 3600; t < 17 * 3600; t += 60 + static_cast<std::int64_t>(random() % 400)) {
                Event e{kStart + day * kDay + t, "user" + std::to_string(person),
                        "www.site" + std::to_string(random() % 200) + ".example"};
                e.sent = 300 + static_cast<std::int64_t>(random() % 5000);
                e.outcome = random() % 40 == 0 ? "denied" : "allowed";
                all.push_back(e);
            }
            all.push_back({kStart + day * kDay + 9 * 3600 + person * 60, "admin", "", 0, "audit", "", "allowed", "", "",
                           "", "UPDATE"});
        }
    }
    return all;
}

void sortByTime(std::vector<Event> &events)
{
    std::stable_sort(events.begin(), events.end(), [](const Event &a, const Event &b) { return a.second < b.second; });
}

std::shared_ptr<const DomainModel> names()
{
    static const auto kModel = [] {
        auto model = DomainModel::load(std::string(NIGHTJAR_RESOURCES) + "/models/domains.model");
        if (!model) {
            qFatal("no model of names");
        }
        return std::make_shared<const DomainModel>(std::move(*model));
    }();
    return kModel;
}

StreamOptions options()
{
    StreamOptions given;
    given.names = names();
    return given;
}

std::vector<StreamFinding> run(const std::vector<Event> &events, std::size_t blockRows, bool checkpoint = false,
                               const StreamOptions &given = options())
{
    StreamDetector detector(given);
    std::vector<StreamFinding> found;
    for (std::size_t at = 0; at < events.size(); at += blockRows) {
        detector.observe(blockOf(events, at, std::min(at + blockRows, events.size())),
                         static_cast<std::int64_t>(at + 1));
        for (StreamFinding &one : detector.takeFindings()) {
            found.push_back(std::move(one));
        }
        if (checkpoint) {
            auto restored = StreamDetector::restore(detector.snapshot(), given);
            if (!restored) {
                qFatal("the checkpoint cannot be read");
            }
            detector = std::move(*restored);
        }
    }
    return found;
}

QByteArray shown(const std::vector<StreamFinding> &findings)
{
    std::string out;
    for (const StreamFinding &f : findings) {
        out += std::string(name(f.kind)) + " " + f.entity + " > " + f.key + " " + std::to_string(f.score) + " " +
               std::to_string(f.severity) + " " + f.summary;
        for (const std::int64_t id : f.evidence) {
            out += " " + std::to_string(id);
        }
        out += "\n";
    }
    return QByteArray::fromStdString(out);
}

std::string randomLabel(std::mt19937 &random, std::size_t length)
{
    std::string label;
    while (label.size() < length) {
        label.push_back("abcdefghijklmnopqrstuvwxyz234567"[random() % 32]);
    }
    return label;
}

/// The attack of that name on the sixteenth day, a Tuesday.
void plant(std::vector<Event> &events, const std::string &attack)
{
    std::mt19937 random(11);
    const std::int64_t morning = kStart + 15 * kDay + 10 * 3600;
    const std::int64_t night = kStart + 15 * kDay + 2 * 3600;
    for (int i = 0; i < 100; ++i) {
        if (attack == "dga-burst" && i < 40) {
            events.push_back({morning + i, "user3", randomLabel(random, 14) + ".com", 0, "dns", "", "allowed", "", "",
                              "", "", "NXDOMAIN"});
        } else if (attack == "dns-tunnel") {
            events.push_back({morning + i * 5, "user3", randomLabel(random, 40) + ".t.relay.example", 0, "dns", ""});
        } else if (attack == "upload" && i < 20) {
            events.push_back({night + i * 60, "user3", "silo.example", 40'000'000});
        } else if (attack == "block-burst") {
            events.push_back({morning + i, "user3", "www.site1.example", 500, "web", "Browser/1", "denied"});
        } else if (attack == "request-burst") {
            for (int n = 0; n < 50; ++n) {
                events.push_back({morning + i, "user3", "www.site1.example"});
            }
        } else if (attack == "first-seen" && i == 0) {
            events.push_back({night, "user3", "www.site1.example", 500, "web", "curl/8", "allowed", "", "", "POST"});
        } else if (attack == "new-domain" && i == 0) {
            events.push_back({night, "user3", "get.setup.example", 2'000'000, "web", "Browser/1", "allowed",
                              "upload_filetype", "Archive (7z)"});
        } else if (attack == "long-connection" && i == 0) {
            events.push_back(
                {morning, "user3", "far.example", 500, "firewall", "", "allowed", "durationms", "50000000"});
        } else if (attack == "impossible-travel" && i < 2) {
            events.push_back({morning + i * 3600, "user3", "app.example", 500, "zpa-user-activity", "", "allowed",
                              "ClientLatitude", i == 0 ? "52.5" : "40.7", "", "", "", "ClientLongitude",
                              i == 0 ? "13.4" : "-74.0"});
        } else if (attack == "off-hours" && i == 0) {
            events.push_back({night, "admin", "", 0, "audit", "", "allowed", "", "", "", "UPDATE"});
        }
    }
    sortByTime(events);
}

} // namespace

class TestStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tableForgetsByGeneration()
    {
        GenerationTable<std::uint32_t> table(100);
        std::unordered_map<std::uint64_t, std::uint32_t> model;
        std::mt19937_64 random(3);
        for (std::uint32_t i = 1; i <= 90; ++i) {
            const std::uint64_t key = random();
            const auto [value, fresh] = table.at(key);
            QVERIFY(fresh && *value == 0);
            *value = i;
            model[key] = i;
        }
        for (const auto &[key, value] : model) {
            const auto [known, fresh] = table.at(key);
            QVERIFY(!fresh && *known == value);
        }
        const std::uint64_t kept = model.begin()->first;
        for (int i = 0; i < 1000; ++i) {
            QVERIFY(table.at(random()).second);
            QVERIFY(!table.at(kept).second); // asked for again and again
        }
        std::size_t entries = 0;
        table.visit([&](bool, std::uint64_t, std::uint32_t) { ++entries; });
        QVERIFY(entries <= 200);
        QVERIFY(table.at(std::next(model.begin())->first).second);
        QVERIFY(table.bytes() < 2 * 256 * 12 + 1);
    }

    void findsWhatIsPlanted_data()
    {
        QTest::addColumn<QString>("attack");
        for (std::size_t kind = 0; kind < kStreamKinds; ++kind) {
            const std::string text(name(static_cast<StreamKind>(kind)));
            QTest::newRow(text.c_str()) << QString::fromStdString(text);
        }
    }
    void findsWhatIsPlanted()
    {
        QFETCH(QString, attack);
        auto events = office();
        sortByTime(events);
        QCOMPARE(shown(run(events, 1000)), QByteArray());
        plant(events, attack.toStdString());
        const auto found = run(events, 1000);
        const auto whole = shown(found);
        QVERIFY2(std::any_of(found.begin(), found.end(),
                             [&](const StreamFinding &f) { return name(f.kind) == attack.toStdString(); }),
                 whole.constData());
        for (const StreamFinding &f : found) {
            QVERIFY2(f.entity == (attack == QStringLiteral("off-hours") ? "admin" : "user3"), whole.constData());
            QVERIFY(f.severity >= 70 && f.severity <= 100 && f.first <= f.time);
            QVERIFY(!f.features.empty() && !f.summary.empty() && !f.evidence.empty() && f.evidence.size() <= 17);
        }
        QVERIFY2(found.size() <= 4, whole.constData());
        for (const std::size_t rows : {std::size_t{7}, std::size_t{4096}, events.size()}) {
            QCOMPARE(shown(run(events, rows)), whole);
        }
        QCOMPARE(shown(run(events, 500, true)), whole);
    }

    void keepsToTheBudget_data()
    {
        QTest::addColumn<double>("budget");
        QTest::addColumn<int>("least");
        QTest::addColumn<int>("most");
        QTest::newRow("one a day") << 1.0 << 1 << 2;
        QTest::newRow("five a day") << 5.0 << 5 << 6;
        QTest::newRow("all") << 1000.0 << 10 << 60;
    }
    /// Six days with an upload of each of ten people; after the first they are nothing unusual any longer.
    void keepsToTheBudget()
    {
        QFETCH(double, budget);
        auto events = office();
        for (int day = 7; day < 13; ++day) {
            for (int person = 0; person < 10; ++person) {
                events.push_back({kStart + day * kDay + 12 * 3600 + person * 60, "user" + std::to_string(person),
                                  "silo" + std::to_string(day) + ".example", 60'000'000});
            }
        }
        sortByTime(events);
        StreamOptions given = options();
        given.alertsPerDay = budget;
        given.refractorySeconds = 3600;
        const auto found = run(events, 1000, false, given);
        QFETCH(int, least);
        QFETCH(int, most);
        const auto count = static_cast<int>(found.size());
        QVERIFY2(count >= least && count <= most, std::to_string(count).c_str());
        QCOMPARE(shown(run(events, 700, true, given)), shown(found));
    }

    /// In Berlin the clock went forward on 2026-03-29: working hours move with it.
    void changeOfTheClockIsNoNews()
    {
        std::vector<Event> events;
        const TimeZone berlin = *TimeZone::named("Europe/Berlin");
        for (int day = 0; day < 40; ++day) {
            for (int hour = 8; day % 7 < 5 && hour < 17; ++hour) {
                const std::int64_t at =
                    berlin.toUtc((kStart + day * kDay + hour * 3600) * kMicrosPerSecond) / kMicrosPerSecond;
                events.push_back({at, "admin", "", 0, "audit", "", "allowed", "", "", "", "UPDATE"});
                for (int i = 0; i < 40; ++i) {
                    events.push_back({at + i, "user1", "www.site1.example", 400'000});
                }
            }
        }
        StreamOptions given = options();
        given.zone = berlin;
        QCOMPARE(shown(run(events, 1000, false, given)), QByteArray());
    }

    void standsOddInput()
    {
        std::vector<Event> events{{-5, "u", "h.example"},
                                  {0, "u", "h.example"},
                                  {1LL << 40, "u", "h.example"},
                                  {kStart, "", "h.example"},
                                  {kStart, "u", ""},
                                  {kStart, "u", "None"},
                                  {kStart, "u", "..."},
                                  {kStart, "u", std::string(300, 'x'), -7},
                                  {kStart, "u", "1.2.3.4"},
                                  {kStart, "u", "\xff\xfe.example", 5, "dns"}};
        QVERIFY(run(events, 3).empty());
        StreamDetector detector(options());
        detector.observe(event::EventBlock(), 1);
        QVERIFY(detector.takeFindings().empty());
    }

    void refusesDamagedCheckpoints()
    {
        StreamDetector detector(options());
        const auto events = office();
        detector.observe(blockOf(events, 0, 3000), 1);
        const std::string good = detector.snapshot();
        QVERIFY(StreamDetector::restore(good));
        for (std::size_t at = 0; at < good.size(); at += good.size() / 40 + 1) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 0x41);
            const auto restored = StreamDetector::restore(bad);
            QVERIFY(!restored && restored.error().code == "NJ-ANOMALY-008");
            QVERIFY(!StreamDetector::restore(std::string_view(good).substr(0, at)));
        }
    }
};

QTEST_GUILESS_MAIN(TestStream)
#include "tst_stream.moc"
