// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "base/time.h"
#include "intel/listwriter.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nightjar::intel {
class IndicatorSet;
struct Selection;
} // namespace nightjar::intel

namespace nightjar::workspace {

class Engine;

/// Called with the name of the stage and how much of it is done, 0 to 1.
using StageProgress = std::function<void(const std::string &stage, double fraction)>;

/// What came of one or several deliveries of indicators.
struct IntelSummary {
    std::int64_t import = 0; ///< the last one
    std::int64_t read = 0, added = 0, updated = 0, invalid = 0, warned = 0, sightings = 0, alerts = 0, revoked = 0;
    std::int64_t expired = 0; ///< over before they came
    std::vector<std::pair<std::string, std::int64_t>> byType;
    std::vector<std::pair<std::uint64_t, std::string>> invalidRows; ///< line, reason (bounded)
    double seconds = 0, huntSeconds = 0;
    std::int64_t eventsHunted = 0;
    std::vector<Error> problems; ///< that stopped a part of it (one collection of several), not the whole
};

/// Indicators. Thread: any.
class IntelService {
public:
    using Summary = IntelSummary;
    struct Row {
        std::string type, value, source, threat;
        Timestamp firstSeen = kNoTime, validUntil = kNoTime;
        int confidence = -1;   ///< −1: the source says nothing
        bool detecting = true; ///< false: context only
    };
    explicit IntelService(Engine &engine)
        : m_engine(engine)
    {
    }
    /// Imports and hunts every new indicator over all stored events.
    Result<Summary> importFile(const std::filesystem::path &path, const std::string &source,
                               const StageProgress &progress, const CancelToken &cancel);
    /// How the next imports are read; what is not set stays as it is usual.
    struct Delivery {
        Timestamp at = kNoTime; ///< of the delivery; kNoTime: now
        int toIds = 0;          ///< intel::ToIdsChoice
        bool accept = false;    ///< take what looks broken or poisoned
    };
    Result<Summary> importDelivery(const std::filesystem::path &path, const std::string &source,
                                   const Delivery &delivery, const StageProgress &progress, const CancelToken &cancel);
    Result<std::int64_t> undo(std::int64_t import);
    Result<std::vector<Row>> list(const std::string &text, std::size_t limit);

    /// What goes into a list for others.
    struct ListOptions {
        intel::ListFormat format = intel::ListFormat::Csv;
        std::string text;                       ///< only values that contain it
        intel::Tlp highest = intel::Tlp::Green; ///< what is marked stricter stays; what is not marked goes
        bool expired = false;                   ///< also what is over
    };
    struct ListSummary {
        std::int64_t written = 0;
        std::int64_t restricted = 0; ///< left out because of their marking
        std::int64_t ended = 0;      ///< left out because they are over or taken back
        std::int64_t unfit = 0;      ///< that the format has no words for
    };
    /// Writes indicators for other programs; `sink` is given the document piece by piece.
    Result<ListSummary> exportList(const ListOptions &options, const std::function<void(std::string_view)> &sink);

    struct Found {
        std::int64_t total = 0; ///< indicators that are active
        std::int64_t matching = 0;
        std::vector<Row> rows; ///< the first ones, without firstSeen
    };
    /// Active indicators whose value contains the text, from the set in memory.
    Result<Found> find(const std::string &text, std::size_t limit, const CancelToken &cancel);

    /// An indicator met in a stored event.
    struct Sighting {
        std::int64_t event = 0;
        Timestamp time = kNoTime;
        std::string field, value, indicator, type, source;
        bool early = false; ///< before the indicator's published start
    };
    struct Hunt {
        std::int64_t indicators = 0, events = 0, blocksSkipped = 0, sightings = 0;
        double seconds = 0;
        Timestamp from = kNoTime, to = kNoTime;                     ///< of the events looked at
        std::vector<Sighting> found;                                ///< the first 100,000
        std::vector<std::pair<std::uint64_t, std::string>> invalid; ///< number of the value, why it is none
    };
    /// Looks for values, or for what an import brought, in all stored events. A look: it raises no alert.
    Result<Hunt> hunt(const std::vector<std::string> &values, const StageProgress &progress, const CancelToken &cancel);
    Result<Hunt> huntImport(std::int64_t import, const StageProgress &progress, const CancelToken &cancel);

    /// Takes a warning list of MISP into the workspace (again: instead of the one before); its title and size. What
    /// comes in from then on is checked against it.
    Result<std::pair<std::string, std::size_t>> importWarningList(const std::filesystem::path &path);

    /// All active indicators, ready for matching.
    Result<std::shared_ptr<const intel::IndicatorSet>> indicators();
    struct Choice {
        std::size_t places = 25'000;
        Timestamp at = kNoTime; ///< kNoTime: now
        std::int64_t horizonMicros = 7 * kMicrosPerDay;
    };
    /// The entries that are worth the places of a deny list.
    Result<std::shared_ptr<const intel::Selection>> select(const Choice &choice);

private:
    Engine &m_engine;
};

} // namespace nightjar::workspace
