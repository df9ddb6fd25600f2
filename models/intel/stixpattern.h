// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "intel/indicator.h"

#include <string>
#include <string_view>
#include <vector>

namespace nightjar::intel {

/// One value that a pattern names and that may be looked up by itself.
struct PatternValue {
    std::string text; ///< as written, escapes resolved
    std::optional<Type> hint;
    std::uint16_t port = 0;
};

struct PatternReading {
    std::vector<PatternValue> values;
    std::vector<std::string> unsupported;      ///< "process:name", "FOLLOWEDBY", …: one entry for each part left out
    Timestamp start = kNoTime, stop = kNoTime; ///< of START … STOP …
};

/// Takes the values out of a STIX 2 pattern (grammar: OASIS STIX 2.1 part 9). Values joined by OR are independent; of a
/// hash joined by AND with other facts of the file the hash is taken; everything else that would widen the meaning
/// (AND of network values, NOT, FOLLOWEDBY, WITHIN, REPEATS, MATCHES) is named in `unsupported`. Common slips of
/// publishers are forgiven: lower-case keywords, unquoted hyphens, typographic quotes, a trailing semicolon.
/// Error NJ-INTEL-026: not a pattern.
Result<PatternReading> readStixPattern(std::string_view pattern);

} // namespace nightjar::intel
