// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/support.h"
#include "ui/screens/playbooks/playbooksscreen.h"
#include "ui/theme/theme.h"

#include <QSignalSpy>
#include <QTest>

using namespace nightjar;
using namespace nightjar::ui;

/// The screen on a real, empty workspace with the playbooks that come with the program.
class PlaybooksScreenTest : public QObject {
    Q_OBJECT
    testsupport::TemporaryFolder m_folder;
    std::unique_ptr<present::Session> m_session;
    std::unique_ptr<ShellServices> m_services;
    std::unique_ptr<PlaybooksScreen> m_screen;

    bool settle()
    {
        return QTest::qWaitFor([this] { return !m_screen->busy(); }, 10'000);
    }
    FastTable *table(const char *name)
    {
        for (FastTable *one : m_screen->findChildren<FastTable *>()) {
            if (one->accessibleName() == QString::fromLatin1(name)) {
                return one;
            }
        }
        return nullptr;
    }
    Button *button(const char *text)
    {
        for (Button *one : m_screen->findChildren<Button *>()) {
            if (one->isVisible() && one->accessibleName().startsWith(QString::fromLatin1(text))) {
                return one;
            }
        }
        return nullptr;
    }
    CodeEdit *editor() { return m_screen->findChild<CodeEdit *>(); }
    bool choose(const char *id)
    {
        FastTable *list = table("Playbooks");
        for (int row = 0; row < list->model()->rowCount(); ++row) {
            const QModelIndex at = list->model()->index(row, 0);
            if (at.data(present::RowsModel::RawRole).toString() == QString::fromLatin1(id)) {
                list->setCurrentIndex(at);
                return QTest::qWaitFor([&] { return editor()->toPlainText().contains(QString::fromLatin1(id)); },
                                       10'000);
            }
        }
        return false;
    }
    QString state(const char *id)
    {
        const FastTable *list = table("Playbooks");
        for (int row = 0; row < list->model()->rowCount(); ++row) {
            if (list->model()->index(row, 0).data(present::RowsModel::RawRole).toString() == QString::fromLatin1(id)) {
                return list->model()->index(row, present::PlaybooksModel::StateColumn).data().toString();
            }
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(ThemeChoice::Dark);
        m_session = std::make_unique<present::Session>();
        m_services = std::make_unique<ShellServices>(*m_session);
        QSignalSpy opened(m_session.get(), &present::Session::opened);
        m_session->openWorkspace(m_folder / "space");
        QVERIFY(opened.wait(30'000));
        m_screen = std::make_unique<PlaybooksScreen>(*m_services);
        m_screen->resize(1280, 720);
        m_screen->show();
        m_screen->activate({});
        QVERIFY(settle());
        QTRY_VERIFY(table("Playbooks")->model()->rowCount() >= 10);
    }

    void everyTextThatCameWithTheProgramIsRight_data()
    {
        QTest::addColumn<QByteArray>("id");
        for (const char *id : {"block-on-indicator-hit", "block-with-approval", "notify-chat", "ticket-by-http"}) {
            QTest::newRow(id) << QByteArray(id);
        }
    }
    void everyTextThatCameWithTheProgramIsRight()
    {
        QFETCH(QByteArray, id);
        QVERIFY(choose(id.constData()));
        QTRY_VERIFY(button("Dry run")->isEnabled());
        QVERIFY(!button("Save")->isEnabled());
    }

    void turnsOnAndUndoTurnsOff()
    {
        QVERIFY(choose("notify-chat"));
        QTRY_VERIFY(button("Turn on") != nullptr && button("Turn on")->isEnabled());
        button("Turn on")->click();
        QTRY_COMPARE(state("notify-chat"), present::PlaybooksModel::tr("on"));
        QTRY_VERIFY(!m_services->undo().isEmpty());
        m_services->undo().undo();
        QTRY_COMPARE(state("notify-chat"), present::PlaybooksModel::tr("off"));
    }

    void errorsAreToldAtTheirLineAndNotSaved()
    {
        QVERIFY(choose("block-on-indicator-hit"));
        const QString good = editor()->toPlainText();
        editor()->setPlainText(QString(good).replace(QStringLiteral("set_status"), QStringLiteral("set_mood")));
        QTRY_VERIFY(button("Show") != nullptr);
        QVERIFY(!button("Save")->isEnabled());
        QVERIFY(!button("Dry run")->isEnabled());
        editor()->setPlainText(good);
        QTRY_VERIFY(button("Show") == nullptr);
    }

    void dryRunShowsStepsAndSendsNothing()
    {
        QVERIFY(choose("export-blocklist"));
        QTRY_VERIFY(button("Dry run")->isEnabled());
        button("Dry run")->click();
        QTRY_VERIFY_WITH_TIMEOUT(table("Steps")->isVisible() && table("Steps")->model()->rowCount() > 0, 20'000);
        QVERIFY(!std::filesystem::exists(m_folder / "space" / "exports"));
    }

    void ownTextRunsAndAsks()
    {
        QTest::keyClick(m_screen.get(), Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(editor()->toPlainText().contains(QStringLiteral("my-playbook")));
        editor()->setPlainText(QStringLiteral("nightjar_playbook: 1\nid: asks\nversion: 1\ntitle: Asks first\n"
                                              "trigger:\n  alert:\n    severity: critical\nsteps:\n"
                                              "  - approve: {text: \"Shall I?\", timeout: 1h}\n"
                                              "  - export: {what: indicators, format: csv, file: out.csv}\n"));
        QVERIFY(!button("Save")->isEnabled()); // not looked at yet
        QTRY_VERIFY(button("Save")->isEnabled());
        button("Save")->click();
        QTRY_COMPARE_WITH_TIMEOUT(state("asks"), present::PlaybooksModel::tr("off"), 20'000);
        QVERIFY(std::filesystem::exists(m_folder / "space" / "playbooks" / "asks.yaml"));
        QTRY_VERIFY(button("Run now")->isEnabled());
        button("Run now")->click();
        FastTable *runs = table("Runs");
        QTRY_COMPARE_WITH_TIMEOUT(runs->model()->rowCount(), 1, 20'000);
        runs->setCurrentIndex(runs->model()->index(0, 0));
        QTRY_VERIFY(button("Go on") != nullptr);
        button("Go on")->click();
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(m_folder / "space" / "exports" / "out.csv"), 20'000);
        QTRY_VERIFY(button("Go on") == nullptr);
    }

    void editedTextIsNotLost()
    {
        QVERIFY(choose("asks"));
        const QString edited = editor()->toPlainText() + QStringLiteral("# mine\n");
        editor()->setPlainText(edited);
        QSignalSpy told(m_services.get(), &ShellServices::toastRequested);
        FastTable *list = table("Playbooks");
        list->setCurrentIndex(list->model()->index(2, 0));
        QTRY_COMPARE(told.count(), 1);
        QCOMPARE(editor()->toPlainText(), edited);
    }

    void cleanupTestCase()
    {
        m_screen.reset();
        m_services.reset();
        m_session.reset();
    }
};

QTEST_MAIN(PlaybooksScreenTest)
#include "tst_playbooksscreen.moc"
