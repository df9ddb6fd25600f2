// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/support.h"
#include "workspace/upkeepservice.h"
#include "workspace/workspace.h"

#include <fstream>

using namespace nightjar;
using namespace nightjar::workspace;

/// What a workspace does by itself to what is stored.
class TestUpkeepService : public QObject {
    Q_OBJECT
    testsupport::TemporaryFolder m_folder;
    std::unique_ptr<Workspace> m_space;

    [[nodiscard]] std::int64_t events() const { return m_space->search().count({}, CancelToken()).value_or(-1); }

private Q_SLOTS:
    void initTestCase()
    {
        auto opened = Workspace::open(m_folder / "space", {});
        QVERIFY(opened);
        m_space = std::move(*opened);
        for (int part = 0; part < 40; ++part) { // small blocks
            const auto file = m_folder / ("part" + std::to_string(part) + ".ndjson");
            std::ofstream out(file);
            for (int i = 0; i < 5; ++i) {
                const std::string number = std::to_string(part * 10 + i);
                out << "{\"sourcetype\":\"zscalernss-web\",\"event\":{\"datetime\":\"Thu Mar 12 10:" << 10 + part
                    << ":1" << i
                    << " 2026\",\"action\":\"Allowed\",\"user\":\"u@corp.example\",\"hostname\":\"h.example\","
                    << "\"url\":\"h.example/" << number << "\"}}\n";
            }
            out.close();
            ImportOptions options;
            options.detect = false;
            QVERIFY(m_space->imports().importPaths({file}, options, {}, CancelToken()));
        }
        QCOMPARE(events(), std::int64_t{200});
    }

    void nothingIsDroppedWithoutALimit()
    {
        m_space->upkeep().keepInOrder(true, CancelToken());
        QCOMPARE(events(), std::int64_t{200});
        const auto checked = m_space->upkeep().check({}, CancelToken());
        QVERIFY(checked && checked->problems.empty());
    }

    void theSettingDropsWhatIsOldOnlyWhenAsked()
    {
        QVERIFY(m_space->settings().set("retention.days", "30"));
        m_space->upkeep().keepInOrder(false, CancelToken());
        QCOMPARE(events(), std::int64_t{200});
        m_space->upkeep().keepInOrder(true, CancelToken());
        QCOMPARE(events(), std::int64_t{0});
    }

    void aWorkspaceThatKeepsItselfInOrderCloses()
    {
        m_space->upkeep().start();
        m_space->upkeep().start();
        m_space.reset();
    }
};

QTEST_GUILESS_MAIN(TestUpkeepService)
#include "tst_upkeepservice.moc"
