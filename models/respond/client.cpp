// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "respond/client.h"

#include "base/text.h"
#include "respond/entry.h"
#include "respond/exchange.h"

#include <algorithm>
#include <unordered_set>

namespace nightjar::respond {

namespace {

using nlohmann::json;

constexpr std::string_view kAdd = "ADD_TO_LIST";
constexpr std::string_view kRemove = "REMOVE_FROM_LIST";

std::string messageOf(const json &answer)
{
    const auto found = answer.is_object() ? answer.find("message") : answer.end();
    return answer.is_object() && found != answer.end() && found->is_string() ? found->get<std::string>()
                                                                             : std::string();
}

std::string codeOf(const json &answer)
{
    const auto found = answer.is_object() ? answer.find("code") : answer.end();
    return answer.is_object() && found != answer.end() && found->is_string() ? found->get<std::string>()
                                                                             : std::string();
}

/// Those of `entries` that stand in "Invalid urls [a, b]".
std::vector<std::string> namedEntries(const std::string &message, const std::vector<std::string> &entries)
{
    std::vector<std::string> named;
    const std::size_t open = message.find('[');
    const std::size_t close = message.rfind(']');
    if (open == std::string::npos || close == std::string::npos || close < open) {
        return named;
    }
    std::string list = ",";
    for (std::size_t i = open + 1; i < close; ++i) {
        if (message[i] != ' ') {
            list += message[i];
        }
    }
    list += ',';
    const std::vector<std::string_view> words = split(list, ',');
    const std::unordered_set<std::string_view> tokens(words.begin(), words.end());
    for (const std::string &entry : entries) {
        const bool hasComma = entry.find(',') != std::string::npos;
        if (hasComma ? list.find("," + entry + ",") != std::string::npos : tokens.contains(entry)) {
            named.push_back(entry);
        }
    }
    return named;
}

bool isLimitMessage(const std::string &message)
{
    return findIgnoreCase(message, "maximum of") != std::string_view::npos ||
           findIgnoreCase(message, "limit has exceeded") != std::string_view::npos;
}

/// The number that follows `word`; 0 when there is none.
std::size_t numberAfter(const std::string &text, std::string_view word)
{
    const std::size_t at = findIgnoreCase(text, word);
    std::size_t number = 0;
    for (std::size_t i = at == std::string::npos ? text.size() : at + word.size();
         i < text.size() && text[i] >= '0' && text[i] <= '9' && number < 100'000'000; ++i) {
        number = number * 10 + static_cast<std::size_t>(text[i] - '0');
    }
    return number;
}

/// How many of refused entries the list would still take, by "maximum of 25000 … Currently 24990 are".
std::size_t roomIn(const std::string &message)
{
    const std::size_t most = numberAfter(message, "maximum of ");
    const std::size_t current = numberAfter(message, "currently ");
    return most > current && current > 0 ? most - current : 0;
}

/// Moves what the answer decides from `entries` to `report`. Entries left are to be sent again; when the answer says
/// only that something is wrong with one of many, the second half is returned, to be sent apart.
std::vector<std::string> takeAnswer(int status, const json &body, const std::string &told,
                                    std::vector<std::string> &entries, ListChange &report)
{
    const std::string message = messageOf(body);
    const bool duplicate = codeOf(body) == "DUPLICATE_ITEM";
    if (status < 300 || (duplicate && entries.size() == 1)) {
        report.applied.insert(report.applied.end(), entries.begin(), entries.end());
        entries.clear();
        return {};
    }
    if (isLimitMessage(message)) {
        report.error =
            Error{"NJ-RESPOND-022", "The list is full", told, {}, "Remove entries that are no longer needed."};
        return {};
    }
    const std::vector<std::string> named = status == 400 ? namedEntries(message, entries) : std::vector<std::string>();
    if (!named.empty() || entries.size() == 1) {
        for (const std::string &entry : named.empty() ? std::vector<std::string>(entries) : named) {
            if (duplicate) { // it is on the list already
                report.applied.push_back(entry);
                std::erase(entries, entry);
                continue;
            }
            report.refused.push_back({entry, "Zscaler refused the entry: " + told.substr(0, told.find('['))});
            std::erase(entries, entry);
        }
        return {};
    }
    constexpr std::size_t kEnough = 8;
    constexpr std::size_t kMostProbes = 16;
    const std::size_t refused = report.refused.size();
    if (report.applied.empty() && refused >= kEnough && refused < kMostProbes) {
        // Before it is taken for a refusal of everything: single entries from the end to the beginning of the rest.
        const std::size_t at = entries.size() - 1 - (refused - kEnough) * entries.size() / (kMostProbes - kEnough);
        std::vector<std::string> rest = std::move(entries);
        entries = {rest[at]};
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(at));
        return rest;
    }
    if (report.applied.empty() && refused >= kMostProbes) { // it is not the entries: halving would never end
        report.error = Error{"NJ-RESPOND-034",
                             "Zscaler does not take the change",
                             told + "; it refused " + std::to_string(refused) +
                                 " entries from all over the list one by one, without naming what is wrong with them",
                             {},
                             "Nothing more was sent."};
        return {};
    }
    const auto middle = entries.begin() + static_cast<std::ptrdiff_t>(entries.size() / 2);
    std::vector<std::string> second(middle, entries.end());
    entries.erase(middle, entries.end());
    return second;
}

Error duplicateError(std::string told)
{
    return {"NJ-RESPOND-031", "Some of the entries are on the list already", std::move(told), {}, "Try again later."};
}

Result<TenantState> stateOf(const json &answer)
{
    const std::string text =
        answer.is_object() && answer.contains("status") && answer["status"].is_string() ? answer["status"] : json("");
    if (text == "ACTIVE") {
        return TenantState::Active;
    }
    if (text == "PENDING") {
        return TenantState::Pending;
    }
    if (text == "INPROGRESS") {
        return TenantState::InProgress;
    }
    return fail("NJ-RESPOND-030", "The answer is not one of Zscaler's API", "the activation state is missing in it");
}

} // namespace

