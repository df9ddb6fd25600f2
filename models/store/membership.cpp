// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/membership.h"

#include "base/hash.h"
#include "base/text.h"
#include "event/block.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace nightjar::store {
namespace {

constexpr std::size_t kBitsPerKey = 12;
constexpr std::array<std::uint32_t, 8> kSalts = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                                 0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};

std::size_t blockOf(std::uint64_t key, std::size_t blocks)
{
    return static_cast<std::size_t>(((key >> 32) * blocks) >> 32);
}

std::uint32_t bitOf(std::uint64_t key, std::size_t word)
{
    return 1U << ((static_cast<std::uint32_t>(key) * kSalts[word]) >> 27);
}

bool isDomainColumn(std::string_view column)
{
    return column == event::name(event::Field::UrlDomain) || column == event::name(event::Field::DestinationDomain) ||
           column == event::name(event::Field::DnsQuestionName);
}

} // namespace

MembershipFilter MembershipFilter::of(const std::vector<std::uint64_t> &keys)
{
    MembershipFilter filter;
    const std::size_t blocks = std::max<std::size_t>(1, (keys.size() * kBitsPerKey + 255) / 256);
    filter.m_words.resize(blocks * 8);
    for (const std::uint64_t key : keys) {
        const std::size_t first = blockOf(key, blocks) * 8;
        for (std::size_t word = 0; word < 8; ++word) {
            filter.m_words[first + word] |= bitOf(key, word);
        }
    }
    return filter;
}

MembershipFilter MembershipFilter::fromBytes(std::string_view bytes)
{
    MembershipFilter filter;
    if (!bytes.empty() && bytes.size() % 32 == 0) {
        filter.m_words.resize(bytes.size() / sizeof(std::uint32_t));
        std::memcpy(filter.m_words.data(), bytes.data(), bytes.size());
    }
    return filter;
}

std::string MembershipFilter::bytes() const
{
    std::string out(m_words.size() * sizeof(std::uint32_t), '\0');
    std::memcpy(out.data(), m_words.data(), out.size());
    return out;
}

bool MembershipFilter::mayContain(std::uint64_t key) const
{
    if (m_words.empty()) {
        return true;
    }
    const std::size_t first = blockOf(key, m_words.size() / 8) * 8;
    for (std::size_t word = 0; word < 8; ++word) {
        if ((m_words[first + word] & bitOf(key, word)) == 0) {
            return false;
        }
    }
    return true;
}

bool isFiltered(std::string_view column)
{
    using event::Field;
    static constexpr std::array kFields = {
        Field::UserName,       Field::UserEmail,       Field::HostHostname,     Field::SourceIp,
        Field::SourceNatIp,    Field::DestinationIp,   Field::DestinationNatIp, Field::DestinationDomain,
        Field::UrlDomain,      Field::DnsQuestionName, Field::DnsResolvedIp,    Field::FileHashMd5,
        Field::FileHashSha256, Field::ThreatName,      Field::RuleName,
    };
    return std::any_of(kFields.begin(), kFields.end(), [&](Field field) { return event::name(field) == column; });
}

std::uint64_t membershipKey(std::string_view value)
{
    return hash64(foldCase(value));
}

std::vector<std::uint64_t> membershipKeys(const event::Column &column)
{
    std::vector<std::uint64_t> keys;
    keys.reserve(column.entries());
    const bool domains = isDomainColumn(column.name());
    std::string scratch;
    for (std::size_t entry = 0; entry < column.entries(); ++entry) {
        const std::string folded = foldCase(column.text(entry, scratch));
        std::string_view name = folded;
        keys.push_back(hash64(name));
        for (std::size_t dot = name.find('.'); domains && dot != std::string_view::npos; dot = name.find('.')) {
            name.remove_prefix(dot + 1);
            keys.push_back(hash64(name));
        }
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

} // namespace nightjar::store
