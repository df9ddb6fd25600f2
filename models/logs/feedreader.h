// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/feedmatcher.h"
#include "logs/record.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::logs {

/// Records of a feed format as fields for the RecordMapper, under the names by which the token tables know them: the
/// token's own, else the format's key. Thread: one owner.
class FeedReader {
public:
    /// `forcedType`: a log type of the contract, or empty for the format's own.
    FeedReader(std::shared_ptr<const FeedFormat> format, std::string_view forcedType);

    /// Log type of all records; empty when it is to be recognised.
    [[nodiscard]] std::string_view logType() const { return m_type; }

    /// `out`'s views live until the next call and while the record does.
    std::optional<ScanProblem> read(std::string_view record, RecordFields &out);

private:
    struct Plan {
        std::size_t token = 0;
        std::string key;
        bool decode = false;   ///< here; else the mapper knows the encoding by the key
        std::size_t first = 0; ///< FeedToken::first
        ValueKind kind = ValueKind::Text;
    };
    [[nodiscard]] Plan planFor(std::size_t index) const;

    FeedMatcher m_matcher;
    std::string_view m_type;
    std::vector<Plan> m_plan;             ///< repeated tokens stand behind their first
    std::vector<RecordField> m_constants; ///< of every record
};

} // namespace nightjar::logs
