// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"
#include "sources/requestbody.h"
#include "sources/syslogframer.h"

#include <algorithm>
#include <optional>

namespace {

using namespace nightjar;
using namespace nightjar::sources;

fuzz::Framed stream(std::string_view text, std::size_t maxRecordBytes, std::optional<fuzz::Pieces> pieces)
{
    SyslogFramer framer(maxRecordBytes);
    logs::RecordBatch batch;
    while (!text.empty()) {
        const std::size_t size = std::min(pieces ? pieces->next() : text.size(), text.size());
        framer.feed(text.substr(0, size), batch);
        text.remove_prefix(size);
    }
    framer.finish(batch);
    fuzz::Framed framed;
    framed.add(batch);
    return framed;
}

fuzz::Framed body(std::string_view text, std::optional<fuzz::Pieces> pieces)
{
    constexpr std::size_t kLimit = 1U << 20U;
    RequestBody request(kLimit);
    while (!text.empty()) {
        const std::size_t size = std::min(pieces ? pieces->next() : text.size(), text.size());
        request.feed(text.substr(0, size));
        text.remove_prefix(size);
    }
    fuzz::Framed framed;
    for (const logs::RecordBatch &batch : request.finish()) {
        framed.add(batch);
    }
    fuzz::require(request.bytesHeld() <= 4 * kLimit, "a request holds more than it may");
    framed.records.push_back(request.tooLarge() ? "too large" : request.lost() ? "lost" : "taken");
    return framed;
}

} // namespace

/// Input: three bytes of choices, then what a sender sends: a TCP stream of lines and counted frames, or the body of a
/// request, gzip or not. The segments it comes in must not change what is received.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Choices choices(data, size);
    const std::uint8_t mode = choices.next();
    const fuzz::Pieces pieces(choices.next(), choices.next());
    const std::string_view text = choices.rest();
    if ((mode & 1U) == 0) {
        const std::size_t limit = (mode & 2U) == 0 ? 1U << 20U : 64U;
        fuzz::requireSame(stream(text, limit, std::nullopt), stream(text, limit, pieces), "segments change a stream");
    } else {
        fuzz::requireSame(body(text, std::nullopt), body(text, pieces), "segments change a request");
    }
    return 0;
}
