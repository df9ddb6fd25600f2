// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/feedpoll.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "intel/taxii.h"
#include "workspace/indicatorfile.h"
#include "workspace/inteldelivery.h"
#include "workspace/intelhunt.h"
#include "workspace/network.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace nightjar::workspace {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::int64_t kOverlap = kMicrosPerSecond; ///< a poll starts so long before the bookmark

/// A place for what was fetched; gone with the object.
class Download {
public:
    Download(const Engine &engine, const std::string &address)
        : m_file(engine.folder / fmt::format("feed-{:016x}", hash64(address)))
    {
    }
    ~Download()
    {
        std::error_code problem;
        fs::remove(m_file, problem);
    }
    Download(const Download &) = delete;
    Download &operator=(const Download &) = delete;
    [[nodiscard]] const fs::path &file() const { return m_file; }

private:
    fs::path m_file;
};

std::string textOf(const Json &object, const std::string &key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>()
                                                                             : std::string();
}

bool isChosen(const intel::TaxiiCollection &one, const std::string &wanted)
{
    return wanted.empty() ? one.canRead : one.id == wanted || one.alias == wanted || one.title == wanted;
}

/// A second before, in the notation of TAXII.
std::string before(const std::string &date)
{
    const auto time = parseIsoTime(date);
    return time ? formatIsoTime(*time - kOverlap) : date;
}

} // namespace

std::vector<net::HttpHeader> FeedPoll::credentials() const
{
    if (secret.empty()) {
        return {};
    }
    if (!config.user.empty()) {
        return {{"Authorization", "Basic " + base64Encode(config.user + ":" + secret)}};
    }
    return {config.header.empty() ? net::HttpHeader{"Authorization", "Bearer " + secret}
                                  : net::HttpHeader{config.header, secret}};
}

Status FeedPoll::run()
{
    Status done = config.kind == "taxii" ? taxii() : config.kind == "url" ? url() : folder();
    // What came before an error is hunted all the same.
    std::lock_guard lock(engine.importing);
    const Status hunted = huntPending(engine, summary, progress, cancel);
    ++engine.changes;
    return done ? hunted : done;
}

Status FeedPoll::taxii()
{
    net::CurlClient http(networkOptions(*engine.settings));
    intel::WebFetch fetch(http, net::systemSleeper(), engine.clock, {net::originOf(config.address), credentials()});
    intel::TaxiiClient client(fetch, {config.address});
    const auto collections = client.collections(cancel);
    if (!collections) {
        return fail(collections.error());
    }
    problems = client.problems();
    std::size_t walked = 0;
    std::string offered;
    for (const intel::TaxiiCollection &collection : *collections) {
        offered += (offered.empty() ? "" : ", ") + visible(collection.title + " (" + collection.id + ")");
        if (!isChosen(collection, config.collection)) {
            continue;
        }
        ++walked;
        intel::ImportDefaults defaults;
        defaults.source = config.name;
        defaults.partial = true;
        defaults.bookmark.name = "taxii\n" + config.name + '\n' + collection.url;
        const auto known = engine.indicators->bookmark(defaults.bookmark.name);
        if (!known) {
            return fail(known.error());
        }
        std::size_t objects = 0;
        const auto onPage = [&](const intel::TaxiiPage &page) {
            defaults.bookmark.value = page.addedUpTo.empty() ? *known : page.addedUpTo;
            objects += page.objects;
            if (progress) {
                progress("Reading " + collection.title + ": " + std::to_string(objects) + " objects", 0);
            }
            std::lock_guard lock(engine.importing);
            return takeDelivery(
                engine, defaults, collection.url, false,
                [&](const intel::ImportDefaults &chosen, const intel::IndicatorSink &sink) {
                    return intel::importText(page.body, chosen, sink, {cancel, {}});
                },
                cancel, summary);
        };
        if (const auto done = client.walk(collection, before(*known), onPage, cancel); !done) {
            problems.push_back(done.error()); // the other collections are read all the same
        }
    }
    if (walked == 0) {
        return fail("NJ-INTEL-073", "There is no such collection",
                    config.collection.empty() ? "the server offers none that we may read"
                                              : "the server has none called \"" + visible(config.collection) + "\"",
                    offered.empty() ? "Check the rights of the user." : "It offers: " + offered.substr(0, 2'000));
    }
    return problems.size() < walked + client.problems().size() || walked == 0 ? Status() : fail(problems.back());
}

Status FeedPoll::take(const fs::path &file, const std::string &shown, const std::string &source,
                      const std::string &bookmark)
{
    intel::ImportDefaults defaults;
    defaults.source = source;
    defaults.bookmark = {config.kind + '\n' + config.name + '\n' + shown, bookmark};
    intel::ImportHooks hooks;
    hooks.cancel = cancel;
    std::lock_guard lock(engine.importing);
    return takeDelivery(
        engine, defaults, shown, false,
        [&](const intel::ImportDefaults &chosen, const intel::IndicatorSink &sink) {
            return readIndicatorFile(file, chosen, sink, hooks);
        },
        cancel, summary);
}

Status FeedPoll::url()
{
    const auto known = engine.indicators->bookmark("url\n" + config.name + '\n' + config.address);
    if (!known) {
        return fail(known.error());
    }
    const Json last = Json::parse(*known, nullptr, false);
    std::vector<net::HttpHeader> headers;
    if (const std::string tag = textOf(last, "etag"); !tag.empty()) {
        headers.push_back({"If-None-Match", tag});
    }
    if (const std::string date = textOf(last, "modified"); !date.empty()) {
        headers.push_back({"If-Modified-Since", date});
    }
    net::CurlClient http(networkOptions(*engine.settings));
    intel::WebFetch fetch(http, net::systemSleeper(), engine.clock, {net::originOf(config.address), credentials()});
    const auto answer = fetch.get(config.address, headers, {}, cancel, {304});
    if (!answer) {
        return fail(answer.error());
    }
    if (answer->status == 304) {
        return {};
    }
    const Download download(engine, config.address);
    if (auto written = writeFileAtomically(download.file(), answer->body); !written) {
        return written;
    }
    const Json now{{"etag", std::string(answer->header("ETag"))},
                   {"modified", std::string(answer->header("Last-Modified"))}};
    return take(download.file(), config.address, config.name, now.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Status FeedPoll::folder()
{
    std::error_code problem;
    std::vector<fs::path> files;
    for (fs::directory_iterator at(config.address, problem), end; !problem && at != end; at.increment(problem)) {
        if (at->is_regular_file(problem) && !at->path().filename().string().starts_with('.')) {
            files.push_back(at->path());
        }
    }
    if (problem) {
        return fail(systemError("NJ-WORK-123", "Cannot read the folder of the feed", config.address, problem.value()));
    }
    std::sort(files.begin(), files.end());
    for (const fs::path &file : files) {
        const auto size = fs::file_size(file, problem);
        const auto changed = fs::last_write_time(file, problem).time_since_epoch().count();
        const std::string mark = std::to_string(size) + " " + std::to_string(changed);
        const auto known = engine.indicators->bookmark("folder\n" + config.name + '\n' + file.string());
        if (!known) {
            return fail(known.error());
        }
        if (*known == mark || cancel.cancelled()) {
            continue;
        }
        // Each file is a source of its own: another file does not say that its values are gone.
        if (auto taken = take(file, file.string(), config.name + "/" + file.filename().string(), mark); !taken) {
            problems.push_back(taken.error());
        }
    }
    return {};
}

} // namespace nightjar::workspace
