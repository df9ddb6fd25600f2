#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores `nightjar-cli sigma` from outside: score.py CLI DATA [CASES.jsonl].

DATA holds sigma-cases and sigma-rules. Prints one line for every wrong case and totals; fails when a firm case or a
real rule is wrong. Exit 77 (skipped) without data.
"""

import json
import pathlib
import subprocess
import sys
import tempfile


def run(cli, *arguments):
    return subprocess.run([cli, "sigma", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def matched(cli, rules, events, folder):
    file = folder / "events.ndjson"
    file.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    done = run(cli, "match", "--rules", *rules, "--raw-fields", file)
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def one_case(cli, case, folder):
    """Empty when right, else what is wrong."""
    rule = folder / "rule.yml"
    rule.write_text(case["rule_yaml"], encoding="utf-8")
    if case.get("expect_error"):
        verdicts = [json.loads(line) for line in run(cli, "check", rule).stdout.splitlines()]
        wrong = [v for v in verdicts if v["status"] != "ok"]
        return "" if wrong and all(v["reason"] for v in wrong) else "was accepted"
    done, found = matched(cli, [rule], case["events"], folder)
    rows = sorted({hit["index"] for hit in found})
    if done.returncode != 0:
        return f"exit {done.returncode}: {done.stderr.strip()}"
    return "" if rows == sorted(case["matches"]) else f"matched {rows}, wanted {sorted(case['matches'])}"


def score_cases(cli, cases, folder):
    firm = wrong_firm = open_cases = wrong_open = 0
    for case in cases:
        trouble = one_case(cli, case, folder)
        if case.get("ambiguous"):
            open_cases += 1
            wrong_open += bool(trouble)
        else:
            firm += 1
            wrong_firm += bool(trouble)
        if trouble:
            print(f"{case['id']} {case['feature']}{' (ambiguous)' if case.get('ambiguous') else ''}: {trouble}")
    print(f"cases: firm {firm - wrong_firm}/{firm}, ambiguous {open_cases - wrong_open}/{open_cases}")
    return wrong_firm


def score_hits(cli, data, folder):
    hits = lines(data / "sigma-cases" / "rules_hits.jsonl")
    done, found = matched(cli, [data / "sigma-rules"], [hit["event"] for hit in hits], folder)
    pairs = {(hit["rule"], hit["index"]) for hit in found}
    wrong = [i for i, hit in enumerate(hits) if ((hit["rule_id"], i) in pairs) != hit["match"]]
    for i in wrong:
        print(f"rules_hits.jsonl line {i + 1}, {hits[i]['file']}: wanted {hits[i]['match']}")
    print(f"real rules: {len(hits) - len(wrong)}/{len(hits)} events right ({done.stderr.strip()})")
    verdicts = [json.loads(line) for line in run(cli, "check", data / "sigma-rules").stdout.splitlines()]
    bad = [v for v in verdicts if v["status"] != "ok"]
    for verdict in bad:
        print(f"{verdict['file']}:{verdict['line']}: {verdict['status']}: {verdict['reason']}")
    print(f"rule files: {len(verdicts) - len(bad)}/{len(verdicts)} load")
    return len(wrong) + len(bad)


def main():
    cli, data = sys.argv[1], pathlib.Path(sys.argv[2])
    if not (data / "sigma-cases").is_dir():
        print(f"skipped: there are no reference data in {data}")
        return 77
    with tempfile.TemporaryDirectory(prefix="nightjar-score-") as name:
        folder = pathlib.Path(name)
        cases = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else data / "sigma-cases" / "cases.jsonl"
        wrong = score_cases(cli, lines(cases), folder)
        if len(sys.argv) <= 3:
            wrong += score_hits(cli, data, folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
