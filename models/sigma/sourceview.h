// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/block.h"
#include "sigma/mapping.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nightjar::sigma {

/// One candidate's values in one block: distinct texts, their folded forms, and the column that says which row has
/// which. Built per evaluation, not shared. Folding happens once, on first use.
class SourceView {
public:
    /// `plain`: the view of plainOf(candidate.derived) for decoded forms, which may refer to it: it has to live longer.
    static SourceView of(const Candidate &candidate, const event::EventBlock &block, const SourceView *plain = nullptr);

    SourceView(SourceView &&) noexcept = default;
    SourceView &operator=(SourceView &&) noexcept = default;
    SourceView(const SourceView &) = delete;
    SourceView &operator=(const SourceView &) = delete;

    /// Null when no row of the block has such a value.
    [[nodiscard]] const event::Column *column() const { return m_owned ? &*m_owned : m_column; }
    [[nodiscard]] std::size_t entries() const { return column() == nullptr ? 0 : texts().size(); }
    [[nodiscard]] const event::TextDictionary &texts() const { return m_hasTexts ? m_texts : column()->texts(); }
    [[nodiscard]] const event::TextDictionary &folded();
    /// True when the entry of the underlying column has no value here (no query, nothing to decode).
    [[nodiscard]] bool absent(std::size_t entry) const { return !m_absent.empty() && m_absent[entry] != 0; }
    [[nodiscard]] bool hasAbsent() const { return !m_absent.empty(); }

private:
    friend class ViewMaker;
    SourceView() = default;

    const event::Column *m_column = nullptr;
    std::optional<event::Column> m_owned;
    bool m_hasTexts = false;
    event::TextDictionary m_texts;
    std::vector<std::uint8_t> m_absent;
    bool m_foldedReady = false;
    event::TextDictionary m_folded;
};

} // namespace nightjar::sigma
