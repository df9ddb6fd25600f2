// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/builder.h"
#include "support/support.h"
#include "workspace/predicate.h"

#include <algorithm>
#include <functional>
#include <map>
#include <random>

using namespace nightjar;

namespace {

constexpr Timestamp kStart = 1'772'000'000 * kMicrosPerSecond;
constexpr int kSets = 20;
constexpr int kQueries = 500; ///< a set

struct FixedClock : Clock {
    [[nodiscard]] Timestamp now() const override { return kStart; }
};

/// An event as a table row would have it.
struct Row {
    std::int64_t id = 0;
    Timestamp time = kNoTime;
    std::map<std::string, std::vector<std::string>> values;
    std::string raw;
};

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// A query written down twice: as text for the program, and as a condition on rows that knows nothing of the program.
struct Condition {
    std::string text;
    std::function<bool(const Row &)> holds;
};

/// Plain recursion; * is any text, ? one character.
bool like(std::string_view value, std::string_view pattern)
{
    if (pattern.empty()) {
        return value.empty();
    }
    if (pattern.front() == '*') {
        return like(value, pattern.substr(1)) || (!value.empty() && like(value.substr(1), pattern));
    }
    return !value.empty() && (pattern.front() == '?' || pattern.front() == value.front()) &&
           like(value.substr(1), pattern.substr(1));
}

class Maker {
public:
    explicit Maker(std::uint32_t seed)
        : m_random(seed)
    {
    }

    std::uint64_t upTo(std::uint64_t n) { return m_random() % n; }
    const char *pick(std::initializer_list<const char *> all)
    {
        return *(all.begin() + static_cast<std::ptrdiff_t>(upTo(all.size())));
    }

    Row row(std::int64_t id)
    {
        Row row;
        row.id = id;
        if (upTo(12) != 0) {
            row.time = kStart + static_cast<Timestamp>(upTo(40)) * 1'800 * kMicrosPerSecond;
        }
        if (upTo(6) != 0) {
            row.values["user.name"] = {user()};
        }
        if (upTo(4) != 0) {
            row.values["url.domain"] = {host()};
        }
        if (upTo(3) != 0) {
            row.values["source.ip"] = {address()};
        }
        if (upTo(5) == 0) {
            for (std::uint64_t k = upTo(3); k > 0; --k) {
                row.values["dns.resolved_ip"].push_back(address());
            }
            if (row.values["dns.resolved_ip"].empty()) {
                row.values.erase("dns.resolved_ip");
            }
        }
        if (upTo(3) != 0) {
            row.values["source.bytes"] = {std::to_string(upTo(30))};
        }
        row.raw = std::string(pick({"GET /Index.html", "POST /a.php?id=1", "x", "CONNECT"})) + " n" +
                  std::to_string(id) + pick({"", " Malware", " tail\\slash", " \"q\""});
        return row;
    }

    Condition condition(int depth)
    {
        switch (depth > 0 ? upTo(6) : 0) {
        case 1:
        case 2: {
            Condition a = condition(depth - 1), b = condition(depth - 1);
            return {"(" + a.text + pick({" ", " and ", " AND "}) + b.text + ")",
                    [a, b](const Row &row) { return a.holds(row) && b.holds(row); }};
        }
        case 3: {
            Condition a = condition(depth - 1), b = condition(depth - 1);
            return {"(" + a.text + " or " + b.text + ")",
                    [a, b](const Row &row) { return a.holds(row) || b.holds(row); }};
        }
        case 4: {
            Condition a = condition(depth - 1);
            return {std::string(pick({"-", "not "})) + a.text, [a](const Row &row) { return !a.holds(row); }};
        }
        default:
            return leaf();
        }
    }

    Condition timed(Condition inner)
    {
        const auto from = kStart + static_cast<Timestamp>(upTo(40)) * 1'800 * kMicrosPerSecond;
        const auto to = from + static_cast<Timestamp>(1 + upTo(20)) * 1'800 * kMicrosPerSecond;
        return {"@" + formatIsoTime(from) + ".." + formatIsoTime(to) + " " + inner.text,
                [inner, from, to](const Row &row) {
                    return row.time != kNoTime && row.time >= from && row.time < to && inner.holds(row);
                }};
    }

private:
    std::string user() { return pick({"alice", "Bob", "carol x", "dave", "AL", ""}); }
    std::string host() { return pick({"a.example", "cdn.b.example", "B.example", "c.test", "longer.name.example"}); }
    std::string address() { return "10.0." + std::to_string(upTo(3)) + "." + std::to_string(upTo(6)); }

    using Check = std::function<bool(const std::string &)>;
    static Condition any(std::string text, const std::string &field, const Check &check)
    {
        return {std::move(text), [field, check](const Row &row) {
                    const auto found = row.values.find(field);
                    return found != row.values.end() && std::any_of(found->second.begin(), found->second.end(), check);
                }};
    }

