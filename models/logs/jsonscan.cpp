// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/record.h"

#include "base/text.h"

#include <bit>
#include <cstring>

namespace nightjar::logs {

namespace {

constexpr int kMaxDepth = 32;
constexpr std::uint64_t kOnes = 0x0101010101010101U;
constexpr std::uint64_t kHighs = 0x8080808080808080U;

/// A high bit at the lowest byte of `word` that equals `byte` (bytes above it may be marked wrongly).
constexpr std::uint64_t equalBytes(std::uint64_t word, char byte)
{
    const std::uint64_t x = word ^ (kOnes * static_cast<unsigned char>(byte));
    return (x - kOnes) & ~x & kHighs;
}

class JsonScanner {
public:
    JsonScanner(std::string_view text, RecordFields &out)
        : m_text(text)
        , m_out(out)
    {
    }

    std::optional<ScanProblem> run()
    {
        skip();
        if (peek() != '{') {
            problem("it does not begin with a brace");
        } else if (object({}, 0, false)) {
            skip();
            if (m_pos < m_text.size()) {
                problem("there is text behind the closing brace");
            }
        }
        return std::move(m_problem);
    }

private:
    [[nodiscard]] char peek() const { return m_pos < m_text.size() ? m_text[m_pos] : '\0'; }
    void skip()
    {
        while (m_pos < m_text.size() && isSpace(m_text[m_pos])) {
            ++m_pos;
        }
    }
    static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0'; }

    bool problem(std::string reason)
    {
        if (!m_problem) {
            if (m_pos >= m_text.size()) {
                reason = "it ends before its closing brace (truncated)";
            }
            m_problem = ScanProblem{m_pos, std::move(reason)};
        }
        return false;
    }

    void add(std::string_view key, std::string_view value, ValueKind kind, bool member)
    {
        m_out.fields.push_back({key, value, kind, member, m_outer});
    }

    bool object(std::string_view prefix, int depth, bool member)
    {
        if (depth > kMaxDepth) {
            return problem("objects are nested too deeply");
        }
        ++m_pos;
        for (;;) {
            skip();
            if (peek() == '}') {
                ++m_pos;
                return true;
            }
            if (peek() == ',') {
                ++m_pos;
                continue;
            }
            if (peek() != '"') {
                return problem("a key in quotes is expected here");
            }
            std::string_view name;
            if (!string(name, true)) {
                return false;
            }
            skip();
            if (peek() != ':') {
                return problem("a colon is expected behind the key");
            }
            ++m_pos;
            if (m_out.fields.size() >= kMaxRecordFields) {
                return problem("it has more than 4,096 fields");
            }
            if (!entry(prefix, name, depth, member)) {
                return false;
            }
            skip();
            if (peek() != ',' && peek() != '}') {
                return problem("a comma or a closing brace is expected here");
            }
        }
    }

    bool entry(std::string_view prefix, std::string_view name, int depth, bool member)
    {
        skip();
        if (depth == 0 && name == "event" && peek() == '{') {
            for (RecordField &field : m_out.fields) {
                field.outer = true;
            }
            const bool whole = object({}, 1, member);
            m_outer = true;
            return whole;
        }
        return value(prefix.empty() ? name : path(prefix, name), depth, member);
    }

    std::string_view path(std::string_view prefix, std::string_view name)
    {
        char *to = m_out.arena.allocate(prefix.size() + 1 + name.size());
        std::memcpy(to, prefix.data(), prefix.size());
        to[prefix.size()] = '.';
        std::memcpy(to + prefix.size() + 1, name.data(), name.size());
        return {to, prefix.size() + 1 + name.size()};
    }

    bool value(std::string_view key, int depth, bool member)
    {
        switch (peek()) {
        case '"': {
            std::string_view text;
            if (!string(text, false)) {
                return false;
            }
            add(key, text, ValueKind::Text, member);
            return true;
        }
        case '{':
            return object(key, depth + 1, member);
        case '[':
            return list(key, depth, member);
        case ',':
        case '}':
        case ']':
            add(key, {}, ValueKind::Null, member); // the feed left the value out
            return true;
        default:
            return bare(key, member);
        }
    }

