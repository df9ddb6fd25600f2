// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/benchmark.h"

#include "base/files.h"
#include "workspace/demofile.h"
#include "workspace/demogenerator.h"
#include "workspace/intelservice.h"
#include "workspace/workspace.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace nightjar::workspace {

namespace {

constexpr std::size_t kHuntedIndicators = 100'000;
constexpr double kMega = 1e6;
constexpr Timestamp kHour = 3'600 * kMicrosPerSecond;

using Row = BenchmarkRow;

class Benchmark {
public:
    Benchmark(std::filesystem::path folder, const BenchmarkOptions &options,
              const std::function<void(const Row &)> &visit, const CancelToken &cancel)
        : m_folder(std::move(folder))
        , m_options(options)
        , m_visit(visit)
        , m_cancel(cancel)
    {
    }

    Status run()
    {
        for (const auto step : {&Benchmark::import, &Benchmark::questions, &Benchmark::rules, &Benchmark::indicators,
                                &Benchmark::reopen}) {
            if (Status done = (this->*step)(); !done) {
                return done;
            }
            if (m_cancel.cancelled()) {
                return fail("NJ-WORK-140", "The benchmark was cancelled");
            }
        }
        return {};
    }

private:
    static double secondsOf(const std::function<Status()> &work, Status &done)
    {
        const auto start = std::chrono::steady_clock::now();
        done = work();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }

    /// The median of the rounds; the first one, which warms the cache, stands apart.
    Status ask(const std::string &what, double target, const std::string &at, const std::function<Status()> &work)
    {
        std::vector<double> times;
        double cold = 0;
        for (int round = 0; round <= m_options.rounds; ++round) {
            Status done;
            const double seconds = secondsOf(work, done);
            if (!done) {
                return done;
            }
            round == 0 ? void(cold = seconds) : times.push_back(seconds);
        }
        std::sort(times.begin(), times.end());
        const double median = times.empty() ? cold : times[times.size() / 2];
        m_visit({what, median * 1e3, "ms", target, false, at});
        m_visit({what + ", first time", cold * 1e3, "ms", 0, false, {}});
        return {};
    }

