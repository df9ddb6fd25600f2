#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The house rules that a machine can check. `house.py [ROOT]` checks a tree, `house.py --self-test` checks the checks:
every rule must fire on a bad sample and stay silent on good ones. Standard library only."""

import os
import re
import subprocess
import sys
import tempfile

# Ground floor first. A room may include rooms before it.
ROOMS = ["base", "net", "event", "logs", "query", "store", "sigma", "intel", "anomaly", "alerts", "sources", "respond", "playbook",
         "simulator", "pipeline", "workspace", "present"]
FLOORS = {room: number for number, room in enumerate(ROOMS)}
FLOORS["ui"] = len(ROOMS)
FLOORS["app"] = len(ROOMS) + 1

MAX_LINES = 800
# Tables of data, not of thought: they may be as long as their data.
LONG_TABLES = {"models/base/textfold.cpp", "models/event/schema.cpp"}
# ui/**/plain*.{h,cpp}: the few classes through which text reaches labels, tooltips and message boxes.
PLAIN_WRAPPER = re.compile(r"^(ui|app)/(.*/)?plain\w*\.(h|cpp)$")

CODE = (".cpp", ".h")
HEADED = CODE + (".py", ".sh", ".cmake")


class Source:
    """One file: its path in the tree, its text, and the text with comments (and strings) blanked, line ends kept."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.code = blank(text, strings=False) if path.endswith(CODE) else text
        self.bare = blank(text, strings=True) if path.endswith(CODE) else text

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def room(self):
        parts = self.path.split("/")
        if parts[0] == "models" and len(parts) > 2:
            return parts[1]
        return parts[0] if parts[0] in ("ui", "app") else None

    def is_screen(self):
        return self.path.startswith(("ui/", "app/"))


TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|(?:u8|u|U|L)?R"([^()\\\s]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
                   re.S)


def blank(text, strings):
    """Comments, and string contents where `strings`, become blanks. An include's name stays. 1'000 is no character."""
    def replace(match):
        token = match.group(0)
        comment = token.startswith(("//", "/*"))
        if not comment and not strings:
            return token
        start = text.rfind("\n", 0, match.start()) + 1
        if not comment and text[start:match.start()].strip().startswith("#include"):
            return token
        if token.startswith("'") and match.start() > 0 and text[match.start() - 1].isalnum():
            return token
        return re.sub(r"[^\n]", " ", token) if comment else '"' + re.sub(r"[^\n]", " ", token[1:-1]) + '"'
    return TOKEN.sub(replace, text)


INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.M)


def includes(source):
    for match in INCLUDE.finditer(source.code):
        yield match.start(), match.group(1)


def target_floor(name):
    parts = name.split("/")
    if parts[0] == "models" and len(parts) > 1:
        parts = parts[1:]
    return parts[0] if len(parts) > 1 and parts[0] in FLOORS else None


def upward_include(source):
    own = source.room()
    if own not in FLOORS:
        return
    for offset, name in includes(source):
        target = target_floor(name)
        if target is not None and FLOORS[target] > FLOORS[own]:
            yield offset, f'{own} includes "{name}", which stands above it'


def qt_in_engine(source):
    if not source.path.startswith("models/") or source.room() == "present":
        return
    for offset, name in includes(source):
        if re.match(r"(Qt\w*/)?Q[A-Z]\w*$", name) or re.match(r"q[a-z0-9_]+\.h$", name):
            yield offset, f"<{name}>: the engine is free of Qt"


def foreign_header(header, home):
    def check(source):
        if not source.path.startswith(("models/", "ui/", "app/")) or source.path.startswith(home + "/"):
            return
        for offset, name in includes(source):
            if name == header or name.endswith("/" + header):
                yield offset, f"<{name}> is for {home} only"
    return check


def pattern(regex, message, where=lambda source: source.path.endswith(CODE)):
    compiled = re.compile(regex)

    def check(source):
        if not where(source):
            return
        for match in compiled.finditer(source.bare):
            yield match.start(), message
    return check


def on_screen(source):
    return source.is_screen() and source.path.endswith(CODE)


def on_screen_unwrapped(source):
    return on_screen(source) and not PLAIN_WRAPPER.match(source.path)


def label(source):
    if not on_screen_unwrapped(source):
        return
    for match in re.finditer(r"\bQLabel\b", source.bare):
        line = source.bare[source.bare.rfind("\n", 0, match.start()) + 1:match.end() + 1]
        if not line.lstrip().startswith("#include") and not re.match(r"\s*class\s+QLabel;", line):
            yield match.start(), "QLabel guesses rich text: use PlainLabel"


def closing(text, opening):
    """Offset behind the bracket that closes the one at `opening`."""
    depth = 0
    for offset in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[offset], 0)
        if depth == 0:
            return offset + 1
    return len(text)


def chained_arg(source):
    if not on_screen(source):
        return
    for match in re.finditer(r"\.\s*arg\s*\(", source.bare):
        end = closing(source.bare, match.end() - 1)
        if re.match(r"\s*\.\s*arg\s*\(", source.bare[end:]):
            yield match.start(), "a %1 inside the first value is replaced by the second: use one .arg(a, b)"


