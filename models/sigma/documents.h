// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sigma/yamltree.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The documents of one rule file, told apart, with rule collections resolved.
namespace nightjar::sigma {

enum class DocumentKind : std::uint8_t {
    Rule,        ///< has `detection` (or nothing that says otherwise: reading it as a rule names what is missing)
    Correlation, ///< has `correlation` (Sigma Correlation Rules Specification 2.1.0)
    Filter,      ///< has `filter` (Sigma Filters Specification 2.1.0)
    Unknown,     ///< no map at all
};
/// "rule", "correlation", "filter", "yaml".
std::string_view kindName(DocumentKind kind);

/// One document. Every node of the tree knows its line and column; the members of a map stand in source order.
struct RuleDocument {
    DocumentKind kind = DocumentKind::Unknown;
    std::string title; ///< of the document, may be empty
    std::string file;  ///< as given
    YamlNode node;     ///< without `action`
};

/// Everything read before the first problem, and that problem.
struct FileDocuments {
    std::vector<RuleDocument> documents;
    std::optional<Error>
        problem; ///< the text is no YAML from here on (NJ-SIGMA-001, -002), or holds no document (-003)
};

/// Reads the documents of a file's text. `action: global` is merged into the rules behind it until `action: reset`,
/// `action: repeat` into the rule before it (rule collections, deprecated but in use); correlations and filters are
/// left as they are. Empty documents are skipped. Never throws. Bounds: those of readYaml(). Thread: any.
FileDocuments loadDocuments(std::string_view text, const std::string &file);

} // namespace nightjar::sigma
