// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/layouts.h"

#include "logs/normalise.h"
#include "logs/tokens.h"

#include "base/address.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace nightjar::logs {

namespace {

// Source: the vendor's NSS and LSS help pages (column order of the reference CSV and of the built-in templates).
constexpr Layout kLayouts[] = {
    {"web",
     "time login proto eurl action appname appclass reqsize respsize stime ctime urlclass urlsupercat urlcat "
     "malwarecat threatname riskscore dlpeng dlpdict location dept cip sip reqmethod respcode ua referer ruletype "
     "rulelabel contenttype unscannabletype deviceowner devicehostname keyprotectiontype"},
    {"web",
     "time login proto eurl action appname appclass reqsize respsize stime ctime urlclass urlsupercat urlcat "
     "malwarecat threatname riskscore dlpeng dlpdict location dept cip sip reqmethod respcode ua referer ruletype "
     "rulelabel contenttype unscannabletype deviceowner devicehostname"},
    {"web", "time login proto eurl action appname appclass reqsize respsize stime ctime urlclass urlsupercat urlcat "
            "malwarecat threatname riskscore dlpeng dlpdict location dept cip sip reqmethod respcode ua referer"},
    {"web", "time proto url login dept urlcat urlsupercat urlclass location ua"},
    {"firewall",
     "time login dept location cdport csport sdport ssport csip cdip ssip sdip tsip tsport ttype action dnat "
     "stateful aggregate nwsvc nwapp ipproto ipcat destcountry avgduration rulelabel inbytes outbytes duration "
     "durationms numsessions ipsrulelabel threatcat threatname deviceowner devicehostname"},
    {"firewall",
     "time login dept location cdport csport sdport ssport csip cdip ssip sdip tsip tsport ttype action dnat "
     "stateful aggregate nwsvc nwapp ipproto ipcat destcountry avgduration rulelabel inbytes outbytes duration "
     "durationms numsessions"},
    {"dns",
     "time login dept location reqaction resaction reqrulelabel resrulelabel reqtype req res sport durationms cip "
     "sip domcat respipcat deviceowner devicehostname"},
    {"dns",
     "time login dept location reqaction resaction reqrulelabel resrulelabel reqtype req res sport durationms cip "
     "sip domcat"},
    {"casb",
     "time recordid company tenant user department applicationname filename filesource filemd5 threatname policy "
     "dlpdictnames dlpdictcount dlpenginenames fullurl lastmodtime filescantimems filedownloadtimems"},
    {"endpoint-dlp", "time recordid logtype deviceplatform filedoctype filetypename filemd5 dlpdictnames dlpcounts "
                     "dlpengnames channel actiontaken severity triggeredrulelabel"},
    {"audit",
     "time recordid action category subcategory resource interface adminid clientip result errorcode auditlogtype "
     "preaction postaction"},
    {"audit", "time action category subcategory resource interface adminid clientip result errorcode auditlogtype "
              "preaction postaction"},
    {"tunnel",
     "time tunnelactionname tunneltype vpncredentialname locationname sourceip destvip srcport event eventreason "
     "recordid"},
};

constexpr Layout kUserActivity{
    "zpa-user-activity",
    "LogTimestamp Customer SessionID ConnectionID InternalReason ConnectionStatus IPProtocol DoubleEncryption Username "
    "ServicePort ClientPublicIP ClientPrivateIP ClientLatitude ClientLongitude ClientCountryCode ClientZEN Policy "
    "Connector "
    "ConnectorZEN ConnectorIP ConnectorPort Host Application AppGroup Server ServerIP ServerPort PolicyProcessingTime "
    "ServerSetupTime TimestampConnectionStart TimestampConnectionEnd TimestampCATx TimestampCARx "
    "TimestampAppLearnStart "
    "TimestampZENFirstRxClient TimestampZENFirstTxClient TimestampZENLastRxClient TimestampZENLastTxClient "
    "TimestampConnectorZENSetupComplete TimestampZENFirstRxConnector TimestampZENFirstTxConnector "
    "TimestampZENLastRxConnector TimestampZENLastTxConnector ZENTotalBytesRxClient ZENBytesRxClient "
    "ZENTotalBytesTxClient ZENBytesTxClient ZENTotalBytesRxConnector ZENBytesRxConnector ZENTotalBytesTxConnector "
    "ZENBytesTxConnector Idp ClientToClient"};

bool isNumber(std::string_view text)
{
    return !text.empty() && text.size() <= 20 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return findIgnoreCase(text, word) != std::string_view::npos; });
}

enum class Fit { No, Maybe, Yes };