def licence_head(source):
    name = os.path.basename(source.path)
    if not (name.endswith(HEADED) or name == "CMakeLists.txt" or source.text.startswith("#!")):
        return
    head = "\n".join(source.text.split("\n", 4)[:4])
    for tag in ("SPDX-FileCopyrightText:", "SPDX-License-" + "Identifier:"):
        if tag not in head:
            yield 0, f"no {tag} in the first lines"


def long_file(source):
    lines = source.text.count("\n")
    if source.path.endswith(HEADED) and lines > MAX_LINES and source.path not in LONG_TABLES:
        yield 0, f"{lines} lines, more than {MAX_LINES}: split it by idea"


LATER = "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3])


def loose_end(source):
    if not source.path.endswith(HEADED) and os.path.basename(source.path) != "CMakeLists.txt":
        return
    for match in re.finditer(rf"\b({LATER})\b[^\n]*", source.text):
        if not re.search(r"#\d+", match.group(0)):
            yield match.start(), f"{match.group(1)} without #number of an issue"


def glob(source):
    if os.path.basename(source.path) != "CMakeLists.txt" and not source.path.endswith(".cmake"):
        return
    for match in re.finditer(r"^[^#\n]*\bfile\s*\(\s*GLOB", source.text, re.M | re.I):
        yield match.start(), "sources are listed by name"


RULES = {
    "upward-include": upward_include,
    "qt-in-engine": qt_in_engine,
    "sqlite-outside-store": foreign_header("sqlite3.h", "models/store"),
    "curl-outside-net": foreign_header("curl.h", "models/net"),
    "std-regex": pattern(r"\bstd\s*::\s*w?regex\b|#[ \t]*include[ \t]*<regex>",
                         "std::regex is slow and overflows the stack on hostile text: use RE2 or Vectorscan"),
    "label": label,
    "message-box": pattern(r"\bQMessageBox\s*::", "a message box guesses rich text: use the plain one", on_screen_unwrapped),
    "tooltip-set": pattern(r"\bsetToolTip\s*\(", "a tooltip guesses rich text: use the wrapper", on_screen_unwrapped),
    "tooltip-show": pattern(r"\bQToolTip\s*::(?!\s*set(Font|Palette)\b)", "a tooltip guesses rich text: use the wrapper", on_screen_unwrapped),
    "input-dialog": pattern(r"\bQInputDialog\b", "its label guesses rich text", on_screen_unwrapped),
    "error-message": pattern(r"\bQErrorMessage\b", "it shows rich text", on_screen_unwrapped),
    "progress-dialog": pattern(r"\bQProgressDialog\b", "its label guesses rich text, and it blocks the window", on_screen_unwrapped),
    "chained-arg": chained_arg,
    "open-url": pattern(r"\bopenUrl\b", "links never open by themselves", on_screen),
    "licence-head": licence_head,
    "long-file": long_file,
    "loose-end": loose_end,
    "glob": glob,
}


def listed_files(root):
    """Tracked and new files; without git (a source archive) every file but build folders and hidden ones."""
    try:
        done = subprocess.run(["git", "-C", root, "ls-files", "-z", "-co", "--exclude-standard"], capture_output=True, check=True)
        names = [name for name in done.stdout.decode("utf-8", "surrogateescape").split("\0") if name]
        if names:
            return sorted(set(names))
    except (OSError, subprocess.CalledProcessError):
        pass
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if not f.startswith(".") and f != "build"]
        names += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return sorted(names)


def wanted(path):
    name = os.path.basename(path)
    return path.endswith(HEADED) or name == "CMakeLists.txt" or "." not in name


def findings(root):
    count = 0
    found = []
    for path in listed_files(root):
        full = os.path.join(root, path)
        if not wanted(path) or not os.path.isfile(full) or os.path.islink(full):
            continue
        with open(full, encoding="utf-8", errors="replace") as file:
            source = Source(path, file.read())
        count += 1
        for rule, check in RULES.items():
            found += [(path, source.line_of(offset), rule, message) for offset, message in check(source)]
    return count, found


HEAD = "// SPDX-FileCopyrightText: 2026 The Nightjar authors\n// SPDX-License-" + "Identifier: GPL-3.0-or-later\n"
HASH_HEAD = HEAD.replace("//", "#")

