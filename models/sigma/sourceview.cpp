// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/sourceview.h"

#include "base/domain.h"
#include "base/text.h"
#include "base/url.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <unordered_map>

namespace nightjar::sigma {

using event::Column;
using event::ColumnAccess;
using event::EventBlock;
using event::Field;
using event::kFirstEntry;
using event::Kind;
using event::kNull;
using event::TextDictionary;

namespace {

bool isAllowed(std::string_view action)
{
    return startsWithIgnoreCase(action, "allow");
}
bool isDenied(std::string_view action)
{
    return startsWithIgnoreCase(action, "block") || startsWithIgnoreCase(action, "drop") ||
           startsWithIgnoreCase(action, "den");
}

/// Windows has long ones: "settingcontent-ms", "searchConnector-ms".
constexpr std::size_t kMaxExtension = 20;

std::string_view extensionOf(std::string_view path)
{
    const std::string_view segment =
        path.substr(path.find_last_of('/') == std::string_view::npos ? 0 : path.find_last_of('/') + 1);
    const std::size_t dot = segment.find_last_of('.');
    if (dot == std::string_view::npos || dot + 1 == segment.size() || segment.size() - dot > kMaxExtension + 1) {
        return {};
    }
    return segment.substr(dot + 1);
}

/// Lower-cases ASCII bytes eight at a time. False when a byte is not ASCII: `text` is then unusable.
bool lowerAscii(std::string &text)
{
    constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
    constexpr std::uint64_t kHigh = 0x80 * kOnes;
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        if ((word & kHigh) != 0) {
            return false;
        }
        const std::uint64_t upper = ((word + (0x80 - 'A') * kOnes) ^ (word + (0x7F - 'Z') * kOnes)) & kHigh;
        word |= upper >> 2;
        std::memcpy(text.data() + at, &word, 8);
    }
    for (; at < text.size(); ++at) {
        if (static_cast<unsigned char>(text[at]) >= 0x80) {
            return false;
        }
        text[at] = asciiLower(text[at]);
    }
    return true;
}

std::string_view withoutScheme(std::string_view url)
{
    constexpr std::size_t kLongestScheme = 8;
    const std::size_t scheme = url.substr(0, kLongestScheme + 3).find("://");
    return scheme == std::string_view::npos ? url : url.substr(scheme + 3);
}

/// Position of the first `a` or `b`; npos when there is none. (find_first_of costs a library call a byte.)
std::size_t firstOf(std::string_view text, char a, char b)
{
    const auto found = std::find_if(text.begin(), text.end(), [=](char c) { return c == a || c == b; });
    return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

/// "/path?query" of a URL without scheme: always its end, empty when it is a host alone.
std::string_view pathAndQuery(std::string_view bare)
{
    const std::size_t slash = firstOf(bare, '/', '?');
    return slash == std::string_view::npos ? std::string_view() : bare.substr(slash);
}

/// The registered part of a name, in small letters.
std::string registered(std::string_view name)
{
    const std::string lower = asciiLower(name.ends_with('.') ? name.substr(0, name.size() - 1) : name);
    return std::string(registrableDomain(lower));
}

} // namespace

/// Makes the views; each function fills one.
class ViewMaker {
public:
    ViewMaker(const Candidate &candidate, const EventBlock &block, const SourceView *plain)
        : m_candidate(candidate)
        , m_block(block)
        , m_plain(plain)
    {
    }

    SourceView make();

private:
    /// Every entry of `column` through `value(text)`; an empty answer means absent.
    template <class F>
    void map(const Column *column, F &&value);
    void fullUrl();
    /// The decoded form of the plain view's entries, absent where nothing changes.
    void decoded();
    void userAgent();
    void action(std::size_t which);
    void blocked();
    void time();
    void host();
    [[nodiscard]] std::vector<std::uint8_t> securePerEntry(const Column &protocol) const;

