// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedformat.h"
#include "logs/record.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nightjar::logs {

/// Takes a text apart along a FeedSequence. The literals are looked for from the left; where one may also stand inside
/// a value, every place for it is weighed by how natural the values become (dynamic programming over the places
/// between its leftmost and its rightmost one). Work a record: linear in the usual case, bounded in all
/// (kMaxPlaces, kMaxWeighings). Thread: one owner.
class SequenceMatcher {
public:
    explicit SequenceMatcher(const std::vector<FeedToken> &tokens)
        : m_tokens(&tokens)
    {
    }

    /// Writes the raw value of each of the sequence's tokens to `values` (parallel to the tokens); what is wrong
    /// otherwise, with the offset in `text`.
    std::optional<ScanProblem> match(const FeedSequence &sequence, std::string_view text,
                                     std::vector<std::string_view> &values);

private:
    struct Place {
        std::uint32_t at = 0;
        int score = 0;
        std::uint32_t from = 0; ///< index of the chosen place of the literal before
    };

    std::optional<ScanProblem> leftmost(const FeedSequence &sequence, std::string_view text);
    bool rightmost(const FeedSequence &sequence, std::string_view text);
    [[nodiscard]] bool isSettled(const FeedSequence &sequence, std::string_view text) const;
    void collectPlaces(const FeedSequence &sequence, std::string_view text);
    void weigh(const FeedSequence &sequence, std::string_view text);
    int score(const FeedSequence &sequence, std::size_t slot, std::string_view value);
    std::optional<ScanProblem> check(const FeedSequence &sequence, std::string_view text) const;
    void give(const FeedSequence &sequence, std::string_view text, std::vector<std::string_view> &values);
    bool divide(const FeedSlot &slot, std::size_t token, std::string_view value, unsigned &work);
    [[nodiscard]] std::string_view slotValue(const FeedSequence &sequence, std::string_view text,
                                             std::size_t slot) const;

    const std::vector<FeedToken> *m_tokens;
    std::vector<std::uint32_t> m_at;    ///< of each literal
    std::vector<std::uint32_t> m_right; ///< rightmost place of each literal
    std::vector<std::vector<Place>> m_places;
    std::vector<std::string_view> m_known; ///< values of repeated tokens whose place is sure
    std::vector<std::string_view> m_parts; ///< of a slot with several tokens
};

} // namespace nightjar::logs
