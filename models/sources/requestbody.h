// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "logs/framer.h"
#include "sources/gzipinflater.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nightjar::sources {

/// The body of one request on its way to records: decompressed and framed as it comes in, within bounds. Thread: one
/// owner.
class RequestBody {
public:
    /// `limit`: bytes, decompressed. `lines`: as FramerOptions has it.
    explicit RequestBody(std::size_t limit, bool lines = false);

    /// gzip is recognised by its first two bytes; the sender's header need not say it.
    void feed(std::string_view bytes);
    /// Everything has come in: the records, and what is damaged as a reject NJ-SOURCES-025.
    std::vector<logs::RecordBatch> finish();

    [[nodiscard]] bool tooLarge() const { return m_tooLarge; }
    /// Damaged, and too long to be set aside whole. Known after finish().
    [[nodiscard]] bool lost() const { return m_lost; }
    [[nodiscard]] std::size_t bytesReceived() const { return m_received; }
    [[nodiscard]] std::size_t bytesHeld() const { return m_held; }

private:
    void frame(std::string_view bytes);
    void noteDamage(std::string reason);

    std::size_t m_limit;
    std::size_t m_received = 0, m_held = 0;
    bool m_tooLarge = false, m_lost = false, m_begun = false;
    std::string m_start;      ///< fewer than two bytes: it is not known yet what they begin
    std::string m_compressed; ///< as it came, its first part, for the quarantine
    std::unique_ptr<GzipInflater> m_gzip;
    std::string m_damage;
    logs::RecordFramer m_framer;
    std::vector<logs::RecordBatch> m_batches;
};

} // namespace nightjar::sources
