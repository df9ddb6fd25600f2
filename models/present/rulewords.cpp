// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "present/rulewords.h"

#include "event/schema.h"
#include "present/attack.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace nightjar::present {

namespace {

using Words = std::vector<std::pair<QString, QString>>;
using Table = std::vector<std::pair<const char *, const char *>>;

constexpr std::size_t kMostWords = 40;

Words wordsOf(const Table &table)
{
    Words words;
    for (const auto &[word, meaning] : table) {
        words.emplace_back(QString::fromLatin1(word), QCoreApplication::translate("RuleWords", meaning));
    }
    return words;
}

const Words &topKeys()
{
    static const Words words = wordsOf({{"title: ", "what it finds, in a few words"},
                                        {"id: ", "a UUID"},
                                        {"name: ", "for correlations to refer to"},
                                        {"status: ", "stable, test, experimental"},
                                        {"description: ", "why it matters"},
                                        {"references:", "where it is described"},
                                        {"author: ", ""},
                                        {"date: ", "YYYY-MM-DD"},
                                        {"modified: ", "YYYY-MM-DD"},
                                        {"tags:", "attack.…"},
                                        {"logsource:", "which events it looks at"},
                                        {"detection:", "selections and the condition"},
                                        {"correlation:", "over hits of other rules"},
                                        {"falsepositives:", ""},
                                        {"fields:", "worth showing"},
                                        {"level: ", "severity"}});
    return words;
}

const Words &logSourceKeys()
{
    static const Words words = wordsOf({{"category: proxy", "web traffic"},
                                        {"category: firewall", "firewall and tunnels"},
                                        {"category: dns", "DNS questions"},
                                        {"product: zscaler", ""},
                                        {"service: ", ""}});
    return words;
}

const Words &modifiers()
{
    static const Words words = wordsOf({{"contains", "anywhere in the value"},
                                        {"startswith", "at its beginning"},
                                        {"endswith", "at its end"},
                                        {"all", "all values, not any"},
                                        {"re", "regular expression"},
                                        {"cidr", "network"},
                                        {"exists", "true or false"},
                                        {"cased", "upper and lower case differ"},
                                        {"gt", "greater than"},
                                        {"gte", "at least"},
                                        {"lt", "less than"},
                                        {"lte", "at most"},
                                        {"neq", "not equal"},
                                        {"fieldref", "another field's value"},
                                        {"expand", "placeholders"},
                                        {"windash", "- and / alike"},
                                        {"base64", "encoded so"},
                                        {"base64offset", "encoded so, at any offset"},
                                        {"utf16le", ""},
                                        {"utf16be", ""},
                                        {"utf16", ""},
                                        {"wide", "as utf16le"},
                                        {"i", "of re: case does not matter"},
                                        {"m", "of re: lines"},
                                        {"s", "of re: dot takes line ends"},
                                        {"minute", "of a time"},
                                        {"hour", "of a time"},
                                        {"day", "of a time"},
                                        {"week", "of a time"},
                                        {"month", "of a time"},
                                        {"year", "of a time"}});
    return words;
}

Words makeFields()
{
    Words words = wordsOf({{"c-uri", "URL, whole and in parts, also decoded"},
                           {"cs-host", "host that is asked"},
                           {"c-useragent", "user agent"},
                           {"cs-method", "HTTP method"},
                           {"sc-status", "HTTP status"},
                           {"c-uri-stem", "path"},
                           {"c-uri-query", "query of the URL"},
                           {"c-uri-extension", "extension of the path"},
                           {"cs-referrer", "referrer"},
                           {"cs-bytes", "bytes sent"},
                           {"sc-bytes", "bytes received"},
                           {"sc-content-type", "type of the answer"},
                           {"cs-username", "user"},
                           {"src_ip", "client address"},
                           {"dst_ip", "server address"},
                           {"dst_port", "server port"},
                           {"r-dns", "host that is asked"},
                           {"query", "DNS question"}});
    for (const event::FieldInfo &info : event::fields()) {
        words.emplace_back(QString::fromUtf8(info.name.data(), static_cast<qsizetype>(info.name.size())),
                           QString::fromUtf8(info.help.data(), static_cast<qsizetype>(info.help.size())));
    }
    return words;
}

qsizetype indentOf(const QString &line)
{
    qsizetype indent = 0;
    while (indent < line.size() && line[indent] == u' ') {
        ++indent;
    }
    return indent;
}

/// The top-level key above a line, and the selections of the detection.
struct Around {
    QString section;
    QStringList selections;
};

Around aroundOf(const QString &text, int position)
{
    static const QRegularExpression key(QStringLiteral("^([A-Za-z_]+):"));
    static const QRegularExpression nested(QStringLiteral("^ +([A-Za-z0-9_]+):\\s*$"));
    Around around;
    QString section;
    qsizetype start = 0;
    qsizetype depth = -1;
    for (const QString &line : text.split(u'\n')) {
        if (const auto match = key.match(line); match.hasMatch()) {
            section = match.captured(1);
            depth = -1;
        } else if (const auto inner = nested.match(line); section == u"detection" && inner.hasMatch()) {
            depth = depth < 0 ? indentOf(line) : depth;
            if (indentOf(line) == depth) {
                around.selections << inner.captured(1);
            }
        }
        if (start <= position) {
            around.section = section;
        }
        start += line.size() + 1;
    }
    return around;
}

/// Those that begin with what was typed first, then those that hold it.
RuleCompletion pick(const Words &words, const QString &typed)
{
    RuleCompletion completion;
    completion.replaced = static_cast<int>(typed.size());
    for (const bool first : {true, false}) {
        for (const auto &word : words) {
            const bool begins = word.first.startsWith(typed, Qt::CaseInsensitive);
            const bool holds = word.first.contains(typed, Qt::CaseInsensitive);
            if ((first ? begins : holds && !begins) && word.first != typed && completion.words.size() < kMostWords) {
                completion.words.push_back(word);
            }
        }
    }
    return completion;
}

Words conditionWords(const QStringList &selections)
{
    Words words;
    for (const QString &selection : selections) {
        words.emplace_back(selection, QCoreApplication::translate("RuleWords", "selection"));
    }
    for (const char *word : {"and ", "or ", "not ", "1 of ", "all of ", "them"}) {
        words.emplace_back(QString::fromLatin1(word), QString());
    }
    return words;
}

Words tagWords()
{
    Words words;
    for (const AttackTactic &tactic : attackTactics()) {
        words.emplace_back(QString(QStringLiteral("attack.") + tactic.tag), tactic.name);
    }
    return words;
}

Words fieldWords(const QStringList &extra)
{
    Words words = ruleFields();
    for (const QString &field : extra) {
        if (std::none_of(words.begin(), words.end(), [&](const auto &word) { return word.first == field; })) {
            words.emplace_back(field, QCoreApplication::translate("RuleWords", "in the store"));
        }
    }
    return words;
}

} // namespace

