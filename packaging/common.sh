# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sourced by packaging/run and packaging/test: what is missing is installed, and the tree is built once.

nightjar_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
nightjar_build=${NIGHTJAR_BUILD:-$nightjar_root/build/dev}

say() { printf '%s\n' "$*" >&2; }
stop() { say "nightjar: $*"; exit 3; }

# Prints the packages of the given kinds that are not installed.
missing_packages() {
    local wanted kinds=$1
    wanted=$(awk -v kinds=" $kinds " '!/^#/ && NF >= 2 && index(kinds, " " $1 " ") { print $2 }' "$nightjar_root/packaging/packages.txt")
    # shellcheck disable=SC2086
    dpkg-query -W -f='${Package} ${db:Status-Status}\n' $wanted 2>/dev/null | awk '$2 == "installed" { print $1 }' | sort >"$nightjar_have"
    printf '%s\n' $wanted | sort | comm -23 - "$nightjar_have"
}

install_packages() {
    command -v dpkg-query >/dev/null || stop "this script installs Debian 12 packages, and dpkg is not here. Install what packaging/packages.txt lists, then run: cmake --preset dev && cmake --build --preset dev"
    nightjar_have=$(mktemp)
    trap 'rm -f "$nightjar_have"' EXIT
    local missing
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    say "Installing:" $missing
    local as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || stop "these packages are missing and neither root nor sudo is at hand: $(echo $missing)"
        as_root=sudo
    fi
    $as_root apt-get update -qq || stop "apt-get update failed; the packages above are still missing"
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >&2 || stop "apt-get install failed; the packages above are still missing"
    missing=$(missing_packages "$1")
    [ -z "$missing" ] || stop "still missing after the installation: $(echo $missing)"
}

# Compilers may use 1.5 GB each with this tree.
build_jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/MemAvailable/ { print int($2 / 1572864) }' /proc/meminfo)
    [ "$memory" -ge 1 ] || memory=1
    echo $(( cores < memory ? cores : memory ))
}

# All targets, or those named.
build() {
    if [ ! -f "$nightjar_build/build.ninja" ]; then
        cmake -S "$nightjar_root" -B "$nightjar_build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo >&2 || stop "configuring failed, see above"
    fi
    cmake --build "$nightjar_build" -j "$(build_jobs)" ${1:+--target "$@"} >&2 || stop "the build failed, see above"
}
