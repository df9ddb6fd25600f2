// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http.h"

#include "base/address.h"
#include "base/text.h"
#include "base/url.h"

#include <curl/curl.h>

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace nightjar::net {

namespace {

constexpr std::size_t kMaxHeaderBytes = 256U << 10U;

struct SlistFree {
    void operator()(curl_slist *list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, SlistFree>;

struct EasyFree {
    void operator()(CURL *handle) const { curl_easy_cleanup(handle); }
};

/// What the callbacks of one transfer fill in.
struct Transfer {
    HttpResponse response;
    std::size_t maxBody = 0;
    std::size_t headerBytes = 0;
    bool tooLarge = false;
    bool headWhole = false; ///< the blank line after the headers came; libcurl takes a head that breaks off for whole
    const CancelToken *cancel = nullptr;
    const AddressCheck *mayConnect = nullptr;
    std::string refusedAddress; ///< the last one that `mayConnect` refused
};

extern "C" curl_socket_t nightjarNetSocket(void *user, curlsocktype, struct curl_sockaddr *address)
{
    auto &transfer = *static_cast<Transfer *>(user);
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void *bytes = address->family == AF_INET
                            ? static_cast<const void *>(&reinterpret_cast<sockaddr_in *>(&address->addr)->sin_addr)
                            : static_cast<const void *>(&reinterpret_cast<sockaddr_in6 *>(&address->addr)->sin6_addr);
    const bool internet = address->family == AF_INET || address->family == AF_INET6;
    const bool shown = internet && ::inet_ntop(address->family, bytes, text.data(), text.size()) != nullptr;
    const auto parsed = shown ? IpAddress::parse(text.data()) : std::nullopt;
    if (!parsed || !(*transfer.mayConnect)(*parsed)) {
        transfer.refusedAddress = parsed ? parsed->toString() : std::string("one of an unknown kind");
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype, address->protocol);
}

/// "Not Found" of "HTTP/1.1 404 Not Found".
std::string reasonOf(std::string_view line)
{
    const std::size_t status = line.find(' ');
    const std::size_t reason = status == std::string_view::npos ? status : line.find(' ', status + 1);
    return reason == std::string_view::npos ? std::string() : std::string(trim(line.substr(reason)));
}

extern "C" std::size_t nightjarNetBody(char *bytes, std::size_t size, std::size_t count, void *user)
{
    auto &transfer = *static_cast<Transfer *>(user);
    const std::size_t length = size * count;
    if (transfer.response.body.size() + length > transfer.maxBody) {
        transfer.tooLarge = true;
        return 0;
    }
    transfer.response.body.append(bytes, length);
    return length;
}

extern "C" std::size_t nightjarNetHeader(char *bytes, std::size_t size, std::size_t count, void *user)
{
    auto &transfer = *static_cast<Transfer *>(user);
    const std::size_t length = size * count;
    transfer.headerBytes += length;
    if (transfer.headerBytes > kMaxHeaderBytes) {
        transfer.tooLarge = true;
        return 0;
    }
    const std::string_view line = trim(std::string_view(bytes, length));
    if (line.substr(0, 5) == "HTTP/") {
        transfer.response.headers.clear(); // of an interim answer
        transfer.response.reason = reasonOf(line);
        transfer.headWhole = false;
    } else if (line.empty()) {
        transfer.headWhole = true;
    } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
        transfer.response.headers.push_back(
            {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
    }
    return length;
}

extern "C" int nightjarNetProgress(void *user, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<Transfer *>(user)->cancel->cancelled() ? 1 : 0;
}

bool isClean(std::string_view text)
{
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

bool isLoopback(std::string_view host)
{
    if (equalsIgnoreCase(host, "localhost")) {
        return true;
    }
    const std::optional<IpAddress> address = IpAddress::parse(host);
    return address && (address->isV4() ? address->bytes()[12] == 127 : *address == *IpAddress::parse("::1"));
}

Error notSent(std::string code, const HttpRequest &request, std::string reason, std::string hint)
{
    return {std::move(code), "Nothing was sent to " + originOf(request.url), std::move(reason), {}, std::move(hint)};
}

std::optional<Error> checkRequest(const HttpRequest &request)
{
    bool clean = isClean(request.method) && isClean(request.url) && !request.method.empty();
    for (const HttpHeader &header : request.headers) {
        clean = clean && isClean(header.name) && isClean(header.value) && !header.name.empty();
    }
    if (!clean) {
        return notSent("NJ-NET-001", request, "the request holds a control character",
                       "Check the address and headers.");
    }
    const UrlParts parts = splitUrl(request.url);
    if (equalsIgnoreCase(parts.scheme, "https") && !parts.host.empty()) {
        return std::nullopt;
    }
    if (equalsIgnoreCase(parts.scheme, "http") && isLoopback(parts.host)) {
        return std::nullopt;
    }
    return notSent("NJ-NET-002", request, "only https is allowed, or http to this machine itself",
                   "Write the address with https://.");
}

/// The libcurl result as an error. `requestBytes` tells whether any of the request left.
Error transportError(CURLcode code, const HttpRequest &request, long requestBytes, bool tooLarge)
{
    const std::string reason = curl_easy_strerror(code);
    if (requestBytes == 0 && (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)) {
        return notSent("NJ-NET-002", request, reason, "Check the address.");
    }
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return notSent("NJ-NET-010", request, reason, "Check the host name, the network and the proxy setting.");
    case CURLE_COULDNT_CONNECT:
        return notSent("NJ-NET-011", request, reason,
                       "Check that the service runs and that no firewall is in between.");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return notSent(
            "NJ-NET-012", request, reason,
            "If your network inspects TLS, name its CA certificate (NIGHTJAR_CA_FILE). Verification stays on.");
    default:
        break;
    }
    if (requestBytes == 0) {
        if (code == CURLE_ABORTED_BY_CALLBACK) {
            return notSent("NJ-NET-015", request, "cancelled", "");
        }
        return notSent(code == CURLE_OPERATION_TIMEDOUT ? "NJ-NET-013" : "NJ-NET-014", request, reason,
                       "Check the network and the proxy setting.");
    }
    Error error{
        "NJ-NET-020",
        "No whole answer from " + originOf(request.url),
        reason,
        {},
        "Whether the request was carried out is not known; the state is read back before anything is repeated."};
    if (tooLarge) {
        error.code = "NJ-NET-024";
        error.reason = "the answer is larger than " + std::to_string(request.maxBody) + " bytes";
    } else if (code == CURLE_OPERATION_TIMEDOUT) {
        error.code = "NJ-NET-021";
    } else if (code == CURLE_ABORTED_BY_CALLBACK) {
        error.code = "NJ-NET-025";
        error.reason = "cancelled while waiting for the answer";
    }
    return error;
}

int codeNumber(const Error &error)
{
    constexpr std::string_view kPrefix = "NJ-NET-";
    if (error.code.compare(0, kPrefix.size(), kPrefix) != 0) {
        return 0;
    }
    return static_cast<int>(parseInteger(std::string_view(error.code).substr(kPrefix.size())).value_or(0));
}

} // namespace

std::string_view HttpResponse::header(std::string_view name) const
{
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [name](const HttpHeader &header) { return equalsIgnoreCase(header.name, name); });
    return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

Delivery deliveryOf(const Error &error)
{
    const int number = codeNumber(error);
    return (number >= 1 && number < 20) || number == 30 || number == 31 ? Delivery::NotSent : Delivery::Unknown;
}

bool isCancelled(const Error &error)
{
    const int number = codeNumber(error);
    return number == 15 || number == 25 || number == 30;
}

std::string originOf(std::string_view url)
{
    const UrlParts parts = splitUrl(url);
    std::string origin(parts.scheme.empty() ? std::string_view("?") : parts.scheme);
    origin.append("://").append(parts.host);
    if (!parts.port.empty()) {
        origin.append(":").append(parts.port);
    }
    return origin;
}

Result<UrlTarget> targetOf(const std::string &url)
{
    struct UrlFree {
        void operator()(CURLU *handle) const { curl_url_cleanup(handle); }
    };
    struct TextFree {
        void operator()(char *text) const { curl_free(text); }
    };
    const std::unique_ptr<CURLU, UrlFree> handle(curl_url());
    const auto part = [&handle](CURLUPart which, unsigned int flags) {
        char *text = nullptr;
        const bool found = curl_url_get(handle.get(), which, &text, flags) == CURLUE_OK;
        const std::unique_ptr<char, TextFree> owned(text);
        return found && owned ? std::string(owned.get()) : std::string();
    };
    UrlTarget target;
    if (isClean(url) && curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), 0) == CURLUE_OK) {
        target.scheme = asciiLower(part(CURLUPART_SCHEME, 0));
        target.host = asciiLower(part(CURLUPART_HOST, 0));
        target.port = static_cast<int>(parseInteger(part(CURLUPART_PORT, CURLU_DEFAULT_PORT)).value_or(0));
        target.hasUserInfo = !part(CURLUPART_USER, 0).empty() || !part(CURLUPART_PASSWORD, 0).empty();
    }
    if (target.host.size() > 2 && target.host.front() == '[' && target.host.back() == ']') {
        target.host = target.host.substr(1, target.host.size() - 2);
    }
    if ((target.scheme != "http" && target.scheme != "https") || target.host.empty() || target.port == 0) {
        return fail("NJ-NET-003", "This is no web address", "an absolute address with https:// is needed",
                    "Write it as https://host/path.");
    }
    return target;
}

struct CurlClient::Impl {
    CurlOptions options;
    std::mutex mutex;
    std::unique_ptr<CURL, EasyFree> handle;

    void apply(const HttpRequest &request, Transfer &transfer, curl_slist *headers) const;
};

void CurlClient::Impl::apply(const HttpRequest &request, Transfer &transfer, curl_slist *headers) const
{
    CURL *curl = handle.get();
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const bool loopback = isLoopback(splitUrl(request.url).host);
    curl_easy_reset(curl); // keeps cookies and connections
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, request.verifyTls ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, request.verifyTls ? 2L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options.caFile.empty()) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, options.caFile.c_str());
    }
    if (loopback || request.mayConnect) {
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
    } else if (!options.proxy.empty()) {
        curl_easy_setopt(curl, CURLOPT_PROXY, options.proxy.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, options.userAgent.c_str());
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connectTimeout.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.totalTimeout.count()));
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, reads ? 0L : 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (request.mayConnect) {
        transfer.mayConnect = &request.mayConnect;
        curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, nightjarNetSocket);
        curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &transfer);
        curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    }
    if (request.auth != HttpAuth::None) {
        const long kind = request.auth == HttpAuth::Basic ? CURLAUTH_BASIC : CURLAUTH_DIGEST;
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, kind);
        curl_easy_setopt(curl, CURLOPT_USERNAME, request.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, request.password.c_str());
    }
    if (request.method == "HEAD") {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (!reads) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, nightjarNetBody);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, nightjarNetHeader);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, nightjarNetProgress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

