// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/codeedit.h"

namespace nightjar::ui {

/// Colours of a line of YAML, for editors of rules and playbooks.
std::vector<CodeSpan> yamlColours(const QString &line);

} // namespace nightjar::ui
