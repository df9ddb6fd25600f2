// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"
#include "event/builder.h"
#include "logs/feedformat.h"
#include "logs/framer.h"
#include "logs/reject.h"

#include <memory>
#include <string>
#include <vector>

namespace nightjar::logs {

struct ParseOptions {
    std::string forcedType;       ///< a log type of the contract; empty: recognised per record
    TimeZone zone;                ///< of the feed; records that name their zone, and epoch times, do without
    const Clock *clock = nullptr; ///< "now" for formats whose times lack the year; null: the machine's
    std::shared_ptr<const FeedFormat> format = nullptr; ///< of every record; null: recognised per record

    /// FramerOptions::lines for records of these options.
    [[nodiscard]] bool framedByLines() const { return format != nullptr && format->isLineOriented(); }
};

/// NJ-LOGS-020 when the options name a log type that does not exist.
Status checkOptions(const ParseOptions &options);

/// Turns framed records into rows. Encodings and log types may be mixed within a source: each record is judged by its
/// own first byte and keys. Rejects: NJ-LOGS-001 too long, -002 broken JSON, -003 broken CSV or key=value, -004 no
/// fields, -005 no known format,
/// -034 does not fit ParseOptions::format. Thread: one owner, one a worker; reuse it, it learns the feed's keys.
class RecordParser {
public:
    explicit RecordParser(const ParseOptions &options = {});
    ~RecordParser();
    RecordParser(RecordParser &&) noexcept;
    RecordParser &operator=(RecordParser &&) noexcept;
    RecordParser(const RecordParser &) = delete;
    RecordParser &operator=(const RecordParser &) = delete;

    /// Every record becomes a row of `builder` or an entry of `rejects`, in order; the batch's own rejects are added
    /// too.
    void parse(const RecordBatch &batch, event::BlockBuilder &builder, std::vector<Reject> &rejects);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nightjar::logs
