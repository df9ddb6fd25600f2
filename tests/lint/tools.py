#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-format and clang-tidy of the one version the house has settled on.

    tools.py format ROOT              every tracked source must be formatted
    tools.py tidy ROOT BUILD          files changed since the merge base: at most 12, at most 60 s
    tools.py tidy-all ROOT BUILD      the whole tree

Exit code 77 (CTest: skipped) when the tool, git or the build's compile_commands.json is absent."""

import json
import os
import shutil
import subprocess
import sys
import time

VERSION = "14"
SKIPPED = 77
MAX_FILES = 12
MAX_SECONDS = 60


def skip(reason):
    print("skipped:", reason)
    return SKIPPED


def git(root, *arguments):
    done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def tracked(root):
    names = git(root, "ls-files", "--", "*.cpp", "*.h")
    return [name for name in (names or "").split("\n") if name and os.path.isfile(os.path.join(root, name))]


def check_format(root):
    tool = shutil.which("clang-format-" + VERSION)
    if tool is None:
        return skip("clang-format-" + VERSION + " is not installed")
    files = tracked(root)
    if not files:
        return skip("no tracked sources (no git?)")
    failed = 0
    for start in range(0, len(files), 100):
        done = subprocess.run([tool, "--dry-run", "-Werror", "--style=file", *files[start:start + 100]], cwd=root)
        failed |= done.returncode
    print(f"{len(files)} files")
    return 1 if failed else 0


def merge_base(root):
    """The commit this work started from: NIGHTJAR_LINT_BASE, else where it left origin/main or main."""
    wanted = os.environ.get("NIGHTJAR_LINT_BASE")
    for branch in [wanted] if wanted else ["origin/main", "main"]:
        base = git(root, "merge-base", "HEAD", branch)
        if base:
            return base
    return None


def changed(root, base):
    names = set((git(root, "diff", "--name-only", "--diff-filter=d", base, "--") or "").split("\n"))
    names |= set((git(root, "ls-files", "-o", "--exclude-standard") or "").split("\n"))
    return names


def compiled(root, build):
    """Path in the tree of every translation unit of models, ui and app that the build knows. Tests need moc's output first."""
    try:
        with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
            entries = json.load(file)
    except (OSError, ValueError):
        return None
    names = {os.path.relpath(os.path.join(entry["directory"], entry["file"]), root) for entry in entries}
    return sorted(name for name in names if name.startswith(("models/", "ui/", "app/")))


def check_tidy(root, build, everything):
    tool = shutil.which("clang-tidy-" + VERSION)
    if tool is None:
        return skip("clang-tidy-" + VERSION + " is not installed")
    files = compiled(root, build)
    if files is None:
        return skip("no compile_commands.json in " + build)
    if not everything:
        base = merge_base(root)
        if base is None:
            return skip("no merge base (no git, or no branch main)")
        differing = changed(root, base)
        files = [name for name in files if name in differing]
    started = time.monotonic()
    failed = []
    for number, name in enumerate(files):
        left = MAX_SECONDS - (time.monotonic() - started)
        if not everything and (number >= MAX_FILES or left <= 0):
            print("not checked, the cap is reached:", *files[number:])
            break
        command = [tool, "--quiet", "--warnings-as-errors=*", "-p", build, "--extra-arg=-w", name]
        try:
            done = subprocess.run(command, cwd=root, timeout=None if everything else left + 20)
        except subprocess.TimeoutExpired:
            print("not checked, out of time:", *files[number:])
            break
        if done.returncode != 0:
            failed.append(name)
    print(f"{len(files)} files, {len(failed)} with findings", *failed)
    return 1 if failed else 0


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "format":
        return check_format(arguments[1])
    if len(arguments) == 3 and arguments[0] in ("tidy", "tidy-all"):
        return check_tidy(arguments[1], arguments[2], arguments[0] == "tidy-all")
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
