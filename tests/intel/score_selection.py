#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges `intel select` on a history of a blocklist (entry,on,off; seconds since 1970): what was known at some dates is
imported, the chosen entries are scored by the active time that they cover afterwards, against the best entries that
hindsight could have taken from the known ones.

    score_selection.py build/dev/app/nightjar-cli ../shared/data/cti/timeseries/urlhaus_online_2020H1.csv.gz
"""
import collections
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time

DAY = 86400


def read(path):
    spans = collections.defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            spans[row["entry"]].append((int(row["on"]), int(row["off"]) if row["off"] else 2 ** 40))
    return spans


def write_known(path, spans, at):
    known = []
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["value", "first_seen", "last_seen", "active", "active_days"])
        for entry, times in spans.items():
            past = [(on, min(off, at)) for on, off in times if on < at]
            if past:
                active = any(on < at <= off for on, off in times)
                iso = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t)) for t in (past[0][0], past[-1][1])]
                days = sum(off - on for on, off in past) / DAY
                out.writerow([entry, *iso, int(active), f"{days:.3f}"])
                known.append(entry)
    return known


def active_after(times, at, days):
    end = at + days * DAY
    return sum(max(0, min(off, end) - max(on, at)) for on, off in times)


def covered_by(entry, chosen):
    host = entry.split("/")[0]
    if entry in chosen or host in chosen or host.split(":")[0] in chosen:
        return True
    labels = host.split(":")[0].split(".")
    return any("." + ".".join(labels[i:]) in chosen for i in range(len(labels) - 1))


def main():
    program, path = sys.argv[1:3]
    places = int(sys.argv[3]) if len(sys.argv) > 3 else 2500
    spans = read(path)
    shares = []
    for text in ("2020-03-01", "2020-04-15", "2020-06-01"):
        at = int(time.mktime(time.strptime(text + " UTC", "%Y-%m-%d %Z")))
        with tempfile.TemporaryDirectory() as folder:
            known = write_known(os.path.join(folder, "known.csv"), spans, at)
            when = text + "T00:00:00Z"
            subprocess.run([program, "intel", "import", "-w", folder + "/w", "--source", "list", "--at", when,
                            folder + "/known.csv"], capture_output=True, check=False)
            begin = time.time()
            run = subprocess.run([program, "intel", "select", "-w", folder + "/w", "--limit", str(places), "--at", when],
                                 capture_output=True, text=True, check=False)
            seconds = time.time() - begin
        chosen = {json.loads(line)["entry"] for line in run.stdout.splitlines()}
        best = sum(sorted((active_after(spans[e], at, 7) for e in known), reverse=True)[:places])
        got = sum(active_after(times, at, 7) for e, times in spans.items() if covered_by(e, chosen))
        single = sum(active_after(spans[e], at, 7) for e in chosen if e in spans)
        shares.append(got / best)
        print(f"{text}: known {len(known)}, chosen {len(chosen)}, share {got / best:.3f} (exact entries alone "
              f"{single / best:.3f}), {seconds:.2f} s; {run.stderr.strip()}")
    print(f"mean share of the best {places}: {sum(shares) / len(shares):.3f}")
    return 0 if sum(shares) / len(shares) >= 0.9 else 1


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    sys.exit(main())
