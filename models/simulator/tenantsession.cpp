// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulator/tenant.h"

#include "base/text.h"
#include "respond/obfuscation.h"
#include "simulator/jsonwebtoken.h"

#include <nlohmann/json.hpp>

#include <cstdlib>

/// Signing in: sessions and tokens.
namespace nightjar::simulator {

namespace {

using nlohmann::json;

constexpr std::int64_t kTwoHours = 7'200 * kMicrosPerSecond;
constexpr std::size_t kMostSessions = 10'000;

TenantReply answer(int status, const json &body)
{
    TenantReply reply;
    reply.status = status;
    reply.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    return reply;
}

TenantReply problem(int status, const char *code, const std::string &message)
{
    return answer(status, json{{"code", code}, {"message", message}});
}

/// "a=1&b=%20" as a map.
std::map<std::string, std::string> formOf(const std::string &body)
{
    std::map<std::string, std::string> form;
    for (const std::string_view pair : split(body, '&')) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) {
            continue;
        }
        std::string value;
        const std::string_view text = pair.substr(equals + 1);
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '%' && i + 2 < text.size()) {
                value += static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
                i += 2;
            } else {
                value += text[i] == '+' ? ' ' : text[i];
            }
        }
        form[std::string(pair.substr(0, equals))] = value;
    }
    return form;
}

std::string randomId(std::mt19937_64 &random)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string id;
    for (int i = 0; i < 32; ++i) {
        id += kHex[random() & 15U];
    }
    return id;
}

} // namespace

TenantReply Tenant::session(const TenantRequest &request)
{
    const auto found = m_sessions.find(request.session);
    if (request.method == "POST") {
        return signIn(request);
    }
    if (request.method == "DELETE") {
        if (found != m_sessions.end()) {
            if (found->second.dirty) {
                makeLive();
            }
            m_sessions.erase(found);
        }
        return answer(200, json{{"status", "ACTIVE"}});
    }
    if (request.method == "GET") {
        return answer(200, found == m_sessions.end() ? json::object() : json{{"authType", "ADMIN_LOGIN"}});
    }
    return problem(405, "METHOD_NOT_ALLOWED", "Method not allowed");
}

TenantReply Tenant::signIn(const TenantRequest &request)
{
    const json body = json::parse(request.body, nullptr, false);
    if (!body.is_object()) {
        return answer(400, json{{"message", "Request body is invalid."}});
    }
    const auto text = [&body](const char *field) {
        const auto found = body.find(field);
        if (found != body.end() && found->is_number_integer()) {
            return std::to_string(found->get<std::int64_t>());
        }
        return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (text("username") != m_options.user || text("password") != m_options.password) {
        return problem(400, "INVALID_USERNAME_OR_PASSWORD", "Invalid email or password");
    }
    const std::string time = text("timestamp");
    const Result<std::string> key = respond::obfuscateKey(m_options.apiKey, time);
    const std::int64_t millis = time.size() < 16 ? std::strtoll(time.c_str(), nullptr, 10) : 0;
    const std::int64_t apart = millis * 1'000 - m_options.clock->now();
    if (!key || *key != text("apiKey") || apart > kTwoHours || apart < -kTwoHours) {
        return problem(401, "AUTHENTICATION_FAILED", "AUTHENTICATION_FAILED");
    }
    if (m_sessions.size() >= kMostSessions) {
        m_sessions.clear();
    }
    ++m_logins;
    const std::string id = randomId(m_random);
    m_sessions[id] = {m_options.clock->now(), false, kNoTime};
    TenantReply reply = answer(200, json{{"authType", "ADMIN_LOGIN"},
                                         {"obfuscateApiKey", true},
                                         {"passwordExpiryTime", -1},
                                         {"passwordExpiryDays", -1}});
    reply.headers.emplace_back("Set-Cookie", "JSESSIONID=" + id + "; Path=/; HttpOnly");
    return reply;
}

TenantReply Tenant::token(const TenantRequest &request)
{
    std::lock_guard lock(m_mutex);
    ++m_requests;
    TenantReply broke;
    if (broken(request.method + " " + request.path, broke)) {
        return broke;
    }
    const auto form = formOf(request.body);
    const auto value = [&form](const char *name) {
        const auto found = form.find(name);
        return found == form.end() ? std::string() : found->second;
    };
    if (request.method != "POST" || value("grant_type") != "client_credentials" ||
        value("audience") != "https://api.zscaler.com") {
        return answer(400, json{{"error", "invalid_request"}, {"error_description", "grant type or audience"}});
    }
    const bool bySecret = value("client_id") == m_options.clientId && value("client_secret") == m_options.clientSecret;
    const bool byKey =
        value("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" &&
        isValidAssertion(value("client_assertion"), m_options.publicKey, m_options.clientId, m_options.clock->now());
    if (!bySecret && !byKey) {
        return answer(401, json{{"error", "invalid_client"}, {"error_description", "Client authentication failed"}});
    }
    if (m_sessions.size() >= kMostSessions) {
        m_sessions.clear();
    }
    ++m_logins;
    const std::string id = randomId(m_random);
    const Timestamp now = m_options.clock->now();
    m_sessions[id] = {now, false, now + m_options.tokenSeconds * kMicrosPerSecond};
    TenantReply reply =
        answer(200, json{{"access_token", id}, {"token_type", "Bearer"}, {"expires_in", m_options.tokenSeconds}});
    reply.headers.emplace_back("X-Nightjar-Simulated", "true");
    return reply;
}

} // namespace nightjar::simulator
