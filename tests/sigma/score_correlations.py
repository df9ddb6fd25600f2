#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every case of correlation_cases.jsonl through `nightjar-cli sigma correlate` and says which are right.

usage: score_correlations.py NIGHTJAR-CLI [CASES.jsonl] [-v]

Without a file: $NIGHTJAR_SHARED_DATA/sigma-cases/correlation_cases.jsonl. Exit 0 all right (ambiguous cases
included), 1 some are not, 77 (skipped, saying so) without data.
"""
import json
import os
import subprocess
import sys
import tempfile


def run(cli, case, folder):
    rules = os.path.join(folder, 'rules.yml')
    events = os.path.join(folder, 'events.ndjson')
    with open(rules, 'w', encoding='utf-8') as out:
        out.write(case['rules_yaml'])
    with open(events, 'w', encoding='utf-8') as out:
        out.writelines(json.dumps(event, ensure_ascii=False) + '\n' for event in case['events'])
    return subprocess.run([cli, 'sigma', 'correlate', '--rules', rules, '--raw-fields', '--time-field', 'ts', events],
                          capture_output=True, text=True, timeout=60, check=False)


def trouble(case, done):
    """What is wrong with the answer; empty when nothing is."""
    if case.get('expect_error'):
        if done.returncode == 0:
            return 'loaded, although it must be refused'
        return '' if done.stderr.strip() else 'refused without a reason'
    if done.returncode != 0:
        return f'exit {done.returncode}: {done.stderr.strip()}'
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    checked = case.get('check_rules')
    found = {}
    for line in lines:
        if 'group' in line and (not checked or line['rule'] in checked):
            key = (line['rule'], json.dumps(line['group'], sort_keys=True))
            if key not in found or line['last_ts'] < found[key]['last_ts']:
                found[key] = line
    wanted = {(a['rule'], json.dumps(a['group'], sort_keys=True)): a for a in case['alerts']}
    if set(found) != set(wanted):
        return f'wanted {sorted(wanted)}, got {sorted(found)}'
    for key, alert in wanted.items():
        got = found[key]
        if abs(got['last_ts'] - alert['last_ts']) > 1e-3:
            return f"{key}: last_ts {got['last_ts']} instead of {alert['last_ts']}"
        if not case.get('loose_first_ts') and abs(got['first_ts'] - alert['first_ts']) > 1e-3:
            return f"{key}: first_ts {got['first_ts']} instead of {alert['first_ts']}"
    for rule, count in case.get('standalone_alerts', {}).items():
        alone = sum(1 for line in lines if 'index' in line and line['rule'] == rule)
        if alone != count:
            return f'{rule} alerts {alone} times by itself instead of {count}'
    return ''


def main():
    arguments = [a for a in sys.argv[1:] if a != '-v']
    verbose = '-v' in sys.argv
    if not arguments:
        sys.exit(__doc__)
    shared = os.environ.get('NIGHTJAR_SHARED_DATA', '')
    place = arguments[1] if len(arguments) > 1 else os.path.join(shared, 'sigma-cases', 'correlation_cases.jsonl')
    if not os.path.isfile(place):
        print(f'skipped: no cases at {place or "$NIGHTJAR_SHARED_DATA"}')
        sys.exit(77)
    totals = {'firm': [0, 0], 'ambiguous': [0, 0]}
    with open(place, encoding='utf-8') as lines, tempfile.TemporaryDirectory() as folder:
        for line in lines:
            case = json.loads(line)
            why = trouble(case, run(arguments[0], case, folder))
            total = totals['ambiguous' if case.get('ambiguous') else 'firm']
            total[0] += 0 if why else 1
            total[1] += 1
            if why or verbose:
                print(f"{case['id']} {case['feature']}: {why or 'right'}")
    print(', '.join(f'{kind}: {right} of {count}' for kind, (right, count) in totals.items()))
    sys.exit(0 if all(right == count for right, count in totals.values()) else 1)


if __name__ == '__main__':
    main()
