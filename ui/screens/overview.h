// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/screen.h"
#include "ui/widgets/panes.h"

namespace nightjar::ui {

class AlertChart;
class ChartLegend;
class EntityList;
class QueueList;
class ReductionStrip;
class VolumeChart;

/// Where we stand: what came in and what remained of it, alerts over time by severity and by engine, the open queue,
/// who is at risk, the deny list. Every number, row and bar is a link.
class OverviewScreen : public Screen {
    Q_OBJECT
public:
    explicit OverviewScreen(ShellServices &services, QWidget *parent = nullptr);

    void activate(const Address &address) override;
    [[nodiscard]] bool busy() const override { return m_ask.busy(); }
    void refresh() override;
    [[nodiscard]] std::vector<std::pair<QString, QString>> keys() const override;

private:
    struct Answer;
    QWidget *buildCharts();
    QWidget *buildSide();
    QWidget *buildDenyPane();
    QWidget *buildStorePane();
    void take(const Answer &answer);
    void showFigures(const workspace::Overview &overview, bool connected);
    void showLegends();
    void showDenyList(const workspace::DenyListState &deny);
    void goTo(const QString &screen, const QUrlQuery &query = {});

    ScreenHead *m_head;
    Figure *m_events;
    Figure *m_matched;
    Figure *m_alerts;
    Figure *m_open;
    Figure *m_blocked;
    ReductionStrip *m_strip;
    AlertChart *m_bySeverity;
    AlertChart *m_byEngine;
    VolumeChart *m_volume;
    ChartLegend *m_severityLegend;
    ChartLegend *m_engineLegend;
    ChartLegend *m_volumeLegend;
    PaneHead *m_severityHead;
    PaneHead *m_engineHead;
    PaneHead *m_volumeHead;
    QueueList *m_queue;
    EntityList *m_entities;
    PlainLabel *m_denyCount;
    PlainLabel *m_denyOf;
    Meter *m_denyMeter;
    KeyValueRow *m_denyOwn;
    KeyValueRow *m_denyOther;
    KeyValueRow *m_denyState;
    KeyValueRow *m_storeSize;
    KeyValueRow *m_storeBad;
    KeyValueRow *m_storeRules;
    KeyValueRow *m_storeIndicators;
    KeyValueRow *m_storeSpan;
    QWidget *m_empty;
    QWidget *m_body;
    present::Latest m_ask;
    std::int64_t m_allowed = 0;
    std::int64_t m_blockedEvents = 0;
};

} // namespace nightjar::ui
