// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "nightjar_resources.h"
#include "sigma/ruleset.h"
#include "support/support.h"
#include "webblock.h"

#include <QTest>

#include <string>

using namespace nightjar;
using namespace nightjar::sigma;

/// Processor time of evaluate() on a full block.
class TstSpeed : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rules_data();
    void rules();
};

void TstSpeed::rules_data()
{
    QTest::addColumn<QStringList>("folders");
    const QString own = QStringLiteral(NIGHTJAR_RESOURCES "/rules");
    QTest::newRow("own") << QStringList{own};
    if (const auto shared = testsupport::sharedData(); !shared.empty()) {
        const QString root = QString::fromStdString((shared / "sigma-rules").string());
        QTest::newRow("proxy and dns rules of the reference data")
            << QStringList{root + QStringLiteral("/proxy"), root + QStringLiteral("/dns")};
        QTest::newRow("all of both") << QStringList{own, root};
    }
}

void TstSpeed::rules()
{
    QFETCH(QStringList, folders);
    std::vector<std::filesystem::path> paths;
    for (const QString &folder : folders) {
        paths.emplace_back(folder.toStdString());
    }
    const LoadResult loaded = load(paths, FieldMapping::zscaler());
    QVERIFY(!loaded.rules->rules().empty());
    static const event::EventBlock block = testsupport::webBlock();
    double best = 1e9;
    std::size_t matches = 0;
    for (int round = 0; round < 2; ++round) {
        const double before = processUsage().cpuSeconds;
        matches = loaded.rules->evaluate(block).size();
        best = std::min(best, processUsage().cpuSeconds - before);
    }
    const double micros = best * 1e6 / static_cast<double>(block.rows());
    qInfo("%zu rules, %.3f us an event, %zu rules matched", loaded.rules->rules().size(), micros, matches);
    QVERIFY2(micros < 10, "five times the budget");
}

QTEST_GUILESS_MAIN(TstSpeed)
#include "tst_speed.moc"
