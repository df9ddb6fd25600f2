// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench_import NIGHTJAR-CLI RECORDS ROUNDS: writes made-up web records and imports them with detection into a fresh
// workspace, ROUNDS times, each in a process of its own. Prints what the import printed (rate, peak memory, processor
// seconds a stage), one line a round.
#include "workspace/demogenerator.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

namespace {

int run(std::string program, std::string workspace, std::string log)
{
    std::string verb = "import";
    std::string json = "--json";
    std::string place = "-w";
    char *const arguments[] = {program.data(),   verb.data(), json.data(), place.data(),
                               workspace.data(), log.data(),  nullptr};
    pid_t child = 0;
    int status = 0;
    if (posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environ) != 0 ||
        waitpid(child, &status, 0) != child) {
        return 3;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::fprintf(stderr, "usage: bench_import NIGHTJAR-CLI RECORDS ROUNDS\n");
        return 2;
    }
    const auto records = static_cast<std::size_t>(std::strtoull(argv[2], nullptr, 10));
    const int rounds = static_cast<int>(std::strtol(argv[3], nullptr, 10));
    const auto folder = std::filesystem::temp_directory_path() / "nightjar-bench";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const auto log = folder / "web.ndjson";
    if (auto written = nightjar::workspace::writeBenchmarkLog(log, records, 1); !written) {
        std::fprintf(stderr, "%s\n", nightjar::describe(written.error()).c_str());
        return 3;
    }
    int worst = 0;
    for (int round = 0; round < rounds; ++round) {
        worst = std::max(worst, run(argv[1], (folder / ("w" + std::to_string(round))).string(), log.string()));
    }
    std::filesystem::remove_all(folder);
    return worst;
}
