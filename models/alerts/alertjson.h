// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"

#include <string>
#include <string_view>

/// The parts of an alert that are kept as JSON text in the catalog, and the alert as the command line prints it.
namespace nightjar::alerts {

/// Reasons, observables, ATT&CK tags and picture. Evidence stands in a table of its own.
std::string detailToJson(const Finding &finding);
/// Fills what detailToJson wrote; unknown or damaged text leaves the parts empty.
void detailFromJson(std::string_view json, Finding &finding);

/// One line of `nightjar-cli alerts`. `whole` adds reasons, evidence, picture and history.
std::string toJson(const Alert &alert, bool whole);

} // namespace nightjar::alerts
