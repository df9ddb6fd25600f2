// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

/// Indicators as deny-list entries. Writing is strict, reading lenient (facts/zscaler-api.md §3.1, §3.2).
namespace nightjar::respond {

enum class EntryKind { Domain, Address, Url };

/// Whether a domain blocks this host only ("evil.example") or its subdomains too (".evil.example").
enum class DomainScope { HostOnly, Subdomains };

/// One entry as it will be sent, with what it was made of.
struct DenyEntry {
    std::string text; ///< the spelling to send
    std::string key;  ///< comparison key, see `entryKey`
    std::string host; ///< canonical host without leading dot and port
    EntryKind kind = EntryKind::Domain;
    bool subdomains = false; ///< leading dot
    bool wholeHost = true;   ///< no path or query: it stands for everything on the host

    bool operator==(const DenyEntry &) const = default;
};

/// Re-fangs, drops scheme, user information, default port and fragment, canonicalises host and path, and checks the
/// result against the published grammar. Also takes an entry that already has a leading dot. NJ-RESPOND-040 … 046 say
/// why there is no entry (hash, e-mail, network, odd address spelling, single label, grammar). An error never repeats
/// user information.
Result<DenyEntry> makeEntry(std::string_view indicator, DomainScope scope = DomainScope::HostOnly);

/// An entry from its own spelling, kept as it is when it passes the grammar (a port stays even where it is the default
/// one); else as `makeEntry`.
Result<DenyEntry> readEntry(std::string_view entry);

/// Problem of an entry text by the published grammar, or success. What `makeEntry` returns always passes.
Status checkEntry(std::string_view entry);

/// Comparison key of any stored spelling, however odd: host lower case and without trailing dot or empty port,
/// path without the "/" that stands alone, case of the path kept. Equal keys mean: the same thing is blocked.
std::string entryKey(std::string_view stored);

} // namespace nightjar::respond
