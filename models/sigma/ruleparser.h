// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/correlation.h"
#include "sigma/filter.h"
#include "sigma/placeholders.h"
#include "sigma/rule.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// From rule text to rules, with a verdict on every document: nothing is left out silently.
namespace nightjar::sigma {

/// What became of one document.
struct LoadVerdict {
    enum Status : std::uint8_t { Ok, NeedsPlaceholder, Rejected };

    std::string file;
    Status status = Ok;
    std::string kind; ///< rule, correlation, filter, collection, yaml or file
    std::string title;
    std::string
        reason; ///< why not Ok; for Ok a remark (for example fields that Zscaler data never holds), mostly empty
    std::uint64_t line = 0;
    std::uint64_t column = 0;
};

struct ParsedDocument {
    LoadVerdict verdict;
    std::optional<Rule> rule;               ///< set when Ok and a rule
    std::optional<Filter> filter;           ///< set when Ok and a filter
    std::optional<Correlation> correlation; ///< set when Ok and a correlation; its references are not resolved yet
};

/// What reading a rule depends on besides its text.
struct ParseOptions {
    Placeholders placeholders;
    /// Asked for every rule that load() could run, and for the head of every correlation; may change it (another
    /// level). False: a rule does not run; a correlation raises nothing, but feeds those that refer to it.
    std::function<bool(Rule &, bool isCorrelation)> admit;
};

/// Reads all documents of a rule file's text. `file` is only a name. Rule collections (`action: global`, `repeat`,
/// `reset`) are merged. Never throws; a text without documents gives one Rejected verdict. Thread: any.
std::vector<ParsedDocument> parseRules(std::string_view text, const std::string &file,
                                       const ParseOptions &options = {});

/// Title, id, level, tags and whatever else a document says about itself. Nothing is checked.
void readMetadata(const YamlNode &document, Rule &rule);
/// The logsource; NJ-SIGMA-003 when there is none or it names nothing.
Status readLogSource(const YamlNode &document, Rule &rule);

} // namespace nightjar::sigma
