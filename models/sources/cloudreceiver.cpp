// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/cloudreceiver.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "sources/connectionwatch.h"
#include "sources/requestbody.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <microhttpd.h>
#include <openssl/crypto.h>
#include <sys/socket.h>

namespace nightjar::sources {

namespace {

constexpr int kBacklog = 512;
constexpr unsigned kThreads = 2;
constexpr std::size_t kConnectionMemory = 64U << 10U;
constexpr std::uint64_t kMaxPemBytes = 1U << 20U;
constexpr int kMaxHeaders = 100;
constexpr std::size_t kMaxTokenBytes = 4'096;

struct DaemonStop {
    void operator()(MHD_Daemon *daemon) const { MHD_stop_daemon(daemon); }
};

enum class Phase : std::uint8_t { Receiving, Storing, Refused };

/// An answer: status and what it says.
struct Answer {
    unsigned status = 200;
    std::string text = "stored";
};

/// One request from its first header to its answer.
struct Request {
    Request(std::size_t limit, bool lines)
        : body(limit, lines)
    {
    }
    RequestBody body;
    Phase phase = Phase::Receiving;
    bool probe = false; ///< GET or HEAD
    Timestamp since = kNoTime;
    std::size_t counted = 0;              ///< bytes in Server::inside
    std::atomic<int> open = 0;            ///< pieces that are not stored yet
    std::atomic<bool> failed = false;     ///< the path gave up
    std::atomic<bool> overloaded = false; ///< there was no room for all of it
    std::uint64_t delivery = 0;
};

/// Headers that hold the token, looked at in constant time for each candidate.
struct TokenSearch {
    const std::string &hash;
    int headers = 0;
    bool any = false; ///< a header that is meant to authenticate was there
    bool found = false;

    void tryValue(std::string_view value)
    {
        if (value.empty() || value.size() > kMaxTokenBytes) {
            return;
        }
        const std::string candidate = sha256Hex(value);
        found |= candidate.size() == hash.size() && CRYPTO_memcmp(candidate.data(), hash.data(), hash.size()) == 0;
    }
};

MHD_Result lookAtHeader(void *user, MHD_ValueKind, const char *name, const char *value)
{
    auto &search = *static_cast<TokenSearch *>(user);
    if (++search.headers > kMaxHeaders || value == nullptr) {
        return MHD_YES;
    }
    const std::string_view text = trim(value);
    search.any |= equalsIgnoreCase(name, "Authorization") || equalsIgnoreCase(name, "X-API-Key");
    search.tryValue(text);
    if (const std::size_t blank = text.find(' '); blank != std::string_view::npos) {
        search.tryValue(trim(text.substr(blank + 1)));
    }
    return MHD_YES;
}

std::string_view headerOf(MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

MHD_Result send(MHD_Connection *connection, const Answer &answer)
{
    const std::string body =
        "{\"status\":" + std::to_string(answer.status) + ",\"text\":" + jsonQuote(answer.text) + "}\n";
    // The buffer is copied, so that it may go.
    const std::unique_ptr<MHD_Response, decltype(&MHD_destroy_response)> response(
        MHD_create_response_from_buffer(body.size(), const_cast<char *>(body.data()), MHD_RESPMEM_MUST_COPY),
        &MHD_destroy_response);
    if (!response) {
        return MHD_NO;
    }
    MHD_add_response_header(response.get(), "Content-Type", "application/json");
    if (answer.status == 503) {
        MHD_add_response_header(response.get(), "Retry-After", "5");
    }
    if (answer.status == 401) {
        MHD_add_response_header(response.get(), "WWW-Authenticate", "Bearer");
    }
    return MHD_queue_response(connection, answer.status, response.get());
}

} // namespace

struct CloudReceiver::Server {
    Server(CloudReceiverOptions wanted, Intake &door, HealthMeter &meter)
        : options(std::move(wanted))
        , intake(door)
        , health(meter)
        , watch(options.idleSeconds * 2LL * kMicrosPerSecond, options.requestMicros)
    {
    }
    ~Server() { stop(); }
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;

    CloudReceiverOptions options;
    Intake &intake;
    HealthMeter &health;
    std::string certificate, key;
    std::atomic<std::size_t> inside = 0; ///< bytes of all requests
    std::mutex mutex;
    std::condition_variable answered;
    int storing = 0; ///< requests that are being stored or answered
    ConnectionWatch watch;
    std::unique_ptr<MHD_Daemon, DaemonStop> daemon;
    std::jthread sweeper;

