// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/shellservices.h"

#include <optional>
#include <vector>

namespace nightjar::ui {

/// The places visited, for Back and Forward. A value; bounded to the newest 200.
class History {
public:
    /// A new place: forgets what lay ahead. The same place twice in a row is one.
    void visit(const Address &address);
    [[nodiscard]] bool canGoBack() const { return m_at > 0; }
    [[nodiscard]] bool canGoForward() const { return m_at + 1 < m_places.size(); }
    std::optional<Address> back();
    std::optional<Address> forward();
    [[nodiscard]] const Address *current() const { return m_places.empty() ? nullptr : &m_places[m_at]; }

private:
    std::vector<Address> m_places;
    std::size_t m_at = 0;
};

} // namespace nightjar::ui
