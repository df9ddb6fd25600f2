// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"
#include "logs/layouts.h"
#include "logs/record.h"

#include "base/text.h"

#include <array>

namespace {

using namespace nightjar;
using namespace nightjar::logs;

using Scan = std::optional<ScanProblem> (*)(std::string_view, RecordFields &);

template <char Delimiter>
std::optional<ScanProblem> scanRow(std::string_view record, RecordFields &out)
{
    static const std::vector<std::string> kNames{"datetime", "url", "action", "user"};
    return scanCsv(record, Delimiter, kNames, out);
}

std::optional<ScanProblem> scanLayout(std::string_view record, RecordFields &out)
{
    LayoutScanner scanner;
    return scanner.scan(record, out) ? std::nullopt : std::optional(ScanProblem{0, "no layout"});
}

constexpr std::array<Scan, 8> kScans{scanJson,  scanRow<','>, scanRow<'\t'>, scanKeyValue,
                                     scanCaret, scanCef,      scanLeef,      scanLayout};

std::string described(const RecordFields &fields)
{
    std::string out;
    for (const RecordField &field : fields.fields) {
        out += std::string(field.key) + '=' + std::string(field.value) + ' ' +
               std::to_string(static_cast<int>(field.kind)) + (field.member ? "m" : "") + (field.outer ? "o" : "") +
               '\n';
    }
    return out;
}

} // namespace

/// Input: one byte that names the encoding, then records by line. Every value is UTF-8, every problem lies within its
/// record, and what a scanner remembers of the records before changes nothing but its speed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Choices choices(data, size);
    const Scan scan = kScans[choices.next() % kScans.size()];
    RecordFields learned;
    for (const std::string_view record : split(choices.rest(), '\n')) {
        RecordFields fresh;
        const auto problem = scan(record, fresh);
        learned.clear();
        const auto again = scan(record, learned);
        fuzz::require(problem.has_value() == again.has_value(), "hints change whether a record is read", record);
        if (problem) {
            fuzz::require(problem->offset <= record.size() && !problem->reason.empty(), "a problem lies outside",
                          record);
            fuzz::require(problem->offset == again->offset && problem->reason == again->reason,
                          "hints change the problem", problem->reason, again->reason);
            continue;
        }
        fuzz::require(fresh.fields.size() <= kMaxRecordFields + 16, "too many fields");
        for (const RecordField &field : fresh.fields) {
            fuzz::require(isValidUtf8(field.key), "a key is no UTF-8", field.key);
            fuzz::require(isValidUtf8(field.value), "a value is no UTF-8", field.value);
        }
        fuzz::require(described(fresh) == described(learned), "hints change the fields", described(fresh),
                      described(learned));
    }
    return 0;
}
