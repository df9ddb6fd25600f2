// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/receivers.h"

#include "base/text.h"
#include "workspace/engine.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/random.h>

namespace nightjar::workspace {

Result<std::vector<ReceiverInfo>> ReceiveService::list()
{
    return m_engine.receivers().list();
}

Result<std::string> ReceiveService::save(const ReceiverConfig &config)
{
    return m_engine.receivers().save(config);
}

Status ReceiveService::remove(const std::string &key)
{
    return m_engine.receivers().remove(key);
}

Status ReceiveService::start(const std::string &key)
{
    return m_engine.receivers().start(key);
}

Status ReceiveService::stop(const std::string &key)
{
    return m_engine.receivers().stop(key);
}

std::vector<Error> ReceiveService::startEnabled()
{
    return m_engine.receivers().startEnabled();
}

void ReceiveService::stopAll()
{
    m_engine.receivers().stopAll();
}

Result<ReceiveService::Token> ReceiveService::newToken()
{
    std::array<char, 24> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        return fail("NJ-WORK-032", "No token can be made", std::generic_category().message(errno), {});
    }
    const std::string token = hexEncode(std::string_view(bytes.data(), bytes.size()));
    return Token{token, hashOf(token)};
}

std::string ReceiveService::hashOf(const std::string &token)
{
    return sources::tokenHash(token);
}

LiveTotals ReceiveService::totals()
{
    return m_engine.receivers().totals();
}

std::optional<Error> ReceiveService::trouble()
{
    return m_engine.receivers().trouble();
}

} // namespace nightjar::workspace
