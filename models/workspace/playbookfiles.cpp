// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/playbookfiles.h"

#include "base/files.h"
#include "base/hash.h"

#include <algorithm>

namespace nightjar::workspace {

PlaybookFile readPlaybookFile(const std::filesystem::path &path, bool own)
{
    PlaybookFile file;
    file.path = path;
    file.own = own;
    const auto text = readFile(path, kMaxPlaybookBytes);
    if (!text) {
        Error error = text.error();
        error.place.file = path.string();
        file.reading.problems.push_back(std::move(error));
        return file;
    }
    file.hash = sha256Hex(*text);
    file.reading = playbook::read(*text, path.string());
    return file;
}

std::vector<PlaybookFile> readPlaybooks(const std::filesystem::path &shipped, const std::filesystem::path &own)
{
    std::vector<PlaybookFile> files;
    for (const bool mine : {true, false}) {
        std::vector<std::filesystem::path> paths;
        std::error_code problem;
        for (std::filesystem::directory_iterator it(mine ? own : shipped, problem), end; !problem && it != end;
             it.increment(problem)) {
            if (it->path().extension() == ".yaml" || it->path().extension() == ".yml") {
                paths.push_back(it->path());
            }
        }
        std::sort(paths.begin(), paths.end());
        for (const auto &path : paths) {
            PlaybookFile file = readPlaybookFile(path, mine);
            const auto same = std::find_if(files.begin(), files.end(), [&](const PlaybookFile &other) {
                return file.reading.playbook && other.reading.playbook &&
                       other.reading.playbook->id == file.reading.playbook->id;
            });
            if (same != files.end() && same->own == mine) {
                file.reading.problems.push_back({"NJ-PLAYBOOK-009",
                                                 "The id " + file.reading.playbook->id + " is there twice",
                                                 "also in " + same->path.string(),
                                                 {path.string(), 1, 1},
                                                 "Give it another id."});
                file.reading.playbook.reset();
            } else if (same != files.end()) {
                continue; // an own playbook stands for the shipped one
            }
            files.push_back(std::move(file));
        }
    }
    return files;
}

} // namespace nightjar::workspace
