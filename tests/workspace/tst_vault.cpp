// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/hash.h"
#include "base/wipe.h"
#include "support/support.h"
#include "workspace/vault.h"

#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <unistd.h>

using namespace nightjar;
using namespace nightjar::workspace;
using Json = nlohmann::ordered_json;

namespace {

constexpr VaultCost kCheap{1'024, 8, 1};
const std::string kCanary = "canary-7f3a-\xc3\xa4-secret";

struct Corner {
    testsupport::TemporaryFolder folder;
    std::filesystem::path file = folder / "secrets.vault";
    std::string passphrase = "correct horse battery";
    int asked = 0;

    Vault vault()
    {
        return Vault(
            file,
            [this](const std::filesystem::path &, bool) -> Result<std::string> {
                ++asked;
                return passphrase;
            },
            kCheap);
    }
    [[nodiscard]] std::string bytes() const { return readFile(file, 1U << 20).value_or(""); }
    [[nodiscard]] Json json() const { return Json::parse(bytes()); }
    void put(const Json &json) const { QVERIFY(writeFileAtomically(file, json.dump(1))); }
};

/// The digest as anybody can make it, who knows no passphrase.
std::string digestOf(const Json &json)
{
    const auto text = [&json](const char *key) { return json[key].get<std::string>(); };
    const auto number = [&json](const char *key) { return std::to_string(json[key].get<std::uint64_t>()); };
    return sha256Hex("nightjar-vault 1 scrypt " + number("n") + " " + number("r") + " " + number("p") + " " +
                     text("salt") + "\n" + text("proof") + "\n" + text("nonce") + "\n" + text("sealed"));
}

std::string codeOf(const Result<std::optional<std::string>> &result)
{
    return result ? "" : result.error().code;
}

} // namespace

class VaultTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsAndForgets()
    {
        Corner place;
        {
            Vault vault = place.vault();
            QVERIFY(!vault.exists() && !vault.locked());
            QVERIFY(!*vault.get("zia.legacy"));
            QCOMPARE(place.asked, 0); // nothing there: nobody is asked
            QVERIFY(vault.set("zia.legacy", kCanary).has_value());
            QVERIFY(vault.set("chat.webhook", "x").has_value());
            QCOMPARE(place.asked, 1);
        }
        Vault again = place.vault();
        QVERIFY(again.locked());
        const std::vector<std::string> expected{"chat.webhook", "zia.legacy"};
        QVERIFY(again.names() == expected);
        QVERIFY(*again.get("zia.legacy") == kCanary);
        QVERIFY(*again.remove("zia.legacy"));
        QVERIFY(!*again.remove("zia.legacy"));
        QVERIFY(!*again.get("zia.legacy"));
        QVERIFY(*again.get("chat.webhook") == "x");
        QCOMPARE(place.asked, 2);
    }

    void theFileTellsNothingAndIsPrivate()
    {
        Corner place;
        QVERIFY(place.vault().set("zia.legacy", kCanary).has_value());
        const std::string bytes = place.bytes();
        QVERIFY(bytes.find("nightjar-vault") != std::string::npos);
        for (const std::string &word : {kCanary, std::string("canary"), std::string("zia.legacy"), place.passphrase}) {
            QVERIFY2(bytes.find(word) == std::string::npos, word.c_str());
        }
        struct stat state {};
        QCOMPARE(::stat(place.file.c_str(), &state), 0);
        QCOMPARE(state.st_mode & 0777U, 0600U);
    }

    void nonceIsNeverUsedTwice()
    {
        Corner place;
        Vault vault = place.vault();
        QVERIFY(vault.set("a", "1").has_value());
        const std::string first = place.json()["nonce"];
        QVERIFY(vault.set("a", "1").has_value());
        QVERIFY(place.json()["nonce"] != first);
    }

    void wrongPassphraseIsTold()
    {
        Corner place;
        QVERIFY(place.vault().set("a", kCanary).has_value());
        place.passphrase = "correct horse batterz";
        Vault vault = place.vault();
        QCOMPARE(codeOf(vault.get("a")), std::string("NJ-WORK-081"));
        QCOMPARE(vault.set("a", "other").error().code, std::string("NJ-WORK-081"));
        QVERIFY(vault.locked());
        place.passphrase = "correct horse battery";
        QVERIFY(*vault.get("a") == kCanary);
    }

