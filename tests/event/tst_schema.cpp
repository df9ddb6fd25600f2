// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/schema.h"
#include "support/support.h"

#include <set>
#include <string>

using namespace nightjar::event;

class SchemaTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void namesAndAliasesAreUnique()
    {
        std::set<std::string> seen;
        for (const FieldInfo &field : fields()) {
            QVERIFY2(seen.insert(std::string(field.name)).second, std::string(field.name).c_str());
            QVERIFY(!field.help.empty());
            std::string word;
            for (const char c : std::string(field.aliases) + " ") {
                if (c != ' ') {
                    word += c;
                } else if (!word.empty()) {
                    QVERIFY2(seen.insert(word).second, word.c_str());
                    QCOMPARE(findField(word).value(), field.field);
                    word.clear();
                }
            }
            QCOMPARE(findField(field.name).value(), field.field);
        }
    }
    void unknownNamesAreUnknown()
    {
        QVERIFY(!findField(""));
        QVERIFY(!findField("nonsense"));
        QVERIFY(!findField("USER.NAME"));
    }
};

QTEST_GUILESS_MAIN(SchemaTest)
#include "tst_schema.moc"