    Condition leaf()
    {
        switch (upTo(10)) {
        case 0:
            return any("user:*", "user.name", [](const std::string &) { return true; });
        case 1: {
            const std::string value = user();
            return any("user:\"" + value + "\"", "user.name",
                       [value](const std::string &v) { return lower(v) == lower(value); });
        }
        case 2: {
            const std::string a = host(), b = host();
            return any("host:(" + a + ", " + b + ")", "url.domain",
                       [a, b](const std::string &v) { return lower(v) == lower(a) || lower(v) == lower(b); });
        }
        case 3: {
            const std::string pattern = pick({"*.example", "a*", "?.example", "*e*", "B*", "*.b.*", "c.tes?"});
            return any("host:" + pattern, "url.domain",
                       [pattern](const std::string &v) { return like(lower(v), lower(pattern)); });
        }
        case 4: {
            const auto third = std::to_string(upTo(3));
            return any("src:10.0." + third + ".0/24", "source.ip",
                       [third](const std::string &v) { return v.starts_with("10.0." + third + "."); });
        }
        case 5: {
            const std::string value = address();
            return any("answer:" + value, "dns.resolved_ip", [value](const std::string &v) { return v == value; });
        }
        case 6: {
            const std::string op = pick({"<", "<=", ">", ">="});
            const auto limit = static_cast<int>(upTo(30));
            return any("bytes_out" + op + std::to_string(limit), "source.bytes", [op, limit](const std::string &v) {
                const int n = std::stoi(v);
                return op == "<" ? n < limit : op == "<=" ? n <= limit : op == ">" ? n > limit : n >= limit;
            });
        }
        case 7: {
            const std::string part = pick({"li", "^a", "x$", "B", "^$"});
            return any("user:~/" + part + "/", "user.name", [part](const std::string &v) {
                return part == "^a"   ? v.starts_with('a')
                       : part == "x$" ? v.ends_with('x')
                       : part == "^$" ? v.empty()
                                      : v.find(part) != std::string::npos;
            });
        }
        case 8: {
            const std::string word = pick({"malware", "INDEX", "php?id", "connect", "tail\\slash", "n1"});
            return {"\"" + escaped(word) + "\"",
                    [word](const Row &row) { return lower(row.raw).find(lower(word)) != std::string::npos; }};
        }
        default: {
            const std::string value = std::to_string(upTo(30));
            return any("source.bytes:" + value, "source.bytes", [value](const std::string &v) { return v == value; });
        }
        }
    }

    static std::string escaped(const std::string &word)
    {
        std::string out;
        for (const char c : word) {
            out += c == '\\' || c == '"' ? std::string("\\") + c : std::string(1, c);
        }
        return out;
    }

    std::mt19937 m_random;
};

/// Some events in blocks of different sizes, the later ones without some columns.
std::vector<Row> fill(store::EventStore &store, Maker &maker)
{
    std::vector<Row> rows;
    for (int block = 0; block < 4; ++block) {
        event::BlockBuilder builder;
        for (std::uint64_t i = 1 + maker.upTo(40); i > 0; --i) {
            Row row = maker.row(static_cast<std::int64_t>(rows.size()) + 1);
            if (block == 3) {
                row.values.erase("url.domain");
            }
            builder.beginRow(row.raw);
            if (row.time != kNoTime) {
                builder.setTime(row.time);
            }
            for (const auto &[name, values] : row.values) {
                for (const std::string &value : values) {
                    const auto field = *event::findField(name);
                    event::info(field).kind == event::Kind::Integer ? builder.setInteger(field, std::stoi(value))
                                                                    : builder.set(field, value);
                }
            }
            builder.commitRow();
            rows.push_back(std::move(row));
        }
        auto encoded = store::encodeBlock(builder.finish());
        store::SourceCursor cursor;
        cursor.sourceKey = "a";
        cursor.delivery = 1;
        if (!encoded || !store.append(std::move(*encoded), cursor)) {
            qFatal("the store does not take a block");
        }
    }
    return rows;
}

} // namespace

class TestReference : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Counts and pages, newest and oldest first, of 10,000 random pairs of query and events.
    void answersAsARowByRowEvaluatorDoes()
    {
        const FixedClock clock;
        for (int set = 0; set < kSets; ++set) {
            Maker maker(static_cast<std::uint32_t>(set));
            const testsupport::TemporaryFolder folder;
            auto store = store::EventStore::open(folder.path());
            QVERIFY(store);
            const std::vector<Row> rows = fill(**store, maker);
            const auto snapshot = (*store)->snapshot();
            for (int i = 0; i < kQueries; ++i) {
                Condition wanted = maker.condition(3);
                if (maker.upTo(3) == 0) {
                    wanted = maker.timed(wanted);
                }
                const auto query = query::parse(wanted.text, clock);
                QVERIFY2(query, (wanted.text + ": " + (query ? "" : describe(query.error()))).c_str());
                std::vector<std::pair<Timestamp, std::int64_t>> expected;
                for (const Row &row : rows) {
                    if (wanted.holds(row)) {
                        expected.emplace_back(row.time, row.id);
                    }
                }
                std::sort(expected.begin(), expected.end());
                const auto predicate = workspace::predicateOf(*query);
                const auto range = workspace::rangeOf({}, *query);
                const auto count = (*store)->count(snapshot, range, predicate, CancelToken());
                QVERIFY(count);
                QVERIFY2(*count == static_cast<std::int64_t>(expected.size()), wanted.text.c_str());
                for (const bool newest : {false, true}) {
                    const auto page =
                        (*store)->page(snapshot, range, predicate, {}, std::nullopt, 1'000, newest, CancelToken());
                    QVERIFY(page);
                    std::vector<std::pair<Timestamp, std::int64_t>> got;
                    for (const store::PageRow &row : page->rows) {
                        got.emplace_back(row.key.time, row.key.id);
                    }
                    if (newest) {
                        std::reverse(got.begin(), got.end());
                    }
                    QVERIFY2(got == expected, wanted.text.c_str());
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestReference)
#include "tst_reference.moc"