    bool list(std::string_view key, int depth, bool member)
    {
        if (depth > kMaxDepth) {
            return problem("lists are nested too deeply");
        }
        ++m_pos;
        bool any = member;
        for (;;) {
            skip();
            if (peek() == ']') {
                ++m_pos;
                if (!any) {
                    add(key, {}, ValueKind::EmptyList, false);
                }
                return true;
            }
            if (peek() == ',') {
                ++m_pos;
                continue;
            }
            if (m_out.fields.size() >= kMaxRecordFields) {
                return problem("it has more than 4,096 fields");
            }
            if (!value(key, depth + 1, any)) {
                return false;
            }
            any = true;
            skip();
            if (peek() != ',' && peek() != ']') {
                return problem("a comma or a closing bracket is expected here");
            }
        }
    }

    bool bare(std::string_view key, bool member)
    {
        const std::size_t begin = m_pos;
        while (m_pos < m_text.size()) {
            const char c = m_text[m_pos];
            const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                              c == '+' || c == '.';
            if (!word) {
                break;
            }
            ++m_pos;
        }
        const std::string_view word = m_text.substr(begin, m_pos - begin);
        if (word == "null") {
            add(key, {}, ValueKind::Null, member);
            return true;
        }
        const bool number = !word.empty() && (word[0] == '-' || (word[0] >= '0' && word[0] <= '9'));
        if (!number && word != "true" && word != "false") {
            m_pos = m_pos >= m_text.size() ? m_pos : begin;
            return problem("this is no JSON value");
        }
        add(key, word, number ? ValueKind::Number : ValueKind::Text, member);
        return true;
    }

    /// Behind a comma a key begins, or a member of a list.
    static bool mayFollowComma(char c)
    {
        switch (c) {
        case '"':
        case '{':
        case '}':
        case '[':
        case ']':
        case ',':
        case '-':
        case 't':
        case 'f':
        case 'n':
            return true;
        default:
            return c >= '0' && c <= '9';
        }
    }

    /// True when the quote at `at` can close a string: a delimiter follows. Feeds send values with bare quotes in them.
    [[nodiscard]] bool closes(std::size_t at, bool isKey) const
    {
        std::size_t next = at + 1;
        if (!isKey && next + 1 < m_text.size() && m_text[next] == ',' && m_text[next + 1] == '"') {
            return true;
        }
        while (next < m_text.size() && isSpace(m_text[next])) {
            ++next;
        }
        if (next >= m_text.size()) {
            return true;
        }
        const char c = m_text[next];
        if (isKey) {
            return c == ':';
        }
        if (c == '}' || c == ']') {
            return true;
        }
        if (c != ',') {
            return false;
        }
        ++next;
        while (next < m_text.size() && isSpace(m_text[next])) {
            ++next;
        }
        return next >= m_text.size() || mayFollowComma(m_text[next]);
    }

    /// Moves to the next quote or backslash, eight bytes at a time; true when a byte beyond ASCII was passed.
    bool seekStop()
    {
        bool high = false;
        if constexpr (std::endian::native == std::endian::little) {
            while (m_pos + 8 <= m_text.size()) {
                std::uint64_t word = 0;
                std::memcpy(&word, m_text.data() + m_pos, 8);
                const std::uint64_t stop = equalBytes(word, '"') | equalBytes(word, '\\');
                if (stop != 0) {
                    const auto bits = static_cast<unsigned>(std::countr_zero(stop)) & ~7U;
                    m_pos += bits / 8;
                    return high || (word & kHighs & ((std::uint64_t{1} << bits) - 1)) != 0;
                }
                high = high || (word & kHighs) != 0;
                m_pos += 8;
            }
        }
        while (m_pos < m_text.size() && m_text[m_pos] != '"' && m_text[m_pos] != '\\') {
            high = high || (static_cast<unsigned char>(m_text[m_pos]) & 0x80U) != 0;
            ++m_pos;
        }
        return high;
    }

