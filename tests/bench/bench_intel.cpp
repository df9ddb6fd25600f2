// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench_intel INDICATORS [WORKSPACE-WITH-EVENTS]: makes a CSV of made-up indicators, imports it into a fresh workspace,
// opens it again, looks values up, chooses a deny list, and hunts 100,000 new ones in the past of the other workspace.
// Prints one line a measurement.
#include "base/files.h"
#include "event/builder.h"
#include "intel/flatevent.h"
#include "intel/indicatorset.h"
#include "intel/selection.h"
#include "workspace/intelservice.h"
#include "workspace/workspace.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

using namespace nightjar;
namespace fs = std::filesystem;

namespace {

using SteadyClock = std::chrono::steady_clock;

double since(SteadyClock::time_point start)
{
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

/// Of this process, in MB: what /proc says under the name.
long memory(const std::string &name)
{
    std::ifstream status("/proc/self/status");
    std::string line;
    while (std::getline(status, line)) {
        if (line.starts_with(name + ":")) {
            return std::strtol(line.c_str() + name.size() + 1, nullptr, 10) / 1024;
        }
    }
    return 0;
}

/// Numbers that look random and never repeat (an odd multiplier is a permutation of 2^32).
std::uint32_t shuffled(std::uint32_t n)
{
    return n * 2'654'435'761U;
}

std::string hostOf(std::uint32_t n)
{
    static const char *const kEnds[] = {"example", "test.example", "com.example", "net.example"};
    char text[80];
    std::snprintf(text, sizeof text, "h%08x-%03u.site%05u.%s", shuffled(n), n % 1000, shuffled(n) % 90'000,
                  kEnds[n % 4]);
    return text;
}

/// Six of ten are domains, three URLs, the rest addresses and hashes.
std::string valueOf(std::uint32_t n)
{
    char text[160];
    switch (n % 20) {
    case 0:
        std::snprintf(text, sizeof text, "%u.%u.%u.%u", 20 + n % 80, (n >> 8) % 256, (n >> 16) % 256, n % 251 + 1);
        return text;
    case 1:
        std::snprintf(text, sizeof text, "%08x%08x%08x%08x", shuffled(n), shuffled(n + 7), shuffled(n + 77), n);
        return text;
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
        return "http://" + hostOf(n / 3) + "/a/" + std::to_string(n) + ".php?id=" + std::to_string(n % 97);
    default:
        return hostOf(n);
    }
}

void writeCsv(const fs::path &file, std::uint32_t from, std::uint32_t count)
{
    std::ofstream out(file, std::ios::binary);
    std::string text = "indicator,first_seen,valid_until,confidence,threat_type\n";
    for (std::uint32_t n = from; n < from + count; ++n) {
        text += valueOf(n) + ",2026-01-0" + std::to_string(1 + n % 9) + " 10:00:00,2027-01-01 00:00:00," +
                std::to_string(50 + n % 50) + (n % 3 == 0 ? ",botnet_cc\n" : ",payload_delivery\n");
        if (text.size() > (1U << 20U)) {
            out << text;
            text.clear();
        }
    }
    out << text;
}

int complain(const Error &error)
{
    std::fprintf(stderr, "%s\n", describe(error).c_str());
    return 3;
}

double lookUps(const intel::IndicatorSet &set, std::int64_t &looked)
{
    event::BlockBuilder builder;
    for (std::uint32_t n = 0; n < 60'000; ++n) { // one in a hundred is known
        const std::string host = n % 100 == 0 ? hostOf(n + 8) : "clean" + std::to_string(shuffled(n)) + ".example.net";
        (void)intel::appendFlatEvent(builder, R"({"url":")" + host + R"(/x","dns_req":")" + host + R"("})");
    }
    const event::EventBlock block = builder.finish();
    const auto start = SteadyClock::now();
    std::size_t found = 0;
    for (int round = 0; round < 20; ++round) {
        found += set.match(block).size();
        for (const event::Column &column : block.columns()) {
            looked += static_cast<std::int64_t>(column.entries());
        }
    }
    std::printf("  (%zu sightings)\n", found);
    return since(start);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_intel INDICATORS [WORKSPACE-WITH-EVENTS]\n");
        return 2;
    }
    const auto count = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
    const fs::path folder = fs::temp_directory_path() / "nightjar-bench-intel";
    fs::remove_all(folder);
    fs::create_directories(folder);
    writeCsv(folder / "many.csv", 0, count);
    writeCsv(folder / "new.csv", 4'000'000'000U, 100'000);
    {
        auto space = workspace::Workspace::open(folder / "w", {});
        if (!space) {
            return complain(space.error());
        }
        const auto start = SteadyClock::now();
        const auto imported = (*space)->intel().importFile(folder / "many.csv", "bench", {}, {});
        if (!imported) {
            return complain(imported.error());
        }
        std::printf("import: %lld new of %lld in %.1f s, peak %ld MB\n", static_cast<long long>(imported->added),
                    static_cast<long long>(imported->read), since(start), memory("VmHWM"));
        const auto building = SteadyClock::now();
        if (auto set = (*space)->intel().indicators(); !set) {
            return complain(set.error());
        }
        std::printf("set made anew: %.1f s, peak %ld MB\n", since(building), memory("VmHWM"));
    }
    auto space = workspace::Workspace::open(folder / "w", {});
    if (!space) {
        return complain(space.error());
    }
    const long before = memory("VmRSS");
    const auto opening = SteadyClock::now();
    const auto set = (*space)->intel().indicators();
    if (!set) {
        return complain(set.error());
    }
    std::printf("opened again: %zu indicators in %.2f s, %.0f MB for the set (resident grew by %ld MB)\n",
                (*set)->size(), since(opening), static_cast<double>((*set)->bytes()) / 1e6, memory("VmRSS") - before);
    std::int64_t looked = 0;
    const double looking = lookUps(**set, looked);
    std::printf("look-ups: %.1f M values/s\n", static_cast<double>(looked) / looking / 1e6);
    const auto choosing = SteadyClock::now();
    const auto chosen = (*space)->intel().select({});
    if (!chosen) {
        return complain(chosen.error());
    }
    std::printf("chosen: %zu of %zu eligible in %.1f s, peak %ld MB\n", (*chosen)->entries.size(), (*chosen)->eligible,
                since(choosing), memory("VmHWM"));
    if (argc > 2) {
        auto past = workspace::Workspace::open(argv[2], {});
        if (!past) {
            return complain(past.error());
        }
        const auto imported = (*past)->intel().importFile(folder / "new.csv", "bench new", {}, {});
        if (!imported) {
            return complain(imported.error());
        }
        std::printf("hunt: %lld new indicators over %lld events in %.2f s, %lld sightings\n",
                    static_cast<long long>(imported->added), static_cast<long long>(imported->eventsHunted),
                    imported->huntSeconds, static_cast<long long>(imported->sightings));
        (void)(*past)->intel().undo(imported->import);
    }
    fs::remove_all(folder);
    return 0;
}
