// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/address.h"
#include "respond/entry.h"

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

/// What must never be pushed, and what must be thought about first.
namespace nightjar::respond {

enum class Verdict {
    Ok,
    AsksConfirmation, ///< refused until the analyst repeats the value
    Refused,          ///< stays refused whatever is answered
};

struct Judgement {
    Verdict verdict = Verdict::Ok;
    std::string why; ///< one sentence for the analyst; empty when Ok
};

/// The lists behind the verdicts. Names need not be canonical; what is no host name or network is skipped.
struct GuardLists {
    std::vector<std::string> ownDomains;     ///< refused, with everything under them and every wildcard over them
    std::vector<std::string> ownNetworks;    ///< addresses or CIDR: refused
    std::vector<std::string> topSites;       ///< exact hosts ("www." counts as the same): asked
    std::vector<std::string> resolvers;      ///< public resolvers, addresses or CIDR: asked
    std::vector<std::string> sharedHosts;    ///< shared hosting, CDN, shortener parents: the whole of one is asked
    std::vector<std::string> sharedNetworks; ///< cloud and CDN networks: asked
};

/// Judges entries before they are sent. Immutable after construction. Thread: any.
/// Source: facts/zscaler-api.md §3.2 (always refuse, ask first), facts/cti.md §3.4 (which lists).
class Guard {
public:
    explicit Guard(const GuardLists &lists = {});

    [[nodiscard]] Judgement judge(const DenyEntry &entry) const;

private:
    [[nodiscard]] Judgement judgeAddress(const DenyEntry &entry) const;
    [[nodiscard]] Judgement judgeName(const DenyEntry &entry) const;
    [[nodiscard]] bool coversTopSite(std::string_view host) const;

    std::vector<std::string> m_ownDomains;
    std::vector<Cidr> m_ownNetworks;
    std::unordered_set<std::string> m_topSites;
    std::vector<std::string> m_topReversed; ///< "com.example." spelling, sorted: finds what a wildcard covers
    std::vector<Cidr> m_resolvers;
    std::unordered_set<std::string> m_sharedHosts;
    std::vector<Cidr> m_sharedNetworks;
};

/// True for hosts of the vendor's own service; blocking one would lock the product out.
bool isZscalerHost(std::string_view canonicalHost);

/// Non-empty lines of a list text without "#" comments.
std::vector<std::string> linesOfList(std::string_view text);

} // namespace nightjar::respond