std::string_view nameOf(TenantState state)
{
    switch (state) {
    case TenantState::Active:
        return "ACTIVE";
    case TenantState::Pending:
        return "PENDING";
    case TenantState::InProgress:
        break;
    }
    return "INPROGRESS";
}

ZscalerClient::ZscalerClient(net::HttpClient &http, Credentials credentials, ClientTuning tuning)
    : m_exchange(std::make_unique<Exchange>(http, std::move(credentials), std::move(tuning)))
{
}

ZscalerClient::~ZscalerClient() = default;

std::string ZscalerClient::origin() const
{
    return net::originOf(m_exchange->credentials().baseUrl);
}

bool ZscalerClient::simulated() const
{
    return m_exchange->simulated();
}

void ZscalerClient::onActivation(std::function<void()> observer)
{
    m_exchange->onActivation(std::move(observer));
}

Result<SignIn> ZscalerClient::login(const CancelToken &cancel)
{
    return m_exchange->login(cancel);
}
Status ZscalerClient::logout(const CancelToken &cancel)
{
    return m_exchange->logout(cancel);
}

Result<std::vector<std::string>> ZscalerClient::denyList(const CancelToken &cancel)
{
    return m_exchange->readList(Endpoint::Advanced, "/security/advanced", "blacklistUrls", cancel);
}

Result<std::vector<std::string>> ZscalerClient::allowList(const CancelToken &cancel)
{
    return m_exchange->readList(Endpoint::Security, "/security", "whitelistUrls", cancel);
}

ListChange ZscalerClient::addToDenyList(std::span<const std::string> entries, const CancelToken &cancel)
{
    return change(kAdd, {entries.begin(), entries.end()}, cancel);
}

ListChange ZscalerClient::removeFromDenyList(std::span<const std::string> entries, const CancelToken &cancel)
{
    return change(kRemove, {entries.begin(), entries.end()}, cancel);
}

