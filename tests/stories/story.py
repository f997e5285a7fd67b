"""What every story needs: a folder of its own, the binary, free ports, an
HTTP listener, and checks told as sentences.

A story drives the binary as a user would and ends with exit code 0 when all
that it claims is so, 1 when something is not, 77 when a tool is missing.

    from story import Story

    with Story("a copy can be issued") as story:
        op = story.operation()
        got = story.sting("bait", "list", op, "--json")
        story.check(got.json(), "the bait is listed")

Environment: STING, the binary; KEEP=1 keeps the folder. Standard library only.
"""
import glob
import json
import os
import pty
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SKIPPED = 77
BUSY = 3  # other tests run beside this one
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


class Broken(Exception):
    """A claim of the story that is not so."""


class Result:
    """What a finished command gave."""

    def __init__(self, words, code, out, err, seconds):
        self.words, self.code, self.seconds = words, code, seconds
        self.bytes, self.err = out, err

    @property
    def out(self):
        return self.bytes.decode("utf-8", "replace")

    def json(self):
        """Every line of stdout as an object; nothing else may be there."""
        return [json.loads(line) for line in self.out.splitlines()]

    def __str__(self):
        return "%s\n  exit %d\n  stdout: %s\n  stderr: %s" % (
            " ".join(self.words), self.code, self.out[-2000:],
            self.err[-2000:])


class Process:
    """A command that goes on: its lines are kept and can be waited for."""

    def __init__(self, words, **kwargs):
        self.words, self.line = words, []
        self._more = threading.Condition()
        self._child = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, **kwargs)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        for raw in self._child.stdout:
            with self._more:
                self.line.append((time.time(),
                                  raw.decode("utf-8", "replace").rstrip()))
                self._more.notify_all()
        with self._more:
            self._more.notify_all()

    @property
    def pid(self):
        return self._child.pid

    def is_running(self):
        return self._child.poll() is None

    def text(self):
        return "\n".join(line for _, line in self.line)

    def wait_line(self, pattern, seconds=30, after=0):
        """The first match at or after line `after`; its moment is in .at.
        `seconds` are those of a machine that does nothing else."""
        seen, end = after, time.time() + BUSY * seconds
        with self._more:
            while True:
                while seen < len(self.line):
                    found = re.search(pattern, self.line[seen][1])
                    if found:
                        self.at = self.line[seen][0]
                        return found
                    seen += 1
                left = end - time.time()
                if left <= 0 or not (self.is_running()
                                     or self._thread.is_alive()):
                    raise Broken("%s: no line with /%s/ in %g s; it said:\n%s"
                                 % (" ".join(self.words), pattern,
                                    BUSY * seconds, self.text()[-3000:]))
                self._more.wait(min(left, 0.2))

    def lost(self, camera):
        """What was told of a camera's loss since it was first recorded; of
        one that never was, all. (On a busy machine its first picture may
        come later than a station waits before it tells.)"""
        mine = [line for _, line in list(self.line)
                if "camera %s: " % camera in line]
        first = next((i for i, line in enumerate(mine)
                      if "camera %s: recording" % camera in line), None)
        if first is None:
            return mine or ["it was never recorded"]
        return [line for line in mine[first:] if "NO PICTURE" in line]

    def stop(self, with_signal=signal.SIGTERM, seconds=20):
        """End it in order and give its exit code; kill it when it will not."""
        if self.is_running():
            self._child.send_signal(with_signal)
        return self.wait(seconds)

    def wait(self, seconds=60):
        try:
            code = self._child.wait(BUSY * seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
            raise Broken("%s: did not end within %g s; it said:\n%s" % (
                " ".join(self.words), BUSY * seconds,
                self.text()[-3000:])) from None
        self._thread.join(5)
        return code

    def kill(self):
        if self.is_running():
            self._child.kill()
            self._child.wait()


class Script:
    """What a stand-in's camera sees, by words of tests/standin/standin.c: up to
    each number of `holds` in turn, and on from there when it is told to."""

    def __init__(self, path, words, *holds):
        self._path, self._holds = path, [*holds, -1]
        with open(path, "w", encoding="ascii") as out:
            out.write(words + "\n")
        self.go_on()

    def go_on(self):
        with open(self._path, "a", encoding="ascii") as out:
            out.write("hold_at=%d\n" % self._holds.pop(0))


class Webhook:
    """A real HTTP listener that keeps what it received."""

    def __init__(self, answer=200):
        self.received = []  # (moment, path, headers, body)
        self.answer = answer
        self._more = threading.Condition()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(size)
                with hook._more:
                    hook.received.append((time.time(), self.path,
                                          dict(self.headers), body))
                    hook._more.notify_all()
                self.send_response(hook.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/alert" % self._server.server_port
        threading.Thread(target=self._server.serve_forever,
                         daemon=True).start()

    def wait(self, count=1, seconds=30):
        end = time.time() + BUSY * seconds
        with self._more:
            while len(self.received) < count:
                left = end - time.time()
                if left <= 0:
                    raise Broken("the webhook got %d of %d messages in %g s"
                                 % (len(self.received), count, BUSY * seconds))
                self._more.wait(left)
            return self.received[count - 1]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def workers_of(process, kind):
    """The processes of workers of that kind."""
    found = []
    with open("/proc/%d/task/%d/children" % (process.pid, process.pid),
              encoding="ascii") as file:
        children = file.read().split()
    for pid in map(int, children):
        try:
            with open("/proc/%d/cmdline" % pid, "rb") as words:
                if kind.encode() in words.read().split(b"\0"):
                    found.append(pid)
        except OSError:
            pass  # it has ended since it was listed
    return found


def wait_for(what, seconds=30):
    """What what() gives, as soon as it is something. `seconds` are those of a
    machine that does nothing else."""
    until = time.time() + BUSY * seconds
    got = what()
    while not got and time.time() < until:
        time.sleep(0.1)
        got = what()
    return got


def parts(op, camera):
    """What lies on disk of a recording that goes on: fields of each part's
    note. That a camera records is said before the first of them is there."""
    for path in glob.glob(os.path.join(op, "evidence/segments", camera,
                                       "*/*.part")):
        try:
            with open(path, "rb") as file:
                note = re.search(rb"-> sting part ([^\n]*)", file.read(4096))
        except FileNotFoundError:
            continue  # it is in a whole recording by now
        yield dict(word.split("=", 1) for word in note[1].decode().split())


def film_s(op, camera):
    """Seconds of a camera's film that are on disk, whole or in parts."""
    with open(os.path.join(op, "evidence/ledger"), encoding="utf-8") as file:
        whole = [dict(re.findall(r" (\w+)=(\S+)", line)) for line in file
                 if " seg camera=%s " % camera in line]
    named = {one["n"] for one in whole}
    return sum(int(one["us"]) for one in whole + [
        part for part in parts(op, camera) if part["n"] not in named]) / 1e6


def disk_of_its_own(size, place="."):
    """A story's folder, with a disk of that size in memory at `place` in it.

    The first call plays the story again in a mount namespace of its own, so
    that the disk is gone with it, and ends; the second gives the folder."""
    if len(sys.argv) > 1:
        return sys.argv[1]
    folder = tempfile.mkdtemp(prefix="sting-story-")
    disk = os.path.join(folder, place)
    os.makedirs(disk, exist_ok=True)
    inner = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
         'mount -t tmpfs -o "size=$1" tmpfs "$2" && exec "$3" "$4" "$5"',
         "sh", size, disk, sys.executable, os.path.abspath(sys.argv[0]),
         folder], check=False)
    shutil.rmtree(folder, ignore_errors=True)
    if inner.returncode == 32:
        print("no disk may be mounted here")
        sys.exit(SKIPPED)
    sys.exit(inner.returncode)