    Status start();
    void stop();
    void sweep(const std::stop_token &stop);

    static MHD_Result admit(void *user, const sockaddr *address, socklen_t size);
    static MHD_Result onRequest(void *user, MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *bytes, std::size_t *size, void **state);
    static void onEnd(void *user, MHD_Connection *connection, void **state, MHD_RequestTerminationCode code);
    static void onConnection(void *user, MHD_Connection *connection, void **context,
                             MHD_ConnectionNotificationCode code);

    [[nodiscard]] Answer admission(MHD_Connection *connection, std::string_view method);
    MHD_Result refuse(MHD_Connection *connection, Request &request, const Answer &answer);
    MHD_Result receive(Request &request, std::string_view bytes);
    MHD_Result store(MHD_Connection *connection, Request &request);
    static void piecesDone(MHD_Connection *connection, Request &request, int pieces);
};

MHD_Result CloudReceiver::Server::admit(void *user, const sockaddr *address, socklen_t)
{
    auto &self = *static_cast<Server *>(user);
    const IpAddress peer = peerAddress(address);
    if (self.options.allowed.allows(peer)) {
        return MHD_YES;
    }
    self.health.refused("A connection from " + peer.toString() + " was refused: it is not on the list of peers");
    return MHD_NO;
}

void CloudReceiver::Server::onConnection(void *user, MHD_Connection *connection, void **,
                                         MHD_ConnectionNotificationCode code)
{
    auto &self = *static_cast<Server *>(user);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        self.watch.add(connection, info != nullptr ? info->connect_fd : -1);
        self.health.connected();
    } else {
        self.watch.remove(connection);
        self.health.disconnected();
    }
}

/// Decides by the headers; 200: go on.
Answer CloudReceiver::Server::admission(MHD_Connection *connection, std::string_view method)
{
    const bool probe = method == "GET" || method == "HEAD";
    if (!options.tokenHash.empty()) {
        TokenSearch search{options.tokenHash};
        MHD_get_connection_values(connection, MHD_HEADER_KIND, &lookAtHeader, &search);
        if (!search.found && (!probe || search.any)) {
            health.refused("A request was refused: its token is wrong or missing");
            return {401, "the token is wrong or missing"};
        }
    }
    if (probe) {
        return {200, "ready"};
    }
    if (method != "POST" && method != "PUT") {
        health.refused("A request was refused: its method is not POST");
        return {405, "records are taken by POST"};
    }
    const std::string_view encoding = headerOf(connection, "Content-Encoding");
    if (!encoding.empty() && !equalsIgnoreCase(encoding, "gzip") && !equalsIgnoreCase(encoding, "x-gzip") &&
        !equalsIgnoreCase(encoding, "identity")) {
        health.refused("A request was refused: its Content-Encoding is not gzip");
        return {415, "the encoding is neither gzip nor identity"};
    }
    const auto length = parseInteger(headerOf(connection, "Content-Length")).value_or(0);
    if (length < 0 || static_cast<std::uint64_t>(length) > options.maxBodyBytes) {
        health.refused("A request was refused: it is larger than " + std::to_string(options.maxBodyBytes >> 20U) +
                       " MiB");
        return {413, "the request is too large"};
    }
    if (inside + static_cast<std::size_t>(length) > options.maxBytesInside) {
        health.refused("A request was put off: too much is waiting to be stored");
        return {503, "overloaded, try again"};
    }
    return {};
}

MHD_Result CloudReceiver::Server::refuse(MHD_Connection *connection, Request &request, const Answer &answer)
{
    request.phase = Phase::Refused;
    return send(connection, answer);
}

MHD_Result CloudReceiver::Server::receive(Request &request, std::string_view bytes)
{
    health.received(bytes.size());
    if (systemClock().now() - request.since > options.requestMicros) {
        health.refused("A request was cut off: it took too long to come in");
        return MHD_NO;
    }
    request.body.feed(bytes);
    if (request.body.tooLarge() && request.body.bytesReceived() > 4 * options.maxBodyBytes) {
        health.refused("A request was cut off: it is larger than allowed and does not end");
        return MHD_NO;
    }
    const std::size_t held = request.body.bytesHeld();
    inside += held - request.counted;
    request.counted = held;
    return MHD_YES;
}

/// A piece of the request is done, or so many were not taken.
void CloudReceiver::Server::piecesDone(MHD_Connection *connection, Request &request, int pieces)
{
    if (request.open.fetch_sub(pieces) != pieces) {
        return;
    }
    MHD_resume_connection(connection); // the request may be gone from here on
}

/// The whole request is there: hands it over and goes to sleep until it is durable.
MHD_Result CloudReceiver::Server::store(MHD_Connection *connection, Request &request)
{
    if (request.body.tooLarge()) {
        health.refused("A request was refused: it holds more than " + std::to_string(options.maxBodyBytes >> 20U) +
                       " MiB");
        return refuse(connection, request, {413, "the request is too large"});
    }
    std::vector<logs::RecordBatch> batches = request.body.finish();
    if (request.body.lost()) {
        health.notice("A request could not be decompressed and is too long to be set aside; it is asked for again");
        return refuse(connection, request, {500, "the compressed data are damaged"});
    }
    request.phase = Phase::Storing;
    if (batches.empty()) {
        return send(connection, {});
    }
    request.delivery = intake.begin();
    request.open = static_cast<int>(batches.size());
    {
        std::lock_guard lock(mutex);
        ++storing;
    }
    MHD_suspend_connection(connection);
    const Timestamp now = systemClock().now();
    int left = static_cast<int>(batches.size());
    for (logs::RecordBatch &batch : batches) {
        Piece piece;
        piece.delivery = request.delivery;
        piece.batch = std::move(batch);
        piece.receivedAt = now;
        piece.done = [connection, &request](bool stored) {
            if (!stored) {
                request.failed = true;
            }
            piecesDone(connection, request, 1);
        };
        if (!intake.offer(std::move(piece))) {
            request.overloaded = true; // before the count, which may wake the connection
            piecesDone(connection, request, left);
            break;
        }
        --left;
    }
    return MHD_YES;
}

MHD_Result CloudReceiver::Server::onRequest(void *user, MHD_Connection *connection, const char *, const char *method,
                                            const char *, const char *bytes, std::size_t *size, void **state)
{
    auto &self = *static_cast<Server *>(user);
    if (*state == nullptr) {
        auto request = std::make_unique<Request>(self.options.maxBodyBytes, self.options.lines);
        Request &made = *request;
        *state = request.release(); // freed in onEnd
        made.since = systemClock().now();
        self.watch.requestBegan(connection);
        const Answer answer = self.admission(connection, method);
        made.probe = answer.text == "ready";
        return answer.status == 200 ? MHD_YES : self.refuse(connection, made, answer);
    }
    auto &request = *static_cast<Request *>(*state);
    if (*size > 0) {
        const std::string_view piece(bytes, *size);
        *size = 0;
        return request.phase == Phase::Refused || request.probe ? MHD_YES : self.receive(request, piece);
    }
    if (request.phase == Phase::Refused) {
        return MHD_YES;
    }
    if (request.probe) {
        return send(connection, {200, "ready"});
    }
    if (request.phase == Phase::Storing) {
        if (request.overloaded) {
            self.health.refused("A request was put off: too much is waiting to be stored");
            return send(connection, {503, "overloaded, try again"});
        }
        return send(connection, request.failed ? Answer{503, "not stored, try again"} : Answer{});
    }
    self.watch.waits(connection);
    return self.store(connection, request);
}

void CloudReceiver::Server::onEnd(void *user, MHD_Connection *connection, void **state, MHD_RequestTerminationCode)
{
    auto &self = *static_cast<Server *>(user);
    const std::unique_ptr<Request> request(static_cast<Request *>(*state));
    *state = nullptr;
    self.watch.requestEnded(connection);
    if (request) {
        self.inside -= request->counted;
        if (request->delivery != 0) {
            self.intake.end(request->delivery);
            std::lock_guard lock(self.mutex);
            --self.storing;
            self.answered.notify_all();
        }
    }
}

Status CloudReceiver::Server::start()
{
    if (!options.certificate.empty()) {
        auto chain = readFile(options.certificate, kMaxPemBytes);
        auto secret = readFile(options.key, kMaxPemBytes);
        if (!chain || !secret) {
            return fail(chain ? secret.error() : chain.error());
        }
        certificate = std::move(*chain);
        key = std::move(*secret);
    }
    if (options.tokenHash.empty() && !options.endpoint.isLoopback()) {
        return fail("NJ-SOURCES-026", "A token is needed to receive on " + options.endpoint.toString(),
                    "without one anybody who reaches this address could write to the store",
                    "Give a token (--token-file), or listen on loopback.");
    }
    auto listening = listenOn(options.endpoint, kBacklog);
    if (!listening) {
        return fail(listening.error());
    }
    const int socket = ::fcntl(listening->get(), F_DUPFD_CLOEXEC, 3); // the daemon closes its own
    std::vector<MHD_OptionItem> items{
        {MHD_OPTION_LISTEN_SOCKET, socket, nullptr},
        {MHD_OPTION_THREAD_POOL_SIZE, static_cast<std::intptr_t>(kThreads), nullptr},
        {MHD_OPTION_CONNECTION_LIMIT, static_cast<std::intptr_t>(options.maxConnections), nullptr},
        {MHD_OPTION_CONNECTION_TIMEOUT, static_cast<std::intptr_t>(options.idleSeconds), nullptr},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, static_cast<std::intptr_t>(kConnectionMemory), nullptr}};
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    if (!certificate.empty()) {
        flags |= MHD_USE_TLS;
        items.push_back({MHD_OPTION_HTTPS_MEM_CERT, 0, certificate.data()});
        items.push_back({MHD_OPTION_HTTPS_MEM_KEY, 0, key.data()});
    }
    items.push_back({MHD_OPTION_END, 0, nullptr});
    daemon.reset(MHD_start_daemon(flags, options.endpoint.port, &Server::admit, this, &Server::onRequest, this,
                                  MHD_OPTION_ARRAY, items.data(), MHD_OPTION_NOTIFY_COMPLETED, &Server::onEnd, this,
                                  MHD_OPTION_NOTIFY_CONNECTION, &Server::onConnection, this, MHD_OPTION_END));
    if (!daemon) {
        FileDescriptor(socket).close();
        return certificate.empty()
                   ? fail("NJ-SOURCES-021", "Cannot receive on " + options.endpoint.toString(),
                          "the HTTP server does not start", "Choose another port, or 0 for a free one.")
                   : fail(Error{"NJ-SOURCES-024", "The certificate cannot be used", "the HTTPS server does not start",
                                Place{options.certificate.string(), 0, 0},
                                "Give the certificate chain and its private key as PEM files, without passphrase."});
    }
    sweeper = std::jthread([this](const std::stop_token &stop) { sweep(stop); });
    return {};
}

