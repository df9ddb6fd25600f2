// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "event/block.h"
#include "event/builder.h"

#include <string_view>

namespace nightjar::intel {

/// Appends one flat JSON event to `builder` as a row: names of the event schema, `zscaler.*`, or the short keys of
/// Zscaler's feeds (url, host, sip, cip, req, res, cdip, cdfqdn, sdip, bamd5, sha256, df_hostname, time, log …). Keys
/// that are not known become `zscaler.<key>`. Values: strings, numbers, lists of them.
/// Error NJ-INTEL-030: not a JSON object.
Status appendFlatEvent(event::BlockBuilder &builder, std::string_view json);

} // namespace nightjar::intel
