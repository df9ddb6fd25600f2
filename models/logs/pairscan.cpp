// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/record.h"
#include "logs/tokens.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_set>

namespace nightjar::logs {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

constexpr auto kKeyBytes = [] {
    std::array<bool, 256> table{};
    for (int c = 0; c < 128; ++c) {
        table[static_cast<std::size_t>(c)] =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    }
    return table;
}();

bool isKeyByte(char c)
{
    return kKeyBytes[static_cast<unsigned char>(c)];
}

bool isKey(std::string_view text)
{
    if (text.empty() || text.size() > 64) {
        return false;
    }
    for (const char c : text) {
        if (!isKeyByte(c)) {
            return false;
        }
    }
    return true;
}

void add(RecordFields &out, std::string_view key, std::string_view value)
{
    out.fields.push_back({key, value, ValueKind::Text, false, false});
}

/// Makes the values UTF-8. A record that is UTF-8 as a whole has such values, where they end at ASCII bytes.
void cleanValues(std::string_view record, RecordFields &out, bool endAtAscii = true)
{
    if (endAtAscii && isValidUtf8(record)) {
        return;
    }
    for (RecordField &field : out.fields) {
        field.value = isValidUtf8(field.value) ? field.value : out.arena.copy(repairUtf8(field.value));
    }
}

/// Cells that end with `delimiter`; each is key=value. A cell without key goes on with the value before it.
std::optional<ScanProblem> scanCells(std::string_view record, std::size_t from, std::string_view delimiter,
                                     RecordFields &out)
{
    for (std::size_t begin = from; begin <= record.size();) {
        std::size_t end = record.find(delimiter, begin);
        end = end == kNone ? record.size() : end;
        const std::string_view cell = record.substr(begin, end - begin);
        const std::size_t equals = cell.find('=');
        if (equals != kNone && isKey(trim(cell.substr(0, equals)))) {
            if (out.fields.size() >= kMaxRecordFields) {
                return ScanProblem{begin, "it has more than 4,096 fields"};
            }
            add(out, trim(cell.substr(0, equals)), cell.substr(equals + 1));
        } else if (!out.fields.empty() && !cell.empty()) {
            std::string_view &value = out.fields.back().value;
            value = {value.data(), static_cast<std::size_t>(cell.data() + cell.size() - value.data())};
        }
        begin = end + delimiter.size();
    }
    return out.fields.empty() ? std::optional(ScanProblem{from, "no key=value is found"}) : std::nullopt;
}

/// Header parts between bars; a bar behind a backslash belongs to the value. `at` moves behind the last bar.
template <std::size_t Count>
bool headerParts(std::string_view record, std::array<std::string_view, Count> &parts, std::size_t &at)
{
    for (std::string_view &part : parts) {
        std::size_t bar = record.find('|', at);
        while (bar != kNone && bar > at && record[bar - 1] == '\\') {
            bar = record.find('|', bar + 1);
        }
        if (bar == kNone) {
            return false;
        }
        part = record.substr(at, bar - at);
        at = bar + 1;
    }
    return true;
}

/// Keys of the CEF dictionary and of the vendor's feeds: they end a value wherever they stand.
bool isCefKey(std::string_view key)
{
    static const std::unordered_set<std::string_view> kNames{"act",
                                                             "app",
                                                             "cat",
                                                             "cnt",
                                                             "cs1",
                                                             "cs2",
                                                             "cs3",
                                                             "cs4",
                                                             "cs5",
                                                             "cs6",
                                                             "cn1",
                                                             "cn2",
                                                             "cn3",
                                                             "cfp1",
                                                             "cfp2",
                                                             "dhost",
                                                             "dst",
                                                             "dpt",
                                                             "dtz",
                                                             "dvc",
                                                             "dvchost",
                                                             "end",
                                                             "externalId",
                                                             "fname",
                                                             "fsize",
                                                             "fileHash",
                                                             "fileType",
                                                             "fileId",
                                                             "filePath",
                                                             "flexString1",
                                                             "flexString2",
                                                             "flexDate1",
                                                             "in",
                                                             "msg",
                                                             "name",
                                                             "out",
                                                             "outcome",
                                                             "proto",
                                                             "reason",
                                                             "request",
                                                             "requestMethod",
                                                             "requestContext",
                                                             "requestClientApplication",
                                                             "rt",
                                                             "Severity",
                                                             "spriv",
                                                             "spt",
                                                             "src",
                                                             "start",
                                                             "suid",
                                                             "suser",
                                                             "duser",
                                                             "deviceDirection",
                                                             "deviceEventClassId",
                                                             "deviceExternalId",
                                                             "sourceTranslatedAddress",
                                                             "sourceTranslatedPort",
                                                             "destinationTranslatedAddress",
                                                             "destinationTranslatedPort",
                                                             "deviceTranslatedAddress",
                                                             "deviceTranslatedPort",
                                                             "destinationServiceName",
                                                             "sourceServiceName",
                                                             "tunnelType",
                                                             "destCountry",
                                                             "agentSeverity",
                                                             "deviceCustomDate1",
                                                             "deviceCustomDate2",
                                                             "eventCount",
                                                             "fileModificationTime"};
    return kNames.contains(key) || (key.size() > 5 && endsWithIgnoreCase(key, "label")) || isKnownKey(key);
}

/// Free text that may hold " word=" itself.
bool mayHoldPairs(std::string_view key)
{
    constexpr std::array<std::string_view, 6> kNames{
        "request", "requestContext", "requestClientApplication", "cs4", "cs5", "msg"};
    return std::find(kNames.begin(), kNames.end(), key) != kNames.end();
}

/// Reads an extension, helped by the keys of the record before.
class ExtensionScanner {
public:
    ExtensionScanner(std::string_view record, std::size_t at, RecordFields &out)
        : m_record(record)
        , m_at(at)
        , m_out(out)
        , m_learns(out.hints.empty() || out.misses > 1)
        , m_follows(!m_learns)
    {
    }

