"""The console's door: its certificate is told by its fingerprint and may be the
user's own; who tries passwords has to wait longer each time, others do not."""
import hashlib
import json
import os
import re
import signal
import socket
import ssl
import time

from browsing import call, console_start
from console_play import Person
from story import Story

TOLD = r"console at https://(\S+?)/, its certificate has SHA-256 ([0-9a-f]{64})"


def shown_at(address):
    """SHA-256 of the certificate that a stranger is shown there."""
    host, port = address.rsplit("//", 1)[-1].rsplit(":", 1)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection((host, int(port)), 5) as plain, \
            context.wrap_socket(plain) as line:
        return hashlib.sha256(line.getpeercert(True)).hexdigest()


def tried(address, user, password):
    """A try to log in: its status, why not, and how long to wait."""
    http, headers, body = call(address, "/api/login", headers={
        "Content-Type": "application/json"}, data=json.dumps(
            {"user": user, "password": password}).encode())
    return http, json.loads(body).get("error"), headers["Retry-After"]


def wrong_once(story, address, number):
    got = tried(address, "anna", "guess number %d" % number)
    story.check(got[:2] == (401, "wrong"), "guess %d is taken, and is wrong"
                % number, got)


def waits(story, address, seconds):
    """Does the right one, tried at once, have to wait? Who is let in has to be
    so late that the wait was over, and that the counting begins anew."""
    began = time.monotonic()
    wrong_once(story, address, 4 + seconds)
    got = tried(address, "anna", Story.PASSPHRASE)
    took = time.monotonic() - began
    story.check(got == (429, "delayed", str(seconds)) or (
        got[0] == 200 and took >= seconds), "then even the right one has to "
                "wait %d s, or came later than that" % seconds, (got, took))
    return got[0] == 429


def guessed(story, address):
    """Five wrong ones are free; then 1, 2, 4 ... s, whatever is tried. Did it
    go fast enough to be seen?"""
    for i in range(4):
        wrong_once(story, address, i + 1)
    if not waits(story, address, 1):
        return False
    got = tried(address, "ben", "a guess at another")
    story.check(got[:2] == (401, "wrong"), "others need not", got)
    time.sleep(1.2)
    return waits(story, address, 2)


def guesses(story, address):
    story.check(any(guessed(story, address) for _ in range(20)),
                "after it one more is taken, and the wait is twice as long")
    time.sleep(2.2)
    got = tried(address, "anna", Story.PASSPHRASE)
    story.check(got[0] == 200, "who waited and knows it is let in", got)
    got = [tried(address, "anna", "guess number 7")[:2] for _ in range(4)]
    story.check(got == [(401, "wrong")] * 4, "which ends the counting", got)


def own_certificate(story, op):
    """Made by an authority of the user's, for localhost."""
    key, crt = story.path("ca.key"), story.path("ca.pem")
    story.run("openssl", "req", "-x509", "-newkey", "ed25519", "-nodes",
              "-keyout", key, "-out", crt, "-days", "2", "-subj",
              "/CN=the garden's authority")
    story.run("openssl", "req", "-newkey", "ec", "-pkeyopt",
              "ec_paramgen_curve:P-256", "-nodes", "-keyout",
              os.path.join(op, "keys/console.key"), "-out",
              story.path("csr.pem"), "-subj", "/CN=shed")
    story.run("openssl", "x509", "-req", "-in", story.path("csr.pem"), "-CA",
              crt, "-CAkey", key, "-CAcreateserial", "-days", "2", "-out",
              os.path.join(op, "keys/console.crt"), "-extfile",
              story.write("names", "subjectAltName=DNS:localhost\n"))
    return crt


def main(story):
    op = story.operation()
    station, link = console_start(story, op)
    told = station.wait_line(TOLD, 5)
    story.check(told.group(2) == shown_at(link.group(1)),
                "the certificate that it made is told by its fingerprint")
    Person(link.group(1), "anna", link.group(2))
    guesses(story, link.group(1))
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")

    authority = own_certificate(story, op)
    station = story.sting_start("run", op, "--listen", "127.0.0.1:0")
    told = station.wait_line(TOLD, 20)
    port = int(told.group(1).rsplit(":", 1)[1])
    context = ssl.create_default_context(cafile=authority)
    with socket.create_connection(("127.0.0.1", port), 5) as plain, \
            context.wrap_socket(plain, server_hostname="localhost") as line:
        seen = hashlib.sha256(line.getpeercert(True)).hexdigest()
    story.check(seen == told.group(2),
                "one of the user's own is shown, and holds by its authority")
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")

    with open(os.path.join(op, "keys/console.crt"), "w",
              encoding="ascii") as file:
        file.write("no certificate\n")
    got = story.sting("run", op, "--listen", "127.0.0.1:0", code=None)
    story.check(got.code in (1, 2) and re.search(
        "keys/console.crt holds no certificate: .*remove it", got.err),
                "what is none is refused in a line that says what to do", got)


if __name__ == "__main__":
    with Story("the console's door is known, and is no place to guess") as told:
        main(told)
