#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_receive.py NIGHTJAR-CLI SECONDS RATE [logger,rsyslog,curl]

Sends RATE web records a second, shared by the senders named (all three unless said), to `nightjar-cli listen`: logger
and rsyslog (as a relay, octet-counted) over TCP, a loop of curl over HTTP. No record comes twice. Prints resident
memory and records sent every second, then what was stored. Nothing here passes or fails by time."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

LINES = 2_000  # of one block: a piece for logger, the body of one POST
TEMPLATE = ('{"sourcetype":"zscalernss-web","event":{"datetime":"Thu Mar 12 %%02d:%%02d:%%02d 2026","event_id":"%%015d",'
            '"action":"Allowed","user":"user%d@corp.example","department":"Sales","url":"site%d.example/page/%d?q=%d",'
            '"hostname":"site%d.example","status":"200","requestmethod":"GET","ClientIP":"10.0.%d.7","reason":"Allowed",'
            '"serverip":"198.51.100.%d","requestsize":"412","responsesize":"%d","protocol":"HTTPS","location":"HQ",'
            '"urlcategory":"Corporate Marketing","urlsupercategory":"Business","appname":"General Browsing",'
            '"appclass":"Web","contenttype":"text/html","filetype":"None","threatname":"None","threatclass":"None",'
            '"riskscore":"0","refererURL":"site%d.example/","useragent":"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 '
            'Firefox/128.0","devicehostname":"pc-%d","ruletype":"None","rulelabel":"None","dlpengine":"None"}}\n')


class Lines:
    """Endless blocks of lines, each with a number of its own."""

    def __init__(self, first):
        self.number = first
        self.templates = [TEMPLATE % (i % 97, i % 499, i, i * 7, i % 499, i % 250, i % 250, 96 + i, i % 499, i % 97)
                          for i in range(LINES)]

    def block(self):
        first, self.number = self.number, self.number + LINES
        second = first // 5_000
        clock = (8 + second // 3600 % 12, second // 60 % 60, second % 60)
        return "".join(text % (*clock, first + i) for i, text in enumerate(self.templates)).encode()


def paced(until, rate):
    """Yields once for each block that is due."""
    start = time.monotonic()
    blocks = 0
    while (now := time.monotonic()) < until:
        ahead = blocks * LINES / rate - (now - start)
        if ahead > 0:
            time.sleep(min(ahead, 0.1))
            continue
        blocks += 1
        yield blocks


class Bench:
    def __init__(self, first_line, seconds, rate, folder):
        self.address = first_line
        self.until = time.monotonic() + seconds
        self.rate = rate
        self.folder = folder
        self.sent = {}
        self.not_answered = 0

    def logger(self, lines):
        port = self.address["syslog"].rsplit(":", 1)[1]
        command = ["logger", "-T", "-n", "127.0.0.1", "-P", port, "--size", "64KiB"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE)
        for _ in paced(self.until, self.rate):
            process.stdin.write(lines.block())
            self.sent["logger"] = self.sent.get("logger", 0) + LINES
        process.stdin.close()
        process.wait()

    def rsyslog(self, lines):
        port = self.address["syslog"].rsplit(":", 1)[1]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            own = free.getsockname()[1]
        conf = os.path.join(self.folder, "rsyslog.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(f'global(workDirectory="{self.folder}" maxMessageSize="64k")\nmodule(load="imptcp")\n'
                       f'input(type="imptcp" address="127.0.0.1" port="{own}")\n'
                       f'*.* action(type="omfwd" Target="127.0.0.1" Port="{port}" Protocol="tcp"'
                       ' TCP_Framing="octet-counted")\n')
        daemon = subprocess.Popen(["/usr/sbin/rsyslogd", "-n", "-f", conf, "-i", os.path.join(self.folder, "pid")])
        time.sleep(1)
        with socket.create_connection(("127.0.0.1", own)) as connection:
            for _ in paced(self.until, self.rate):
                connection.sendall(b"".join(b"<134>" + line for line in lines.block().splitlines(keepends=True)))
                self.sent["rsyslog"] = self.sent.get("rsyslog", 0) + LINES
        time.sleep(3)
        daemon.terminate()
        daemon.wait()

    def curl(self, lines):
        command = ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "-H", "Expect:", "--data-binary", "@-",
                   "http://" + self.address["http"] + "/"]
        for _ in paced(self.until, self.rate):
            answer = subprocess.run(command, input=lines.block(), stdout=subprocess.PIPE, check=False).stdout
            if answer == b"200":
                self.sent["curl"] = self.sent.get("curl", 0) + LINES
            else:
                self.not_answered += 1


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) >> 10 for line in status if line.startswith("VmRSS"))


def main():
    if len(sys.argv) not in (4, 5):
        print(__doc__, file=sys.stderr)
        return 2
    seconds, rate = float(sys.argv[2]), float(sys.argv[3])
    names = sys.argv[4].split(",") if len(sys.argv) == 5 else ["logger", "rsyslog", "curl"]
    with tempfile.TemporaryDirectory(prefix="nightjar-bench-") as folder:
        listen = subprocess.Popen([sys.argv[1], "listen", "--json", "-w", os.path.join(folder, "w"), "--syslog",
                                   "127.0.0.1:0", "--http", "127.0.0.1:0"], stdout=subprocess.PIPE)
        bench = Bench(json.loads(listen.stdout.readline()), seconds, rate / len(names), folder)
        threads = [threading.Thread(target=getattr(bench, name), args=(Lines(1 + i * 10**12),))
                   for i, name in enumerate(names)]
        for thread in threads:
            thread.start()
        start = time.monotonic()
        while any(thread.is_alive() for thread in threads):
            time.sleep(1)
            print(f"{time.monotonic() - start:5.0f} s  {resident(listen.pid):5d} MiB  sent {bench.sent}", flush=True)
        ended = time.monotonic()
        listen.terminate()
        summary = json.loads(listen.stdout.read().splitlines()[-1])
        listen.wait()
        total = sum(bench.sent.values())
        print(json.dumps({"sent": bench.sent, "sent_per_second": round(total / (ended - start)),
                          "not_answered_200": bench.not_answered, "stored": summary["events"],
                          "lost": total - summary["events"], "stopping_seconds": round(time.monotonic() - ended, 2),
                          "peak_rss_mib": summary["peak_rss_bytes"] >> 20, "cpu_seconds": summary["cpu_seconds"],
                          "stages": summary["stage_cpu_seconds"],
                          "latency": {s["source"]: s["health"]["latency_seconds"] for s in summary["sources"]}}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
