// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/network.h"

#include "workspace/settingsstore.h"

#include <cstdlib>

namespace nightjar::workspace {

net::CurlOptions networkOptions(const SettingsStore &settings)
{
    net::CurlOptions options;
    options.proxy = settings.text("net.proxy");
    const char *const environment = std::getenv("NIGHTJAR_CA_FILE");
    options.caFile = environment != nullptr ? std::string(environment) : settings.text("net.ca_file");
    return options;
}

} // namespace nightjar::workspace
