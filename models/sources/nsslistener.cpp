// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/nsslistener.h"

#include "sources/syslogframer.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <map>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nightjar::sources {

namespace {

constexpr int kBacklog = 512;
constexpr std::size_t kReadBytes = 64U << 10U; ///< at most 32,768 records come out of it
constexpr int kReadsInTurn = 16;               ///< of one connection before the others have theirs
constexpr int kReadsAtEnd = 64;
constexpr int kTickMilliseconds = 250;
constexpr int kProbeAfterSeconds = 60;

/// Finds out about peers that have vanished without a word within about two minutes.
void keepAlive(int socket)
{
    const int on = 1;
    const int idle = kProbeAfterSeconds;
    const int every = 15;
    const int probes = 4;
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &every, sizeof every);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

} // namespace

class NssListener::Loop {
public:
    Loop(NssListenerOptions options, Intake &intake, HealthMeter &health)
        : m_options(std::move(options))
        , m_intake(intake)
        , m_health(health)
        , m_buffer(kReadBytes)
    {
    }
    ~Loop()
    {
        m_stopping = true;
        wake();
    }
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    Status start();
    [[nodiscard]] const Endpoint &endpoint() const { return m_options.endpoint; }

private:
    struct Connection {
        Connection(FileDescriptor connected, std::size_t maxRecordBytes)
            : socket(std::move(connected))
            , framer(maxRecordBytes)
        {
        }
        FileDescriptor socket;
        SyslogFramer framer;
        std::unique_ptr<TlsSession> tls;
        std::string peer;
        std::uint64_t delivery = 0;
        Timestamp since = kNoTime; ///< of the handshake or the unfinished record; kNoTime: nothing is due
        std::size_t waiting = 0;   ///< bytes counted in m_waiting
    };
    enum class Outcome : std::uint8_t { Dry, More, Gone };

    void run();
    void acceptAll();
    void admit(FileDescriptor socket, const IpAddress &peer);
    void turn(int descriptor);
    Outcome readOnce(Connection &connection);
    std::optional<std::size_t> readPlain(Connection &connection, Outcome &outcome);
    std::optional<std::size_t> readTls(Connection &connection, Outcome &outcome);
    bool take(Connection &connection, std::string_view bytes);
    void pass(Connection &connection, logs::RecordBatch &&batch);
    void close(int descriptor);
    void closeLate();
    void watch(const Connection &connection, std::uint32_t events, int operation) const;
    void wake() const;

    NssListenerOptions m_options;
    Intake &m_intake;
    HealthMeter &m_health;
    std::vector<char> m_buffer;
    FileDescriptor m_listening, m_epoll, m_wake;
    std::map<int, std::unique_ptr<Connection>> m_connections;
    std::size_t m_waiting = 0; ///< bytes of unfinished records
    std::atomic<bool> m_stopping = false;
    std::jthread m_thread; ///< last: ends before the rest goes
};

Status NssListener::Loop::start()
{
    auto listening = listenOn(m_options.endpoint, kBacklog);
    if (!listening) {
        return fail(listening.error());
    }
    m_listening = std::move(*listening);
    m_epoll = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
    m_wake = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = m_listening.get();
    epoll_event wakeEvent{};
    wakeEvent.events = EPOLLIN;
    wakeEvent.data.fd = m_wake.get();
    if (!m_epoll.valid() || !m_wake.valid() ||
        ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, m_listening.get(), &event) != 0 ||
        ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, m_wake.get(), &wakeEvent) != 0) {
        return fail("NJ-SOURCES-021", "Cannot listen on " + m_options.endpoint.toString(),
                    std::generic_category().message(errno), {});
    }
    m_thread = std::jthread([this] { run(); });
    return {};
}

void NssListener::Loop::wake() const
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wake.get(), &one, sizeof one);
}

void NssListener::Loop::watch(const Connection &connection, std::uint32_t events, int operation) const
{
    epoll_event event{};
    event.events = events;
    event.data.fd = connection.socket.get();
    ::epoll_ctl(m_epoll.get(), operation, connection.socket.get(), &event);
}