    std::optional<ScanProblem> run()
    {
        while (m_at < m_record.size() && m_record[m_at] == ' ') {
            ++m_at;
        }
        std::size_t keyEnd = keyAt(m_at);
        if (keyEnd == kNone) {
            return ScanProblem{m_at, "a key is expected behind the header"};
        }
        std::size_t keyBegin = m_at;
        while (keyEnd != kNone) {
            if (m_out.fields.size() >= kMaxRecordFields) {
                return ScanProblem{keyBegin, "it has more than 4,096 fields"};
            }
            const std::string_view key = known(m_record.substr(keyBegin, keyEnd - keyBegin));
            const std::size_t value = keyEnd + 1;
            const std::size_t end = valueEnd(value, key);
            add(m_out, key, unescaped(m_record.substr(value, end - value)));
            if (end >= m_record.size()) {
                break;
            }
            keyBegin = m_record.find_first_not_of(' ', end);
            keyEnd = keyBegin == kNone ? kNone : m_record.find('=', keyBegin);
        }
        finish();
        return std::nullopt;
    }

private:
    /// Position of the '=' when a key begins at `at`.
    [[nodiscard]] std::size_t keyAt(std::size_t at) const
    {
        std::size_t end = at;
        while (end < m_record.size() && isKeyByte(m_record[end])) {
            ++end;
        }
        return end > at && end - at <= 64 && end < m_record.size() && m_record[end] == '=' ? end : kNone;
    }

    /// The key by its hint, so that records of one feed share their keys.
    std::string_view known(std::string_view key)
    {
        if (m_follows && m_hint < m_out.hints.size() && m_out.hints[m_hint]->path == key) {
            return m_out.hints[m_hint++]->path;
        }
        m_follows = false;
        if (m_learns) {
            m_out.hints.resize(m_hint);
            m_out.hints.push_back(std::make_unique<KeyHint>(KeyHint{" " + std::string(key) + "=", std::string(key)}));
            ++m_hint;
        }
        return key;
    }

    /// Where the value that begins at `from` ends: before the blank in front of the next key.
    [[nodiscard]] std::size_t valueEnd(std::size_t from, std::string_view key) const
    {
        const std::string_view expected =
            m_follows && m_hint < m_out.hints.size() ? std::string_view(m_out.hints[m_hint]->path) : std::string_view();
        for (std::size_t at = m_record.find('=', from); at != kNone; at = m_record.find('=', at + 1)) {
            std::size_t begin = at - std::min(at, expected.size());
            const bool met = !expected.empty() && begin > from && m_record[begin - 1] == ' ' &&
                             m_record.substr(begin, expected.size()) == expected;
            begin = met ? begin : at;
            while (!met && begin > from && isKeyByte(m_record[begin - 1])) {
                --begin;
            }
            if (begin == at || begin == from || at - begin > 64 || m_record[begin - 1] != ' ') {
                continue;
            }
            if (met || !mayHoldPairs(key) || isCefKey(m_record.substr(begin, at - begin))) {
                std::size_t end = begin - 1;
                while (end > from && m_record[end - 1] == ' ') {
                    --end;
                }
                return end;
            }
        }
        return m_record.size();
    }

