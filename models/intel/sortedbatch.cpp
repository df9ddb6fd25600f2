// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/sortedbatch.h"

#include "base/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <type_traits>

namespace nightjar::intel {

namespace {

constexpr std::size_t kMostHeld = std::size_t{32} << 20U;

Error noRoom()
{
    return systemError("NJ-INTEL-045", "Cannot sort the indicators", std::filesystem::temp_directory_path(), errno);
}

/// All of an indicator but its texts.
struct Fixed {
    std::uint64_t fingerprint = 0;
    Timestamp validFrom = kNoTime, validUntil = kNoTime, firstSeen = kNoTime, lastSeen = kNoTime;
    double activeDays = -1;
    std::uint32_t size = 0; ///< of the texts behind, with their sizes
    std::uint16_t port = 0;
    std::int8_t confidence = -1;
    std::int8_t present = -1;
    Type type = Type::Domain;
    Tlp tlp = Tlp::Unmarked;
    bool toIds = true, revoked = false, compromised = false;
};
static_assert(std::is_trivially_copyable_v<Fixed>);

constexpr std::array kTexts{&Indicator::value,     &Indicator::threat,    &Indicator::malware,
                            &Indicator::reference, &Indicator::killChain, &Indicator::externalId};

void put(std::string &out, const Indicator &i, std::uint64_t fingerprint)
{
    Fixed fixed{fingerprint, i.validFrom, i.validUntil, i.firstSeen, i.lastSeen, i.activeDays};
    fixed.port = i.port;
    fixed.confidence = static_cast<std::int8_t>(i.confidence.value_or(-1));
    fixed.present = i.present ? static_cast<std::int8_t>(*i.present ? 1 : 0) : std::int8_t{-1};
    fixed.type = i.type;
    fixed.tlp = i.tlp;
    fixed.toIds = i.toIds;
    fixed.revoked = i.revoked;
    fixed.compromised = i.compromised;
    const std::size_t at = out.size();
    out.append(sizeof fixed, '\0');
    for (const auto text : kTexts) {
        const auto size = static_cast<std::uint32_t>((i.*text).size());
        out.append(reinterpret_cast<const char *>(&size), sizeof size).append(i.*text);
    }
    fixed.size = static_cast<std::uint32_t>(out.size() - at - sizeof fixed);
    std::memcpy(out.data() + at, &fixed, sizeof fixed);
}

Fixed fixedAt(const std::string &bytes, std::size_t at)
{
    Fixed fixed;
    std::memcpy(&fixed, bytes.data() + at, sizeof fixed);
    return fixed;
}

void take(const std::string &bytes, std::size_t at, const Fixed &fixed, Indicator &i)
{
    i.type = fixed.type;
    i.port = fixed.port;
    i.confidence = fixed.confidence < 0 ? std::nullopt : std::optional<int>(fixed.confidence);
    i.tlp = fixed.tlp;
    i.validFrom = fixed.validFrom;
    i.validUntil = fixed.validUntil;
    i.firstSeen = fixed.firstSeen;
    i.lastSeen = fixed.lastSeen;
    i.toIds = fixed.toIds;
    i.revoked = fixed.revoked;
    i.compromised = fixed.compromised;
    i.present = fixed.present < 0 ? std::nullopt : std::optional(fixed.present != 0);
    i.activeDays = fixed.activeDays;
    at += sizeof fixed;
    for (const auto text : kTexts) {
        std::uint32_t size = 0;
        std::memcpy(&size, bytes.data() + at, sizeof size);
        (i.*text).assign(bytes, at + sizeof size, size);
        at += sizeof size + size;
    }
}

} // namespace

Status SortedBatch::add(const Indicator &indicator, std::uint64_t fingerprint)
{
    // The tables' keys are signed: the order of the parts must be theirs.
    std::string &part = m_parts[(fingerprint ^ (std::uint64_t{1} << 63U)) >> 58U];
    const std::size_t before = part.size();
    put(part, indicator, fingerprint);
    m_held += part.size() - before;
    return m_held > kMostHeld ? spill() : Status();
}

Status SortedBatch::spill()
{
    for (std::size_t i = 0; i < kParts; ++i) {
        if (!m_files[i]) {
            m_files[i].reset(std::tmpfile());
        }
        if (!m_files[i] ||
            std::fwrite(m_parts[i].data(), 1, m_parts[i].size(), m_files[i].get()) != m_parts[i].size()) {
            return fail(noRoom());
        }
        m_parts[i].clear();
    }
    m_held = 0;
    return {};
}

Status SortedBatch::drainPart(const std::string &bytes, const Use &use)
{
    struct Entry {
        std::int64_t key;
        std::size_t at;
    };
    std::vector<Entry> order;
    for (std::size_t at = 0; at < bytes.size();) {
        const Fixed fixed = fixedAt(bytes, at);
        order.push_back({static_cast<std::int64_t>(fixed.fingerprint), at});
        at += sizeof fixed + fixed.size;
    }
    std::sort(order.begin(), order.end(),
              [](const Entry &a, const Entry &b) { return a.key != b.key ? a.key < b.key : a.at < b.at; });
    Indicator indicator;
    for (const Entry &entry : order) {
        const Fixed fixed = fixedAt(bytes, entry.at);
        take(bytes, entry.at, fixed, indicator);
        if (Status used = use(indicator, fixed.fingerprint); !used) {
            return used;
        }
    }
    return {};
}

Status SortedBatch::drain(const Use &use)
{
    for (std::size_t i = 0; i < kParts; ++i) {
        std::string bytes;
        if (m_files[i]) {
            std::FILE *file = m_files[i].get();
            const long size = std::ftell(file);
            if (size < 0 || std::fflush(file) != 0) {
                return fail(noRoom());
            }
            std::rewind(file);
            bytes.resize(static_cast<std::size_t>(size));
            if (std::fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) {
                return fail(noRoom());
            }
            m_files[i].reset();
        }
        bytes += m_parts[i];
        m_parts[i] = {};
        if (Status used = drainPart(bytes, use); !used) {
            return used;
        }
    }
    m_held = 0;
    return {};
}

} // namespace nightjar::intel
