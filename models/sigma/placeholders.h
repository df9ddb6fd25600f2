// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

namespace nightjar::sigma {

/// Values for the `%name%` placeholders of the modifier `expand`. A value is a Sigma string: `*` and `?` are wildcards.
struct Placeholders {
    std::map<std::string, std::vector<std::string>, std::less<>> sets;
    bool restIsWildcard = false; ///< a name without a set stands for `*`; else the rule needs it and is not used
};

} // namespace nightjar::sigma
