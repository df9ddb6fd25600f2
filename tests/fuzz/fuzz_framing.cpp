// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"

#include <optional>

namespace {

using namespace nightjar;
using namespace nightjar::logs;

fuzz::Framed inPieces(std::string_view text, const FramerOptions &options, std::optional<fuzz::Pieces> pieces)
{
    RecordFramer framer(options);
    fuzz::Framed framed;
    while (!text.empty()) {
        const std::size_t size = std::min(pieces ? pieces->next() : text.size(), text.size());
        framer.feed(text.substr(0, size));
        text.remove_prefix(size);
        while (const auto batch = framer.take()) {
            framed.add(*batch);
        }
    }
    while (const auto batch = framer.finish()) {
        framed.add(*batch);
    }
    return framed;
}

/// A new framer for each batch, as after a crash: it goes on from the state that the batch before left, as text.
fuzz::Framed resumed(std::string_view text, FramerOptions options)
{
    fuzz::Framed framed;
    for (;;) {
        RecordFramer framer(options);
        framer.feed(text.substr(options.resume.offset));
        auto batch = framer.take();
        batch = batch ? std::move(batch) : framer.finish();
        if (!batch) {
            return framed;
        }
        framed.add(*batch);
        const auto state = FramerState::fromText(batch->resume.toText());
        fuzz::require(state.has_value(), "a state does not survive the store");
        fuzz::require(state->offset <= text.size(), "a state lies behind the end");
        options.resume = *state;
    }
}

} // namespace

/// Input: four bytes of choices, then a source. How it comes in pieces, how large the batches are and where framing is
/// broken off must not change a record, its position or its header. With a small limit of a record's size only memory
/// and bounds are looked at: which part of a line that is too long is left out depends on the pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Choices choices(data, size);
    const std::uint8_t mode = choices.next();
    FramerOptions options;
    options.lines = (mode & 1U) != 0;
    options.maxRecords = std::size_t{choices.next()} % 7 + 1;
    const fuzz::Pieces pieces(choices.next(), choices.next());
    const std::string_view text = choices.rest();
    if ((mode & 2U) != 0) {
        options.maxRecordBytes = 48;
        inPieces(text, options, pieces);
        return 0;
    }
    const fuzz::Framed whole =
        inPieces(text, {.maxRecords = 65'536, .resume = {}, .lines = options.lines}, std::nullopt);
    fuzz::requireSame(whole, inPieces(text, options, pieces), "pieces change the records");
    fuzz::requireSame(whole, resumed(text, options), "going on from a stored state changes the records");
    return 0;
}
