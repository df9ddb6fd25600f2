// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/importer.h"

#include <string>
#include <string_view>
#include <unordered_set>

/// Where the readers of all formats put what they find: counts, takes doubles out, adds what the delivery says as a
/// whole. For the importer only. Thread: one owner.
namespace nightjar::intel {

class ImportCollector {
public:
    ImportCollector(const ImportDefaults &defaults, const IndicatorSink &sink, const ImportHooks &hooks)
        : m_defaults(defaults)
        , m_sink(sink)
        , m_hooks(hooks)
    {
    }

    /// `place` is shown for a refused value: the line, or the ordinal of the object.
    Status take(Result<Indicator> &&result, std::uint64_t place, std::string_view text);
    void refuse(std::uint64_t place, std::string reason, std::string_view text);
    /// A part that is understood and cannot be matched: "process:name".
    void leaveOut(const std::string &kind);
    /// True once the import is to stop.
    bool cancelled();

    [[nodiscard]] const ImportDefaults &defaults() const { return m_defaults; }
    ImportReport &report() { return m_report; }

private:
    const ImportDefaults &m_defaults;
    const IndicatorSink &m_sink;
    const ImportHooks &m_hooks;
    ImportReport m_report;
    std::unordered_set<std::uint64_t> m_seen;
};

} // namespace nightjar::intel
