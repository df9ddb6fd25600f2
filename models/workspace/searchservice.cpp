// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/engine.h"
#include "workspace/predicate.h"

#include "event/schema.h"
#include "query/query.h"
#include "store/sqlquery.h"

#include <algorithm>

namespace nightjar::workspace {

namespace {

/// A question made ready: the parsed query, the blocks as they are now, and what to ask of them.
struct Prepared {
    query::Query query;
    store::Snapshot snapshot;
    store::TimeRange range;
};

Result<Prepared> prepare(Engine &engine, const SearchRequest &request)
{
    auto parsed = query::parse(request.query, engine.clock);
    if (!parsed) {
        return fail(parsed.error());
    }
    Prepared prepared{std::move(*parsed), engine.events->snapshot(), {}};
    prepared.range = rangeOf(request, prepared.query);
    return prepared;
}

/// Full names of fields that may be given by alias.
Result<std::string> fieldName(const std::string &given)
{
    if (const auto field = event::findField(given)) {
        return std::string(event::name(*field));
    }
    if (given.starts_with(event::kExtraPrefix)) {
        return given;
    }
    return fail("NJ-WORK-040", "There is no field \"" + given + "\"",
                "It is neither a field of the schema nor zscaler.<token>.",
                "nightjar-cli search --help tells how fields are named; user, host, url, action are short names.");
}

void appendField(std::vector<std::pair<std::string, std::string>> &fields, const event::Column &column)
{
    std::string text;
    std::string scratch;
    for (const std::uint32_t code : column.codes(0)) {
        if (code >= event::kFirstEntry) {
            text += text.empty() ? "" : ", ";
            text += column.text(code - event::kFirstEntry, scratch);
        }
    }
    if (column.codes(0).size() != 1 || column.code(0) != event::kMissing) {
        fields.emplace_back(column.name(), text);
    }
}

EventDetail detailOf(const store::StoredEvent &stored)
{
    EventDetail detail;
    detail.id = stored.id;
    detail.time = stored.block.times().front();
    detail.json = stored.block.toJson(0, stored.id);
    detail.raw = stored.raw;
    for (const event::FieldInfo &field : event::fields()) {
        if (const event::Column *column = stored.block.column(field.field)) {
            appendField(detail.fields, *column);
        }
    }
    for (const event::Column &column : stored.block.columns()) {
        if (column.name().starts_with(event::kExtraPrefix)) {
            appendField(detail.fields, column);
        }
    }
    return detail;
}

} // namespace

Result<SearchPage> SearchService::page(const SearchRequest &request, const CancelToken &cancel)
{
    const auto prepared = prepare(m_engine, request);
    if (!prepared) {
        return fail(prepared.error());
    }
    std::optional<store::RowKey> after;
    if (request.after) {
        after = store::RowKey{request.after->first, request.after->second};
    }
    const auto found = m_engine.events->page(prepared->snapshot, prepared->range, predicateOf(prepared->query),
                                             request.columns, after, request.limit, request.newestFirst, cancel);
    if (!found) {
        return fail(found.error());
    }
    SearchPage page;
    page.complete = found->complete;
    for (const store::PageRow &row : found->rows) {
        page.rows.push_back({row.key.id, row.key.time, row.cells});
    }
    return page;
}

Result<std::int64_t> SearchService::count(const SearchRequest &request, const CancelToken &cancel)
{
    const auto prepared = prepare(m_engine, request);
    if (!prepared) {
        return fail(prepared.error());
    }
    return m_engine.events->count(prepared->snapshot, prepared->range, predicateOf(prepared->query), cancel);
}

Result<Histogram> SearchService::histogram(const SearchRequest &request, std::int64_t bucketMicros,
                                           const CancelToken &cancel)
{
    const auto prepared = prepare(m_engine, request);
    if (!prepared) {
        return fail(prepared.error());
    }
    const auto counted =
        m_engine.events->histogram(prepared->snapshot, prepared->range, bucketMicros, predicateOf(prepared->query),
                                   event::name(event::Field::EventType), {"allowed", "denied"}, cancel);
    if (!counted) {
        return fail(counted.error());
    }
    Histogram histogram;
    histogram.bucketMicros = counted->bucketMicros;
    histogram.total = counted->total;
    const std::size_t buckets = counted->counts.empty() ? 0 : counted->counts.front().size();
    for (std::size_t i = 0; i < buckets; ++i) {
        histogram.buckets.push_back({counted->start + static_cast<std::int64_t>(i) * counted->bucketMicros,
                                     counted->counts[0][i], counted->counts[1][i], counted->counts[2][i]});
    }
    return histogram;
}

Result<std::vector<Facet>> SearchService::facets(const SearchRequest &request, const std::vector<std::string> &fields,
                                                 std::size_t top, const CancelToken &cancel)
{
    const auto prepared = prepare(m_engine, request);
    if (!prepared) {
        return fail(prepared.error());
    }
    std::vector<std::string> names;
    for (const std::string &given : fields) {
        const auto full = fieldName(given);
        if (!full) {
            return fail(full.error());
        }
        names.push_back(*full);
    }
    const auto counted =
        m_engine.events->facets(prepared->snapshot, prepared->range, names, predicateOf(prepared->query), top, cancel);
    if (!counted) {
        return fail(counted.error());
    }
    std::vector<Facet> facets;
    for (const store::FacetCounts &counts : *counted) {
        Facet facet{counts.field, counts.distinct, {}, {}};
        for (const auto &[value, n] : counts.top) {
            facet.top.push_back({value, n});
        }
        for (const auto &[value, n] : counts.rare) {
            facet.rare.push_back({value, n});
        }
        facets.push_back(std::move(facet));
    }
    return facets;
}

Result<EventDetail> SearchService::event(std::int64_t id)
{
    const std::vector<std::int64_t> ids{id};
    const auto found = m_engine.events->fetch(m_engine.events->snapshot(), ids);
    if (!found) {
        return fail(found.error());
    }
    if (found->empty()) {
        return fail("NJ-WORK-041", "Event " + std::to_string(id) + " has expired",
                    "Retention has removed it, or it never was.", "Alerts keep copies of their evidence.");
    }
    return detailOf(found->front());
}

Status SearchService::stream(const SearchRequest &request, const CancelToken &cancel,
                             const std::function<bool(const EventDetail &)> &visit)
{
    constexpr std::size_t kPage = 1'000;
    auto prepared = prepare(m_engine, request);
    if (!prepared) {
        return fail(prepared.error());
    }
    const auto predicate = predicateOf(prepared->query);
    std::optional<store::RowKey> after;
    for (std::size_t left = request.limit; left > 0 && !cancel.cancelled();) {
        const auto page = m_engine.events->page(prepared->snapshot, prepared->range, predicate, {}, after,
                                                std::min(left, kPage), request.newestFirst, cancel);
        if (!page) {
            return fail(page.error());
        }
        std::vector<std::int64_t> ids;
        for (const store::PageRow &row : page->rows) {
            ids.push_back(row.key.id);
        }
        const auto events = m_engine.events->fetch(prepared->snapshot, ids);
        if (!events) {
            return fail(events.error());
        }
        for (const store::StoredEvent &event : *events) {
            if (!visit(detailOf(event))) {
                return {};
            }
        }
        if (page->complete || page->rows.empty()) {
            break;
        }
        after = page->rows.back().key;
        left -= page->rows.size();
    }
    return {};
}

Result<std::vector<std::string>> SearchService::fieldNames()
{
    return m_engine.events->snapshot().columns();
}

Status SearchService::sql(const std::string &statement, const CancelToken &cancel, const SqlVisitor &visit)
{
    return store::runSql(*m_engine.events, m_engine.events->snapshot(), statement, cancel, visit);
}

} // namespace nightjar::workspace
