// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "playbook/reading.h"

#include "base/text.h"
#include "base/time.h"

#include <algorithm>

namespace nightjar::playbook {

namespace {

constexpr const char *kReadMe = "The README's chapter on playbooks lists what may stand here.";

std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

bool isId(std::string_view text)
{
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

void checkNames(const std::vector<std::string> &names, const std::vector<std::string_view> &known, const YamlNode &node,
                Problems &problems, const std::string &what)
{
    for (const std::string &name : names) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            std::string all;
            for (const std::string_view word : known) {
                all += (all.empty() ? "" : ", ") + std::string(word);
            }
            problems.add("NJ-PLAYBOOK-004", problems.placeOf(node),
                         "There is no " + what + " \"" + visible(name) + "\"", "it is one of " + all, kReadMe);
        }
    }
}

AlertTrigger readAlertTrigger(const YamlNode &node, Problems &problems)
{
    AlertTrigger trigger;
    if (node.kind == YamlNode::Kind::Null) {
        return trigger;
    }
    problems.refuseOthers(node, {"engine", "rule", "severity", "entity", "tag", "verdict"}, "alert");
    for (const auto &[key, value] : node.members) {
        const std::vector<std::string> texts = readTexts(value, problems);
        if (key == "engine") {
            checkNames(texts, {"sigma", "intel", "anomaly", "zscaler"}, value, problems, "engine");
            trigger.engines = texts;
        } else if (key == "rule") {
            trigger.rules = texts;
        } else if (key == "entity") {
            trigger.entities = texts;
        } else if (key == "tag") {
            trigger.tags = texts;
        } else if (key == "severity") {
            trigger.severity = texts.size() == 1 ? alerts::parseSeverity(texts.front()) : std::nullopt;
            if (!trigger.severity) {
                problems.add("NJ-PLAYBOOK-004", problems.placeOf(value), "This is no severity",
                             "it is one of informational, low, medium, high, critical, and means at least that",
                             kReadMe);
            }
        } else if (key == "verdict") {
            for (const std::string &text : texts) {
                const auto verdict = alerts::parseVerdict(text);
                if (!verdict) {
                    problems.add("NJ-PLAYBOOK-004", problems.placeOf(value), "This is no verdict",
                                 "it is one of none, true_positive, benign, false_positive, duplicate", kReadMe);
                    continue;
                }
                trigger.verdicts.push_back(*verdict);
            }
        }
    }
    return trigger;
}

/// "02:30" in minutes.
std::optional<int> minuteOfDay(std::string_view text)
{
    constexpr int kHours = 24;
    constexpr int kMinutes = 60;
    const auto parts = split(text, ':');
    const auto hour = parts.size() == 2 ? parseInteger(parts[0]) : std::nullopt;
    const auto minute = parts.size() == 2 ? parseInteger(parts[1]) : std::nullopt;
    if (!hour || !minute || *hour < 0 || *hour >= kHours || *minute < 0 || *minute >= kMinutes) {
        return std::nullopt;
    }
    return static_cast<int>(*hour * kMinutes + *minute);
}

ScheduleTrigger readSchedule(const YamlNode &node, Problems &problems)
{
    constexpr std::int64_t kShortest = 60 * kMicrosPerSecond;
    ScheduleTrigger trigger;
    problems.refuseOthers(node, {"every", "daily", "zone"}, "schedule");
    const YamlNode *every = node.find("every");
    const YamlNode *daily = node.find("daily");
    if ((every == nullptr) == (daily == nullptr)) {
        problems.add("NJ-PLAYBOOK-003", problems.placeOf(node), "The schedule needs either every or daily",
                     every == nullptr ? "none of the two is there" : "both are there",
                     "Write every: 1h, or daily: \"02:00\" with zone: Europe/Berlin.");
    } else if (every != nullptr) {
        const auto span = parseDuration(every->text);
        if (!span || *span < kShortest) {
            problems.add("NJ-PLAYBOOK-004", problems.placeOf(*every), "This is no interval", "it takes 1m or longer",
                         "Write 15m, 1h or 7d.");
        }
        trigger.every = span.value_or(kShortest);
    } else {
        const auto minute = minuteOfDay(daily->text);
        if (!minute) {
            problems.add("NJ-PLAYBOOK-004", problems.placeOf(*daily), "This is no time of day",
                         "it takes hours and minutes", "Write \"02:00\", with quotes.");
        }
        trigger.minuteOfDay = minute.value_or(0);
    }
    if (const YamlNode *zone = node.find("zone")) {
        if (const auto known = TimeZone::named(zone->text); !known) {
            Error error = known.error();
            error.place = problems.placeOf(*zone);
            problems.add(std::move(error));
        } else {
            trigger.zone = zone->text;
        }
    }
    return trigger;
}

void readTrigger(const YamlNode &node, Playbook &playbook, Problems &problems)
{
    problems.refuseOthers(node, {"alert", "new_indicator", "schedule", "manual"}, "trigger");
    if (const YamlNode *alert = node.find("alert")) {
        playbook.onAlert = readAlertTrigger(*alert, problems);
    }
    if (const YamlNode *schedule = node.find("schedule")) {
        playbook.onSchedule = readSchedule(*schedule, problems);
    }
    if (const YamlNode *indicator = node.find("new_indicator")) {
        playbook.onIndicator.emplace();
        problems.refuseOthers(*indicator, {"type", "source"}, "new_indicator");
        for (const auto &[key, value] : indicator->members) {
            (key == "type" ? playbook.onIndicator->types : playbook.onIndicator->sources) = readTexts(value, problems);
        }
    }
}

void readHead(const YamlNode &root, Playbook &playbook, Problems &problems)
{
    const YamlNode *version = root.find("nightjar_playbook");
    if (version == nullptr || parseInteger(version->text) != kFormatVersion) {
        problems.add("NJ-PLAYBOOK-008", version == nullptr ? problems.placeOf(root) : problems.placeOf(*version),
                     "The version of the format is not known",
                     version == nullptr ? "nightjar_playbook is missing" : "this program reads version 1",
                     "Begin the file with nightjar_playbook: 1.");
    }
    playbook.id = root.textOf("id");
    if (!isId(playbook.id)) {
        const YamlNode *id = root.find("id");
        problems.add(id == nullptr ? "NJ-PLAYBOOK-003" : "NJ-PLAYBOOK-004",
                     problems.placeOf(id == nullptr ? root : *id), "The playbook needs an id",
                     "it takes up to 64 of the characters a-z, 0-9 and dash", "Write id: block-on-hit.");
    }
    playbook.title = root.textOf("title");
    if (playbook.title.empty()) {
        problems.add("NJ-PLAYBOOK-003", problems.placeOf(root), "The playbook needs a title", "title is missing",
                     "Say in a few words what it does.");
    }
    playbook.description = root.textOf("description");
    if (const YamlNode *own = root.find("version")) {
        const auto number = parseInteger(own->text);
        if (!number || *number < 1 || *number > 1'000'000) {
            problems.add("NJ-PLAYBOOK-004", problems.placeOf(*own), "This is no version", "it takes a whole number",
                         "Write version: 1 and count up with each change.");
        }
        playbook.version = static_cast<int>(number.value_or(1));
    }
    if (const YamlNode *limit = root.find("actions_an_hour")) {
        const auto number = parseInteger(limit->text);
        if (!number || *number < 1 || *number > 10'000) {
            problems.add("NJ-PLAYBOOK-004", problems.placeOf(*limit), "This is no number of actions",
                         "it takes 1 to 10000", "Write actions_an_hour: 20.");
        }
        playbook.actionsAnHour = static_cast<int>(number.value_or(1));
    }
}

Playbook readRoot(const YamlNode &root, Problems &problems)
{
    Playbook playbook;
    problems.refuseOthers(root,
                          {"nightjar_playbook", "id", "version", "title", "description", "trigger", "conditions",
                           "steps", "actions_an_hour"},
                          "a playbook");
    readHead(root, playbook, problems);
    if (const YamlNode *trigger = root.find("trigger"); trigger != nullptr && trigger->isMap()) {
        readTrigger(*trigger, playbook, problems);
    } else {
        problems.add("NJ-PLAYBOOK-003", problems.placeOf(trigger == nullptr ? root : *trigger),
                     "The playbook needs a trigger", "it says when to run",
                     "Write trigger: {manual: true}, or alert, new_indicator, schedule.");
    }
    if (const YamlNode *conditions = root.find("conditions")) {
        playbook.conditions = readCondition(*conditions, problems);
    }
    if (const YamlNode *steps = root.find("steps"); steps != nullptr && steps->isList() && !steps->items.empty()) {
        playbook.steps = readSteps(*steps, problems);
    } else {
        problems.add("NJ-PLAYBOOK-003", problems.placeOf(steps == nullptr ? root : *steps), "The playbook needs steps",
                     "steps is a list with at least one step", "Write steps: and - note: …");
    }
    return playbook;
}

} // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view> &known)
{
    std::string_view best;
    std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const std::string_view candidate : known) {
        if (const std::size_t far = distance(word, candidate); far < least) {
            least = far;
            best = candidate;
        }
    }
    return best;
}

