// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "program.h"
#include "support/support.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QStandardPaths>

using namespace nightjar::testsupport;
using namespace Qt::StringLiterals;

/// `store`, `sql` and `doctor` from outside.
class TestStore : public QObject {
    Q_OBJECT
    TemporaryFolder m_folder;
    QString m_space;

    [[nodiscard]] QString path(const QString &name) const
    {
        return QString::fromStdString((m_folder.path() / name.toStdString()).string());
    }
    Run cli(QStringList arguments, const QString &space = {})
    {
        arguments << u"-w"_s << (space.isEmpty() ? m_space : space);
        return nightjarCli(arguments);
    }
    static qint64 count(const Run &run) { return run.first().value(u"n"_s).toInteger(); }

private Q_SLOTS:
    void initTestCase()
    {
        m_space = path(u"space"_s);
        for (int part = 0; part < 20; ++part) { // twenty small blocks of one delivery each
            QByteArray records;
            for (int i = 0; i < 60; ++i) {
                records += webRecord(part * 60 + i);
            }
            const Run run = nightjarCli({u"import"_s, u"--no-detect"_s, u"-w"_s, m_space, u"-"_s}, records);
            QCOMPARE(run.exitCode, 0);
        }
    }

    void sqlCounts()
    {
        const Run run = cli({u"sql"_s, u"SELECT count(*) AS n, min(\"user.name\") AS first FROM events"_s});
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QCOMPARE(count(run), 1200);
        QCOMPARE(run.first().value(u"first"_s).toString(), u"user0@corp.example"_s);
        QCOMPARE(cli({u"sql"_s, u"DROP TABLE events"_s}).exitCode, 3);
        const Run wrong = cli({u"sql"_s, u"SELECT nix FROM events"_s});
        QCOMPARE(wrong.exitCode, 3);
        QVERIFY2(wrong.err.contains("NJ-STORE-020") && wrong.err.contains("nix"), wrong.err.constData());
    }

    void sqlAnswersAsSearchDoes()
    {
        const Run search = cli({u"search"_s, u"url.domain:site7.example"_s, u"--count"_s, u"--json"_s});
        const Run sql = cli({u"sql"_s, u"SELECT count(*) AS n FROM events WHERE url_domain = 'site7.example'"_s});
        QCOMPARE(count(sql), search.first().value(u"count"_s).toInteger());
        QVERIFY(count(sql) > 0);
    }

    void compactKeepsEverything()
    {
        const Run before = cli({u"search"_s, u""_s, u"--order"_s, u"asc"_s, u"--format"_s, u"raw"_s});
        const Run compacted = cli({u"store"_s, u"compact"_s});
        QVERIFY2(compacted.exitCode == 0, compacted.said().constData());
        const QJsonObject report = compacted.first();
        QVERIFY(report.value(u"blocks_after"_s).toInteger() <= report.value(u"blocks_before"_s).toInteger());
        QCOMPARE(cli({u"search"_s, u""_s, u"--order"_s, u"asc"_s, u"--format"_s, u"raw"_s}).out, before.out);
        QCOMPARE(cli({u"store"_s, u"check"_s}).exitCode, 0);
    }