ListChange ZscalerClient::change(std::string_view action, std::vector<std::string> entries, const CancelToken &cancel)
{
    ListChange report;
    if (!entries.empty()) {
        send(action, std::move(entries), cancel, report);
    }
    return report;
}

void ZscalerClient::send(std::string_view action, std::vector<std::string> entries, const CancelToken &cancel,
                         ListChange &report)
{
    const std::string path = "/security/advanced/blacklistUrls?action=" + std::string(action);
    for (int lost = 0; !entries.empty();) {
        if (report.error) { // an earlier part met something that stops the whole
            report.failed.insert(report.failed.end(), entries.begin(), entries.end());
            return;
        }
        const std::string body = json{{"blacklistUrls", entries}}.dump(-1, ' ', false, json::error_handler_t::replace);
        Result<Exchange::Answer> answer = m_exchange->call(Endpoint::Blacklist, "POST", path, body, cancel);
        if (!answer && answer.error().code == "NJ-RESPOND-031") {
            ++lost;
            if (settle(action, entries, answer.error(), cancel, report)) {
                return;
            }
            if (lost < m_exchange->tuning().tries) {
                m_exchange->tuning().sleeper->sleep(m_exchange->tuning().retryUnit << std::min(lost - 1, 6), cancel);
            }
        }
        if (answer && action == kAdd && entries.size() > 1 && codeOf(answer->json) == "DUPLICATE_ITEM") {
            const std::size_t before = entries.size();
            if (settle(action, entries, duplicateError(m_exchange->told(*answer)), cancel, report)) {
                return;
            }
            if (entries.size() < before) {
                continue; // what is there already is left out
            }
        }
        if (!answer && (answer.error().code != "NJ-RESPOND-031" || lost >= m_exchange->tuning().tries)) {
            report.error = answer.error();
        } else if (const std::size_t room =
                       answer && isLimitMessage(messageOf(answer->json)) ? roomIn(messageOf(answer->json)) : 0;
                   room > 0 && room < entries.size()) { // the first ones fit, and they are the ones wanted most
            const std::vector<std::string> tail(entries.begin() + static_cast<std::ptrdiff_t>(room), entries.end());
            entries.resize(room);
            send(action, std::move(entries), cancel, report);
            report.failed.insert(report.failed.end(), tail.begin(), tail.end());
            if (!report.error) {
                report.error = Error{"NJ-RESPOND-022",
                                     "The list is full",
                                     m_exchange->told(*answer),
                                     {},
                                     "Remove entries that are no longer needed."};
            }
            return;
        } else if (answer) {
            std::vector<std::string> second =
                takeAnswer(answer->status, answer->json, m_exchange->told(*answer), entries, report);
            send(action, std::move(second), cancel, report);
        }
    }
}

/// Reads the list after an answer was lost: moves what arrived to `applied` and leaves the rest in `entries`.
/// True when nothing is left to send, or when the list cannot be read either.
bool ZscalerClient::settle(std::string_view action, std::vector<std::string> &entries, const Error &cause,
                           const CancelToken &cancel, ListChange &report)
{
    Result<std::vector<std::string>> list = denyList(cancel);
    if (!list) {
        report.unknown.insert(report.unknown.end(), entries.begin(), entries.end());
        report.error = cause;
        return true;
    }
    std::unordered_set<std::string> present;
    for (const std::string &stored : *list) {
        present.insert(action == kRemove ? stored : entryKey(stored));
    }
    const auto arrived = [&](const std::string &entry) {
        return action == kRemove ? !present.contains(entry) : present.contains(entryKey(entry));
    };
    report.settledByReading = true;
    const auto left = std::stable_partition(entries.begin(), entries.end(), std::not_fn(arrived));
    report.applied.insert(report.applied.end(), left, entries.end());
    entries.erase(left, entries.end());
    return entries.empty();
}

