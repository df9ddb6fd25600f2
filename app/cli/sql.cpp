// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace nightjar::cli {

namespace {

using Json = nlohmann::ordered_json;

Json cellJson(const workspace::SqlValue &value)
{
    return std::visit(
        [](const auto &v) {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::monostate>) {
                return Json();
            } else {
                return Json(v);
            }
        },
        value);
}

int runSql(Context &context, const std::string &statement)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto done = space->search().sql(
        statement, context.cancel, [](std::span<const std::string> names, std::span<const workspace::SqlValue> row) {
            Json json = Json::object();
            for (std::size_t i = 0; i < row.size(); ++i) {
                json[names[i]] = cellJson(row[i]);
            }
            return printLine(json.dump(-1, ' ', false, Json::error_handler_t::replace));
        });
    return done ? finish(context, kDone) : failed(done.error());
}

} // namespace

void addSql(CLI::App &app, Context &context)
{
    auto statement = std::make_shared<std::string>();
    CLI::App *sql = addVerb(app, context, "sql", "Read-only SQL over the table events");
    sql->add_option("statement", *statement,
                    "For example 'SELECT user_name, count(*) FROM events GROUP BY 1 ORDER BY 2 DESC LIMIT 10'")
        ->required();
    sql->callback(
        [&context, statement] { context.run = [&context, statement] { return runSql(context, *statement); }; });
}

} // namespace nightjar::cli
