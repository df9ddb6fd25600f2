// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <nlohmann/json.hpp>

#include <string>

/// JSON as the verbs print it: keys in the order of writing, one line, invalid UTF-8 replaced.
namespace nightjar::cli {

using Json = nlohmann::ordered_json;

std::string dump(const Json &json);
/// One object a line to stdout; false when nobody reads any more.
bool printJson(const Json &json);
/// {"code","title","reason","file","line","column","hint"}.
Json errorJson(const Error &error);

} // namespace nightjar::cli
