// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// YAML as Sigma needs it: every scalar keeps its source text, every node its place, duplicate keys are errors.
namespace nightjar::sigma {

/// One node. Scalars: `text` as written (quotes and escapes undone), `plain` when it stood without quotes.
struct YamlNode {
    enum class Kind : std::uint8_t { Null, Scalar, Map, List };

    Kind kind = Kind::Null;
    bool plain = false;
    std::string text;
    std::uint64_t line = 0; ///< from 1
    std::uint64_t column = 0;
    std::vector<std::pair<std::string, YamlNode>> members; ///< of a Map, in source order
    std::vector<YamlNode> items;                           ///< of a List

    [[nodiscard]] const YamlNode *find(std::string_view key) const;
    /// Text of a scalar member, empty when absent or no scalar.
    [[nodiscard]] std::string_view textOf(std::string_view key) const;
    [[nodiscard]] bool isScalar() const { return kind == Kind::Scalar; }
    [[nodiscard]] bool isMap() const { return kind == Kind::Map; }
    [[nodiscard]] bool isList() const { return kind == Kind::List; }
};

/// Size of a tree in bytes, roughly: what copies of it cost.
std::size_t weight(const YamlNode &node);

constexpr std::size_t kMaxYamlBytes = 1u << 20;
constexpr std::size_t kMaxYamlDepth = 64;
constexpr std::size_t kMaxYamlNodes = 300'000;     ///< aliases count as what they stand for
constexpr std::size_t kMaxAliasedBytes = 8u << 20; ///< copied by aliases

/// The documents read before the first problem, and that problem (code empty: none).
struct YamlDocuments {
    std::vector<YamlNode> documents;
    Error problem;
};

/// Reads a multi-document text. Never throws. Codes: NJ-SIGMA-001 too large, NJ-SIGMA-002 malformed. Thread: any.
YamlDocuments readYaml(std::string_view text);

} // namespace nightjar::sigma
