// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/demofile.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace nightjar::workspace {

Result<DemoFile> DemoFile::create(const std::filesystem::path &path)
{
    DemoFile file;
    file.m_path = path;
    file.m_file = FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file.m_file.valid()) {
        return fail(systemError("NJ-WORKSPACE-091", "Cannot write " + path.string(), path, errno));
    }
    file.m_buffer.reserve(kFull + (std::size_t{1} << 16U));
    return file;
}

Status DemoFile::flush()
{
    std::string_view left = m_buffer;
    while (!left.empty()) {
        const ssize_t written = ::write(m_file.get(), left.data(), left.size());
        if (written < 0 && errno != EINTR) {
            return fail(systemError("NJ-WORKSPACE-091", "Cannot write " + m_path.string(), m_path, errno));
        }
        left.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    m_buffer.clear();
    return {};
}

} // namespace nightjar::workspace