/// Cuts connections that are too slow with their headers or their body.
void CloudReceiver::Server::sweep(const std::stop_token &stop)
{
    std::mutex waiting;
    std::condition_variable_any wake;
    while (!stop.stop_requested()) {
        std::unique_lock lock(waiting);
        wake.wait_for(lock, stop, std::chrono::seconds(1), [&stop] { return stop.stop_requested(); });
        for (std::size_t cut = watch.cutLate(systemClock().now()); cut > 0; --cut) {
            health.refused("A connection was cut: its request took too long to come in");
        }
    }
}

void CloudReceiver::Server::stop()
{
    if (!daemon) {
        return;
    }
    sweeper = {};
    const int socket = MHD_quiesce_daemon(daemon.get());
    {
        std::unique_lock lock(mutex);
        answered.wait(lock, [this] { return storing == 0; });
    }
    daemon.reset();
    FileDescriptor(socket).close();
}

std::string tokenHash(std::string_view token)
{
    return sha256Hex(trim(token));
}

CloudReceiver::CloudReceiver(std::unique_ptr<Server> server)
    : m_server(std::move(server))
{
}
CloudReceiver::~CloudReceiver() = default;

Result<std::unique_ptr<CloudReceiver>> CloudReceiver::start(CloudReceiverOptions options, Intake &intake,
                                                            HealthMeter &health)
{
    auto server = std::make_unique<Server>(std::move(options), intake, health);
    if (Status started = server->start(); !started) {
        return fail(started.error());
    }
    return std::unique_ptr<CloudReceiver>(new CloudReceiver(std::move(server)));
}

const Endpoint &CloudReceiver::endpoint() const
{
    return m_server->options.endpoint;
}

} // namespace nightjar::sources
