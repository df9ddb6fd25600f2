// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/rulefiles.h"

#include "base/files.h"
#include "base/text.h"
#include "sigma/documents.h"
#include "sigma/ruleset.h"
#include "sources/input.h"

#include <algorithm>
#include <fstream>
#include <vector>

namespace nightjar::workspace {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMaxFiles = 20'000;

bool isRulePath(const std::string &path)
{
    const std::string lower = asciiLower(path);
    return lower.ends_with(".yml") || lower.ends_with(".yaml");
}

/// Empty when the path leads out of its folder.
std::string safePath(const std::string &path)
{
    const fs::path normal = fs::path(path).lexically_normal();
    const bool outside = normal.is_absolute() || normal.empty() || *normal.begin() == ".." ||
                         path.find('\\') != std::string::npos || path.find('\0') != std::string::npos;
    return outside ? std::string() : normal.generic_string();
}

void take(RuleFiles &files, const std::string &path, std::string text)
{
    const std::string safe = safePath(path);
    if (safe.empty()) {
        files.skipped[path] = "its path leads out of the archive";
        return;
    }
    const sigma::FileDocuments read = sigma::loadDocuments(text, safe);
    const bool any = read.problem || std::any_of(read.documents.begin(), read.documents.end(), [](const auto &d) {
                         return d.kind == sigma::DocumentKind::Correlation || d.kind == sigma::DocumentKind::Filter ||
                                d.node.find("detection") != nullptr || d.node.find("logsource") != nullptr;
                     });
    if (!any) {
        files.skipped[safe] = "it holds no rule";
    } else {
        files.texts[safe] = std::move(text);
    }
}

Result<RuleFiles> readFolder(const fs::path &from, const CancelToken &cancel)
{
    RuleFiles files;
    std::vector<sigma::LoadVerdict> verdicts;
    const std::vector<fs::path> paths{from};
    std::error_code ignored;
    const bool folder = fs::is_directory(from, ignored);
    for (const std::string &file : sigma::ruleFiles(paths, verdicts)) {
        if (cancel.cancelled() || files.texts.size() >= kMaxFiles) {
            break;
        }
        const std::string name =
            folder ? fs::path(file).lexically_relative(from).generic_string() : from.filename().string();
        auto text = readFile(file, sigma::kMaxYamlBytes);
        if (text) {
            take(files, name, std::move(*text));
        } else {
            files.skipped[name] = text.error().reason;
        }
    }
    for (const sigma::LoadVerdict &verdict : verdicts) {
        files.skipped[verdict.file] = verdict.reason;
    }
    return files;
}

Result<std::string> readMember(sources::Input &input, bool &tooLarge)
{
    std::string text;
    std::vector<char> buffer(1U << 16U);
    for (;;) {
        const auto got = input.read(buffer);
        if (!got) {
            return fail(got.error());
        }
        tooLarge = text.size() + *got > sigma::kMaxYamlBytes;
        if (*got == 0 || tooLarge) {
            return text;
        }
        text.append(buffer.data(), *got);
    }
}

Result<RuleFiles> readArchive(const fs::path &from, const CancelToken &cancel)
{
    auto input = sources::Input::open(from);
    if (!input) {
        return fail(input.error());
    }
    RuleFiles files;
    while (!cancel.cancelled() && files.texts.size() < kMaxFiles) {
        const auto more = (*input)->nextMember();
        if (!more) {
            return fail(more.error());
        }
        if (!*more) {
            break;
        }
        const std::string name = (*input)->name();
        const std::size_t mark = name.find('!');
        const std::string path = mark == std::string::npos ? name : name.substr(mark + 1);
        if (!isRulePath(path)) {
            continue;
        }
        bool tooLarge = false;
        auto text = readMember(**input, tooLarge);
        if (!text) {
            return fail(text.error());
        }
        if (tooLarge) {
            files.skipped[path] = "it has more than 1 MB";
        } else {
            take(files, path, std::move(*text));
        }
    }
    return files;
}

/// "sigma-master/rules/a.yml" becomes "rules/a.yml" when everything stands in "sigma-master".
void dropCommonFolder(RuleFiles &files)
{
    if (files.texts.empty()) {
        return;
    }
    const std::string &first = files.texts.begin()->first;
    const std::string folder = first.substr(0, first.find('/') + 1);
    if (folder.empty() || files.texts.rbegin()->first.compare(0, folder.size(), folder) != 0) {
        return; // sorted: what the first and the last have in front, all have
    }
    std::map<std::string, std::string> shorter;
    for (auto &[path, text] : files.texts) {
        shorter[path.substr(folder.size())] = std::move(text);
    }
    files.texts = std::move(shorter);
}

} // namespace

Result<RuleFiles> readRuleFiles(const fs::path &from, const CancelToken &cancel)
{
    std::error_code problem;
    if (fs::is_directory(from, problem) || isRulePath(from.string())) {
        return readFolder(from, cancel);
    }
    auto files = readArchive(from, cancel);
    if (files) {
        dropCommonFolder(*files);
    }
    return files;
}

Status replaceRuleFolder(const fs::path &folder, const std::map<std::string, std::string> &files)
{
    const fs::path parent = folder.parent_path();
    const fs::path fresh = parent / ("." + folder.filename().string() + ".new");
    const fs::path old = parent / ("." + folder.filename().string() + ".old");
    std::error_code problem;
    fs::remove_all(fresh, problem);
    fs::remove_all(old, problem);
    problem.clear();
    fs::create_directories(fresh, problem);
    for (const auto &[path, text] : files) {
        if (problem) {
            break;
        }
        fs::create_directories((fresh / path).parent_path(), problem);
        std::ofstream out(fresh / path, std::ios::binary);
        out << text;
        if (!out.flush()) {
            problem = std::make_error_code(std::errc::io_error);
        }
    }
    std::error_code ignored;
    if (!problem && fs::exists(folder, ignored)) {
        fs::rename(folder, old, problem);
    }
    if (!problem) {
        fs::rename(fresh, folder, problem);
        if (problem) {
            fs::rename(old, folder, ignored);
        }
    }
    fs::remove_all(fresh, ignored);
    fs::remove_all(old, ignored);
    if (problem) {
        return fail(Error{"NJ-WORK-074",
                          "The rules cannot be stored",
                          problem.message(),
                          {folder.string(), 0, 0},
                          "Check the space and the permissions of the workspace; nothing has changed."});
    }
    return {};
}

void recoverRuleFolders(const fs::path &parent)
{
    std::error_code problem;
    std::vector<fs::path> left;
    for (fs::directory_iterator entry(parent, problem); !problem && entry != fs::directory_iterator();
         entry.increment(problem)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with('.') && (name.ends_with(".old") || name.ends_with(".new"))) {
            left.push_back(entry->path());
        }
    }
    for (const fs::path &path : left) {
        const std::string name = path.filename().string();
        const fs::path folder = parent / name.substr(1, name.size() - 5);
        if (name.ends_with(".old") && !fs::exists(folder, problem)) {
            fs::rename(path, folder, problem);
        } else {
            fs::remove_all(path, problem);
        }
    }
}

} // namespace nightjar::workspace
