// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/indicatorfile.h"

#include "sources/input.h"

#include <span>

namespace nightjar::workspace {

namespace {

constexpr std::size_t kChunk = 256 * 1024;

void addReport(intel::ImportReport &sum, intel::ImportReport &&one)
{
    sum.read += one.read;
    sum.unique += one.unique;
    sum.invalid += one.invalid;
    sum.contextOnly += one.contextOnly;
    sum.cancelled = sum.cancelled || one.cancelled;
    sum.format = sum.format.empty() ? one.format : sum.format;
    for (std::size_t i = 0; i < sum.byType.size(); ++i) {
        sum.byType[i] += one.byType[i];
    }
    for (const auto &[kind, count] : one.leftOut) {
        sum.leftOut[kind] += count;
    }
    for (intel::InvalidRow &row : one.invalidRows) {
        if (sum.invalidRows.size() < intel::ImportReport::kMaxInvalidRows) {
            sum.invalidRows.push_back(std::move(row));
        }
    }
}

} // namespace

Result<intel::ImportReport> readIndicatorFile(const std::filesystem::path &path, const intel::ImportDefaults &defaults,
                                              const intel::IndicatorSink &sink, const intel::ImportHooks &hooks)
{
    auto input = sources::Input::open(path);
    if (!input) {
        return fail(input.error());
    }
    intel::ImportReport sum;
    const intel::ByteFunction bytes = [&](std::string &buffer) -> Status {
        buffer.resize(kChunk);
        const auto got = (*input)->read(std::span<char>(buffer.data(), buffer.size()));
        buffer.resize(got.value_or(0));
        return got ? Status() : fail(got.error());
    };
    for (;;) {
        const auto more = (*input)->nextMember();
        if (!more) {
            return fail(more.error());
        }
        if (!*more || sum.cancelled) {
            return sum;
        }
        auto one = intel::importStream(bytes, (*input)->totalBytes(), path, defaults, sink, hooks);
        if (!one) {
            return fail(one.error());
        }
        addReport(sum, std::move(*one));
    }
}

} // namespace nightjar::workspace
