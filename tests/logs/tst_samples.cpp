// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing.h"

#include "base/files.h"
#include "base/time.h"
#include "support/support.h"

#include <nlohmann/json.hpp>

#include <map>
#include <set>

using namespace nightjar;
using nlohmann::json;

namespace {

const std::set<std::string> kEncodings{"json-lines", "json-pretty", "json-array",  "json-concat",  "csv-header",
                                       "kv-tab",     "dirty",       "syslog-json", "json-cef-keys"};

/// Expected key and the normalised fields that may answer it.
const std::map<std::string, std::vector<std::string>> kFields{
    {"action", {"event.action"}},
    {"user", {"user.name"}},
    {"src_ip", {"source.ip"}},
    {"dst_ip", {"destination.ip"}},
    {"host", {"url.domain", "destination.domain", "dns.question.name"}},
    {"url", {"url.original"}},
    {"bytes_out", {"source.bytes"}},
    {"bytes_in", {"destination.bytes"}},
    {"threat", {"threat.name"}},
    {"rule", {"rule.name"}},
};

/// Empty when the event says what is expected, else what differs.
std::string difference(const json &expected, const json &event)
{
    if (event.value("log_type", "") != expected.at("type")) {
        return "type " + event.value("log_type", "-");
    }
    if (expected.contains("time")) {
        const auto wanted = parseIsoTime(expected.at("time").get<std::string>());
        const auto got = parseIsoTime(event.value("@timestamp", ""));
        if (!wanted || wanted != got) {
            return "time " + event.value("@timestamp", "-");
        }
    }
    for (const auto &[key, names] : kFields) {
        if (!expected.contains(key)) {
            continue;
        }
        bool found = false;
        for (const std::string &name : names) {
            found = found || (event.contains(name) && event.at(name) == expected.at(key));
        }
        if (!found) {
            return key + " is " + (event.contains(names.front()) ? event.at(names.front()).dump() : "absent");
        }
    }
    return {};
}

} // namespace

class TestSamples : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Real and rendered web, firewall and DNS records against what they are known to say.
    void expected()
    {
        const auto root = testsupport::sharedData();
        if (root.empty()) {
            QSKIP("the sample set is not here");
        }
        const auto list = readFile(root / "samples" / "expected.jsonl", 16U << 20U);
        QVERIFY2(list.has_value(), "expected.jsonl");
        std::map<std::string, logs::test::Parsed> parsed;
        std::map<std::string, std::pair<int, int>> perEncoding;
        int wanted = 0;
        int met = 0;
        for (std::size_t at = 0; at < list->size();) {
            const std::size_t end = std::min(list->find('\n', at), list->size());
            const json entry = json::parse(list->substr(at, end - at));
            at = end + 1;
            const std::string type = entry.at("type");
            const std::string encoding = entry.at("encoding");
            if ((type != "web" && type != "firewall" && type != "dns") || !kEncodings.contains(encoding) ||
                !entry.value("recoverable", true)) {
                continue;
            }
            const std::string file = entry.at("file");
            if (!parsed.contains(file)) {
                const auto text = readFile(root / "samples" / file, 16U << 20U);
                QVERIFY2(text.has_value(), file.c_str());
                parsed.emplace(file, logs::test::parseText(*text));
            }
            std::string miss = "no event at this place";
            const logs::test::Parsed &all = parsed.at(file);
            for (std::size_t i = 0; i < all.events.size(); ++i) {
                if (all.positions[i].line == entry.at("line") && all.positions[i].index == entry.at("index")) {
                    miss = difference(entry, json::parse(all.events[i]));
                }
            }
            ++wanted;
            met += miss.empty() ? 1 : 0;
            ++perEncoding[encoding].first;
            perEncoding[encoding].second += miss.empty() ? 1 : 0;
            if (!miss.empty()) {
                qInfo("miss %s:%d (%d): %s", file.c_str(), entry.at("line").get<int>(), entry.at("index").get<int>(),
                      miss.c_str());
            }
        }
        for (const auto &[encoding, count] : perEncoding) {
            qInfo("%s: %d of %d", encoding.c_str(), count.second, count.first);
        }
        QVERIFY(wanted >= 80);
        QVERIFY2(met * 100 >= wanted * 97,
                 qPrintable(QString::number(met) + QStringLiteral(" of ") + QString::number(wanted)));
    }
};

QTEST_GUILESS_MAIN(TestSamples)
#include "tst_samples.moc"
