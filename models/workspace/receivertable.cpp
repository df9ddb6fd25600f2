// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/receivers.h"

#include "workspace/engine.h"
#include "workspace/healthjson.h"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

/// What is kept of receivers in the catalog.
namespace nightjar::workspace {

namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found == json.end() || !found->is_boolean() || found->get<bool>();
}

constexpr const char *kSince = "listening_since"; ///< microseconds since 1970

std::string withSince(const std::string &health, Timestamp since)
{
    Json json = Json::parse(health, nullptr, false);
    if (since == kNoTime || !json.is_object()) {
        return health;
    }
    json[kSince] = since;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Timestamp sinceOf(std::string_view health)
{
    const Json json = Json::parse(health, nullptr, false);
    const auto found = json.is_object() ? json.find(kSince) : json.end();
    return found != json.end() && found->is_number_integer() ? found->get<Timestamp>() : kNoTime;
}

} // namespace

std::string receiverKindName(ReceiverKind kind)
{
    constexpr std::array<const char *, 3> kNames{"nss", "cloud-nss", "folder"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string ReceiverConfig::key() const
{
    return receiverKindName(kind) + ":" + place;
}

std::string receiverJson(const ReceiverConfig &c)
{
    const Json json = {{"kind", receiverKindName(c.kind)},
                       {"place", c.place},
                       {"certificate", c.certificate},
                       {"private_key", c.privateKey},
                       {"token_hash", c.tokenHash},
                       {"allowed", c.allowed},
                       {"zone", c.zone},
                       {"type", c.forcedType},
                       {"format", c.format},
                       {"patience", c.patienceMicros},
                       {"enabled", c.enabled}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<ReceiverConfig> receiverFromJson(std::string_view source)
{
    const Json json = Json::parse(source, nullptr, false);
    if (!json.is_object()) {
        return std::nullopt;
    }
    ReceiverConfig c;
    const std::string kind = text(json, "kind");
    c.kind = kind == "folder" ? ReceiverKind::Folder : kind == "cloud-nss" ? ReceiverKind::CloudNss : ReceiverKind::Nss;
    c.place = text(json, "place");
    c.certificate = text(json, "certificate");
    c.privateKey = text(json, "private_key");
    c.tokenHash = text(json, "token_hash");
    c.allowed = text(json, "allowed");
    c.zone = text(json, "zone");
    c.forcedType = text(json, "type");
    c.format = text(json, "format");
    if (const auto patience = json.find("patience"); patience != json.end() && patience->is_number_integer()) {
        c.patienceMicros = patience->get<std::int64_t>();
    }
    c.enabled = flag(json, "enabled");
    return c;
}

Result<std::vector<Receivers::Kept>> Receivers::kept()
{
    return m_engine.catalog->read([](store::Database &db) -> Result<std::vector<Kept>> {
        auto query = db.prepare("SELECT key, state, config, health FROM source WHERE config <> '' ORDER BY key");
        if (!query) {
            return fail(query.error());
        }
        std::vector<Kept> rows;
        for (auto row = query->step();; row = query->step()) {
            if (!row) {
                return fail(row.error());
            }
            if (!*row) {
                return rows;
            }
            if (auto config = receiverFromJson(query->text(2))) {
                rows.push_back({std::string(query->text(0)), std::string(query->text(1)), std::move(*config),
                                healthFromJson(query->text(3)).value_or(Health{}), sinceOf(query->text(3))});
            }
        }
    });
}

Result<Receivers::Kept> Receivers::keptOne(const std::string &key)
{
    auto rows = kept();
    if (!rows) {
        return fail(rows.error());
    }
    for (Kept &row : *rows) {
        if (row.key == key) {
            return std::move(row);
        }
    }
    return fail("NJ-WORK-030", "There is no receiver " + key, "it is not configured",
                "List the sources for their keys.");
}

Status Receivers::keep(const std::string &key, const ReceiverConfig &config)
{
    const std::string json = receiverJson(config);
    const std::string kind = receiverKindName(config.kind);
    return m_engine.catalog->write([&](store::Database &db) -> Status {
        auto save =
            db.prepare("INSERT INTO source(key, name, kind, state, records, duplicates, quarantined, last, config)"
                       " VALUES(?1,?2,?3,'stopped',0,0,0,?4,?5) ON CONFLICT(key) DO UPDATE SET config=?5");
        if (!save) {
            return fail(save.error());
        }
        save->bind(1, std::string_view(key)).bind(2, std::string_view(key)).bind(3, std::string_view(kind));
        return save->bind(4, m_engine.clock.now()).bind(5, std::string_view(json)).run();
    });
}

Status Receivers::keepHealth(const std::string &key, const Health &health, const std::string &state, Timestamp since)
{
    const std::string json = withSince(healthJson(health), since);
    return m_engine.catalog->write([&](store::Database &db) -> Status {
        auto save = db.prepare("UPDATE source SET health=?2, state=?3, records=?4, duplicates=?5, quarantined=?6,"
                               " last=max(last, ?7) WHERE key=?1");
        if (!save) {
            return fail(save.error());
        }
        save->bind(1, std::string_view(key)).bind(2, std::string_view(json)).bind(3, std::string_view(state));
        save->bind(4, health.records).bind(5, health.duplicates).bind(6, health.quarantined);
        return save->bind(7, health.lastReceived == kNoTime ? 0 : health.lastReceived).run();
    });
}

} // namespace nightjar::workspace
