// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/catalogue.h"

namespace nightjar::ui {

std::vector<ScreenEntry> allScreens()
{
    return {};
}

} // namespace nightjar::ui
