// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/importcollector.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string_view>

/// Deliveries that are documents rather than lines: JSON (STIX, MISP, OTX, flat objects) and XML (OpenIOC). For the
/// importer only.
namespace nightjar::intel {

/// By its first bytes.
bool isDocument(std::string_view head);

/// Reads a whole document, or one JSON object a line. `path` is where it came from (may be empty): the events of a MISP
/// manifest are read beside it.
Status readDocument(std::string_view text, const std::filesystem::path &path, ImportCollector &out);

/// OpenIOC 1.0 and 1.1. Errors: NJ-INTEL-021 another kind of XML, -025 broken.
Status readOpenIoc(std::string_view text, ImportCollector &out);

/// MISP: an event, or attributes without one (`event` null). Attribute types: MISP core format, facts §2.2.
Status readMispEvent(const nlohmann::json &event, ImportCollector &out);
Status readMispAttributes(const nlohmann::json &holder, const nlohmann::json &event, ImportCollector &out);

/// An OTX pulse with its "indicators".
Status readPulse(const nlohmann::json &pulse, ImportCollector &out);

/// A flat object whose keys are named like the columns of a CSV; false when it holds no indicator column.
Result<bool> readFlatObject(const nlohmann::json &object, std::uint64_t ordinal, ImportCollector &out);

} // namespace nightjar::intel
