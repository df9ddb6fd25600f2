// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/record.h"

#include <span>
#include <string_view>

namespace nightjar::logs {

/// A column order that is known without a header line: the vendor's default feeds and reference pages.
struct Layout {
    std::string_view type;   ///< of the contract, whose token table says what the cells must hold
    std::string_view tokens; ///< blank-separated, in order
};

std::span<const Layout> layouts();

/// Recognises lines without keys and header by their number of cells and what the cells hold. Thread: one owner; it
/// remembers the layout that fitted last. "User Activity zpa-lss:" lines of LSS are known by their mark.
class LayoutScanner {
public:
    /// False when no layout fits; `out` may hold cells then. Quoted CSV, comma or tab.
    bool scan(std::string_view record, RecordFields &out);

private:
    bool scanLss(std::string_view record, RecordFields &out);

    const Layout *m_last = nullptr;
};

} // namespace nightjar::logs
