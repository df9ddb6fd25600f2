// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/stixreader.h"

#include "base/text.h"
#include "intel/stixpattern.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace nightjar::intel {

namespace {

using Json = nlohmann::json;

/// Marking definitions that need not be in the bundle (STIX 2.1 §7.2.1.4 and the TLP 2.0 extension).
constexpr std::array<std::pair<std::string_view, Tlp>, 9> kMarkings{
    {{"613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp::Clear},
     {"34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp::Green},
     {"f88d31f6-486f-44da-b317-01333bde0b82", Tlp::Amber},
     {"5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp::Red},
     {"94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp::Clear},
     {"bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp::Green},
     {"55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp::Amber},
     {"939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp::AmberStrict},
     {"e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp::Red}}};

std::string textOf(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Timestamp timeOf(const Json &object, const char *key)
{
    const std::string text = textOf(object, key);
    return text.empty() ? kNoTime : parseIsoTime(text).value_or(kNoTime);
}

std::string joined(const Json &object, const char *key)
{
    std::string out;
    if (const auto list = object.find(key); list != object.end() && list->is_array()) {
        for (const Json &one : *list) {
            if (one.is_string()) {
                out += (out.empty() ? "" : ", ") + one.get<std::string>();
            }
        }
    }
    return out;
}

std::string killChainOf(const Json &object)
{
    std::string out;
    if (const auto phases = object.find("kill_chain_phases"); phases != object.end() && phases->is_array()) {
        for (const Json &phase : *phases) {
            if (phase.is_object()) {
                out += (out.empty() ? "" : ", ") + textOf(phase, "phase_name") + " (" +
                       textOf(phase, "kill_chain_name") + ")";
            }
        }
    }
    return out;
}

std::string referenceOf(const Json &object)
{
    if (const auto list = object.find("external_references"); list != object.end() && list->is_array()) {
        for (const Json &one : *list) {
            if (std::string url = one.is_object() ? textOf(one, "url") : std::string(); !url.empty()) {
                return url.substr(0, 1000);
            }
        }
    }
    return {};
}

std::optional<Tlp> knownMarking(std::string_view id)
{
    for (const auto &[uuid, tlp] : kMarkings) {
        if (endsWithIgnoreCase(id, uuid)) {
            return tlp;
        }
    }
    return std::nullopt;
}

/// What a marking definition says; unknown kinds count as amber.
std::optional<Tlp> markingOf(const Json &object)
{
    if (const auto definition = object.find("definition"); definition != object.end() && definition->is_object()) {
        if (const std::string tlp = textOf(*definition, "tlp"); !tlp.empty()) {
            return parseTlp(tlp);
        }
    }
    const std::string name = textOf(object, "name");
    if (startsWithIgnoreCase(name, "tlp:")) {
        return parseTlp(name);
    }
    // A statement is a copyright line or terms of use and says nothing about who may read.
    return textOf(object, "definition_type") == "statement" ? std::nullopt : std::optional(Tlp::Amber);
}

} // namespace

void StixReader::takeSighting(const Json &object)
{
    const std::string of = textOf(object, "sighting_of_ref");
    const Timestamp last = std::max(timeOf(object, "last_seen"), timeOf(object, "first_seen"));
    if (last != kNoTime) {
        const auto [place, isNew] = m_lastSighting.try_emplace(of, last);
        place->second = std::max(place->second, last);
    }
}

void StixReader::takeIndicator(const Json &object, const std::string &id)
{
    Entry entry;
    entry.ordinal = m_objects;
    entry.id = id;
    entry.pattern = textOf(object, "pattern");
    entry.patternType = asciiLower(textOf(object, "pattern_type"));
    entry.name = textOf(object, "name").substr(0, 200);
    entry.types = joined(object, "indicator_types");
    entry.types = entry.types.empty() ? joined(object, "labels") : entry.types;
    entry.benign = entry.types == "benign";
    entry.killChain = killChainOf(object);
    entry.reference = referenceOf(object);
    if (const auto refs = object.find("object_marking_refs"); refs != object.end() && refs->is_array()) {
        for (const Json &ref : *refs) {
            if (ref.is_string()) {
                entry.markings.push_back(ref.get<std::string>());
            }
        }
    }
    if (const auto granular = object.find("granular_markings"); granular != object.end() && granular->is_array()) {
        for (const Json &one : *granular) {
            if (one.is_object() && !textOf(one, "marking_ref").empty()) {
                entry.markings.push_back(textOf(one, "marking_ref"));
            }
        }
    }
    if (const auto confidence = object.find("confidence"); confidence != object.end() && confidence->is_number()) {
        entry.context.confidence = static_cast<int>(std::clamp(confidence->get<double>(), 0.0, 100.0));
    }
    const auto revoked = object.find("revoked");
    entry.context.revoked = revoked != object.end() && revoked->is_boolean() && revoked->get<bool>();
    entry.context.validFrom = timeOf(object, "valid_from");
    entry.context.validUntil = timeOf(object, "valid_until");
    entry.context.firstSeen = timeOf(object, "first_seen");
    entry.context.lastSeen = timeOf(object, "last_seen");
    entry.modified = std::max(timeOf(object, "modified"), timeOf(object, "created"));
    const auto [place, isNew] = m_byId.try_emplace(id, m_entries.size());
    if (isNew) {
        m_entries.push_back(std::move(entry));
    } else if (m_entries[place->second].modified <= entry.modified) {
        m_entries[place->second] = std::move(entry);
    }
}

bool StixReader::offer(const Json &object)
{
    const std::string type = textOf(object, "type");
    const std::string id = textOf(object, "id");
    if (type.empty() || type == "bundle" || id.find("--") == std::string::npos) {
        return false;
    }
    ++m_objects;
    if (type == "indicator") {
        takeIndicator(object, id);
    } else if (type == "marking-definition") {
        if (const auto tlp = markingOf(object)) {
            m_markings[id] = *tlp;
        } else {
            m_markings[id] = Tlp::Unmarked;
        }
    } else if (type == "relationship" && textOf(object, "relationship_type") == "indicates") {
        m_indicates.try_emplace(textOf(object, "source_ref"), textOf(object, "target_ref"));
    } else if (type == "sighting") {
        takeSighting(object);
    } else if (type == "malware" || type == "intrusion-set" || type == "campaign" || type == "threat-actor" ||
               type == "tool" || type == "attack-pattern") {
        m_names[id] = textOf(object, "name").substr(0, 200);
    }
    return true;
}

Tlp StixReader::tlpOf(const Entry &entry) const
{
    Tlp strictest = Tlp::Unmarked;
    for (const std::string &ref : entry.markings) {
        const auto own = m_markings.find(ref);
        const auto known = knownMarking(ref);
        const Tlp one = known ? *known : own != m_markings.end() ? own->second : Tlp::Amber;
        strictest = std::max(strictest, one);
    }
    return strictest;
}

Status StixReader::give(const Entry &entry, ImportCollector &out) const
{
    if (!entry.patternType.empty() && entry.patternType != "stix") {
        out.leaveOut(entry.patternType + " rule");
        return {};
    }
    if (entry.benign) {
        out.refuse(entry.ordinal, "its source calls it benign", entry.name);
        return {};
    }
    const auto reading = readStixPattern(entry.pattern);
    if (!reading) {
        out.refuse(entry.ordinal, reading.error().title + ": " + reading.error().reason, entry.pattern);
        return {};
    }
    for (const std::string &kind : reading->unsupported) {
        out.leaveOut(kind);
    }
    Indicator context = entry.context;
    context.tlp = tlpOf(entry);
    context.externalId = entry.id;
    context.killChain = entry.killChain.substr(0, 300);
    context.threat = entry.types.substr(0, 200);
    context.reference = entry.reference;
    if (const auto target = m_indicates.find(entry.id); target != m_indicates.end()) {
        if (const auto name = m_names.find(target->second); name != m_names.end()) {
            context.malware = name->second;
        }
    }
    if (const auto seen = m_lastSighting.find(entry.id); seen != m_lastSighting.end()) {
        context.lastSeen = std::max(context.lastSeen, seen->second);
    }
    context.validFrom = reading->start != kNoTime ? std::max(context.validFrom, reading->start) : context.validFrom;
    if (reading->stop != kNoTime) {
        context.validUntil =
            context.validUntil == kNoTime ? reading->stop : std::min(context.validUntil, reading->stop);
    }
    for (const PatternValue &value : reading->values) {
        auto one = indicatorFromText(value.text, value.hint);
        if (one) {
            Indicator full = context;
            full.type = one->type;
            full.value = std::move(one->value);
            const bool address = full.type == Type::Ipv4 || full.type == Type::Ipv6;
            full.port = !address ? std::uint16_t{0} : one->port != 0 ? one->port : value.port;
            one = std::move(full);
        }
        if (Status taken = out.take(std::move(one), entry.ordinal, value.text); !taken) {
            return taken;
        }
    }
    return {};
}

Status StixReader::finish(ImportCollector &out)
{
    // Valid ones first: a value that one object revokes and another still carries stays.
    std::stable_sort(m_entries.begin(), m_entries.end(),
                     [](const Entry &a, const Entry &b) { return !a.context.revoked && b.context.revoked; });
    for (const Entry &entry : m_entries) {
        if (out.cancelled()) {
            return {};
        }
        if (Status given = give(entry, out); !given) {
            return given;
        }
    }
    return {};
}

} // namespace nightjar::intel
