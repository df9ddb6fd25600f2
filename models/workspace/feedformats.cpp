// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/feedformats.h"

#include "base/files.h"

#include <algorithm>
#include <system_error>

namespace nightjar::workspace {

namespace {

constexpr std::string_view kHead = "nightjar-feed-format 1\nescape=";
constexpr std::string_view kSuffix = ".feed";
constexpr std::size_t kMaxName = 64;
constexpr int kMaxNumbered = 999;

bool isName(std::string_view name)
{
    return !name.empty() && name.size() <= kMaxName && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_' || c == '.' || c == ' ';
           });
}

/// A file name as a name of a format.
std::string madeName(std::string_view given)
{
    std::string name(given.substr(0, kMaxName - 4));
    std::replace_if(
        name.begin(), name.end(), [](char c) { return !isName(std::string_view(&c, 1)) && c != '.'; }, '-');
    name.erase(0, std::min(name.find_first_not_of('.'), name.size()));
    return name.empty() ? std::string("format") : name;
}

Error unknown(const std::string &name)
{
    return {"NJ-WORK-060",
            "There is no feed format " + name,
            "the workspace keeps none of that name",
            {},
            "See \"feed list\"; \"feed save\" keeps one."};
}

} // namespace

std::filesystem::path FeedFormats::fileOf(const std::string &name) const
{
    return m_folder / (name + std::string(kSuffix));
}

Result<KeptFeedFormat> FeedFormats::get(const std::string &name) const
{
    if (!isName(name)) {
        return fail(unknown(name));
    }
    const auto bytes = readFile(fileOf(name), 2 * logs::kMaxFeedFormatBytes);
    if (!bytes || !bytes->starts_with(kHead)) {
        return fail(unknown(name));
    }
    const std::size_t lineEnd = bytes->find('\n', kHead.size());
    if (lineEnd == std::string::npos) {
        return fail(unknown(name));
    }
    return KeptFeedFormat{name, bytes->substr(kHead.size(), lineEnd - kHead.size()), bytes->substr(lineEnd + 1)};
}

std::vector<KeptFeedFormat> FeedFormats::list() const
{
    std::vector<KeptFeedFormat> formats;
    std::error_code none;
    for (const auto &entry : std::filesystem::directory_iterator(m_folder, none)) {
        if (entry.path().extension() == kSuffix) {
            if (auto format = get(entry.path().stem().string())) {
                formats.push_back(std::move(*format));
            }
        }
    }
    std::sort(formats.begin(), formats.end(),
              [](const KeptFeedFormat &left, const KeptFeedFormat &right) { return left.name < right.name; });
    return formats;
}

Status FeedFormats::save(const KeptFeedFormat &format) const
{
    if (!isName(format.name) || format.escape.find('\n') != std::string::npos) {
        return fail("NJ-WORK-061", "A feed format cannot have the name " + format.name,
                    "names are 1 to 64 letters, digits, blanks and - _ .");
    }
    std::error_code problem;
    std::filesystem::create_directories(m_folder, problem);
    if (problem) {
        return fail(systemError("NJ-WORK-062", "The feed format could not be kept", m_folder, problem.value()));
    }
    return writeFileAtomically(fileOf(format.name), std::string(kHead) + format.escape + '\n' + format.text);
}

Result<std::string> FeedFormats::keep(KeptFeedFormat format) const
{
    const std::string base = madeName(format.name);
    for (int number = 1; number <= kMaxNumbered; ++number) {
        format.name = number == 1 ? base : base + '-' + std::to_string(number);
        const auto there = get(format.name);
        if (there && there->text == format.text && there->escape == format.escape) {
            return format.name;
        }
        if (!there) {
            const auto saved = save(format);
            return saved ? Result<std::string>(format.name) : fail(saved.error());
        }
    }
    return fail("NJ-WORK-062", "The feed format could not be kept", "there are too many formats named " + base);
}

Status FeedFormats::remove(const std::string &name) const
{
    std::error_code problem;
    if (!get(name) || !std::filesystem::remove(fileOf(name), problem)) {
        return fail(unknown(name));
    }
    return {};
}

} // namespace nightjar::workspace