CurlClient::CurlClient(CurlOptions options)
    : m_impl(std::make_unique<Impl>())
{
    static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
    m_impl->options = std::move(options);
    if (kStarted == CURLE_OK) {
        m_impl->handle.reset(curl_easy_init());
    }
    if (m_impl->handle && m_impl->options.cookies) {
        // Starts the cookie engine with a cookie that is over at once; CURLOPT_COOKIEFILE "" leaks with each reset
        // (7.88).
        curl_easy_setopt(m_impl->handle.get(), CURLOPT_COOKIELIST,
                         "Set-Cookie: start=; domain=nightjar.invalid; path=/; expires=Thu, 01-Jan-1970 00:00:01 GMT");
    }
}

CurlClient::~CurlClient() = default;

Result<HttpResponse> CurlClient::send(const HttpRequest &request, const CancelToken &cancel)
{
    if (std::optional<Error> problem = checkRequest(request)) {
        return fail(std::move(*problem));
    }
    std::lock_guard lock(m_impl->mutex);
    if (!m_impl->handle) {
        return fail(notSent("NJ-NET-014", request, "libcurl could not be started", "Is memory exhausted?"));
    }
    if (cancel.cancelled()) {
        return fail(notSent("NJ-NET-015", request, "cancelled", ""));
    }
    HeaderList headers(curl_slist_append(nullptr, "Expect:"));
    bool hasType = request.body.empty();
    const auto add = [&headers](const std::string &line) {
        curl_slist *const longer = curl_slist_append(headers.get(), line.c_str());
        if (longer != nullptr && !headers) {
            headers.reset(longer);
        }
    };
    for (const HttpHeader &header : request.headers) {
        hasType = hasType || equalsIgnoreCase(header.name, "Content-Type");
        add(header.name + ": " + header.value);
    }
    if (!hasType) {
        add("Content-Type: application/json");
    }
    Transfer transfer;
    transfer.maxBody = request.maxBody;
    transfer.cancel = &cancel;
    m_impl->apply(request, transfer, headers.get());
    const CURLcode code = curl_easy_perform(m_impl->handle.get());
    long requestBytes = 0;
    long status = 0;
    curl_easy_getinfo(m_impl->handle.get(), CURLINFO_REQUEST_SIZE, &requestBytes);
    curl_easy_getinfo(m_impl->handle.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(m_impl->handle.get(), CURLINFO_TOTAL_TIME, &transfer.response.seconds);
    curl_easy_reset(m_impl->handle.get()); // no pointer into this frame stays behind
    if (code == CURLE_OK && !transfer.headWhole) {
        return fail(transportError(CURLE_PARTIAL_FILE, request, requestBytes, false));
    }
    if (code != CURLE_OK && requestBytes == 0 && !transfer.refusedAddress.empty()) {
        return fail(notSent("NJ-NET-016", request,
                            "its name stands for " + transfer.refusedAddress + ", which may not be connected to",
                            "Allow that network in the settings if you trust it."));
    }
    if (code != CURLE_OK) {
        return fail(transportError(code, request, requestBytes, transfer.tooLarge));
    }
    transfer.response.status = static_cast<int>(status);
    return std::move(transfer.response);
}

} // namespace nightjar::net
