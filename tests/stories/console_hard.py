"""Strangers at the console's port: double headers, floods, slow ones, ten
thousand connections, a burst of honest requests. Each is refused within its
bound, honest ones are served, and recording loses no frame."""
import json
import os
import resource
import shutil
import signal
import socket
import ssl
import sys
import threading
import time

from browsing import call, console_start
from story import SKIPPED, Story, cameras_name

CLIP = os.environ["CLIP"]
CONNECTIONS = 10000


def context():
    made = ssl.create_default_context()
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


def raw(port, text, wait=10):
    """What comes back for these bytes, up to the end or `wait` seconds."""
    with socket.create_connection(("127.0.0.1", port), wait) as plain:
        with context().wrap_socket(plain) as line:
            got = b""
            try:
                line.sendall(text)
                while b"\r\n\r\n" not in got:
                    more = line.recv(4096)
                    if not more:
                        break
                    got += more
            except (OSError, ssl.SSLError):
                pass
            return got


def http_of(got):
    return int(got.split(b" ", 2)[1]) if got.startswith(b"HTTP/") else None


def headers_refused(story, port):
    post = (b"POST /api/login HTTP/1.1\r\nHost: a\r\n"
            b"Content-Type: application/json\r\n")
    body = b'{"user":"x","password":"y"}'
    for told, text in (
            ("two Content-Length that differ", post +
             b"Content-Length: 27\r\nContent-Length: 3\r\n\r\n" + body),
            ("two that agree", post +
             b"Content-Length: 27\r\nContent-Length: 27\r\n\r\n" + body),
            ("a header that goes on", b"GET / HTTP/1.1\r\nHost: a\r\n"
             b"Cookie: a=1\n\tb:2\r\nCookie: a=2\r\n\r\n"),
            ("a name that is none", b"GET / HTTP/1.1\r\nHost: a\r\n"
             b"X(a): b\r\n\r\n"),
            ("two Host", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
            ("no Host", b"GET / HTTP/1.1\r\n\r\n"),
            ("chunks", post + b"Transfer-Encoding: chunked\r\n\r\n1b\r\n" +
             body + b"\r\n0\r\n\r\n"),
            ("chunks and a length", post + b"Transfer-Encoding: chunked\r\n"
             b"Content-Length: 5\r\n\r\n0\r\n\r\n"),
            ("a length below nothing", post + b"Content-Length: -1\r\n\r\n"),
            ("two Cookie", b"GET / HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\n"
             b"Cookie: b=2\r\n\r\n")):
        got = raw(port, text)
        story.check(http_of(got) in (400, 411, None) and b" 200 " not in
                    got.split(b"\r\n")[0], "%s: %s" % (told, http_of(got)), got)
    flood = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-Flood: %s\r\n" % (
        b"a" * 900) * 200 + b"\r\n"
    got = raw(port, flood)
    story.check(http_of(got) in (400, 413, 431, None),
                "a flood of headers: %s" % http_of(got), got)
    large = post + b"Content-Length: 400000\r\n\r\n" + b"a" * 400000
    got = raw(port, large)
    story.check(http_of(got) in (413, None), "an upload without end: %s"
                % http_of(got), got)


def slow_ones(port, count):
    """Connections that send a letter every few seconds, half of them not even
    a handshake."""
    held = []
    for i in range(count):
        plain = socket.create_connection(("127.0.0.1", port), 10)
        if i % 2:
            plain = context().wrap_socket(plain)
            plain.sendall(b"GET / HTTP/1.1\r\nHo")
        held.append(plain)
    return held


def drip(held, ends):
    while not ends.wait(3):
        for line in held:
            try:
                line.send(b"s")
            except OSError:
                pass


def are_gone(held):
    gone = 0
    for line in held:
        line.settimeout(0.2)
        try:
            gone += line.recv(4096) == b"" or True
        except (TimeoutError, ssl.SSLWantReadError):
            pass
        except OSError:
            gone += 1
    return gone


