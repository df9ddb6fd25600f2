// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/json.h"

#include "cli/command.h"

namespace nightjar::cli {

std::string dump(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool printJson(const Json &json)
{
    return printLine(dump(json));
}

Json errorJson(const Error &error)
{
    return {{"code", error.code},       {"title", error.title},     {"reason", error.reason},
            {"file", error.place.file}, {"line", error.place.line}, {"column", error.place.column},
            {"hint", error.hint}};
}

} // namespace nightjar::cli
