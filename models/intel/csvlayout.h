// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/indicator.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Layout of delimited indicator files (CSV, TSV, Zeek tables): which delimiter, where the header stands, what the
/// columns mean. Column names: facts/cti.md §2.4–2.5 of the project's research.
namespace nightjar::intel {

enum class Role : std::uint8_t {
    Ignore,
    Value, ///< holds indicators
    Kind,  ///< names the type of the value
    Port,
    Confidence,
    Tlp,
    Threat,
    Malware,
    ValidFrom,
    ValidUntil,
    FirstSeen,
    LastSeen,
    Reference,
    ToIds,
    Pattern, ///< STIX; goes before a name
    KillChain,
    ExternalId,
    Active,     ///< still carried by its source
    ActiveDays, ///< days it was carried
    Compromised,
    Revoked,
    Online ///< "no" or "offline": the source itself has withdrawn the row
};

struct CsvLayout {
    char delimiter = ',';
    std::size_t headerRow = 0; ///< data row (from 1) that is the header; 0: none, or it stands in a comment
    std::vector<Role> roles;
    std::vector<std::optional<Type>> hints; ///< for value columns: what the column's name says
    bool hashIndex = false;                 ///< MISP's hashes.csv: holds no indicators
    [[nodiscard]] bool hasValue() const;
};

/// Roles by the names of a header; `hasValue()` is false when it is no header.
CsvLayout layoutFromHeader(const std::vector<std::string> &names, char delimiter);

/// Guesses from the first lines of a file. `lastComment` is the comment line just before the data, without its mark.
/// Empty: one value a line.
std::optional<CsvLayout> guessLayout(const std::vector<std::string_view> &lines, std::string_view lastComment);

/// The indicators of one record; refusals come back as errors. A row that its source has withdrawn gives one refusal.
std::vector<Result<Indicator>> readRecord(const CsvLayout &layout, const std::vector<std::string> &cells);

} // namespace nightjar::intel