/// What a cell says about being this token.
Fit cellFit(std::string_view type, std::string_view token, std::string_view cell, TimeReader &times)
{
    const TokenMatch match = findToken(type, token);
    const Use use = match.row == nullptr ? Use::Extra : match.row->use;
    if (use == Use::Time) {
        return times.read(cell, {}) != kNoTime ? Fit::Yes : Fit::No;
    }
    if (saysNothing(cell)) {
        return Fit::Maybe;
    }
    switch (use) {
    case Use::Ip:
        return IpAddress::parse(cell) ? Fit::Yes : Fit::No;
    case Use::Port:
    case Use::Integer:
    case Use::Id:
        return isNumber(cell) ? Fit::Yes : Fit::No;
    case Use::Action:
    case Use::Verdict: {
        const bool free = type == "casb" || type == "audit" || type == "tunnel";
        return free                                                                     ? Fit::Maybe
               : isOneOf(cell, {"allow", "block", "drop", "reset", "range", "confirm"}) ? Fit::Yes
                                                                                        : Fit::No;
    }
    default:
        break;
    }
    if (token == "proto" || token == "reqmethod" || token == "ttype") {
        return cell.find_first_of(" ./") == std::string_view::npos ? Fit::Maybe
               : token == "ttype"                                  ? Fit::Maybe
                                                                   : Fit::No;
    }
    if (token == "filemd5") {
        return cell.size() == 32 ? Fit::Yes : Fit::No;
    }
    if (token == "eurl" || token == "url") {
        return cell.find('.') != std::string_view::npos || cell.find(':') != std::string_view::npos ? Fit::Maybe
                                                                                                    : Fit::No;
    }
    return token.ends_with("ms") && !isNumber(cell) ? Fit::No : Fit::Maybe;
}

struct Prepared {
    const Layout *layout;
    std::vector<std::string> names;
};

const std::vector<Prepared> &prepared()
{
    static const std::vector<Prepared> kPrepared = [] {
        std::vector<Prepared> made;
        for (const Layout &layout : kLayouts) {
            made.push_back({&layout, {}});
            for (const std::string_view token : split(layout.tokens, ' ')) {
                made.back().names.emplace_back(token);
            }
        }
        return made;
    }();
    return kPrepared;
}

bool fits(const Prepared &candidate, const std::vector<RecordField> &cells)
{
    if (candidate.names.size() != cells.size()) {
        return false;
    }
    TimeReader times{TimeZone()};
    int sure = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const Fit fit = cellFit(candidate.layout->type, candidate.names[i], cells[i].value, times);
        if (fit == Fit::No) {
            return false;
        }
        sure += fit == Fit::Yes ? 1 : 0;
    }
    return sure >= 1;
}

/// The cells of a line, named by position for now.
bool cellsOf(std::string_view record, char delimiter, RecordFields &out)
{
    static const std::vector<std::string> kNames(64, "-");
    out.clear();
    const auto problem = scanCsv(record, delimiter, kNames, out);
    return (!problem || problem->offset == record.size()) && out.fields.size() >= 5;
}

} // namespace

std::span<const Layout> layouts()
{
    return kLayouts;
}

bool LayoutScanner::scanLss(std::string_view record, RecordFields &out)
{
    constexpr std::string_view kMark = " User Activity zpa-lss: ";
    const std::size_t at = record.substr(0, 256).find(kMark);
    if (at == std::string_view::npos || at + kMark.size() >= record.size()) {
        return false;
    }
    const std::string_view cells = record.substr(at + kMark.size() + 1);
    const char delimiter = record[at + kMark.size()];
    if (delimiter != ',' && delimiter != '\t') {
        return false;
    }
    std::vector<std::string_view> names = split(kUserActivity.tokens, ' ');
    const std::vector<std::string_view> values = split(cells, delimiter);
    // "session,connection" is one value with the delimiter inside.
    const bool twoIds = delimiter == ',' && values.size() == names.size();
    if (values.size() + 1 != names.size() && !twoIds) {
        return false;
    }
    out.clear();
    out.fields.push_back({names[0], trim(record.substr(0, at)), ValueKind::Text, false, false});
    std::size_t value = 0;
    for (std::size_t i = 1; i < names.size(); ++i, ++value) {
        std::string_view text = values[value];
        if (twoIds && i == 3) {
            ++value;
            text = {text.data(), static_cast<std::size_t>(values[value].data() + values[value].size() - text.data())};
        }
        out.fields.push_back(
            {names[i], isValidUtf8(text) ? text : out.arena.copy(repairUtf8(text)), ValueKind::Text, false, false});
    }
    m_last = &kUserActivity;
    return true;
}

bool LayoutScanner::scan(std::string_view record, RecordFields &out)
{
    if (scanLss(record, out)) {
        return true;
    }
    for (const char delimiter : {'\t', ','}) {
        if (record.find(delimiter) == std::string_view::npos || !cellsOf(record, delimiter, out)) {
            continue;
        }
        for (const int pass : {0, 1}) {
            for (const Prepared &candidate : prepared()) {
                if ((candidate.layout == m_last) == (pass == 0) && fits(candidate, out.fields)) {
                    m_last = candidate.layout;
                    for (std::size_t i = 0; i < out.fields.size(); ++i) {
                        out.fields[i].key = candidate.names[i];
                    }
                    return true;
                }
            }
        }
    }
    return false;
}

} // namespace nightjar::logs