Result<ZscalerClient::PolicyAnswer> ZscalerClient::callPolicy(const std::string &method, const std::string &path,
                                                              const std::string &body, const CancelToken &cancel)
{
    const Timestamp start = m_exchange->tuning().clock->now();
    const Result<Exchange::Answer> answer = m_exchange->call(Endpoint::Policy, method, path, body, cancel);
    if (!answer) {
        return fail(answer.error());
    }
    const double seconds = static_cast<double>(m_exchange->tuning().clock->now() - start) / kMicrosPerSecond;
    return PolicyAnswer{answer->status,
                        answer->json.is_null() ? std::string()
                                               : answer->json.dump(-1, ' ', false, json::error_handler_t::replace),
                        seconds};
}

Result<TenantState> ZscalerClient::status(const CancelToken &cancel)
{
    Result<Exchange::Answer> answer = m_exchange->call(Endpoint::Status, "GET", "/status", {}, cancel);
    if (!answer) {
        return fail(answer.error());
    }
    return stateOf(answer->json);
}

Result<TenantState> ZscalerClient::activate(const CancelToken &cancel, std::int64_t patience)
{
    for (int attempt = 1;; ++attempt) {
        const Timestamp before = m_exchange->tuning().clock->now();
        Result<Exchange::Answer> answer =
            m_exchange->call(Endpoint::Activate, "POST", "/status/activate", {}, cancel, patience);
        patience = std::max<std::int64_t>(0, patience - (m_exchange->tuning().clock->now() - before));
        if (answer && answer->status >= 300) {
            return fail("NJ-RESPOND-034", "Zscaler did not activate", m_exchange->told(*answer));
        }
        if (answer && answer->json.is_null()) {
            return status(cancel); // taken, without a word
        }
        Result<TenantState> said = answer ? stateOf(answer->json) : fail(answer.error());
        if (said) {
            return said;
        }
        const bool lost = answer || answer.error().code == "NJ-RESPOND-031"; // or it says nothing of a state
        if (!lost || attempt >= m_exchange->tuning().tries || cancel.cancelled()) {
            return said;
        }
        // No answer. A state of ACTIVE would not prove that the saved changes are in it, a second request does.
        Result<TenantState> state = status(cancel);
        if (!state) {
            return said;
        }
        if (*state == TenantState::InProgress) {
            return state;
        }
        m_exchange->tuning().sleeper->sleep(m_exchange->tuning().retryUnit << std::min(attempt - 1, 6), cancel);
    }
}

void ZscalerClient::preloadActivations(std::span<const Timestamp> times)
{
    m_exchange->preloadActivations(times);
}

Result<std::vector<UrlClass>> ZscalerClient::lookup(std::span<const std::string> urls, const CancelToken &cancel)
{
    constexpr std::size_t kMost = 100;
    std::vector<UrlClass> found;
    for (std::size_t from = 0; from < urls.size(); from += kMost) {
        const std::span<const std::string> part = urls.subspan(from, std::min(kMost, urls.size() - from));
        const std::string body = json(std::vector<std::string>(part.begin(), part.end()))
                                     .dump(-1, ' ', false, json::error_handler_t::replace);
        Result<Exchange::Answer> answer = m_exchange->call(Endpoint::Lookup, "POST", "/urlLookup", body, cancel);
        if (!answer) {
            return fail(answer.error());
        }
        if (answer->status >= 300 || !answer->json.is_array()) {
            return fail("NJ-RESPOND-034", "Zscaler did not look the URLs up", m_exchange->told(*answer));
        }
        for (const json &item : answer->json) {
            if (!item.is_object()) {
                continue;
            }
            UrlClass entry;
            entry.url = item.value("url", json()).is_string() ? item["url"].get<std::string>() : std::string();
            entry.categories = stringsOf(item, "urlClassifications").value_or(std::vector<std::string>());
            entry.alerts = stringsOf(item, "urlClassificationsWithSecurityAlert").value_or(std::vector<std::string>());
            found.push_back(std::move(entry));
        }
    }
    return found;
}

} // namespace nightjar::respond