    void backupCanBeOpened()
    {
        const QString file = path(u"backup.tar.zst"_s);
        const Run made = cli({u"store"_s, u"backup"_s, file});
        QVERIFY2(made.exitCode == 0, made.said().constData());
        QCOMPARE(made.first().value(u"events"_s).toInteger(), 1200);
        QCOMPARE(QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        const Run again = cli({u"store"_s, u"backup"_s, file});
        QCOMPARE(again.exitCode, 3);
        QVERIFY(again.err.contains("NJ-WORK-130"));
        QCOMPARE(
            QDir(QString::fromStdString(m_folder.path().string())).entryList({u"*making*"_s, u"*partial*"_s}).size(),
            0);

        const QString restored = path(u"restored"_s);
        QVERIFY(QDir().mkpath(restored));
        if (QProcess::execute(u"tar"_s, {u"--zstd"_s, u"-xf"_s, file, u"-C"_s, restored}) != 0) {
            QSKIP("tar here cannot unpack zstd");
        }
        QCOMPARE(count(cli({u"sql"_s, u"SELECT count(*) AS n FROM events"_s}, restored)), 1200);
        QCOMPARE(cli({u"store"_s, u"check"_s}, restored).exitCode, 0);
        QCOMPARE(cli({u"search"_s, u""_s, u"--format"_s, u"raw"_s}, restored).out,
                 cli({u"search"_s, u""_s, u"--format"_s, u"raw"_s}).out);
    }

    void backupOntoAFullOrMissingPlaceLeavesNothing()
    {
        const Run run = cli({u"store"_s, u"backup"_s, path(u"no/such/folder/b.tar.zst"_s)});
        QCOMPARE(run.exitCode, 3);
        QVERIFY2(run.err.contains("NJ-WORK-131"), run.err.constData());
    }

    void damageIsFoundAndRepaired()
    {
        const QString copy = path(u"damaged"_s);
        QVERIFY(QProcess::execute(u"cp"_s, {u"-r"_s, m_space, copy}) == 0);
        const QString segment = copy + u"/events/segments/000001.db"_s;
        QFile file(segment);
        QVERIFY(file.open(QIODevice::ReadWrite));
        for (qint64 at = file.size() / 2; at < file.size() / 2 + 200; at += 10) {
            file.seek(at);
            file.write("\xff");
        }
        file.close();
        const Run checked = cli({u"store"_s, u"check"_s}, copy);
        QCOMPARE(checked.exitCode, 1);
        QVERIFY(!checked.first().value(u"problems"_s).toArray().isEmpty());
        const Run repaired = cli({u"store"_s, u"repair"_s}, copy);
        QVERIFY2(repaired.exitCode == 0 || repaired.exitCode == 1, repaired.said().constData());
        QCOMPARE(cli({u"store"_s, u"check"_s}, copy).exitCode, 0);
        const QJsonObject what = repaired.first().value(u"repaired"_s).toArray().at(0).toObject();
        QCOMPARE(count(cli({u"sql"_s, u"SELECT count(*) AS n FROM events"_s}, copy)) +
                     what.value(u"events_lost"_s).toInteger(),
                 1200);
    }

    void retentionDropsWhatIsOld()
    {
        const QString copy = path(u"retained"_s);
        QVERIFY(QProcess::execute(u"cp"_s, {u"-r"_s, m_space, copy}) == 0);
        QCOMPARE(cli({u"store"_s, u"retain"_s}, copy).first().value(u"events_dropped"_s).toInteger(), 0);
        const Run run = cli({u"store"_s, u"retain"_s, u"--days"_s, u"30"_s}, copy); // the records are of March 2026
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QCOMPARE(run.first().value(u"events_dropped"_s).toInteger(), 1200);
        QCOMPARE(count(cli({u"sql"_s, u"SELECT count(*) AS n FROM events"_s}, copy)), 0);
        QCOMPARE(cli({u"store"_s, u"retain"_s, u"--days"_s, u"0"_s}, copy).exitCode, 2);
    }

    void benchPrintsEveryRow()
    {
        const QString folder = path(u"bench"_s);
        const Run run = nightjarCli({u"bench"_s, u"--json"_s, u"--events"_s, u"10000"_s, u"--indicators"_s, u"1000"_s,
                                     u"--rounds"_s, u"1"_s, u"--folder"_s, folder});
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QCOMPARE(run.lines().size(), 19);
        for (const QJsonObject &line : run.lines()) {
            QVERIFY2(line.value(u"value"_s).toDouble() > 0, run.said().constData());
            QVERIFY(line.value(u"bar"_s).toString().contains(u" at "_s) ? line.value(u"met"_s).isNull() : true);
        }
        QCOMPARE(count(cli({u"sql"_s, u"SELECT count(*) AS n FROM events"_s}, folder + u"/workspace"_s)), 10'000);
        QCOMPARE(nightjarCli({u"bench"_s, u"--folder"_s, folder}).exitCode, 3); // it holds something
    }

    void doctorTells()
    {
        const Run run = cli({u"doctor"_s});
        QVERIFY2(run.exitCode == 0 || run.exitCode == 1, run.said().constData());
        QStringList names;
        for (const QJsonObject &line : run.lines()) {
            names << line.value(u"check"_s).toString();
            QVERIFY(!line.value(u"detail"_s).toString().isEmpty());
        }
        for (const QString &name : {u"resources"_s, u"time zones"_s, u"folder"_s, u"disk"_s, u"blocks"_s, u"clock"_s,
                                    u"quarantine"_s, u"tenant"_s}) {
            QVERIFY2(names.contains(name), qPrintable(name));
        }
        QCOMPARE(cli({u"doctor"_s}, path(u"nowhere"_s)).exitCode, 3);
    }
};

QTEST_GUILESS_MAIN(TestStore)
#include "tst_store.moc"
