// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "workspace/feedservice.h"
#include "workspace/upkeepservice.h"

#include "base/files.h"
#include "base/text.h"
#include "workspace/feedformats.h"
#include "workspace/healthjson.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <thread>

/// Receives until interrupted: NSS over TCP, Cloud NSS over HTTP, folders that fill.
namespace nightjar::cli {

namespace {

using Json = nlohmann::ordered_json;
using workspace::ReceiverConfig;
using workspace::ReceiverKind;

constexpr std::uint64_t kMaxTokenBytes = 4'096;
constexpr std::uint64_t kMaxFormatBytes = 1U << 20U;

struct ListenArguments {
    std::string syslog, syslogTls, http, watch;
    std::filesystem::path tokenFile, certificate, key;
    std::vector<std::string> allowed;
    std::string type, zone, format, escape;
    std::string silent = "15m";
};

/// What the first line calls a receiver.
struct Wanted {
    std::string name;
    ReceiverConfig config;
};

Result<std::string> readToken(const std::filesystem::path &file)
{
    const auto text = readFile(file, kMaxTokenBytes);
    if (!text) {
        return fail(text.error());
    }
    if (trim(*text).size() < 8) {
        return fail(Error{"NJ-CLI-020", "The token is too short", "it has fewer than 8 characters",
                          Place{file.string(), 0, 0}, "Make one with: openssl rand -hex 24"});
    }
    return workspace::ReceiveService::hashOf(std::string(trim(*text)));
}

Result<std::vector<Wanted>> wantedOf(const ListenArguments &a)
{
    ReceiverConfig common;
    for (const std::string &network : a.allowed) {
        common.allowed += (common.allowed.empty() ? "" : ",") + network;
    }
    common.forcedType = a.type;
    common.zone = a.zone;
    common.enabled = false; // it runs as long as the command does
    const auto patience = a.silent == "0" ? std::optional<std::int64_t>(0) : parseDuration(a.silent);
    if (!patience) {
        return fail("NJ-CLI-021", "\"" + a.silent + "\" is no duration", {}, "For example 15m, 1h, or 0 for never.");
    }
    common.patienceMicros = *patience;
    std::vector<Wanted> wanted;
    const auto add = [&](const char *name, ReceiverKind kind, const std::string &place, bool tls) {
        if (!place.empty()) {
            ReceiverConfig config = common;
            config.kind = kind;
            config.place = place;
            config.certificate = tls ? a.certificate.string() : "";
            config.privateKey = tls ? a.key.string() : "";
            wanted.push_back({name, std::move(config)});
        }
    };
    add("syslog", ReceiverKind::Nss, a.syslog, false);
    if (!a.syslogTls.empty() && a.certificate.empty()) {
        return fail("NJ-CLI-022", "--syslog-tls needs a certificate", {}, "Give --cert and --key.");
    }
    add("syslog_tls", ReceiverKind::Nss, a.syslogTls, true);
    add("http", ReceiverKind::CloudNss, a.http, true);
    if (!a.watch.empty()) {
        std::error_code problem;
        add("watch", ReceiverKind::Folder, std::filesystem::absolute(a.watch, problem).string(), false);
    }
    for (Wanted &receiver : wanted) {
        if (receiver.config.kind == ReceiverKind::CloudNss && !a.tokenFile.empty()) {
            const auto token = readToken(a.tokenFile);
            if (!token) {
                return fail(token.error());
            }
            receiver.config.tokenHash = *token;
        }
    }
    return wanted;
}

/// Tells on stderr what the receivers met, each kind of event at most once a second.
class NoticePrinter {
public:
    void print(const std::vector<workspace::ReceiverInfo> &receivers)
    {
        for (const auto &receiver : receivers) {
            for (const sources::Notice &notice : receiver.health.notices) {
                std::int64_t &told = m_told[receiver.key + '\n' + notice.text];
                if (notice.count > told) {
                    std::fprintf(stderr, "%s %s: %s (%lld)\n", formatIsoTime(notice.last).c_str(),
                                 visible(receiver.key).c_str(), visible(notice.text).c_str(),
                                 static_cast<long long>(notice.count));
                    told = notice.count;
                }
            }
        }
    }
    /// What an earlier run met is known.
    void skip(const std::vector<workspace::ReceiverInfo> &receivers)
    {
        for (const auto &receiver : receivers) {
            for (const sources::Notice &notice : receiver.health.notices) {
                m_told[receiver.key + '\n' + notice.text] = notice.count;
            }
        }
    }

private:
    std::map<std::string, std::int64_t> m_told;
};

std::string summaryJson(const workspace::LiveTotals &t, double seconds,
                        const std::vector<workspace::ReceiverInfo> &receivers)
{
    const ProcessUsage usage = processUsage();
    Json sources = Json::array();
    for (const auto &receiver : receivers) {
        sources.push_back({{"source", receiver.key},
                           {"address", receiver.address},
                           {"health", Json::parse(workspace::healthJson(receiver.health), nullptr, false)}});
    }
    const Json stages = {{"parse", t.stages.parse},     {"deduplicate", t.stages.deduplicate},
                         {"detect", t.stages.detect},   {"encode", t.stages.encode},
                         {"anomaly", t.stages.anomaly}, {"store", t.stages.store}};
    const Json json = {{"records", t.records},
                       {"events", t.events},
                       {"duplicates", t.duplicates},
                       {"quarantined", t.quarantined},
                       {"alerts", t.alerts},
                       {"seconds", seconds},
                       {"bytes", t.bytes},
                       {"events_per_second", seconds > 0 ? static_cast<double>(t.events) / seconds : 0},
                       {"peak_rss_bytes", usage.peakResidentBytes},
                       {"cpu_seconds", usage.cpuSeconds},
                       {"stage_cpu_seconds", stages},
                       {"sources", sources}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string summaryText(const workspace::LiveTotals &t, double seconds)
{
    std::string text = groupThousands(t.records) + " records received, " + groupThousands(t.events) + " events stored";
    if (t.duplicates > 0) {
        text += ", " + groupThousands(t.duplicates) + " stored before";
    }
    if (t.quarantined > 0) {
        text += ", " + groupThousands(t.quarantined) + " could not be parsed (nightjar-cli quarantine list)";
    }
    return text + ", " + groupThousands(t.alerts) + " new alerts. " +
           std::to_string(static_cast<std::int64_t>(seconds)) + " s";
}

/// Those of the list that this run started.
Result<std::vector<workspace::ReceiverInfo>> ours(workspace::ReceiveService &service,
                                                  const std::map<std::string, std::string> &names)
{
    auto all = service.list();
    if (all) {
        std::erase_if(*all, [&](const workspace::ReceiverInfo &info) { return !names.contains(info.key); });
    }
    return all;
}

/// The name of a kept format; a file's format is kept first.
Result<std::string> formatName(const ListenArguments &a, const std::filesystem::path &folder)
{
    std::error_code problem;
    const workspace::FeedFormats formats(folder);
    if (a.format.empty() || !std::filesystem::is_regular_file(a.format, problem)) {
        return a.format;
    }
    const auto text = readFile(a.format, kMaxFormatBytes);
    if (!text) {
        return fail(text.error());
    }
    return formats.keep({std::filesystem::path(a.format).stem().string(), a.escape, *text});
}

/// Starts them; their names by key.
Result<std::map<std::string, std::string>> startAll(workspace::ReceiveService &service,
                                                    const std::vector<Wanted> &wanted)
{
    std::map<std::string, std::string> names;
    for (const Wanted &receiver : wanted) {
        const auto key = service.save(receiver.config);
        if (!key) {
            return fail(key.error());
        }
        if (auto started = service.start(*key); !started) {
            return fail(started.error());
        }
        names[*key] = receiver.name;
    }
    return names;
}

void receive(const Context &context, workspace::ReceiveService &service,
             const std::map<std::string, std::string> &names)
{
    NoticePrinter notices;
    std::string trouble;
    for (int tick = 0; !context.cancel.cancelled(); ++tick) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (tick % 20 != 0) {
            continue;
        }
        if (const auto infos = ours(service, names)) {
            if (tick == 0) {
                notices.skip(*infos);
            }
            notices.print(*infos);
        }
        const auto refusal = service.trouble();
        const std::string text = refusal ? describe(*refusal) : std::string();
        if (text != trouble && !text.empty()) {
            std::fprintf(stderr, "%s\n", text.c_str());
        }
        trouble = text;
        if (showsProgress(context)) {
            const auto totals = service.totals();
            printProgress(groupThousands(totals.events) + " events");
        }
    }
    endProgress(context);
}

int runListen(Context &context, const ListenArguments &arguments)
{
    auto wanted = wantedOf(arguments);
    if (!wanted) {
        failed(wanted.error());
        return kWrongUse;
    }
    if (wanted->empty()) {
        failed({"NJ-CLI-023",
                "There is nothing to listen on",
                "no receiver is named",
                {},
                "Give --syslog, --syslog-tls, --http or --watch, for example --syslog 127.0.0.1:9014."});
        return kWrongUse;
    }
    const auto space = openWorkspace(context, true, false);
    if (!space) {
        return kFailed;
    }
    const PlaybookWatch playbooks(*space, context);
    const auto format = formatName(arguments, context.workspaceFolder);
    if (!format) {
        return failed(format.error());
    }
    for (Wanted &receiver : *wanted) {
        receiver.config.format = *format;
    }
    workspace::ReceiveService &service = space->receivers();
    const auto start = std::chrono::steady_clock::now();
    const auto names = startAll(service, *wanted);
    const auto started = names ? ours(service, *names) : fail(names.error());
    if (!started) {
        return failed(started.error());
    }
    Json first = Json::object();
    for (const auto &info : *started) {
        first[names->at(info.key)] = info.address;
        if (info.config.kind == ReceiverKind::CloudNss && info.config.tokenHash.empty()) {
            std::fprintf(stderr, "warning: no token is asked for on %s; any program of this machine can send\n",
                         info.address.c_str());
        }
    }
    space->upkeep().start();
    space->feeds().startPolling();
    printLine(first.dump());
    std::fflush(stdout);
    receive(context, service, *names);
    service.stopAll();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto totals = service.totals();
    const auto ended = ours(service, *names);
    if (!ended) {
        return failed(ended.error());
    }
    printLine(context.json ? summaryJson(totals, seconds, *ended) : summaryText(totals, seconds));
    return totals.quarantined > 0 ? kRefused : kDone;
}

} // namespace

void addListen(CLI::App &app, Context &context)
{
    auto a = std::make_shared<ListenArguments>();
    CLI::App *verb = addVerb(app, context, "listen", "Receive NSS and Cloud NSS feeds until interrupted");
    verb->add_option("--syslog", a->syslog, "NSS, LSS or syslog over TCP, ADDRESS:PORT; port 0 picks one");
    verb->add_option("--syslog-tls", a->syslogTls, "The same with TLS; needs --cert and --key");
    verb->add_option("--http", a->http, "Cloud NSS over HTTP, with --cert and --key over HTTPS");
    verb->add_option("--watch", a->watch, "Folder in which files appear, objects copied from S3 for example");
    verb->add_option("--token-file", a->tokenFile, "File with the token that requests must carry in a header");
    CLI::Option *certificate = verb->add_option("--cert", a->certificate, "Certificate chain, PEM");
    CLI::Option *key = verb->add_option("--key", a->key, "Its private key, PEM");
    certificate->needs(key);
    key->needs(certificate);
    verb->add_option("--allow", a->allowed, "Networks that may connect, 10.0.0.0/8 for example; again for more");
    verb->add_option("--type", a->type, "Log type of all records: web, firewall, dns, …");
    verb->add_option("--format", a->format, "The feed's output format: a file, or the name of a kept one");
    verb->add_option("--escape", a->escape, "The feed's escape characters");
    verb->add_option("--tz", a->zone, "Time zone of records that carry none");
    verb->add_option("--gap", a->silent, "Silence that is an alarm, 15m for example; 0: never");
    verb->callback([&context, a] { context.run = [&context, a] { return runListen(context, *a); }; });
}

} // namespace nightjar::cli
