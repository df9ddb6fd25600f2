// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace nightjar {

/// Lets the C library keep freed memory for what comes next instead of giving it back at once: blocks come and go by
/// the ten megabytes, and fresh pages cost more than what is done with them (measured: 4 of 21 processor seconds of an
/// import). To be called once at the start of a program; nothing happens where there is no such setting.
void keepFreedMemory();

/// Gives back what keepFreedMemory() kept, after long work. Thread: any.
void returnFreedMemory();

} // namespace nightjar
