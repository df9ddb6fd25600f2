// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace nightjar::store {

/// An SQLite result code as an error in the user's words. `message` is SQLite's own text.
Error databaseError(int code, std::string_view message, const std::string &file);

} // namespace nightjar::store
