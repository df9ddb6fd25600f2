#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores what `nightjar-cli parse` says about a folder of sample logs.

usage: score_samples.py NIGHTJAR-CLI FOLDER [--at-least PERCENT] [--verbose]

FOLDER holds `expected.jsonl` (one object an event: file, line, index, type, encoding and the fields that the record
clearly determines) and the files it names. Every asserted field counts one, a recognised log type too. Printed: the
share a type and an encoding, and each field that differs. A record marked `recoverable: false` must give no event, and
no event may stand at a place that is not listed for its file. Exit 0 when the share is at least PERCENT (99) and no
event was invented; 1 when not; 77 when there is no FOLDER.
"""
import argparse
import collections
import datetime
import json
import pathlib
import subprocess
import sys

KEYS = {
    "action": ["event.action"],
    "user": ["user.name"],
    "src_ip": ["source.ip"],
    "dst_ip": ["destination.ip"],
    "host": ["url.domain", "destination.domain", "dns.question.name"],
    "url": ["url.original"],
    "bytes_out": ["source.bytes"],
    "bytes_in": ["destination.bytes"],
    "threat": ["threat.name"],
    "rule": ["rule.name"],
}
SKIPPED = 77


def instant(text):
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (ValueError, AttributeError):
        return None


def log_type(expected):
    """The data set says dlp with a subtype where the command line has a type each."""
    if expected["type"] == "dlp":
        return expected.get("subtype", "endpoint") + "-dlp"
    return expected["type"]


def same(wanted, got):
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        return got == wanted or (isinstance(got, list) and "|".join(map(str, got)) == wanted)
    return not isinstance(got, bool) and isinstance(got, int) and got == wanted


def checks(expected, event):
    """(field, right, wanted, got) of every assertion."""
    got_type = event.get("log_type")
    yield "type", got_type == log_type(expected), log_type(expected), got_type
    time = event.get("@timestamp")
    if "time" in expected or "time_any" in expected:
        wanted = expected.get("time_any", [expected.get("time")])
        yield "time", instant(time) is not None and instant(time) in map(instant, wanted), wanted, time
    if "time_noyear" in expected:
        yield "time", time is not None and time[5:19] == expected["time_noyear"], expected["time_noyear"], time
    for key, names in KEYS.items():
        wanted = expected.get(key + "_any", [expected[key]] if key in expected else None)
        if wanted is None:
            continue
        values = [event[name] for name in names if name in event]
        yield key, any(same(one, value) for one in wanted for value in values), wanted, values


def parse(cli, folder, files):
    """Events and rejects by file and (line, index)."""
    events = collections.defaultdict(list)
    rejects = collections.defaultdict(list)
    done = subprocess.run([cli, "parse", *[str(folder / name) for name in files]], stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{cli} parse ended with {done.returncode}")
    for line in done.stdout.splitlines():
        said = json.loads(line)
        name = str(pathlib.Path(said["file"].split("!")[0]).relative_to(folder))
        (rejects if "error" in said else events)[name].append(said)
    return events, rejects


class Score:
    def __init__(self):
        self.right = 0
        self.asked = 0

    def add(self, right):
        self.right += 1 if right else 0
        self.asked += 1

    def __str__(self):
        share = 100.0 * self.right / self.asked if self.asked else 100.0
        return f"{share:6.2f} %  {self.right} of {self.asked}"


class Scorer:
    def __init__(self):
        self.total = Score()
        self.types = collections.defaultdict(Score)
        self.encodings = collections.defaultdict(Score)
        self.misses = []
        self.invented = []

    def count(self, expected, right, miss):
        self.total.add(right)
        self.types[log_type(expected)].add(right)
        self.encodings[expected["encoding"]].add(right)
        if not right:
            self.misses.append(f"{expected['file']}:{expected['line']} ({expected['encoding']}) {miss}")

    def event(self, expected, at):
        wanted = expected.get("events", 1)
        if log_type(expected) == "none" or not expected.get("recoverable", True):
            if at:
                self.invented.append(f"{expected['file']}:{expected['line']} gives {json.dumps(at[0])[:300]}")
            return
        if len(at) != wanted and not (at and expected.get("optional")):
            self.count(expected, False, f"{len(at)} events instead of {wanted}")
        blank = {}
        for event in (at or [blank])[:wanted]:
            for field, right, want, got in checks(expected, event):
                self.count(expected, right, f"{field}: {got!r} instead of {want!r}")

    def file(self, name, expected, events):
        by_line = collections.defaultdict(list)
        for event in events:
            by_line[event["line"]].append(event)
        lines = collections.Counter(entry["line"] for entry in expected)
        for entry in expected:
            at = by_line[entry["line"]]
            if lines[entry["line"]] > 1:  # several records on one line: told apart by their ordinal
                at = [event for event in at if event["index"] == entry["index"]]
            self.event(entry, at)
        for event in events:
            if event["line"] not in lines:
                self.invented.append(f"{name}:{event['line']} is not listed, gives {json.dumps(event)[:300]}")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("cli")
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--at-least", type=float, default=99.0)
    arguments.add_argument("--verbose", action="store_true", help="print rejects too")
    options = arguments.parse_args()
    listed = options.folder / "expected.jsonl"
    if not listed.is_file():
        print(f"skipped: there is no {listed}")
        return SKIPPED
    expected = collections.defaultdict(list)
    for line in listed.read_text(encoding="utf-8").splitlines():
        if line.strip():
            entry = json.loads(line)
            expected[entry["file"]].append(entry)
    events, rejects = parse(options.cli, options.folder, sorted(expected))
    scorer = Scorer()
    for name in sorted(expected):
        scorer.file(name, expected[name], events[name])
    for miss in scorer.misses:
        print("miss", miss)
    for event in scorer.invented:
        print("invented", event)
    if options.verbose:
        for name, said in sorted(rejects.items()):
            for reject in said:
                print(f"reject {name}:{reject['line']} {reject['error']['code']} {reject['error']['reason']}")
    for title, scores in (("type", scorer.types), ("encoding", scorer.encodings)):
        for name, score in sorted(scores.items()):
            print(f"{title} {name:24} {score}")
    print(f"all {'':26} {scorer.total}, {len(scorer.invented)} invented")
    share = 100.0 * scorer.total.right / max(scorer.total.asked, 1)
    return 0 if share >= options.at_least and not scorer.invented and scorer.total.asked > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
