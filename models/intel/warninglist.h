// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/address.h"
#include "base/result.h"
#include "intel/indicator.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nightjar::intel {

/// What a warning list says about a value.
enum class WarningEffect : std::uint8_t {
    Silence, ///< well known and harmless: an alert or a block of it is most likely a mistake
    Shared   ///< many unrelated owners: only the exact host or URL may be meant, never the whole
};

struct Warning {
    WarningEffect effect = WarningEffect::Silence;
    std::string list; ///< title of the list: "Public DNS resolvers"
    std::string text; ///< a sentence for the user
};

/// Lists of names and networks that feeds carry by mistake. Files `*.txt`: head lines "# title: …", "# effect: silence"
/// or "shared", then one host or network a line; ".name" covers what is below it as well. Hosts are compared exactly,
/// since tenants of a popular platform can be bad. Thread: immutable after load, any.
class WarningLists {
public:
    /// All lists of the folders. Error NJ-INTEL-050: no folder, or a file that says nothing sensible.
    static Result<WarningLists> load(const std::vector<std::filesystem::path> &folders);

    [[nodiscard]] std::optional<Warning> check(const Indicator &indicator) const;
    /// A domain or an address in canonical form.
    [[nodiscard]] std::optional<Warning> checkHost(std::string_view host) const;
    [[nodiscard]] std::size_t size() const { return m_hosts.size() + m_networks.size(); }

private:
    struct List {
        std::string title;
        WarningEffect effect = WarningEffect::Silence;
    };
    Status add(const std::filesystem::path &file);
    Status addFolder(const std::filesystem::path &folder);
    void sortNetworks();
    [[nodiscard]] std::optional<std::size_t> networkOf(const IpAddress &address) const;
    [[nodiscard]] Warning warningOf(std::size_t list, std::string_view value) const;

    std::vector<List> m_lists;
    std::unordered_map<std::string, std::size_t> m_hosts; ///< with leading dot: and everything below
    struct Network {
        IpAddress first, last;
        IpAddress furthest; ///< greatest `last` up to here
        std::size_t list = 0;
    };
    std::vector<Network> m_networks; ///< in order of `first`
};

/// A warning list of MISP (misp-warninglists) as a file of ours.
struct ConvertedList {
    std::string title;
    std::string text; ///< what WarningLists reads
    std::size_t taken = 0;
    std::size_t leftOut = 0; ///< entries that are neither host nor network
};
/// Types string, hostname and cidr. NJ-INTEL-051: no such list, or a type that holds no hosts (regex, substring).
Result<ConvertedList> convertMispList(std::string_view json);

} // namespace nightjar::intel
