// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QProcessEnvironment>

#include <csignal>
#include <set>

using namespace nightjar;
using namespace nightjar::respond;

namespace {

constexpr int kEntries = 50;
constexpr std::size_t kBatch = 10;

std::vector<std::string> wantedValues()
{
    std::vector<std::string> values;
    for (int i = 0; i < kEntries; ++i) {
        values.push_back("h" + std::to_string(i) + ".example");
    }
    return values;
}

/// Kills this process before request number n leaves ("before 3"), or when its answer has come and nobody has seen it
/// yet ("after 3"). Between two requests lie the writes to the journal, so that these points enclose all of them.
class KillingClient final : public net::HttpClient {
public:
    explicit KillingClient(std::string point)
        : m_point(std::move(point))
    {
    }
    Result<net::HttpResponse> send(const net::HttpRequest &request, const CancelToken &cancel) override
    {
        ++m_count;
        reach("before ");
        Result<net::HttpResponse> response = m_curl.send(request, cancel);
        reach("after ");
        return response;
    }
    [[nodiscard]] int count() const { return m_count; }

private:
    void reach(const char *side) const
    {
        if (m_point == side + std::to_string(m_count)) {
            std::raise(SIGKILL);
        }
    }

    std::string m_point;
    net::CurlClient m_curl{net::CurlOptions{{}, {}, true, "Nightjar"}};
    int m_count = 0;
};

/// The program that is killed: opens the catalog, settles what is left, then pushes. Prints the number of its requests.
int child(const QString &mode)
{
    testsupport::ManualClock clock;
    testsupport::ManualSleeper sleeper{clock};
    auto catalog = store::Catalog::open(qEnvironmentVariable("NJ_CATALOG").toStdString());
    if (!catalog || !(*catalog)->migrate(Journal::migrations())) {
        return 4;
    }
    Journal journal(**catalog, clock);
    KillingClient http(qEnvironmentVariable("NJ_POINT").toStdString());
    ClientTuning tuning;
    tuning.clock = &clock;
    tuning.sleeper = &sleeper;
    ZscalerClient client(http, {qEnvironmentVariable("NJ_URL").toStdString(), "robot", "pass", "simulated123"}, tuning);
    ResponderTuning limits;
    limits.clock = &clock;
    limits.sleeper = &sleeper;
    limits.batch = kBatch;
    Responder responder(&client, &journal, Guard(), limits);
    if (!responder.recover({})) {
        return 5;
    }
    const std::vector<std::string> values = wantedValues();
    const std::string ending = mode == u"block" ? "blocked" : "unblocked";
    if (mode != u"settle") {
        const auto ends =
            mode == u"block" ? responder.block(values, {}, {}, {}) : responder.unblock(values, {}, {}, {});
        for (const Outcome &end : ends) {
            if (end.result != ending) {
                return 6;
            }
        }
    }
    std::printf("%d\n", http.count());
    return 0;
}

struct Killed {
    int exitCode = -1;
    bool crashed = false;
    int requests = 0;
};

} // namespace

class TestPushKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void killedAtEachPoint_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::newRow("bulk block") << u"block"_qs;
        QTest::newRow("bulk unblock") << u"unblock"_qs;
    }
    /// After a kill at any point and a restart, what was asked for is live, once; or, when the kill came before the
    /// intent was written, nothing has changed at all.
    void killedAtEachPoint()
    {
        QFETCH(QString, mode);
        const bool blocks = mode == u"block";
        const int requests = blocks ? 10 : 9;
        const int readsBefore = blocks ? 3 : 2; // sign-in and lists, before the intents are written
        // Each third point by default; all of them with NIGHTJAR_ALL_POINTS=1.
        const int stride = qEnvironmentVariableIsSet("NIGHTJAR_ALL_POINTS") ? 1 : 3;
        int points = 0;
        int place = 0;
        for (int request = 1; request <= requests; ++request) {
            for (const char *side : {"before ", "after "}) {
                if (place++ % stride != 0) {
                    continue;
                }
                const QString point = QString::fromUtf8(side) + QString::number(request);
                testsupport::TemporaryFolder folder;
                start();
                if (!blocks) {
                    const Killed first = run(folder, u"block"_qs, {});
                    QCOMPARE(first.exitCode, 0);
                    QCOMPARE(first.requests, 10);
                }
                const Killed killed = run(folder, mode, point);
                QVERIFY2(killed.crashed, qPrintable(point));
                const Killed next = run(folder, u"settle"_qs, {});
                QVERIFY2(next.exitCode == 0, qPrintable(point));
                const bool begun = request > readsBefore;
                checkEnd(folder, point, blocks ? begun : !begun, begun ? mode : QString());
                ++points;
            }
        }
        qInfo("%s: %d points", qPrintable(mode), points);
    }

private:
    void start()
    {
        m_server.reset();
        simulator::ServerOptions options;
        options.tenant.user = "robot";
        options.tenant.password = "pass";
        options.tenant.clock = &m_clock;
        auto started = simulator::TenantServer::start(options);
        QVERIFY(started.has_value());
        m_server = std::move(*started);
        QVERIFY(m_server->tenant().setFaults("{\"no_rates\":true}").has_value());
        QVERIFY(m_server->tenant().setLists("{\"deny\":[\"Foreign.example\"]}").has_value());
    }
    Killed run(const testsupport::TemporaryFolder &folder, const QString &mode, const QString &point) const
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"NJ_MODE"_qs, mode);
        environment.insert(u"NJ_POINT"_qs, point);
        environment.insert(u"NJ_URL"_qs, QString::fromStdString(m_server->url()));
        environment.insert(u"NJ_CATALOG"_qs, QString::fromStdString((folder / "catalog.db").string()));
        process.setProcessEnvironment(environment);
        process.start(QCoreApplication::applicationFilePath());
        process.waitForFinished(30'000);
        return {process.exitCode(), process.exitStatus() == QProcess::CrashExit,
                process.readAllStandardOutput().trimmed().toInt()};
    }
    void checkEnd(const testsupport::TemporaryFolder &folder, const QString &point, bool there, const QString &mode)
    {
        std::set<std::string> expected{"Foreign.example"};
        if (there) {
            const std::vector<std::string> values = wantedValues();
            expected.insert(values.begin(), values.end());
        }
        const auto state = nlohmann::json::parse(m_server->tenant().state());
        QVERIFY2(state["live"].get<std::set<std::string>>() == expected, qPrintable(point));
        QVERIFY2(state["saved"] == state["live"], qPrintable(point));
        auto catalog = store::Catalog::open(folder / "catalog.db");
        QVERIFY(catalog.has_value());
        Journal journal(**catalog, m_clock);
        QCOMPARE(journal.owned()->size(), expected.size() - 1);
        QVERIFY2(journal.unfinished()->empty(), qPrintable(point));
        const auto changes = journal.list();
        const auto asked = std::count_if(changes->begin(), changes->end(), [&](const Change &change) {
            return QString::fromUtf8(nameOf(change.action).data()) == mode;
        });
        QCOMPARE(asked, mode.isEmpty() ? 0 : kEntries);
    }

    testsupport::ManualClock m_clock;
    std::unique_ptr<simulator::TenantServer> m_server;
};

int main(int argc, char **argv)
{
    const QString mode = qEnvironmentVariable("NJ_MODE");
    if (!mode.isEmpty()) {
        return child(mode);
    }
    QCoreApplication application(argc, argv);
    TestPushKill test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_pushkill.moc"
