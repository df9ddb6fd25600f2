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
            text += decisiveValue(fields[i].key, fields[i].value);
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

/// What the sibling "<key>Label" calls this key (cs1, cn1, flexString1 of CEF), or the key itself. A key that comes
/// twice goes with the label of the same count.
std::string_view realKey(std::size_t at, const std::vector<RecordField> &fields)
{
    const std::string_view key = fields[at].key;
    if (key.empty() || key.back() < '0' || key.back() > '9') {
        return key;
    }
    std::size_t before = 0;
    for (std::size_t i = 0; i < at; ++i) {
        before += equalsIgnoreCase(fields[i].key, key) ? 1U : 0U;
    }
    std::string_view name = key;
    for (const RecordField &other : fields) {
        if (other.key.size() == key.size() + 5 && startsWithIgnoreCase(other.key, key) && isLabelKey(other.key) &&
            isLabelName(other.value)) {
            name = other.value;
            if (before-- == 0) {
                break;
            }
        }
    }
    return name;
}

ShapeEntry entryFor(std::size_t at, const LogKind &kind, const std::vector<RecordField> &fields)
{
    const RecordField &field = fields[at];
    ShapeEntry entry;
    entry.key = std::string(field.key);
    entry.outer = field.outer;
    if (isLabelKey(field.key)) {
        entry.use = Use::HashLabel;
        entry.field = event::Field::FileHashMd5;
        return entry;
    }
    const std::string_view key = realKey(at, fields);
    entry.token = tokenName(key);
    if (field.outer) {
        // Beside the wrapped event stand the collector's own words; only its time can serve the event.
        if (equalsIgnoreCase(key, "time") || key == kEnvelopeTime) {
            entry.use = key == kEnvelopeTime ? Use::Time : Use::Epoch;
            entry.flags = kSpare;
        }
        return entry;
    }
    const TokenMatch match = findToken(kind.type, key, kind.subtype);
    entry.base64 = match.base64 && match.row != nullptr;
    if (match.row != nullptr) {
        entry.use = match.row->use;
        entry.field = match.row->field;
        entry.flags = match.row->flags;
        entry.token = std::string(match.row->token);
    }
    // The CEF name of a tunnel's event is what happened; of its other records it is something else.
    if (kind.type == "tunnel" && equalsIgnoreCase(key, "name") &&
        findIgnoreCase(kind.subtype, "event") != std::string_view::npos) {
        entry.use = Use::Action;
        entry.field = event::Field::EventAction;
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
        return decisiveValue(fields[at].key, fields[at].value) == value;
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
                                         std::string(decisiveValue(fields[i].key, fields[i].value)));
        }
        shape->entries.push_back(entryFor(i, shape->kind, fields));
    }
    return shape;
}

} // namespace nightjar::logs
