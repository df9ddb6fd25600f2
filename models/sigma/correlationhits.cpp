// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/correlationhits.h"

#include "base/hash.h"
#include "base/text.h"
#include "sigma/correlationset.h"
#include "sigma/sourceview.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <optional>
#include <span>

namespace nightjar::sigma {

void appendGroupValue(std::string &out, std::string_view value, std::size_t fields)
{
    if (fields > 1) {
        std::size_t size = value.size();
        for (; size >= 0x80; size >>= 7U) {
            out.push_back(static_cast<char>(size | 0x80U));
        }
        out.push_back(static_cast<char>(size));
    }
    out.append(value);
}

std::vector<std::string> decodeGroup(std::string_view key, std::size_t fields)
{
    std::vector<std::string> values;
    if (fields == 1) {
        values.emplace_back(key);
        return values;
    }
    std::size_t at = 0;
    while (values.size() < fields) {
        std::size_t size = 0;
        for (unsigned shift = 0; at < key.size() && shift < 56; shift += 7) {
            const auto byte = static_cast<unsigned char>(key[at++]);
            size |= static_cast<std::size_t>(byte & 0x7FU) << shift;
            if (byte < 0x80) {
                break;
            }
        }
        values.emplace_back(key.substr(std::min(at, key.size()), size));
        at += std::min(size, key.size() - std::min(at, key.size()));
    }
    return values;
}

namespace {

/// About 9,500 years from 1970: the windows' arithmetic stays within bounds.
constexpr Timestamp kFarthest = 300'000'000'000 * kMicrosPerSecond;

/// The values of one field in the rows of a block: of the first candidate that has any.
class FieldReader {
public:
    FieldReader(const std::vector<Candidate> &candidates, const event::EventBlock &block)
    {
        for (const Candidate &candidate : candidates) {
            const SourceView *plain = nullptr;
            if (const Derived needed = plainOf(candidate.derived); needed != Derived::None) {
                m_views.push_back(std::make_unique<SourceView>(SourceView::of({needed, {}, false}, block)));
                plain = m_views.back().get();
            }
            m_views.push_back(std::make_unique<SourceView>(SourceView::of(candidate, block, plain)));
        }
    }

    void read(std::size_t row, std::vector<std::string_view> &out) const
    {
        out.clear();
        for (const auto &view : m_views) {
            if (view->column() == nullptr) {
                continue;
            }
            for (const std::uint32_t code : view->column()->codes(row)) {
                if (code >= event::kFirstEntry && !view->absent(code - event::kFirstEntry) &&
                    out.size() < kMaxValuesOfEvent) {
                    out.push_back(view->texts()[code - event::kFirstEntry]);
                }
            }
            if (!out.empty()) {
                return;
            }
        }
    }

private:
    std::vector<std::unique_ptr<SourceView>> m_views;
};

/// All combinations of the values of several fields, in order.
class Combinations {
public:
    /// False when a field has no value. Calls `visit(values)` at most `most` times.
    template <class F>
    static bool visit(const std::vector<std::vector<std::string_view>> &fields, std::size_t most, F &&visit)
    {
        std::vector<std::size_t> at(fields.size(), 0);
        for (const auto &field : fields) {
            if (field.empty()) {
                return false;
            }
        }
        std::vector<std::string_view> values(fields.size());
        for (std::size_t n = 0; n < most; ++n) {
            for (std::size_t i = 0; i < fields.size(); ++i) {
                values[i] = fields[i][at[i]];
            }
            visit(values);
            std::size_t i = fields.size();
            while (i > 0 && ++at[i - 1] == fields[i - 1].size()) {
                at[--i] = 0;
            }
            if (i == 0) {
                break;
            }
        }
        return true;
    }
};

struct Range {
    std::uint32_t first = 0, count = 0;
    bool known = false;
};

/// A list of fields with what it gives in each row, found when first asked for.
class ListReader {
public:
    ListReader(const std::vector<std::vector<Candidate>> &fields, const event::EventBlock &block)
        : m_ranges(block.rows())
        , m_values(fields.size())
    {
        for (const auto &candidates : fields) {
            m_readers.emplace_back(candidates, block);
        }
    }