void NssListener::Loop::run()
{
    std::array<epoll_event, 128> events{};
    Timestamp swept = systemClock().now();
    while (!m_stopping) {
        const int count =
            ::epoll_wait(m_epoll.get(), events.data(), static_cast<int>(events.size()), kTickMilliseconds);
        for (int i = 0; i < count && !m_stopping; ++i) {
            const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
            if (descriptor == m_listening.get()) {
                acceptAll();
            } else if (descriptor != m_wake.get()) {
                turn(descriptor);
            }
        }
        const Timestamp now = systemClock().now();
        if (now - swept >= kMicrosPerSecond || now < swept) {
            swept = now;
            closeLate();
        }
    }
    while (!m_connections.empty()) {
        // What had arrived when the end was told is still taken.
        Connection &connection = *m_connections.begin()->second;
        for (int i = 0; i < kReadsAtEnd && readOnce(connection) == Outcome::More; ++i) {
        }
        close(m_connections.begin()->first);
    }
}

void NssListener::Loop::acceptAll()
{
    for (int i = 0; i < 64; ++i) {
        sockaddr_storage storage{};
        socklen_t size = sizeof storage;
        FileDescriptor socket(
            ::accept4(m_listening.get(), reinterpret_cast<sockaddr *>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket.valid()) {
            if (errno == EMFILE || errno == ENFILE) {
                m_health.notice("No connection could be taken: too many files are open (ulimit -n)");
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
            return;
        }
        admit(std::move(socket), peerAddress(reinterpret_cast<const sockaddr *>(&storage)));
    }
}

void NssListener::Loop::admit(FileDescriptor socket, const IpAddress &peer)
{
    if (!m_options.allowed.allows(peer)) {
        m_health.refused("A connection from " + peer.toString() + " was refused: it is not on the list of peers");
        return;
    }
    if (m_connections.size() >= m_options.maxConnections) {
        m_health.refused("A connection was refused: " + std::to_string(m_options.maxConnections) + " are open already");
        return;
    }
    keepAlive(socket.get());
    auto connection = std::make_unique<Connection>(std::move(socket), m_options.maxRecordBytes);
    connection->peer = peer.toString();
    connection->delivery = m_intake.begin();
    if (m_options.tls) {
        connection->tls = std::make_unique<TlsSession>(*m_options.tls, connection->socket.get());
        connection->since = systemClock().now();
    }
    watch(*connection, EPOLLIN | EPOLLRDHUP, EPOLL_CTL_ADD);
    m_health.connected();
    const int descriptor = connection->socket.get();
    m_connections.emplace(descriptor, std::move(connection));
}

void NssListener::Loop::turn(int descriptor)
{
    const auto found = m_connections.find(descriptor);
    if (found == m_connections.end()) {
        return;
    }
    for (int i = 0; i < kReadsInTurn && !m_stopping; ++i) {
        const Outcome outcome = readOnce(*found->second);
        if (outcome == Outcome::Gone) {
            close(descriptor);
            return;
        }
        if (outcome == Outcome::Dry) {
            return;
        }
    }
}

std::optional<std::size_t> NssListener::Loop::readPlain(Connection &connection, Outcome &outcome)
{
    const ssize_t got = ::recv(connection.socket.get(), m_buffer.data(), m_buffer.size(), 0);
    if (got > 0) {
        return static_cast<std::size_t>(got);
    }
    outcome = got < 0 && (errno == EAGAIN || errno == EINTR) ? Outcome::Dry : Outcome::Gone;
    return std::nullopt;
}

std::optional<std::size_t> NssListener::Loop::readTls(Connection &connection, Outcome &outcome)
{
    const bool before = connection.tls->established();
    const TlsSession::Got got = connection.tls->read(m_buffer);
    if (!before && connection.tls->established()) {
        connection.since = kNoTime;
    }
    switch (got.state) {
    case TlsSession::State::Data:
        return got.bytes;
    case TlsSession::State::WantRead:
        watch(connection, EPOLLIN | EPOLLRDHUP, EPOLL_CTL_MOD);
        outcome = Outcome::Dry;
        break;
    case TlsSession::State::WantWrite:
        watch(connection, EPOLLIN | EPOLLOUT | EPOLLRDHUP, EPOLL_CTL_MOD);
        outcome = Outcome::Dry;
        break;
    case TlsSession::State::Failed:
        m_health.notice("TLS with " + connection.peer + " failed: " + connection.tls->problem());
        outcome = Outcome::Gone;
        break;
    case TlsSession::State::Closed:
        outcome = Outcome::Gone;
        break;
    }
    return std::nullopt;
}

NssListener::Loop::Outcome NssListener::Loop::readOnce(Connection &connection)
{
    Outcome outcome = Outcome::More;
    const auto got = connection.tls ? readTls(connection, outcome) : readPlain(connection, outcome);
    if (!got) {
        return outcome;
    }
    m_health.received(*got);
    return take(connection, std::string_view(m_buffer.data(), *got)) ? Outcome::More : Outcome::Gone;
}

/// False: the connection has to be closed.
bool NssListener::Loop::take(Connection &connection, std::string_view bytes)
{
    logs::RecordBatch batch;
    connection.framer.feed(bytes, batch);
    const std::size_t before = std::exchange(connection.waiting, connection.framer.waiting());
    m_waiting = m_waiting - before + connection.waiting;
    const bool progress = !batch.records.empty() || !batch.rejects.empty();
    if (connection.waiting == 0) {
        connection.since = kNoTime;
    } else if (before == 0 || progress) {
        connection.since = systemClock().now();
    }
    pass(connection, std::move(batch));
    if (m_waiting > m_options.maxWaitingBytes && connection.waiting > 0) {
        m_health.notice("A connection from " + connection.peer +
                        " was closed: too many unfinished records are waiting in memory");
        return false;
    }
    return true;
}

void NssListener::Loop::pass(Connection &connection, logs::RecordBatch &&batch)
{
    if (batch.records.empty() && batch.rejects.empty()) {
        return;
    }
    Piece piece;
    piece.delivery = connection.delivery;
    piece.batch = std::move(batch);
    piece.receivedAt = systemClock().now();
    m_intake.submit(std::move(piece));
}

void NssListener::Loop::close(int descriptor)
{
    const auto found = m_connections.find(descriptor);
    Connection &connection = *found->second;
    logs::RecordBatch rest;
    connection.framer.finish(rest);
    pass(connection, std::move(rest));
    m_waiting -= connection.waiting;
    m_intake.end(connection.delivery);
    m_connections.erase(found); // closing takes the socket out of the epoll set
    m_health.disconnected();
}

/// Connections that take too long for a handshake or a record.
void NssListener::Loop::closeLate()
{
    const Timestamp now = systemClock().now();
    std::vector<int> late;
    for (const auto &[descriptor, connection] : m_connections) {
        const bool shaking = connection->tls && !connection->tls->established();
        const std::int64_t allowed = shaking ? m_options.handshakeMicros : m_options.recordMicros;
        if (connection->since != kNoTime && now - connection->since > allowed) {
            m_health.notice("A connection from " + connection->peer + " was closed: " +
                            (shaking ? "the TLS handshake took too long" : "a record was not completed in time"));
            late.push_back(descriptor);
        }
    }
    for (const int descriptor : late) {
        close(descriptor);
    }
}

NssListener::NssListener(std::unique_ptr<Loop> loop)
    : m_loop(std::move(loop))
{
}
NssListener::~NssListener() = default;

Result<std::unique_ptr<NssListener>> NssListener::start(NssListenerOptions options, Intake &intake, HealthMeter &health)
{
    auto loop = std::make_unique<Loop>(std::move(options), intake, health);
    if (Status started = loop->start(); !started) {
        return fail(started.error());
    }
    return std::unique_ptr<NssListener>(new NssListener(std::move(loop)));
}

const Endpoint &NssListener::endpoint() const
{
    return m_loop->endpoint();
}

} // namespace nightjar::sources
