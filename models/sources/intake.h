// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.h"
#include "logs/framer.h"

#include <cstdint>
#include <functional>

namespace nightjar::sources {

/// Records of one delivery on their way to the store.
struct Piece {
    std::uint64_t delivery = 0; ///< from Intake::begin
    logs::RecordBatch batch;
    Timestamp receivedAt = kNoTime;
    /// Called once, from a thread of the path: true when every record of the piece is durable (stored, known already or
    /// in quarantine), false when the path gave up. May be empty.
    std::function<void(bool stored)> done;
};

/// Where a receiver hands over what it has framed: the door of the live path for one source. Thread: any.
///
/// A delivery is one connection, one request or one file: equal records inside it are different events, records that
/// another delivery has brought before are duplicates.
class Intake {
public:
    Intake() = default;
    virtual ~Intake() = default;
    Intake(const Intake &) = delete;
    Intake &operator=(const Intake &) = delete;
    Intake(Intake &&) = delete;
    Intake &operator=(Intake &&) = delete;

    [[nodiscard]] virtual std::uint64_t begin() = 0;
    /// No piece of the delivery follows.
    virtual void end(std::uint64_t delivery) = 0;
    /// Waits for room, which is what slows a sender down. False when the path is stopping: the piece is not taken and
    /// `done` not called.
    virtual bool submit(Piece &&piece) = 0;
    /// False at once when there is no room (or the path is stopping); the piece is untouched then.
    virtual bool offer(Piece &&piece) = 0;
};

} // namespace nightjar::sources
