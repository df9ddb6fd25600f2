// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/streamrows.h"

#include "base/hash.h"
#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace nightjar::anomaly {

namespace {

using event::Field;

constexpr std::size_t kMaxValue = 512; ///< bytes; what is longer does not count
constexpr std::uint8_t kLooked = 0x80;

bool says(std::string_view text)
{
    return !text.empty() && text.size() <= kMaxValue && text != "None" && text != "NA" && text != "N/A" &&
           text != "Other" && text != "0.0.0.0" && text != "-";
}

std::uint8_t lookAtOutcome(std::string_view text)
{
    return text == "denied" ? kDenied : 0;
}
std::uint8_t lookAtFile(std::string_view text)
{
    const std::string lower = asciiLower(text);
    for (const std::string_view part : {"executable", "exe", "archive", "msi", "7z", "zip", "rar", "script", "iso"}) {
        if (lower.find(part) != std::string::npos) {
            return lower.find("gzip") == std::string::npos ? kProgram : 0;
        }
    }
    return 0;
}
std::uint8_t lookAtCategory(std::string_view text)
{
    const std::string lower = asciiLower(text);
    for (const std::string_view part : {"newly", "uncategori", "miscellaneous or unknown", "non categori"}) {
        if (lower.find(part) != std::string::npos) {
            return kNewborn;
        }
    }
    return 0;
}
std::uint8_t lookAtAnswer(std::string_view text)
{
    return text.find("NXDOMAIN") != std::string_view::npos || text.find("NAME_ERR") != std::string_view::npos ? kNoName
                                                                                                              : 0;
}
std::uint8_t lookAtMethod(std::string_view text)
{
    return text == "POST" || text == "PUT" ? kBodied : 0;
}
std::uint8_t lookAtType(std::string_view text)
{
    return static_cast<std::uint8_t>(text == "dns" ? RowType::Dns : text == "audit" ? RowType::Audit : RowType::Other);
}

bool degrees(const event::Column *column, std::size_t row, float limit, float &value)
{
    std::string scratch;
    const std::string_view text = column == nullptr ? std::string_view() : column->value(row, scratch);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && read.ec == std::errc() && value >= -limit && value <= limit;
}

} // namespace

HashedColumns::HashedColumns(const event::EventBlock &block, std::initializer_list<Field> fields)
{
    for (const Field field : fields) {
        add(block.column(field));
    }
}

HashedColumns::HashedColumns(const event::EventBlock &block, std::initializer_list<std::string_view> names)
{
    for (const std::string_view columnName : names) {
        add(block.column(columnName));
    }
}

void HashedColumns::add(const event::Column *column)
{
    if (column != nullptr) {
        m_sources.push_back({column, std::vector<std::uint64_t>(column->entries())});
    }
}

std::uint64_t HashedColumns::hashEntry(const event::Column &column, std::size_t entry)
{
    const std::string_view text = column.text(entry, m_scratch);
    return says(text) ? std::max<std::uint64_t>(hash64(text), 2) : kNothing;
}

std::string HashedColumns::text(std::size_t row)
{
    for (const Source &source : m_sources) {
        if (const std::string_view value = source.column->value(row, m_scratch); says(value)) {
            return std::string(value);
        }
    }
    return {};
}

StreamRows::StreamRows(const event::EventBlock &block)
    : user(block, {Field::UserName, Field::SourceIp})
    , host(block, {Field::DnsQuestionName, Field::UrlDomain, Field::DestinationDomain, Field::DestinationIp})
    , agent(block, {Field::UserAgentOriginal})
    , application(block, {Field::NetworkApplication})
    , country(block, {"zscaler.srcip_country", "zscaler.ClientCountryCode"})
    , action(block, {Field::EventAction})
    , m_sent(block.column(Field::SourceBytes))
    , m_seconds(block.column("zscaler.duration"))
    , m_millis(block.column("zscaler.durationms"))
    , m_latitude(block.column("zscaler.ClientLatitude"))
    , m_longitude(block.column("zscaler.ClientLongitude"))
    , m_category(block.column(Field::UrlCategory))
{
    const auto flag = [](const event::Column *column, std::uint8_t (*look)(std::string_view)) {
        return Flagged{column, std::vector<std::uint8_t>(column == nullptr ? 0 : column->entries()), look};
    };
    m_type = flag(block.column(Field::LogType), lookAtType);
    m_flagged = {flag(block.column(Field::EventType), lookAtOutcome),
                 flag(block.column(Field::FileType), lookAtFile),
                 flag(block.column("zscaler.upload_filetype"), lookAtFile),
                 flag(m_category, lookAtCategory),
                 flag(block.column(Field::DnsResponseCode), lookAtAnswer),
                 flag(block.column(Field::HttpRequestMethod), lookAtMethod)};
}

std::uint8_t StreamRows::flagged(Flagged &source, std::size_t row)
{
    const std::uint32_t code = source.column == nullptr ? event::kMissing : source.column->code(row);
    if (code < event::kFirstEntry) {
        return 0;
    }
    std::uint8_t &known = source.known[code - event::kFirstEntry];
    if (known == 0) {
        std::string scratch;
        known =
            static_cast<std::uint8_t>(kLooked | source.look(source.column->text(code - event::kFirstEntry, scratch)));
    }
    return known & static_cast<std::uint8_t>(~kLooked);
}

RowType StreamRows::type(std::size_t row)
{
    return static_cast<RowType>(flagged(m_type, row));
}

std::uint8_t StreamRows::flags(std::size_t row)
{
    std::uint8_t all = 0;
    for (Flagged &source : m_flagged) {
        all |= flagged(source, row);
    }
    return all;
}

std::uint64_t StreamRows::amount(const event::Column *column, std::size_t row)
{
    const std::uint32_t code = column == nullptr ? event::kMissing : column->code(row);
    if (code < event::kFirstEntry) {
        return 0;
    }
    std::int64_t value = 0;
    if (column->kind() == event::Kind::Integer) {
        value = column->integer(code - event::kFirstEntry);
    } else {
        std::string scratch;
        value = parseInteger(column->text(code - event::kFirstEntry, scratch)).value_or(0);
    }
    constexpr std::int64_t kMost = std::int64_t{1} << 50U;
    return static_cast<std::uint64_t>(std::clamp<std::int64_t>(value, 0, kMost));
}

std::uint64_t StreamRows::durationSeconds(std::size_t row) const
{
    return m_millis != nullptr ? amount(m_millis, row) / 1000 : amount(m_seconds, row);
}

bool StreamRows::place(std::size_t row, float &latitude, float &longitude) const
{
    return m_latitude != nullptr && degrees(m_latitude, row, 90, latitude) &&
           degrees(m_longitude, row, 180, longitude) && (latitude != 0 || longitude != 0);
}

std::string StreamRows::category(std::size_t row) const
{
    std::string scratch;
    return m_category == nullptr ? std::string() : std::string(m_category->value(row, scratch));
}

} // namespace nightjar::anomaly
