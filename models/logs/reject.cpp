// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/reject.h"

#include "base/text.h"

namespace nightjar::logs {

std::string rejectToJson(std::string_view file, const Reject &reject)
{
    std::string out = "{\"file\":";
    appendJsonQuoted(out, file);
    out += ",\"line\":" + std::to_string(reject.position.line);
    out += ",\"index\":" + std::to_string(reject.position.index);
    out += ",\"error\":{\"code\":";
    appendJsonQuoted(out, reject.error.code);
    out += ",\"title\":";
    appendJsonQuoted(out, reject.error.title);
    out += ",\"reason\":";
    appendJsonQuoted(out, reject.error.reason);
    out += ",\"line\":" + std::to_string(reject.error.place.line != 0 ? reject.error.place.line : reject.position.line);
    if (reject.error.place.column != 0) {
        out += ",\"column\":" + std::to_string(reject.error.place.column);
    }
    out += ",\"hint\":";
    appendJsonQuoted(out, reject.error.hint);
    out += "},\"raw\":";
    appendJsonQuoted(out, reject.raw);
    out += '}';
    return out;
}

} // namespace nightjar::logs
