// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tokens.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

// Outside any namespace: the macro declares a function there.
static void initResources()
{
    Q_INIT_RESOURCE(nightjar);
}

namespace nightjar::ui {

namespace {

constexpr const char *kColorNames[] = {"bg",           "panel",         "raised",     "altRow",
                                       "selection",    "text",          "text2",      "disabled",
                                       "accent",       "link",          "ok",         "warn",
                                       "error",        "controlBorder", "hairline",   "focus",
                                       "fillAccent",   "fillOk",        "fillDanger", "onFill",
                                       "mark",         "markText",      "hover",      "selectionInactive",
                                       "hairlineSoft", "track",         "barNeutral", "barNeutralOnBrush",
                                       "tickFaint",    "accentWash",    "okWash",     "warnWash",
                                       "dangerWash",   "brush",         "syntaxKey",  "syntaxString",
                                       "syntaxNumber", "syntaxComment"};
static_assert(std::size(kColorNames) == static_cast<std::size_t>(Color::Count));

struct LengthName {
    const char *group, *name;
};
constexpr LengthName kLengthNames[] = {
    {"space", "grid"},          {"space", "paneInset"},     {"space", "cellInset"},   {"radius", "control"},
    {"radius", "bar"},          {"radius", "popover"},      {"stroke", "focus"},      {"stroke", "focusOffset"},
    {"row", "compact"},         {"row", "normal"},          {"row", "roomy"},         {"row", "header"},
    {"row", "queue"},           {"row", "journal"},         {"row", "listItem"},      {"row", "form"},
    {"row", "queueSmall"},      {"row", "paletteItem"},     {"size", "topBar"},       {"size", "navRail"},
    {"size", "navItem"},        {"size", "statusStrip"},    {"size", "screenHeader"}, {"size", "button"},
    {"size", "buttonSmall"},    {"size", "input"},          {"size", "queryBar"},     {"size", "chip"},
    {"size", "checkbox"},       {"size", "iconNav"},        {"size", "icon"},         {"size", "severityGlyph"},
    {"size", "meter"},          {"size", "miniBar"},        {"size", "histogram"},    {"size", "facetPane"},
    {"size", "queuePane"},      {"size", "inspectorPane"},  {"size", "respondPane"},  {"size", "confirmBar"},
    {"size", "toastWidth"},     {"size", "splitterGrip"},   {"size", "navRailSmall"}, {"size", "navItemSmall"},
    {"size", "facetPaneSmall"}, {"size", "queuePaneSmall"}, {"size", "palette"},      {"size", "jobsPopover"},
    {"size", "dropInset"},      {"motion", "toastMinMs"},   {"breakpoint", "narrow"}, {"breakpoint", "small"}};
static_assert(std::size(kLengthNames) == static_cast<std::size_t>(Length::Count));

constexpr const char *kTypeNames[] = {"caption",     "body",    "bodyStrong", "data",  "dataSmall",
                                      "paneHeading", "heading", "title",      "figure"};
static_assert(std::size(kTypeNames) == static_cast<std::size_t>(Type::Count));

constexpr const char *kSeverityNames[] = {"informational", "low", "medium", "high", "critical"};
constexpr const char *kThemes[] = {"dark", "light"};

QString latin(const char *text)
{
    return QString::fromLatin1(text);
}

/// Collects the first complaint while the table is read.
class Reader {
public:
    explicit Reader(const QJsonObject &root)
        : m_root(root)
    {
    }
    QColor color(const QJsonValue &value, const QString &name)
    {
        const QColor color(value.toString());
        if (!color.isValid()) {
            complain(name);
        }
        return color;
    }
    int number(const QJsonValue &value, const QString &name)
    {
        if (!value.isDouble()) {
            complain(name);
        }
        return value.toInt();
    }
    QList<QColor> colors(const QJsonValue &value, const QString &name)
    {
        QList<QColor> list;
        for (const QJsonValue entry : value.toArray()) {
            list << color(entry, name);
        }
        if (list.isEmpty()) {
            complain(name);
        }
        return list;
    }
    [[nodiscard]] QJsonObject at(const char *group) const { return m_root[latin(group)].toObject(); }
    void complain(const QString &name)
    {
        if (m_missing.isEmpty()) {
            m_missing = name;
        }
    }
    [[nodiscard]] const QString &missing() const { return m_missing; }

private:
    QJsonObject m_root;
    QString m_missing;
};

void readColors(Reader &reader, Tokens &tokens)
{
    for (std::size_t theme = 0; theme < 2; ++theme) {
        const QString themeName = latin(kThemes[theme]);
        const QJsonObject measured = reader.at("color")[themeName].toObject();
        const QJsonObject derived = reader.at("derived")[themeName].toObject();
        for (std::size_t i = 0; i < std::size(kColorNames); ++i) {
            const QString name = latin(kColorNames[i]);
            const QJsonValue value = measured.contains(name) ? measured[name] : derived[name];
            tokens.colors[theme][i] = reader.color(value, themeName + u'.' + name);
        }
        tokens.series[theme] = reader.colors(reader.at("series")[themeName], QStringLiteral("series"));
        tokens.heat[theme] = reader.colors(derived[latin("heat")], QStringLiteral("heat"));
        tokens.heatText[theme] = reader.colors(derived[latin("heatText")], QStringLiteral("heatText"));
        for (std::size_t i = 0; i < 5; ++i) {
            const QJsonObject level = reader.at("severity")[latin(kSeverityNames[i])].toObject();
            SeverityToken &severity = tokens.severities[i];
            severity.name = latin(kSeverityNames[i]);
            severity.letter = level[latin("letter")].toString();
            severity.shape = level[latin("shape")].toString();
            const QJsonObject pair = level[themeName].toObject();
            severity.graphic[theme] = reader.color(pair[latin("graphic")], severity.name);
            severity.text[theme] = reader.color(pair[latin("text")], severity.name);
        }
    }
}

void readLengths(Reader &reader, Tokens &tokens)
{
    for (std::size_t i = 0; i < std::size(kLengthNames); ++i) {
        const LengthName &name = kLengthNames[i];
        tokens.lengths[i] =
            reader.number(reader.at(name.group)[latin(name.name)], latin(name.group) + u'.' + latin(name.name));
    }
    for (std::size_t i = 0; i < std::size(kTypeNames); ++i) {
        const QString name = latin(kTypeNames[i]);
        const QJsonObject type = reader.at("type")[name].toObject();
        tokens.types[i] = {.data = type[latin("family")].toString() == u"data",
                           .px = reader.number(type[latin("px")], name),
                           .line = reader.number(type[latin("line")], name),
                           .weight = reader.number(type[latin("weight")], name)};
    }
    for (const QJsonValue family : reader.at("font")[latin("ui")].toArray()) {
        tokens.uiFamilies << family.toString();
    }
    for (const QJsonValue family : reader.at("font")[latin("data")].toArray()) {
        tokens.dataFamilies << family.toString();
    }
    tokens.dropDim = reader.at("opacity")[latin("dropDim")].toDouble();
}

double linear(double channel)
{
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

Result<Tokens> Tokens::parse(const QByteArray &json)
{
    QJsonParseError problem{};
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError || !document.isObject()) {
        return fail("NJ-UI-001", "The theme cannot be read", problem.errorString().toStdString(),
                    "Install the program again.");
    }
    Tokens tokens;
    Reader reader(document.object());
    readColors(reader, tokens);
    readLengths(reader, tokens);
    if (!reader.missing().isEmpty()) {
        return fail("NJ-UI-001", "The theme cannot be read",
                    "The token " + reader.missing().toStdString() + " is missing or has the wrong type.",
                    "Install the program again.");
    }
    return tokens;
}

Result<Tokens> Tokens::builtIn()
{
    initResources();
    QFile file(QStringLiteral(":/nightjar/theme/tokens.json"));
    if (!file.open(QIODevice::ReadOnly)) {
        return fail("NJ-UI-001", "The theme cannot be read", file.errorString().toStdString(),
                    "Install the program again.");
    }
    return parse(file.readAll());
}

double contrast(const QColor &left, const QColor &right)
{
    const double a = luminance(left);
    const double b = luminance(right);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

} // namespace nightjar::ui
