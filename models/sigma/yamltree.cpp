// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/yamltree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <unordered_set>

namespace nightjar::sigma {

const YamlNode *YamlNode::find(std::string_view key) const
{
    const auto found = std::find_if(members.begin(), members.end(), [&](const auto &m) { return m.first == key; });
    return found == members.end() ? nullptr : &found->second;
}

std::string_view YamlNode::textOf(std::string_view key) const
{
    const YamlNode *node = find(key);
    return node != nullptr && node->isScalar() ? std::string_view(node->text) : std::string_view();
}

std::size_t weight(const YamlNode &node)
{
    std::size_t sum = sizeof(YamlNode) + node.text.size();
    for (const auto &[key, value] : node.members) {
        sum += key.size() + weight(value);
    }
    for (const YamlNode &item : node.items) {
        sum += weight(item);
    }
    return sum;
}

namespace {

constexpr std::size_t kFewKeys = 16;

struct Trouble {
    std::string reason;
    YAML::Mark mark;
};

std::uint64_t oneBased(int value)
{
    return value < 0 ? 0 : static_cast<std::uint64_t>(value) + 1;
}

/// Builds the tree from yaml-cpp's events; throws Trouble, caught in readYaml.
class TreeBuilder : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark &) override
    {
        m_stack.clear();
        m_root.reset();
        m_anchors.clear();
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        place(make(YamlNode::Kind::Null, mark), anchor, mark);
    }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end()) {
            throw Trouble{"an alias names an anchor that is not complete yet", mark};
        }
        const std::size_t bytes = weight(found->second);
        m_nodes += bytes / sizeof(YamlNode);
        m_aliased += bytes;
        if (m_nodes > kMaxYamlNodes || m_aliased > kMaxAliasedBytes) {
            throw Trouble{"its aliases stand for too much", mark};
        }
        place(found->second, 0, mark);
    }
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &value) override
    {
        YamlNode node = make(YamlNode::Kind::Scalar, mark);
        node.plain = tag == "?";
        node.text = value;
        place(std::move(node), anchor, mark);
    }
    void OnSequenceStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(YamlNode::Kind::List, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(YamlNode::Kind::Map, mark, anchor);
    }
    void OnMapEnd() override { close(); }

    std::optional<YamlNode> take()
    {
        std::optional<YamlNode> root = std::move(m_root);
        m_root.reset();
        return root;
    }

private:
    struct Frame {
        YamlNode node;
        YAML::anchor_t anchor = 0;
        YAML::Mark mark;
        std::optional<std::string> key;
        std::unordered_set<std::string> keys; ///< of maps with many

        bool known(const std::string &name)
        {
            if (node.members.size() < kFewKeys) {
                return node.find(name) != nullptr;
            }
            for (std::size_t i = keys.size(); i < node.members.size(); ++i) {
                keys.insert(node.members[i].first);
            }
            return keys.contains(name);
        }
    };

    static YamlNode make(YamlNode::Kind kind, const YAML::Mark &mark)
    {
        YamlNode node;
        node.kind = kind;
        node.line = oneBased(mark.line);
        node.column = oneBased(mark.column);
        return node;
    }
    void open(YamlNode::Kind kind, const YAML::Mark &mark, YAML::anchor_t anchor)
    {
        if (m_stack.size() >= kMaxYamlDepth) {
            throw Trouble{"nested too deeply", mark};
        }
        m_stack.push_back({make(kind, mark), anchor, mark, std::nullopt, {}});
    }
    void close()
    {
        Frame frame = std::move(m_stack.back());
        m_stack.pop_back();
        place(std::move(frame.node), frame.anchor, frame.mark);
    }
    void place(YamlNode node, YAML::anchor_t anchor, const YAML::Mark &mark)
    {
        if (++m_nodes > kMaxYamlNodes) {
            throw Trouble{"too many values", mark};
        }
        if (anchor != 0) {
            m_anchors[anchor] = node;
        }
        if (m_stack.empty()) {
            m_root = std::move(node);
            return;
        }
        Frame &top = m_stack.back();
        if (top.node.isList()) {
            top.node.items.push_back(std::move(node));
        } else if (!top.key) {
            takeKey(top, node, mark);
        } else {
            top.node.members.emplace_back(std::move(*top.key), std::move(node));
            top.key.reset();
        }
    }
    static void takeKey(Frame &top, YamlNode &node, const YAML::Mark &mark)
    {
        if (node.kind == YamlNode::Kind::Map || node.kind == YamlNode::Kind::List) {
            throw Trouble{"a key is a map or a list", mark};
        }
        if (top.known(node.text)) {
            throw Trouble{"the key \"" + node.text + "\" stands twice in one map", mark};
        }
        top.key = node.kind == YamlNode::Kind::Null ? std::string("null") : std::move(node.text);
    }

    std::vector<Frame> m_stack;
    std::optional<YamlNode> m_root;
    std::map<YAML::anchor_t, YamlNode> m_anchors;
    std::size_t m_nodes = 0;
    std::size_t m_aliased = 0;
};

Error malformed(std::string reason, const YAML::Mark &mark)
{
    return {"NJ-SIGMA-002",
            "Not readable as YAML",
            std::move(reason),
            {{}, oneBased(mark.line), oneBased(mark.column)},
            "Correct the file at the place named; quote values that hold special characters."};
}

} // namespace

YamlDocuments readYaml(std::string_view text)
{
    YamlDocuments result;
    if (text.size() > kMaxYamlBytes) {
        result.problem = {"NJ-SIGMA-001", "The rule file is too large", "it has more than 1 MB", {}, "Split the file."};
        return result;
    }
    TreeBuilder builder;
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
            if (auto root = builder.take()) {
                result.documents.push_back(std::move(*root));
            }
        }
    } catch (const Trouble &trouble) {
        result.problem = malformed(trouble.reason, trouble.mark);
    } catch (const YAML::Exception &exception) {
        result.problem = malformed(exception.msg, exception.mark);
    } catch (const std::exception &exception) {
        result.problem = malformed(exception.what(), YAML::Mark::null_mark());
    }
    return result;
}

} // namespace nightjar::sigma
