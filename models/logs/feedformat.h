// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedkinds.h"
#include "logs/feedlexer.h"
#include "logs/logtype.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// A customer's feed output format, compiled into a parser of the records it sends.
namespace nightjar::logs {

/// How surely the end of a token's value is found.
enum class FeedCertainty : std::uint8_t {
    Certain,  ///< its values cannot hold what stands behind them
    Likely,   ///< they could, but hardly do, or the kinds of the neighbours tell
    Doubtful, ///< they can, and nothing tells: see FeedDoubt
};

struct FeedToken {
    FeedSpecifier spec;
    FeedMeaning meaning;
    std::string key;       ///< name in feed records: as written, with its modifier when the name is used with several
    std::string formatKey; ///< what the format calls it (JSON key, key=); empty when nothing does
    std::size_t first = 0; ///< index of the first token with this key: its own unless it is repeated
    bool quoted = false;   ///< stands between double quotes
    FeedCertainty certainty = FeedCertainty::Certain;
};

/// Two tokens that values may blur.
struct FeedDoubt {
    FeedPosition at;
    std::size_t token = 0;
    std::size_t other = 0;
    std::string separator; ///< empty: nothing stands between them
    std::string reason;    ///< a sentence
};

/// Tokens without text between them: mostly one.
struct FeedSlot {
    std::size_t first = 0;
    std::size_t count = 1;
    bool mayHoldLiteralBefore = false; ///< the literal in front may occur in the value: its place must be proven
    bool strict = false;               ///< one token, of a strict kind
    bool showsEnd = false;             ///< one token whose values show their end by themselves
    bool repeats = false;              ///< one token that stood before
};

/// literals[0] slots[0] literals[1] … slots[n-1] literals[n]
struct FeedSequence {
    std::vector<std::string> literals;
    std::vector<FeedSlot> slots;
};

enum class FeedShape : std::uint8_t { Json, Cef, Leef, KeyValue, Csv, Tsv, Text };
std::string_view shapeName(FeedShape shape);

/// A key of a JSON format and what its value is made of; for records whose writer re-ordered or re-spaced them.
struct FeedJsonKey {
    std::string key; ///< as scanJson names it
    bool outer = false;
    FeedSequence sequence;
};

/// Immutable; share it between threads.
class FeedFormat {
public:
    /// `escape`: the feed's escape characters, which arrive as %HH inside values. Errors: those of lexFeed(), and
    /// NJ-LOGS-033 for escape characters that cannot be.
    static Result<std::shared_ptr<const FeedFormat>> compile(std::string_view text, std::string_view escape = {});

    [[nodiscard]] const std::string &text() const { return m_text; }
    [[nodiscard]] const std::string &escape() const { return m_escape; }
    [[nodiscard]] FeedDialect dialect() const { return m_dialect; }
    [[nodiscard]] FeedShape shape() const { return m_shape; }
    /// From the format's own words, else from its set of tokens; "unknown" when neither tells.
    [[nodiscard]] const LogKind &kind() const { return m_kind; }
    [[nodiscard]] const std::vector<FeedToken> &tokens() const { return m_tokens; }
    [[nodiscard]] const std::vector<FeedDoubt> &doubts() const { return m_doubts; }
    [[nodiscard]] const std::vector<FeedNote> &notes() const { return m_notes; }
    /// What the record may look like: a format over several lines arrives joined, or with blanks.
    [[nodiscard]] const std::vector<FeedSequence> &variants() const { return m_variants; }
    /// Of a format with a syslog header: what remains when a collector has taken the header off; else no slots.
    [[nodiscard]] const FeedSequence &body() const { return m_body; }
    [[nodiscard]] const std::vector<FeedJsonKey> &jsonKeys() const { return m_jsonKeys; }
    /// False for JSON, which may also come as an array, pretty-printed or without line ends.
    [[nodiscard]] bool isLineOriented() const;
    /// Constants of the format by which log types are told (key, value), e.g. "sourcetype".
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>> &constants() const { return m_constants; }

private:
    friend class FeedCompiler;
    FeedFormat() = default;

    std::string m_text;
    std::string m_escape;
    FeedDialect m_dialect = FeedDialect::Nss;
    FeedShape m_shape = FeedShape::Text;
    LogKind m_kind;
    std::vector<FeedToken> m_tokens;
    std::vector<FeedDoubt> m_doubts;
    std::vector<FeedNote> m_notes;
    std::vector<FeedSequence> m_variants;
    FeedSequence m_body;
    std::vector<FeedJsonKey> m_jsonKeys;
    std::vector<std::pair<std::string, std::string>> m_constants;
};

} // namespace nightjar::logs
