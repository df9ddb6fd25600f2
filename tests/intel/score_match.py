#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs of indicator and event with the wanted answer, through nightjar-cli.

    score_match.py build/dev/app/nightjar-cli ../shared/data/cti/match_examples.jsonl
"""
import csv
import json
import os
import subprocess
import sys
import tempfile


def main():
    program, pairs = sys.argv[1:3]
    wrong = total = 0
    with tempfile.TemporaryDirectory() as folder:
        for line in open(pairs, encoding="utf-8"):
            pair = json.loads(line)
            names, events = os.path.join(folder, "i.csv"), os.path.join(folder, "e.ndjson")
            with open(names, "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, sorted(pair["ioc"]))
                writer.writeheader()
                writer.writerow(pair["ioc"])
            with open(events, "w", encoding="utf-8") as file:
                file.write(json.dumps(pair["event"]) + "\n")
            run = subprocess.run([program, "intel", "match", "--indicators", names, events], capture_output=True,
                                 text=True, check=False)
            strong = [one for one in map(json.loads, run.stdout.splitlines()) if not one["weak"]]
            total += 1
            if bool(strong) != pair["match"]:
                wrong += 1
                print(pair["id"], "wanted", pair["match"], "-", pair["why"], run.stderr.strip())
    print(f"{total - wrong} of {total} as wanted")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
