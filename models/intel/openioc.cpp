// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "base/utf8.h"
#include "intel/document.h"

#include <array>
#include <charconv>
#include <vector>

namespace nightjar::intel {

namespace {

constexpr std::size_t kMaxDepth = 100;

/// The five entities of XML and numbered characters.
std::string unescaped(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
        if (end == std::string_view::npos || end - i > 10) {
            out.push_back(text[i]);
            continue;
        }
        const std::string_view name = text.substr(i + 1, end - i - 1);
        if (name.starts_with('#')) {
            const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
            const std::string_view digits = name.substr(hex ? 2 : 1);
            std::uint32_t code = 0;
            std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
            if (code > 0 && code < 0x110000) {
                appendUtf8(out, code);
            }
        } else {
            for (const auto &[entity, plain] : kEntities) {
                if (name == entity) {
                    out.push_back(plain);
                }
            }
        }
        i = end;
    }
    return out;
}

struct Tag {
    std::string_view name; ///< without prefix
    std::string_view body; ///< attributes
    bool closes = false, empty = false;

    [[nodiscard]] std::string attribute(std::string_view wanted) const
    {
        for (std::size_t at = body.find(wanted); at != std::string_view::npos; at = body.find(wanted, at + 1)) {
            const std::size_t after = at + wanted.size();
            const bool whole = at == 0 || body[at - 1] == ' ' || body[at - 1] == '\n' || body[at - 1] == '\t';
            if (!whole || after + 1 >= body.size() || body[after] != '=') {
                continue;
            }
            const std::size_t end = body.find(body[after + 1], after + 2);
            return end == std::string_view::npos ? std::string() : unescaped(body.substr(after + 2, end - after - 2));
        }
        return {};
    }
};

/// Pull reader for well-behaved XML: no DTD is looked at, so nothing outside is ever fetched or expanded.
class Xml {
public:
    explicit Xml(std::string_view text)
        : m_text(text)
    {
    }
    /// Next tag; `text` receives what stood before it. False at the end.
    bool next(Tag &tag, std::string &text)
    {
        text.clear();
        while (m_at < m_text.size()) {
            const std::size_t open = m_text.find('<', m_at);
            text += unescaped(m_text.substr(m_at, open == std::string_view::npos ? open : open - m_at));
            if (open == std::string_view::npos) {
                m_at = m_text.size();
                return false;
            }
            const std::string_view rest = m_text.substr(open);
            if (rest.starts_with("<![CDATA[")) {
                const std::size_t end = rest.find("]]>");
                text += rest.substr(9, end == std::string_view::npos ? end : end - 9);
                m_at = end == std::string_view::npos ? m_text.size() : open + end + 3;
            } else if (rest.starts_with("<!--") || rest.starts_with("<?") || rest.starts_with("<!")) {
                const std::string_view close = rest.starts_with("<!--") ? "-->" : ">";
                const std::size_t end = rest.find(close);
                m_at = end == std::string_view::npos ? m_text.size() : open + end + close.size();
            } else {
                return element(open, tag);
            }
        }
        return false;
    }

private:
    bool element(std::size_t open, Tag &tag)
    {
        const std::size_t end = m_text.find('>', open);
        if (end == std::string_view::npos) {
            m_at = m_text.size();
            return false;
        }
        std::string_view inside = m_text.substr(open + 1, end - open - 1);
        m_at = end + 1;
        tag.closes = inside.starts_with('/');
        tag.empty = inside.ends_with('/');
        inside.remove_prefix(tag.closes ? 1 : 0);
        inside.remove_suffix(tag.empty ? 1 : 0);
        const std::size_t blank = inside.find_first_of(" \t\r\n");
        tag.name = inside.substr(0, blank);
        tag.body = blank == std::string_view::npos ? std::string_view() : inside.substr(blank + 1);
        if (const std::size_t colon = tag.name.find(':'); colon != std::string_view::npos) {
            tag.name.remove_prefix(colon + 1);
        }
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

struct Item {
    std::string search, condition, content;
    bool negated = false;
};

enum class Want { Hash, Host, Address, Url, Agent, Email, FileFact, Nothing };

Want wantOf(std::string_view search)
{
    constexpr std::array<std::pair<std::string_view, Want>, 24> kSearches{
        {{"FileItem/Md5sum", Want::Hash},
         {"FileItem/Sha1sum", Want::Hash},
         {"FileItem/Sha256sum", Want::Hash},
         {"TaskItem/md5sum", Want::Hash},
         {"TaskItem/sha1sum", Want::Hash},
         {"TaskItem/sha256sum", Want::Hash},
         {"DnsEntryItem/Host", Want::Host},
         {"DnsEntryItem/RecordName", Want::Host},
         {"Network/DNS", Want::Host},
         {"UrlHistoryItem/HostName", Want::Host},
         {"UrlHistoryItem/Host", Want::Host},
         {"PortItem/remoteIP", Want::Address},
         {"RouteEntryItem/Destination", Want::Address},
         {"Network/IP", Want::Address},
         {"UrlHistoryItem/URL", Want::Url},
         {"Network/URI", Want::Url},
         {"FileDownloadHistoryItem/SourceURL", Want::Url},
         {"Network/UserAgent", Want::Agent},
         {"Email/From", Want::Email},
         {"Email/Sender", Want::Email},
         {"FileItem/FileName", Want::FileFact},
         {"FileItem/SizeInBytes", Want::FileFact},
         {"FileItem/FullPath", Want::FileFact},
         {"FileItem/FileExtension", Want::FileFact}}};
    for (const auto &[name, want] : kSearches) {
        if (equalsIgnoreCase(search, name)) {
            return want;
        }
    }
    return Want::Nothing;
}

/// One <Indicator> with its items; groups inside are groups of their own.
struct Group {
    bool all = false;      ///< AND
    bool narrowed = false; ///< stands inside an AND that asks for more
    std::vector<Item> items;
    std::size_t groups = 0; ///< inside it
};

class IocReader {
public:
    IocReader(std::string_view text, ImportCollector &out)
        : m_xml(text)
        , m_out(out)
    {
    }
    Status run();

private:
    Status close(const Group &group);
    Status take(const Item &item);

    Xml m_xml;
    ImportCollector &m_out;
    Indicator m_context;
    std::uint64_t m_ordinal = 0;
};

Status IocReader::take(const Item &item)
{
    ++m_ordinal;
    const Want want = wantOf(item.search);
    if (want == Want::Nothing || want == Want::FileFact) {
        m_out.leaveOut(item.search.empty() ? "item without a context" : item.search);
        return {};
    }
    if (item.content.empty()) {
        m_out.refuse(m_ordinal, "the item holds no value", item.search);
        return {};
    }
    const bool part = equalsIgnoreCase(item.condition, "contains");
    if (item.negated || (!equalsIgnoreCase(item.condition, "is") && !(part && want != Want::Agent))) {
        m_out.leaveOut(item.search + " " + (item.negated ? "not" : item.condition));
        return {};
    }
    std::optional<Type> hint;
    hint = want == Want::Host    ? std::optional(Type::Domain)
           : want == Want::Url   ? std::optional(Type::Url)
           : want == Want::Agent ? std::optional(Type::UserAgent)
                                 : hint;
    auto one = indicatorFromText(item.content, hint);
    if (one) {
        Indicator full = m_context;
        full.type = one->type;
        full.value = std::move(one->value);
        full.port = one->port;
        one = std::move(full);
    }
    return m_out.take(std::move(one), m_ordinal, item.content);
}

Status IocReader::close(const Group &group)
{
    bool anyHash = false;
    for (const Item &item : group.items) {
        anyHash = anyHash || wantOf(item.search) == Want::Hash;
    }
    const bool narrow = group.narrowed || (group.all && group.items.size() + group.groups > 1);
    for (const Item &item : group.items) {
        if (narrow && wantOf(item.search) != Want::Hash) { // true only together with the rest
            ++m_ordinal;
            m_out.leaveOut(anyHash ? item.search : "AND of " + item.search);
        } else if (Status taken = take(item); !taken) {
            return taken;
        }
    }
    return {};
}

Status IocReader::run()
{
    std::vector<Group> open;
    Item item;
    Tag tag;
    std::string text;
    bool known = false;
    while (m_xml.next(tag, text)) {
        known = known || equalsIgnoreCase(tag.name, "ioc") || equalsIgnoreCase(tag.name, "OpenIOC");
        if (!known) {
            return fail("NJ-INTEL-021", "This XML is not read",
                        "its root is <" + std::string(tag.name.substr(0, 60)) + ">",
                        "Of XML only OpenIOC is read; export STIX 1.x again as STIX 2.1 (JSON).");
        }
        if (tag.name == "Indicator" && !tag.closes && !tag.empty) {
            Group group;
            group.all = equalsIgnoreCase(tag.attribute("operator"), "AND");
            if (!open.empty()) {
                ++open.back().groups;
                group.narrowed = open.back().narrowed || open.back().all;
            }
            open.push_back(std::move(group));
            if (open.size() > kMaxDepth) {
                return fail("NJ-INTEL-025", "The file cannot be read", "its groups are nested too deep");
            }
        } else if (tag.name == "Indicator" && tag.closes && !open.empty()) {
            if (Status closed = close(open.back()); !closed) {
                return closed;
            }
            open.pop_back();
        } else if (tag.name == "IndicatorItem" && !tag.closes) {
            item = {{},
                    tag.attribute("condition"),
                    {},
                    equalsIgnoreCase(tag.attribute("negate"), "true") ||
                        startsWithIgnoreCase(tag.attribute("condition"), "isnot")};
        } else if (tag.name == "Context" && !tag.closes) {
            item.search = tag.attribute("search");
        } else if (tag.name == "Content" && tag.closes) {
            item.content = trim(text);
        } else if (tag.name == "IndicatorItem" && tag.closes && !open.empty()) {
            open.back().items.push_back(item);
        } else if (tag.name == "short_description" && tag.closes) {
            m_context.malware = trim(text).substr(0, 200);
        }
    }
    return known && open.empty() ? Status()
                                 : fail("NJ-INTEL-025", "The file cannot be read", "the XML ends in the middle");
}

} // namespace

Status readOpenIoc(std::string_view text, ImportCollector &out)
{
    return IocReader(text, out).run();
}

} // namespace nightjar::intel
