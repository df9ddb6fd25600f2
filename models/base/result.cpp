// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

namespace nightjar {

std::string describe(const Error &error)
{
    std::string text = error.code.empty() ? error.title : error.code + ": " + error.title;
    if (!error.reason.empty()) {
        text += ": " + error.reason;
    }
    if (!error.place.file.empty() || error.place.line != 0) {
        text += " (" + error.place.file;
        if (error.place.line != 0) {
            text += (error.place.file.empty() ? "line " : ":") + std::to_string(error.place.line);
        }
        if (error.place.line != 0 && error.place.column != 0) {
            text += ":" + std::to_string(error.place.column);
        }
        text += ")";
    }
    if (!error.hint.empty()) {
        text += "\n  " + error.hint;
    }
    return text;
}

} // namespace nightjar
