// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/document.h"

#include "base/files.h"
#include "base/text.h"
#include "intel/csvlayout.h"
#include "intel/stixreader.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace nightjar::intel {

namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 12; ///< of objects that are searched for indicators
constexpr std::size_t kMaxEvent = std::size_t{256} << 20U;

std::string textOf(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool isUuid(std::string_view text)
{
    return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
}

bool isManifest(const Json &doc)
{
    return doc.is_object() && !doc.empty() && std::all_of(doc.items().begin(), doc.items().end(), [](const auto &item) {
               return isUuid(item.key()) && item.value().is_object() && item.value().contains("info");
           });
}

class JsonDelivery {
public:
    JsonDelivery(const std::filesystem::path &path, ImportCollector &out)
        : m_path(path)
        , m_out(out)
    {
    }
    Status readWhole(std::string_view text);
    Status readLines(std::string_view text);

private:
    Json parse(std::string_view text, std::string *why);
    Status walk(const Json &value, int depth);
    Status walkObject(const Json &value, int depth);
    Status readManifest(const Json &manifest);
    void setFormat(const char *name)
    {
        if (m_out.report().format.empty() || m_out.report().format == "json") {
            m_out.report().format = name;
        }
    }

    const std::filesystem::path &m_path;
    ImportCollector &m_out;
    StixReader m_stix;
    std::uint64_t m_ordinal = 0;
    bool m_inManifest = false;
};

/// STIX objects go to their reader at once and are dropped, so that a large bundle is never held as a tree.
Json JsonDelivery::parse(std::string_view text, std::string *why)
{
    const Json::parser_callback_t take = [&](int, Json::parse_event_t event, Json &parsed) {
        return event != Json::parse_event_t::object_end || !m_stix.offer(parsed);
    };
    const std::size_t before = text.size();
    Json doc = Json::parse(text.begin(), text.end(), take, false);
    if (doc.is_discarded() && before > 0 && why != nullptr && !Json::accept(text.begin(), text.end())) {
        *why = "the JSON is not well formed";
        // The callback discards STIX objects, which looks like a failure too; accept() tells them apart.
    }
    return doc;
}

Status JsonDelivery::readManifest(const Json &manifest)
{
    setFormat("misp feed");
    m_inManifest = true;
    for (const auto &[uuid, about] : manifest.items()) {
        if (m_out.cancelled()) {
            return {};
        }
        const auto file = m_path.parent_path() / (uuid + ".json");
        std::error_code problem;
        if (m_path.empty() || !std::filesystem::exists(file, problem)) {
            m_out.refuse(++m_ordinal, "the event that the manifest names is not beside it", uuid);
            continue;
        }
        const auto text = readFile(file, kMaxEvent);
        const Json event = text ? Json::parse(*text, nullptr, false) : Json();
        if (!event.is_object()) {
            m_out.refuse(++m_ordinal, "the event cannot be read", uuid);
        } else if (Status walked = walk(event, 0); !walked) {
            return walked;
        }
    }
    return {};
}

Status JsonDelivery::walkObject(const Json &value, int depth)
{
    if (const auto event = value.find("Event"); event != value.end() && event->is_object()) {
        setFormat("misp");
        if (value.contains("Attribute")) { // an attribute search: each names its event
            return readMispAttributes(value, *event, m_out);
        }
        return readMispEvent(*event, m_out);
    }
    if (const auto list = value.find("Attribute"); list != value.end() && list->is_array()) {
        setFormat("misp");
        return readMispAttributes(value, value.contains("info") ? value : Json(), m_out);
    }
    if (const auto list = value.find("indicators"); list != value.end() && list->is_array() && !list->empty() &&
                                                    list->front().is_object() && list->front().contains("indicator")) {
        setFormat("otx");
        return readPulse(value, m_out);
    }
    if (!m_inManifest && depth == 0 && isManifest(value)) {
        return readManifest(value);
    }
    const bool flat = std::none_of(value.begin(), value.end(), [](const Json &v) { return v.is_object(); });
    if (flat) {
        const auto taken = readFlatObject(value, ++m_ordinal, m_out);
        if (!taken) {
            return fail(taken.error());
        }
        if (*taken) {
            setFormat("json objects");
            return {};
        }
    }
    for (const Json &member : value) {
        if (member.is_structured()) {
            if (Status walked = walk(member, depth + 1); !walked) {
                return walked;
            }
        }
    }
    return {};
}

Status JsonDelivery::walk(const Json &value, int depth)
{
    if (depth > kMaxDepth || m_out.cancelled()) {
        return {};
    }
    if (value.is_object()) {
        return walkObject(value, depth);
    }
    if (!value.is_array()) {
        return {};
    }
    for (const Json &member : value) {
        if (member.is_string() && depth <= 1) { // a bare list of values
            setFormat("json list");
            const auto &text = member.get_ref<const std::string &>();
            if (Status taken = m_out.take(indicatorFromText(text), ++m_ordinal, text); !taken) {
                return taken;
            }
        } else if (member.is_structured()) {
            if (Status walked = walk(member, depth + 1); !walked) {
                return walked;
            }
        }
    }
    return {};
}

Status JsonDelivery::readWhole(std::string_view text)
{
    std::string why;
    const Json doc = parse(text, &why);
    if (!why.empty()) {
        return fail("NJ-INTEL-025", "The file cannot be read", why,
                    "It may be cut off: fetch it again. Nothing was imported.");
    }
    if (doc.is_object() && doc.contains("matching_attributes") && doc.contains("list")) {
        return fail("NJ-INTEL-021", "This is a MISP warning list",
                    "it names \"" + textOf(doc, "name") + "\", which are no indicators",
                    "nightjar-cli intel warning-list FILE takes it in.");
    }
    if (!m_stix.empty()) {
        setFormat("stix");
    }
    m_out.report().format = m_out.report().format.empty() ? "json" : m_out.report().format;
    Status walked = walk(doc, 0);
    return walked ? m_stix.finish(m_out) : walked;
}

Status JsonDelivery::readLines(std::string_view text)
{
    std::uint64_t line = 0;
    for (const std::string_view raw : split(text, '\n')) {
        ++line;
        const std::string_view one = trim(raw);
        if (one.empty() || one.front() == '#' || m_out.cancelled()) {
            continue;
        }
        std::string why;
        const Json doc = parse(one, &why);
        if (!why.empty()) {
            m_out.refuse(line, why, one);
        } else if (doc.is_object() && textOf(doc, "type") == "metadata") {
            continue; // the last line of Spamhaus' lists
        } else if (m_ordinal = line - 1; doc.is_structured()) {
            if (Status walked = walk(doc, 0); !walked) {
                return walked;
            }
        }
    }
    setFormat(m_stix.empty() ? "json lines" : "stix lines");
    return m_stix.finish(m_out);
}

} // namespace

