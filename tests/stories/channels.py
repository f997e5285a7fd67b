"""Real listeners that alerts go to, for stories: a mail server with STARTTLS
and a login, a broker with TLS and a password, and sockets for syslog."""
import email
import email.policy
import glob
import os
import socket
import threading
import time

from story import BUSY, Broken, SKIPPED, Story

PARTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "parts")
SYSTEM_PYTHON = "/usr/bin/python3"  # whose packages are Debian's


class Mail:
    """python3-aiosmtpd; refuses mail in clear or without its login."""
    user, password = "sting", "a wheelbarrow of compost"

    def __init__(self, story, tls):
        self.folder = story.path("mail")
        os.makedirs(self.folder, exist_ok=True)
        self.port = story.free_port()
        self._words = (SYSTEM_PYTHON, os.path.join(PARTS, "smtp.py"),
                       self.port, tls + ".pem", tls + ".key", self.user,
                       self.password, self.folder)
        self._story = story
        self.start()

    def start(self):
        self.process = self._story.start(*self._words)
        try:
            self.process.wait_line("^ready", 10)
        except Broken:
            if "No module named" in self.process.text():
                print("python3-aiosmtpd is not installed")
                raise SystemExit(SKIPPED) from None
            raise

    def wait(self, count, seconds=20):
        """The mail numbered `count` and its recipients."""
        path = os.path.join(self.folder, "%d.eml" % count)
        end = time.time() + BUSY * seconds
        while not os.path.exists(path):
            if time.time() > end:
                raise Broken("mail %d did not come; %d did" % (
                    count, len(glob.glob(self.folder + "/*.eml"))))
            time.sleep(0.02)
        with open(path, "rb") as file:
            got = email.message_from_binary_file(
                file, policy=email.policy.default)
        with open(path[:-4] + ".to", encoding="ascii") as file:
            return got, file.read().split("\n")[1]

    @staticmethod
    def text(mail):
        return mail.get_body(("plain",)).get_content()


class Broker:
    """mosquitto, with TLS and a password."""
    user, password = "sting", "four empty flower pots"

    def __init__(self, story, tls, authority):
        self._story, self._ca = story, authority
        self.port, self.log = story.free_port(), None
        passwords = story.path("mosquitto.passwords")
        story.write("mosquitto.passwords", "")
        story.run("mosquitto_passwd", "-b", passwords, self.user,
                  self.password)
        os.chmod(passwords, 0o644)
        for name in (tls + ".pem", tls + ".key", authority):
            os.chmod(name, 0o644)
        self._config = story.write(
            "mosquitto.conf",
            "listener %d 127.0.0.1\ncertfile %s.pem\nkeyfile %s.key\n"
            "password_file %s\nallow_anonymous false\nuser %s\n" % (
                self.port, tls, tls, passwords,
                "root" if os.geteuid() == 0 else os.environ.get("USER", "")))
        self.start()

    def start(self):
        self.process = self._story.start("/usr/sbin/mosquitto", "-c",
                                         self._config)
        self.process.wait_line("running", 10)

    def listen(self, topic):
        """A client that hears all below `topic`: lines of "TOPIC PAYLOAD"."""
        client = self._story.start(
            "mosquitto_sub", "-h", "127.0.0.1", "-p", self.port, "--cafile",
            self._ca, "-u", self.user, "-P", self.password, "-v", "-t", topic,
            "-q", "1", "-d")
        client.wait_line("Subscribed", 10)
        return client


class Syslog:
    """A listener on both UDP and TCP at one port."""

    def __init__(self):
        self.got, self._more = [], threading.Condition()
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.port = Story.free_port()
        self._udp.bind(("127.0.0.1", self.port))
        self._tcp = socket.socket()
        self._tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._tcp.bind(("127.0.0.1", self.port))
        self._tcp.listen()
        for work in (self._datagrams, self._streams):
            threading.Thread(target=work, daemon=True).start()

    def _keep(self, how, what):
        with self._more:
            self.got.append((how, what.decode()))
            self._more.notify_all()

    def _datagrams(self):
        while True:
            self._keep("udp", self._udp.recv(65536))

    def _streams(self):
        while True:
            peer, _ = self._tcp.accept()
            peer.settimeout(60)
            text = b""
            while True:
                more = peer.recv(65536)
                text += more
                size, _, rest = text.partition(b" ")
                if not more or (size.isdigit() and len(rest) == int(size)):
                    break
            self._keep("tcp", rest)
            peer.close()

    def wait(self, how, pattern, seconds=10):
        end = time.time() + BUSY * seconds
        with self._more:
            while True:
                found = [text for kind, text in self.got
                         if kind == how and pattern in text]
                if found:
                    return found[0]
                left = end - time.time()
                if left <= 0:
                    raise Broken("syslog by %s heard no '%s' in %r" % (
                        how, pattern, self.got))
                self._more.wait(left)
