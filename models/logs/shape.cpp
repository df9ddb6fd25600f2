// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/shape.h"

#include "base/hash.h"
#include "base/text.h"

#include <algorithm>

namespace nightjar::logs {

namespace {

constexpr std::size_t kMaxShapes = 2'048;
constexpr std::size_t kMaxTokenBytes = 128;
constexpr std::size_t kMaxDecisiveBytes = 256;

std::uint64_t signatureOf(const std::vector<RecordField> &fields)
{
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (continuesList(fields, i)) {
            continue;
        }
        text += fields[i].outer ? '\1' : '\2';
        text += fields[i].key;
        if (isDecisiveKey(fields[i].key)) {
            text += '\3';
            text += fields[i].value.substr(0, kMaxDecisiveBytes);
        }
    }
    return hash64(text);
}

/// A name for zscaler.<token>: bounded, without control characters.
std::string tokenName(std::string_view key)
{
    std::string name(key.substr(0, kMaxTokenBytes));
    std::replace_if(
        name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }, '_');
    name = isValidUtf8(name) ? name : repairUtf8(name);
    return name.empty() ? std::string("_empty") : name;
}

/// What the sibling "<key>Label" calls this key (cs1, cn1, flexString1 of CEF), or the key itself.
std::string_view realKey(std::string_view key, const std::vector<RecordField> &fields)
{
    if (key.size() > 12 || !(startsWithIgnoreCase(key, "c") || startsWithIgnoreCase(key, "f"))) {
        return key;
    }
    for (const RecordField &other : fields) {
        if (other.key.size() == key.size() + 5 && startsWithIgnoreCase(other.key, key) &&
            endsWithIgnoreCase(other.key, "label") && isDecisiveKey(other.key) && !other.value.empty()) {
            return other.value;
        }
    }
    return key;
}

bool isLabelKey(std::string_view key)
{
    return endsWithIgnoreCase(key, "label") && isDecisiveKey(key);
}

ShapeEntry entryFor(const RecordField &field, std::string_view type, const std::vector<RecordField> &fields)
{
    ShapeEntry entry;
    entry.key = std::string(field.key);
    entry.outer = field.outer;
    if (isLabelKey(field.key)) {
        entry.use = Use::Ignore;
        return entry;
    }
    const std::string_view key = realKey(field.key, fields);
    entry.token = tokenName(key);
    if (field.outer) {
        // Beside the wrapped event stand the collector's own words; only its time can serve the event.
        if (equalsIgnoreCase(key, "time")) {
            entry.use = Use::Epoch;
            entry.flags = kSpare;
        }
        return entry;
    }
    const TokenMatch match = findToken(type, key);
    entry.base64 = match.base64 && match.row != nullptr;
    if (match.row != nullptr) {
        entry.use = match.row->use;
        entry.field = match.row->field;
        entry.flags = match.row->flags;
        entry.token = std::string(match.row->token);
    }
    return entry;
}

} // namespace

bool Shape::fits(const std::vector<RecordField> &fields) const
{
    std::size_t next = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (continuesList(fields, i)) {
            continue;
        }
        if (next == entries.size() || entries[next].key != fields[i].key || entries[next].outer != fields[i].outer) {
            return false;
        }
        ++next;
    }
    return next == entries.size() && decisiveFit(fields);
}

bool Shape::decisiveFit(const std::vector<RecordField> &fields) const
{
    const auto says = [&](std::size_t at, const std::string &value) {
        return fields[at].value.substr(0, kMaxDecisiveBytes) == value;
    };
    if (entries.size() == fields.size()) {
        return std::all_of(decisive.begin(), decisive.end(),
                           [&](const auto &pair) { return says(pair.first, pair.second); });
    }
    std::size_t next = 0;
    std::size_t wanted = 0;
    for (std::size_t i = 0; i < fields.size() && wanted < decisive.size(); ++i) {
        if (continuesList(fields, i)) {
            continue;
        }
        if (next == decisive[wanted].first) {
            if (!says(i, decisive[wanted].second)) {
                return false;
            }
            ++wanted;
        }
        ++next;
    }
    return true;
}

ShapeBook::ShapeBook(std::string_view forcedType)
    : m_forced(logTypeNamed(forcedType))
{
}

Shape &ShapeBook::shapeOf(const std::vector<RecordField> &fields, std::uint64_t keysId)
{
    const bool known = keysId != 0 && keysId == m_lastKeys;
    if (m_last != nullptr && (known ? m_last->decisiveFit(fields) : m_last->fits(fields))) {
        m_lastKeys = keysId;
        return *m_last;
    }
    m_lastKeys = keysId;
    const std::uint64_t signature = signatureOf(fields);
    const auto found = m_shapes.find(signature);
    if (found != m_shapes.end() && found->second->fits(fields)) {
        m_last = found->second.get();
        return *m_last;
    }
    if (m_shapes.size() >= kMaxShapes) {
        m_shapes.clear();
    }
    auto &placed = m_shapes[signature];
    placed = make(fields);
    m_last = placed.get();
    return *m_last;
}

std::unique_ptr<Shape> ShapeBook::make(const std::vector<RecordField> &fields) const
{
    auto shape = std::make_unique<Shape>();
    shape->kind = recogniseType(fields);
    if (!m_forced.empty()) {
        shape->kind.subtype = m_forced == shape->kind.type ? shape->kind.subtype : std::string();
        shape->kind.type = m_forced;
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (continuesList(fields, i)) {
            continue;
        }
        if (isDecisiveKey(fields[i].key)) {
            shape->decisive.emplace_back(shape->entries.size(),
                                         std::string(fields[i].value.substr(0, kMaxDecisiveBytes)));
        }
        shape->entries.push_back(entryFor(fields[i], shape->kind.type, fields));
    }
    return shape;
}

} // namespace nightjar::logs
