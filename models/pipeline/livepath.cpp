// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/livepath.h"

#include "pipeline/livecore.h"

#include <utility>

namespace nightjar::pipeline {

namespace {

/// A source's door to the path.
template <class Core>
class Door : public sources::Intake {
public:
    Door(Core &core, std::shared_ptr<LiveSource> source)
        : m_core(core)
        , m_source(std::move(source))
    {
    }
    std::uint64_t begin() override { return m_core.begin(); }
    void end(std::uint64_t delivery) override { m_core.end(m_source, delivery); }
    bool submit(sources::Piece &&piece) override { return m_core.take(m_source, std::move(piece), true); }
    bool offer(sources::Piece &&piece) override { return m_core.take(m_source, std::move(piece), false); }

private:
    Core &m_core;
    std::shared_ptr<LiveSource> m_source;
};

} // namespace

LivePath::LivePath(store::EventStore &events, Committer &committer, DetectorSource detectors, const Clock &clock,
                   LivePathOptions options)
    : m_core(std::make_unique<Core>(events, committer, std::move(detectors), clock, options))
{
}

LivePath::~LivePath() = default;

std::unique_ptr<sources::Intake> LivePath::addSource(const LiveSourceOptions &options,
                                                     std::shared_ptr<sources::HealthMeter> health)
{
    return std::make_unique<Door<Core>>(*m_core, m_core->add(options, std::move(health)));
}

Timestamp LivePath::storedUpTo(const std::string &sourceKey) const
{
    return m_core->storedUpTo(sourceKey);
}

void LivePath::drain()
{
    m_core->drain();
}

void LivePath::giveUp()
{
    m_core->giveUp();
}

LiveTotals LivePath::totals() const
{
    return m_core->totals();
}

std::optional<Error> LivePath::trouble() const
{
    return m_core->trouble();
}

} // namespace nightjar::pipeline