bool isDocument(std::string_view head)
{
    head = trim(head);
    if (head.starts_with('{') || head.starts_with("<?xml") || head.starts_with("<ioc") ||
        startsWithIgnoreCase(head, "<openioc") || head.starts_with("<stix")) {
        return true;
    }
    if (!head.starts_with('[')) {
        return false;
    }
    const std::string_view next = trim(head.substr(1));
    return next.starts_with('{') || next.starts_with('"') || next.starts_with('[');
}

Status readDocument(std::string_view text, const std::filesystem::path &path, ImportCollector &out)
{
    text = trim(text);
    out.report().format.clear();
    if (text.starts_with('<')) {
        out.report().format = "openioc";
        return readOpenIoc(text, out);
    }
    JsonDelivery delivery(path, out);
    const std::string_view first = trim(text.substr(0, text.find('\n')));
    const bool lines = first.size() < text.size() && first.starts_with('{') && first.ends_with('}') &&
                       Json::accept(first.begin(), first.end());
    return lines ? delivery.readLines(text) : delivery.readWhole(text);
}

Result<bool> readFlatObject(const Json &object, std::uint64_t ordinal, ImportCollector &out)
{
    std::vector<std::string> names;
    std::vector<std::string> cells;
    for (const auto &[key, value] : object.items()) {
        std::string cell;
        if (value.is_string()) {
            cell = value.get<std::string>();
        } else if (value.is_array()) {
            for (const Json &member : value) {
                cell += (cell.empty() ? "" : ",") + (member.is_string() ? member.get<std::string>() : member.dump());
            }
        } else if (!value.is_null()) {
            cell = value.dump();
        }
        names.push_back(key);
        cells.push_back(std::move(cell));
    }
    const CsvLayout layout = layoutFromHeader(names, ',');
    if (!layout.hasValue()) {
        return false;
    }
    for (auto &result : readRecord(layout, cells)) {
        if (Status taken =
                out.take(std::move(result), ordinal, object.dump(-1, ' ', false, Json::error_handler_t::replace));
            !taken) {
            return fail(taken.error());
        }
    }
    return true;
}

Status readPulse(const Json &pulse, ImportCollector &out)
{
    std::uint64_t ordinal = 0;
    for (const Json &one : pulse["indicators"]) {
        ++ordinal;
        if (!one.is_object()) {
            continue;
        }
        const std::string type = textOf(one, "type");
        const std::string value = textOf(one, "indicator");
        const auto hint = parseType(type);
        if (!hint) {
            out.leaveOut(type);
            continue;
        }
        auto read = indicatorFromText(value, hint);
        if (read) {
            const auto active = one.find("is_active");
            read->revoked = active != one.end() && (*active == false || *active == 0);
            read->tlp = textOf(pulse, "tlp").empty() ? Tlp::Unmarked : parseTlp(textOf(pulse, "tlp"));
            read->threat = textOf(one, "role").substr(0, 200);
            read->malware = textOf(pulse, "adversary").substr(0, 200);
            read->reference = textOf(pulse, "name").substr(0, 300);
            read->validFrom = parseIsoTime(textOf(one, "created")).value_or(kNoTime);
            read->validUntil = parseIsoTime(textOf(one, "expiration")).value_or(kNoTime);
        }
        if (Status taken = out.take(std::move(read), ordinal, value); !taken) {
            return taken;
        }
    }
    return {};
}

} // namespace nightjar::intel
