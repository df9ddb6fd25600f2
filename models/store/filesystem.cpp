// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/filesystem.h"

#include <array>

#include <sys/vfs.h>

namespace nightjar::store {
namespace {

struct Row {
    unsigned long magic;
    const char *name;
};

constexpr std::array kNetwork = {
    Row{0x6969, "NFS"},
    Row{0xff534d42, "SMB (CIFS)"},
    Row{0xfe534d42, "SMB"},
    Row{0x517b, "SMB (smbfs)"},
    Row{0x5346414f, "AFS"},
    Row{0x6b414653, "AFS (kafs)"},
    Row{0x73757245, "Coda"},
    Row{0x564c, "NCP"},
    Row{0x00c36400, "Ceph"},
    Row{0x01021997, "9P"},
    Row{0x0bd00bd0, "Lustre"},
    Row{0x47504653, "GPFS"},
    Row{0x7461636f, "OCFS2"},
    Row{0x01161970, "GFS2"},
    Row{0x19830326, "BeeGFS"},
    Row{0xaad7aaea, "PanFS"},
    Row{0x786f4256, "VirtualBox shared folder"},
};

} // namespace

std::optional<std::string> networkFileSystemOf(unsigned long magic)
{
    for (const Row &row : kNetwork) {
        if (row.magic == (magic & 0xffffffffUL)) {
            return row.name;
        }
    }
    return std::nullopt;
}

std::optional<std::string> networkFileSystem(const std::filesystem::path &folder)
{
    struct statfs about = {};
    return ::statfs(folder.c_str(), &about) == 0 ? networkFileSystemOf(static_cast<unsigned long>(about.f_type))
                                                 : std::nullopt;
}

} // namespace nightjar::store
