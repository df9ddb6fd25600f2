// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "respond/denyservice.h"

#include <algorithm>
#include <unordered_set>

/// What the two halves of the Responder share. Internal to the room.
namespace nightjar::respond {

/// One value on its way. `open` ones still need something done.
struct Responder::Item {
    enum class Step {
        Done,  ///< the outcome is final
        Push,  ///< its entries have to be sent
        Saved, ///< on the list as asked; needs activation and a read-back
    };

    Outcome outcome;
    ChangeAction action = ChangeAction::Block;
    const Wish *wish = nullptr; ///< with a story of its own
    Step step = Step::Push;
    DenyEntry entry;
    std::vector<std::string> spellings; ///< to remove
    std::size_t twin = kNoTwin;         ///< index of the value that stands for the same entry
    bool wasThere = false;              ///< "already" when live

    static constexpr std::size_t kNoTwin = static_cast<std::size_t>(-1);

    void end(std::string result, std::string why, std::string state = "none")
    {
        outcome.result = std::move(result);
        outcome.why = std::move(why);
        outcome.state = std::move(state);
        step = Step::Done;
    }
};

/// How an activation ended.
struct Responder::ActivationEnd {
    bool live = false;
    std::string state = "saved"; ///< saved, pending, unknown
    std::string why;
};

/// The tenant's lists at one moment.
struct Responder::TenantView {
    PresentMap present;
    std::size_t size = 0;
    std::unordered_map<std::string, std::string> allow; ///< key → stored spelling
};

/// What Nightjar owns, to be found by entry, value or key without a walk over all of it.
struct Responder::OwnedIndex {
    std::unordered_set<std::string> keys;
    std::unordered_multimap<std::string, std::string> byText; ///< entry and value → key

    explicit OwnedIndex(const std::vector<OwnedEntry> &owned)
    {
        for (const OwnedEntry &entry : owned) {
            keys.insert(entry.key);
            byText.emplace(entry.entry, entry.key);
            if (entry.value != entry.entry) {
                byText.emplace(entry.value, entry.key);
            }
        }
    }
};

inline PresentMap presentMap(const std::vector<std::string> &list)
{
    PresentMap present;
    for (const std::string &stored : list) {
        present[entryKey(stored)].push_back(stored);
    }
    return present;
}

inline std::string sentence(const Error &error)
{
    return error.code + ": " + error.title + (error.reason.empty() ? "" : ": " + error.reason);
}

inline bool isConfirmed(const BlockOptions &options, std::string_view value, std::string_view entry)
{
    return std::any_of(options.confirmed.begin(), options.confirmed.end(),
                       [&](const std::string &given) { return given == value || (!entry.empty() && given == entry); });
}

inline void tell(const StageCallback &progress, const std::string &value, Stage stage)
{
    if (progress) {
        progress(value, stage);
    }
}

} // namespace nightjar::respond
