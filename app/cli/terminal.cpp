// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/terminal.h"

#include "base/files.h"
#include "base/wipe.h"

#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace nightjar::cli {

namespace {

constexpr std::size_t kLongestLine = 64U << 10;

/// Switches the echo of a terminal off while it lives; does nothing elsewhere.
class Silence {
public:
    explicit Silence(int descriptor)
        : m_descriptor(descriptor)
        , m_active(::tcgetattr(descriptor, &m_before) == 0)
    {
        if (m_active) {
            termios quiet = m_before;
            quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            ::tcsetattr(descriptor, TCSAFLUSH, &quiet);
        }
    }
    ~Silence()
    {
        if (m_active) {
            ::tcsetattr(m_descriptor, TCSAFLUSH, &m_before);
            std::fputc('\n', stderr);
        }
    }
    Silence(const Silence &) = delete;
    Silence &operator=(const Silence &) = delete;

private:
    int m_descriptor;
    termios m_before{};
    bool m_active;
};

/// Byte by byte, so that nothing behind the line is taken, and without the buffers of stdio.
Result<std::string> readLine(int descriptor)
{
    std::string line;
    line.reserve(256);
    for (char c = 0; line.size() < kLongestLine;) {
        const ssize_t got = ::read(descriptor, &c, 1);
        if (got == 1 && c != '\n') {
            line.push_back(c);
        } else if (got == 1 || (got == 0 && !line.empty())) {
            if (line.ends_with('\r')) {
                line.pop_back();
            }
            return line;
        } else {
            wipe(line);
            return fail("NJ-CLI-030", "Nothing was entered", got == 0 ? "The input has ended." : "It was interrupted.",
                        "Type it at the prompt, or give it as one line on stdin.");
        }
    }
    wipe(line);
    return fail("NJ-CLI-030", "Nothing was entered", "The line is longer than 64 KiB.", "Check what stdin gives.");
}

Result<std::string> passphraseFile(const char *path)
{
    auto text = readFile(path, kLongestLine);
    if (text) {
        text->resize(std::min(text->find_first_of("\r\n"), text->size()));
    }
    return text;
}

} // namespace

Result<std::string> askLine(const std::string &prompt, bool secret)
{
    const bool terminal = ::isatty(STDIN_FILENO) == 1;
    if (terminal) {
        std::fprintf(stderr, "%s: ", prompt.c_str());
        std::fflush(stderr);
    }
    if (terminal && secret) {
        const Silence silence(STDIN_FILENO);
        return readLine(STDIN_FILENO);
    }
    return readLine(STDIN_FILENO);
}

Result<std::string> askPassphrase(const std::filesystem::path &vault, bool making)
{
    if (const char *path = std::getenv("NIGHTJAR_VAULT_PASSPHRASE_FILE")) {
        return passphraseFile(path);
    }
    const FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!terminal.valid()) {
        return fail(Error{"NJ-WORK-080",
                          "The vault is locked",
                          "There is no terminal to ask for its passphrase.",
                          {vault.string(), 0, 0},
                          "Name a file of mode 0600 that holds it in NIGHTJAR_VAULT_PASSPHRASE_FILE."});
    }
    const auto ask = [&](const std::string &prompt) {
        std::fprintf(stderr, "%s: ", prompt.c_str());
        std::fflush(stderr);
        const Silence silence(terminal.get());
        return readLine(terminal.get());
    };
    auto first = ask(std::string(making ? "New passphrase" : "Passphrase") + " of " + vault.string());
    if (!first || !making) {
        return first;
    }
    auto second = ask("The same again");
    if (!second) {
        return second;
    }
    const WipeAtEnd wiped(*second);
    if (*first != *second) {
        wipe(*first);
        return fail("NJ-CLI-030", "The vault was not made", "The two passphrases differ.", "Try again.");
    }
    return first;
}

} // namespace nightjar::cli
