// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench_parse RECORDS ROUNDS [ENCODING]: made-up web records in several encodings, framed, parsed and built into
// blocks on one thread. One line an encoding: bytes a record, events a second of processor time (best round), and the
// part of framing.
#include "event/builder.h"
#include "logs/framer.h"
#include "logs/parser.h"
#include "workspace/demogenerator.h"

#include "base/files.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <ctime>
#include <unistd.h>

namespace {

using nightjar::logs::RecordBatch;
using Members = std::vector<std::pair<std::string, std::string>>;

double processorSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Members membersOf(std::string_view line)
{
    Members members;
    const auto record = nlohmann::ordered_json::parse(line);
    for (const auto &[key, value] : record.at("event").items()) {
        members.emplace_back(key, value.get<std::string>());
    }
    return members;
}

std::string csvOf(const Members &members)
{
    std::string out;
    for (const auto &[key, value] : members) {
        out += (out.empty() ? "\"" : ",\"") + value + '"';
    }
    return out + '\n';
}

std::string csvHeadOf(const Members &members)
{
    std::string out;
    for (const auto &[key, value] : members) {
        out += (out.empty() ? "" : ",") + key;
    }
    return out + '\n';
}

std::string keyValueOf(const Members &members)
{
    std::string out = members.front().second;
    for (std::size_t i = 1; i < members.size(); ++i) {
        out += '\t' + members[i].first + '=' + members[i].second;
    }
    return out + '\n';
}

/// The vendor's CEF names for what they exist for, the token itself for the rest.
std::string cefOf(const Members &members)
{
    static const std::vector<std::pair<std::string_view, std::string_view>> kNames{
        {"hostname", "dhost"},
        {"serverip", "dst"},
        {"ClientIP", "src"},
        {"clientpublicIP", "sourceTranslatedAddress"},
        {"responsesize", "in"},
        {"requestsize", "out"},
        {"url", "request"},
        {"refererURL", "requestContext"},
        {"status", "outcome"},
        {"useragent", "requestClientApplication"},
        {"requestmethod", "requestMethod"},
        {"user", "suser"},
        {"location", "spriv"},
        {"event_id", "externalId"},
        {"filetype", "fileType"},
        {"appname", "destinationServiceName"},
        {"protocol", "app"},
        {"action", "act"},
        {"datetime", "rt"},
        {"urlcategory", "cat"},
    };
    std::string action;
    std::string rest;
    for (const auto &[key, value] : members) {
        const auto known =
            std::find_if(kNames.begin(), kNames.end(), [&](const auto &pair) { return pair.first == key; });
        rest += ' ' + std::string(known == kNames.end() ? std::string_view(key) : known->second) + '=' + value;
        action = key == "action" ? value : action;
    }
    return "Mar  2 07:00:00 zscaler-nss CEF:0|Zscaler|NSSWeblog|5.7|" + action + '|' + action + "|3|" + rest.substr(1) +
           '\n';
}

struct Figures {
    double all = 1e9;
    double framing = 1e9;
    std::size_t events = 0;
    std::size_t rejects = 0;
};

Figures measure(std::string_view text, int rounds)
{
    Figures best;
    for (int round = 0; round < rounds; ++round) {
        nightjar::logs::RecordFramer framer;
        nightjar::logs::RecordParser parser;
        nightjar::event::BlockBuilder builder;
        std::vector<nightjar::logs::Reject> rejects;
        std::size_t events = 0;
        double framing = 0;
        double parsing = 0;
        const auto parse = [&](RecordBatch &&batch) {
            const double begin = processorSeconds();
            builder.borrow(batch.bytes);
            parser.parse(batch, builder, rejects);
            events += builder.finish(std::move(batch.bytes)).rows();
            parsing += processorSeconds() - begin;
        };
        const double begin = processorSeconds();
        constexpr std::size_t kChunk = 1U << 20U;
        for (std::size_t at = 0; at < text.size(); at += kChunk) {
            framer.feed(text.substr(at, kChunk));
            while (auto batch = framer.take()) {
                parse(std::move(*batch));
            }
        }
        while (auto batch = framer.finish()) {
            parse(std::move(*batch));
        }
        const double all = processorSeconds() - begin;
        framing = all - parsing;
        if (all < best.all) {
            best = {all, framing, events, rejects.size()};
        }
    }
    return best;
}

void report(const char *name, const std::string &text, std::size_t records, int rounds)
{
    const Figures figures = measure(text, rounds);
    const auto count = static_cast<double>(std::max<std::size_t>(records, 1));
    std::printf("%-10s %6.0f B/record  %9.0f events/s a core  %.2f us/event, of it framing %.2f  (%zu events, %zu "
                "rejects)\n",
                name, static_cast<double>(text.size()) / count, count / figures.all, figures.all / count * 1e6,
                figures.framing / count * 1e6, figures.events, figures.rejects);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: bench_parse RECORDS ROUNDS [ENCODING]\n");
        return 2;
    }
    const auto records = static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10));
    const int rounds = static_cast<int>(std::strtol(argv[2], nullptr, 10));
    const std::string only = argc > 3 ? argv[3] : "";
    const auto log = std::filesystem::temp_directory_path() / ("nightjar-bench-parse-" + std::to_string(getpid()));
    const auto written = nightjar::workspace::writeBenchmarkLog(log, records, 1);
    const auto text = nightjar::readFile(log, std::size_t{8} << 30U);
    std::filesystem::remove(log);
    if (!written || !text) {
        std::fprintf(stderr, "the records cannot be written\n");
        return 3;
    }
    if (only.empty() || only == "json") {
        report("json", *text, records, rounds);
    }
    if (only == "json") {
        return 0;
    }
    std::string csv;
    std::string keyValue;
    std::string cef;
    for (std::size_t at = 0; at < text->size();) {
        const std::size_t end = std::min(text->find('\n', at), text->size());
        const Members members = membersOf(std::string_view(*text).substr(at, end - at));
        csv += (csv.empty() ? csvHeadOf(members) : "") + csvOf(members);
        keyValue += keyValueOf(members);
        cef += cefOf(members);
        at = end + 1;
    }
    for (const auto &[name, made] : {std::pair{"csv", &csv}, {"key=value", &keyValue}, {"cef", &cef}}) {
        if (only.empty() || only == name) {
            report(name, *made, records, rounds);
        }
    }
    return 0;
}
