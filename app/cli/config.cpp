// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/json.h"

#include <cstdio>
#include <memory>

namespace nightjar::cli {

namespace {

int list(Context &context)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    for (const auto &item : space->settings().list()) {
        printLine(dump({{"key", item.key},
                        {"type", item.type},
                        {"default", item.defaultValue},
                        {"value", item.value},
                        {"range", item.range},
                        {"help", item.help}}));
    }
    return kDone;
}

int get(Context &context, const std::string &key)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto value = space->settings().get(key);
    if (!value) {
        return failed(value.error());
    }
    printLine(*value);
    return kDone;
}

int set(Context &context, const std::string &key, const std::string *value)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    const auto done = value != nullptr ? space->settings().set(key, *value) : space->settings().unset(key);
    return done ? static_cast<int>(kDone) : failed(done.error());
}

} // namespace

void addConfig(CLI::App &app, Context &context)
{
    struct Arguments {
        std::string key, value;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App *config = addVerb(app, context, "config", "Settings of the workspace");
    config->require_subcommand(1);
    addVerb(*config, context, "list", "All settings")->callback([&context] {
        context.run = [&context] { return list(context); };
    });
    CLI::App *getter = addVerb(*config, context, "get", "One value");
    getter->add_option("key", arguments->key)->required();
    getter->callback(
        [&context, arguments] { context.run = [&context, arguments] { return get(context, arguments->key); }; });
    CLI::App *setter = addVerb(*config, context, "set", "Change a value");
    setter->add_option("key", arguments->key)->required();
    setter->add_option("value", arguments->value)->required();
    setter->callback([&context, arguments] {
        context.run = [&context, arguments] { return set(context, arguments->key, &arguments->value); };
    });
    CLI::App *unsetter = addVerb(*config, context, "unset", "Back to the default");
    unsetter->add_option("key", arguments->key)->required();
    unsetter->callback([&context, arguments] {
        context.run = [&context, arguments] { return set(context, arguments->key, nullptr); };
    });
}

} // namespace nightjar::cli
