// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "playbook/playbook.h"
#include "sigma/yamltree.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What the parts of the reader share. Internal to the room.
namespace nightjar::playbook {

using sigma::YamlNode;

/// Collects problems with their places. Reading goes on behind each, so that all are told at once.
class Problems {
public:
    Problems(std::string_view text, std::string file);

    void add(std::string code, const Place &place, std::string title, std::string reason, std::string hint);
    void add(Error error) { m_errors.push_back(std::move(error)); }
    /// The key of a member, which stands on or above the line of its value.
    [[nodiscard]] Place placeOfKey(const std::string &key, const YamlNode &value) const;
    [[nodiscard]] Place placeOf(const YamlNode &node) const { return {m_file, node.line, node.column}; }
    /// Complains about members that are not among `known`.
    void refuseOthers(const YamlNode &map, const std::vector<std::string_view> &known, const std::string &where);
    [[nodiscard]] std::vector<Error> take() { return std::move(m_errors); }
    [[nodiscard]] bool empty() const { return m_errors.empty(); }

private:
    std::string m_file;
    std::vector<std::string_view> m_lines;
    std::vector<Error> m_errors;
};

/// The word of `known` that is spelled almost like `word`; empty when there is none.
std::string_view nearest(std::string_view word, const std::vector<std::string_view> &known);

Template readTemplate(const YamlNode &node, Problems &problems);
Value readValue(const YamlNode &node, Problems &problems);
Condition readCondition(const YamlNode &node, Problems &problems);
/// One text or a list of texts.
std::vector<std::string> readTexts(const YamlNode &node, Problems &problems);
std::vector<Step> readSteps(const YamlNode &node, Problems &problems, std::size_t depth = 0);

/// Follows the order of steps and complains about what a template refers to and what cannot be there.
void checkReferences(Playbook &playbook, Problems &problems);

} // namespace nightjar::playbook
