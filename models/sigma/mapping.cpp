// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sigma/mapping.h"

#include "event/schema.h"
#include "sigma/flatjson.h"

#include <initializer_list>

namespace nightjar::sigma {

namespace {

using Known = std::map<std::string, std::vector<Candidate>, std::less<>>;

Candidate column(event::Field field)
{
    return {Derived::None, std::string(event::name(field)), false};
}
Candidate derived(Derived kind, bool covered = false)
{
    return {kind, {}, covered};
}

void give(Known &known, std::initializer_list<std::string_view> names, const std::vector<Candidate> &candidates)
{
    for (const std::string_view name : names) {
        known[std::string(name)] = candidates;
    }
}

void addUrlFields(Known &known)
{
    using F = event::Field;
    give(known, {"c-uri", "cs-uri", "uri", "url", "URL", "http.url"},
         {derived(Derived::FullUrl), derived(Derived::FullUrlDecoded), derived(Derived::Url, true),
          derived(Derived::UrlDecoded, true), derived(Derived::PathQuery, true),
          derived(Derived::PathQueryDecoded, true)});
    give(known, {"cs-uri-stem", "c-uri-stem", "uri_path"}, {derived(Derived::Path), derived(Derived::PathDecoded)});
    give(known, {"cs-uri-query", "c-uri-query", "uri_query"},
         {derived(Derived::PathQuery), derived(Derived::PathQueryDecoded), derived(Derived::Query, true),
          derived(Derived::QueryDecoded, true)});
    give(known, {"c-uri-extension", "cs-uri-extension", "url.extension"},
         {derived(Derived::Extension), derived(Derived::FileExtension)});
    give(known, {"cs-host", "r-dns", "host", "Host", "DestinationHostname", "dst_host"},
         {column(F::UrlDomain), column(F::DestinationDomain), derived(Derived::Host)});
}

void addWebFields(Known &known)
{
    using F = event::Field;
    give(known, {"c-useragent", "cs-user-agent", "c-user-agent", "user_agent", "UserAgent"},
         {derived(Derived::UserAgent)});
    give(known, {"cs-method", "method", "http_method"}, {column(F::HttpRequestMethod)});
    give(known, {"sc-status", "status_code", "status"}, {column(F::HttpResponseStatusCode)});
    give(known, {"cs-referrer", "cs-referer", "referrer", "referer"}, {column(F::HttpRequestReferrer)});
    give(known, {"cs-bytes", "bytes_out"}, {column(F::SourceBytes)});
    give(known, {"sc-bytes", "bytes_in"}, {column(F::DestinationBytes)});
    give(known, {"sc-content-type", "rs-content-type", "resp_mime_types"}, {column(F::HttpResponseMimeType)});
    give(known, {"cs-version"}, {{Derived::None, "zscaler.reqversion", false}});
    give(known, {"filename", "Filename", "file_name"}, {column(F::FileName)});
    give(known, {"md5"}, {column(F::FileHashMd5)});
    give(known, {"sha256"}, {column(F::FileHashSha256)});
    give(known, {"application", "app"}, {column(F::NetworkApplication)});
    give(known, {"category", "sc-category"}, {column(F::UrlCategory), column(F::UrlSupercategory)});
}

void addNetworkFields(Known &known)
{
    using F = event::Field;
    give(known, {"src_ip", "c-ip", "SourceIp", "id.orig_h"}, {column(F::SourceIp), column(F::SourceNatIp)});
    give(known, {"dst_ip", "s-ip", "r-ip", "DestinationIp", "id.resp_h"},
         {column(F::DestinationIp), column(F::DestinationNatIp)});
    give(known, {"src_port", "c-port", "SourcePort", "id.orig_p"}, {column(F::SourcePort)});
    give(known, {"dst_port", "s-port", "r-port", "DestinationPort", "id.resp_p"}, {column(F::DestinationPort)});
    give(known, {"cs-username", "username", "user", "User"}, {column(F::UserName), column(F::UserEmail)});
    give(known, {"protocol", "proto"}, {column(F::NetworkTransport), column(F::NetworkProtocol)});
    give(known, {"action", "Action"},
         {column(F::EventAction), derived(Derived::ActionFirst), derived(Derived::ActionSecond),
          derived(Derived::ActionThird)});
    give(known, {"blocked"}, {derived(Derived::Blocked)});
    give(known, {"query", "QueryName", "dns.question.name"}, {derived(Derived::QueryName)});
    give(known, {"record_type", "qtype_name", "QueryType"}, {column(F::DnsQuestionType)});
    give(known, {"answer", "answers", "QueryResults", "dns.answers.data"}, {column(F::DnsResolvedIp)});
    give(known, {"rcode_name"}, {column(F::DnsResponseCode)});
    give(known, {"rule", "rulename"}, {column(F::RuleName)});
    give(known, {"url.registered_domain", "destination.registered_domain"}, {derived(Derived::UrlRegistered)});
    give(known, {"dns.question.registered_domain"}, {derived(Derived::DnsRegistered)});
    give(known, {std::string_view(event::kTimeField)}, {derived(Derived::Time)});
}

} // namespace

const FieldMapping &FieldMapping::zscaler()
{
    static const FieldMapping mapping = [] {
        FieldMapping result;
        for (const event::FieldInfo &field : event::fields()) {
            result.m_known[std::string(field.name)] = {{Derived::None, std::string(field.name), false}};
        }
        addUrlFields(result.m_known);
        addWebFields(result.m_known);
        addNetworkFields(result.m_known);
        return result;
    }();
    return mapping;
}

const FieldMapping &FieldMapping::raw()
{
    static const FieldMapping mapping = [] {
        FieldMapping result;
        result.m_raw = true;
        return result;
    }();
    return mapping;
}

std::vector<Candidate> FieldMapping::candidates(std::string_view field) const
{
    if (m_raw) {
        return {{Derived::None, rawColumn(field), false}};
    }
    if (const auto found = m_known.find(field); found != m_known.end()) {
        return found->second;
    }
    if (const auto alias = event::findField(field)) {
        return {column(*alias)};
    }
    const std::string name(field);
    if (field.substr(0, event::kExtraPrefix.size()) == event::kExtraPrefix) {
        return {{Derived::None, name, false}};
    }
    return {{Derived::None, std::string(event::kExtraPrefix) + name, false}};
}

bool FieldMapping::knows(std::string_view field) const
{
    return m_raw || field.substr(0, event::kExtraPrefix.size()) == event::kExtraPrefix ||
           m_known.find(field) != m_known.end() || event::findField(field).has_value();
}

} // namespace nightjar::sigma
