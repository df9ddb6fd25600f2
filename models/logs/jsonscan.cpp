// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/jsontext.h"
#include "logs/record.h"

#include "base/text.h"

#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace nightjar::logs {

namespace {

constexpr int kMaxDepth = 32;
class JsonScanner {
public:
    JsonScanner(std::string_view text, RecordFields &out)
        : m_text(text)
        , m_out(out)
        , m_learns(out.hints.empty() || out.misses > 1)
    {
        m_follows = !m_learns;
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
        finishHints();
        return std::move(m_problem);
    }

private:
    [[nodiscard]] char peek() const { return m_pos < m_text.size() ? m_text[m_pos] : '\0'; }
    void skip()
    {
        if (m_pos < m_text.size() && m_text[m_pos] > ' ') {
            return;
        }
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
            std::string_view path;
            if (!hintedKey(depth, path) && !key(prefix, depth, path)) {
                return false;
            }
            if (m_out.fields.size() >= kMaxRecordFields) {
                return problem("it has more than 4,096 fields");
            }
            if (!entry(path, depth, member)) {
                return false;
            }
            skip();
            if (peek() != ',' && peek() != '}') {
                return problem("a comma or a closing brace is expected here");
            }
        }
    }

    bool entry(std::string_view path, int depth, bool member)
    {
        if (depth == 0 && path == "event" && peek() == '{') {
            for (RecordField &field : m_out.fields) {
                field.outer = true;
            }
            const bool whole = object({}, 1, member);
            m_outer = true;
            return whole;
        }
        return value(path, depth, member);
    }

    /// The next key by the hint of the record before; false when it is another.
    bool hintedKey(int depth, std::string_view &path)
    {
        if (!m_follows || m_hint >= m_out.hints.size()) {
            m_follows = false;
            return false;
        }
        const KeyHint &hint = *m_out.hints[m_hint];
        const std::size_t size = hint.literal.size();
        if (hint.depth != depth || m_text.size() - m_pos <= size ||
            std::memcmp(m_text.data() + m_pos, hint.literal.data(), size) != 0) {
            m_follows = false;
            return false;
        }
        const std::size_t begin = m_pos;
        m_pos += size;
        skip();
        if (hint.object != (peek() == '{')) {
            m_pos = begin;
            m_follows = false;
            return false;
        }
        ++m_hint;
        path = hint.path;
        return true;
    }

    /// Reads a key and its colon, and remembers them when the hints are being learned.
    bool key(std::string_view prefix, int depth, std::string_view &path)
    {
        const std::size_t begin = m_pos;
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
        const std::size_t end = m_pos;
        skip();
        path = prefix.empty() ? name : joined(prefix, name);
        if (m_learns) {
            m_out.hints.resize(m_hint);
            m_out.hints.push_back(std::make_unique<KeyHint>(
                KeyHint{std::string(m_text.substr(begin, end - begin)), std::string(path), depth, peek() == '{'}));
            ++m_hint;
        }
        return true;
    }

    /// Hints that failed once are kept for the next record; failing twice in a row they are learned anew.
    void finishHints()
    {
        const bool all = m_hint == m_out.hints.size() && !m_problem;
        if (m_follows && all) {
            m_out.misses = 0;
        } else if (m_learns && all) {
            m_out.misses = 0;
            m_out.hintsId = ++m_out.lastId;
        } else {
            if (m_learns) {
                m_out.hints.clear();
            }
            ++m_out.misses;
            return;
        }
        m_out.keysId = m_plain ? m_out.hintsId : 0;
    }

    std::string_view joined(std::string_view prefix, std::string_view name)
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
            m_plain = m_plain && peek() != '{';
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

    /// Moves to the next quote or backslash; true when a byte beyond ASCII was passed.
    bool seekStop()
    {
        bool high = false;
#if defined(__SSE2__)
        const __m128i quote = _mm_set1_epi8('"');
        const __m128i slash = _mm_set1_epi8('\\');
        while (m_pos + 16 <= m_text.size()) {
            __m128i bytes;
            std::memcpy(&bytes, m_text.data() + m_pos, 16);
            const __m128i stops = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash));
            const auto stop = static_cast<unsigned>(_mm_movemask_epi8(stops));
            const auto beyond = static_cast<unsigned>(_mm_movemask_epi8(bytes));
            if (stop != 0) {
                m_pos += static_cast<unsigned>(std::countr_zero(stop));
                return high || (beyond & (stop - 1) & ~stop) != 0;
            }
            high = high || beyond != 0;
            m_pos += 16;
        }
#endif
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
        if (!isKey && begin < m_text.size() && (m_text[begin] == '{' || m_text[begin] == '[') && m_rawTries > 0) {
            --m_rawTries; // each try may read far
            const std::size_t end = rawJsonEnd(m_text, begin);
            if (end != std::string_view::npos && closes(end, false)) {
                text = m_text.substr(begin, end - begin);
                text = isValidUtf8(text) ? text : m_out.arena.copy(repairUtf8(text));
                m_pos = end + 1;
                return true;
            }
        }
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
            text = unescapeJson(text, m_out.arena);
            high = true;
        }
        if (high && !isValidUtf8(text)) {
            text = m_out.arena.copy(repairUtf8(text));
        }
        return true;
    }

    std::string_view m_text;
    RecordFields &m_out;
    std::size_t m_pos = 0;
    bool m_outer = false;
    int m_rawTries = 16;
    std::size_t m_hint = 0;
    bool m_learns;       ///< this record's keys become the hints
    bool m_follows;      ///< all keys so far were the hints'
    bool m_plain = true; ///< no list of objects
    std::optional<ScanProblem> m_problem;
};

} // namespace

std::optional<ScanProblem> scanJson(std::string_view record, RecordFields &out)
{
    return JsonScanner(record, out).run();
}

} // namespace nightjar::logs
