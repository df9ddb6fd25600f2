// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into a program: every flush to the disk takes 60 ms more.
#include <dlfcn.h>
#include <unistd.h>

namespace {

int slowly(const char *name, int descriptor)
{
    using Flush = int (*)(int);
    void *found = dlsym(RTLD_NEXT, name);
    usleep(60'000);
    return found == nullptr ? -1 : reinterpret_cast<Flush>(found)(descriptor);
}

} // namespace

extern "C" int fsync(int descriptor)
{
    return slowly("fsync", descriptor);
}

extern "C" int fdatasync(int descriptor)
{
    return slowly("fdatasync", descriptor);
}