# rule, path, text without its head. Each must fire exactly this rule.
BAD = [
    ("upward-include", "models/base/a.cpp", '#include "event/block.h"\n'),
    ("upward-include", "models/present/a.cpp", '#include "ui/shell/window.h"\n'),
    ("upward-include", "models/store/a.h", '#include "models/sigma/rule.h"\n'),
    ("upward-include", "ui/shell/a.cpp", '#include "app/main.h"\n'),
    ("qt-in-engine", "models/store/b.cpp", "#include <QString>\n"),
    ("qt-in-engine", "models/net/b.h", "#include <QtCore/QObject>\n"),
    ("qt-in-engine", "models/base/b.h", "#  include <qglobal.h>\n"),
    ("sqlite-outside-store", "models/intel/c.cpp", "#include <sqlite3.h>\n"),
    ("curl-outside-net", "models/respond/d.cpp", "#include <curl/curl.h>\n"),
    ("std-regex", "models/sigma/e.cpp", "#include <regex>\n"),
    ("std-regex", "models/sigma/f.cpp", 'const std::regex pattern("a");\n'),
    ("label", "ui/pages/g.cpp", 'auto *text = new QLabel(tr("a"), this);\n'),
    ("label", "ui/pages/h.h", "QLabel *m_text = nullptr;\n"),
    ("message-box", "ui/pages/i.cpp", 'QMessageBox::warning(this, tr("a"), text);\n'),
    ("tooltip-set", "app/gui/j.cpp", "button->setToolTip(text);\n"),
    ("tooltip-show", "ui/pages/k.cpp", "QToolTip::showText(point, text);\n"),
    ("input-dialog", "ui/pages/l.cpp", "QInputDialog dialog(this);\n"),
    ("error-message", "ui/pages/m.cpp", "QErrorMessage box;\n"),
    ("progress-dialog", "ui/pages/n.cpp", "QProgressDialog box;\n"),
    ("chained-arg", "ui/pages/o.cpp", 'tr("%1 of %2").arg(format(a, b))\n        .arg(c);\n'),
    ("open-url", "ui/pages/p.cpp", "QDesktopServices::openUrl(url);\n"),
    ("open-url", "ui/pages/plainlink.cpp", "QDesktopServices::openUrl(url);\n"),
    ("licence-head", "models/base/q.cpp", None),
    ("licence-head", "packaging/tool", None),
    ("long-file", "models/base/r.cpp", "int x;\n" * MAX_LINES),
    ("loose-end", "models/base/s.cpp", "// TO" + "DO later\n"),
    ("loose-end", "models/base/t.cpp", "// FIX" + "ME later, see docs\n"),
    ("glob", "models/base/CMakeLists.txt", "file(GLOB sources *.cpp)\n"),
]

GOOD = [
    ("models/event/a.cpp", '#include "base/result.h"\n#include "event/block.h"\n#include <vector>\n'),
    ("ui/shell/b.cpp", '#include "present/show.h"\n#include "ui/theme/theme.h"\n#include <QLabel>\nclass QLabel;\n'),
    ("app/gui/c.cpp", '#include "ui/shell/window.h"\nconst char *text = "new QLabel( setToolTip( .arg(a).arg(b)";\n'),
    ("models/present/d.h", "#include <QAbstractItemModel>\n// std::regex is not used, QLabel neither\n"),
    ("models/store/e.cpp", "#include <sqlite3.h>\nconst int big = 1'000'000; // '\n"),
    ("models/net/f.cpp", "#include <curl/curl.h>\n"),
    ("models/base/quick.h", '#include "base/queue.h"\n'),
    ("ui/widgets/plainlabel.cpp", "PlainLabel::PlainLabel() : QLabel() { setTextFormat(Qt::PlainText); }\n"),
    ("ui/widgets/plaintooltip.cpp", "void set(QWidget *w, QString t) { w->setToolTip(t.toHtmlEscaped()); }\n"),
    ("ui/pages/g.cpp", 'tr("%1 of %2").arg(a, b); x.arg(f(y.arg(c)));\n/* QMessageBox::warning */\n'),
    ("ui/theme/theme.cpp", "QToolTip::setPalette(palette);\n"),
    ("models/base/h.cpp", "// TO" + "DO #12: later\n"),
    ("tests/ui/i.cpp", "QLabel *label = window.findChild<QLabel *>();\n"),
]


def write(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)


def head_for(path):
    return HEAD if path.endswith(CODE) else HASH_HEAD


def self_test():
    problems = [f"rule {rule} has no bad sample" for rule in RULES if rule not in {bad[0] for bad in BAD}]
    for rule, path, text in BAD:
        with tempfile.TemporaryDirectory(prefix="nightjar-lint-") as root:
            content = "#!/bin/sh\necho\n" if text is None else head_for(path) + text
            write(root, path, content)
            fired = {finding[2] for finding in findings(root)[1]}
            if fired != {rule}:
                problems.append(f"{path}: expected {rule}, got {sorted(fired) or 'nothing'}")
    with tempfile.TemporaryDirectory(prefix="nightjar-lint-") as root:
        for path, text in GOOD:
            write(root, path, head_for(path) + text)
        count, found = findings(root)
        if count != len(GOOD):
            problems.append(f"{count} of {len(GOOD)} good samples were read")
        problems += [f"good sample {path}:{line} fires {rule}" for path, line, rule, _ in found]
    for problem in problems:
        print("self-test:", problem)
    print(f"self-test: {len(RULES)} rules, {len(BAD)} bad and {len(GOOD)} good samples, {len(problems)} problems")
    return 1 if problems else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    root = arguments[0] if arguments else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    count, found = findings(root)
    for path, line, rule, message in found:
        print(f"{path}:{line}: {rule}: {message}")
    print(f"{count} files, {len(found)} findings")
    if count == 0:
        print("nothing to check: wrong folder?")
    return 1 if found or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
