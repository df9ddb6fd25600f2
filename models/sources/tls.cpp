// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <string>

namespace nightjar::sources {

namespace {

struct ContextFree {
    void operator()(SSL_CTX *context) const { SSL_CTX_free(context); }
};
struct SessionFree {
    void operator()(SSL *session) const { SSL_free(session); }
};

/// The newest problem of this thread in words; clears the rest.
std::string lastProblem(std::string otherwise)
{
    const unsigned long code = ERR_get_error();
    std::array<char, 256> text{};
    if (code != 0) {
        ERR_error_string_n(code, text.data(), text.size());
    }
    ERR_clear_error();
    return code == 0 ? std::move(otherwise) : std::string(text.data());
}

} // namespace

struct TlsContext::Impl {
    std::unique_ptr<SSL_CTX, ContextFree> context;
};

TlsContext::TlsContext(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<TlsContext>> TlsContext::make(const std::filesystem::path &certificate,
                                                     const std::filesystem::path &key)
{
    ERR_clear_error();
    auto impl = std::make_unique<Impl>();
    impl->context.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX *context = impl->context.get();
    const auto refused = [](const std::filesystem::path &file, const std::string &title) {
        return fail(Error{"NJ-SOURCES-024", title, lastProblem("it cannot be read"), Place{file.string(), 0, 0},
                          "Give the certificate chain and its private key as PEM files, without passphrase."});
    };
    if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
        return refused({}, "TLS cannot be set up");
    }
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    // An encrypted key must not ask on the terminal.
    SSL_CTX_set_default_passwd_cb(context, [](char *, int, int, void *) { return 0; });
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
        return refused(certificate, "The certificate cannot be used");
    }
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return refused(key, "The private key cannot be used");
    }
    return std::shared_ptr<TlsContext>(new TlsContext(std::move(impl)));
}

struct TlsSession::Impl {
    std::unique_ptr<SSL, SessionFree> session;
    std::string problem;
};

TlsSession::TlsSession(const TlsContext &context, int socket)
    : m_impl(new Impl{std::unique_ptr<SSL, SessionFree>(SSL_new(context.m_impl->context.get())), {}})
{
    if (m_impl->session) {
        SSL_set_fd(m_impl->session.get(), socket);
        SSL_set_accept_state(m_impl->session.get());
    }
}

TlsSession::~TlsSession() = default;

TlsSession::Got TlsSession::read(std::span<char> into)
{
    if (!m_impl->session) {
        return {State::Failed, 0};
    }
    ERR_clear_error();
    std::size_t got = 0;
    const int result = SSL_read_ex(m_impl->session.get(), into.data(), into.size(), &got);
    if (result == 1) {
        return {State::Data, got};
    }
    switch (SSL_get_error(m_impl->session.get(), result)) {
    case SSL_ERROR_WANT_READ:
        return {State::WantRead, 0};
    case SSL_ERROR_WANT_WRITE:
        return {State::WantWrite, 0};
    case SSL_ERROR_ZERO_RETURN:
        return {State::Closed, 0};
    default:
        m_impl->problem = lastProblem("the connection was cut");
        return {State::Failed, 0};
    }
}

bool TlsSession::established() const
{
    return m_impl->session && SSL_is_init_finished(m_impl->session.get()) == 1;
}

std::string TlsSession::problem() const
{
    return m_impl->problem;
}

} // namespace nightjar::sources
