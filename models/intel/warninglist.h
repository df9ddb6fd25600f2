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
    /// All lists of a folder (resources/warning). Error NJ-INTEL-050: no folder, or a file that says nothing sensible.
    static Result<WarningLists> load(const std::filesystem::path &folder);

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
    [[nodiscard]] Warning warningOf(std::size_t list, std::string_view value) const;

    std::vector<List> m_lists;
    std::unordered_map<std::string, std::size_t> m_hosts; ///< with leading dot: and everything below
    std::vector<std::pair<Cidr, std::size_t>> m_networks;
};

} // namespace nightjar::intel