    const Candidate &m_candidate;
    const EventBlock &m_block;
    const SourceView *m_plain;
    SourceView m_view;
};

template <class F>
void ViewMaker::map(const Column *column, F &&value)
{
    m_view.m_column = column;
    if (column == nullptr) {
        return;
    }
    m_view.m_hasTexts = true;
    std::string scratch;
    bool anyAbsent = false;
    std::string bytes;
    std::vector<std::uint32_t> ends;
    bytes.reserve(column->texts().bytes());
    ends.reserve(column->entries());
    std::vector<std::uint8_t> absent(column->entries(), 0);
    for (std::size_t entry = 0; entry < column->entries(); ++entry) {
        const auto text = value(column->text(entry, scratch));
        absent[entry] = text.empty() ? 1 : 0;
        anyAbsent = anyAbsent || text.empty();
        bytes.append(text);
        ends.push_back(static_cast<std::uint32_t>(bytes.size()));
    }
    m_view.m_texts.assign(std::move(bytes), std::move(ends));
    if (anyAbsent) {
        m_view.m_absent = std::move(absent);
    }
}

std::vector<std::uint8_t> ViewMaker::securePerEntry(const Column &protocol) const
{
    std::vector<std::uint8_t> secure(protocol.entries(), 0);
    std::string scratch;
    for (std::size_t entry = 0; entry < secure.size(); ++entry) {
        const std::string_view text = protocol.text(entry, scratch);
        secure[entry] =
            startsWithIgnoreCase(text, "https") || findIgnoreCase(text, "ssl") != std::string_view::npos ? 1 : 0;
    }
    return secure;
}

void ViewMaker::fullUrl()
{
    const Column *url = m_block.column(Field::UrlOriginal);
    if (url == nullptr) {
        return;
    }
    const Column *protocol = m_block.column(Field::NetworkProtocol);
    const std::vector<std::uint8_t> secure =
        protocol != nullptr ? securePerEntry(*protocol) : std::vector<std::uint8_t>();
    std::vector<std::uint32_t> known(url->entries() * 2, 0);
    std::vector<std::uint32_t> codes(m_block.rows());
    TextDictionary texts;
    std::string scratch;
    std::string full;
    for (std::size_t row = 0; row < codes.size(); ++row) {
        const std::uint32_t code = url->code(row);
        if (code < kFirstEntry) {
            codes[row] = code;
            continue;
        }
        const std::uint32_t scheme = protocol != nullptr ? protocol->code(row) : kNull;
        const std::uint8_t https = scheme < kFirstEntry ? 0 : secure[scheme - kFirstEntry];
        std::uint32_t &entry = known[(code - kFirstEntry) * 2 + https];
        if (entry == 0) {
            const std::string_view text = url->text(code - kFirstEntry, scratch);
            full.assign(withoutScheme(text).size() != text.size() ? ""
                        : https != 0                              ? "https://"
                                                                  : "http://")
                .append(text);
            texts.append(full);
            entry = static_cast<std::uint32_t>(texts.size() - 1) + kFirstEntry;
        }
        codes[row] = entry;
    }
    m_view.m_owned = ColumnAccess::make("derived.url", Kind::Text, std::move(codes), {}, std::move(texts), {});
}

void ViewMaker::decoded()
{
    if (m_plain == nullptr || m_plain->column() == nullptr) {
        return;
    }
    const TextDictionary &texts = m_plain->texts();
    std::string bytes;
    std::vector<std::uint32_t> ends;
    ends.reserve(texts.size());
    std::vector<std::uint8_t> absent(texts.size(), 1);
    for (std::size_t entry = 0; entry < texts.size(); ++entry) {
        if (needsPercentDecode(texts[entry])) {
            const std::string text = percentDecode(texts[entry]);
            if (text != texts[entry]) {
                absent[entry] = 0;
                bytes += text;
            }
        }
        ends.push_back(static_cast<std::uint32_t>(bytes.size()));
    }
    m_view.m_column = m_plain->column();
    m_view.m_hasTexts = true;
    m_view.m_texts.assign(std::move(bytes), std::move(ends));
    m_view.m_absent = std::move(absent);
}

void ViewMaker::userAgent()
{
    const Column *agent = m_block.column(Field::UserAgentOriginal);
    const Column *method = m_block.column(Field::HttpRequestMethod);
    m_view.m_column = agent;
    if (agent == nullptr || method == nullptr || agent->hasLists() || agent->kind() != Kind::Text) {
        return;
    }
    const auto all = agent->allCodes();
    if (std::find_if(all.begin(), all.end(), [](std::uint32_t c) { return c < kFirstEntry; }) == all.end()) {
        return;
    }
    std::string scratch;
    std::vector<std::uint32_t> codes(all.begin(), all.end());
    TextDictionary texts = agent->texts();
    const auto empty = static_cast<std::uint32_t>(texts.size()) + kFirstEntry;
    texts.append({});
    for (std::size_t row = 0; row < codes.size(); ++row) {
        const std::string_view verb = codes[row] < kFirstEntry ? method->value(row, scratch) : std::string_view();
        if (!verb.empty() && !equalsIgnoreCase(verb, "CONNECT") && !equalsIgnoreCase(verb, "NA")) {
            codes[row] = empty;
        }
    }
    m_view.m_owned = ColumnAccess::make("derived.useragent", Kind::Text, std::move(codes), {}, std::move(texts), {});
}

void ViewMaker::action(std::size_t which)
{
    constexpr std::array<std::string_view, 3> kAllow{"allow", "forward", "accept"};
    constexpr std::array<std::string_view, 3> kDeny{"block", "deny", "drop"};
    map(m_block.column(Field::EventAction), [&](std::string_view text) {
        return isAllowed(text) ? kAllow[which] : isDenied(text) ? kDeny[which] : std::string_view();
    });
}

void ViewMaker::blocked()
{
    const Column *type = m_block.column(Field::EventType);
    map(type != nullptr ? type : m_block.column(Field::EventAction), [](std::string_view text) {
        return isAllowed(text)  ? std::string_view("false")
               : isDenied(text) ? std::string_view("true")
                                : std::string_view();
    });
}

void ViewMaker::time()
{
    std::unordered_map<Timestamp, std::uint32_t> known;
    std::vector<std::uint32_t> codes;
    codes.reserve(m_block.rows());
    TextDictionary texts;
    for (const Timestamp at : m_block.times()) {
        if (at == kNoTime) {
            codes.push_back(event::kMissing);
            continue;
        }
        const auto [found, fresh] = known.try_emplace(at, static_cast<std::uint32_t>(texts.size()) + kFirstEntry);
        if (fresh) {
            texts.append(formatIsoTime(at));
        }
        codes.push_back(found->second);
    }
    m_view.m_owned = ColumnAccess::make("derived.time", Kind::Text, std::move(codes), {}, std::move(texts), {});
}

void ViewMaker::host()
{
    if (m_block.column(Field::UrlDomain) == nullptr) {
        map(m_block.column(Field::UrlOriginal), [](std::string_view text) { return splitUrl(text).host; });
    }
}

SourceView ViewMaker::make()
{
    const Column *url = m_block.column(Field::UrlOriginal);
    const auto query = [](std::string_view text) {
        const std::string_view rest = pathAndQuery(withoutScheme(text));
        const std::size_t mark = rest.find('?');
        return mark == std::string_view::npos ? std::string_view() : rest.substr(mark + 1);
    };
    const auto path = [](std::string_view text) {
        const std::string_view rest = pathAndQuery(withoutScheme(text));
        const std::string_view stem = rest.substr(0, firstOf(rest, '?', '#'));
        return stem.empty() ? std::string_view("/") : stem;
    };
    switch (m_candidate.derived) {
    case Derived::None:
        m_view.m_column = m_block.column(m_candidate.column);
        break;
    case Derived::FullUrl:
        fullUrl();
        break;
    case Derived::FullUrlDecoded:
        decoded();
        break;
    case Derived::Url:
        map(url, withoutScheme);
        break;
    case Derived::UrlDecoded:
        decoded();
        break;
    case Derived::PathQuery:
        map(url, [](std::string_view text) { return pathAndQuery(withoutScheme(text)); });
        break;
    case Derived::PathQueryDecoded:
        decoded();
        break;
    case Derived::Path:
        map(url, path);
        break;
    case Derived::PathDecoded:
        decoded();
        break;
    case Derived::Query:
        map(url, query);
        break;
    case Derived::QueryDecoded:
        decoded();
        break;
    case Derived::Extension:
        map(url, [&](std::string_view text) { return extensionOf(path(text)); });
        break;
    case Derived::FileExtension:
        map(m_block.column(Field::FileName), extensionOf);
        break;
    case Derived::Host:
        host();
        break;
    case Derived::UserAgent:
        userAgent();
        break;
    case Derived::QueryName:
        map(m_block.column(Field::DnsQuestionName),
            [](std::string_view text) { return text.ends_with('.') ? text.substr(0, text.size() - 1) : text; });
        break;
    case Derived::ActionFirst:
        action(0);
        break;
    case Derived::ActionSecond:
        action(1);
        break;
    case Derived::ActionThird:
        action(2);
        break;
    case Derived::Blocked:
        blocked();
        break;
    case Derived::Time:
        time();
        break;
    case Derived::UrlRegistered:
        map(m_block.column(Field::UrlDomain), registered);
        break;
    case Derived::DnsRegistered:
        map(m_block.column(Field::DnsQuestionName), registered);
        break;
    }
    if (m_view.column() != nullptr && m_view.column()->kind() == Kind::Integer && !m_view.m_hasTexts) {
        map(m_view.m_column, [](std::string_view text) { return text; });
    }
    return std::move(m_view);
}

SourceView SourceView::of(const Candidate &candidate, const EventBlock &block, const SourceView *plain)
{
    return ViewMaker(candidate, block, plain).make();
}

const TextDictionary &SourceView::folded()
{
    if (!m_foldedReady) {
        m_foldedReady = true;
        const TextDictionary &plain = texts();
        std::string lower = plain.buffer();
        if (lowerAscii(lower)) {
            m_folded.assign(std::move(lower), plain.ends());
        } else {
            for (std::size_t entry = 0; entry < plain.size(); ++entry) {
                m_folded.append(foldCase(plain[entry]));
            }
        }
    }
    return m_folded;
}

} // namespace nightjar::sigma
