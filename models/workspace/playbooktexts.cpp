// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "base/text.h"
#include "workspace/playbookstate.h"

#include <algorithm>

/// The texts of playbooks, for an editor.
namespace nightjar::workspace {

namespace {

bool isOf(const PlaybookFile &file, const std::string &id)
{
    return file.reading.playbook ? file.reading.playbook->id == id : file.path.stem() == id;
}

} // namespace

Result<std::string> PlaybookService::text(const std::string &id)
{
    const auto files = m_state->files();
    const auto file = std::find_if(files.begin(), files.end(), [&](const PlaybookFile &f) { return isOf(f, id); });
    if (file == files.end()) {
        return fail("NJ-PLAYBOOK-042", "There is no playbook \"" + visible(id) + "\"", "It may have been removed.",
                    "Look at the list again.");
    }
    return readFile(file->path, kMaxPlaybookBytes);
}

Result<PlaybookService::Saved> PlaybookService::save(const std::string &text)
{
    const playbook::Reading reading = playbook::read(text, "playbook");
    if (!reading.playbook) {
        return fail(reading.problems.front());
    }
    const std::string &id = reading.playbook->id;
    const auto folder = m_state->engine.folder / "playbooks";
    std::filesystem::path path = folder / (id + ".yaml");
    std::string before;
    for (const PlaybookFile &file : m_state->files()) {
        if (file.own && isOf(file, id)) {
            path = file.path; // under whatever name it came in
            before = readFile(path, kMaxPlaybookBytes).value_or(std::string());
        }
    }
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (auto written = writeFileAtomically(path, text); !written) {
        return fail(written.error());
    }
    ++m_state->engine.changes;
    return Saved{id, std::move(before)};
}

Status PlaybookService::remove(const std::string &id)
{
    for (const PlaybookFile &file : m_state->files()) {
        if (!file.own || !isOf(file, id)) {
            continue;
        }
        if (auto disabled = setEnabled(id, false); !disabled) {
            return disabled;
        }
        std::error_code problem;
        if (!std::filesystem::remove(file.path, problem)) {
            return fail(systemError("NJ-PLAYBOOK-044", "The playbook is not removed", file.path, problem.value()));
        }
        ++m_state->engine.changes;
        return {};
    }
    return fail("NJ-PLAYBOOK-044", "The playbook is not removed", "It is not one of the workspace's own.",
                "Turn it off instead.");
}

Result<std::vector<PlaybookStep>> PlaybookService::rehearseText(const std::string &text, std::int64_t alert,
                                                                const CancelToken &cancel)
{
    if (auto opened = m_state->open(); !opened) {
        return fail(opened.error());
    }
    const playbook::Reading reading = playbook::read(text, "playbook");
    return reading.playbook ? m_state->rehearse(*reading.playbook, alert, cancel) : fail(reading.problems.front());
}

} // namespace nightjar::workspace
