// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/receivercontroller.h"
#include "present/tablemodels.h"

namespace nightjar::present {

/// Receivers, then what was imported or is followed: state, name, kind, rate, lag, counts, last. RawRole is the
/// receiver's key, or the name of a file. FlagRole: a receiver.
class SourcesModel : public RowsModel {
    Q_OBJECT
public:
    enum Column {
        StateColumn,
        NameColumn,
        KindColumn,
        RateColumn,
        PerSecondColumn,
        LagColumn,
        RecordsColumn,
        BadColumn,
        LastColumn
    };
    explicit SourcesModel(QObject *parent = nullptr);
    void setSources(const ReceiverController &controller, Timestamp now);
};

/// Kinds of invalid records of a source: count, what is wrong, why, a sample as it came.
class InvalidKindsModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { CountColumn, ProblemColumn, ReasonColumn, SampleColumn };
    explicit InvalidKindsModel(QObject *parent = nullptr);
    void setKinds(const std::vector<sources::InvalidKind> &kinds);
};

/// Gaps in what a source sent, and what its receiver met: when, how long or how often, what.
class OccurrencesModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { WhenColumn, ExtentColumn, WhatColumn };
    explicit OccurrencesModel(QObject *parent = nullptr);
    void setHealth(const sources::Health &health);
};

/// "listening", "silent", "stopped", "failed"; for files as the engine says.
QString sourceState(const workspace::ReceiverInfo &info);
/// "0.3 / 0.8 / 2.2": seconds, the middle, the 95th of a hundred, the longest. A dash when nothing was measured.
QString lagText(const sources::LagFigures &lag);
/// "now", "12 s ago", "3 h ago"; a dash for never.
QString agoText(Timestamp time, Timestamp now);
/// What is wrong with the sources as a whole, most urgent first; a sentence and its reason each.
struct SourceNotice {
    Tone tone = Tone::Warn;
    QString key; ///< of the receiver; empty: all
    QString sentence, reason;
};
std::vector<SourceNotice> sourceNotices(const ReceiverController::State &state, Timestamp now);
/// Label and value of everything that is known of a receiver's health.
std::vector<std::pair<QString, QString>> healthRows(const workspace::ReceiverInfo &info, Timestamp now);

} // namespace nightjar::present
