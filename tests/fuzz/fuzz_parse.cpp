// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"
#include "logs/parser.h"

#include "base/text.h"
#include "event/builder.h"

#include <nlohmann/json.hpp>

namespace {

using namespace nightjar;
using namespace nightjar::logs;

class StoppedClock : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return 1'700'000'000 * kMicrosPerSecond; }
};

std::vector<std::string> parsed(RecordParser &parser, event::BlockBuilder &builder, const RecordBatch &batch,
                                std::size_t &rejects)
{
    std::vector<Reject> found;
    parser.parse(batch, builder, found);
    const event::EventBlock block = builder.finish();
    fuzz::require(block.rows() + found.size() == batch.records.size() + batch.rejects.size(),
                  "a record is neither an event nor a reject");
    rejects += found.size();
    std::vector<std::string> events;
    for (std::size_t row = 0; row < block.rows(); ++row) {
        events.push_back(block.toJson(row));
    }
    for (const Reject &reject : found) {
        fuzz::require(nlohmann::json::accept(rejectToJson("f", reject)), "a reject is no JSON", reject.raw);
    }
    return events;
}

} // namespace

/// Input: a whole source, as it comes from outside: envelopes, encodings and log types mixed. Every record becomes one
/// event, which is JSON, or one reject; and a parser that has learned the feed's keys says what a new one says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const StoppedClock kClock;
    const ParseOptions options{.forcedType = {}, .zone = {}, .clock = &kClock};
    RecordFramer framer;
    framer.feed(std::string_view(reinterpret_cast<const char *>(data), size));
    RecordParser parser(options);
    event::BlockBuilder builder;
    while (const auto batch = framer.finish()) {
        std::size_t rejects = 0;
        const std::vector<std::string> events = parsed(parser, builder, *batch, rejects);
        std::vector<std::string> alone;
        std::size_t rejectsAlone = batch->rejects.size();
        for (const RecordSpan &span : batch->records) {
            RecordParser fresh(options);
            RecordBatch one;
            one.bytes = batch->bytes;
            one.records = {span};
            one.header = batch->header;
            for (std::string &event : parsed(fresh, builder, one, rejectsAlone)) {
                alone.push_back(std::move(event));
            }
        }
        fuzz::require(events.size() == alone.size() && rejects == rejectsAlone, "what was learned changes the count");
        for (std::size_t i = 0; i < events.size(); ++i) {
            fuzz::require(nlohmann::json::accept(events[i]), "an event is no JSON", events[i]);
            // Columns stand in the order in which a block met them.
            fuzz::require(nlohmann::json::parse(events[i]) == nlohmann::json::parse(alone[i]),
                          "what was learned changes an event", events[i], alone[i]);
        }
    }
    return 0;
}