    bool string(std::string_view &text, bool isKey)
    {
        const std::size_t begin = ++m_pos;
        bool escaped = false;
        bool high = false;
        for (;;) {
            high = seekStop() || high;
            if (m_pos >= m_text.size()) {
                return problem("");
            }
            if (m_text[m_pos] == '\\') {
                escaped = true;
                m_pos += 2;
                if (m_pos > m_text.size()) {
                    m_pos = m_text.size();
                    return problem("");
                }
                continue;
            }
            if (closes(m_pos, isKey)) {
                break;
            }
            ++m_pos;
        }
        text = m_text.substr(begin, m_pos - begin);
        ++m_pos;
        if (escaped) {
            text = unescape(text);
            high = true;
        }
        if (high && !isValidUtf8(text)) {
            text = m_out.arena.copy(repairUtf8(text));
        }
        return true;
    }

    static std::optional<unsigned> hex4(std::string_view text, std::size_t at)
    {
        if (at + 4 > text.size()) {
            return std::nullopt;
        }
        unsigned value = 0;
        for (const char raw : text.substr(at, 4)) {
            const char c = asciiLower(raw);
            const bool digit = c >= '0' && c <= '9';
            if (!digit && (c < 'a' || c > 'f')) {
                return std::nullopt;
            }
            value = value * 16 + static_cast<unsigned>(digit ? c - '0' : c - 'a' + 10);
        }
        return value;
    }

    static char *putUtf8(char *to, unsigned code)
    {
        const auto byte = [](unsigned value) { return static_cast<char>(static_cast<unsigned char>(value)); };
        if (code < 0x80) {
            *to++ = byte(code);
        } else if (code < 0x800) {
            *to++ = byte(0xC0U | (code >> 6U));
            *to++ = byte(0x80U | (code & 0x3FU));
        } else if (code < 0x10000) {
            *to++ = byte(0xE0U | (code >> 12U));
            *to++ = byte(0x80U | ((code >> 6U) & 0x3FU));
            *to++ = byte(0x80U | (code & 0x3FU));
        } else {
            *to++ = byte(0xF0U | (code >> 18U));
            *to++ = byte(0x80U | ((code >> 12U) & 0x3FU));
            *to++ = byte(0x80U | ((code >> 6U) & 0x3FU));
            *to++ = byte(0x80U | (code & 0x3FU));
        }
        return to;
    }

    /// Never longer than the escaped text. Unknown escapes stay as they are.
    std::string_view unescape(std::string_view text)
    {
        char *const begin = m_out.arena.allocate(text.size());
        char *to = begin;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\' || i + 1 >= text.size()) {
                *to++ = text[i];
                continue;
            }
            const char c = text[++i];
            if (c == 'u') {
                const auto first = hex4(text, i + 1);
                if (first) {
                    to = putUtf8(to, surrogates(text, i, *first));
                    continue;
                }
            }
            constexpr std::string_view kNames = "\"\\/bfnrt";
            constexpr std::string_view kBytes = "\"\\/\b\f\n\r\t";
            const std::size_t known = kNames.find(c);
            if (known == std::string_view::npos) {
                *to++ = '\\';
                *to++ = c;
            } else {
                *to++ = kBytes[known];
            }
        }
        return {begin, static_cast<std::size_t>(to - begin)};
    }

    /// `i` stands on the u of \uXXXX and is moved to the last digit used.
    static unsigned surrogates(std::string_view text, std::size_t &i, unsigned first)
    {
        i += 4;
        if (first < 0xD800 || first > 0xDFFF) {
            return first;
        }
        if (first < 0xDC00 && i + 2 < text.size() && text[i + 1] == '\\' && text[i + 2] == 'u') {
            const auto second = hex4(text, i + 3);
            if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
                i += 6;
                return 0x10000U + ((first - 0xD800U) << 10U) + (*second - 0xDC00U);
            }
        }
        return 0xFFFD;
    }

    std::string_view m_text;
    RecordFields &m_out;
    std::size_t m_pos = 0;
    bool m_outer = false;
    std::optional<ScanProblem> m_problem;
};

} // namespace

std::optional<ScanProblem> scanJson(std::string_view record, RecordFields &out)
{
    return JsonScanner(record, out).run();
}

} // namespace nightjar::logs
