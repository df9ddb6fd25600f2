// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "screenfixture.h"
#include "ui/screens/connectform.h"
#include "ui/screens/response.h"
#include "ui/widgets/panes.h"

#include <QSignalSpy>

using namespace nightjar;
using namespace nightjar::ui;

namespace {

const QString kPassword = QStringLiteral("canaryPassw0rd!");
const QString kKey = QStringLiteral("canaryKey123");

} // namespace

/// The form of a tenant's login against a workspace whose answers the test decides.
class ConnectFormTest : public QObject {
    Q_OBJECT
    using Fixture = ScreenFixture<ResponseScreen>;

    static std::unique_ptr<Fixture>
    open(std::unique_ptr<workspace::Engine> engine = std::make_unique<workspace::Engine>())
    {
        return std::make_unique<Fixture>(std::move(engine));
    }
    /// Presses Connection and waits for what is known.
    static ConnectForm *form(Fixture &fixture)
    {
        button(*fixture.screen, QStringLiteral("Connection"))->click();
        auto *form = fixture.screen->findChild<ConnectForm *>();
        return form != nullptr && QTest::qWaitFor([form] { return !form->busy(); }) ? form : nullptr;
    }
    static Button *button(QWidget &parent, const QString &text)
    {
        for (Button *candidate : parent.findChildren<Button *>()) {
            if (candidate->text() == text || candidate->accessibleName() == text) {
                return candidate;
            }
        }
        return nullptr;
    }
    static QLineEdit *field(ConnectForm &form, const QString &name)
    {
        for (QLineEdit *candidate : form.findChildren<QLineEdit *>()) {
            if (candidate->accessibleName() == name) {
                return candidate;
            }
        }
        return nullptr;
    }
    static void type(ConnectForm &form)
    {
        field(form, QStringLiteral("Address of the API"))->setText(QStringLiteral("zsapi.zscaler.net"));
        field(form, QStringLiteral("API administrator"))->setText(QStringLiteral("robot@corp.example"));
        field(form, QStringLiteral("Password"))->setText(kPassword);
        field(form, QStringLiteral("API key"))->setText(kKey);
    }
    /// Every text of every widget of the window, but for what stands hidden in a password field.
    static QStringList texts(QWidget &window)
    {
        QStringList all;
        for (QWidget *widget : window.findChildren<QWidget *>()) {
            all << widget->accessibleName() << widget->accessibleDescription() << widget->toolTip();
            if (const auto *edit = qobject_cast<QLineEdit *>(widget)) {
                all << edit->displayText() << edit->placeholderText();
            } else {
                all << widget->property("text").toString();
            }
        }
        return all;
    }
    static bool tells(QWidget &window, const QString &words) { return texts(window).join(u'\n').contains(words); }

private Q_SLOTS:
    void keepsWhatWasTested()
    {
        const auto fixture = open();
        ConnectForm *dialog = form(*fixture);
        QVERIFY(dialog != nullptr && dialog->isVisible());
        QVERIFY(!button(*dialog, QStringLiteral("Test and keep"))->isEnabled());
        type(*dialog);
        QVERIFY(!tells(*dialog, kPassword) && !tells(*dialog, kKey));
        QSignalSpy changed(dialog, &ConnectForm::connectionChanged);
        button(*dialog, QStringLiteral("Test and keep"))->click();
        QTRY_COMPARE(changed.size(), 1);
        QVERIFY(!dialog->isVisible());
        workspace::Engine *engine = workspace::fakeEngine();
        QCOMPARE(engine->kept.size(), std::size_t(1));
        QVERIFY(engine->kept[0].password == kPassword.toStdString() && engine->kept[0].apiKey == kKey.toStdString());
        QCOMPARE(engine->keptIn, std::string("keychain"));
        // What is kept is never shown again.
        QCOMPARE(form(*fixture), dialog);
        QCOMPARE(field(*dialog, QStringLiteral("API administrator"))->text(), QStringLiteral("robot@corp.example"));
        QVERIFY(field(*dialog, QStringLiteral("Password"))->text().isEmpty());
        QVERIFY(field(*dialog, QStringLiteral("API key"))->text().isEmpty());
        QVERIFY(!button(*dialog, QStringLiteral("Test and keep"))->isEnabled());
        QVERIFY(tells(*dialog, QStringLiteral("A login is kept")));
        QVERIFY(!tells(*fixture->screen, kPassword) && !tells(*fixture->screen, kKey));
        button(*dialog, QStringLiteral("Forget the login"))->click();
        QTRY_COMPARE(changed.size(), 2);
    }

