// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/record.h"

#include <string_view>

namespace nightjar::logs {

/// The inside of a JSON string with its escapes resolved (RFC 8259 §7): never longer than before. Unknown escapes stay
/// as they are, half surrogates become U+FFFD.
std::string_view unescapeJson(std::string_view text, TextArena &arena);

/// End of a raw JSON object or list that stands unescaped between quotes, `at` behind the opening quote (feeds print
/// changed objects so); npos when it is none or does not end with a quote within 64 KiB.
std::size_t rawJsonEnd(std::string_view text, std::size_t at);

} // namespace nightjar::logs
