// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/framer.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace nightjar::sources {

/// Cuts a TCP stream of log records: lines, or frames with an octet count in front, told apart frame by frame (RFC 6587
/// sections 3.4.1 and 3.4.2). A frame may be split over any number of segments. Records are passed on whole, with
/// their syslog header. Line ends, NUL bytes and blank lines between records are left out. Thread: one owner.
class SyslogFramer {
public:
    /// Longer records become rejects NJ-LOGS-001 with their first 64 KiB; the rest of them is passed over.
    explicit SyslogFramer(std::size_t maxRecordBytes);

    /// Appends what is complete to `into`.
    void feed(std::string_view bytes, logs::RecordBatch &into);
    /// The connection has ended: a last line without line end is a record, an unfinished counted frame a reject
    /// NJ-SOURCES-023.
    void finish(logs::RecordBatch &into);
    /// Bytes of the record that has begun and not ended.
    [[nodiscard]] std::size_t waiting() const { return m_partial.size(); }

private:
    enum class Head : std::uint8_t { Line, Counted, Unknown };
    [[nodiscard]] Head headOf(std::string_view bytes, std::size_t &headSize, std::uint64_t &count) const;
    std::size_t frame(std::string_view bytes, logs::RecordBatch &into);
    std::size_t skip(std::string_view bytes);
    void emit(std::string_view record, logs::RecordBatch &into);
    void rejectLong(std::string_view beginning, logs::RecordBatch &into);

    std::size_t m_maxRecordBytes;
    std::string m_partial;
    std::size_t m_searched = 0;      ///< no line end in so many bytes of m_partial
    std::uint64_t m_skipCounted = 0; ///< bytes of a frame that was too long
    bool m_skipLine = false;
    bool m_counted = false; ///< the frame before was a counted one
    bool m_first = true;
    std::uint64_t m_index = 0;
};

} // namespace nightjar::sources
