// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/compression.h"

#include <QTest>

#include <string>

using namespace nightjar;

class TestCompression : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void packs_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("one byte") << QByteArray("a");
        QTest::newRow("zeros") << QByteArray(70'000, '\0');
        QTest::newRow("not UTF-8") << QByteArray("\xff\xfe\x00\x80", 4);
    }

    void packs()
    {
        QFETCH(QByteArray, bytes);
        const std::string plain = bytes.toStdString();
        const std::string packed = pack(plain);
        QVERIFY(unpack(packed, plain.size()) == plain);
        if (!plain.empty()) {
            QVERIFY(!unpack(packed, plain.size() - 1)); // more than is wanted
        }
    }

    void damageIsSeen()
    {
        const std::string packed = pack("user=ada host=evil.example user=ada host=evil.example");
        for (std::size_t i = 0; i < packed.size(); ++i) {
            std::string bad = packed;
            bad[i] = static_cast<char>(bad[i] ^ 0x10);
            const auto got = unpack(bad, 1U << 20U);
            QVERIFY2(!got || *got == unpack(packed, 1U << 20U), qPrintable(QString::number(i)));
            QVERIFY(!unpack(packed.substr(0, i), 1U << 20U));
        }
    }
};

QTEST_GUILESS_MAIN(TestCompression)
#include "tst_compression.moc"