def config_edit(op, before, after):
    """Write another thing in the place of one that is in operation.yaml."""
    with open(op + "/operation.yaml", encoding="utf-8") as file:
        text = file.read()
    if before not in text:
        raise ValueError(before)
    with open(op + "/operation.yaml", "w", encoding="utf-8") as file:
        file.write(text.replace(before, after, 1))


def cameras_name(op, text):
    """Write `text`, YAML, as first of the cameras of operation.yaml."""
    path = os.path.join(op, "operation.yaml")
    with open(path, encoding="utf-8") as file:
        before = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(before.replace("\ncameras:\n", "\ncameras:\n" + text, 1))


def namespace_of_its_own(kind):
    """Play the story again in a namespace of its own, "mount" or "net", that
    ends with it: this returns there alone. Skipped where none may be made."""
    if len(sys.argv) > 1:
        return
    inner = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--" + kind, sys.executable,
         os.path.abspath(sys.argv[0]), "inside"], check=False)
    if inner.returncode not in (0, 1, SKIPPED):
        print("no %s namespace may be made here" % kind)
        sys.exit(SKIPPED)
    sys.exit(inner.returncode)


class Story:
    """A folder of its own; what was started in it ends with it."""

    PASSPHRASE = "seven green watering cans"

    def __init__(self, title, folder=None):
        self.title, self._given = title, folder
        self._process, self._hook, self.checks = [], [], 0
        self.binary = os.path.abspath(os.environ.get(
            "STING", os.path.join(ROOT, "build", "sting")))

    def __enter__(self):
        self.folder = self._given or tempfile.mkdtemp(prefix="sting-story-")
        self.passphrase = self.write("passphrase", self.PASSPHRASE + "\n")
        os.chmod(self.passphrase, 0o600)
        print("story: " + self.title, flush=True)
        return self

    def __exit__(self, kind, value, _):
        for process in reversed(self._process):
            process.kill()
        for hook in self._hook:
            hook.close()
        if not self._given and not os.environ.get("KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)
        if kind is None:
            if self.checks:
                print("story holds: %d checks" % self.checks, flush=True)
        elif issubclass(kind, (Broken, subprocess.TimeoutExpired)):
            print("NOT SO: %s" % value, flush=True)
            sys.exit(1)
        return False

    # files
    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        with open(self.path(name), "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode())
        return self.path(name)

    @staticmethod
    def sample(name):
        return os.path.join(ROOT, "samples", name)

    def copy(self, folder, name):
        """A copy of an operation at rest, to be tampered with."""
        shutil.copytree(folder, self.path(name), symlinks=True,
                        ignore=shutil.ignore_patterns("core.sock"))
        return self.path(name)

    @staticmethod
    def flip_bit(path, offset, bit=0):
        with open(path, "r+b") as file:
            file.seek(offset, os.SEEK_END if offset < 0 else os.SEEK_SET)
            at = file.tell()
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ (1 << bit)]))

    # commands
    def run(self, *words, code=0, seconds=120, stdin=b"", **kwargs):
        """Run to the end; anything but exit code `code` breaks the story,
        None takes any."""
        words = [str(word) for word in words]
        began = time.time()
        try:
            done = subprocess.run(words, input=stdin, capture_output=True,
                                  timeout=BUSY * seconds, check=False,
                                  **kwargs)
        except FileNotFoundError:
            print("%s is not installed" % words[0])
            sys.exit(SKIPPED)
        except subprocess.TimeoutExpired:
            raise Broken("%s: did not end within %g s"
                         % (" ".join(words), BUSY * seconds)) from None
        result = Result(words, done.returncode, done.stdout,
                        done.stderr.decode("utf-8", "replace"),
                        time.time() - began)
        if code is not None and done.returncode != code:
            raise Broken("exit code %d was expected of\n%s" % (code, result))
        return result

    def sting(self, *words, **kwargs):
        return self.run(self.binary, *words, **kwargs)

    def at_a_terminal(self, *words, code=0):
        """What somebody sees there who gives the command: both streams."""
        child, terminal = pty.fork()
        if child == 0:
            os.execv(self.binary, [self.binary, *map(str, words)])
        seen = b""
        try:
            while data := os.read(terminal, 4096):
                seen += data
        except OSError:  # it has closed its side
            pass
        os.close(terminal)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        self.check(ended == code, "at a terminal it ends with %d" % code,
                   seen.decode())
        return seen.decode()

    def start(self, *words, **kwargs):
        process = Process([str(word) for word in words], **kwargs)
        self._process.append(process)
        return process

    def sting_start(self, *words, **kwargs):
        return self.start(self.binary, *words, **kwargs)

    def new(self, *words, **kwargs):
        """`sting new` by what stands in for it: the same, but that its keys
        open without the third of a second that guessing is to cost."""
        return self.run(os.environ.get("STANDIN", self.binary), "new", *words,
                        **kwargs)

    # what most stories begin with
    def keys(self):
        """Words for any command that asks for the passphrase."""
        return ("--passphrase-file", self.passphrase)

    def keys_for(self, reason):
        """The same for one that shows footage: it wants a reason."""
        return (*self.keys(), "--reason", reason)

    def recipient(self):
        """A second recipient: (public text, path of its identity)."""
        path = self.path("second-identity")
        if not os.path.exists(path):
            self.run("age-keygen", "-o", path)
        return self.run("age-keygen", "-y", path).out.strip(), path

    def operation(self, name="op"):
        """A new operation with two recipients; gives its folder."""
        recipient, _ = self.recipient()
        self.new(self.path(name), "--goal", "who takes the drawing",
                 "--legal-basis", "house rules, section 4",
                 "--decided-by", "the head gardener",
                 "--recipient", recipient, *self.keys())
        return self.path(name)

    def webhook(self, **kwargs):
        hook = Webhook(**kwargs)
        self._hook.append(hook)
        return hook

    _ports = []  # what holds those that were given

    @staticmethod
    def free_port():
        """None that the kernel gives to whoever asks for any (those from 32768
        on), nor to another story before this one ends."""
        for port in random.sample(range(20000, 30000), 1000):
            held = socket.socket(socket.AF_UNIX)
            try:
                held.bind("\0sting-story-%d" % port)
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            except OSError:
                held.close()
                continue
            Story._ports.append(held)
            return port
        raise Broken("no port is free")

    def wait_film(self, op, camera, seconds=1):
        """So much of it is on disk."""
        self.check(wait_for(lambda: film_s(op, camera) >= seconds,
                            seconds + 30),
                   "%s: %g s of film are on disk" % (camera, seconds))

    # claims
    def check(self, is_so, sentence, detail=""):
        if not is_so:
            raise Broken("%s%s" % (sentence,
                                   "\n  " + str(detail) if detail else ""))
        self.checks += 1
        print("  so: " + sentence, flush=True)
