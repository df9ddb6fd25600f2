// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/triagecontroller.h"
#include "ui/screens/alerts/pictures.h"
#include "ui/screens/events/recordpane.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/panes.h"

#include <QScrollArea>

namespace nightjar::ui {

/// Why there is an alert, read from the top: sentence, picture, reasons, evidence. Thread: GUI.
class WhyPane : public QScrollArea {
    Q_OBJECT
public:
    explicit WhyPane(QWidget *parent = nullptr);

    void set(const present::AlertDetail &detail);
    void setOthers(std::vector<Timestamp> times) { m_raster->setOthers(std::move(times)); }
    void clear();
    /// Histogram beside the raster.
    void setNarrow(bool narrow);
    FastTable *evidence() { return m_table; }
    [[nodiscard]] const BeaconRaster *raster() const { return m_raster; }

Q_SIGNALS:
    void openInEventsRequested();
    void eventRequested(qint64 eventId, qint64 time);

private:
    present::EvidenceModel m_model;
    std::vector<std::string> m_values; ///< what is defanged in sentences and records
    PlainLabel *m_source, *m_sentence, *m_note, *m_legendValue, *m_evidenceCount;
    RecordText *m_record;
    QWidget *m_pictures;
    QBoxLayout *m_pictureBox;
    BeaconRaster *m_raster;
    IntervalHistogram *m_intervals;
    ReasonTable *m_reasons;
    FastTable *m_table;
    Button *m_open;
};

} // namespace nightjar::ui
