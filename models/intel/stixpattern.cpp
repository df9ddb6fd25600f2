// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/stixpattern.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nightjar::intel {

namespace {

constexpr int kMaxDepth = 64;

/// What one part of a pattern comes to.
struct Node {
    enum class Kind { Values, Port, Noise, Unsupported };
    Kind kind = Kind::Values;
    std::vector<PatternValue> values;
    std::vector<std::string> unsupported;
    std::uint16_t port = 0;
};

enum class Want { Host, Url, Address, Hash, Email, Agent, Port, Noise, Nothing };

bool isHashName(std::string_view name)
{
    constexpr std::array<std::string_view, 6> kNames{"md5", "sha-1", "sha1", "sha-256", "sha256", "sha_256"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Want wantOf(std::string_view object, std::string_view path)
{
    if (object == "domain-name" && path == "value") {
        return Want::Host;
    }
    if ((object == "ipv4-addr" || object == "ipv6-addr") && path == "value") {
        return Want::Address;
    }
    if (object == "url" && path == "value") {
        return Want::Url;
    }
    if ((object == "email-addr" && path == "value") ||
        (object == "email-message" && (path == "from_ref.value" || path == "sender_ref.value"))) {
        return Want::Email;
    }
    if (object == "file" || object == "artifact") {
        if (path.starts_with("hashes.") && isHashName(path.substr(7))) {
            return Want::Hash;
        }
        return path == "size" || path == "mime_type" ? Want::Noise : Want::Nothing;
    }
    if (object == "network-traffic") {
        if (path == "dst_ref.value" || path == "src_ref.value") {
            return Want::Address;
        }
        if (path == "dst_port") {
            return Want::Port;
        }
        if (path.ends_with("_ref.type") || path.starts_with("protocols") || path == "src_port") {
            return Want::Noise;
        }
        if (path.ends_with("request_header.user-agent")) {
            return Want::Agent;
        }
    }
    return Want::Nothing;
}

std::optional<Type> hintOf(Want want)
{
    switch (want) {
    case Want::Host:
        return Type::Domain;
    case Want::Url:
        return Type::Url;
    case Want::Address:
        return Type::Ipv4;
    case Want::Email:
        return Type::Email;
    case Want::Agent:
        return Type::UserAgent;
    default:
        return std::nullopt;
    }
}

/// Typographic quotes as plain ones.
std::string plainQuotes(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view three = text.substr(i, 3);
        if (three == "\xE2\x80\x98" || three == "\xE2\x80\x99") {
            out.push_back('\'');
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

class Reader {
public:
    explicit Reader(std::string_view text)
        : m_text(text)
    {
    }

    Result<PatternReading> run();

private:
    Result<Node> pattern(int depth);
    Result<Node> observation(int depth);
    Status qualifiers(Node &node);
    Result<Node> comparison(int depth);
    Result<Node> conjunction(int depth);
    Result<Node> term(int depth);
    Result<std::string> path();
    Result<std::string> literal();
    Result<std::vector<std::string>> literals();
    Result<std::string> operation();
    static Node termNode(const std::string &path, const std::string &operation, std::vector<std::string> values);
    static Node both(Node left, Node right);

    tl::unexpected<Error> wrong(const std::string &why) const
    {
        return fail(Error{"NJ-INTEL-026",
                          "The pattern cannot be read",
                          why + " at character " + std::to_string(m_at + 1),
                          {{}, 1, m_at + 1},
                          {}});
    }
    void blanks()
    {
        while (m_at < m_text.size() &&
               (m_text[m_at] == ' ' || m_text[m_at] == '\t' || m_text[m_at] == '\n' || m_text[m_at] == '\r')) {
            ++m_at;
        }
    }
    bool sign(char c)
    {
        blanks();
        const bool here = m_at < m_text.size() && m_text[m_at] == c;
        m_at += here ? 1 : 0;
        return here;
    }
    bool word(std::string_view wanted)
    {
        blanks();
        const std::size_t end = m_at + wanted.size();
        if (!startsWithIgnoreCase(m_text.substr(m_at), wanted)) {
            return false;
        }
        const bool whole = end >= m_text.size() || !isNameByte(m_text[end]);
        m_at = whole ? end : m_at;
        return whole;
    }
    static bool isNameByte(char c)
    {
        const char lower = asciiLower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    Timestamp m_start = kNoTime, m_stop = kNoTime;
};

Node unsupportedNode(std::string what)
{
    Node node;
    node.kind = Node::Kind::Unsupported;
    node.unsupported.push_back(std::move(what));
    return node;
}

Node either(Node left, Node right)
{
    Node out;
    for (Node *one : {&left, &right}) {
        std::move(one->values.begin(), one->values.end(), std::back_inserter(out.values));
        std::move(one->unsupported.begin(), one->unsupported.end(), std::back_inserter(out.unsupported));
        if (one->kind == Node::Kind::Port || one->kind == Node::Kind::Noise) {
            out.unsupported.emplace_back("network-traffic without an address");
        }
    }
    out.kind = out.values.empty() ? Node::Kind::Unsupported : Node::Kind::Values;
    return out;
}

bool allHashes(const Node &node)
{
    return node.kind == Node::Kind::Values && !node.values.empty() && node.unsupported.empty() &&
           std::all_of(node.values.begin(), node.values.end(), [](const PatternValue &v) { return !v.hint; });
}

Node Reader::both(Node left, Node right)
{
    using Kind = Node::Kind;
    if (left.kind == Kind::Noise) {
        return right;
    }
    if (right.kind == Kind::Noise) {
        return left;
    }
    if (allHashes(left) && allHashes(right)) {
        return either(std::move(left), std::move(right));
    }
    if (allHashes(left) || allHashes(right)) { // the hash alone names the file
        return allHashes(left) ? left : right;
    }
    if (left.kind == Kind::Port && right.kind == Kind::Values) {
        std::swap(left, right);
    }
    if (left.kind == Kind::Values && right.kind == Kind::Port) {
        for (PatternValue &value : left.values) {
            value.port = right.port;
        }
        return left;
    }
    Node out = unsupportedNode("AND of several values");
    for (const Node *one : {&left, &right}) {
        out.unsupported.insert(out.unsupported.end(), one->unsupported.begin(), one->unsupported.end());
    }
    return out;
}

Result<std::string> Reader::path()
{
    blanks();
    std::string out;
    while (m_at < m_text.size()) {
        const char c = m_text[m_at];
        if (c == '\'') {
            const std::size_t end = m_text.find('\'', m_at + 1);
            if (end == std::string_view::npos) {
                return wrong("a quote is not closed");
            }
            out += m_text.substr(m_at + 1, end - m_at - 1);
            m_at = end + 1;
        } else if (c == '[') {
            const std::size_t end = m_text.find(']', m_at);
            if (end == std::string_view::npos) {
                return wrong("\"]\" is missing");
            }
            out += m_text.substr(m_at, end - m_at + 1);
            m_at = end + 1;
        } else if (isNameByte(c) || c == '.' || c == ':') {
            out.push_back(c);
            ++m_at;
        } else {
            break;
        }
    }
    return out.find(':') == std::string::npos ? wrong("\"object:property\" is expected") : Result<std::string>(out);
}

Result<std::string> Reader::literal()
{
    blanks();
    if (m_at + 1 < m_text.size() && m_text[m_at + 1] == '\'' &&
        std::string_view("thb").find(m_text[m_at]) != std::string_view::npos) {
        ++m_at;
    }
    std::string out;
    if (m_at < m_text.size() && m_text[m_at] == '\'') {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '\\' && m_at + 1 < m_text.size()) {
                out.push_back(m_text[++m_at]);
            } else if (c != '\'') {
                out.push_back(c);
            } else if (m_at + 1 < m_text.size() && m_text[m_at + 1] == '\'') {
                out.push_back(m_text[++m_at]); // 'a''b'
            } else {
                ++m_at;
                return out;
            }
        }
        return wrong("a quote is not closed");
    }
    while (m_at < m_text.size() && (isNameByte(m_text[m_at]) || m_text[m_at] == '.' || m_text[m_at] == '+')) {
        out.push_back(m_text[m_at++]);
    }
    return out.empty() ? wrong("a value is expected") : Result<std::string>(out);
}

Result<std::vector<std::string>> Reader::literals()
{
    std::vector<std::string> out;
    const bool list = sign('(');
    do {
        auto one = literal();
        if (!one) {
            return fail(one.error());
        }
        out.push_back(std::move(*one));
    } while (list && sign(','));
    if (list && !sign(')')) {
        return wrong("\")\" is missing");
    }
    return out;
}

Result<std::string> Reader::operation()
{
    for (const std::string_view known : {"ISSUBSET", "ISSUPERSET", "MATCHES", "LIKE", "IN"}) {
        if (word(known)) {
            return std::string(known);
        }
    }
    blanks();
    for (const std::string_view known : {"==", "!=", "<>", "<=", ">=", "=", "<", ">"}) {
        if (m_text.substr(m_at).starts_with(known)) {
            m_at += known.size();
            return std::string(known);
        }
    }
    return wrong("an operator is expected");
}

Node Reader::termNode(const std::string &path, const std::string &operation, std::vector<std::string> values)
{
    const std::string lower = asciiLower(path);
    const std::size_t colon = lower.find(':');
    const std::string_view object = std::string_view(lower).substr(0, colon);
    const std::string_view property = std::string_view(lower).substr(colon + 1);
    const Want want = wantOf(object, property);
    const bool equal = operation == "=" || operation == "==" || operation == "IN" ||
                       (operation == "ISSUBSET" && want == Want::Address);
    Node node;
    if (want == Want::Noise) {
        node.kind = Node::Kind::Noise;
        return node;
    }
    if (want == Want::Nothing) {
        return unsupportedNode(path);
    }
    if (operation == "LIKE") {
        for (std::string &value : values) {
            const bool suffix = want == Want::Host && value.starts_with("%.");
            value = suffix ? value.substr(2) : value;
            if (value.find('%') != std::string::npos) {
                return unsupportedNode(path + " LIKE");
            }
        }
    } else if (!equal) {
        return unsupportedNode(path + " " + operation);
    }
    if (want == Want::Port) {
        const auto port = values.size() == 1 ? parseInteger(values.front()) : std::nullopt;
        node.kind = Node::Kind::Port;
        node.port = port && *port > 0 && *port <= 65'535 ? static_cast<std::uint16_t>(*port) : std::uint16_t{0};
        return node.port == 0 ? unsupportedNode(path) : node;
    }
    for (std::string &value : values) {
        node.values.push_back({std::move(value), hintOf(want), 0});
    }
    return node;
}

Result<Node> Reader::term(int depth)
{
    if (depth > kMaxDepth) {
        return wrong("the parentheses are nested too deep");
    }
    if (sign('(')) {
        auto inner = comparison(depth + 1);
        if (inner && !sign(')')) {
            return wrong("\")\" is missing");
        }
        return inner;
    }
    const bool absent = word("NOT");
    if (word("EXISTS")) {
        const auto name = path();
        return name ? Result<Node>(unsupportedNode("EXISTS " + *name)) : fail(name.error());
    }
    if (absent) {
        return wrong("NOT stands before the operator, not before the term");
    }
    const auto name = path();
    if (!name) {
        return fail(name.error());
    }
    const bool negated = word("NOT");
    const auto how = operation();
    if (!how) {
        return fail(how.error());
    }
    auto values = literals();
    if (!values) {
        return fail(values.error());
    }
    return negated ? unsupportedNode(*name + " NOT") : termNode(*name, *how, std::move(*values));
}

Result<Node> Reader::conjunction(int depth)
{
    auto left = term(depth);
    while (left && word("AND")) {
        auto right = term(depth);
        if (!right) {
            return right;
        }
        left = both(std::move(*left), std::move(*right));
    }
    return left;
}

Result<Node> Reader::comparison(int depth)
{
    auto left = conjunction(depth);
    while (left && word("OR")) {
        auto right = conjunction(depth);
        if (!right) {
            return right;
        }
        left = either(std::move(*left), std::move(*right));
    }
    return left;
}

Status Reader::qualifiers(Node &node)
{
    for (;;) {
        if (word("WITHIN") || word("REPEATS")) {
            const auto count = literal();
            if (!count || !(word("SECONDS") || word("TIMES"))) {
                return wrong("SECONDS or TIMES is expected");
            }
            node = unsupportedNode("WITHIN or REPEATS");
        } else if (word("START")) {
            const auto from = literal();
            const bool stop = from && word("STOP");
            const auto to = stop ? literal() : Result<std::string>(std::string());
            if (!stop || !to) {
                return wrong("START t'…' STOP t'…' is expected");
            }
            m_start = parseIsoTime(*from).value_or(kNoTime);
            m_stop = parseIsoTime(*to).value_or(kNoTime);
        } else {
            return {};
        }
    }
}

Result<Node> Reader::observation(int depth)
{
    if (depth > kMaxDepth) {
        return wrong("the parentheses are nested too deep");
    }
    const bool group = sign('(');
    if (!group && !sign('[')) {
        return wrong("\"[\" is expected");
    }
    auto inner = group ? pattern(depth + 1) : comparison(depth + 1);
    if (!inner) {
        return inner;
    }
    if (!sign(group ? ')' : ']')) {
        return wrong(group ? "\")\" is missing" : "\"]\" is missing");
    }
    const Status read = qualifiers(*inner);
    return read ? std::move(inner) : fail(read.error());
}

Result<Node> Reader::pattern(int depth)
{
    auto left = observation(depth);
    while (left) {
        const bool any = word("OR");
        if (!any && !word("AND") && !word("FOLLOWEDBY")) {
            break;
        }
        auto right = observation(depth);
        if (!right) {
            return right;
        }
        left = any ? either(std::move(*left), std::move(*right)) : unsupportedNode("AND or FOLLOWEDBY of observations");
    }
    return left;
}

Result<PatternReading> Reader::run()
{
    auto node = pattern(0);
    if (!node) {
        return fail(node.error());
    }
    sign(';');
    blanks();
    if (m_at != m_text.size()) {
        return wrong("the pattern goes on unexpectedly");
    }
    if (node->kind == Node::Kind::Port || node->kind == Node::Kind::Noise) {
        node->unsupported.emplace_back("network-traffic without an address");
    }
    return PatternReading{std::move(node->values), std::move(node->unsupported), m_start, m_stop};
}

} // namespace

Result<PatternReading> readStixPattern(std::string_view pattern)
{
    const std::string text = plainQuotes(trim(pattern));
    return Reader(text).run();
}

} // namespace nightjar::intel
