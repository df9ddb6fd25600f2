// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/command.h"

#include "base/files.h"
#include "base/text.h"
#include "base/time.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nightjar::playbook {

namespace {

constexpr std::size_t kMostOutput = 64U << 10U;
constexpr int kSlice = 50; ///< ms between looks at time and cancel

/// Input over a socket, so that a program that does not read it raises no signal here.
bool makePipe(FileDescriptor &ours, FileDescriptor &theirs)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return false;
    }
    ours = FileDescriptor(ends[0]);
    theirs = FileDescriptor(ends[1]);
    return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

std::vector<std::string> cleanEnvironment()
{
    std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin"};
    for (const char *name :
         {"HOME", "LANG", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"}) {
        if (const char *value = std::getenv(name)) {
            environment.push_back(std::string(name) + "=" + value);
        }
    }
    return environment;
}

std::vector<char *> pointersTo(std::vector<std::string> &texts)
{
    std::vector<char *> pointers;
    for (std::string &text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// A child in a process group of its own; killed when it goes out of scope before it has ended.
class Child {
public:
    ~Child()
    {
        if (m_pid > 0) {
            ::kill(-m_pid, SIGKILL);
            ::waitpid(m_pid, nullptr, 0);
        }
    }
    Child() = default;
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;

    int start(std::vector<std::string> argv, int in, int out, int err)
    {
        std::vector<std::string> environment = cleanEnvironment();
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
        ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
        sigset_t defaults;
        ::sigemptyset(&defaults);
        ::sigaddset(&defaults, SIGPIPE);
        ::posix_spawnattr_setsigdefault(&attributes, &defaults);
        ::posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF));
        ::posix_spawnattr_setpgroup(&attributes, 0);
        const std::string program = argv.front();
        const int problem = ::posix_spawn(&m_pid, program.c_str(), &actions, &attributes, pointersTo(argv).data(),
                                          pointersTo(environment).data());
        ::posix_spawnattr_destroy(&attributes);
        ::posix_spawn_file_actions_destroy(&actions);
        if (problem != 0) {
            m_pid = 0;
        }
        return problem;
    }
    /// The exit code once it has ended.
    std::optional<int> ended()
    {
        int status = 0;
        if (::waitpid(m_pid, &status, WNOHANG) != m_pid) {
            return std::nullopt;
        }
        m_pid = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

private:
    pid_t m_pid = 0;
};

/// Appends what is there; false at the end.
bool drain(int descriptor, std::string &text)
{
    std::array<char, 8'192> buffer{};
    for (;;) {
        const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
        if (got <= 0) {
            return got < 0 && (errno == EAGAIN || errno == EINTR);
        }
        const std::size_t room = kMostOutput - std::min(kMostOutput, text.size());
        text.append(buffer.data(), std::min(room, static_cast<std::size_t>(got)));
    }
}

struct Pipes {
    FileDescriptor in, out, err;
};

void feed(Pipes &pipes, const std::string &input, std::size_t &sent)
{
    while (pipes.in.valid() && sent < input.size()) {
        const ssize_t took = ::send(pipes.in.get(), input.data() + sent, input.size() - sent, MSG_NOSIGNAL);
        if (took < 0) {
            if (errno != EAGAIN) {
                pipes.in.close();
            }
            return;
        }
        sent += static_cast<std::size_t>(took);
    }
    pipes.in.close();
}

} // namespace

Result<CommandEnd> runCommand(const std::vector<std::string> &argv, const std::string &input, std::int64_t timeout,
                              const CancelToken &cancel)
{
    Pipes ours;
    Pipes theirs;
    Child child;
    if (!makePipe(ours.in, theirs.in) || !makePipe(ours.out, theirs.out) || !makePipe(ours.err, theirs.err)) {
        return fail(systemError("NJ-PLAYBOOK-030", "The program cannot be started", argv.front(), errno));
    }
    if (const int problem = child.start(argv, theirs.in.get(), theirs.out.get(), theirs.err.get()); problem != 0) {
        return fail(systemError("NJ-PLAYBOOK-030", "The program cannot be started", argv.front(), problem));
    }
    theirs = {};
    CommandEnd end;
    std::size_t sent = 0;
    const auto limit = std::chrono::steady_clock::now() + std::chrono::microseconds(timeout);
    for (;;) {
        feed(ours, input, sent);
        std::array<pollfd, 2> watched{{{ours.out.get(), POLLIN, 0}, {ours.err.get(), POLLIN, 0}}};
        ::poll(watched.data(), watched.size(), kSlice);
        const bool moreOut = ours.out.valid() && drain(ours.out.get(), end.out);
        const bool moreErr = ours.err.valid() && drain(ours.err.get(), end.err);
        if (!moreOut) {
            ours.out.close();
        }
        if (!moreErr) {
            ours.err.close();
        }
        if (const auto code = child.ended()) {
            end.exitCode = *code;
            end.out = repairUtf8(end.out);
            end.err = repairUtf8(end.err);
            return end;
        }
        if (cancel.cancelled()) {
            return fail("NJ-PLAYBOOK-032", "The program was stopped", "the run was cancelled");
        }
        if (std::chrono::steady_clock::now() >= limit) {
            return fail("NJ-PLAYBOOK-031", "The program was stopped",
                        "it ran for longer than " + std::to_string(timeout / kMicrosPerSecond) + " s",
                        "Give the step a longer timeout.");
        }
    }
}

} // namespace nightjar::playbook
