// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"
#include "intel/indicator.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace nightjar::intel {

enum class ListFormat : std::uint8_t { Csv, Stix, Text };

/// Writes indicators for other programs, one at a time, so that a list of any length takes no memory.
/// - Csv: type,value,source,threat,confidence,tlp,first_seen,last_seen,valid_until,reference; formulas neutralised;
/// - Stix: a bundle of indicator objects (STIX 2.1 §4.7) with a pattern, and the marking of TLP 2.0 where the source
///   gives one; the same value has the same id in every bundle;
/// - Text: the values, one a line.
/// What cannot be written in a format is left out: write() gives false. Thread: one at a time.
class ListWriter {
public:
    using Sink = std::function<void(std::string_view)>;
    /// `now` is the time that the bundle bears.
    ListWriter(ListFormat format, Timestamp now, Sink sink);
    bool write(const Indicator &indicator);
    /// The end of the document. Nothing may be written behind it.
    void finish();

private:
    void writeStix(const Indicator &indicator);

    ListFormat m_format;
    Timestamp m_now;
    Sink m_sink;
    bool m_first = true;
};

/// Pattern of STIX 2.1 §9 for one value; empty for a user agent, which has no object of its own in it.
std::string stixPattern(Type type, std::string_view value);

} // namespace nightjar::intel
