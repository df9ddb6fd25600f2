// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "intel/webfetch.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

/// Client of TAXII 2.1 (OASIS standard of 10 June 2021).
namespace nightjar::intel {

struct TaxiiCollection {
    std::string id, title, alias;
    std::string url; ///< ends with "/"
    bool canRead = true;
};

/// One page of objects, whole.
struct TaxiiPage {
    std::string body; ///< an envelope: STIX objects under "objects"
    std::size_t objects = 0;
    std::string addedUpTo; ///< X-TAXII-Date-Added-Last; empty when the server does not say
};

/// What a walk did.
struct TaxiiWalk {
    std::size_t pages = 0, objects = 0;
    bool complete = false; ///< the server said that there is no more
};

/// Servers that are known to misbehave are lived with: relative and absolute roots, hidden discovery, silent lower
/// limits, `more` without `next`, `next` that expires or comes twice, groups of one date cut by a page, `{}` for an
/// empty page, web pages instead of JSON. Thread: one. Errors: WebFetch's, NJ-INTEL-070 no TAXII 2.1, -071 it goes in
/// circles, -072 more than is taken in one walk, -073 no such collection.
class TaxiiClient {
public:
    struct Options {
        std::string url;           ///< of a server, of its discovery, of an API root or of a collection
        std::size_t limit = 2'000; ///< objects a page; a server may give less
        std::size_t maxPages = 20'000;
        std::uint64_t maxBytes = std::uint64_t{8} << 30U;
    };
    TaxiiClient(WebFetch &fetch, Options options)
        : m_fetch(fetch)
        , m_options(std::move(options))
    {
    }

    /// Readable collections of all roots. A root that fails is told in problems() and stops nothing.
    Result<std::vector<TaxiiCollection>> collections(const CancelToken &cancel);
    [[nodiscard]] const std::vector<Error> &problems() const { return m_problems; }

    /// Pages in order of the date they were added, from `addedAfter` (exclusive, empty: all). What `onPage` has taken
    /// is not asked for again unless a date is cut; its error stops the walk.
    Result<TaxiiWalk> walk(const TaxiiCollection &collection, const std::string &addedAfter,
                           const std::function<Status(const TaxiiPage &)> &onPage, const CancelToken &cancel);

private:
    struct Envelope;
    struct Walker;
    Result<nlohmann::json> ask(const std::string &url, const CancelToken &cancel, net::HttpResponse *answer = nullptr);
    Status addRoot(const std::string &root, std::vector<TaxiiCollection> &out, const CancelToken &cancel);
    static void addCollections(const nlohmann::json &list, const std::string &base, std::vector<TaxiiCollection> &out);

    WebFetch &m_fetch;
    Options m_options;
    std::vector<Error> m_problems;
};

} // namespace nightjar::intel
