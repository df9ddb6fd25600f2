// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "playbook/template.h"

#include <string>
#include <string_view>
#include <vector>

namespace nightjar::playbook {

/// What templates see as `alert`: the fields of `nightjar-cli alerts show` with at most 20 events and without raw
/// records, the tags, and the observables by kind: domains, ips, urls, hashes, users. `blockable` is the value that the
/// alert is about: of an indicator's alert the indicator itself, never the harmless host around it.
Json alertContext(const alerts::Alert &alert, const std::vector<std::string> &tags);

/// Replaces secrets by their names in everything that is shown or kept. Thread: one owner.
class Masker {
public:
    void add(const std::string &name, const std::string &value);
    /// The value itself, and as it stands in addresses, JSON and base64.
    [[nodiscard]] std::string masked(std::string text) const;
    [[nodiscard]] Json masked(const Json &json) const;
    [[nodiscard]] Error masked(Error error) const;
    static std::string maskOf(const std::string &name);

private:
    std::vector<std::pair<std::string, std::string>> m_spellings; ///< what is replaced, by what; longest first
};

} // namespace nightjar::playbook
