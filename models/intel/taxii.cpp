// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "intel/taxii.h"

#include "base/text.h"
#include "base/url.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace nightjar::intel {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kAccept = "application/taxii+json;version=2.1";

std::string textOf(const Json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Error notTaxii(const std::string &url, std::string reason)
{
    return {"NJ-INTEL-070",
            "This is no TAXII 2.1 server",
            std::move(reason),
            {net::originOf(url), 0, 0},
            "Enter the address of the server, of an API root or of a collection. TAXII 1 and 2.0 are not spoken."};
}

std::string withSlash(std::string url)
{
    return url.ends_with('/') || url.find('?') != std::string::npos ? url : url + "/";
}

/// Is this an answer of a TAXII server, and whole?
Status judge(const std::string &url, const net::HttpResponse &answer, Json &out)
{
    out = Json::parse(answer.body, nullptr, false);
    if (!out.is_object()) {
        const bool page = asciiLower(answer.header("Content-Type")).find("html") != std::string::npos;
        return fail(notTaxii(url, page ? "it answers with a web page" : "the answer is broken or no JSON object"));
    }
    return {};
}

} // namespace

Result<Json> TaxiiClient::ask(const std::string &url, const CancelToken &cancel, net::HttpResponse *answer)
{
    Json out;
    auto got = m_fetch.get(url, {{"Accept", std::string(kAccept)}},
                           [&](const net::HttpResponse &response) { return judge(url, response, out); }, cancel,
                           {400, 406, 416});
    if (!got) {
        return fail(got.error());
    }
    const std::string type = asciiLower(got->header("Content-Type"));
    if (got->status == 406 || got->status == 416 || type.find("vnd.oasis.taxii") != std::string::npos) {
        return fail(notTaxii(url, "it seems to speak TAXII 2.0"));
    }
    if (answer != nullptr) {
        *answer = std::move(*got);
    } else if (got->status != 200) {
        return fail(notTaxii(url, "it answers " + std::to_string(got->status)));
    }
    return out;
}

void TaxiiClient::addCollections(const Json &list, const std::string &base, std::vector<TaxiiCollection> &out)
{
    const auto found = list.find("collections");
    if (found == list.end() || !found->is_array()) {
        return; // `{}` is a valid empty answer
    }
    for (const Json &one : *found) {
        if (!one.is_object() || textOf(one, "id").empty()) {
            continue;
        }
        const auto readable = one.find("can_read");
        const std::string id = textOf(one, "id");
        out.push_back({id, textOf(one, "title"), textOf(one, "alias"), withSlash(base) + id + "/",
                       readable == one.end() || *readable != false});
    }
}

Status TaxiiClient::addRoot(const std::string &root, std::vector<TaxiiCollection> &out, const CancelToken &cancel)
{
    const std::string url = withSlash(root) + "collections/";
    const auto list = ask(url, cancel);
    if (!list) {
        return fail(list.error());
    }
    addCollections(*list, url, out);
    return {};
}

Result<std::vector<TaxiiCollection>> TaxiiClient::collections(const CancelToken &cancel)
{
    m_problems.clear();
    std::string url = withSlash(m_options.url);
    if (url.ends_with("/objects/") || url.ends_with("/manifest/")) {
        url = url.substr(0, url.rfind('/', url.size() - 2) + 1);
    }
    auto about = ask(url, cancel);
    if (!about && splitUrl(url).path == "/") {
        about = ask(url += "taxii2/", cancel);
    }
    std::vector<TaxiiCollection> out;
    if (!about) { // a root may hide its description
        if (about.error().code != "NJ-INTEL-061" || !addRoot(url, out, cancel)) {
            return fail(about.error());
        }
        return out;
    }
    if (about->contains("collections") || url.ends_with("/collections/")) {
        addCollections(*about, url, out);
        return out;
    }
    if (!textOf(*about, "id").empty() && !about->contains("api_roots") && !about->contains("versions")) {
        addCollections({{"collections", {*about}}}, url.substr(0, url.rfind('/', url.size() - 2) + 1), out);
        out.front().url = url; // an alias may stand in it instead of the id
        return out;
    }
    std::vector<std::string> roots;
    const auto note = [&](const std::string &root) {
        const std::string whole = root.empty() ? root : withSlash(resolveUrl(url, root));
        if (!whole.empty() && std::find(roots.begin(), roots.end(), whole) == roots.end()) {
            roots.push_back(whole);
        }
    };
    note(textOf(*about, "default"));
    for (const Json &root : about->value("api_roots", Json::array())) {
        note(root.is_string() ? root.get<std::string>() : std::string());
    }
    if (roots.empty()) {
        roots.push_back(url);
    }
    for (const std::string &root : roots) {
        if (auto added = addRoot(root, out, cancel); !added) {
            m_problems.push_back(added.error());
        }
    }
    if (m_problems.size() == roots.size()) {
        return fail(m_problems.front());
    }
    return out;
}

} // namespace nightjar::intel
