// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench_anomaly_stream RECORDS [DOMAINS-MODEL]: what the detectors over the stream of events cost on the import
// benchmark's records, cut into blocks before the clock runs: processor time an event of each and of all. Then memory
// and time with 100,000 clients and 5 M destinations, one event a destination.
#include "anomaly/beacon.h"
#include "anomaly/stream.h"
#include "base/files.h"
#include "event/builder.h"
#include "logs/framer.h"
#include "logs/parser.h"
#include "workspace/demogenerator.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <ctime>
#include <unistd.h>

namespace {

using namespace nightjar;

double processorSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::vector<event::EventBlock> blocksOf(std::string_view text)
{
    std::vector<event::EventBlock> blocks;
    logs::RecordFramer framer;
    logs::RecordParser parser;
    event::BlockBuilder builder;
    std::vector<logs::Reject> rejects;
    const auto parse = [&](logs::RecordBatch &&batch) {
        builder.borrow(batch.bytes);
        parser.parse(batch, builder, rejects);
        blocks.push_back(builder.finish(std::move(batch.bytes)));
        blocks.back().dropRaw();
    };
    for (std::size_t at = 0; at < text.size(); at += std::size_t{1} << 20U) {
        framer.feed(text.substr(at, std::size_t{1} << 20U));
        while (auto batch = framer.take()) {
            parse(std::move(*batch));
        }
    }
    while (auto batch = framer.finish()) {
        parse(std::move(*batch));
    }
    return blocks;
}

template <typename Detector>
double measure(const char *what, Detector &detector, const std::vector<event::EventBlock> &blocks)
{
    std::int64_t id = 1;
    std::size_t findings = 0;
    const double begin = processorSeconds();
    for (const event::EventBlock &block : blocks) {
        detector.observe(block, id);
        findings += detector.takeFindings().size();
        id += static_cast<std::int64_t>(block.rows());
    }
    const double micros = (processorSeconds() - begin) / static_cast<double>(id - 1) * 1e6;
    std::printf("%-28s %.3f us/event, %zu findings\n", what, micros, findings);
    return micros;
}

void crowd(const anomaly::StreamOptions &options)
{
    constexpr std::size_t kEvents = 5'000'000;
    anomaly::StreamDetector detector(options);
    event::BlockBuilder builder;
    double seconds = 0;
    for (std::size_t at = 0; at < kEvents; at += 50'000) {
        for (std::size_t i = at; i < at + 50'000; ++i) {
            builder.beginRow("x");
            builder.setTime(1'770'000'000 * kMicrosPerSecond + static_cast<Timestamp>(i) * 17'000);
            builder.set(event::Field::LogType, "web");
            builder.set(event::Field::UserName, "user" + std::to_string(i * 7919 % 100'000) + "@corp.example");
            builder.set(event::Field::UrlDomain,
                        "www" + std::to_string(i % 16) + ".site" + std::to_string(i / 16) + ".example");
            builder.set(event::Field::UserAgentOriginal, "agent " + std::to_string(i % 40));
            builder.setInteger(event::Field::SourceBytes, static_cast<std::int64_t>(i % 3000));
            builder.commitRow();
        }
        const event::EventBlock block = builder.finish();
        const double begin = processorSeconds();
        detector.observe(block, static_cast<std::int64_t>(at + 1));
        detector.takeFindings();
        seconds += processorSeconds() - begin;
    }
    std::printf("100,000 clients, 5 M destinations: %.2f us/event, %zu MB\n", seconds / kEvents * 1e6,
                detector.memoryBytes() >> 20U);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_anomaly_stream RECORDS [DOMAINS-MODEL]\n");
        return 2;
    }
    const auto records = static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10));
    const auto log = std::filesystem::temp_directory_path() / ("nightjar-bench-stream-" + std::to_string(getpid()));
    const auto written = workspace::writeBenchmarkLog(log, records, 1);
    auto text = readFile(log, std::size_t{8} << 30U);
    std::filesystem::remove(log);
    if (!written || !text) {
        std::fprintf(stderr, "the records cannot be written\n");
        return 3;
    }
    const std::vector<event::EventBlock> blocks = blocksOf(*text);
    *text = {};
    anomaly::StreamOptions options;
    if (argc > 2) {
        auto model = anomaly::DomainModel::load(argv[2]);
        if (!model) {
            std::fprintf(stderr, "%s\n", describe(model.error()).c_str());
            return 3;
        }
        options.names = std::make_shared<const anomaly::DomainModel>(std::move(*model));
    }
    double all = 0;
    for (int round = 0; round < 2; ++round) {
        anomaly::StreamDetector stream(options);
        anomaly::BeaconDetector beacons;
        all = measure("stream detectors", stream, blocks);
        all += measure("beacons", beacons, blocks);
        std::printf("%-28s %.3f us/event; stream %zu KB\n", "all", all, stream.memoryBytes() >> 10U);
    }
    crowd(options);
    return 0;
}
