// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulator/tenantserver.h"

#include "base/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

namespace nightjar::simulator {

namespace {

constexpr std::size_t kMaxBody = 16U << 20U;
constexpr std::string_view kApi = "/api/v1";
constexpr std::string_view kOneApi = "/zia/api/v1";
constexpr std::string_view kToken = "/oauth2/v1/token";
constexpr std::string_view kBearer = "Bearer ";

struct DaemonStop {
    void operator()(MHD_Daemon *daemon) const { MHD_stop_daemon(daemon); }
};

/// A request while its body arrives.
struct Pending {
    TenantRequest request;
    bool tooLarge = false;
};

/// gzip through libarchive, which is linked anyway. Empty when it fails.
std::string gzipped(const std::string &text)
{
    const std::unique_ptr<archive, decltype(&archive_write_free)> out(archive_write_new(), &archive_write_free);
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), &archive_entry_free);
    std::string result(text.size() + 1'024, '\0');
    std::size_t used = 0;
    if (archive_write_add_filter_gzip(out.get()) != ARCHIVE_OK ||
        archive_write_set_format_raw(out.get()) != ARCHIVE_OK ||
        archive_write_set_bytes_in_last_block(out.get(), 1) != ARCHIVE_OK ||
        archive_write_open_memory(out.get(), result.data(), result.size(), &used) != ARCHIVE_OK) {
        return {};
    }
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_pathname(entry.get(), "body");
    if (archive_write_header(out.get(), entry.get()) != ARCHIVE_OK ||
        archive_write_data(out.get(), text.data(), text.size()) < 0 || archive_write_close(out.get()) != ARCHIVE_OK) {
        return {};
    }
    result.resize(used);
    return result;
}

/// Gives half of the text and then breaks off.
extern "C" ssize_t nightjarSimulatorHalf(void *user, std::uint64_t position, char *buffer, std::size_t room)
{
    const std::string &text = *static_cast<std::string *>(user);
    const std::size_t half = text.size() / 2;
    if (position >= half) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    const std::size_t count = std::min(room, half - static_cast<std::size_t>(position));
    std::memcpy(buffer, text.data() + position, count);
    return static_cast<ssize_t>(count);
}

extern "C" void nightjarSimulatorFree(void *user)
{
    const std::unique_ptr<std::string> text(static_cast<std::string *>(user));
}

MHD_Result collectQuery(void *user, MHD_ValueKind, const char *name, const char *value)
{
    auto &query = *static_cast<std::map<std::string, std::string> *>(user);
    constexpr std::size_t kMost = 64;
    if (query.size() < kMost) {
        query[name] = value == nullptr ? "" : value;
    }
    return MHD_YES;
}

std::string headerOf(MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value == nullptr ? std::string() : std::string(value);
}

TenantReply plain(int status, std::string body)
{
    TenantReply reply;
    reply.status = status;
    reply.body = std::move(body);
    reply.headers.emplace_back("X-Nightjar-Simulated", "true");
    return reply;
}

TenantReply doneOrProblem(const Status &status)
{
    if (status) {
        return plain(200, "{\"ok\":true}");
    }
    return plain(400, "{\"message\":" + jsonQuote(describe(status.error())) + "}");
}

TenantReply control(Tenant &tenant, const TenantRequest &request)
{
    const std::string call = request.method + " " + request.path;
    if (call == "POST /control/fault") {
        return doneOrProblem(tenant.setFaults(request.body));
    }
    if (call == "POST /control/lists") {
        return doneOrProblem(tenant.setLists(request.body));
    }
    if (call == "POST /control/edit") {
        return doneOrProblem(tenant.edit(request.body));
    }
    if (call == "POST /control/reset") {
        tenant.reset();
        return plain(200, "{\"ok\":true}");
    }
    if (call == "GET /control/state") {
        return plain(200, tenant.state());
    }
    return plain(404, "{\"message\":\"no such control\"}");
}

MHD_Result sendReply(MHD_Connection *connection, const TenantReply &reply)
{
    if (reply.cut == TenantReply::Cut::BeforeAnswer) {
        return MHD_NO; // closes the connection
    }
    std::string body = reply.body;
    bool packed = false;
    if (reply.gzip && headerOf(connection, "Accept-Encoding").find("gzip") != std::string::npos && !body.empty()) {
        if (std::string smaller = gzipped(body); !smaller.empty()) {
            body = std::move(smaller);
            packed = true;
        }
    }
    MHD_Response *made = nullptr;
    if (reply.cut == TenantReply::Cut::InsideBody) {
        const std::uint64_t size = body.size() + 2;
        auto text = std::make_unique<std::string>(std::move(body));
        made = MHD_create_response_from_callback(size, 4'096, &nightjarSimulatorHalf, text.release(),
                                                 &nightjarSimulatorFree);
    } else {
        made = MHD_create_response_from_buffer(body.size(), body.data(), MHD_RESPMEM_MUST_COPY);
    }
    const std::unique_ptr<MHD_Response, decltype(&MHD_destroy_response)> response(made, &MHD_destroy_response);
    if (!response) {
        return MHD_NO;
    }
    if (reply.status != 204) {
        MHD_add_response_header(response.get(), "Content-Type", reply.contentType.c_str());
    }
    if (packed) {
        MHD_add_response_header(response.get(), "Content-Encoding", "gzip");
    }
    for (const auto &[name, value] : reply.headers) {
        MHD_add_response_header(response.get(), name.c_str(), value.c_str());
    }
    return MHD_queue_response(connection, static_cast<unsigned>(reply.status), response.get());
}

} // namespace