    Status import()
    {
        const auto log = m_folder / "web.ndjson";
        std::error_code problem;
        std::filesystem::create_directories(m_folder, problem);
        if (auto written = writeBenchmarkLog(log, m_options.events, 1); !written) {
            return written;
        }
        auto opened = Workspace::open(m_folder / "workspace", {});
        if (!opened) {
            return fail(opened.error());
        }
        m_space = std::move(*opened);
        const auto summary = m_space->imports().importPaths({log}, {}, {}, m_cancel);
        if (!summary) {
            return fail(summary.error());
        }
        const auto bytes = static_cast<double>(std::filesystem::file_size(log, problem));
        m_visit({"import and detect", static_cast<double>(summary->eventsPerSecond), "events/s", 200'000, true, {}});
        m_visit(
            {"peak memory of the import", static_cast<double>(summary->peakRssBytes) / kMega, "MB", 800, false, {}});
        m_visit(
            {"store, raw included", static_cast<double>(summary->storeBytes) / bytes, "of the input", 0.15, false, {}});
        std::filesystem::remove(log, problem);
        return {};
    }

    Status questions()
    {
        SearchService &search = m_space->search();
        SearchRequest filter;
        filter.query = "action:Blocked";
        filter.limit = 200;
        filter.columns = {"user.name", "url.original", "event.action", "source.ip", "destination.ip"};
        const auto page = [&] { return status(search.page(filter, m_cancel)); };
        const auto sums = [&]() -> Status {
            if (const auto histogram = search.histogram(filter, kHour, m_cancel); !histogram) {
                return fail(histogram.error());
            }
            return status(search.facets(
                filter, {"event.action", "user.name", "url.domain", "url.category", "source.ip", "http.request.method"},
                10, m_cancel));
        };
        if (auto first = ask("first rows of a filter", 50, "10 M events", page); !first) {
            return first;
        }
        if (auto asked = ask("filter, histogram and 6 facets", 300, "10 M events", sums); !asked) {
            return asked;
        }
        SearchRequest rare;
        rare.query = "\"nightjar-needle-that-nothing-has\"";
        if (auto asked =
                ask("text needle, no hit", 5'000, "10 M events", [&] { return status(search.count(rare, m_cancel)); });
            !asked) {
            return asked;
        }
        SearchRequest host;
        host.query = "host:no-such-host.example";
        return ask("host that never occurs", 300, "10 M events", [&] { return status(search.count(host, m_cancel)); });
    }

    Status rules()
    {
        const auto file = m_folder / "rule.yml";
        const auto written = writeFileAtomically(
            file, "title: Benchmark\nid: 0a0f6f43-3b1a-4f3a-9d0e-8a6f0d3f8c11\nlogsource: {category: proxy}\n"
                  "detection:\n  s:\n    c-uri|contains: ['/admin', '.exe', 'passwd']\n  condition: s\nlevel: low\n");
        if (!written) {
            return written;
        }
        return ask("one new Sigma rule over the past", 2'000, "10 M events", [&]() -> Status {
            return status(m_space->detections().hunt({file}, kNoTime, kNoTime, m_cancel,
                                                     [](const std::string &, std::int64_t) { return true; }));
        });
    }

    Status indicators()
    {
        const auto file = m_folder / "indicators.csv";
        auto csv = DemoFile::create(file);
        if (!csv) {
            return fail(csv.error());
        }
        csv->buffer() += "value,type,confidence\n";
        for (std::size_t i = 0; i < m_options.indicators; ++i) {
            const auto n = static_cast<unsigned>(i * 2'654'435'761U);
            csv->buffer() += i % 3 == 0   ? fmt::format("h{:x}.bench-{:x}.example,domain,60\n", n, i % 5'000)
                             : i % 3 == 1 ? fmt::format("http://h{:x}.example/p/{:x},url,60\n", n, i)
                                          : fmt::format("{}.{}.{}.{},ipv4,60\n", 11 + (n >> 24U) % 80,
                                                        (n >> 16U) & 255U, (n >> 8U) & 255U, n & 255U);
            if (auto flushed = csv->flushIfFull(); !flushed) {
                return flushed;
            }
        }
        if (auto flushed = csv->flush(); !flushed) {
            return flushed;
        }
        IntelService::Delivery delivery;
        delivery.accept = true;
        const auto summary = m_space->intel().importDelivery(file, "benchmark", delivery, {}, m_cancel);
        if (!summary) {
            return fail(summary.error());
        }
        m_visit({"indicators from CSV", (summary->seconds - summary->huntSeconds) * 1e3, "ms", 30'000, false,
                 "6 M indicators"});
        m_visit({"their hunt over the past", summary->huntSeconds * 1e3, "ms", 0, false, {}});
        std::vector<std::string> values;
        for (std::size_t i = 0; i < kHuntedIndicators; ++i) {
            values.push_back(fmt::format("new{}.hunted-{}.example", i, i % 977));
        }
        return ask("retro-hunt of 100,000 new indicators", 2'000, "10 M events",
                   [&] { return status(m_space->intel().hunt(values, {}, m_cancel)); });
    }

    Status reopen()
    {
        return ask("open the workspace with its indicators", 1'000, "6 M indicators", [&]() -> Status {
            m_space.reset();
            auto opened = Workspace::open(m_folder / "workspace", {});
            if (!opened) {
                return fail(opened.error());
            }
            m_space = std::move(*opened);
            return status(m_space->intel().indicators());
        });
    }

    template <class T>
    static Status status(const Result<T> &result)
    {
        return result ? Status() : fail(result.error());
    }

    std::filesystem::path m_folder;
    BenchmarkOptions m_options;
    const std::function<void(const Row &)> &m_visit;
    const CancelToken &m_cancel;
    std::unique_ptr<Workspace> m_space;
};

} // namespace

Status runBenchmark(const std::filesystem::path &folder, const BenchmarkOptions &options,
                    const std::function<void(const BenchmarkRow &)> &visit, const CancelToken &cancel)
{
    std::error_code problem;
    if (std::filesystem::exists(folder, problem) && !std::filesystem::is_empty(folder, problem)) {
        return fail("NJ-WORK-141", "The benchmark needs an empty folder", folder.string() + " holds something",
                    "Name another one.");
    }
    return Benchmark(folder, options, visit, cancel).run();
}

} // namespace nightjar::workspace
