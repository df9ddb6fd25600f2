// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/framer.h"
#include "logs/parser.h"

#include <string>
#include <string_view>
#include <vector>

namespace nightjar::logs::test {

/// All of a text, framed and parsed, as one list of events by their contract JSON.
struct Parsed {
    std::vector<std::string> events;
    std::vector<event::RecordPosition> positions;
    std::vector<Timestamp> times;
    std::vector<Reject> rejects;
};

inline void parseBatch(RecordParser &parser, const RecordBatch &batch, Parsed &out)
{
    event::BlockBuilder builder;
    parser.parse(batch, builder, out.rejects);
    const event::EventBlock block = builder.finish();
    for (std::size_t row = 0; row < block.rows(); ++row) {
        out.events.push_back(block.toJson(row));
        out.positions.push_back(block.positions()[row]);
        out.times.push_back(block.times()[row]);
    }
}

inline Parsed parseText(std::string_view text, const ParseOptions &options = {},
                        std::size_t chunk = std::string_view::npos)
{
    RecordFramer framer;
    RecordParser parser(options);
    Parsed out;
    for (std::size_t at = 0; at < text.size(); at += std::min(chunk, text.size() - at)) {
        framer.feed(text.substr(at, chunk));
        while (auto batch = framer.take()) {
            parseBatch(parser, *batch, out);
        }
    }
    while (auto batch = framer.finish()) {
        parseBatch(parser, *batch, out);
    }
    return out;
}

} // namespace nightjar::logs::test
