// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/builder.h"
#include "logs/logtype.h"
#include "logs/tokens.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Feeds repeat the same keys in the same order. A shape is that key list with everything known about it worked out
/// once: log type, meaning of each key, columns. Records of a known shape need no hashing and no look-up.
namespace nightjar::logs {

struct ShapeEntry {
    std::string key;
    bool outer = false;
    bool base64 = false;
    Use use = Use::Extra;
    std::uint8_t flags = 0;
    event::Field field = event::Field::Count;
    std::string token;                     ///< of zscaler.<token>
    event::BlockBuilder::Handle extra = 0; ///< valid in the call that resolved it
};

/// An entry whose values go unchanged into a column with many different values.
struct WideEntry {
    std::size_t entry = 0;
    event::BlockBuilder::Handle column = 0;
};

struct Shape {
    std::vector<ShapeEntry> entries;
    std::vector<WideEntry> wide;
    std::uint32_t wideAge = 0;                                 ///< rows since `wide` was made
    std::vector<std::pair<std::size_t, std::string>> decisive; ///< entry and the value it must have
    LogKind kind;
    std::uint64_t resolvedIn = 0; ///< number of the call whose builder `extra` belongs to

    [[nodiscard]] bool fits(const std::vector<RecordField> &fields) const;
    /// The part of fits() that looks at values.
    [[nodiscard]] bool decisiveFit(const std::vector<RecordField> &fields) const;
};

/// True for a list member that goes on with the key of the field before it: it has no entry of its own.
inline bool continuesList(const std::vector<RecordField> &fields, std::size_t at)
{
    return at > 0 && fields[at].member && fields[at].key == fields[at - 1].key;
}

/// The shapes met so far, bounded. Thread: one owner.
class ShapeBook {
public:
    /// `forcedType`: a log type of the contract, or empty for recognition.
    explicit ShapeBook(std::string_view forcedType);

    /// `keysId`: as RecordFields has it.
    Shape &shapeOf(const std::vector<RecordField> &fields, std::uint64_t keysId);

private:
    std::unique_ptr<Shape> make(const std::vector<RecordField> &fields) const;

    std::string_view m_forced;
    Shape *m_last = nullptr;
    std::uint64_t m_lastKeys = 0; ///< key list that m_last is known to fit, 0: none
    std::unordered_map<std::uint64_t, std::unique_ptr<Shape>> m_shapes;
};

} // namespace nightjar::logs
