// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/literalset.h"

#include <hs/hs.h>

#include <algorithm>

namespace nightjar::sigma {

namespace {

constexpr std::size_t kFewLiterals = 8;

struct ScanState {
    const LiteralSet *set;
    const event::TextDictionary *texts;
    const LiteralSet::Sink *sink;
};

/// Reports the occurrence [begin, end) of the buffer when it lies within one entry; `end` > 0.
void report(const event::TextDictionary &texts, std::uint32_t literal, std::size_t begin, std::size_t end,
            const LiteralSet::Sink &sink)
{
    const std::vector<std::uint32_t> &ends = texts.ends();
    const auto found = std::upper_bound(ends.begin(), ends.end(), static_cast<std::uint32_t>(end - 1));
    const auto entry = static_cast<std::size_t>(found - ends.begin());
    const std::size_t entryBegin = entry == 0 ? 0 : ends[entry - 1];
    if (begin >= entryBegin) {
        sink({literal, static_cast<std::uint32_t>(entry), begin == entryBegin, end == ends[entry]});
    }
}

extern "C" int onLiteral(unsigned id, unsigned long long, unsigned long long to, unsigned, void *context)
{
    const auto &state = *static_cast<const ScanState *>(context);
    const std::size_t length = state.set->literal(id).size();
    if (to >= length) {
        report(*state.texts, id, static_cast<std::size_t>(to) - length, static_cast<std::size_t>(to), *state.sink);
    }
    return 0;
}

extern "C" int onRegex(unsigned id, unsigned long long, unsigned long long, unsigned, void *context)
{
    (*static_cast<const std::function<void(std::uint32_t)> *>(context))(id);
    return 0;
}

/// Takes ownership; empty unless scratch could be made as well.
HsDatabase adopt(hs_error_t status, hs_database *database, hs_compile_error *error, HsScratch &prototype)
{
    HsDatabase owned(database);
    if (error != nullptr) {
        hs_free_compile_error(error);
    }
    if (status != HS_SUCCESS || !owned) {
        return {};
    }
    hs_scratch *scratch = prototype.release();
    const hs_error_t grown = hs_alloc_scratch(owned.get(), &scratch);
    prototype.reset(scratch);
    return grown == HS_SUCCESS ? std::move(owned) : HsDatabase();
}

} // namespace

void HsDatabaseFree::operator()(hs_database *database) const
{
    hs_free_database(database);
}
void HsScratchFree::operator()(hs_scratch *scratch) const
{
    hs_free_scratch(scratch);
}

HsScratch cloneScratch(const hs_scratch *prototype)
{
    hs_scratch *copy = nullptr;
    if (prototype == nullptr || hs_clone_scratch(prototype, &copy) != HS_SUCCESS) {
        return {};
    }
    return HsScratch(copy);
}

std::uint32_t LiteralSet::add(const std::string &literal)
{
    const auto [found, fresh] = m_known.try_emplace(literal, static_cast<std::uint32_t>(m_literals.size()));
    if (fresh) {
        m_literals.push_back(literal);
    }
    return found->second;
}

void LiteralSet::compile(HsScratch &prototype)
{
    if (m_literals.size() <= kFewLiterals) {
        return;
    }
    std::vector<const char *> texts;
    std::vector<unsigned> flags(m_literals.size(), 0);
    std::vector<unsigned> ids;
    std::vector<std::size_t> lengths;
    for (const std::string &literal : m_literals) {
        ids.push_back(static_cast<unsigned>(texts.size()));
        texts.push_back(literal.data());
        lengths.push_back(literal.size());
    }
    hs_database *database = nullptr;
    hs_compile_error *error = nullptr;
    const hs_error_t status =
        hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), lengths.data(),
                             static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, nullptr, &database, &error);
    m_database = adopt(status, database, error, prototype);
}

void LiteralSet::scanEach(const event::TextDictionary &texts, const Sink &sink) const
{
    const std::string_view buffer = texts.buffer();
    for (std::uint32_t i = 0; i < m_literals.size(); ++i) {
        const std::string &literal = m_literals[i];
        for (std::size_t at = buffer.find(literal); at != std::string_view::npos; at = buffer.find(literal, at + 1)) {
            report(texts, i, at, at + literal.size(), sink);
        }
    }
}

void LiteralSet::scan(const event::TextDictionary &texts, hs_scratch *scratch, const Sink &sink) const
{
    if (m_database == nullptr || scratch == nullptr) {
        scanEach(texts, sink);
        return;
    }
    ScanState state{this, &texts, &sink};
    const std::string &buffer = texts.buffer();
    hs_scan(m_database.get(), buffer.data(), static_cast<unsigned>(buffer.size()), 0, scratch, onLiteral, &state);
}

void RegexFilter::compile(const std::vector<std::string> &expressions, HsScratch &prototype)
{
    if (expressions.empty()) {
        return;
    }
    std::vector<const char *> texts;
    std::vector<unsigned> ids;
    for (const std::string &expression : expressions) {
        ids.push_back(static_cast<unsigned>(texts.size()));
        texts.push_back(expression.c_str());
    }
    const std::vector<unsigned> flags(texts.size(), HS_FLAG_PREFILTER | HS_FLAG_ALLOWEMPTY | HS_FLAG_SINGLEMATCH);
    hs_database *database = nullptr;
    hs_compile_error *error = nullptr;
    const hs_error_t status =
        hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()), HS_MODE_BLOCK,
                         nullptr, &database, &error);
    m_database = adopt(status, database, error, prototype);
}

void RegexFilter::scan(std::string_view text, hs_scratch *scratch, const std::function<void(std::uint32_t)> &sink) const
{
    auto copy = &sink;
    hs_scan(m_database.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch, onRegex,
            const_cast<void *>(static_cast<const void *>(copy)));
}

} // namespace nightjar::sigma
