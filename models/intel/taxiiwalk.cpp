// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"
#include "intel/taxii.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace nightjar::intel {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostLimit = 100'000;
constexpr int kIdlePages = 50; ///< in a row that bring nothing new

/// Unreserved characters stand, all others are encoded (RFC 3986 §2.3).
std::string encoded(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

/// `text` moved by microseconds; servers cut dates to micro- or milliseconds.
std::string moved(const std::string &text, std::int64_t micros)
{
    const auto time = parseIsoTime(text);
    if (!time) {
        return text;
    }
    const Timestamp at = *time + micros;
    const Timestamp rest = ((at % kMicrosPerSecond) + kMicrosPerSecond) % kMicrosPerSecond;
    return formatIsoTime(at - rest).substr(0, 19) + fmt::format(".{:06}Z", rest);
}

Error circles(const std::string &url, const char *reason)
{
    return {"NJ-INTEL-071",
            "The TAXII server goes in circles",
            reason,
            {net::originOf(url), 0, 0},
            "What came so far is kept; the next poll goes on from there."};
}

} // namespace

struct TaxiiClient::Envelope {
    TaxiiPage page;
    bool more = false;
    std::string next, first;
    std::size_t fresh = 0; ///< objects (id, version) not met before
    bool lost = false;     ///< the server does not know `next` (any more)
};

/// One walk over a collection. Everything up to `m_safe` has come, whatever the rest of the date after it is.
struct TaxiiClient::Walker {
    TaxiiClient &client;
    const std::string base;
    const std::string start; ///< added_after of the first page
    std::size_t limit;
    std::string after = start, next = {}, last = {}, safe = {};
    std::unordered_set<std::uint64_t> seen = {};
    int idle = 0; ///< pages in a row without anything new
    int step = 0; ///< how far beyond `last` was asked already, when there is no `next`
    bool lostBefore = false;

    [[nodiscard]] std::string url() const
    {
        std::string text = base;
        char sign = base.find('?') == std::string::npos ? '?' : '&';
        const auto add = [&](const char *name, const std::string &value) {
            if (!value.empty()) {
                text += sign + std::string(name) + "=" + encoded(value);
                sign = '&';
            }
        };
        add("limit", limit > 0 ? std::to_string(limit) : std::string());
        add("added_after", after);
        add("next", next);
        return text;
    }

    Result<Envelope> page(const CancelToken &cancel)
    {
        net::HttpResponse answer;
        const auto json = client.ask(url(), cancel, &answer);
        if (!json) {
            return fail(json.error());
        }
        Envelope out;
        if (answer.status == 400) {
            if (next.empty() && limit == 0) {
                return fail(circles(base, "it refuses the first page (400)"));
            }
            out.lost = true;
            return out;
        }
        const auto more = json->find("more");
        out.more = more != json->end() && (*more == true || *more == "true");
        const auto token = json->find("next");
        out.next = token == json->end() || token->is_null() ? std::string()
                   : token->is_string()                     ? token->get<std::string>()
                                                            : token->dump();
        out.first = trim(answer.header("X-TAXII-Date-Added-First"));
        out.page.addedUpTo = trim(answer.header("X-TAXII-Date-Added-Last"));
        if (const auto objects = json->find("objects"); objects != json->end() && objects->is_array()) {
            out.page.objects = objects->size();
            for (const Json &object : *objects) {
                out.fresh += seen.insert(versionOf(object)).second ? 1U : 0U;
            }
        }
        out.page.body = std::move(answer.body);
        return out;
    }

    static std::uint64_t versionOf(const Json &object)
    {
        const auto text = [&](const char *key) {
            const auto found = object.is_object() ? object.find(key) : object.end();
            return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>()
                                                                                     : std::string();
        };
        const std::string id = text("id");
        return id.empty() ? hash64(object.dump(-1, ' ', false, Json::error_handler_t::replace))
                          : hash64(id + '\n' + text("modified") + '\n' + text("created"));
    }

    void noteDates(const Envelope &got)
    {
        const std::string &newest = got.page.addedUpTo;
        if (newest.empty()) {
            return;
        }
        if (!got.first.empty() && got.first != newest) {
            safe = got.first;
        } else if (!last.empty() && last != newest) {
            safe = last;
        }
        last = newest;
    }

    /// Where to go on after a page that is not the last one.
    Status advance(const Envelope &got)
    {
        idle = got.fresh > 0 ? 0 : idle + 1;
        if (!got.next.empty()) {
            if (got.fresh == 0 && (got.next == next || idle > kIdlePages)) {
                return fail(circles(base, "its pages bring nothing new and it says that there are more"));
            }
            next = got.next;
            return {};
        }
        next.clear();
        if (last.empty()) {
            return fail(circles(base, "it says that there is more, but neither where (next) nor from when"));
        }
        if (got.fresh > 0) {
            step = 0;
            after = moved(last, -1); // a page may have cut the objects of one date
            return {};
        }
        // The date may be larger than a page; then it may simply be over.
        if (step == 0 && limit > 0 && limit * 4 <= kMostLimit && got.page.objects > 0) {
            limit *= 4;
            return {};
        }
        if (++step > 2) {
            return fail(circles(base, "the same page comes again and again"));
        }
        after = step == 1 ? last : moved(last, 1);
        return {};
    }

    /// `next` has expired: back to the last date that has come whole.
    Status recover()
    {
        if (next.empty()) {
            limit = 0; // it may be the limit that is refused
            return {};
        }
        if (lostBefore) {
            return fail(circles(base, "it forgets its pages as soon as they are asked for"));
        }
        lostBefore = true;
        next.clear();
        after = safe.empty() ? start : safe;
        return {};
    }
};

Result<TaxiiWalk> TaxiiClient::walk(const TaxiiCollection &collection, const std::string &addedAfter,
                                    const std::function<Status(const TaxiiPage &)> &onPage, const CancelToken &cancel)
{
    Walker walker{*this, collection.url + "objects/", addedAfter, m_options.limit};
    TaxiiWalk done;
    std::uint64_t bytes = 0;
    while (!cancel.cancelled()) {
        auto got = walker.page(cancel);
        if (!got) {
            return fail(got.error());
        }
        if (got->lost) {
            if (auto again = walker.recover(); !again) {
                return fail(again.error());
            }
            continue;
        }
        ++done.pages;
        done.objects += got->fresh;
        bytes += got->page.body.size();
        walker.noteDates(*got);
        if (got->fresh > 0) {
            walker.lostBefore = false;
            if (auto taken = onPage(got->page); !taken) {
                return fail(taken.error());
            }
        }
        if (!got->more) {
            done.complete = true;
            return done;
        }
        if (done.pages >= m_options.maxPages || bytes >= m_options.maxBytes) {
            return fail("NJ-INTEL-072", "The collection is larger than one walk takes",
                        std::to_string(done.pages) + " pages have come", "The next poll goes on from there.");
        }
        if (auto next = walker.advance(*got); !next) {
            return fail(next.error());
        }
    }
    return done;
}

} // namespace nightjar::intel
