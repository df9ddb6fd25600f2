// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/wipe.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/terminal.h"

#include <cstdio>
#include <memory>

namespace nightjar::cli {

namespace {

struct SecretArguments {
    std::string name, place, url, user, tokenUrl, clientId, keyFile;
    bool untested = false, oneApi = false;
};

void warnOfEnvironment(workspace::Workspace &space)
{
    if (space.secrets().places().front().usable) {
        std::fprintf(stderr,
                     "warning: environment variables NIGHTJAR_ZIA_… are set; as long as they are, they are used "
                     "instead\n");
    }
}

int list(Context &context)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto secrets = space->secrets().list();
    if (!secrets) {
        return failed(secrets.error());
    }
    for (const workspace::SecretInfo &secret : *secrets) {
        printLine(dump({{"name", secret.name}, {"place", secret.place}, {"where", secret.where}}));
    }
    return kDone;
}

int where(Context &context)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    for (const workspace::SecretPlace &place : space->secrets().places()) {
        printLine(dump({{"place", place.id},
                        {"where", place.where},
                        {"usable", place.usable},
                        {"locked", place.locked},
                        {"why", place.why}}));
    }
    return kDone;
}

int set(Context &context, const SecretArguments &arguments)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    auto value = askLine("Secret \"" + arguments.name + "\"", true);
    if (!value) {
        return failed(value.error());
    }
    const WipeAtEnd wiped(*value);
    const auto kept = space->secrets().set(arguments.name, *value, arguments.place);
    return kept ? static_cast<int>(kDone) : failed(kept.error());
}

int remove(Context &context, const std::string &name)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const auto removed = space->secrets().remove(name);
    if (!removed) {
        return failed(removed.error());
    }
    if (!*removed) {
        std::fprintf(stderr, "There is no secret \"%s\"\n", name.c_str());
    }
    return *removed ? kDone : kRefused;
}

int changePassphrase(Context &context)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    if (const auto opened = space->secrets().list(); !opened) { // asks for the old one
        return failed(opened.error());
    }
    auto passphrase = askLine("New passphrase", true);
    if (!passphrase) {
        return failed(passphrase.error());
    }
    const WipeAtEnd wiped(*passphrase);
    const auto changed = space->secrets().changeVaultPassphrase(*passphrase);
    return changed ? static_cast<int>(kDone) : failed(changed.error());
}

/// The lines of a client of OneAPI, those that the command line has not said.
Result<workspace::TenantLogin> askApiClient(const SecretArguments &arguments)
{
    workspace::TenantLogin login;
    login.url = arguments.url;
    login.tokenUrl = arguments.tokenUrl;
    login.clientId = arguments.clientId;
    if (!arguments.keyFile.empty()) {
        constexpr std::uint64_t kLongestKey = 64U << 10U;
        auto key = readFile(arguments.keyFile, kLongestKey);
        if (!key) {
            return fail(key.error());
        }
        login.privateKey = *key;
        wipe(*key);
    }
    for (const auto &[prompt, answer] :
         {std::pair("API address (https://api.zsapi.net/zia/api/v1)", &login.url),
          std::pair("Token URL (https://<vanity>.zslogin.net/oauth2/v1/token)", &login.tokenUrl),
          std::pair("Client ID", &login.clientId), std::pair("Client secret", &login.clientSecret)}) {
        const bool secret = answer == &login.clientSecret;
        if (!answer->empty() || (secret && !login.privateKey.empty())) {
            continue;
        }
        auto line = askLine(prompt, secret);
        if (!line) {
            wipe(login.privateKey);
            return fail(line.error());
        }
        *answer = *line;
        wipe(*line);
    }
    return login;
}

/// The four lines of a login, those that the command line has not said.
Result<workspace::TenantLogin> askLogin(const SecretArguments &arguments)
{
    workspace::TenantLogin login{arguments.url, arguments.user, {}, {}};
    struct Question {
        const char *prompt;
        std::string *answer;
        bool secret;
    };
    for (const Question &question :
         {Question{"API address (zsapi.<cloud>)", &login.url, false}, Question{"API administrator", &login.user, false},
          Question{"Password", &login.password, true}, Question{"API key", &login.apiKey, true}}) {
        if (!question.answer->empty()) {
            continue;
        }
        auto line = askLine(question.prompt, question.secret);
        if (!line) {
            wipe(login.password);
            return fail(line.error());
        }
        *question.answer = *line;
        wipe(*line);
    }
    return login;
}

