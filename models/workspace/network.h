// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/http.h"

namespace nightjar::workspace {

class SettingsStore;

/// How everything that leaves the machine is sent: proxy and certificate authorities by the settings net.proxy and
/// net.ca_file; NIGHTJAR_CA_FILE goes before the latter. Thread: any.
net::CurlOptions networkOptions(const SettingsStore &settings);

} // namespace nightjar::workspace
