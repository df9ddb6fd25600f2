// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/intelservice.h"

#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace nightjar::workspace {

/// Where indicators come from by themselves.
struct FeedConfig {
    std::string name;       ///< also the name of the indicators' source
    std::string kind;       ///< "taxii", "url" or "folder"
    std::string address;    ///< URL, or path of a folder
    std::string collection; ///< of TAXII: id, alias or title; empty: all that can be read
    std::string user;       ///< with a password; empty: the secret is a token
    std::string header;     ///< that carries the token ("Auth-Key"); empty: "Authorization: Bearer"
    int minutes = 60;       ///< between two polls, at least 5
    bool enabled = true;
};

struct FeedInfo {
    FeedConfig config;
    bool hasSecret = false;
    Timestamp lastPoll = kNoTime, lastGood = kNoTime, nextPoll = kNoTime;
    int failures = 0;  ///< since the last good poll
    std::string error; ///< of the last poll
};

/// TAXII 2.1 servers, lists behind URLs and folders, polled when they are due. What a poll brings is kept page by page
/// with how far it got, so that a poll that was killed or failed goes on from there. Thread: any; polls run one after
/// the other.
/// Errors: NJ-WORK-120 a setting makes no sense, -121 no such feed, -122 its secret is missing; those of the fetch
/// (NJ-INTEL-06x, -07x, NJ-NET-…) and of the import.
class FeedService {
public:
    explicit FeedService(Engine &engine)
        : m_engine(engine)
    {
    }
    Result<std::vector<FeedInfo>> list();
    /// Adds it or replaces the one of the same name. `secret`: a password or token, kept in the keychain or the vault;
    /// empty: as it was.
    Status save(const FeedConfig &config, const std::string &secret);
    /// Stops polling and forgets the secret; the indicators stay.
    Status remove(const std::string &name);

    /// One poll now, of a feed that is kept.
    Result<IntelSummary> poll(const std::string &name, const StageProgress &progress, const CancelToken &cancel);
    /// One poll of a feed that is not kept; it goes on where the last one of the same address stopped.
    Result<IntelSummary> pollOnce(const FeedConfig &config, const std::string &secret, const StageProgress &progress,
                                  const CancelToken &cancel);
    /// Polls what is due; the names of those that brought something new. Problems stand in list().
    Result<std::vector<std::string>> pollDue(const CancelToken &cancel);
    /// From now on a thread of its own polls what is due, until the workspace is closed.
    void startPolling();
    ~FeedService();

private:
    void pollForEver();

    Engine &m_engine;
    CancelToken m_ending;
    std::mutex m_polling; ///< one poll at a time
    std::mutex m_mutex;   ///< of the thread's start
    std::thread m_thread;
};

} // namespace nightjar::workspace
