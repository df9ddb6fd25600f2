// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace nightjar::sources {

/// The server's side of TLS (OpenSSL): 1.2 and later, one certificate chain. Thread: any once made.
class TlsContext {
public:
    /// PEM files. NJ-SOURCES-024 when they cannot be used or do not belong together.
    static Result<std::shared_ptr<TlsContext>> make(const std::filesystem::path &certificate,
                                                    const std::filesystem::path &key);
    ~TlsContext();
    TlsContext(const TlsContext &) = delete;
    TlsContext &operator=(const TlsContext &) = delete;

private:
    friend class TlsSession;
    struct Impl;
    explicit TlsContext(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// TLS over one non-blocking socket, for reading. Thread: one owner.
class TlsSession {
public:
    /// `socket` stays the caller's.
    TlsSession(const TlsContext &context, int socket);
    ~TlsSession();
    TlsSession(const TlsSession &) = delete;
    TlsSession &operator=(const TlsSession &) = delete;

    enum class State : std::uint8_t { Data, WantRead, WantWrite, Closed, Failed };
    struct Got {
        State state = State::Failed;
        std::size_t bytes = 0; ///< with Data
    };
    /// Shakes hands first where that has not been done.
    Got read(std::span<char> into);
    [[nodiscard]] bool established() const;
    /// Why it failed, for the log.
    [[nodiscard]] std::string problem() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace nightjar::sources
