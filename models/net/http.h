// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/address.h"
#include "base/cancel.h"
#include "base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// HTTP out (libcurl). Everything that leaves the machine goes through `HttpClient`.
namespace nightjar::net {

struct HttpHeader {
    std::string name;
    std::string value;
};

enum class HttpAuth : std::uint8_t { None, Basic, Digest };

/// Judges an address that is about to be connected to. Called on the thread of `send`.
using AddressCheck = std::function<bool(const IpAddress &address)>;

/// One request. Method, URL and header values must not hold control characters (refused with NJ-NET-001).
struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::vector<HttpHeader> headers;
    std::string body; ///< sent for every method but GET and HEAD; a body without Content-Type is JSON
    std::chrono::milliseconds connectTimeout{15'000};
    std::chrono::milliseconds totalTimeout{90'000};
    std::size_t maxBody = 32U << 20U; ///< bytes after decompression; a larger answer is NJ-NET-024
    HttpAuth auth = HttpAuth::None;
    std::string user, password; ///< of `auth`
    bool verifyTls = true;      ///< false only where a person decided so
    /// When set, asked with the very address of each connection before it is opened, so that a name that resolves
    /// differently the second time gains nothing; all refused is NJ-NET-016. No proxy and no kept connection is used.
    AddressCheck mayConnect;
};

struct HttpResponse {
    int status = 0;
    std::string reason; ///< "Not Found"; HTTP/2 has none
    std::vector<HttpHeader> headers;
    std::string body; ///< decompressed
    double seconds = 0;

    /// Value of the first header of that name, ASCII case ignored; empty view when absent.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// What is known about a request that got no whole answer.
enum class Delivery {
    NotSent, ///< nothing reached the peer: it is safe to send again
    Unknown, ///< some of it left this machine: read the state back before sending a write again
};

/// Tells the two kinds of transport error apart by their codes: NJ-NET-001 … 019 were not sent, 020 … are unknown.
Delivery deliveryOf(const Error &error);
/// True for the codes of a request that was cancelled (NJ-NET-015 before, NJ-NET-025 after the first byte left).
bool isCancelled(const Error &error);

/// Sends requests. Answers with any HTTP status are results; errors are transport failures only.
/// Thread: `send` may be called from any thread. Errors never repeat the body, headers or query of the request.
class HttpClient {
public:
    HttpClient() = default;
    virtual ~HttpClient() = default;
    HttpClient(const HttpClient &) = delete;
    HttpClient &operator=(const HttpClient &) = delete;

    virtual Result<HttpResponse> send(const HttpRequest &request, const CancelToken &cancel) = 0;
};

struct CurlOptions {
    std::filesystem::path caFile; ///< PEM bundle used instead of the system's; for inspected networks
    std::string proxy;            ///< empty: as the environment says; loopback never goes through a proxy
    bool cookies = false;         ///< keep cookies in memory, for the life of the client
    std::string userAgent = "Nightjar";
};

/// libcurl: https verified unless a request says otherwise, http to loopback only (NJ-NET-002), no redirects, gzip
/// accepted. One connection is kept for reads; a write opens a fresh one, since libcurl would silently repeat it on a
/// connection that died. Thread: any; calls are serialised.
class CurlClient final : public HttpClient {
public:
    explicit CurlClient(CurlOptions options = {});
    ~CurlClient() override;

    Result<HttpResponse> send(const HttpRequest &request, const CancelToken &cancel) override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Scheme, host and port of a URL as libcurl reads it: what is checked is what is connected to.
struct UrlTarget {
    std::string scheme; ///< lower case
    std::string host;   ///< lower case, IPv6 without brackets; numeric IPv4 of any spelling as dotted
    int port = 0;
    bool hasUserInfo = false;
};
/// NJ-NET-003 when it is no absolute http or https URL.
Result<UrlTarget> targetOf(const std::string &url);

/// "https://host:port" of a URL, for messages; never user information, path or query.
std::string originOf(std::string_view url);

} // namespace nightjar::net