Problems::Problems(std::string_view text, std::string file)
    : m_file(std::move(file))
    , m_lines(split(text, '\n'))
{
}

void Problems::add(std::string code, const Place &place, std::string title, std::string reason, std::string hint)
{
    m_errors.push_back({std::move(code), std::move(title), std::move(reason), place, std::move(hint)});
}

Place Problems::placeOfKey(const std::string &key, const YamlNode &value) const
{
    for (std::uint64_t line = std::min<std::uint64_t>(value.line, m_lines.size()); line > 0; --line) {
        const std::string_view text = m_lines[static_cast<std::size_t>(line - 1)];
        for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
            const std::string_view behind = text.substr(at + key.size());
            const std::size_t colon = behind.find_first_not_of(" \"'");
            if (colon != std::string_view::npos && behind[colon] == ':') {
                return {m_file, line, at + 1};
            }
        }
    }
    return placeOf(value);
}

void Problems::refuseOthers(const YamlNode &map, const std::vector<std::string_view> &known, const std::string &where)
{
    if (!map.isMap()) {
        add("NJ-PLAYBOOK-004", placeOf(map), "A map is expected for " + where, "keys with values belong here", kReadMe);
        return;
    }
    for (const auto &[key, value] : map.members) {
        if (std::find(known.begin(), known.end(), key) != known.end()) {
            continue;
        }
        const std::string_view meant = nearest(key, known);
        std::string all;
        for (const std::string_view word : known) {
            all += (all.empty() ? "" : ", ") + std::string(word);
        }
        add("NJ-PLAYBOOK-002", placeOfKey(key, value), "\"" + visible(key) + "\" is no key of " + where,
            "it knows " + all, meant.empty() ? kReadMe : "Did you mean " + std::string(meant) + "?");
    }
}