int connect(Context &context, const SecretArguments &arguments)
{
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    auto login = arguments.oneApi ? askApiClient(arguments) : askLogin(arguments);
    if (!login) {
        return failed(login.error());
    }
    const WipeAtEnd wipedPassword(login->password);
    const WipeAtEnd wipedKey(login->apiKey);
    const WipeAtEnd wipedSecret(login->clientSecret);
    const WipeAtEnd wipedPrivateKey(login->privateKey);
    Json json;
    if (!arguments.untested) {
        const auto report = space->secrets().test(*login, context.cancel);
        if (!report) {
            std::fprintf(stderr, "The sign-in failed; nothing was kept.\n");
            return failed(report.error());
        }
        json = {{"tenant", report->tenant}, {"simulated", report->simulated}, {"status", report->activation}};
        if (report->passwordExpiryDays >= 0) {
            json["password_expires_in_days"] = report->passwordExpiryDays;
        }
    }
    if (const auto kept = space->secrets().connect(*login, arguments.place); !kept) {
        return failed(kept.error());
    }
    warnOfEnvironment(*space);
    if (const auto connection = space->secrets().connection(); connection.place != "environment") {
        json["kept_in"] = connection.where;
    }
    printLine(dump(json));
    return kDone;
}

int disconnect(Context &context)
{
    const auto space = openWorkspace(context, false, false);
    if (!space) {
        return kFailed;
    }
    const auto removed = space->secrets().disconnect();
    if (!removed) {
        return failed(removed.error());
    }
    warnOfEnvironment(*space);
    std::fprintf(stderr,
                 *removed ? "The login is forgotten; what is blocked in Zscaler stays so.\n" : "No login was kept.\n");
    return *removed ? kDone : kRefused;
}

void addPlace(CLI::App &verb, SecretArguments &arguments)
{
    verb.add_option("--place", arguments.place, "Where to keep it; default: the keychain if there is one")
        ->check(CLI::IsMember({"keychain", "vault"}));
}

} // namespace

void addSecrets(CLI::App &app, Context &context)
{
    auto arguments = std::make_shared<SecretArguments>();
    CLI::App *secrets = addVerb(app, context, "secrets", "Names of secrets and where they are kept; never a value");
    secrets->require_subcommand(1);
    addVerb(*secrets, context, "list", "Names, and the place of each")->callback([&context] {
        context.run = [&context] { return list(context); };
    });
    addVerb(*secrets, context, "where", "The places that there are")->callback([&context] {
        context.run = [&context] { return where(context); };
    });
    CLI::App *setter = addVerb(*secrets, context, "set", "Keep a secret, read from a prompt or stdin");
    setter->add_option("name", arguments->name)->required();
    addPlace(*setter, *arguments);
    setter->callback(
        [&context, arguments] { context.run = [&context, arguments] { return set(context, *arguments); }; });
    CLI::App *remover = addVerb(*secrets, context, "remove", "Forget a secret");
    remover->add_option("name", arguments->name)->required();
    remover->callback(
        [&context, arguments] { context.run = [&context, arguments] { return remove(context, arguments->name); }; });
    addVerb(*secrets, context, "passphrase", "Change the passphrase of the vault file")->callback([&context] {
        context.run = [&context] { return changePassphrase(context); };
    });
}

void addConnect(CLI::App &zia, Context &context)
{
    auto arguments = std::make_shared<SecretArguments>();
    CLI::App *verb = addVerb(zia, context, "connect",
                             "Test a login and keep it; asks for what is missing, or reads it from stdin line by line");
    verb->add_option("--url", arguments->url, "zsapi.<cloud>, or the whole https://…/api/v1");
    verb->add_option("--user", arguments->user, "API administrator");
    verb->add_flag("--oneapi", arguments->oneApi, "A client of OneAPI instead of an administrator");
    verb->add_option("--token-url", arguments->tokenUrl, "https://<vanity>.zslogin.net/oauth2/v1/token");
    verb->add_option("--client-id", arguments->clientId, "ID of the API client");
    verb->add_option("--private-key-file", arguments->keyFile, "PEM file with its key; else its secret is asked");
    verb->add_flag("--no-test", arguments->untested, "Keep it without signing in");
    addPlace(*verb, *arguments);
    verb->callback(
        [&context, arguments] { context.run = [&context, arguments] { return connect(context, *arguments); }; });
    addVerb(zia, context, "disconnect", "Forget the login that is kept")->callback([&context] {
        context.run = [&context] { return disconnect(context); };
    });
}

} // namespace nightjar::cli
