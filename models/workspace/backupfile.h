// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "store/eventstore.h"

#include <filesystem>

namespace nightjar::workspace {

/// A folder of our own that goes with the object, mode 0700; neither copied nor moved.
class TemporaryFolder {
public:
    /// Beside `file`, so that it lies on the same disk.
    static TemporaryFolder beside(const std::filesystem::path &file) { return TemporaryFolder(file); }
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;
    [[nodiscard]] bool valid() const { return m_error == 0; }
    [[nodiscard]] int error() const { return m_error; } ///< errno of its making
    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }

private:
    explicit TemporaryFolder(const std::filesystem::path &file);
    std::filesystem::path m_path;
    int m_error = 0;
};

/// Copies what a workspace holds beside its databases: own rules, playbooks, exports, the simulated tenant and the
/// demo's mark. No secrets.
Status copyPlainFiles(const std::filesystem::path &workspace, const std::filesystem::path &into);

/// All files of `folder` as a tar archive with zstd, names relative to it, mode 0600; whole or not there. The error is
/// NJ-WORK-131, or NJ-STORE-008 when cancelled.
Status writeArchive(const std::filesystem::path &folder, const std::filesystem::path &file,
                    const store::UpkeepObserver &observer, const CancelToken &cancel);

} // namespace nightjar::workspace
