// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "base/time.h"

#include <QString>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Engine values as the window shows them: every text is repaired, controls and bidi marks are visible, and nothing is
/// interpreted. Thread: any.
namespace nightjar::present {

/// What happened to a request; views map it to icon and colour.
enum class Action : int { None, Allowed, Blocked, Other };
/// How a state is told; views map it to icon and colour.
enum class Tone : int { Neutral, Ok, Warn, Error, Pending };

/// Outside text made visible (⟨U+202E⟩ for marks that do not show). Bounded to `limit` characters.
QString shown(std::string_view text, qsizetype limit = 8'192);
/// The same, defanged: for hosts, addresses and URLs.
QString shownDefanged(std::string_view text, qsizetype limit = 8'192);
/// A sentence in which some values occur: these are defanged where they stand, the rest stays.
QString shownSentence(std::string_view text, std::span<const std::string> values);
/// True for fields whose values are hosts, URLs or foreign addresses: these are shown and copied defanged.
bool isDefangedField(std::string_view field);
/// A field's value in the form in which it is shown.
QString shownField(std::string_view field, std::string_view value);

Action actionOf(std::string_view value);

QString number(std::int64_t value);     ///< "41,204,113"
QString clockTime(Timestamp time);      ///< "11:41:58.412", UTC
QString clockMinutes(Timestamp time);   ///< "11:41", UTC
QString dayAndTime(Timestamp time);     ///< "Thu 12 Mar 11:41:58", UTC
QString isoTime(Timestamp time);        ///< "2026-03-12T11:41:58.412Z"
QString span(std::int64_t micros);      ///< "4 m", "1 h 05 m", "26 h 04 m", "3 d"
QString byteCount(std::uint64_t bytes); ///< "9.8 GB", decimal prefixes

QString severityLetter(alerts::Severity severity); ///< "C", "H", "M", "L", "i"
QString severityName(alerts::Severity severity);
QString engineName(alerts::Engine engine);
QString statusName(alerts::Status status);
QString verdictName(alerts::Verdict verdict);

} // namespace nightjar::present
