// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/eventtablemodel.h"
#include "present/facetmodel.h"
#include "present/querycontroller.h"
#include "ui/screens/events/chiprow.h"
#include "ui/screens/events/facetpane.h"
#include "ui/screens/events/querybar.h"
#include "ui/screens/events/recordpane.h"
#include "ui/shell/screen.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/histogram.h"
#include "ui/widgets/panes.h"

#include <QStackedWidget>

namespace nightjar::ui {

/// All events: query, filters, facets, histogram, table and record, always of one question. Thread: GUI.
class EventsScreen : public Screen {
    Q_OBJECT
public:
    explicit EventsScreen(ShellServices &services, QWidget *parent = nullptr);

    void activate(const Address &address) override;
    [[nodiscard]] bool busy() const override;
    void focusQuery() override;
    void refresh() override;
    void setNarrow(bool narrow) override;
    [[nodiscard]] std::vector<std::pair<QString, QString>> keys() const override;

    /// Runs a query; `from` and `to` in microseconds, kNoTime: the window's range.
    void openQuery(const QString &text, Timestamp from, Timestamp to);

    present::EventTableModel &model() { return m_model; }
    present::QueryController &query() { return m_query; }
    FastTable *table() { return m_table; }

protected:
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *object, QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    struct Bounds {
        Timestamp first = kNoTime, last = kNoTime;
    };

    QWidget *makeQueryRow();
    QWidget *makeChipRow();
    QWidget *makeCentre();
    QWidget *makeHistogram();
    QWidget *makeLiveStrip();
    void connectParts();
    void connectFilters();
    void applyColumns();

    [[nodiscard]] workspace::SearchRequest request();      ///< query, brush or range
    [[nodiscard]] workspace::SearchRequest outerRequest(); ///< query, range of the histogram
    void runQuery();
    void ask();
    void askCount();
    void askHistogram();
    void askFacets();
    void askTotal();
    void askMarks();
    void askRecord(int row);
    void showError(const Error &error);
    void showState();
    void showCount();
    void showBrush();
    void showRangeText();
    void onRevision();
    void resumeLive();
    void noteAddress();
    void filterCell(int key, bool prepare);
    void include(const QString &field, const QString &value);
    void around(Timestamp time);
    void goBack();
    void zoomToSelection();
    void copy(bool raw);
    void copyAsCommand();
    void showMenu(const QPoint &place);
    void chooseColumns();
    [[nodiscard]] bool follows() const;

    present::QueryController m_query;
    present::EventTableModel m_model;
    present::FacetModel m_facetModel;
    present::Latest m_counting, m_histogramAsk, m_facetAsk, m_totalAsk, m_marksAsk, m_recordAsk, m_newAsk;

    QueryBar *m_bar = nullptr;
    Button *m_run = nullptr, *m_stop = nullptr, *m_zoom = nullptr, *m_showColumns = nullptr;
    IconButton *m_columnsButton = nullptr;
    NoticeBar *m_error = nullptr;
    ChipRow *m_chips = nullptr;
    PlainLabel *m_count = nullptr, *m_countRest = nullptr, *m_bucket = nullptr, *m_brush = nullptr, *m_live = nullptr,
               *m_liveNew = nullptr, *m_place = nullptr;
    IconLabel *m_liveIcon = nullptr;
    FacetPane *m_facets = nullptr;
    Histogram *m_histogram = nullptr;
    FastTable *m_table = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_emptyStore = nullptr, *m_emptyResult = nullptr;
    Button *m_dropLast = nullptr;
    RecordPane *m_record = nullptr;

    std::vector<present::EventColumn> m_allColumns = present::defaultEventColumns();
    QSet<QString> m_hidden; ///< titles of columns switched off
    std::optional<std::int64_t> m_matching, m_total;
    std::int64_t m_newEvents = 0;
    qint64 m_firstPageMs = -1;
    std::int64_t m_wantedEvent = 0; ///< to select when its row comes (± 5 min lands on the event)
    bool m_zoomed = false;          ///< the histogram shows the brush's range alone
    bool m_narrow = false;
    bool m_follow = true;
    bool m_activating = false;
};

} // namespace nightjar::ui
