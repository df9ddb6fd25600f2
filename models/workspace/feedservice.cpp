// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/feedservice.h"

#include "base/text.h"
#include "base/url.h"
#include "workspace/feedpoll.h"
#include "workspace/feedtable.h"

#include <algorithm>

namespace nightjar::workspace {

namespace {

constexpr int kLeastMinutes = 5;
constexpr int kMostMinutes = 31 * 24 * 60;
constexpr int kMostBackOff = 6; ///< doublings of the interval after failures
constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;

std::string secretName(const std::string &feed)
{
    return "feed." + feed;
}

Status checked(const FeedConfig &config)
{
    const auto wrong = [](std::string why) {
        return fail("NJ-WORK-120", "The feed cannot be kept", std::move(why), "Correct it and try again.");
    };
    if (config.name.empty() || config.name.size() > 64 ||
        !std::all_of(config.name.begin(), config.name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                   c == '.';
        })) {
        return wrong("its name is not made of letters, digits, '-', '_' and '.'");
    }
    if (config.kind != "taxii" && config.kind != "url" && config.kind != "folder") {
        return wrong("its kind is not taxii, url or folder");
    }
    const UrlParts parts = splitUrl(config.address);
    if (config.kind == "folder" ? !config.address.starts_with('/')
                                : (parts.scheme != "https" && parts.scheme != "http") || parts.host.empty()) {
        return wrong(config.kind == "folder" ? "a folder is named by its whole path" : "its address is no URL");
    }
    if (parts.hasUserInfo) {
        return wrong("its address holds a user or password; they are given on their own");
    }
    if (config.minutes < kLeastMinutes || config.minutes > kMostMinutes) {
        return wrong("the interval is not between 5 minutes and 31 days");
    }
    return {};
}

/// Grows with failures, and is spread by a tenth so that not all feeds come at once.
Timestamp nextPoll(const FeedInfo &feed, Timestamp now)
{
    const std::int64_t base = feed.config.minutes * kMicrosPerMinute << std::min(feed.failures, kMostBackOff);
    const std::int64_t most = std::max<std::int64_t>(base, 0);
    const std::int64_t spread =
        static_cast<std::int64_t>(std::hash<std::string>()(feed.config.name) % 100) * most / 1000;
    return now +
           std::min<std::int64_t>(most, std::max<std::int64_t>(kMicrosPerDay, feed.config.minutes * kMicrosPerMinute)) +
           spread;
}

Result<FeedInfo> named(Engine &engine, const std::string &name)
{
    const auto feeds = feedtable::read(*engine.catalog);
    if (!feeds) {
        return fail(feeds.error());
    }
    const auto feed = std::find_if(feeds->begin(), feeds->end(), [&](const auto &f) { return f.config.name == name; });
    if (feed == feeds->end()) {
        return fail("NJ-WORK-121", "There is no feed \"" + visible(name) + "\"", "None has this name.",
                    "nightjar-cli intel feed list prints them.");
    }
    return *feed;
}

} // namespace

Result<std::vector<FeedInfo>> FeedService::list()
{
    return feedtable::read(*m_engine.catalog);
}

Status FeedService::save(const FeedConfig &config, const std::string &secret)
{
    if (auto good = checked(config); !good) {
        return good;
    }
    FeedInfo feed;
    if (auto known = named(m_engine, config.name); known && known->config.address == config.address) {
        feed = std::move(*known);
    }
    feed.config = config;
    feed.nextPoll = m_engine.clock.now();
    if (!secret.empty()) {
        if (auto kept = m_engine.secrets->set(secretName(config.name), secret, {}); !kept) {
            return kept;
        }
        feed.hasSecret = true;
    }
    return feedtable::put(*m_engine.catalog, feed);
}

Status FeedService::remove(const std::string &name)
{
    const auto feed = named(m_engine, name);
    if (!feed) {
        return fail(feed.error());
    }
    if (feed->hasSecret) {
        if (auto gone = m_engine.secrets->remove(secretName(name)); !gone) {
            return fail(gone.error());
        }
    }
    const auto removed = feedtable::remove(*m_engine.catalog, name);
    return removed ? Status() : fail(removed.error());
}

Result<IntelSummary> FeedService::pollOnce(const FeedConfig &config, const std::string &secret,
                                           const StageProgress &progress, const CancelToken &cancel)
{
    if (auto good = checked(config); !good) {
        return fail(good.error());
    }
    std::lock_guard lock(m_polling);
    const Timestamp start = m_engine.clock.now();
    FeedPoll poll{m_engine, config, secret, progress, cancel};
    const Status done = poll.run();
    poll.summary.problems = std::move(poll.problems);
    poll.summary.seconds = static_cast<double>(m_engine.clock.now() - start) / kMicrosPerSecond;
    return done ? Result<IntelSummary>(std::move(poll.summary)) : fail(done.error());
}

Result<IntelSummary> FeedService::poll(const std::string &name, const StageProgress &progress,
                                       const CancelToken &cancel)
{
    auto feed = named(m_engine, name);
    if (!feed) {
        return fail(feed.error());
    }
    std::string secret;
    Result<IntelSummary> result = IntelSummary();
    if (feed->hasSecret) {
        const auto kept = m_engine.secrets->value(secretName(name));
        if (!kept || !*kept) {
            result = fail("NJ-WORK-122", "The secret of the feed is missing",
                          kept ? "it is neither in the keychain nor in the vault" : kept.error().reason,
                          "Enter it again, or unlock the vault.");
        } else {
            secret = **kept;
        }
    }
    if (result) {
        result = pollOnce(feed->config, secret, progress, cancel);
    }
    if (cancel.cancelled()) {
        return result; // it is due as before
    }
    const Timestamp now = m_engine.clock.now();
    feed->lastPoll = now;
    feed->failures = result ? 0 : feed->failures + 1;
    feed->lastGood = result ? now : feed->lastGood;
    feed->error = !result                    ? describe(result.error())
                  : result->problems.empty() ? std::string()
                                             : describe(result->problems.front());
    feed->nextPoll = nextPoll(*feed, now);
    if (auto noted = feedtable::put(*m_engine.catalog, *feed); !noted) {
        return fail(noted.error());
    }
    ++m_engine.changes;
    return result;
}

Result<std::vector<std::string>> FeedService::pollDue(const CancelToken &cancel)
{
    const auto feeds = list();
    if (!feeds) {
        return fail(feeds.error());
    }
    std::vector<std::string> fresh;
    for (const FeedInfo &feed : *feeds) {
        if (!feed.config.enabled || feed.nextPoll > m_engine.clock.now() || cancel.cancelled()) {
            continue;
        }
        const auto summary = poll(feed.config.name, {}, cancel);
        if (summary && summary->added + summary->updated > 0) {
            fresh.push_back(feed.config.name);
        }
    }
    return fresh;
}

void FeedService::startPolling()
{
    std::lock_guard lock(m_mutex);
    if (!m_thread.joinable() && !m_engine.readOnly) {
        m_thread = std::thread([this] { pollForEver(); });
    }
}

FeedService::~FeedService()
{
    m_ending.cancel();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void FeedService::pollForEver()
{
    constexpr std::int64_t kLook = 20 * kMicrosPerSecond;
    do {
        (void)pollDue(m_ending); // its problems stand with each feed
    } while (net::systemSleeper().sleep(kLook, m_ending));
}

} // namespace nightjar::workspace
