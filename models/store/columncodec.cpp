// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/columncodec.h"

#include "base/compression.h"
#include "store/bytes.h"

#include <algorithm>
#include <numeric>

namespace nightjar::store {
namespace {

constexpr std::uint64_t kHasLists = 1;
constexpr std::size_t kMaxSection = std::size_t{1} << 31;
constexpr std::size_t kMaxItems = std::size_t{1} << 28; ///< entries, codes: far above what a block can hold

void putSection(std::string &out, std::string_view plain, int level)
{
    putVarint(out, plain.size());
    if (!plain.empty()) {
        putText(out, compress(plain, level));
    }
}

std::optional<std::string> takeSection(ByteReader &in)
{
    const std::size_t size = in.varint();
    if (!in.ok() || size > kMaxSection) {
        return std::nullopt;
    }
    return size == 0 ? std::optional<std::string>(std::string()) : decompress(in.text(), size);
}

std::size_t widthFor(std::uint32_t largest)
{
    return largest < 0x100 ? 1 : largest < 0x10000 ? 2 : 4;
}

std::string planes(const std::vector<std::uint32_t> &values, std::size_t width)
{
    std::string out(values.size() * width, '\0');
    for (std::size_t plane = 0; plane < width; ++plane) {
        char *to = out.data() + plane * values.size();
        for (std::size_t i = 0; i < values.size(); ++i) {
            to[i] = static_cast<char>(values[i] >> (8 * plane));
        }
    }
    return out;
}

std::vector<std::uint32_t> fromPlanes(std::string_view bytes, std::size_t count, std::size_t width)
{
    std::vector<std::uint32_t> values(count, 0);
    for (std::size_t plane = 0; plane < width; ++plane) {
        const char *from = bytes.data() + plane * count;
        for (std::size_t i = 0; i < count; ++i) {
            values[i] |= static_cast<std::uint32_t>(static_cast<unsigned char>(from[i])) << (8 * plane);
        }
    }
    return values;
}

std::string encodeCodes(std::span<const std::uint32_t> codes)
{
    std::vector<std::uint32_t> values(codes.size());
    std::uint32_t next = event::kFirstEntry;
    std::uint32_t largest = 0;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const bool isNew = codes[i] == next;
        values[i] = isNew ? 0 : codes[i] + 1;
        next += isNew ? 1 : 0;
        largest = std::max(largest, values[i]);
    }
    const std::size_t width = widthFor(largest);
    return std::string(1, static_cast<char>(width)) + planes(values, width);
}

std::optional<std::vector<std::uint32_t>> decodeCodes(std::string_view bytes, std::size_t count, std::size_t entries)
{
    const std::size_t width = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front());
    if ((width != 1 && width != 2 && width != 4) || bytes.size() != 1 + count * width) {
        return std::nullopt;
    }
    std::vector<std::uint32_t> codes = fromPlanes(bytes.substr(1), count, width);
    std::uint32_t next = event::kFirstEntry;
    std::uint32_t largest = 0;
    for (std::uint32_t &code : codes) {
        const bool isNew = code == 0;
        code = isNew ? next : code - 1;
        next += isNew ? 1 : 0;
        largest = std::max(largest, code);
    }
    return largest >= entries + event::kFirstEntry ? std::nullopt : std::optional(std::move(codes));
}

/// Ascending ends as sizes.
std::string encodeEnds(const std::vector<std::uint32_t> &ends)
{
    std::string out;
    std::uint32_t before = 0;
    for (const std::uint32_t end : ends) {
        putVarint(out, end - before);
        before = end;
    }
    return out;
}

std::optional<std::vector<std::uint32_t>> decodeEnds(std::string_view bytes, std::size_t count, std::size_t total)
{
    ByteReader in(bytes);
    std::vector<std::uint32_t> ends;
    ends.reserve(std::min(count, bytes.size()));
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        const std::uint64_t size = in.varint();
        if (size > total - end) {
            return std::nullopt;
        }
        end += size;
        ends.push_back(static_cast<std::uint32_t>(end));
    }
    return in.atEnd() && end == total ? std::optional(std::move(ends)) : std::nullopt;
}

std::string encodeIntegers(const std::vector<std::int64_t> &values)
{
    std::string out;
    std::uint64_t before = 0;
    for (const std::int64_t value : values) {
        putVarint(out, zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(value) - before)));
        before = static_cast<std::uint64_t>(value);
    }
    return out;
}

