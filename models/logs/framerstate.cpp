// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/framer.h"
#include "logs/tokens.h"

#include "base/text.h"

#include <algorithm>

namespace nightjar::logs {

namespace {

constexpr std::string_view kStateMark = "nj-framer-1";
constexpr std::size_t kMaxHeaderBytes = 64U << 10U;
constexpr std::size_t kMaxNames = 1'000;

/// A column name: letter first, no digits-and-punctuation values such as dates, addresses, numbers.
bool isColumnName(std::string_view name)
{
    if (name.empty() || name.size() > 64) {
        return false;
    }
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (!letter(name.front()) && name.front() != '_' && name.front() != '@') {
        return false;
    }
    return std::all_of(name.begin(), name.end(), [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == ' ' || c == '-' || c == '.' || c == '/' ||
               c == '(' || c == ')' || c == '@' || c == '#' || c == '%' || c == '\'';
    });
}

bool acceptable(const std::vector<std::string> &names)
{
    if (names.size() < 2 || names.size() > kMaxNames || !std::all_of(names.begin(), names.end(), isColumnName)) {
        return false;
    }
    std::vector<std::string> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
        return false;
    }
    const auto known = [](const std::string &name) { return isKnownKey(name); };
    const auto plain = [](const std::string &name) {
        return name.find_first_of(" .@") == std::string::npos || name.size() < 24;
    };
    return std::any_of(names.begin(), names.end(), known) || std::all_of(names.begin(), names.end(), plain);
}

} // namespace

std::string_view encodingName(Encoding encoding)
{
    switch (encoding) {
    case Encoding::Json:
        return "json";
    case Encoding::JsonArray:
        return "json-array";
    case Encoding::Csv:
        return "csv";
    case Encoding::KeyValue:
        return "key=value";
    case Encoding::Cef:
        return "cef";
    case Encoding::Leef:
        return "leef";
    case Encoding::Syslog:
        return "syslog";
    case Encoding::Unknown:
        break;
    }
    return "unknown";
}

std::optional<CsvHeader> csvHeader(std::string_view line)
{
    if (line.size() > kMaxHeaderBytes || looksLikeKeyValue(line)) {
        return std::nullopt;
    }
    CsvHeader header;
    for (const char delimiter : {',', '\t', ';', '|'}) {
        std::vector<std::string> cells;
        if (line.find(delimiter) == std::string_view::npos || !splitCsvRecord(line, delimiter, cells)) {
            continue;
        }
        for (std::string &cell : cells) {
            cell = std::string(trim(cell));
        }
        while (!cells.empty() && cells.back().empty()) {
            cells.pop_back();
        }
        if (acceptable(cells) && cells.size() > header.names.size()) {
            header.names = std::move(cells);
            header.delimiter = delimiter;
        }
    }
    if (header.names.empty()) {
        return std::nullopt;
    }
    header.line = std::string(line);
    return header;
}

bool looksLikeKeyValue(std::string_view line)
{
    std::size_t found = 0;
    std::size_t begin = 0;
    for (int cells = 0; cells < 4 && begin <= line.size(); ++cells) {
        std::size_t end = line.find('\t', begin);
        end = end == std::string_view::npos ? line.size() : end;
        const std::string_view cell = line.substr(begin, end - begin);
        const std::size_t equals = cell.find('=');
        const auto keyByte = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
        };
        if (equals != std::string_view::npos && equals > 0 && equals <= 64 &&
            std::all_of(cell.begin(), cell.begin() + static_cast<std::ptrdiff_t>(equals), keyByte)) {
            ++found;
        }
        begin = end + 1;
    }
    return found >= 2;
}

std::string FramerState::toText() const
{
    std::string flags;
    flags += inArray ? 'a' : '-';
    flags += skipping ? 's' : '-';
    flags += lineUsed ? 'l' : '-';
    flags += sawRecord ? 'r' : '-';
    return std::string(kStateMark) + ' ' + std::to_string(offset) + ' ' + std::to_string(next.line) + ' ' +
           std::to_string(next.index) + ' ' + flags + ' ' + base64Encode(header);
}

Result<FramerState> FramerState::fromText(std::string_view text)
{
    const std::vector<std::string_view> parts = split(text, ' ');
    const auto bad = [] {
        return fail("NJ-LOGS-010", "A saved position is not readable", "it is not of the form this version writes",
                    "Import the file again from its beginning.");
    };
    if (parts.size() != 6 || parts[0] != kStateMark || parts[4].size() != 4) {
        return bad();
    }
    const auto offset = parseInteger(parts[1]);
    const auto line = parseInteger(parts[2]);
    const auto index = parseInteger(parts[3]);
    const auto header = base64Decode(parts[5]);
    if (!offset || !line || !index || !header || *offset < 0 || *line < 1 || *index < 1) {
        return bad();
    }
    FramerState state;
    state.offset = static_cast<std::uint64_t>(*offset);
    state.next = {static_cast<std::uint64_t>(*line), static_cast<std::uint64_t>(*index)};
    state.inArray = parts[4][0] == 'a';
    state.skipping = parts[4][1] == 's';
    state.lineUsed = parts[4][2] == 'l';
    state.sawRecord = parts[4][3] == 'r';
    state.header = *header;
    return state;
}

} // namespace nightjar::logs