struct TenantServer::Impl {
    explicit Impl(TenantOptions options)
        : tenant(std::move(options))
    {
    }

    Tenant tenant;
    std::uint16_t port = 0;
    std::atomic<bool> stopping{false};
    std::unique_ptr<MHD_Daemon, DaemonStop> daemon; ///< last: stops before the rest goes

    static MHD_Result onRequest(void *user, MHD_Connection *connection, const char *url, const char *method,
                                const char *, const char *bytes, std::size_t *size, void **state);
    static void onEnd(void *, MHD_Connection *, void **state, MHD_RequestTerminationCode);
    TenantReply reply(TenantRequest &request);
    void wait(std::int64_t micros) const;
};

MHD_Result TenantServer::Impl::onRequest(void *user, MHD_Connection *connection, const char *url, const char *method,
                                         const char *, const char *bytes, std::size_t *size, void **state)
{
    auto &self = *static_cast<Impl *>(user);
    if (*state == nullptr) {
        auto pending = std::make_unique<Pending>();
        TenantRequest &request = pending->request;
        request.method = method;
        request.path = url;
        request.contentType = headerOf(connection, "Content-Type");
        MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, &collectQuery, &request.query);
        const char *cookie = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, "JSESSIONID");
        request.session = cookie == nullptr ? "" : cookie;
        request.oneApi = request.path.compare(0, kOneApi.size(), kOneApi) == 0;
        if (request.oneApi) {
            const std::string header = headerOf(connection, "Authorization");
            request.session = header.compare(0, kBearer.size(), kBearer) == 0 ? header.substr(kBearer.size()) : "";
        }
        *state = pending.release(); // freed in onEnd
        return MHD_YES;
    }
    auto &pending = *static_cast<Pending *>(*state);
    if (*size > 0) {
        pending.tooLarge = pending.tooLarge || pending.request.body.size() + *size > kMaxBody;
        if (!pending.tooLarge) {
            pending.request.body.append(bytes, *size);
        }
        *size = 0;
        return MHD_YES;
    }
    const TenantReply reply =
        pending.tooLarge ? plain(413, "{\"message\":\"Request entity too large\"}") : self.reply(pending.request);
    self.wait(reply.delay);
    return sendReply(connection, reply);
}

void TenantServer::Impl::onEnd(void *, MHD_Connection *, void **state, MHD_RequestTerminationCode)
{
    const std::unique_ptr<Pending> pending(static_cast<Pending *>(*state));
    *state = nullptr;
}

TenantReply TenantServer::Impl::reply(TenantRequest &request)
{
    if (request.oneApi) {
        request.path.erase(0, kOneApi.size());
        return tenant.handle(request);
    }
    if (request.path == kToken) {
        return tenant.token(request);
    }
    if (request.path.compare(0, kApi.size(), kApi) == 0) {
        request.path.erase(0, kApi.size());
        return tenant.handle(request);
    }
    return control(tenant, request);
}

void TenantServer::Impl::wait(std::int64_t micros) const
{
    const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(micros);
    while (!stopping && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

TenantServer::TenantServer(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

TenantServer::~TenantServer()
{
    m_impl->stopping = true;
}

Result<std::unique_ptr<TenantServer>> TenantServer::start(ServerOptions options)
{
    auto impl = std::make_unique<Impl>(std::move(options.tenant));
    if (Status loaded = impl->tenant.load(); !loaded) {
        return fail(loaded.error());
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    constexpr unsigned kConnectionLimit = 64;
    constexpr unsigned kTimeoutSeconds = 60;
    impl->daemon.reset(MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, options.port,
                                        nullptr, nullptr, &Impl::onRequest, impl.get(), MHD_OPTION_SOCK_ADDR,
                                        reinterpret_cast<sockaddr *>(&address), MHD_OPTION_NOTIFY_COMPLETED,
                                        &Impl::onEnd, nullptr, MHD_OPTION_CONNECTION_LIMIT, kConnectionLimit,
                                        MHD_OPTION_CONNECTION_TIMEOUT, kTimeoutSeconds, MHD_OPTION_END));
    if (!impl->daemon) {
        return fail("NJ-SIM-001", "The simulated tenant cannot start",
                    "127.0.0.1:" + std::to_string(options.port) + " cannot be listened on",
                    "Choose another port, or 0 for any free one.");
    }
    const MHD_DaemonInfo *info = MHD_get_daemon_info(impl->daemon.get(), MHD_DAEMON_INFO_BIND_PORT);
    impl->port = info != nullptr ? info->port : options.port;
    return std::unique_ptr<TenantServer>(new TenantServer(std::move(impl)));
}

std::uint16_t TenantServer::port() const
{
    return m_impl->port;
}
std::string TenantServer::url() const
{
    return "http://127.0.0.1:" + std::to_string(m_impl->port) + "/api/v1";
}
std::string TenantServer::oneApiUrl() const
{
    return "http://127.0.0.1:" + std::to_string(m_impl->port) + std::string(kOneApi);
}
std::string TenantServer::tokenUrl() const
{
    return "http://127.0.0.1:" + std::to_string(m_impl->port) + std::string(kToken);
}
std::string TenantServer::controlUrl() const
{
    return "http://127.0.0.1:" + std::to_string(m_impl->port) + "/control";
}
Tenant &TenantServer::tenant()
{
    return m_impl->tenant;
}

} // namespace nightjar::simulator