std::optional<std::vector<std::int64_t>> decodeIntegers(std::string_view bytes, std::size_t count)
{
    ByteReader in(bytes);
    if (count > bytes.size()) {
        return std::nullopt;
    }
    std::vector<std::int64_t> values(count);
    std::uint64_t before = 0;
    for (std::int64_t &value : values) {
        before += static_cast<std::uint64_t>(unzigzag(in.varint()));
        value = static_cast<std::int64_t>(before);
    }
    return in.atEnd() ? std::optional(std::move(values)) : std::nullopt;
}

std::optional<event::TextDictionary> decodeTexts(std::string_view sizes, std::string bytes, std::size_t entries)
{
    auto ends = decodeEnds(sizes, entries, bytes.size());
    if (!ends) {
        return std::nullopt;
    }
    event::TextDictionary texts;
    texts.assign(std::move(bytes), std::move(*ends));
    return texts;
}

} // namespace

std::string encodeColumn(const event::Column &column, int level)
{
    const bool isText = column.kind() == event::Kind::Text;
    std::string out;
    putVarint(out, column.hasLists() ? kHasLists : 0);
    putVarint(out, column.entries());
    putVarint(out, column.allCodes().size());
    putSection(out, isText ? encodeEnds(column.texts().ends()) : std::string(), level);
    if (isText) {
        putSection(out, column.texts().buffer(), level);
    } else {
        putSection(out, encodeIntegers(column.integers()), level);
    }
    putSection(out, encodeCodes(column.allCodes()), level);
    putSection(out, encodeEnds(column.listEnds()), level);
    return out;
}

std::optional<event::Column> decodeColumn(std::string_view bytes, std::string name, event::Kind kind, std::size_t rows)
{
    ByteReader in(bytes);
    const bool lists = (in.varint() & kHasLists) != 0;
    const std::size_t entries = in.varint();
    const std::size_t codeCount = in.varint();
    if (!in.ok() || entries > kMaxItems || codeCount > kMaxItems || (!lists && codeCount != rows)) {
        return std::nullopt;
    }
    const auto sizes = takeSection(in);
    auto values = takeSection(in);
    const auto packed = takeSection(in);
    const auto listSizes = takeSection(in);
    if (!sizes || !values || !packed || !listSizes || !in.atEnd()) {
        return std::nullopt;
    }
    auto codes = decodeCodes(*packed, codeCount, entries);
    auto listEnds = lists ? decodeEnds(*listSizes, rows, codeCount) : std::optional(std::vector<std::uint32_t>());
    if (!codes || !listEnds) {
        return std::nullopt;
    }
    std::optional<event::TextDictionary> texts = event::TextDictionary();
    std::optional<std::vector<std::int64_t>> integers = std::vector<std::int64_t>();
    if (kind == event::Kind::Text) {
        texts = decodeTexts(*sizes, std::move(*values), entries);
    } else {
        integers = decodeIntegers(*values, entries);
    }
    if (!texts || !integers) {
        return std::nullopt;
    }
    return event::ColumnAccess::make(std::move(name), kind, std::move(*codes), std::move(*listEnds), std::move(*texts),
                                     std::move(*integers));
}

std::string encodeTimes(const std::vector<Timestamp> &times, int level)
{
    std::string out;
    putSection(out, encodeIntegers(times), level);
    return out;
}

std::optional<std::vector<Timestamp>> decodeTimes(std::string_view bytes, std::size_t rows)
{
    ByteReader in(bytes);
    const auto plain = takeSection(in);
    return plain ? decodeIntegers(*plain, rows) : std::nullopt;
}

std::vector<std::uint32_t> timeOrder(const std::vector<Timestamp> &times)
{
    if (std::is_sorted(times.begin(), times.end())) {
        return {};
    }
    std::vector<std::uint32_t> order(times.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return times[a] != times[b] ? times[a] < times[b] : a < b; });
    return order;
}

std::string encodeOrder(const std::vector<std::uint32_t> &order, int level)
{
    std::string plain;
    for (std::size_t i = 0; i < order.size(); ++i) {
        putVarint(plain, zigzag(static_cast<std::int64_t>(order[i]) - static_cast<std::int64_t>(i)));
    }
    std::string out;
    putSection(out, plain, level);
    return out;
}

std::optional<std::vector<std::uint32_t>> decodeOrder(std::string_view bytes, std::size_t rows)
{
    ByteReader in(bytes);
    const auto plain = takeSection(in);
    if (!plain || plain->size() < rows) {
        return std::nullopt;
    }
    ByteReader differences(*plain);
    std::vector<std::uint32_t> order(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto row = static_cast<std::uint64_t>(static_cast<std::int64_t>(i) + unzigzag(differences.varint()));
        if (row >= rows) {
            return std::nullopt;
        }
        order[i] = static_cast<std::uint32_t>(row);
    }
    return differences.atEnd() ? std::optional(std::move(order)) : std::nullopt;
}

} // namespace nightjar::store
