// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/feed.h"

#include "base/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nightjar::cli {

namespace {

using Json = nlohmann::ordered_json;
using logs::FeedCertainty;
using logs::FeedFormat;
using logs::FeedSequence;
using logs::FeedToken;

std::string_view certaintyName(FeedCertainty certainty)
{
    return certainty == FeedCertainty::Certain ? "certain" : certainty == FeedCertainty::Likely ? "likely" : "doubtful";
}

std::string_view dialectName(const FeedFormat &format)
{
    return format.dialect() == logs::FeedDialect::Lss ? "LSS" : "NSS";
}

/// The texts in front of and behind each token.
struct Delimiters {
    explicit Delimiters(const FeedFormat &format)
        : before(format.tokens().size())
        , behind(format.tokens().size())
    {
        const FeedSequence &whole = format.variants().front();
        for (std::size_t i = 0; i < whole.slots.size(); ++i) {
            const logs::FeedSlot &slot = whole.slots[i];
            before[slot.first] = whole.literals[i];
            behind[slot.first + slot.count - 1] = whole.literals[i + 1];
        }
    }
    std::vector<std::string> before, behind;
};

/// A delimiter for people: control characters as the format writes them.
std::string shown(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        out += c == '\t' ? "\\t" : c == '\n' ? "\\n" : std::string(1, c);
    }
    return visible(out);
}

std::string typeOf(const FeedFormat &format)
{
    const logs::LogKind &kind = format.kind();
    return std::string(kind.type) + (kind.subtype.empty() ? "" : " / " + visible(kind.subtype));
}

Json tokenJson(const FeedToken &token, const std::string &before, const std::string &behind)
{
    Json json = {{"token", token.key},
                 {"field", token.meaning.field},
                 {"conversion", std::string(1, token.spec.conversion)},
                 {"type", logs::kindName(token.meaning.kind)},
                 {"encoding", logs::encodingName(token.meaning.encoding)},
                 {"known", token.meaning.known},
                 {"line", token.spec.at.line},
                 {"column", token.spec.at.column},
                 {"before", before},
                 {"delimiter", behind},
                 {"end", certaintyName(token.certainty)}};
    if (!token.spec.modifier.empty()) {
        json["modifier"] = token.spec.modifier;
    }
    if (!token.formatKey.empty()) {
        json["key"] = token.formatKey;
    }
    return json;
}

} // namespace

std::string feedReportJson(const FeedFormat &format)
{
    const Delimiters delimiters(format);
    Json tokens = Json::array();
    for (std::size_t i = 0; i < format.tokens().size(); ++i) {
        tokens.push_back(tokenJson(format.tokens()[i], delimiters.before[i], delimiters.behind[i]));
    }
    Json doubts = Json::array();
    for (const logs::FeedDoubt &doubt : format.doubts()) {
        doubts.push_back({{"tokens", {format.tokens()[doubt.token].key, format.tokens()[doubt.other].key}},
                          {"line", doubt.at.line},
                          {"column", doubt.at.column},
                          {"delimiter", doubt.separator},
                          {"reason", doubt.reason}});
    }
    Json notes = Json::array();
    for (const logs::FeedNote &note : format.notes()) {
        notes.push_back({{"line", note.at.line}, {"column", note.at.column}, {"text", note.text}});
    }
    const Json report = {{"dialect", dialectName(format)},
                         {"shape", logs::shapeName(format.shape())},
                         {"log_type", format.kind().type},
                         {"subtype", format.kind().subtype},
                         {"escape", format.escape()},
                         {"tokens", tokens},
                         {"ambiguous", doubts},
                         {"notes", notes}};
    return report.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string feedReportText(const FeedFormat &format)
{
    const Delimiters delimiters(format);
    std::string out =
        fmt::format("{} format, written as {}, log type {}, {} tokens{}\n\n", dialectName(format),
                    logs::shapeName(format.shape()), typeOf(format), format.tokens().size(),
                    format.escape().empty() ? std::string() : ", escape characters " + visible(format.escape()));
    out += fmt::format("{:>9}  {:<28} {:<12} {:<13} {:<9} {}\n", "position", "token", "type", "encoding", "end",
                       "delimiter behind");
    for (std::size_t i = 0; i < format.tokens().size(); ++i) {
        const FeedToken &token = format.tokens()[i];
        out += fmt::format("{:>9}  {:<28} {:<12} {:<13} {:<9} {}\n",
                           fmt::format("{}:{}", token.spec.at.line, token.spec.at.column), visible(token.key),
                           logs::kindName(token.meaning.kind), logs::encodingName(token.meaning.encoding),
                           certaintyName(token.certainty), shown(delimiters.behind[i]));
    }
    if (!format.doubts().empty()) {
        out += "\nCannot be told apart:\n";
        for (const logs::FeedDoubt &doubt : format.doubts()) {
            out += fmt::format("  {}:{}  {}\n", doubt.at.line, doubt.at.column, doubt.reason);
        }
    }
    if (!format.notes().empty()) {
        out += "\nNotes:\n";
        for (const logs::FeedNote &note : format.notes()) {
            out += fmt::format("  {}:{}  {}\n", note.at.line, note.at.column, note.text);
        }
    }
    return out;
}

} // namespace nightjar::cli