    void aRefusedLoginIsNotKept()
    {
        auto engine = std::make_unique<workspace::Engine>();
        engine->signInError =
            Error{"NJ-RESPOND-010", "Zscaler refused the sign-in", "user or password is wrong", {}, "Correct them."};
        const auto fixture = open(std::move(engine));
        ConnectForm *dialog = form(*fixture);
        type(*dialog);
        for (const char *name : {"Test", "Test and keep"}) {
            button(*dialog, QString::fromLatin1(name))->click();
            QTRY_VERIFY(!dialog->busy());
            QVERIFY(tells(*dialog, QStringLiteral("Zscaler refused the sign-in")));
            QVERIFY(tells(*dialog, QStringLiteral("Correct them.")));
        }
        QVERIFY(dialog->isVisible());
        QVERIFY(workspace::fakeEngine()->kept.empty());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QVERIFY(!dialog->isVisible());
        QVERIFY(field(*dialog, QStringLiteral("Password"))->text().isEmpty());
    }

    void aTestKeepsNothing()
    {
        const auto fixture = open();
        ConnectForm *dialog = form(*fixture);
        type(*dialog);
        button(*dialog, QStringLiteral("Test"))->click();
        QTRY_VERIFY(!dialog->busy());
        QVERIFY(tells(*dialog, QStringLiteral("The login is good")));
        QVERIFY(workspace::fakeEngine()->kept.empty());
    }

    void aLockedVaultIsUnlocked()
    {
        auto engine = std::make_unique<workspace::Engine>();
        engine->keychain = false;
        engine->vaultLocked = true;
        const auto fixture = open(std::move(engine));
        ConnectForm *dialog = form(*fixture);
        QVERIFY(tells(*dialog, QStringLiteral("The vault is locked.")));
        QLineEdit *passphrase = field(*dialog, QStringLiteral("Passphrase of the vault file"));
        QVERIFY(passphrase->isVisible());
        passphrase->setText(QStringLiteral("wrong"));
        button(*dialog, QStringLiteral("Unlock"))->click();
        QTRY_VERIFY(!dialog->busy());
        QVERIFY(tells(*dialog, QStringLiteral("The passphrase is wrong.")));
        passphrase->setText(QStringLiteral("open up"));
        QSignalSpy changed(dialog, &ConnectForm::connectionChanged);
        button(*dialog, QStringLiteral("Unlock"))->click();
        QTRY_COMPARE(changed.size(), 1);
        QVERIFY(passphrase->text().isEmpty());
        QTRY_VERIFY(!dialog->busy());
        QVERIFY(!button(*dialog, QStringLiteral("Unlock"))->isVisible());
    }

    void everyFieldHasAName()
    {
        const auto fixture = open();
        ConnectForm *dialog = form(*fixture);
        for (QWidget *widget : dialog->findChildren<QWidget *>()) {
            if (qobject_cast<QLineEdit *>(widget) != nullptr || qobject_cast<QComboBox *>(widget) != nullptr) {
                QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
            }
        }
        for (const char *name : {"Password", "API key", "Passphrase of the vault file"}) {
            QCOMPARE(field(*dialog, QString::fromLatin1(name))->echoMode(), QLineEdit::Password);
        }
        if (const QString folder = qEnvironmentVariable("NIGHTJAR_PICTURES"); !folder.isEmpty()) {
            dialog->grab().save(QString(folder + QLatin1String("/connect.png")));
        }
    }
};

QTEST_MAIN(ConnectFormTest)
#include "tst_connectform.moc"
