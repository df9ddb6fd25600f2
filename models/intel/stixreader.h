// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/importcollector.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <vector>

namespace nightjar::intel {

/// Collects the objects of STIX 2.0 and 2.1 deliveries in any order; the indicators come out at the end, when markings,
/// identities, relations and sightings are known. Of several versions of one object the newest counts. Thread: one.
class StixReader {
public:
    /// True when the object is STIX and was looked at.
    bool offer(const nlohmann::json &object);
    [[nodiscard]] bool empty() const { return m_objects == 0; }
    Status finish(ImportCollector &out);

private:
    struct Entry {
        std::uint64_t ordinal = 0;
        std::string id, pattern, patternType, name, types, killChain, reference, creator;
        std::vector<std::string> markings;
        Indicator context; ///< times, confidence, revoked
        Timestamp modified = kNoTime;
        bool benign = false;
    };
    void takeIndicator(const nlohmann::json &object, const std::string &id);
    void takeSighting(const nlohmann::json &object);
    [[nodiscard]] Tlp tlpOf(const Entry &entry) const;
    Status give(const Entry &entry, ImportCollector &out) const;

    std::uint64_t m_objects = 0;
    std::vector<Entry> m_entries;
    std::map<std::string, std::size_t> m_byId;
    std::map<std::string, Tlp> m_markings;
    std::map<std::string, std::string> m_names;      ///< of malware, actors, campaigns
    std::map<std::string, std::string> m_indicates;  ///< indicator id → what it indicates
    std::map<std::string, Timestamp> m_lastSighting; ///< by indicator id
};

} // namespace nightjar::intel
