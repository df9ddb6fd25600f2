// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "sigma/regexatoms.h"

#include <QTest>

#include <re2/re2.h>

#include <set>

using namespace nightjar;
using namespace nightjar::sigma;

namespace {

/// What makes literals hard to find: case, the two letters beyond ASCII that fold into it, alternatives, optional
/// parts.
const std::vector<std::string> kExpressions{
    "secret",
    "(?i)secret",
    "(?i)task",
    "(?i)stats",
    "Kelvin|kelvin",
    "^/bot[0-9]{3}:",
    "(?i)/(xmrig|t-rex)[a-z0-9._-]*[.](zip|exe)",
    "(abc)?(def)?ghi",
    "(?i)[?&](?:password|pwd)=[^&]{3,}",
    "a|b",
    "ab",
    ".*",
    "^[0-9]{1,3}([.][0-9]{1,3}){3}$",
    "(?s)start.*end",
    "stra\xC3\x9F"
    "e",
    "\\x41bcd",
    "\\pLtail",
    "x{3}yz",
    "(?i)K",
    "mask|",
    "^https?://[^/]+",
    "://bad[.]com/",
};

const std::vector<std::string> kTexts{
    "",
    "my secret",
    "my SECRET",
    "TASK list",
    "ta\xC5\xBF\xE2\x84\xAA list",
    "\xC5\xBFtat\xC5\xBF",
    "STATS",
    "Kelvin",
    "KELVIN",
    "/bot123:x",
    "x/bot123:x",
    "/XMRig-6.1.ZIP",
    "/t-rex.exe",
    "ghi",
    "abcghi",
    "/?Password=abcd",
    "/?pwd=ab",
    "b",
    "ab",
    "10.1.2.3",
    "start\nend",
    "stra\xC3\x9F"
    "e",
    "STRASSE",
    "Abcd",
    "\xC3\xA4tail",
    "xxxyz",
    "mask",
    "https://bad.com/",
    "http://good.com/",
};

event::TextDictionary foldedTexts()
{
    event::TextDictionary result;
    for (const std::string &text : kTexts) {
        result.append(foldCase(text));
    }
    return result;
}

} // namespace

/// Literals that an expression needs: they may let too much pass, never too little.
class TstRegexAtoms : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsMissed();
    void muchIsSpared();
    void nothingToCover();
};

void TstRegexAtoms::nothingIsMissed()
{
    HsScratch prototype;
    RegexAtoms atoms;
    atoms.compile(kExpressions, prototype);
    const HsScratch scratch = cloneScratch(prototype.get());
    std::set<std::pair<std::uint32_t, std::uint32_t>> told;
    std::uint32_t last = 0;
    atoms.scan(foldedTexts(), scratch.get(), [&](std::uint32_t expression, std::uint32_t entry) {
        QVERIFY(atoms.covers(expression) && entry >= last);
        last = entry;
        told.emplace(expression, entry);
    });
    for (std::uint32_t i = 0; i < kExpressions.size(); ++i) {
        const re2::RE2 regex(kExpressions[i]);
        QVERIFY2(regex.ok(), kExpressions[i].c_str());
        for (std::uint32_t entry = 0; entry < kTexts.size(); ++entry) {
            if (atoms.covers(i) && re2::RE2::PartialMatch(kTexts[entry], regex)) {
                QVERIFY2(told.contains({i, entry}), (kExpressions[i] + " in " + kTexts[entry]).c_str());
            }
        }
    }
}

void TstRegexAtoms::muchIsSpared()
{
    HsScratch prototype;
    RegexAtoms atoms;
    atoms.compile(kExpressions, prototype);
    const HsScratch scratch = cloneScratch(prototype.get());
    for (const std::uint32_t covered : {0U, 1U, 2U, 5U, 6U, 8U, 21U}) {
        QVERIFY2(atoms.covers(covered), kExpressions[covered].c_str());
    }
    for (const std::uint32_t open : {9U, 11U, 12U, 20U}) {
        QVERIFY2(!atoms.covers(open), kExpressions[open].c_str());
    }
    std::size_t looks = 0;
    atoms.scan(foldedTexts(), scratch.get(), [&](std::uint32_t, std::uint32_t) { ++looks; });
    QVERIFY2(looks < 40, std::to_string(looks).c_str()); // of more than 300
}

void TstRegexAtoms::nothingToCover()
{
    HsScratch prototype;
    RegexAtoms none;
    none.compile({}, prototype);
    RegexAtoms open;
    open.compile({".*", "[0-9]+"}, prototype);
    QVERIFY(!open.covers(0) && !open.covers(1));
    const auto never = [](std::uint32_t, std::uint32_t) { QFAIL("there is no literal to find"); };
    none.scan(foldedTexts(), nullptr, never);
    open.scan(foldedTexts(), nullptr, never);
}

QTEST_GUILESS_MAIN(TstRegexAtoms)
#include "tst_regexatoms.moc"
