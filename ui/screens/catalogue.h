// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/screen.h"

namespace nightjar::ui {

/// The screens in the order of the rail; Ctrl+1 is the first.
std::vector<ScreenEntry> allScreens();

} // namespace nightjar::ui
