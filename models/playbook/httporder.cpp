// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/httporder.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace nightjar::playbook {

namespace {

constexpr std::int64_t kLongestTimeout = 300 * kMicrosPerSecond;
constexpr std::int64_t kUsualTimeout = 30 * kMicrosPerSecond;
constexpr std::size_t kMostBody = 32U << 20U;
constexpr std::size_t kUsualBody = 1U << 20U;
constexpr int kMostRetries = 5;

/// Reads one step's fields with the scope at hand; the first error stays.
class OrderMaker {
public:
    OrderMaker(const Step &step, const Scope &scope)
        : m_step(step)
        , m_scope(scope)
    {
    }

    std::string text(const char *key, Target target)
    {
        const Value *value = m_step.arguments.find(key);
        return value == nullptr ? std::string() : textOf(*value, target);
    }
    std::string textOf(const Value &value, Target target)
    {
        if (value.kind == Value::Kind::Text) {
            return take(render(value.text, target, m_scope));
        }
        auto plain = renderValue(value, m_scope);
        return plain ? playbook::textOf(*plain) : take(Result<std::string>(fail(plain.error())));
    }
    std::int64_t number(const char *key, std::int64_t usual, std::int64_t most)
    {
        const Value *value = m_step.arguments.find(key);
        return value == nullptr ? usual
                                : std::clamp<std::int64_t>(parseInteger(value->number).value_or(usual), 0, most);
    }
    std::int64_t duration(const char *key, std::int64_t usual, std::int64_t most)
    {
        const Value *value = m_step.arguments.find(key);
        return value == nullptr || value->text.pieces.empty()
                   ? usual
                   : std::min(most, parseDuration(value->text.pieces.front().text).value_or(usual));
    }
    bool flag(const char *key, bool usual)
    {
        const Value *value = m_step.arguments.find(key);
        return value == nullptr ? usual : value->boolean;
    }
    void setBody(HttpOrder &order)
    {
        if (const Value *json = m_step.arguments.find("json")) {
            auto tree = renderValue(*json, m_scope);
            order.request.body = tree ? dump(*tree) : take(Result<std::string>(fail(tree.error())));
        } else if (m_step.arguments.find("text") != nullptr) {
            const auto type = std::find_if(order.request.headers.begin(), order.request.headers.end(),
                                           [](const auto &h) { return equalsIgnoreCase(h.name, "Content-Type"); });
            const std::string kind = type == order.request.headers.end() ? std::string("text/plain") : type->value;
            if (type == order.request.headers.end()) {
                order.request.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
            }
            const Target target = findIgnoreCase(kind, "json") != std::string::npos ? Target::JsonText
                                  : findIgnoreCase(kind, "x-www-form-urlencoded") != std::string::npos ? Target::Url
                                                                                                       : Target::Plain;
            order.request.body = text("text", target);
        }
    }
    void setUrl(HttpOrder &order)
    {
        std::string url = text("url", Target::Url);
        const Value *params = m_step.arguments.find("params");
        char separator = url.find('?') == std::string::npos ? '?' : '&';
        std::string fragment;
        if (const std::size_t hash = url.find('#'); hash != std::string::npos) {
            fragment = url.substr(hash);
            url.resize(hash);
        }
        for (std::size_t i = 0; params != nullptr && i < params->members.size(); ++i) {
            const auto &[name, value] = params->members[i];
            url += separator + percentEncode(name) + "=" + percentEncode(textOf(value, Target::Plain));
            separator = '&';
        }
        order.request.url = url + fragment;
    }
    void setHeaders(HttpOrder &order)
    {
        const Value *headers = m_step.arguments.find("headers");
        for (std::size_t i = 0; headers != nullptr && i < headers->members.size(); ++i) {
            const auto &[name, value] = headers->members[i];
            const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_';
            });
            if (!good) {
                take(Result<std::string>(fail(Error{"NJ-PLAYBOOK-023", "The request cannot be made",
                                                    "\"" + visible(name) + "\" is no name of a header", value.place,
                                                    "It takes letters, digits and dashes."})));
            }
            order.request.headers.push_back({name, textOf(value, Target::Header)});
        }
    }
    [[nodiscard]] std::optional<Error> error() const { return m_error; }

private:
    std::string take(Result<std::string> result)
    {
        if (!result && !m_error) {
            m_error = result.error();
        }
        return result ? std::move(*result) : std::string();
    }

    const Step &m_step;
    const Scope &m_scope;
    std::optional<Error> m_error;
};

void setAuth(OrderMaker &maker, HttpOrder &order)
{
    order.auth = maker.text("auth", Target::Plain);
    if (order.auth.empty()) {
        order.auth = "none";
    }
    if (order.auth == "basic" || order.auth == "digest") {
        order.request.auth = order.auth == "basic" ? net::HttpAuth::Basic : net::HttpAuth::Digest;
        order.request.user = maker.text("user", Target::Plain);
        order.request.password = maker.text("password", Target::Plain);
    } else if (order.auth == "bearer") {
        order.request.headers.push_back({"Authorization", "Bearer " + maker.text("token", Target::Header)});
    }
}

} // namespace

Result<HttpOrder> makeHttpOrder(const Step &step, const Scope &scope, const std::string &key)
{
    OrderMaker maker(step, scope);
    HttpOrder order;
    order.request.method = maker.text("method", Target::Plain);
    if (order.request.method.empty()) {
        order.request.method = "GET";
    }
    maker.setUrl(order);
    maker.setHeaders(order);
    setAuth(maker, order);
    maker.setBody(order);
    const auto timeout = maker.duration("timeout", kUsualTimeout, kLongestTimeout);
    order.request.totalTimeout = std::chrono::milliseconds(timeout / 1'000);
    order.request.maxBody = static_cast<std::size_t>(maker.number("max_body", kUsualBody, kMostBody));
    order.request.verifyTls = maker.flag("verify_tls", true);
    order.followRedirects = maker.flag("follow_redirects", false);
    order.keepText = maker.flag("keep_text", true);
    order.retries = static_cast<int>(maker.number("retries", 0, kMostRetries));
    order.retryWait = maker.duration("retry_wait", order.retryWait, kLongestTimeout);
    if (const Value *expect = step.arguments.find("expect")) {
        const auto words = renderValue(*expect, scope);
        for (const Json &word : words && words->is_array() ? *words : Json::array({words ? *words : Json()})) {
            order.expected.push_back(textOf(word));
        }
    }
    if (const Value *capture = step.arguments.find("capture")) {
        for (const auto &[name, path] : capture->members) {
            order.capture.emplace_back(name, maker.textOf(path, Target::Plain));
        }
    }
    const std::string &method = order.request.method;
    if (method != "GET" && method != "HEAD" && order.auth != "zscaler") {
        const std::string name = maker.text("idempotency_header", Target::Header);
        order.request.headers.push_back({name.empty() ? "Idempotency-Key" : name, key});
    }
    if (const auto error = maker.error()) {
        return fail(*error);
    }
    return order;
}

Json describeOrder(const HttpOrder &order)
{
    Json headers = Json::object();
    for (const net::HttpHeader &header : order.request.headers) {
        headers[header.name] = header.value;
    }
    Json shown{{"method", order.request.method}, {"url", order.request.url}, {"headers", headers}};
    if (!order.request.body.empty()) {
        shown["body"] = order.request.body;
    }
    if (order.auth != "none") {
        shown["auth"] = order.auth;
    }
    if (!order.request.user.empty()) {
        shown["user"] = order.request.user;
    }
    if (!order.request.verifyTls) {
        shown["verify_tls"] = false;
    }
    return shown;
}

} // namespace nightjar::playbook
