// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/gzipinflater.h"

#include <array>

#include <zlib.h>

namespace nightjar::sources {

namespace {
constexpr int kGzipWindow = 15 + 16; ///< zlib: largest window, gzip framing
} // namespace

struct GzipInflater::Impl {
    z_stream stream{};
    std::size_t left;
    State state = State::Good;
    bool ready = false;
    bool between = true; ///< at the beginning, or behind a member

    State step(std::string &out);
    void startMember();
};

GzipInflater::GzipInflater(std::size_t limit)
    : m_impl(new Impl)
{
    m_impl->left = limit;
    m_impl->ready = inflateInit2(&m_impl->stream, kGzipWindow) == Z_OK;
}

GzipInflater::~GzipInflater()
{
    if (m_impl->ready) {
        inflateEnd(&m_impl->stream);
    }
}

/// Padding behind a member is left alone as gzip does.
void GzipInflater::Impl::startMember()
{
    if (*stream.next_in != 0x1F) {
        stream.avail_in = 0;
        return;
    }
    between = false;
    if (inflateReset(&stream) != Z_OK) {
        state = State::Damaged;
    }
}

GzipInflater::State GzipInflater::Impl::step(std::string &out)
{
    std::array<char, 64U << 10U> buffer;
    stream.next_out = reinterpret_cast<Bytef *>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = buffer.size() - stream.avail_out;
    if (got > left) {
        return State::TooLarge;
    }
    left -= got;
    out.append(buffer.data(), got);
    between = code == Z_STREAM_END;
    return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR ? State::Good : State::Damaged;
}

GzipInflater::State GzipInflater::feed(std::string_view bytes, std::string &out)
{
    Impl &impl = *m_impl;
    if (!impl.ready) {
        impl.state = State::Damaged;
    }
    // zlib's interface takes a mutable pointer and does not write through it.
    impl.stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    impl.stream.avail_in = static_cast<uInt>(bytes.size());
    bool full = false; ///< more may come out although nothing is left to go in
    while (impl.state == State::Good && (impl.stream.avail_in > 0 || full)) {
        if (impl.between) {
            impl.startMember();
            continue;
        }
        impl.state = impl.step(out);
        full = impl.stream.avail_out == 0;
        if (impl.between && impl.stream.avail_in == 0) {
            break;
        }
    }
    return impl.state;
}

bool GzipInflater::whole() const
{
    return m_impl->state == State::Good && m_impl->between;
}

} // namespace nightjar::sources
