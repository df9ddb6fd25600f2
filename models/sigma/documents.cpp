// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/documents.h"

#include <algorithm>
#include <array>

namespace nightjar::sigma {

namespace {

constexpr std::size_t kMaxMergedWeight = 64u << 20; ///< of all copies of a collection's templates

DocumentKind kindOf(const YamlNode &node)
{
    return !node.isMap()                         ? DocumentKind::Unknown
           : node.find("correlation") != nullptr ? DocumentKind::Correlation
           : node.find("filter") != nullptr      ? DocumentKind::Filter
                                                 : DocumentKind::Rule;
}

void mergeInto(YamlNode &target, const YamlNode &addition)
{
    for (const auto &[key, value] : addition.members) {
        const auto found =
            std::find_if(target.members.begin(), target.members.end(), [&](const auto &m) { return m.first == key; });
        if (found == target.members.end()) {
            target.members.emplace_back(key, value);
        } else if (found->second.isMap() && value.isMap()) {
            mergeInto(found->second, value);
        } else {
            found->second = value;
        }
    }
}

/// Merges the templates of a rule collection into its documents.
class Collection {
public:
    /// False: the document is a template or an instruction only.
    bool take(YamlNode &document)
    {
        const std::string action(document.textOf("action"));
        constexpr std::array<std::string_view, 3> kActions{"global", "reset", "repeat"};
        if (std::find(kActions.begin(), kActions.end(), action) != kActions.end()) {
            std::erase_if(document.members, [](const auto &m) { return m.first == "action"; });
        }
        if (action == "global") {
            m_global = std::move(document);
            return false;
        }
        if (action == "reset") {
            m_global = YamlNode();
            return false;
        }
        if (kindOf(document) != DocumentKind::Rule) {
            return true;
        }
        const YamlNode &base = action == "repeat" ? m_previous : m_global;
        if (base.isMap()) {
            m_merged += weight(base);
            if (tooLarge()) {
                return false;
            }
            YamlNode merged = base;
            merged.line = document.line;
            merged.column = document.column;
            mergeInto(merged, document);
            document = std::move(merged);
        }
        m_previous = document;
        return true;
    }

    [[nodiscard]] bool tooLarge() const { return m_merged > kMaxMergedWeight; }

private:
    YamlNode m_global;
    YamlNode m_previous;
    std::size_t m_merged = 0;
};

} // namespace

std::string_view kindName(DocumentKind kind)
{
    constexpr std::array<std::string_view, 4> kNames{"rule", "correlation", "filter", "yaml"};
    return kNames[static_cast<std::size_t>(kind)];
}

FileDocuments loadDocuments(std::string_view text, const std::string &file)
{
    FileDocuments result;
    YamlDocuments read = readYaml(text);
    Collection collection;
    bool any = false;
    for (YamlNode &document : read.documents) {
        if (document.kind == YamlNode::Kind::Null) {
            continue;
        }
        any = true;
        const bool stays = collection.take(document);
        if (collection.tooLarge()) {
            result.problem = Error{"NJ-SIGMA-001",
                                   "The rule file is too large",
                                   "its global or repeated documents make too much of it",
                                   {file, document.line, document.column},
                                   "Split the file."};
            return result;
        }
        if (!stays) {
            continue;
        }
        RuleDocument one;
        one.kind = kindOf(document);
        one.title = std::string(document.textOf("title"));
        one.file = file;
        one.node = std::move(document);
        result.documents.push_back(std::move(one));
    }
    if (!read.problem.code.empty()) {
        read.problem.place.file = file;
        result.problem = std::move(read.problem);
    } else if (!any) {
        result.problem =
            Error{"NJ-SIGMA-003", "The Sigma rule cannot be used", "the file holds no document", {file, 1, 1}, {}};
    }
    return result;
}

} // namespace nightjar::sigma
