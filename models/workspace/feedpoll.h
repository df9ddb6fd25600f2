// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/engine.h"
#include "workspace/feedservice.h"

/// One poll of one feed. Private to the feed service.
namespace nightjar::workspace {

struct FeedPoll {
    Engine &engine;
    const FeedConfig &config;
    const std::string &secret;
    const StageProgress &progress;
    const CancelToken &cancel;
    IntelSummary summary = {};
    std::vector<Error> problems = {}; ///< that stopped one collection or file, not the poll

    /// Everything that is new, then the hunt for it. `problems` are told although it went well.
    Status run();

private:
    Status taxii();
    Status url();
    Status folder();
    Status take(const std::filesystem::path &file, const std::string &shown, const std::string &source,
                const std::string &bookmark);
    [[nodiscard]] std::vector<net::HttpHeader> credentials() const;
};

} // namespace nightjar::workspace