def many(port, count):
    """So many connections, opened and kept; who gets none does not wait."""
    held = []
    for _ in range(count):
        line = socket.socket()
        line.setblocking(False)
        line.connect_ex(("127.0.0.1", port))
        held.append(line)
    return held


def descriptors(pid):
    try:
        return len(os.listdir("/proc/%d/fd" % pid))
    except OSError:
        return 0


def web_worker(station):
    with open("/proc/%d/task/%d/children" % (station.pid, station.pid),
              encoding="ascii") as file:
        for pid in map(int, file.read().split()):
            with open("/proc/%d/cmdline" % pid, "rb") as words:
                if words.read().split(b"\0")[2:3] == [b"web"]:
                    return pid
    return 0


def crowd(story, station, address, port):
    before = web_worker(station)
    held = many(port, CONNECTIONS)
    time.sleep(2)
    most = descriptors(before)
    story.check(0 < most < 512, "%d connections: %d are open at most"
                % (CONNECTIONS, most))
    for line in held:
        line.close()
    began = time.time()
    http = None
    while http != 200 and time.time() - began < 30:
        try:
            http = call(address, "/healthz")[0]
        except OSError:
            time.sleep(0.5)
    story.check(http == 200, "honest requests are served %.1f s after they went"
                % (time.time() - began))
    story.check(web_worker(station) == before, "by the same worker")


def cpu_s(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as file:
        word = file.read().rsplit(")", 1)[1].split()
    return (int(word[11]) + int(word[12])) / os.sysconf("SC_CLK_TCK")


def burst(story, station, address):
    """`wrk`: how many a second of the worker's processor, and none refused. On
    a busy machine it gets less than one."""
    if not shutil.which("wrk"):
        print("wrk is not installed")
        sys.exit(SKIPPED)
    pid = web_worker(station)
    before = cpu_s(pid)
    got = story.run("wrk", "-t1", "-c16", "-d4s", address + "/healthz").out
    requests = int(got.split(" requests in")[0].split()[-1])
    spent = max(cpu_s(pid) - before, 0.01)
    story.check("Non-2xx" not in got and requests / spent >= 500,
                "/healthz: %d requests in 4 s, %.0f a second of a processor"
                % (requests, requests / spent), got)


with Story("strangers at the console's port cost recording no frame") as story:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < CONNECTIONS + 500:
        print("too few descriptors may be open here")
        sys.exit(SKIPPED)
    resource.setrlimit(resource.RLIMIT_NOFILE, (CONNECTIONS + 500, most))
    op = story.operation()
    cameras_name(op, "  - name: garage\n    url: %s\n" % CLIP)
    station, link = console_start(story, op)
    address = link.group(1)
    port = int(address.rsplit(":", 1)[1])
    station.wait_line("camera garage: recording", 20)
    slow, ends = slow_ones(port, 60), threading.Event()
    dripping = threading.Thread(target=drip, args=(slow, ends), daemon=True)
    dripping.start()
    began = time.time()
    headers_refused(story, port)
    burst(story, station, address)
    crowd(story, station, address, port)
    time.sleep(max(0, 24 - (time.time() - began)))
    ends.set()
    dripping.join(10)
    story.check(are_gone(slow) == len(slow),
                "60 slow ones are let go of within 24 s")
    http, _, body = call(address, "/healthz")
    story.check((http, json.loads(body)) == (200, {"ok": True}),
                "the record is kept")
    told = station.wait_line(r"refused at the console: (\d+) that made no sense",
                             5)
    story.check(len([1 for _, line in station.line
                     if '"event": "worker"' in line]) <= 2,
                "what was refused is told once a minute: %s" % told.group(0))
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        lines = file.read().count("\n")
    story.check(lines < 60, "all that is %d lines of the ledger" % lines)
    found = story.sting("verify", op, "--json").json()[-1]
    story.check(found["verdict"] == "INTACT" and not found["gaps"],
                "no frame is missing", found)
