// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace nightjar::simulator {

/// The vendor's published entry rules, as strict as the real service (facts/zscaler-api.md §3.1). On purpose not the
/// code that the client uses: the stand-in must catch the client's mistakes. Private addresses and "address/24" (host
/// and path) pass, as they do there.
bool isAcceptedEntry(std::string_view entry);

} // namespace nightjar::simulator
