// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "anomaly/beaconstate.h"

#include <cstring>
#include <type_traits>

namespace nightjar::anomaly {

namespace {

constexpr char kFormat = 1;

class Writer {
public:
    explicit Writer(std::string &out)
        : m_out(out)
    {
    }
    template <class T>
    void number(T value)
    {
        static_assert(std::is_trivially_copyable_v<T>);
        char bytes[sizeof value];
        std::memcpy(bytes, &value, sizeof value);
        m_out.append(bytes, sizeof value);
    }
    void text(std::string_view value)
    {
        number(static_cast<std::uint32_t>(value.size()));
        m_out.append(value);
    }
    template <class T>
    void list(const std::vector<T> &values)
    {
        number(static_cast<std::uint32_t>(values.size()));
        for (const T value : values) {
            number(value);
        }
    }

private:
    std::string &m_out;
};

class Reader {
public:
    explicit Reader(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    template <class T>
    T number()
    {
        T value{};
        if (m_bytes.size() < sizeof value) {
            m_ok = false;
            return value;
        }
        std::memcpy(&value, m_bytes.data(), sizeof value);
        m_bytes.remove_prefix(sizeof value);
        return value;
    }
    std::string text()
    {
        const auto size = number<std::uint32_t>();
        if (size > m_bytes.size()) {
            m_ok = false;
            return {};
        }
        std::string value(m_bytes.substr(0, size));
        m_bytes.remove_prefix(size);
        return value;
    }
    template <class T>
    void list(std::vector<T> &values)
    {
        const auto size = number<std::uint32_t>();
        if (size * sizeof(T) > m_bytes.size()) {
            m_ok = false;
            return;
        }
        values.reserve(size);
        for (std::uint32_t i = 0; i < size; ++i) {
            values.push_back(number<T>());
        }
    }
    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] bool atEnd() const { return m_bytes.empty(); }

private:
    std::string_view m_bytes;
    bool m_ok = true;
};

} // namespace

std::string BeaconState::toBytes() const
{
    std::string out(1, kFormat);
    Writer writer(out);
    writer.number(static_cast<std::uint64_t>(users.size()));
    for (const std::uint64_t user : users) {
        writer.number(user);
    }
    writer.number(static_cast<std::uint64_t>(hosts.size()));
    for (const auto &[host, callers] : hosts) {
        writer.number(host);
        writer.list(callers);
    }
    writer.number(static_cast<std::uint64_t>(pairs.size()));
    for (const auto &[key, pair] : pairs) {
        writer.text(pair.user);
        writer.text(pair.host);
        writer.list(pair.beats);
        writer.list(pair.sizes);
        writer.list(pair.ids);
        for (const std::int64_t value : {pair.count, pair.posts, pair.first, pair.last, pair.toldAt, pair.toldCount}) {
            writer.number(value);
        }
        writer.number(pair.toldScore);
    }
    return out;
}

bool BeaconState::fromBytes(std::string_view bytes)
{
    if (bytes.empty() || bytes.front() != kFormat) {
        return false;
    }
    Reader reader(bytes.substr(1));
    for (auto n = reader.number<std::uint64_t>(); n > 0 && reader.ok(); --n) {
        users.insert(reader.number<std::uint64_t>());
    }
    for (auto n = reader.number<std::uint64_t>(); n > 0 && reader.ok(); --n) {
        const auto host = reader.number<std::uint64_t>();
        reader.list(hosts[host]);
    }
    for (auto n = reader.number<std::uint64_t>(); n > 0 && reader.ok(); --n) {
        Pair pair;
        pair.user = reader.text();
        pair.host = reader.text();
        reader.list(pair.beats);
        reader.list(pair.sizes);
        reader.list(pair.ids);
        for (std::int64_t *value : {&pair.count, &pair.posts, &pair.first, &pair.last, &pair.toldAt, &pair.toldCount}) {
            *value = reader.number<std::int64_t>();
        }
        pair.toldScore = reader.number<double>();
        std::string key = pair.user + '\x1f' + pair.host;
        pairs.emplace(std::move(key), std::move(pair));
    }
    return reader.ok() && reader.atEnd();
}

} // namespace nightjar::anomaly