Reading read(std::string_view text, const std::string &file)
{
    Problems problems(text, file);
    Reading reading;
    sigma::YamlDocuments documents = sigma::readYaml(text);
    if (!documents.problem.code.empty()) {
        Error error = documents.problem;
        error.code = "NJ-PLAYBOOK-001";
        error.title = "The playbook is not readable as YAML";
        error.place.file = file;
        reading.problems.push_back(std::move(error));
        return reading;
    }
    if (documents.documents.size() != 1 || !documents.documents.front().isMap()) {
        problems.add("NJ-PLAYBOOK-001", {file, 1, 1}, "The file holds no playbook",
                     documents.documents.size() > 1
                         ? "it holds several documents; a file is one playbook"
                         : "a map with nightjar_playbook, id, title, trigger and steps is expected",
                     "Begin with nightjar_playbook: 1.");
        reading.problems = problems.take();
        return reading;
    }
    Playbook playbook = readRoot(documents.documents.front(), problems);
    playbook.file = file;
    playbook.text = text;
    checkReferences(playbook, problems);
    reading.problems = problems.take();
    std::stable_sort(reading.problems.begin(), reading.problems.end(), [](const Error &a, const Error &b) {
        return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    if (reading.problems.empty()) {
        reading.playbook = std::move(playbook);
    }
    return reading;
}

} // namespace nightjar::playbook
