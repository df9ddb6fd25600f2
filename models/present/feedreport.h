// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "logs/feedformat.h"
#include "logs/feedsetup.h"
#include "present/tablemodels.h"
#include "workspace/services.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the window tells about a feed output format: the verdict of the compiler, its tokens, and how records fit it.
/// Thread: any, but for the model.
namespace nightjar::present {

/// A place in the text of an editor with what is to be said about it; both from 1, 0: the whole text.
struct TextMark {
    int line = 0, column = 0;
    Tone tone = Tone::Error;
    QString sentence, reason, code;
};

struct FeedReport {
    std::string text, escape;
    std::shared_ptr<const logs::FeedFormat> format; ///< null: it does not compile
    QString verdict;                                ///< "Compiles: 13 tokens, JSON, log type web"
    std::vector<TextMark> marks;                    ///< the error, else doubts and notes in order of the text
};
/// `text` as an administrator pasted it; empty text gives an empty report.
FeedReport feedReport(const std::string &text, const std::string &escape);

/// How records fit a format.
struct FeedCheck {
    std::int64_t records = 0, fitting = 0, withoutTime = 0;
    Timestamp first = kNoTime, last = kNoTime;
    std::vector<std::string> sample;                        ///< by token: the first value that says something, clear
    QStringList neverFilled;                                ///< keys of tokens
    std::vector<std::pair<std::string, TextMark>> failures; ///< record, what is wrong at which column (the first few)
};
/// `records`: lines, blank ones are left out; at most `limit` are looked at.
FeedCheck checkRecords(const std::shared_ptr<const logs::FeedFormat> &format, const std::vector<std::string> &records,
                       const CancelToken &cancel, std::size_t limit = 5'000);
/// Lines of a text, without their ends.
std::vector<std::string> linesOf(const std::string &text);

/// The tokens of a format: position, token, type, encoding, how surely its end is found, a value from the sample.
class FeedTokensModel : public RowsModel {
    Q_OBJECT
public:
    enum Column { PositionColumn, TokenColumn, TypeColumn, EncodingColumn, EndColumn, SampleColumn };
    explicit FeedTokensModel(QObject *parent = nullptr);
    void setReport(const FeedReport &report, const FeedCheck *check);
};

/// The portal settings of a set-up, with the address of the receiver that is to take the feed where that is known.
std::vector<std::pair<QString, QString>> portalSettings(const logs::FeedSetup &setup,
                                                        const workspace::ReceiverConfig *receiver);
/// The kind of receiver that takes a feed.
workspace::ReceiverKind receiverFor(logs::FeedTransport transport);

} // namespace nightjar::present
