// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/flatjson.h"

#include "base/text.h"
#include "base/time.h"
#include "event/builder.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <optional>

namespace nightjar::sigma {

namespace {

using Json = nlohmann::ordered_json;
constexpr int kMaxNesting = 32;

std::string numberText(const Json &value)
{
    if (value.is_number_float()) {
        const double number = value.get<double>();
        if (std::floor(number) == number && std::fabs(number) < 9e15) {
            return std::to_string(static_cast<std::int64_t>(number));
        }
    }
    return value.dump();
}

class Filler {
public:
    explicit Filler(bool raw)
        : m_raw(raw)
    {
    }

    void row(const Json &object)
    {
        m_builder.beginRow({});
        if (!m_raw) {
            m_builder.setTime(kNoTime);
        }
        members(object, {}, 0);
        m_builder.commitRow();
    }
    event::EventBlock finish() { return m_builder.finish(); }

private:
    void members(const Json &object, const std::string &prefix, int depth)
    {
        for (const auto &[key, value] : object.items()) {
            put(prefix.empty() ? key : prefix + "." + key, value, depth);
        }
    }

    void put(const std::string &key, const Json &value, int depth)
    {
        if (depth > kMaxNesting) {
            return;
        }
        if (value.is_object()) {
            members(value, key, depth + 1);
            return;
        }
        if (!m_raw && key == event::kTimeField) {
            if (value.is_string()) {
                m_builder.setTime(parseIsoTime(value.get<std::string>()).value_or(kNoTime));
            }
            return;
        }
        if (value.is_array() && !value.empty()) {
            for (const Json &member : value) {
                put(key, member, depth + 1);
            }
            return;
        }
        store(key, value);
    }

    void store(const std::string &key, const Json &value)
    {
        const event::BlockBuilder::Handle handle = m_builder.namedHandle(m_raw ? rawColumn(key) : key);
        if (value.is_array()) {
            m_builder.setEmptyList(handle);
        } else if (value.is_null()) {
            m_builder.setNull(handle);
        } else if (value.is_boolean()) {
            m_builder.set(handle, value.get<bool>() ? "true" : "false");
        } else {
            const std::string text = value.is_string() ? value.get<std::string>() : numberText(value);
            const std::optional<event::Field> field = m_raw ? std::nullopt : event::findField(key);
            const auto integer =
                field && event::info(*field).kind == event::Kind::Integer ? parseInteger(text) : std::nullopt;
            if (integer) {
                m_builder.setInteger(handle, *integer);
            } else {
                m_builder.set(handle, text);
            }
        }
    }

    bool m_raw;
    event::BlockBuilder m_builder;
};

Result<event::EventBlock> build(std::span<const std::string_view> objects, bool raw)
{
    Filler filler(raw);
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const Json object = Json::parse(objects[i], nullptr, false);
        if (!object.is_object()) {
            return fail(
                {"NJ-SIGMA-040", "An event is no JSON object", "one object a line is expected", {{}, i + 1, 1}, {}});
        }
        filler.row(object);
    }
    return filler.finish();
}

} // namespace

std::string rawColumn(std::string_view key)
{
    return "raw." + std::string(key);
}

Result<event::EventBlock> rawBlock(std::span<const std::string_view> objects)
{
    return build(objects, true);
}
Result<event::EventBlock> normalisedBlock(std::span<const std::string_view> objects)
{
    return build(objects, false);
}

} // namespace nightjar::sigma
