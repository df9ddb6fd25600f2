// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/requestbody.h"

#include <utility>

namespace nightjar::sources {

namespace {

constexpr std::size_t kKeptCompressed = 1U << 20U; ///< of a damaged body
constexpr std::string_view kGzipMagic = "\x1F\x8B";

logs::FramerOptions framing(std::size_t limit, bool lines)
{
    logs::FramerOptions options;
    options.maxBytes = std::min(options.maxBytes, limit);
    options.lines = lines;
    return options;
}

} // namespace

RequestBody::RequestBody(std::size_t limit, bool lines)
    : m_limit(limit)
    , m_framer(framing(limit, lines))
{
}

void RequestBody::frame(std::string_view bytes)
{
    // In small pieces: the framer takes a large one for a bulk file and reserves memory for it.
    constexpr std::size_t kPiece = 128U << 10U;
    while (!bytes.empty()) {
        m_framer.feed(bytes.substr(0, kPiece));
        bytes.remove_prefix(std::min(kPiece, bytes.size()));
        while (auto batch = m_framer.take()) {
            m_batches.push_back(std::move(*batch));
        }
    }
}

void RequestBody::noteDamage(std::string reason)
{
    if (m_damage.empty()) {
        m_damage = std::move(reason);
    }
}

void RequestBody::feed(std::string_view bytes)
{
    m_received += bytes.size();
    if (m_tooLarge) {
        return;
    }
    if (!m_begun) {
        m_start += bytes;
        if (m_start.size() < kGzipMagic.size()) {
            return;
        }
        m_begun = true;
        if (m_start.compare(0, kGzipMagic.size(), kGzipMagic) == 0) {
            m_gzip = std::make_unique<GzipInflater>(m_limit);
        }
        const std::string start = std::exchange(m_start, {});
        m_received -= start.size();
        feed(start);
        return;
    }
    if (!m_gzip) {
        m_held += bytes.size();
        m_tooLarge = m_held > m_limit;
        if (!m_tooLarge) {
            frame(bytes);
        }
        return;
    }
    if (m_compressed.size() < kKeptCompressed) {
        m_compressed += bytes.substr(0, kKeptCompressed - m_compressed.size());
    }
    std::string plain;
    const GzipInflater::State state = m_damage.empty() ? m_gzip->feed(bytes, plain) : GzipInflater::State::Damaged;
    m_held += plain.size();
    m_tooLarge = state == GzipInflater::State::TooLarge;
    if (state == GzipInflater::State::Damaged) {
        noteDamage("the compressed data are damaged");
    }
    if (!m_tooLarge) {
        frame(plain);
    }
}

std::vector<logs::RecordBatch> RequestBody::finish()
{
    if (!m_begun) {
        frame(std::exchange(m_start, {}));
    }
    if (m_gzip && !m_gzip->whole()) {
        noteDamage("they end in the middle of the compressed data (truncated)");
    }
    while (auto batch = m_framer.finish()) {
        m_batches.push_back(std::move(*batch));
    }
    if (!m_damage.empty()) {
        m_lost = m_received > kKeptCompressed;
        logs::Reject reject;
        reject.error = Error{"NJ-SOURCES-025",
                             "A request cannot be decompressed",
                             m_damage,
                             {},
                             "What stood before that point has been read; the compressed bytes are kept."};
        reject.raw = std::move(m_compressed);
        if (m_batches.empty()) {
            m_batches.emplace_back();
        }
        reject.position = m_batches.back().next;
        m_batches.back().rejects.push_back(std::move(reject));
    }
    return std::move(m_batches);
}

} // namespace nightjar::sources
