// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/tablemodels.h"
#include "ui/shell/screen.h"
#include "ui/widgets/fasttable.h"
#include "ui/widgets/panes.h"

namespace nightjar::ui {

/// Where events come from: the drop zone, what is being read, what was read, and the records that could not be.
class SourcesScreen : public Screen {
    Q_OBJECT
public:
    explicit SourcesScreen(ShellServices &services, QWidget *parent = nullptr);

    void activate(const Address &address) override;
    [[nodiscard]] bool busy() const override { return m_ask.busy(); }
    void refresh() override;
    [[nodiscard]] std::vector<std::pair<QString, QString>> keys() const override;

private:
    struct Answer;
    QWidget *buildDropZone();
    QWidget *buildSourcesPane();
    QWidget *buildBadPane();
    void take(const Answer &answer);
    void rebuildRuns();
    void refreshRuns();
    void addResultRows(const Imports::Run &run);
    void filterBad(const QString &source);
    void showBad(int row);
    void chooseFolder();
    void chooseFollow();

    present::SourcesModel m_sourcesModel;
    present::QuarantineModel m_badModel;
    std::vector<workspace::QuarantineEntry> m_bad;
    std::vector<workspace::QuarantineEntry> m_shownBad;
    present::Latest m_ask;
    QString m_badSource; ///< empty: all

    ScreenHead *m_head;
    QWidget *m_runsPane;
    QVBoxLayout *m_runs;
    QList<std::pair<int, ProgressRow *>> m_progress; ///< job id
    FastTable *m_sources;
    FastTable *m_badTable;
    PaneHead *m_badHead;
    Button *m_allBad;
    PlainLabel *m_badTitle;
    PlainLabel *m_badReason;
    PlainLabel *m_badRaw;
    QWidget *m_badDetail;
    EmptyState *m_noBad;
    EmptyState *m_noSources;
};

} // namespace nightjar::ui
