// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/syslogframer.h"

#include <algorithm>
#include <cstring>

namespace nightjar::sources {

namespace {

constexpr std::size_t kMaxCountDigits = 10;

bool isBetween(char c)
{
    return c == '\n' || c == '\r' || c == '\0' || c == ' ';
}

} // namespace

SyslogFramer::SyslogFramer(std::size_t maxRecordBytes)
    : m_maxRecordBytes(maxRecordBytes)
{
}

/// What begins here. Unknown: more bytes are needed to tell.
SyslogFramer::Head SyslogFramer::headOf(std::string_view bytes, std::size_t &headSize, std::uint64_t &count) const
{
    std::size_t digits = 0;
    count = 0;
    while (digits < bytes.size() && digits <= kMaxCountDigits && bytes[digits] >= '0' && bytes[digits] <= '9') {
        count = count * 10 + static_cast<std::uint64_t>(bytes[digits] - '0');
        ++digits;
    }
    if (digits == 0 || digits > kMaxCountDigits || bytes.front() == '0') {
        return Head::Line;
    }
    if (digits == bytes.size() || (bytes[digits] == ' ' && digits + 1 == bytes.size())) {
        return Head::Unknown;
    }
    // A counted frame holds a syslog message, which begins with its priority; relays without headers count JSON.
    const char first = bytes[digits] == ' ' ? bytes[digits + 1] : '\0';
    const bool counted = first == '<' || (first == '{' && (m_counted || m_first));
    headSize = digits + 1;
    return counted ? Head::Counted : Head::Line;
}

void SyslogFramer::emit(std::string_view record, logs::RecordBatch &into)
{
    while (!record.empty() && isBetween(record.back()) && record.back() != ' ') {
        record.remove_suffix(1);
    }
    while (!record.empty() && isBetween(record.front()) && record.front() != ' ') {
        record.remove_prefix(1);
    }
    if (record.empty()) {
        return;
    }
    ++m_index;
    into.records.push_back(
        {into.bytes.size(), static_cast<std::uint32_t>(record.size()), event::RecordPosition{m_index, m_index}});
    into.bytes += record;
}

void SyslogFramer::rejectLong(std::string_view beginning, logs::RecordBatch &into)
{
    ++m_index;
    logs::Reject reject;
    reject.position = {m_index, m_index};
    reject.error = Error{"NJ-LOGS-001", "A record is too long",
                         "it is longer than " + std::to_string(m_maxRecordBytes >> 10U) + " KiB", Place{{}, m_index, 1},
                         "The rest of it is left out; the records behind it are read."};
    reject.raw = beginning.substr(0, logs::kMaxRejectRaw);
    into.rejects.push_back(std::move(reject));
}

/// Passes over the rest of a record that was too long; the bytes used.
std::size_t SyslogFramer::skip(std::string_view bytes)
{
    if (m_skipCounted > 0) {
        const auto used = static_cast<std::size_t>(std::min<std::uint64_t>(m_skipCounted, bytes.size()));
        m_skipCounted -= used;
        return used;
    }
    const std::size_t end = bytes.find('\n');
    m_skipLine = end == std::string_view::npos;
    return m_skipLine ? bytes.size() : end + 1;
}

/// Takes one frame off the front; the bytes used, 0 when it is not complete.
std::size_t SyslogFramer::frame(std::string_view bytes, logs::RecordBatch &into)
{
    std::size_t headSize = 0;
    std::uint64_t count = 0;
    const Head head = headOf(bytes, headSize, count);
    if (head == Head::Unknown) {
        return 0;
    }
    if (head == Head::Counted) {
        if (count > m_maxRecordBytes) {
            const std::size_t here = bytes.size() - headSize;
            if (here < logs::kMaxRejectRaw) {
                return 0; // its beginning is kept, so wait for it
            }
            rejectLong(bytes.substr(headSize), into);
            const auto used = static_cast<std::size_t>(std::min<std::uint64_t>(count, here));
            m_skipCounted = count - used;
            m_counted = true;
            m_first = false;
            return headSize + used;
        }
        if (bytes.size() - headSize < count) {
            return 0;
        }
        emit(bytes.substr(headSize, static_cast<std::size_t>(count)), into);
        m_counted = true;
        m_first = false;
        return headSize + static_cast<std::size_t>(count);
    }
    const std::size_t end = bytes.find('\n', m_searched);
    m_searched = 0;
    if (end == std::string_view::npos) {
        if (bytes.size() > m_maxRecordBytes) {
            rejectLong(bytes, into);
            m_skipLine = true;
            m_first = false;
            return bytes.size();
        }
        m_searched = bytes.size();
        return 0;
    }
    if (end > m_maxRecordBytes) {
        rejectLong(bytes.substr(0, end), into);
    } else {
        emit(bytes.substr(0, end), into);
    }
    m_counted = false;
    m_first = false;
    return end + 1;
}

void SyslogFramer::feed(std::string_view bytes, logs::RecordBatch &into)
{
    const bool joined = !m_partial.empty();
    if (joined) {
        m_partial += bytes;
        bytes = m_partial;
    }
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (m_skipCounted > 0 || m_skipLine) {
            at += skip(bytes.substr(at));
            continue;
        }
        if (isBetween(bytes[at])) {
            m_searched = 0;
            ++at;
            continue;
        }
        const std::size_t used = frame(bytes.substr(at), into);
        if (used == 0) {
            break;
        }
        at += used;
    }
    if (joined) {
        m_partial.erase(0, at);
    } else {
        m_partial.assign(bytes.substr(at));
    }
    if (m_partial.empty()) {
        m_searched = 0;
    }
}

void SyslogFramer::finish(logs::RecordBatch &into)
{
    std::size_t headSize = 0;
    std::uint64_t count = 0;
    if (m_partial.empty()) {
        return;
    }
    if (headOf(m_partial, headSize, count) == Head::Counted) {
        ++m_index;
        logs::Reject reject;
        reject.position = {m_index, m_index};
        reject.error =
            Error{"NJ-SOURCES-023", "A connection ended inside a record",
                  std::to_string(m_partial.size() - headSize) + " of " + std::to_string(count) + " bytes had come in",
                  Place{{}, m_index, 1}, "The sender repeats it when it connects again, if it can."};
        reject.raw = m_partial.substr(headSize, logs::kMaxRejectRaw);
        into.rejects.push_back(std::move(reject));
    } else {
        emit(m_partial, into);
    }
    m_partial.clear();
    m_searched = 0;
}

} // namespace nightjar::sources
