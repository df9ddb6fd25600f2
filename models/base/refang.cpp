// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/address.h"
#include "base/text.h"
#include "base/url.h"
#include "base/utf8.h"

#include <algorithm>
#include <array>

/// Undoing what reports and mails do to indicators (facts/cti.md §2.6 of the project's research).
namespace nightjar {
namespace {

struct Swap {
    std::string_view from;
    std::string_view to;
};

constexpr std::string_view kOpen = "[({<";
constexpr std::string_view kClose = "])}>";

constexpr std::array<Swap, 12> kBracketed{{{".", "."},
                                           {"dot", "."},
                                           {"punkt", "."},
                                           {"punto", "."},
                                           {"point", "."},
                                           {":", ":"},
                                           {"://", "://"},
                                           {"@", "@"},
                                           {"at", "@"},
                                           {"/", "/"},
                                           {"//", "//"},
                                           {"www", "www"}}};

/// Zero-width and other unseen characters go, no-break blanks become blanks.
std::string dropUnseen(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = codePointAt(text, at);
        if (point.valid && (point.value == 0xA0 || point.value == 0x202F || point.value < 0x20)) {
            out.push_back(' ');
        } else if (!point.valid || !isInvisible(point.value)) {
            out.append(text, at, point.length);
        }
        at += point.length;
    }
    return out;
}

std::string_view stripQuotes(std::string_view text)
{
    constexpr std::array<Swap, 7> kPairs{
        {{"\"", "\""}, {"'", "'"}, {"`", "`"}, {"<", ">"}, {"“", "”"}, {"‘", "’"}, {"«", "»"}}};
    for (bool again = true; again;) {
        again = false;
        text = trim(text);
        while (!text.empty() && std::string_view(",;.").find(text.back()) != std::string_view::npos) {
            text.remove_suffix(1);
        }
        const auto opens = std::count(text.begin(), text.end(), '(');
        if (text.ends_with(')') && std::count(text.begin(), text.end(), ')') > opens) {
            text.remove_suffix(1);
            again = true;
        }
        for (const Swap &pair : kPairs) {
            if (text.size() > pair.from.size() + pair.to.size() && text.starts_with(pair.from) &&
                text.ends_with(pair.to)) {
                text = text.substr(pair.from.size(), text.size() - pair.from.size() - pair.to.size());
                again = true;
            }
        }
    }
    return text;
}

/// Bytes of a bracketed mark at `at` and what it stands for; 0 when there is none.
std::size_t bracketedMark(std::string_view text, std::size_t at, std::string_view &meaning)
{
    const std::size_t kind = kOpen.find(text[at]);
    if (kind == std::string_view::npos) {
        return 0;
    }
    const std::size_t close = text.find(kClose[kind], at + 1);
    const bool near = close != std::string_view::npos && close - at <= 10;
    const std::string_view inside = near ? trim(text.substr(at + 1, close - at - 1)) : std::string_view();
    for (const Swap &mark : kBracketed) {
        if (near && equalsIgnoreCase(inside, mark.from)) {
            meaning = mark.to;
            return close + 1 - at;
        }
    }
    const bool halfOpen = text[at] == '[' && at > 0 && text.size() - at > 2 && text[at + 1] == '.';
    meaning = ".";
    return halfOpen ? 2 : 0;
}

/// "[.]", "(dot)", "\." and half of them, anywhere in the text.
std::string undoBrackets(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        std::string_view meaning;
        const std::string_view pair = text.substr(at, 2);
        if (const std::size_t length = bracketedMark(text, at, meaning); length > 0) {
            out += meaning;
            at += length;
        } else if (pair == "\\." || pair == "\\/" || (pair == ".]" && at + 2 < text.size())) {
            out.push_back(pair == "\\/" ? '/' : '.');
            at += 2;
        } else {
            out.push_back(text[at]);
            ++at;
        }
    }
    return out;
}

void replaceAll(std::string &text, std::string_view from, std::string_view to)
{
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

/// " dot " and " AT ", when nothing but one token is left afterwards.
std::string undoSpelledMarks(const std::string &text)
{
    if (text.find(' ') == std::string::npos) {
        return text;
    }
    std::string joined;
    for (const std::string_view word : split(text, ' ')) {
        if (equalsIgnoreCase(word, "dot")) {
            joined += ".";
        } else if (equalsIgnoreCase(word, "at")) {
            joined += "@";
        } else if (!joined.empty() && !word.empty() && joined.back() != '.' && joined.back() != '@' &&
                   word.front() != '.') {
            return text; // two words side by side: a sentence
        } else {
            joined += word;
        }
    }
    return joined;
}

/// Length of a leading "hxxp", "h**p", "meow", "fxp" … and the scheme it means.
std::size_t schemeWord(std::string_view text, std::string_view &scheme)
{
    constexpr std::array<Swap, 14> kWords{{{"https", "https"},
                                           {"http", "http"},
                                           {"hxxps", "https"},
                                           {"hxxp", "http"},
                                           {"hxtps", "https"},
                                           {"hxtp", "http"},
                                           {"htxp", "http"},
                                           {"h**ps", "https"},
                                           {"h**p", "http"},
                                           {"h--p", "http"},
                                           {"meows", "https"},
                                           {"meow", "http"},
                                           {"fxp", "ftp"},
                                           {"ftp", "ftp"}}};
    for (const Swap &word : kWords) {
        if (startsWithIgnoreCase(text, word.from)) {
            scheme = word.to;
            return word.from.size();
        }
    }
    return 0;
}

/// "hxxp ://x", "http:\\x", "http:/x" become "http://x". Text without such a beginning stays.
std::string undoScheme(std::string_view text)
{
    std::string_view scheme;
    std::size_t at = schemeWord(text, scheme);
    if (at == 0) {
        return std::string(text);
    }
    while (at < text.size() && text[at] == ' ') {
        ++at;
    }
    if (at == text.size() || text[at] != ':') {
        return std::string(text);
    }
    const std::size_t slashes = at + 1;
    at = slashes;
    while (at < text.size() && at - slashes < 2 && (text[at] == '/' || text[at] == '\\')) {
        ++at;
    }
    if (at == slashes) {
        return std::string(text); // "http:8080": a host and a port
    }
    while (at < text.size() && text[at] == ' ') {
        ++at;
    }
    return std::string(scheme) + "://" + std::string(text.substr(at));
}

/// Ideographic and full-width dots of the host, and "1,2,3,4".
void undoForeignDots(std::string &text)
{
    const std::size_t scheme = text.find("://");
    const std::size_t start = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(text.find_first_of("/?#", start), text.size());
    std::string host = text.substr(start, end - start);
    for (const std::string_view dot : {"。", "．", "｡"}) {
        replaceAll(host, dot, ".");
    }
    if (std::count(host.begin(), host.end(), ',') == 3) {
        std::string dotted = host;
        replaceAll(dotted, ",", ".");
        if (IpAddress::parse(dotted)) {
            host = dotted;
        }
    }
    text.replace(start, end - start, host);
}

} // namespace

std::string refang(std::string_view text)
{
    const std::string seen = dropUnseen(text);
    std::string plain = undoScheme(undoBrackets(stripQuotes(seen)));
    plain = undoSpelledMarks(plain);
    undoForeignDots(plain);
    return plain;
}

} // namespace nightjar
