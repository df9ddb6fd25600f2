// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/mapper.h"

#include "base/address.h"
#include "base/text.h"
#include "base/url.h"

#include <algorithm>

namespace nightjar::logs {

namespace {

using event::Field;

int smallNumber(std::string_view text)
{
    const auto number = parseInteger(trim(text));
    return number && *number >= 0 && *number <= 9'999 ? static_cast<int>(*number) : -1;
}

std::size_t partOf(Use use)
{
    return static_cast<std::size_t>(use) - static_cast<std::size_t>(Use::Second);
}
static_assert(static_cast<int>(Use::Day) - static_cast<int>(Use::Second) == 3);

} // namespace

RecordMapper::RecordMapper(std::string_view forcedType, TimeZone zone, const Clock *clock)
    : m_shapes(forcedType)
    , m_times(zone)
{
    m_times.setClock(clock);
}

void RecordMapper::useBuilder(event::BlockBuilder &builder)
{
    m_builder = &builder;
    m_overflow = builder.extraHandle("_overflow");
    ++m_call;
}

void RecordMapper::resolve(Shape &shape)
{
    for (ShapeEntry &entry : shape.entries) {
        // Columns of mapped tokens are made only when a value needs them.
        const bool own = entry.use == Use::Extra || (entry.flags & kSpare) != 0 || entry.use == Use::Verdict ||
                         entry.use == Use::Zone;
        entry.extra = own ? m_builder->extraHandle(entry.token) : m_overflow;
    }
    shape.resolvedIn = m_call;
    findWide(shape);
}

void RecordMapper::findWide(Shape &shape) const
{
    shape.wide.clear();
    shape.wideAge = 0;
    for (std::size_t i = 0; i < shape.entries.size(); ++i) {
        const ShapeEntry &entry = shape.entries[i];
        const bool extra = entry.use == Use::Extra || (entry.flags & kSpare) != 0;
        if (entry.use == Use::Ignore || (!extra && entry.field == Field::Count)) {
            continue;
        }
        const auto column = extra ? entry.extra : m_builder->handle(entry.field);
        if (m_builder->isWide(column)) {
            shape.wide.push_back({i, column});
        }
    }
}

/// Looks ahead: the look-ups of a row then wait for memory at the same time, not one after the other.
void RecordMapper::expectWide(Shape &shape, const std::vector<RecordField> &fields) const
{
    constexpr std::uint32_t kRowsPerLook = 1'024;
    if (++shape.wideAge >= kRowsPerLook) {
        findWide(shape);
    }
    if (shape.entries.size() == fields.size()) {
        for (const WideEntry &wide : shape.wide) {
            m_builder->expect(wide.column, fields[wide.entry].value);
        }
    }
}

void RecordMapper::fillRow(const RecordFields &record)
{
    const std::vector<RecordField> &fields = record.fields;
    Shape &shape = m_shapes.shapeOf(fields, record.keysId);
    if (shape.resolvedIn != m_call) {
        resolve(shape);
    }
    expectWide(shape, fields);
    m_arena.reset();
    m_row = Row();
    m_spares.clear();
    m_timeTexts.clear();
    m_builder->set(Field::LogType, shape.kind.type);
    if (!shape.kind.subtype.empty()) {
        m_builder->set(Field::Subtype, shape.kind.subtype);
    }
    std::size_t next = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        next += continuesList(fields, i) ? 0U : 1U;
        place(shape.entries[next - 1], fields[i]);
    }
    finishSpares();
    if (!m_builder->has(Field::UrlDomain) && !m_row.url.empty()) {
        const HostNames::Name name = m_hosts.canonical(splitUrl(m_row.url).host);
        if (!saysNothing(name.text)) {
            m_builder->set(Field::UrlDomain, name.text);
        }
    }
    if (m_row.outcome != Outcome::None) {
        m_builder->set(Field::EventType, outcomeName(m_row.outcome));
    }
    finishTime();
}

void RecordMapper::place(const ShapeEntry &entry, const RecordField &field)
{
    if (field.kind == ValueKind::EmptyList) {
        if (entry.use == Use::Extra && entry.extra != m_overflow) {
            m_builder->setEmptyList(entry.extra);
        }
        return;
    }
    if (entry.use == Use::Ignore || field.kind == ValueKind::Null || saysNothing(field.value)) {
        return;
    }
    std::string_view value = field.value;
    if (((entry.flags & kPercent) != 0 && needsPercentDecode(value)) || entry.base64) {
        value = decoded(entry, value);
        if (saysNothing(value)) {
            return;
        }
    }
    placeValue(entry, value, field.member);
}

/// The value as it was before the feed encoded it; unchanged when decoding gives no text.
std::string_view RecordMapper::decoded(const ShapeEntry &entry, std::string_view value)
{
    if (entry.base64) {
        const auto bytes = base64Decode(value);
        return bytes && isValidUtf8(*bytes) ? m_arena.copy(*bytes) : value;
    }
    const std::string bytes = percentDecode(value);
    return isValidUtf8(bytes) ? m_arena.copy(bytes) : value;
}

