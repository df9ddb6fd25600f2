#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Nightjar authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_hostile.py NIGHTJAR-CLI [MEGABYTES]

Unkind peers at one `nightjar-cli listen`, one after the other, while a good sender goes on: 1,000 idle connections on
each port, half a record on each, a body of MEGABYTES (1,024 unless said) plain, in chunks and as a gzip bomb, gzip that
is damaged, wrong tokens, a header that never ends, and a kill while records come in over TCP. Prints what each was
answered, resident memory after it and the slowest answer to the good sender, and in the end what was stored and what the
health of the sources says. Nothing here passes or fails by time."""

import gzip
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib

TOKEN = "0123456789abcdef"
IDLE = 1_000


def record(number, user="ann"):
    return (f'{{"sourcetype":"zscalernss-web","event":{{"datetime":"Thu Mar 12 10:{number // 60 % 60:02d}:{number % 60:02d}'
            f' 2026","event_id":"{number}","action":"Allowed","url":"a.example/{number}","user":"{user}"}}}}\n')


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) >> 10 for line in status if line.startswith("VmRSS"))


def host_port(address):
    host, port = address.rsplit(":", 1)
    return host, int(port)


class Peers:
    def __init__(self, listen, addresses):
        self.listen = listen
        self.tcp = host_port(addresses["syslog"])
        self.http = host_port(addresses["http"])
        self.good = 0        # records that were answered 200
        self.refused = 0     # answers that were not
        self.slowest = 0.0
        self.stop = threading.Event()

    def request(self, body, headers=(), token=TOKEN, chunked=False, pieces=None):
        """Status, or the reason that there is none."""
        try:
            with socket.create_connection(self.http, timeout=60) as peer:
                size = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {body}"
                head = f"POST /x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{size}\r\n"
                peer.sendall((head + "".join(h + "\r\n" for h in headers) + "\r\n").encode())
                try:
                    for piece in pieces:
                        peer.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
                    if chunked:
                        peer.sendall(b"0\r\n\r\n")
                except OSError:
                    pass  # answered before the end
                line = peer.recv(4096).split(b"\r\n", 1)[0].decode()
                return line.split(" ")[1] if line else "closed"
        except OSError as error:
            return type(error).__name__

    def post(self, text, **more):
        data = text if isinstance(text, bytes) else text.encode()
        return self.request(len(data), pieces=[data], **more)

    def keep_sending(self):
        number = 1
        while not self.stop.is_set():
            begin = time.monotonic()
            if self.post("".join(record(number + i) for i in range(20))) == "200":
                self.good += 20
            else:
                self.refused += 1
            self.slowest = max(self.slowest, time.monotonic() - begin)
            number += 20
            self.stop.wait(0.2)

    def report(self, name, answer):
        print(f"{name:28} {answer!s:28} {resident(self.listen.pid):5d} MiB  good sender: {self.good} records, "
              f"{self.refused} not taken, slowest answer {self.slowest:.2f} s", flush=True)
        self.slowest = 0.0


def idle(peers, address):
    open_peers = [socket.create_connection(address) for _ in range(IDLE)]
    for peer in open_peers:
        peer.sendall(b'{"half":')
    time.sleep(2)
    return open_peers


def big_bodies(peers, megabytes):
    piece = (record(7) * 5_000).encode()
    size = megabytes << 20
    count = size // len(piece)
    peers.report("large body", peers.request(count * len(piece), pieces=(piece for _ in range(count))))
    peers.report("large body in chunks", peers.request(0, chunked=True, pieces=(piece for _ in range(count))))
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b"a" * (1 << 20)) for _ in range(megabytes)) + packer.flush()
    peers.report(f"gzip bomb of {len(bomb) >> 10} KiB", peers.post(bomb, headers=["Content-Encoding: gzip"]))


def other_requests(peers):
    packed = gzip.compress("".join(record(10**6 + i) for i in range(2_000)).encode())
    damaged = packed[:len(packed) // 2] + b"\0\0\0\0" + packed[len(packed) // 2 + 4:]
    encoded = ["Content-Encoding: gzip"]
    peers.report("gzip cut in half", peers.post(packed[:len(packed) // 2], headers=encoded))
    peers.report("gzip damaged in the middle", peers.post(damaged, headers=encoded))
    peers.report("gzip magic and nothing", peers.post(b"\x1f\x8b", headers=encoded))
    answers = {peers.post(record(1), token=token) for token in ("wrong", "", TOKEN[:-1], TOKEN + "x", "x" * 100_000)}
    peers.report("wrong tokens", sorted(answers))
    with socket.create_connection(peers.http) as slow:
        begin = time.monotonic()
        try:
            slow.sendall(b"POST / HTTP/1.1\r\nX: ")
            while time.monotonic() - begin < 150:
                slow.sendall(b"y")
                time.sleep(0.5)
            ended = "still open after 150 s"
        except OSError:
            ended = f"cut after {time.monotonic() - begin:.0f} s"
    peers.report("header that never ends", ended)


def kill_while_sending(peers):
    """Sends by TCP until the kill; how many records went out."""
    sent = 0
    with socket.create_connection(peers.tcp) as sender:
        begin = time.monotonic()
        try:
            while True:
                sender.sendall("".join(record(sent + i, "tcp") for i in range(500)).encode())
                sent += 500
                if time.monotonic() - begin > 3 and peers.listen.poll() is None:
                    peers.listen.send_signal(signal.SIGKILL)
        except OSError:
            return sent


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    megabytes = int(sys.argv[2]) if len(sys.argv) == 3 else 1_024
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    with tempfile.TemporaryDirectory(prefix="nightjar-bench-") as folder:
        token = os.path.join(folder, "token")
        with open(token, "w", encoding="ascii") as file:
            file.write(TOKEN + "\n")
        command = [sys.argv[1], "listen", "--json", "-w", os.path.join(folder, "w"), "--syslog", "127.0.0.1:0", "--http",
                   "127.0.0.1:0", "--token-file", token]
        listen = subprocess.Popen(command, stdout=subprocess.PIPE)
        peers = Peers(listen, json.loads(listen.stdout.readline()))
        peers.report("nothing", "")
        good = threading.Thread(target=peers.keep_sending)
        good.start()
        open_peers = idle(peers, peers.tcp) + idle(peers, peers.http)
        peers.report(f"{len(open_peers)} half-open connections", f"{len(open_peers)} accepted")
        big_bodies(peers, megabytes)
        other_requests(peers)
        peers.stop.set()
        good.join()
        for peer in open_peers:
            peer.close()
        sent = kill_while_sending(peers)
        listen.wait()
        again = subprocess.Popen(command, stdout=subprocess.PIPE)
        again.stdout.readline()
        time.sleep(1)
        again.terminate()
        summary = json.loads(again.stdout.read().splitlines()[-1])
        again.wait()
        count = subprocess.run([sys.argv[1], "search", "--count", "--json", "-w", os.path.join(folder, "w"),
                                "user.name:tcp"], stdout=subprocess.PIPE, check=False)
        print("sent by TCP until the kill:", sent, " stored of it:", count.stdout.decode().strip())
        for source in summary["sources"]:
            health = source["health"]
            print(json.dumps({"source": source["source"], "refused": health.get("refused"), "gaps": health.get("gaps"),
                              "notices": health.get("notices"), "invalid": health.get("invalid")})[:2_000])
    return 0


if __name__ == "__main__":
    sys.exit(main())
