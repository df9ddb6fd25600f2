// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/indicator.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Lists with one entry a line: plain values, hosts files, ad-block lists, dnsmasq, value with count.
namespace nightjar::intel {

/// True for blank lines and those that begin with "#", ";", "!" or "//" (an ad-block "||name^" is none).
bool isCommentLine(std::string_view line);
/// The comment without its mark.
std::string_view commentText(std::string_view line);

/// "1.2.3.4:5" of "Network traffic to 1.2.3.4 on port 5", as Sekoia names such indicators; else empty.
std::string trafficTarget(std::string_view text);

/// The indicators of one line; running text is searched for them word by word. Refusals come back as errors. Nothing
/// for lines that say nothing ("127.0.0.1 localhost").
std::vector<Result<Indicator>> readListLine(std::string_view line);

} // namespace nightjar::intel
