// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"
#include "logs/feedvalue.h"
#include "logs/jsontext.h"
#include "logs/normalise.h"

#include "base/text.h"

namespace {

using namespace nightjar;
using namespace nightjar::logs;

void decodeFeedValue(std::string_view text)
{
    TextArena arena;
    for (const auto encoding : {FeedEncoding::Plain, FeedEncoding::Percent, FeedEncoding::Base64,
                                FeedEncoding::Obfuscated, FeedEncoding::JsonQuoted, FeedEncoding::JsonEscaped}) {
        FeedToken token;
        token.meaning.encoding = encoding;
        for (const auto around : {FeedEnclosure::None, FeedEnclosure::JsonString, FeedEnclosure::CsvQuotes}) {
            const std::string_view inner = withoutNotation(token, around, text, "\"|", arena);
            const std::string_view clear = clearValue(token, inner, "\"|", arena);
            fuzz::require(!isValidUtf8(inner) || isValidUtf8(clear), "a value that was UTF-8 is none any more", text,
                          clear);
        }
    }
}

void readTime(std::string_view text)
{
    TimeReader kept{TimeZone()};
    kept.read("Mon Oct 16 22:55:48 2023", "Europe/Berlin");
    TimeReader fresh{TimeZone()};
    fuzz::require(kept.read(text, {}) == fresh.read(text, {}), "the time before changes a time", text);
}

} // namespace

/// Input: one value. What is encoded comes back; decoding never makes a text longer or UTF-8 into something else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const auto back = base64Decode(base64Encode(text));
    fuzz::require(back.has_value() && *back == text, "base64 does not come back", text);
    if (const auto decoded = base64Decode(text)) {
        fuzz::require(decoded->size() <= text.size(), "base64 grows", text);
    }
    const std::string clear = percentDecode(text);
    fuzz::require(clear.size() <= text.size(), "percent-decoding grows", text);
    fuzz::require(needsPercentDecode(text) || clear == text, "percent-decoding changes plain text", text);
    fuzz::require(isValidUtf8(repairUtf8(text)), "repaired text is no UTF-8", text);
    fuzz::require(!isValidUtf8(text) || repairUtf8(text) == text, "sound text is repaired", text);
    TextArena arena;
    const std::string_view inside = unescapeJson(text, arena);
    fuzz::require(inside.size() <= text.size(), "unescaping grows", text);
    fuzz::require(!isValidUtf8(text) || isValidUtf8(inside), "unescaping breaks UTF-8", text, inside);
    if (const std::size_t end = rawJsonEnd(text, 0); end != std::string_view::npos) {
        fuzz::require(end < text.size() && text[end] == '"', "raw JSON ends elsewhere", text);
    }
    decodeFeedValue(text);
    readTime(text);
    return 0;
}