    Range &range(std::size_t row) { return m_ranges[row]; }
    const std::vector<std::vector<std::string_view>> &values(std::size_t row)
    {
        for (std::size_t i = 0; i < m_readers.size(); ++i) {
            m_readers[i].read(row, m_values[i]);
        }
        return m_values;
    }
    [[nodiscard]] std::size_t fields() const { return m_readers.size(); }

private:
    std::vector<FieldReader> m_readers;
    std::vector<Range> m_ranges;
    std::vector<std::vector<std::string_view>> m_values;
};

class Collector {
public:
    Collector(const CorrelationSet &set, const std::vector<std::vector<std::vector<Candidate>>> &lists,
              const event::EventBlock &block, std::span<const Timestamp> times, CorrelationHits &out)
        : m_set(set)
        , m_candidates(lists)
        , m_block(block)
        , m_times(times)
        , m_groups(lists.size())
        , m_counts(lists.size())
        , m_numbers(lists.size())
        , m_out(out)
    {
    }

    /// `all`: row << 32 | correlation << 8 | slot, ascending.
    void run(const std::vector<std::uint64_t> &all, Timestamp latest)
    {
        const auto times = m_times;
        std::size_t row = 0; // seen so far
        for (std::size_t i = 0; i < all.size();) {
            const auto at = static_cast<std::size_t>(all[i] >> 32U);
            for (; row <= at; ++row) {
                see(times[row], latest);
            }
            std::size_t end = i;
            while (end < all.size() && all[end] >> 32U == at) {
                ++end;
            }
            if (times[at] == kNoTime) {
                ++m_out.undated;
            } else if (times[at] > latest || times[at] < -kFarthest || times[at] > kFarthest) {
                ++m_out.future;
            } else {
                addEvent(at, std::span(all).subspan(i, end - i));
            }
            i = end;
        }
        for (; row < times.size(); ++row) {
            see(times[row], latest);
        }
    }

private:
    void see(Timestamp time, Timestamp latest)
    {
        if (time >= -kFarthest && time <= std::min(latest, kFarthest)) {
            m_out.newest = std::max(m_out.newest, time);
        }
    }

    void addEvent(std::size_t row, std::span<const std::uint64_t> uses)
    {
        CorrelationHits::Event event;
        event.time = m_times[row];
        event.seen = m_out.newest;
        event.row = static_cast<std::uint32_t>(row);
        event.firstInput = static_cast<std::uint32_t>(m_out.inputs.size());
        std::size_t before = m_out.inputs.size(); // of this correlation
        std::uint32_t correlation = ~0U;
        for (const std::uint64_t use : uses) {
            const auto c = static_cast<std::uint32_t>(use >> 8U & 0xFFFFFFU);
            if (c != correlation) {
                correlation = c;
                before = m_out.inputs.size();
            }
            addUse(row, c, static_cast<unsigned>(use & 0xFFU), before);
        }
        event.inputs = static_cast<std::uint32_t>(m_out.inputs.size() - event.firstInput);
        if (event.inputs > 0) {
            m_out.events.push_back(event);
        }
    }

    void addUse(std::size_t row, std::uint32_t c, unsigned slotIndex, std::size_t before)
    {
        const CompiledCorrelation &correlation = m_set.correlations()[c];
        const CorrelationSlot &slot = correlation.slots[slotIndex];
        const Range groups = groupsOf(slot.groups, row);
        const bool counts = correlation.rule.type == CorrelationType::ValueCount;
        const bool wantsValues = !correlation.rule.fields.empty();
        const Range values = !wantsValues ? Range{} : valuesOf(slot.values, row, counts);
        if (wantsValues && values.count == 0) {
            return;
        }
        for (std::uint32_t g = groups.first; g < groups.first + groups.count; ++g) {
            const auto same = std::find_if(m_out.inputs.begin() + static_cast<std::ptrdiff_t>(before),
                                           m_out.inputs.end(), [&](const CorrelationInput &input) {
                                               return input.firstValue == values.first &&
                                                      m_out.key(m_out.keys[input.key]) == m_out.key(m_out.keys[g]);
                                           });
            if (same != m_out.inputs.end()) {
                same->slots |= std::uint64_t{1} << slotIndex;
            } else {
                m_out.inputs.push_back({c, g, std::uint64_t{1} << slotIndex, values.first, values.count});
            }
        }
    }

