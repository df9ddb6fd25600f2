// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/address.h"
#include "base/domain.h"
#include "base/text.h"
#include "intel/warninglist.h"

#include <nlohmann/json.hpp>

namespace nightjar::intel {

Result<ConvertedList> convertMispList(std::string_view json)
{
    const auto list = nlohmann::json::parse(json, nullptr, false);
    const auto text = [&](const char *key) {
        const auto found = list.is_object() ? list.find(key) : list.end();
        return list.is_object() && found != list.end() && found->is_string() ? found->get<std::string>()
                                                                             : std::string();
    };
    const auto refused = [](std::string why) {
        return fail("NJ-INTEL-051", "The warning list cannot be used", std::move(why),
                    "Lists of MISP with the type string, hostname or cidr can be; hosts and networks count.");
    };
    if (!list.is_object() || !list.contains("list") || !list["list"].is_array() || text("name").empty()) {
        return refused("it is no warning list of MISP");
    }
    const std::string type = text("type");
    if (type != "string" && type != "hostname" && type != "cidr") {
        return refused("its type is \"" + type + "\"");
    }
    ConvertedList out;
    out.title = visible(text("name").substr(0, 120));
    out.text = "# title: " + out.title + "\n# effect: silence\n";
    for (const auto &entry : list["list"]) {
        const std::string raw = entry.is_string() ? entry.get<std::string>() : std::string();
        const std::string_view value = trim(raw);
        const bool below = value.starts_with('.');
        const bool usable =
            IpAddress::parse(value) || Cidr::parse(value) ||
            (value.find('.', 1) != std::string_view::npos && canonicalDomain(value.substr(below ? 1 : 0)));
        ++(usable ? out.taken : out.leftOut);
        if (usable) {
            out.text.append(value) += '\n';
        }
    }
    return out.taken > 0 ? Result<ConvertedList>(std::move(out)) : refused("no entry is a host or a network");
}

} // namespace nightjar::intel