    void withoutAnybodyToAskItSaysLocked()
    {
        Corner place;
        QVERIFY(place.vault().set("a", "1").has_value());
        Vault vault(place.file, {}, kCheap);
        QCOMPARE(codeOf(vault.get("a")), std::string("NJ-WORK-080"));
        QVERIFY(vault.unlock(place.passphrase).has_value());
        QVERIFY(*vault.get("a") == "1");
    }

    void shortPassphrasesMakeNoVault()
    {
        Corner place;
        place.passphrase = "short";
        Vault vault = place.vault();
        QCOMPARE(vault.set("a", "1").error().code, std::string("NJ-WORK-081"));
        QVERIFY(!vault.exists());
    }

    void damage_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("code");
        for (const char *what :
             {"cut off", "empty", "not a vault", "a bit of the text", "a bit of the salt", "no nonce",
              "a digest made anew over other text", "a cost of nothing", "a cost without end"}) {
            QTest::newRow(what) << QString::fromLatin1(what) << QStringLiteral("NJ-WORK-082");
        }
        QTest::newRow("newer") << QStringLiteral("newer") << QStringLiteral("NJ-WORK-083");
    }
    void damage()
    {
        QFETCH(QString, what);
        QFETCH(QString, code);
        Corner place;
        QVERIFY(place.vault().set("a", kCanary).has_value());
        Json json = place.json();
        const auto flip = [&json](const char *key) {
            auto &text = json[key].get_ref<std::string &>();
            text[5] = text[5] == '0' ? '1' : '0';
        };
        if (what == u"cut off") {
            const std::string half = place.bytes().substr(0, place.bytes().size() / 2);
            QVERIFY(writeFileAtomically(place.file, half));
        } else if (what == u"empty") {
            QVERIFY(writeFileAtomically(place.file, ""));
        } else if (what == u"not a vault") {
            place.put(Json{{"format", "else"}});
        } else {
            if (what == u"a bit of the text") {
                flip("sealed");
            } else if (what == u"a bit of the salt") {
                flip("salt");
            } else if (what == u"no nonce") {
                json.erase("nonce");
            } else if (what == u"a cost of nothing") {
                json["n"] = 1;
            } else if (what == u"a cost without end") {
                json["n"] = 1ULL << 40U;
            } else if (what == u"newer") {
                json["version"] = 2;
            } else {
                flip("sealed");
                json["digest"] = digestOf(json);
            }
            place.put(json);
        }
        Vault vault = place.vault();
        QCOMPARE(codeOf(vault.get("a")), code.toStdString());
        QCOMPARE(vault.set("b", "1").error().code, code.toStdString()); // and nothing is written over it
    }

    void aFailedWriteLeavesTheOldVault()
    {
        if (::geteuid() == 0) {
            QSKIP("root may write into a read-only folder");
        }
        Corner place;
        QVERIFY(place.vault().set("a", kCanary).has_value());
        ::chmod(place.folder.path().c_str(), 0500);
        Vault vault = place.vault();
        const Status written = vault.set("a", "other");
        ::chmod(place.folder.path().c_str(), 0700);
        QVERIFY(!written);
        QVERIFY(*vault.get("a") == kCanary);
    }

    void anotherPassphrase()
    {
        Corner place;
        Vault vault = place.vault();
        QVERIFY(vault.set("a", kCanary).has_value());
        Vault elsewhere = place.vault();
        QVERIFY(*elsewhere.get("a") == kCanary);
        QVERIFY(!vault.changePassphrase("short"));
        QVERIFY(*vault.get("a") == kCanary);
        QVERIFY(vault.changePassphrase("another long one").has_value());
        QVERIFY(*vault.get("a") == kCanary);
        QCOMPARE(codeOf(elsewhere.get("a")), std::string("NJ-WORK-081")); // it still holds the old one
        place.passphrase = "another long one";
        QVERIFY(*elsewhere.get("a") == kCanary);
    }

    void wipedTextsAreGone()
    {
        std::string secret(100, 'x');
        const char *place = secret.data();
        wipe(secret);
        QVERIFY(secret.empty());
        QVERIFY(std::string(place, 100) == std::string(100, '\0'));
    }

    void theDefaultCostTakesMemory()
    {
        const VaultCost cost;
        QVERIFY(cost.reasonable());
        QCOMPARE(128 * cost.r * cost.n, std::uint64_t(128) << 20U);
        QVERIFY(vaultKeys("passphrase", "salt", cost).has_value());
    }
};

QTEST_GUILESS_MAIN(VaultTest)
#include "tst_vault.moc"
