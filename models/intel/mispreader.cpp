// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "intel/document.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace nightjar::intel {

namespace {

using Json = nlohmann::json;

/// MISP writes numbers as strings or numbers.
std::string textOf(const Json &object, const char *key)
{
    const auto found = object.find(key);
    if (found == object.end() || found->is_null() || found->is_structured()) {
        return {};
    }
    return found->is_string() ? found->get<std::string>() : found->dump();
}

bool flag(const Json &object, const char *key, bool missing)
{
    const std::string text = textOf(object, key);
    return text.empty() ? missing : text == "true" || text == "1" || text == "True";
}

Timestamp timeOf(const Json &object, const char *key)
{
    const std::string text = textOf(object, key);
    if (text.empty() || text == "0") {
        return kNoTime;
    }
    const auto iso = parseIsoTime(text);
    return iso ? *iso : parseEpoch(text).value_or(kNoTime);
}

/// Facts that tags state; a tag of the attribute overrides the event's of the same kind.
void applyTags(const Json &holder, Indicator &context)
{
    const auto tags = holder.find("Tag");
    if (tags == holder.end() || !tags->is_array()) {
        return;
    }
    Tlp strictest = Tlp::Unmarked;
    for (const Json &tag : *tags) {
        const std::string name = tag.is_object() ? textOf(tag, "name") : std::string();
        const std::size_t quote = name.find('"');
        const std::string quoted =
            quote == std::string::npos ? std::string() : name.substr(quote + 1, name.rfind('"') - quote - 1);
        if (startsWithIgnoreCase(name, "tlp:")) {
            strictest = std::max(strictest, parseTlp(name));
        } else if (startsWithIgnoreCase(name, "misp-galaxy:malpedia=") ||
                   startsWithIgnoreCase(name, "misp-galaxy:ransomware=") ||
                   startsWithIgnoreCase(name, "misp-galaxy:tool=") ||
                   startsWithIgnoreCase(name, "misp-galaxy:threat-actor=")) {
            context.malware = quoted.substr(0, 200);
        } else if (startsWithIgnoreCase(name, "kill-chain:") ||
                   startsWithIgnoreCase(name, "misp-galaxy:mitre-attack-pattern=")) {
            const std::string phase = quote == std::string::npos ? name.substr(11) : quoted;
            context.killChain = (context.killChain.empty() ? "" : context.killChain + ", ") + phase;
            context.killChain.resize(std::min<std::size_t>(context.killChain.size(), 300));
        }
    }
    context.tlp = strictest == Tlp::Unmarked ? context.tlp : strictest;
}

struct Kind {
    bool usable = false;
    std::optional<Type> hint;
    bool bothParts = false; ///< "domain|ip"
    bool lastPart = false;  ///< "filename|md5"
    bool port = false;      ///< "ip-dst|port"
};

Kind kindOf(std::string_view type)
{
    constexpr std::array<std::pair<std::string_view, Type>, 15> kPlain{{{"domain", Type::Domain},
                                                                        {"hostname", Type::Domain},
                                                                        {"ip-dst", Type::Ipv4},
                                                                        {"ip-src", Type::Ipv4},
                                                                        {"url", Type::Url},
                                                                        {"md5", Type::Md5},
                                                                        {"sha1", Type::Sha1},
                                                                        {"sha256", Type::Sha256},
                                                                        {"malware-sample", Type::Md5},
                                                                        {"email", Type::Email},
                                                                        {"email-src", Type::Email},
                                                                        {"email-dst", Type::Email},
                                                                        {"user-agent", Type::UserAgent},
                                                                        {"http-user-agent", Type::UserAgent},
                                                                        {"whois-registrant-email", Type::Email}}};
    Kind kind;
    const auto found = std::find_if(kPlain.begin(), kPlain.end(), [&](const auto &k) { return k.first == type; });
    if (found != kPlain.end()) {
        // A registrant's address names a person, not a sender.
        kind.usable = type != "whois-registrant-email";
        kind.hint = found->second;
        kind.lastPart = type == "malware-sample";
        return kind;
    }
    kind.port = type == "ip-dst|port" || type == "ip-src|port" || type == "hostname|port";
    kind.bothParts = type == "domain|ip";
    kind.lastPart = type == "filename|md5" || type == "filename|sha1" || type == "filename|sha256";
    kind.usable = kind.port || kind.bothParts || kind.lastPart;
    return kind;
}

class Attributes {
public:
    Attributes(const Indicator &context, ImportCollector &out)
        : m_context(context)
        , m_out(out)
    {
    }
    Status takeAll(const Json &holder);

private:
    Status takeOne(const Json &attribute);
    Status add(std::string_view text, std::optional<Type> hint, const Indicator &context, std::uint16_t port);

