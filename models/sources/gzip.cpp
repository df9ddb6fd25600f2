// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/bytesource.h"

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace nightjar::sources {

namespace {

constexpr int kGzipWindow = 15 + 16; ///< zlib: largest window, gzip wrapper only

class GzipSource : public ByteSource {
public:
    GzipSource(std::unique_ptr<ByteSource> below, std::string name)
        : m_below(std::move(below))
        , m_name(std::move(name))
        , m_in(64U << 10U)
    {
        m_ready = inflateInit2(&m_stream, kGzipWindow) == Z_OK;
    }
    ~GzipSource() override
    {
        if (m_ready) {
            inflateEnd(&m_stream);
        }
    }
    GzipSource(const GzipSource &) = delete;
    GzipSource &operator=(const GzipSource &) = delete;
    GzipSource(GzipSource &&) = delete;
    GzipSource &operator=(GzipSource &&) = delete;

    Result<std::size_t> read(std::span<char> into) override
    {
        if (into.empty() || m_done) {
            return std::size_t{0};
        }
        if (!m_error && !m_ready) {
            m_error = problem("there is not enough memory to decompress it");
        }
        const std::size_t wanted = std::min<std::size_t>(into.size(), 1U << 30U);
        m_stream.next_out = reinterpret_cast<Bytef *>(into.data());
        m_stream.avail_out = static_cast<uInt>(wanted);
        while (!m_error && !m_done && m_stream.avail_out > 0) {
            step();
        }
        const std::size_t given = wanted - m_stream.avail_out;
        if (given == 0 && m_error) {
            return fail(*m_error);
        }
        return given;
    }

private:
    /// Some input, some output; sets m_error or m_done at the end.
    void step()
    {
        if (m_stream.avail_in == 0 && !refill()) {
            return;
        }
        if (m_between) {
            startMember();
            return;
        }
        const int code = inflate(&m_stream, Z_NO_FLUSH);
        if (code == Z_STREAM_END) {
            m_between = true;
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            m_error = problem("the compressed data are damaged");
        }
    }

    bool refill()
    {
        const auto got = m_below->read(m_in);
        if (!got) {
            m_error = got.error();
            return false;
        }
        if (*got == 0) {
            m_done = m_between;
            if (!m_between) {
                m_error = problem("it ends in the middle of the compressed data (truncated)");
            }
            return false;
        }
        m_stream.next_in = reinterpret_cast<Bytef *>(m_in.data());
        m_stream.avail_in = static_cast<uInt>(*got);
        return true;
    }

    /// Behind a member: another one, or padding that is left alone as gzip does.
    void startMember()
    {
        if (*m_stream.next_in != 0x1F) {
            m_done = true;
            return;
        }
        m_between = false;
        if (inflateReset(&m_stream) != Z_OK) {
            m_error = problem("the compressed data are damaged");
        }
    }

    [[nodiscard]] Error problem(std::string reason) const
    {
        return Error{"NJ-SOURCES-005", "Cannot decompress all of " + m_name, std::move(reason), Place{m_name, 0, 0},
                     "What stood before that point has been read. Fetch the file again."};
    }

    std::unique_ptr<ByteSource> m_below;
    std::string m_name;
    std::vector<char> m_in;
    z_stream m_stream{};
    bool m_ready = false;
    bool m_between = false; ///< a member has ended, the next has not begun
    bool m_done = false;
    std::optional<Error> m_error;
};

} // namespace

std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> below, std::string name)
{
    return std::make_unique<GzipSource>(std::move(below), std::move(name));
}

} // namespace nightjar::sources
