// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/setfile.h"

#include "base/files.h"
#include "base/hash.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <type_traits>

namespace nightjar::intel {

namespace {

static_assert(std::endian::native == std::endian::little, "arrays are stored as they stand in memory");

constexpr std::array<char, 8> kMagic{'N', 'J', 'S', 'E', 'T', '0', '0', '1'};
constexpr std::uint64_t kMaxSection = std::uint64_t{4} << 30U;

std::string_view bytesOf(const auto &values)
{
    using Value = std::remove_cvref_t<decltype(values[0])>;
    static_assert(std::is_trivially_copyable_v<Value>);
    return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(Value)};
}

class Writer {
public:
    explicit Writer(const std::filesystem::path &file)
        : m_out(file, std::ios::binary | std::ios::trunc)
    {
    }
    void number(std::uint64_t value) { m_out.write(reinterpret_cast<const char *>(&value), sizeof value); }
    void section(std::string_view bytes)
    {
        number(bytes.size());
        number(hash64(bytes));
        m_out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    bool finish()
    {
        m_out.close();
        return m_out.good();
    }

private:
    std::ofstream m_out;
};

class Reader {
public:
    explicit Reader(const std::filesystem::path &file)
        : m_in(file, std::ios::binary)
        , m_good(m_in.good())
    {
    }
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        m_in.read(reinterpret_cast<char *>(&value), sizeof value);
        m_good = m_good && m_in.good();
        return m_good ? value : 0;
    }
    /// A section as values of the container.
    void section(auto &values)
    {
        using Value = std::remove_cvref_t<decltype(values[0])>;
        const std::uint64_t size = number();
        const std::uint64_t hash = number();
        if (!m_good || size > kMaxSection || size % sizeof(Value) != 0) {
            m_good = false;
            return;
        }
        values.resize(size / sizeof(Value));
        m_in.read(reinterpret_cast<char *>(values.data()), static_cast<std::streamsize>(size));
        m_good = m_in.good() && hash64(bytesOf(values)) == hash;
    }
    [[nodiscard]] bool good() const { return m_good; }
    bool atEnd() { return m_good && m_in.peek() == std::ifstream::traits_type::eof(); }

private:
    std::ifstream m_in;
    bool m_good;
};

/// Texts with their sizes before them.
void putText(std::string &out, std::string_view text)
{
    const auto size = static_cast<std::uint32_t>(text.size());
    out.append(reinterpret_cast<const char *>(&size), sizeof size).append(text);
}

std::string takeText(std::string_view &bytes)
{
    std::uint32_t size = 0;
    if (bytes.size() < sizeof size) {
        return {};
    }
    std::memcpy(&size, bytes.data(), sizeof size);
    bytes.remove_prefix(sizeof size);
    const std::string text(bytes.substr(0, size));
    bytes.remove_prefix(text.size());
    return text;
}

} // namespace

/// Knows the set from inside.
class SetFile {
public:
    static void write(const IndicatorSet &set, Writer &out)
    {
        out.number(set.size());
        out.section(set.m_keys.m_bytes);
        out.section(bytesOf(set.m_keys.m_blocks));
        out.section(bytesOf(set.m_filter.m_blocks));
        out.section(bytesOf(set.m_contextOf));
        out.section(bytesOf(set.m_end));
        std::vector<std::uint32_t> exact;
        for (std::uint32_t i = 0; i < set.m_exact.size(); ++i) {
            if (set.m_exact[i]) {
                exact.push_back(i);
            }
        }
        out.section(bytesOf(exact));
        std::string contexts;
        for (const IndicatorSet::Context &context : set.m_contexts) {
            for (const std::string &text : {context.source, context.threat, context.malware}) {
                putText(contexts, text);
            }
            putText(contexts, std::string{static_cast<char>(context.confidence), static_cast<char>(context.tlp),
                                          static_cast<char>(context.toIds)});
        }
        out.section(contexts);
        out.number(static_cast<std::uint64_t>(set.m_latestEnd));
    }

    static std::shared_ptr<const IndicatorSet> read(std::uint64_t seed, Reader &in)
    {
        std::shared_ptr<IndicatorSet> set(new IndicatorSet());
        set->m_seed = seed;
        set->m_keys.m_count = in.number();
        in.section(set->m_keys.m_bytes);
        in.section(set->m_keys.m_blocks);
        in.section(set->m_filter.m_blocks);
        in.section(set->m_contextOf);
        in.section(set->m_end);
        std::vector<std::uint32_t> exact;
        in.section(exact);
        std::string contexts;
        in.section(contexts);
        set->m_latestEnd = static_cast<Timestamp>(in.number());
        const std::size_t count = set->size();
        if (!in.atEnd() || set->m_contextOf.size() != count || set->m_end.size() != count ||
            set->m_filter.m_blocks.empty()) {
            return nullptr;
        }
        readContexts(contexts, *set);
        set->m_exact.assign(count, false);
        for (const std::uint32_t at : exact) {
            if (at >= count) {
                return nullptr;
            }
            set->m_exact[at] = true;
        }
        const bool known = std::all_of(set->m_contextOf.begin(), set->m_contextOf.end(),
                                       [&](std::uint32_t context) { return context < set->m_contexts.size(); });
        return known && set->indexKeys() ? set : nullptr;
    }

private:
    static void readContexts(std::string_view bytes, IndicatorSet &set)
    {
        while (!bytes.empty()) {
            IndicatorSet::Context &context = set.m_contexts.emplace_back();
            context.source = takeText(bytes);
            context.threat = takeText(bytes);
            context.malware = takeText(bytes);
            const std::string rest = takeText(bytes);
            if (rest.size() == 3) {
                context.confidence = static_cast<signed char>(rest[0]);
                context.tlp = static_cast<Tlp>(rest[1]);
                context.toIds = rest[2] != 0;
            }
        }
    }
};

Status saveSet(const IndicatorSet &set, const SetOrigin &origin, const std::filesystem::path &file)
{
    const std::filesystem::path fresh = file.string() + ".new";
    Writer out(fresh);
    out.section(std::string_view(kMagic.data(), kMagic.size()));
    out.number(origin.revision);
    out.number(origin.seed);
    SetFile::write(set, out);
    std::error_code problem;
    if (out.finish()) {
        std::filesystem::rename(fresh, file, problem);
        if (!problem) {
            return {};
        }
    }
    const int number = problem ? problem.value() : errno;
    std::filesystem::remove(fresh, problem);
    return fail(systemError("NJ-INTEL-044", "Cannot write the set of indicators", file, number));
}

std::shared_ptr<const IndicatorSet> openSet(const SetOrigin &origin, const std::filesystem::path &file)
{
    Reader in(file);
    std::string magic;
    in.section(magic);
    const SetOrigin found{in.number(), in.number()};
    if (!in.good() || magic != std::string_view(kMagic.data(), kMagic.size()) || found != origin) {
        return nullptr;
    }
    return SetFile::read(origin.seed, in);
}

} // namespace nightjar::intel
