// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/template.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>

/// Templates filled in: filters, and what makes foreign text harmless where it goes.
namespace nightjar::playbook {

namespace {

bool isEmpty(const Json &value)
{
    return value.is_null() || (value.is_string() && value.get_ref<const std::string &>().empty()) ||
           (value.is_array() && value.empty());
}

std::string joined(const Json &list, std::string_view separator)
{
    std::string text;
    for (const Json &item : list) {
        text += (text.empty() ? "" : std::string(separator)) + textOf(item);
    }
    return text;
}

std::string inJsonString(std::string_view text)
{
    const std::string quoted = jsonQuote(text);
    return quoted.substr(1, quoted.size() - 2);
}

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

Json filtered(const Filter &filter, Json value)
{
    if (filter.name == "default") {
        return isEmpty(value) ? Json(filter.argument) : value;
    }
    if (filter.name == "first") {
        return value.is_array() ? (value.empty() ? Json() : value.front()) : value;
    }
    if (filter.name == "count") {
        return value.is_array() || value.is_object() ? Json(value.size()) : Json(textOf(value).size());
    }
    if (filter.name == "join") {
        return value.is_array() ? Json(joined(value, filter.argument)) : value;
    }
    if (filter.name == "json") {
        return dump(value);
    }
    const std::string text = textOf(value);
    if (filter.name == "defang") {
        return defang(text);
    }
    if (filter.name == "urlencode") {
        return percentEncode(text);
    }
    return filter.name == "lower" ? asciiLower(text) : upper(text);
}

/// The innermost text is foreign; what the playbook's author wrote around it is not.
std::string harmless(std::string text, const Expression &expression, Target target)
{
    const std::string last = expression.filters.empty() ? std::string() : expression.filters.back().name;
    switch (target) {
    case Target::Url:
        return last == "urlencode" ? text : percentEncode(text);
    case Target::Header:
        std::replace_if(
            text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }, ' ');
        return text;
    case Target::JsonText:
        return last == "json" ? text : inJsonString(text);
    case Target::Plain:
        break;
    }
    return text;
}

} // namespace

std::string percentEncode(std::string_view text)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
        }
    }
    return out;
}

std::string dump(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string textOf(const Json &value)
{
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (value.is_null()) {
        return {};
    }
    return value.is_array() ? joined(value, ", ") : dump(value);
}

const Json *follow(const Json &root, const std::vector<Segment> &path, std::size_t from)
{
    const Json *at = &root;
    for (std::size_t i = from; i < path.size(); ++i) {
        const Segment &segment = path[i];
        if (segment.index >= 0) {
            const auto index = static_cast<std::size_t>(segment.index);
            if (!at->is_array() || index >= at->size()) {
                return nullptr;
            }
            at = &(*at)[index];
        } else if (const auto found = at->is_object() ? at->find(segment.name) : at->end();
                   at->is_object() && found != at->end()) {
            at = &*found;
        } else {
            return nullptr;
        }
    }
    return at;
}

Result<Json> evaluate(const Expression &expression, const Scope &scope)
{
    Json value;
    if (expression.path.empty()) {
        value = expression.literal;
    } else if (expression.isSecret()) {
        auto secret = scope.secret(expression.path.size() > 1 ? expression.path[1].name : std::string());
        if (!secret) {
            return fail(secret.error());
        }
        value = std::move(*secret);
    } else if (const Json *found = follow(*scope.values, expression.path)) {
        value = *found;
    } else if (scope.dry && expression.path.front().name == "steps") {
        scope.unknown = true;
        return Json("‹" + expression.source + "›");
    } else if (expression.filters.empty() || expression.filters.front().name != "default") {
        return fail(Error{"NJ-PLAYBOOK-020", "{{ " + visible(expression.source) + " }} has no value",
                          "what came before did not bring it", expression.place,
                          "Give a default: {{ … | default(\"none\") }}, or a condition on the step."});
    }
    for (const Filter &filter : expression.filters) {
        value = filtered(filter, std::move(value));
    }
    return value;
}

Result<std::string> render(const Template &text, Target target, const Scope &scope)
{
    std::string out;
    for (const Template::Piece &piece : text.pieces) {
        if (!piece.isExpression) {
            out += piece.text;
            continue;
        }
        auto value = evaluate(piece.expression, scope);
        if (!value) {
            return fail(value.error());
        }
        const std::string shown = repairUtf8(textOf(*value));
        if (target == Target::Url && (shown == "." || shown == "..")) {
            return fail(Error{"NJ-PLAYBOOK-021", "An address would change its path",
                              "{{ " + visible(piece.expression.source) + " }} is \"" + shown + "\"",
                              piece.expression.place, "Nothing was sent. Put the value into params instead."});
        }
        // An address that is a secret as a whole (a chat's webhook) begins the text and stays as it is.
        const bool whole = target == Target::Url && piece.expression.isSecret() && &piece == &text.pieces.front();
        out += whole ? shown : harmless(shown, piece.expression, target);
    }
    return out;
}

Result<Json> renderValue(const Value &value, const Scope &scope)
{
    switch (value.kind) {
    case Value::Kind::Null:
        return Json();
    case Value::Kind::Boolean:
        return Json(value.boolean);
    case Value::Kind::Number:
        return Json::parse(value.number, nullptr, false);
    case Value::Kind::Text: {
        if (value.text.isSingle()) {
            return evaluate(value.text.pieces.front().expression, scope);
        }
        auto text = render(value.text, Target::Plain, scope);
        return text ? Result<Json>(Json(std::move(*text))) : fail(text.error());
    }
    case Value::Kind::List: {
        Json list = Json::array();
        for (const Value &item : value.items) {
            auto one = renderValue(item, scope);
            if (!one) {
                return one;
            }
            list.push_back(std::move(*one));
        }
        return list;
    }
    case Value::Kind::Map:
        break;
    }
    Json map = Json::object();
    for (const auto &[key, member] : value.members) {
        auto one = renderValue(member, scope);
        if (!one) {
            return one;
        }
        map[key] = std::move(*one);
    }
    return map;
}

} // namespace nightjar::playbook
