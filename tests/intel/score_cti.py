#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads every file of a folder of indicator samples twice, with nightjar-cli and with the simple readers below, and
says what differs. The readers here know the formats and nothing of Nightjar's code.

    score_cti.py build/dev/app/nightjar-cli ../shared/data/cti
"""
import csv
import glob
import ipaddress
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

HASH = re.compile(r"^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$")


def refang(text):
    text = text.strip().strip("\"'`")
    text = re.sub(r"\[\.\]|\(\.\)|\[dot\]|\(dot\)", ".", text, flags=re.I).replace("[:]", ":").replace("[@]", "@")
    return re.sub(r"^h(?:xx|\*\*)p", "http", text, flags=re.I)


def normal(value):
    """One spelling for both sides: no scheme, no default port, lower-case host, no lone slash at the end."""
    value = refang(value).strip()
    if HASH.match(value) or ("@" in value and "/" not in value):
        return value.lower()
    rest = re.sub(r"\^?\$\w+$", "", value.removeprefix("||"))
    rest = re.sub(r"^[a-z]+://", "", rest, flags=re.I).split("#")[0]
    rest = re.sub(r"%[0-9a-f]{2}", lambda m: m.group().upper(), rest, flags=re.I).removesuffix("?")
    host, slash, path = rest.partition("/")
    if "?" in host:
        host, mark, query = host.partition("?")
        slash, path = "/", mark + query
    host = re.sub(r":(?:80|443)$", "", host.lower()).rstrip(".")
    try:
        host = str(ipaddress.ip_address(host))
    except ValueError:
        try:
            host = host.encode("idna").decode() if not host.isascii() else host
        except UnicodeError:
            pass
    return host + slash + path if path else host


def hopeless(value):
    """What no reader could take for an indicator: sentences, file names, media types, sizes, fuzzy hashes, paths."""
    return bool(re.search(r"[\s]", value.strip()) and "Mozilla" not in value and "://" not in value) or value.startswith("/") or bool(
        re.fullmatch(r"[\w.-]+\.(?:doc|zip|ps1|dll|vbs|exe)", value, re.I)) or bool(
        re.fullmatch(r"\d+|application/\S+|\d+:[\w/+]+:\S+|[0-9a-f]{65,}", value, re.I))


def private(value):
    try:
        network = ipaddress.ip_network(value.split("/")[0].split(":")[0])
        return network.is_private or network.is_loopback or network.is_multicast or network.is_unspecified
    except ValueError:
        return False


def from_stix(path):
    text = open(path, encoding="utf-8").read()
    try:
        doc = json.loads(text)
        objects = doc.get("objects", [doc])
    except json.JSONDecodeError:
        objects = [json.loads(line) for line in text.splitlines() if line.strip()]
    out = []
    term = re.compile(r"(domain-name:value|ipv[46]-addr:value|url:value|email-addr:value|file:hashes\.'?[\w-]+'?)"
                      r"\s*=\s*'((?:[^'\\]|\\.)*)'")
    for one in objects:
        if one.get("type") == "indicator" and one.get("pattern_type", "stix") == "stix":
            out += [value for _, value in term.findall(one["pattern"])]
    return out


def from_misp(path):
    doc = json.load(open(path, encoding="utf-8"))
    doc = doc["response"][0] if "response" in doc else doc
    attributes = list(doc["Event"].get("Attribute", []))
    for one in doc["Event"].get("Object", []):
        attributes += one.get("Attribute", [])
    wanted = {"domain", "hostname", "ip-dst", "ip-src", "url", "md5", "sha1", "sha256", "email-src", "email-dst",
              "user-agent"}
    return [a["value"] for a in attributes if a["type"] in wanted]


def from_openioc(path):
    wanted = {"FileItem/Md5sum", "FileItem/Sha1sum", "FileItem/Sha256sum", "DnsEntryItem/Host",
              "DnsEntryItem/RecordName", "Network/DNS", "PortItem/remoteIP", "UrlHistoryItem/URL"}
    out = []
    name = "{http://schemas.mandiant.com/2010/ioc}"
    for group in ElementTree.parse(path).iter(name + "Indicator"):
        items = group.findall(name + "IndicatorItem")
        both = group.get("operator") == "AND" and len(list(group)) > 1
        for item in items:
            search = item.find(name + "Context").get("search")
            if search in wanted and (not both or search.startswith("FileItem/")):
                out.append(item.find(name + "Content").text or "")
    return out


def from_lines(path):
    """First word of every line that is no comment."""
    out = []
    for line in open(path, encoding="utf-8", errors="replace"):
        line = line.strip()
        if line and line[0] not in "#!;" and not line.startswith("//"):
            out.append(re.split(r"[\t ]", line)[0])
    return out


def from_csv(path):
    rows = list(csv.reader(open(path, encoding="utf-8-sig"), skipinitialspace=True))
    names = [cell.strip().lower() for cell in rows[0]]
    out = []
    if "pattern" in names:
        term = re.compile(r"=\s*'([^']*)'")
        for row in rows[1:]:
            if row[names.index("pattern_type")] == "stix":
                out += term.findall(row[names.index("pattern")])
        return out
    column = next((names.index(n) for n in ("ioc", "indicator", "domain", "name") if n in names), None)
    if column is None:
        return [cell for row in csv.reader(open(path, encoding="utf-8-sig"), delimiter=";") for cell in row]
    for row in rows[1:]:
        if "classification" in names and row[names.index("classification")] == "legitimate":
            continue
        cell = row[column]
        traffic = re.match(r"Network traffic to (\S+)", cell)
        out += [traffic.group(1)] if traffic else cell.split(";") if ";" in cell else [cell]
    return out


def expected(path):
    if path.endswith((".stix2", ".jsonl")) or "/stix/" in path:
        return from_stix(path)
    if path.endswith("hashes.csv") or path.endswith("manifest.json"):
        return None
    if "/misp-" in path:
        return from_misp(path)
    if path.endswith(".ioc"):
        return from_openioc(path)
    if path.endswith(".csv"):
        return from_csv(path)
    return from_lines(path)


def imported(program, path):
    run = subprocess.run([program, "intel", "import", "--dry-run", path], capture_output=True, text=True, check=False)
    return [json.loads(line) for line in run.stdout.splitlines()], run


def main():
    program, folder = sys.argv[1:3]
    files = [f for part in ("csv", "infoblox-csv", "misp-event", "misp-feed", "openioc", "sekoia", "stix", "text",
                            "zeek-intel") for f in sorted(glob.glob(os.path.join(folder, part, "*")))]
    bad = total = 0
    for path in files:
        rows, run = imported(program, path)
        wanted = expected(path)
        if wanted is None:
            print(f"{'-':>6} {len(rows):6} {os.path.relpath(path, folder)}")
            continue
        # "1.2.3.4:443" is an address with a port on both sides.
        strip = re.compile(r"^(\d+\.\d+\.\d+\.\d+):\d+$")
        want = {strip.sub(r"\1", normal(v)) for v in wanted
                if v.strip() and not private(refang(v)) and not hopeless(refang(v))}
        have = {strip.sub(r"\1", normal(r["value"])) for r in rows}
        total += len(want)
        missing, extra = sorted(want - have), sorted(have - want)
        bad += bool(missing or extra)
        print(f"{len(want):6} {len(have):6} {os.path.relpath(path, folder)}")
        for mark, values in (("missing", missing), ("extra", extra)):
            for value in values[:8]:
                print(f"              {mark}: {value[:120]}")
    print(f"{len(files)} files, {total} values, {bad} files differ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
