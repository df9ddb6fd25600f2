// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace nightjar::logs {

/// The syslog header in front of a record, as far as it can be told without knowing what follows.
struct Envelope {
    std::size_t size = 0;  ///< bytes of octet count, priority, version and time
    std::string_view time; ///< "Oct 22 22:09:01" or ISO 8601, empty when there is none
    bool priority = false;
};

/// RFC 3164 and RFC 5424 headers, with or without <PRI>, with or without an octet count (RFC 6587) before it.
Envelope findEnvelope(std::string_view record);

enum class Payload { Unknown, Json, Cef, Leef, Caret, Alert };

struct FoundPayload {
    Payload kind = Payload::Unknown;
    std::size_t offset = 0;
};

/// What begins within the first half kilobyte of `text` (a record behind its envelope), and where.
FoundPayload findPayload(std::string_view text, const Envelope &envelope);

} // namespace nightjar::logs