    const Indicator &m_context;
    ImportCollector &m_out;
    std::uint64_t m_ordinal = 0;
};

Status Attributes::add(std::string_view text, std::optional<Type> hint, const Indicator &context, std::uint16_t port)
{
    auto one = indicatorFromText(text, hint);
    if (one) {
        Indicator full = context;
        full.type = one->type;
        full.value = std::move(one->value);
        const bool address = full.type == Type::Ipv4 || full.type == Type::Ipv6;
        full.port = !address ? std::uint16_t{0} : one->port != 0 ? one->port : port;
        one = std::move(full);
    }
    return m_out.take(std::move(one), m_ordinal, text);
}

Status Attributes::takeOne(const Json &attribute)
{
    ++m_ordinal;
    const std::string type = textOf(attribute, "type");
    const std::string value = textOf(attribute, "value");
    const Kind kind = kindOf(type);
    if (!kind.usable) {
        m_out.leaveOut(type.empty() ? "attribute without a type" : type);
        return {};
    }
    Indicator context = m_context;
    applyTags(attribute, context);
    context.externalId = textOf(attribute, "uuid");
    context.toIds = flag(attribute, "to_ids", false);
    context.revoked = flag(attribute, "deleted", false);
    context.firstSeen = timeOf(attribute, "first_seen");
    context.lastSeen = timeOf(attribute, "last_seen");
    context.threat = textOf(attribute, "category").substr(0, 200);
    if (const auto sightings = attribute.find("Sighting"); sightings != attribute.end() && sightings->is_array()) {
        for (const Json &one : *sightings) {
            if (one.is_object() && textOf(one, "type") != "1") { // 1: seen as false positive
                context.lastSeen = std::max(context.lastSeen, timeOf(one, "date_sighting"));
            }
        }
    }
    const auto parts = split(value, '|');
    if (kind.bothParts && parts.size() == 2) {
        Status first = add(parts[0], Type::Domain, context, 0);
        return first ? add(parts[1], Type::Ipv4, context, 0) : first;
    }
    if (kind.port && parts.size() == 2) {
        const auto port = parseInteger(trim(parts[1]));
        return add(parts[0], {}, context,
                   port && *port > 0 && *port <= 65'535 ? static_cast<std::uint16_t>(*port) : std::uint16_t{0});
    }
    return add(kind.lastPart ? parts.back() : std::string_view(value), kind.hint, context, 0);
}

Status Attributes::takeAll(const Json &holder)
{
    for (const char *key : {"Attribute", "ShadowAttribute"}) {
        const auto list = holder.find(key);
        if (list == holder.end() || !list->is_array() || std::string_view(key) == "ShadowAttribute") {
            continue; // proposals of others are not part of the event yet
        }
        for (const Json &attribute : *list) {
            if (m_out.cancelled()) {
                return {};
            }
            if (!attribute.is_object()) {
                continue;
            }
            if (Status taken = takeOne(attribute); !taken) {
                return taken;
            }
        }
    }
    if (const auto objects = holder.find("Object"); objects != holder.end() && objects->is_array()) {
        for (const Json &object : *objects) {
            if (object.is_object() && !flag(object, "deleted", false)) {
                if (Status taken = takeAll(object); !taken) {
                    return taken;
                }
            }
        }
    }
    return {};
}

} // namespace

Status readMispAttributes(const Json &holder, const Json &event, ImportCollector &out)
{
    Indicator context;
    if (event.is_object()) {
        applyTags(event, context);
        context.reference = textOf(event, "info").substr(0, 300);
    }
    return Attributes(context, out).takeAll(holder);
}

Status readMispEvent(const Json &event, ImportCollector &out)
{
    return readMispAttributes(event, event, out);
}

} // namespace nightjar::intel