    /// What a relay escapes; NSS itself escapes nothing.
    std::string_view unescaped(std::string_view value)
    {
        if (value.find('\\') == kNone) {
            return value;
        }
        std::string plain;
        for (std::size_t i = 0; i < value.size(); ++i) {
            const bool escape =
                value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == '=' || value[i + 1] == '|');
            i += escape ? 1U : 0U;
            plain += value[i];
        }
        return m_out.arena.copy(plain);
    }

    void finish()
    {
        const bool all = m_hint == m_out.hints.size();
        if (m_follows && all) {
            m_out.misses = 0;
        } else if (m_learns && all) {
            m_out.misses = 0;
            m_out.hintsId = ++m_out.lastId;
        } else {
            ++m_out.misses;
            return;
        }
        m_out.keysId = m_out.hintsId;
    }

    std::string_view m_record;
    std::size_t m_at;
    RecordFields &m_out;
    bool m_learns;
    bool m_follows;
    std::size_t m_hint = 0;
};

/// A severity is a number or one of four words.
bool isSeverity(std::string_view text)
{
    return (text.size() <= 2 && !text.empty() && text.find_first_not_of("0123456789") == kNone) ||
           equalsIgnoreCase(text, "low") || equalsIgnoreCase(text, "medium") || equalsIgnoreCase(text, "high") ||
           equalsIgnoreCase(text, "very-high") || equalsIgnoreCase(text, "unknown");
}

} // namespace

std::optional<ScanProblem> scanCaret(std::string_view record, RecordFields &out)
{
    auto problem = scanCells(record, 0, "^^", out);
    cleanValues(record, out);
    return problem;
}

std::optional<ScanProblem> scanCef(std::string_view record, RecordFields &out)
{
    std::array<std::string_view, 7> parts;
    std::size_t at = 0;
    if (!headerParts(record, parts, at)) {
        return ScanProblem{record.size(), "its CEF header ends early"};
    }
    // A name or class with a bar in it: the severity tells where the header ends.
    for (int extra = 0; extra < 4 && !isSeverity(trim(parts[6])); ++extra) {
        const std::size_t bar = record.find('|', at);
        if (bar == kNone) {
            return ScanProblem{at, "its CEF header has no severity"};
        }
        parts[5] = record.substr(static_cast<std::size_t>(parts[5].data() - record.data()),
                                 static_cast<std::size_t>(parts[6].data() + parts[6].size() - parts[5].data()));
        parts[6] = record.substr(at, bar - at);
        at = bar + 1;
    }
    if (!isSeverity(trim(parts[6]))) {
        return ScanProblem{at, "its CEF header has no severity"};
    }
    if (auto problem = ExtensionScanner(record, at, out).run()) {
        return problem;
    }
    // Behind the extension: its own words for the same count first.
    add(out, "deviceProduct", parts[2]);
    add(out, "deviceEventClassId", parts[4]);
    add(out, "name", parts[5]);
    cleanValues(record, out);
    return std::nullopt;
}

std::optional<ScanProblem> scanLeef(std::string_view record, RecordFields &out)
{
    std::array<std::string_view, 5> parts;
    std::size_t at = 0;
    if (!headerParts(record, parts, at)) {
        return ScanProblem{record.size(), "its LEEF header ends early"};
    }
    char delimiter = '\t';
    if (parts[0].starts_with("LEEF:2")) {
        const std::size_t bar = record.find('|', at);
        const std::string_view given = bar == kNone ? std::string_view() : trim(record.substr(at, bar - at));
        if (given.size() == 1 || (given.size() <= 6 && given.size() >= 3 && (given[0] == 'x' || given[0] == '0'))) {
            delimiter = given[0];
            if (given.size() > 1) {
                unsigned code = 0;
                for (const char c : given.substr(given.find('x') + 1)) {
                    const std::size_t digit = std::string_view("0123456789abcdef").find(asciiLower(c));
                    code = digit == kNone ? code : code * 16 + static_cast<unsigned>(digit);
                }
                delimiter = static_cast<char>(static_cast<unsigned char>(code));
            }
            at = bar + 1;
        } else if (given.empty() && bar == at) {
            at = bar + 1;
        }
    } else if (record.find('\t', at) == kNone && record.find("    ", at) != kNone) {
        return ScanProblem{at, "its pairs are not separated by tabs"};
    }
    if (auto problem = scanCells(record, at, {&delimiter, 1}, out)) {
        return problem;
    }
    // QRadar's names of the vendor's feed: the category is the action, the policy why.
    for (RecordField &field : out.fields) {
        field.key = field.key == "cat" ? "action" : field.key == "policy" ? "reason" : field.key;
    }
    add(out, "deviceProduct", parts[2]);
    cleanValues(record, out, static_cast<unsigned char>(delimiter) < 0x80);
    return std::nullopt;
}

} // namespace nightjar::logs
