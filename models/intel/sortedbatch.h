// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/indicator.h"

#include <array>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nightjar::intel {

/// Indicators of one import on their way into tables that are keyed by fingerprint: handed out in order of it, since
/// rows in order fill one page after the other, while millions in random order read and write each page again and
/// again. Beyond some megabytes they wait in unnamed temporary files, one for each part of the fingerprints' range.
/// `source` is not kept. Thread: one owner. Error NJ-INTEL-045: no room for the files.
class SortedBatch {
public:
    Status add(const Indicator &indicator, std::uint64_t fingerprint);
    /// Everything, ascending by fingerprint, equal ones in the order in which they came; empty afterwards. An error of
    /// `use` ends it.
    using Use = std::function<Status(const Indicator &, std::uint64_t fingerprint)>;
    Status drain(const Use &use);

private:
    static constexpr std::size_t kParts = 64;
    struct Close {
        void operator()(std::FILE *file) const { std::fclose(file); }
    };
    Status spill();
    static Status drainPart(const std::string &bytes, const Use &use);

    std::array<std::string, kParts> m_parts; ///< not written yet
    std::array<std::unique_ptr<std::FILE, Close>, kParts> m_files;
    std::size_t m_held = 0;
};

} // namespace nightjar::intel
