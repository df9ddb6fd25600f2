// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/listline.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace nightjar::intel {

namespace {

/// Words of a line, cut at blanks and tabs.
std::vector<std::string_view> words(std::string_view line)
{
    std::vector<std::string_view> out;
    std::size_t at = 0;
    while (at < line.size()) {
        const std::size_t begin = line.find_first_not_of(" \t", at);
        if (begin == std::string_view::npos) {
            break;
        }
        const std::size_t end = std::min(line.find_first_of(" \t", begin), line.size());
        out.push_back(line.substr(begin, end - begin));
        at = end;
    }
    return out;
}

bool isHostsAddress(std::string_view word)
{
    return word == "0.0.0.0" || word == "127.0.0.1" || word == "::1" || word == "::" || word == "0";
}

bool isOwnName(std::string_view word)
{
    constexpr std::array<std::string_view, 8> kOwn{"localhost",     "localhost.localdomain", "local",   "broadcasthost",
                                                   "ip6-localhost", "ip6-loopback",          "0.0.0.0", "ip6-localnet"};
    return std::find(kOwn.begin(), kOwn.end(), word) != kOwn.end();
}

/// "||name^$all", "name$all", "||name/path$doc" without marks and options.
std::string_view adBlockBody(std::string_view line)
{
    if (line.starts_with("||")) {
        line.remove_prefix(2);
    }
    if (const std::size_t dollar = line.find('$');
        dollar != std::string_view::npos && line.substr(dollar + 1).find_first_of("/?&= ") == std::string_view::npos) {
        line = line.substr(0, dollar);
    }
    while (!line.empty() && (line.back() == '^' || line.back() == '|')) {
        line.remove_suffix(1);
    }
    return line;
}

/// "address=/name/0.0.0.0", "server=/name/", "local=/name/".
std::string_view dnsmasqName(std::string_view line)
{
    for (const std::string_view start : {"address=/", "server=/", "local=/"}) {
        if (line.starts_with(start)) {
            const std::string_view rest = line.substr(start.size());
            return rest.substr(0, rest.find('/'));
        }
    }
    return {};
}

/// "- value", "* value", "• value" of notes.
std::string_view withoutBullet(std::string_view line)
{
    for (const std::string_view mark : {"- ", "* ", "+ ", "\xE2\x80\xA2 ", "\xE2\x80\xA2\t", "> "}) {
        if (line.starts_with(mark)) {
            return trim(line.substr(mark.size()));
        }
    }
    return line;
}

/// The good words of a sentence or table row, each once.
std::vector<Result<Indicator>> fromRunningText(const std::vector<std::string_view> &all)
{
    std::vector<Result<Indicator>> out;
    for (std::string_view word : all) {
        while (!word.empty() && std::string_view("|,;:()\"'*").find(word.front()) != std::string_view::npos) {
            word.remove_prefix(1);
        }
        while (!word.empty() && std::string_view("|,;:()\"'*").find(word.back()) != std::string_view::npos) {
            word.remove_suffix(1);
        }
        auto one = indicatorFromText(word, {}, Origin::FreeText);
        const std::size_t colon = word.rfind(':'); // "sha256:0123…"
        if (!one && colon != std::string_view::npos) {
            one = indicatorFromText(word.substr(colon + 1), {}, Origin::FreeText);
        }
        if (one) {
            out.push_back(std::move(one));
        }
    }
    return out;
}

/// " # note", " ; SBL1", " // note" behind a value; a URL's fragment has no blank before it.
std::string_view withoutNote(std::string_view line)
{
    for (const std::string_view mark : {" #", "\t#", " ;", "\t;", " //", "\t//"}) {
        line = line.substr(0, line.find(mark));
    }
    return trim(line);
}

} // namespace

bool isCommentLine(std::string_view line)
{
    line = trim(line);
    return line.empty() || line.front() == '#' || line.front() == ';' || line.front() == '!' ||
           line.starts_with("//") ||
           (line.front() == '[' && line.back() == ']' && line.find(':') == std::string_view::npos &&
            line.find('.') == std::string_view::npos);
}

std::string_view commentText(std::string_view line)
{
    line = trim(line);
    const std::size_t begin = line.find_first_not_of("#;!/ \t");
    return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
}

std::string trafficTarget(std::string_view text)
{
    const std::vector<std::string_view> all = words(text);
    if (!startsWithIgnoreCase(text, "network traffic to ") || all.size() < 4) {
        return {};
    }
    const bool port = all.size() >= 7 && equalsIgnoreCase(all[4], "on") && equalsIgnoreCase(all[5], "port");
    return std::string(all[3]) + (port ? ":" + std::string(all[6]) : std::string());
}

std::vector<Result<Indicator>> readListLine(std::string_view line)
{
    std::vector<Result<Indicator>> out;
    line = withoutNote(line);
    if (line.starts_with("@@")) {
        out.push_back(
            fail("NJ-INTEL-010", "Not taken as an indicator", "the line is an exception of an ad-block list"));
        return out;
    }
    if (const std::string_view name = dnsmasqName(line); !name.empty()) {
        out.push_back(indicatorFromText(name, Type::Domain));
        return out;
    }
    const std::vector<std::string_view> all = words(line);
    if (all.size() > 1 && isHostsAddress(all.front())) {
        for (std::size_t i = 1; i < all.size(); ++i) {
            if (!isOwnName(all[i])) {
                out.push_back(indicatorFromText(all[i], Type::Domain));
            }
        }
        return out;
    }
    if (const std::string target = trafficTarget(line); !target.empty()) {
        out.push_back(indicatorFromText(target));
        return out;
    }
    line = withoutBullet(line);
    out.push_back(indicatorFromText(
        line.starts_with("||") || line.find('$') != std::string_view::npos || line.ends_with('^') ? adBlockBody(line)
                                                                                                  : line));
    if (!out.back() && all.size() > 1) { // "value count", "value description"
        if (auto first = indicatorFromText(all.front())) {
            out.back() = std::move(first);
        } else if (auto inText = fromRunningText(words(line)); !inText.empty()) {
            out = std::move(inText);
        }
    }
    return out;
}

} // namespace nightjar::intel
