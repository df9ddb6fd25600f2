// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tokens.h"

#include <QFile>
#include <QTest>

using namespace nightjar;
using namespace nightjar::ui;

/// The theme is measured, not trusted: WCAG 2.x contrasts over the whole table, in both themes.
class TokensTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void contrastFormula();
    void textContrast_data();
    void textContrast();
    void graphicContrast_data();
    void graphicContrast();
    void severities();
    void heat();
    void namesWhatIsMissing_data();
    void namesWhatIsMissing();

private:
    Tokens m_tokens;
};

void TokensTest::initTestCase()
{
    auto tokens = Tokens::builtIn();
    QVERIFY2(tokens.has_value(), tokens ? "" : describe(tokens.error()).c_str());
    m_tokens = *tokens;
    QCOMPARE(m_tokens.length(Length::TopBar), 44);
    QCOMPARE(m_tokens.type(Type::Data).data, true);
    QVERIFY(m_tokens.dropDim > 0.3 && m_tokens.dropDim < 1);
}

void TokensTest::contrastFormula()
{
    QVERIFY(std::abs(contrast(Qt::white, Qt::black) - 21.0) < 1e-9);
    QCOMPARE(contrast(Qt::red, Qt::red), 1.0);
    QVERIFY(std::abs(contrast(QColor(0x76, 0x76, 0x76), Qt::white) - 4.54) < 0.01); // the known AA grey
}

void TokensTest::textContrast_data()
{
    QTest::addColumn<Color>("ink");
    QTest::addColumn<Color>("ground");
    const std::pair<const char *, Color> grounds[] = {
        {"bg", Color::Bg},         {"panel", Color::Panel},       {"raised", Color::Raised},
        {"altRow", Color::AltRow}, {"hover", Color::Hover},       {"accentWash", Color::AccentWash},
        {"okWash", Color::OkWash}, {"warnWash", Color::WarnWash}, {"dangerWash", Color::DangerWash}};
    const std::pair<const char *, Color> inks[] = {{"text", Color::Text},
                                                   {"text2", Color::Text2},
                                                   {"accent", Color::Accent},
                                                   {"link", Color::Link},
                                                   {"ok", Color::Ok},
                                                   {"warn", Color::Warn},
                                                   {"error", Color::Error},
                                                   {"syntaxKey", Color::SyntaxKey},
                                                   {"syntaxString", Color::SyntaxString},
                                                   {"syntaxNumber", Color::SyntaxNumber},
                                                   {"syntaxComment", Color::SyntaxComment}};
    for (const auto &[inkName, ink] : inks) {
        for (const auto &[groundName, ground] : grounds) {
            QTest::addRow("%s on %s", inkName, groundName) << ink << ground;
        }
    }
    QTest::newRow("text on selection") << Color::Text << Color::Selection;
    QTest::newRow("text2 on selection") << Color::Text2 << Color::Selection;
    QTest::newRow("text on inactive selection") << Color::Text << Color::SelectionInactive;
    QTest::newRow("text on mark") << Color::MarkText << Color::Mark;
    QTest::newRow("accent fill") << Color::OnFill << Color::FillAccent;
    QTest::newRow("ok fill") << Color::OnFill << Color::FillOk;
    QTest::newRow("danger fill") << Color::OnFill << Color::FillDanger;
}

void TokensTest::textContrast()
{
    QFETCH(Color, ink);
    QFETCH(Color, ground);
    for (const bool dark : {true, false}) {
        const double ratio = contrast(m_tokens.color(ink, dark), m_tokens.color(ground, dark));
        QVERIFY2(ratio >= 4.5,
                 qPrintable(QStringLiteral("%1 theme: %2")
                                .arg(dark ? QStringLiteral("dark") : QStringLiteral("light"), QString::number(ratio))));
    }
}