void RecordMapper::placeValue(const ShapeEntry &entry, std::string_view value, bool member)
{
    if ((entry.flags & kSpare) != 0 && !entry.outer && entry.use != Use::Time) {
        extra(entry, value, member);
        if (entry.use == Use::IsTcp) {
            value = value == "1" ? "TCP" : "UDP";
        } else if (entry.use == Use::Ip && isZeroAddress(value)) {
            return;
        }
        m_spares.push_back({&entry, entry.field, value});
        return;
    }
    switch (entry.use) {
    case Use::Text:
        text(entry.field, value, member);
        break;
    case Use::Port:
        if (value != "0") {
            integer(entry, entry.field, value, member);
        }
        break;
    case Use::Integer:
        integer(entry, entry.field, value, member);
        break;
    case Use::Ip:
    case Use::Id:
        if (!isZeroAddress(value)) {
            text(entry.field, value, member);
        }
        break;
    case Use::Name:
    case Use::Host:
        host(entry, value);
        break;
    case Use::Url:
        url(value);
        break;
    case Use::User:
        user(entry, value);
        break;
    case Use::TextList:
        members(entry, value);
        break;
    case Use::IpProtocol:
        text(entry.field, value == "6" ? "TCP" : value == "17" ? "UDP" : value == "1" ? "ICMP" : value, member);
        break;
    case Use::AuditValue:
        auditValue(entry, value, member);
        break;
    case Use::HashLabel:
        if (value.size() == 32 && value.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos) {
            text(entry.field, value, false);
        }
        break;
    case Use::Action:
        text(entry.field, value, member);
        judge(value);
        break;
    case Use::Verdict:
        extra(entry, value, member);
        judge(value);
        m_spares.push_back({&entry, entry.field, value});
        break;
    case Use::Answer:
        answer(entry, value);
        break;
    case Use::Extra:
    case Use::IsTcp:
        extra(entry, value, member);
        break;
    default:
        placeTime(entry, value);
        break;
    }
}

void RecordMapper::placeTime(const ShapeEntry &entry, std::string_view value)
{
    switch (entry.use) {
    case Use::Time:
        if (entry.outer) {
            m_row.envelopeTime = value;
        } else {
            m_timeTexts.push_back({&entry, entry.field, value});
        }
        break;
    case Use::Epoch: {
        Timestamp &slot = entry.outer ? m_row.outerEpoch : m_row.epoch;
        if (slot == kNoTime && value != "0") {
            slot = parseEpoch(trim(value)).value_or(kNoTime);
        }
        break;
    }
    case Use::Zone:
        m_row.zone = value;
        extra(entry, value, false);
        break;
    case Use::MonthName:
        m_row.parts[4] = std::max(m_row.parts[4], monthNumber(value));
        break;
    case Use::Second:
    case Use::Minute:
    case Use::Hour:
    case Use::Day:
    case Use::Month:
        m_row.parts[partOf(entry.use)] = std::max(m_row.parts[partOf(entry.use)], smallNumber(value));
        break;
    case Use::Year:
        m_row.parts[5] = std::max(m_row.parts[5], smallNumber(value));
        break;
    default:
        break;
    }
}

void RecordMapper::text(Field field, std::string_view value, bool member)
{
    if (member) {
        m_builder->set(field, value);
    } else {
        m_builder->setFirst(field, value);
    }
}

void RecordMapper::integer(const ShapeEntry &entry, Field field, std::string_view value, bool member)
{
    if (!member && m_builder->has(field)) {
        return;
    }
    if (const auto number = parseInteger(trim(value))) {
        m_builder->setInteger(field, *number);
    } else {
        extra(entry, value, member);
    }
}

void RecordMapper::extra(const ShapeEntry &entry, std::string_view value, bool member)
{
    event::BlockBuilder::Handle handle = entry.extra;
    if (handle == m_overflow) {
        handle = m_builder->extraHandle(entry.token);
        if (handle == m_overflow) {
            m_builder->set(handle, entry.token + '=' + std::string(value));
            return;
        }
    }
    if (member) {
        m_builder->set(handle, value);
    } else {
        m_builder->setFirst(handle, value);
    }
}

void RecordMapper::user(const ShapeEntry &entry, std::string_view value)
{
    if (m_builder->setFirst(entry.field, value) && isMailAddress(value)) {
        text(Field::UserEmail, value, false);
    }
}

/// "a|b||c": one member each; empty ones say nothing.
void RecordMapper::members(const ShapeEntry &entry, std::string_view value)
{
    if (value.find('|') == std::string_view::npos) {
        text(entry.field, value, false);
        return;
    }
    if (m_builder->has(entry.field)) {
        return;
    }
    for (const std::string_view part : split(value, '|')) {
        if (const std::string_view one = trim(part); !saysNothing(one)) {
            m_builder->set(entry.field, one);
        }
    }
}