    ListReader &reader(std::vector<std::unique_ptr<ListReader>> &readers, std::uint32_t list)
    {
        if (!readers[list]) {
            readers[list] = std::make_unique<ListReader>(m_candidates[list], m_block);
        }
        return *readers[list];
    }

    Range groupsOf(std::uint32_t list, std::size_t row)
    {
        ListReader &from = reader(m_groups, list);
        Range &range = from.range(row);
        if (!range.known) {
            range = {static_cast<std::uint32_t>(m_out.keys.size()), 0, true};
            Combinations::visit(from.values(row), kMaxGroupsOfEvent, [&](const auto &values) {
                const std::size_t at = m_out.text.size();
                for (const std::string_view value : values) {
                    appendGroupValue(m_out.text, value, values.size());
                }
                const std::string_view key = std::string_view(m_out.text).substr(at);
                m_out.keys.push_back({hash64(key), at, key.size()});
                ++range.count;
            });
        }
        return range;
    }

    Range valuesOf(std::uint32_t list, std::size_t row, bool counts)
    {
        ListReader &from = reader(counts ? m_counts : m_numbers, list);
        Range &range = from.range(row);
        if (range.known) {
            return range;
        }
        range = {static_cast<std::uint32_t>(m_out.values.size()), 0, true};
        const auto &fields = from.values(row);
        if (counts) {
            Combinations::visit(fields, kMaxValuesOfEvent, [&](const auto &values) {
                m_tuple.clear();
                for (const std::string_view value : values) {
                    appendGroupValue(m_tuple, value, values.size());
                }
                addValue(hash64(m_tuple), range);
            });
        } else {
            for (const std::string_view value : fields.front()) {
                if (const auto number = parseNumber(trim(value)); number && std::isfinite(*number)) {
                    m_out.values.push_back(std::bit_cast<std::uint64_t>(*number));
                    ++range.count;
                }
            }
        }
        return range;
    }
    void addValue(std::uint64_t value, Range &range)
    {
        const auto begin = m_out.values.begin() + range.first;
        if (std::find(begin, m_out.values.end(), value) == m_out.values.end()) {
            m_out.values.push_back(value);
            ++range.count;
        }
    }

    const CorrelationSet &m_set;
    const std::vector<std::vector<std::vector<Candidate>>> &m_candidates;
    const event::EventBlock &m_block;
    std::span<const Timestamp> m_times;
    std::vector<std::unique_ptr<ListReader>> m_groups, m_counts, m_numbers;
    std::string m_tuple;
    CorrelationHits &m_out;
};

} // namespace

CorrelationHits CorrelationSet::collect(const event::EventBlock &block, std::span<const RuleMatch> matches,
                                        Timestamp latest, std::span<const Timestamp> times) const
{
    CorrelationHits out;
    out.set = m_fingerprint;
    std::vector<std::uint64_t> all;
    for (const RuleMatch &match : matches) {
        for (const Use &use : m_uses[match.rule]) {
            match.rows.forEach([&](std::size_t row) {
                all.push_back(static_cast<std::uint64_t>(row) << 32U |
                              static_cast<std::uint64_t>(use.correlation) << 8U | use.slot);
            });
        }
    }
    std::sort(all.begin(), all.end());
    Collector(*this, m_listCandidates, block, times.empty() ? block.times() : times, out).run(all, latest);
    return out;
}

} // namespace nightjar::sigma