const Words &ruleFields()
{
    static const Words words = makeFields();
    return words;
}

std::vector<RuleSpanAt> ruleSpans(const QString &line)
{
    static const QRegularExpression key(QStringLiteral("^(\\s*(?:- )?)([^\\s:#'\"][^:#]*)(?=:(?:\\s|$))"));
    static const QRegularExpression text(QStringLiteral("'[^']*'?|\"[^\"]*\"?"));
    static const QRegularExpression digits(QStringLiteral("(?<=[\\s:])-?\\d+(\\.\\d+)?(?=\\s*$)"));
    static const QRegularExpression comment(QStringLiteral("(^|\\s)#.*$"));
    static const QRegularExpression condition(QStringLiteral("\\b(and|or|not|of|them)\\b"));
    std::vector<RuleSpanAt> spans;
    const auto add = [&](qsizetype start, qsizetype length, RuleSpan kind) {
        spans.push_back({static_cast<int>(start), static_cast<int>(length), kind});
    };
    const auto each = [&](const QRegularExpression &what, RuleSpan kind) {
        auto matches = what.globalMatch(line);
        while (matches.hasNext()) {
            const auto match = matches.next();
            add(match.capturedStart(), match.capturedLength(), kind);
        }
    };
    if (const auto match = key.match(line); match.hasMatch()) {
        add(match.capturedStart(2), match.capturedLength(2), RuleSpan::Key);
    }
    each(digits, RuleSpan::Number);
    each(text, RuleSpan::Text);
    if (line.trimmed().startsWith(u"condition:")) {
        each(condition, RuleSpan::Keyword);
    }
    if (!line.contains(u'\'') && !line.contains(u'"')) {
        each(comment, RuleSpan::Comment);
    }
    return spans;
}

RuleCompletion completeRule(const QString &text, int position, bool asked, const QStringList &extraFields)
{
    const QString before = text.left(position);
    const QString line = before.mid(before.lastIndexOf(u'\n') + 1);
    const qsizetype indent = indentOf(line);
    const Around around = aroundOf(text, position);
    static const QRegularExpression word(QStringLiteral("[A-Za-z0-9_.@-]*$"));
    const QString typed = word.match(line).captured();
    if (typed.isEmpty() && !asked && !line.endsWith(u'|')) {
        return {};
    }
    if (indent == 0 && !line.contains(u':')) {
        return pick(topKeys(), line);
    }
    if (line.startsWith(u"level:")) {
        return pick(wordsOf({{"informational", ""}, {"low", ""}, {"medium", ""}, {"high", ""}, {"critical", ""}}),
                    typed);
    }
    if (around.section == u"tags") {
        return pick(tagWords(), typed);
    }
    if (around.section == u"logsource" && !line.contains(u':')) {
        return pick(logSourceKeys(), line.trimmed());
    }
    if (around.section != u"detection") {
        return {};
    }
    if (line.trimmed().startsWith(u"condition:")) {
        return pick(conditionWords(around.selections), typed);
    }
    if (line.contains(u':')) {
        return {}; // a value
    }
    if (line.contains(u'|')) {
        return pick(modifiers(), typed);
    }
    return pick(fieldWords(extraFields), typed);
}

} // namespace nightjar::present
