// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/history.h"

namespace nightjar::ui {

namespace {

constexpr std::size_t kMost = 200;

} // namespace

void History::visit(const Address &address)
{
    if (!m_places.empty() && m_places[m_at] == address) {
        return;
    }
    if (!m_places.empty()) {
        m_places.resize(m_at + 1);
    }
    m_places.push_back(address);
    if (m_places.size() > kMost) {
        m_places.erase(m_places.begin());
    }
    m_at = m_places.size() - 1;
}

std::optional<Address> History::back()
{
    if (!canGoBack()) {
        return std::nullopt;
    }
    return m_places[--m_at];
}

std::optional<Address> History::forward()
{
    if (!canGoForward()) {
        return std::nullopt;
    }
    return m_places[++m_at];
}

} // namespace nightjar::ui