/// The new value of an audited object is JSON in a string; that of a sign-in holds where it came from.
void RecordMapper::auditValue(const ShapeEntry &entry, std::string_view value, bool member)
{
    extra(entry, value, member);
    constexpr std::string_view kName = "\"remoteIP\"";
    const std::size_t name = value.find(kName);
    const std::size_t open = name == std::string_view::npos ? name : value.find('"', name + kName.size());
    const std::size_t close = open == std::string_view::npos ? open : value.find('"', open + 1);
    if (close != std::string_view::npos) {
        const std::string_view address = value.substr(open + 1, close - open - 1);
        if (IpAddress::parse(address) && !isZeroAddress(address)) {
            text(entry.field, address, false);
        }
    }
}

void RecordMapper::host(const ShapeEntry &entry, std::string_view value)
{
    const HostNames::Name name = m_hosts.canonical(value);
    if (name.text.empty()) {
        return;
    }
    if (!name.address) {
        text(entry.field, name.text, false);
    }
    if (entry.use == Use::Host) {
        text(Field::UrlDomain, name.text, false);
    }
}

void RecordMapper::url(std::string_view value)
{
    if (!m_row.url.empty()) {
        return;
    }
    m_row.url = value;
    const UrlParts parts = splitUrl(value);
    m_builder->expect(m_builder->handle(Field::UrlPath), parts.path);
    m_builder->expect(m_builder->handle(Field::UrlQuery), parts.query);
    m_builder->set(Field::UrlOriginal, value);
    if (!parts.path.empty()) {
        m_builder->set(Field::UrlPath, parts.path);
    }
    if (parts.hasQuery && !parts.query.empty()) {
        m_builder->set(Field::UrlQuery, parts.query);
    }
}

/// DNS answers: addresses are resolved addresses, words in the way of NXDOMAIN are response codes, the rest is kept as
/// it is.
void RecordMapper::answer(const ShapeEntry &entry, std::string_view value)
{
    bool addresses = false;
    for (const std::string_view part : split(value, ',')) {
        const std::string_view one = trim(part);
        if (IpAddress::parse(one) && !isZeroAddress(one)) {
            m_builder->set(Field::DnsResolvedIp, one);
            addresses = true;
        }
    }
    if (addresses) {
        return;
    }
    const bool code = value.size() <= 32 && value.find_first_of(". :") == std::string_view::npos;
    if (code) {
        m_spares.push_back({&entry, Field::DnsResponseCode, value});
    } else if (!isZeroAddress(value)) {
        extra(entry, value, false);
    }
}

void RecordMapper::judge(std::string_view action)
{
    if (action != m_lastAction) {
        m_lastOutcome = outcomeOf(action);
        m_lastAction = std::string(action);
    }
    m_row.outcome = std::max(m_row.outcome, m_lastOutcome);
}

void RecordMapper::finishSpares()
{
    for (const Spare &spare : m_spares) {
        if (m_builder->has(spare.field)) {
            if (spare.entry->use == Use::Answer) {
                extra(*spare.entry, spare.value, false);
            }
        } else if (event::info(spare.field).kind == event::Kind::Integer) {
            integer(*spare.entry, spare.field, spare.value, false);
        } else if (spare.entry->use == Use::User) {
            user(*spare.entry, spare.value);
        } else if (spare.entry->use == Use::Host || spare.entry->use == Use::Name) {
            host(*spare.entry, spare.value);
        } else {
            m_builder->set(spare.field, spare.value);
        }
    }
}

/// The record's epoch first, then its written time, then its date parts, then what stands outside of it.
void RecordMapper::finishTime()
{
    Timestamp time = m_row.epoch;
    std::stable_sort(m_timeTexts.begin(), m_timeTexts.end(), [](const Spare &left, const Spare &right) {
        return (left.entry->flags & kSpare) < (right.entry->flags & kSpare);
    });
    for (const Spare &text : m_timeTexts) {
        if (time == kNoTime) {
            time = m_times.read(text.value, m_row.zone);
            if (time != kNoTime) {
                continue;
            }
        }
        const bool repeated = &text != &m_timeTexts.front() && text.value == m_timeTexts.front().value;
        if (!repeated && !(m_row.epoch != kNoTime && &text == &m_timeTexts.front())) {
            extra(*text.entry, text.value, false);
        }
    }
    if (time == kNoTime) {
        time = m_times.fromParts(m_row.parts, m_row.zone, m_row.outerEpoch);
    }
    if (time == kNoTime && !m_row.envelopeTime.empty()) {
        time = m_times.read(m_row.envelopeTime, m_row.zone);
    }
    m_builder->setTime(time == kNoTime ? m_row.outerEpoch : time);
}

} // namespace nightjar::logs
