// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace nightjar {

/// Overwrites the whole buffer of `secret`, in a way that is not optimised out, and empties it.
void wipe(std::string &secret);

/// Wipes a text when it goes out of scope. The text must outlive it.
class WipeAtEnd {
public:
    explicit WipeAtEnd(std::string &secret)
        : m_secret(secret)
    {
    }
    ~WipeAtEnd() { wipe(m_secret); }
    WipeAtEnd(const WipeAtEnd &) = delete;
    WipeAtEnd &operator=(const WipeAtEnd &) = delete;

private:
    std::string &m_secret;
};

} // namespace nightjar