void TokensTest::graphicContrast_data()
{
    QTest::addColumn<Color>("ink");
    QTest::addColumn<Color>("ground");
    QTest::newRow("control border on bg") << Color::ControlBorder << Color::Bg;
    QTest::newRow("control border on panel") << Color::ControlBorder << Color::Panel;
    QTest::newRow("control border on raised") << Color::ControlBorder << Color::Raised;
    QTest::newRow("focus on bg") << Color::Focus << Color::Bg;
    QTest::newRow("focus on panel") << Color::Focus << Color::Panel;
    QTest::newRow("focus on selection") << Color::Focus << Color::Selection;
    QTest::newRow("bars on bg") << Color::BarNeutral << Color::Bg;
    QTest::newRow("bars on brush") << Color::BarNeutralOnBrush << Color::Brush;
    QTest::newRow("blocked bars on bg") << Color::Error << Color::Bg;
    QTest::newRow("blocked bars on brush") << Color::Error << Color::Brush;
    QTest::newRow("disabled on bg") << Color::Disabled << Color::Bg;
    QTest::newRow("error icon on selection") << Color::Error << Color::Selection;
}

void TokensTest::graphicContrast()
{
    QFETCH(Color, ink);
    QFETCH(Color, ground);
    for (const bool dark : {true, false}) {
        const double ratio = contrast(m_tokens.color(ink, dark), m_tokens.color(ground, dark));
        QVERIFY2(ratio >= 3.0,
                 qPrintable(QStringLiteral("%1 theme: %2")
                                .arg(dark ? QStringLiteral("dark") : QStringLiteral("light"), QString::number(ratio))));
    }
}

void TokensTest::severities()
{
    for (const auto &severity : m_tokens.severities) {
        for (const bool dark : {true, false}) {
            const int theme = dark ? 0 : 1;
            for (const Color ground : {Color::Bg, Color::Panel, Color::AltRow}) {
                const QColor behind = m_tokens.color(ground, dark);
                QVERIFY2(contrast(severity.text[theme], behind) >= 4.5, qPrintable(severity.name));
                QVERIFY2(contrast(severity.graphic[theme], behind) >= 3.0, qPrintable(severity.name));
            }
            // On a selected row the light theme draws the glyph in the text colour (SeverityChip does so).
            const QColor chosen = dark ? severity.graphic[0] : severity.text[1];
            QVERIFY2(contrast(chosen, m_tokens.color(Color::Selection, dark)) >= 3.0, qPrintable(severity.name));
        }
    }
}

void TokensTest::heat()
{
    for (const int theme : {0, 1}) {
        QCOMPARE(m_tokens.heat[theme].size(), m_tokens.heatText[theme].size());
        for (qsizetype step = 1; step < m_tokens.heat[theme].size(); ++step) {
            QVERIFY(contrast(m_tokens.heat[theme][step], m_tokens.heatText[theme][step]) >= 4.5);
        }
        for (const QColor &series : m_tokens.series[theme]) {
            QVERIFY2(contrast(series, m_tokens.color(Color::Bg, theme == 0)) >= 3.0, qPrintable(series.name()));
        }
    }
}

void TokensTest::namesWhatIsMissing_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("colour gone") << QByteArray("\"text2\": \"#A9B4C2\"") << QByteArray("\"textX\": \"#A9B4C2\"")
                                 << QByteArray("dark.text2");
    QTest::newRow("no colour") << QByteArray("\"bg\": \"#14171C\"") << QByteArray("\"bg\": \"blackish\"")
                               << QByteArray("dark.bg");
    QTest::newRow("no number") << QByteArray("\"topBar\": 44") << QByteArray("\"topBar\": \"44\"")
                               << QByteArray("size.topBar");
    QTest::newRow("no JSON") << QByteArray("{") << QByteArray("") << QByteArray("theme cannot be read");
}

void TokensTest::namesWhatIsMissing()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QByteArray, told);
    QFile file(QStringLiteral(":/nightjar/theme/tokens.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray json = file.readAll();
    const qsizetype at = json.indexOf(from);
    QVERIFY(at >= 0);
    json.replace(at, from.size(), to);
    const auto tokens = Tokens::parse(json);
    QVERIFY(!tokens);
    QVERIFY2(describe(tokens.error()).find(told.toStdString()) != std::string::npos, describe(tokens.error()).c_str());
}

QTEST_GUILESS_MAIN(TokensTest)
#include "tst_tokens.moc"
