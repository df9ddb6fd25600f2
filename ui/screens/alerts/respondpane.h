// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/alert.h"
#include "ui/widgets/panes.h"
#include "workspace/services.h"

#include <QBoxLayout>
#include <QScrollArea>

namespace nightjar::ui {

/// Not sent → Saved → Live → Verified, with the one reached marked. Thread: GUI.
class BlockStageLine : public QWidget {
    Q_OBJECT
public:
    enum Stage { NotSent, Saved, Live, Verified };
    explicit BlockStageLine(QWidget *parent = nullptr);
    void set(Stage stage, bool failed);
    [[nodiscard]] Stage stage() const { return m_stage; }
    [[nodiscard]] bool hasFailed() const { return m_failed; }
    QSize sizeHint() const override { return {320, 24}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Stage m_stage = NotSent;
    bool m_failed = false;
};

/// What can be blocked, what a block would do, and the button that does it. Thread: GUI.
class RespondPane : public Surface {
    Q_OBJECT
public:
    explicit RespondPane(QWidget *parent = nullptr);

    void setAlert(const alerts::Alert &alert);
    void clear();
    void setPreview(const workspace::BlockPreview &preview);
    void setStage(workspace::BlockStage stage, const QString &detail);
    void setOutcome(const workspace::BlockOutcome &outcome, bool block);
    void setProblem(const Error &error);
    void setPushing(bool pushing);
    void setNarrow(bool narrow);

    [[nodiscard]] std::string value() const;
    [[nodiscard]] const workspace::BlockPreview &preview() const { return m_preview; }
    [[nodiscard]] std::int64_t period() const { return m_ttl; }
    [[nodiscard]] bool canBlock() const { return m_block->isEnabled() && !m_preview.alreadyBlocked; }
    [[nodiscard]] bool canUnblock() const { return m_block->isEnabled() && m_preview.alreadyBlocked; }
    /// The refusal, the question or the effect, as one sentence.
    [[nodiscard]] QString effect() const;
    Button *blockButton() { return m_block; }
    BlockStageLine *stageLine() { return m_stages; }

Q_SIGNALS:
    void previewRequested(const QString &value);
    void blockRequested();
    void unblockRequested();

private:
    void chooseObservable(std::size_t observable);
    void showButton();
    void showGuards();
    void choosePeriod();
    QWidget *makeBox();

    std::vector<alerts::Observable> m_observables; ///< those that can be blocked
    std::size_t m_current = 0;
    workspace::BlockPreview m_preview;
    std::int64_t m_ttl;
    bool m_pushing = false;
    bool m_narrow = false;

    PlainLabel *m_caption, *m_value, *m_state, *m_facts, *m_hint;
    IconLabel *m_kind;
    QWidget *m_rows;
    KeyValueRow *m_seen, *m_users, *m_soFar, *m_last, *m_entry, *m_capacity, *m_sends;
    QVBoxLayout *m_guards;
    Button *m_block, *m_period;
    BlockStageLine *m_stages;
    QWidget *m_more;
    QVBoxLayout *m_others, *m_history;
};

} // namespace nightjar::ui
