"""The console in a real browser: a one-time link, two roles, and who is refused.
Pictures of the pages are kept where PICTURES says."""
import base64
import hmac
import io
import json
import os
import signal
import tarfile
import time

from browsing import (browser, browser_is_there, call, console_start,
                      pictures_of)
from story import ROOT, Story, cameras_name

CLIP = os.environ["CLIP"]


def totp(secret, step):
    """The six digits of RFC 6238."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    at = mac[19] & 15
    return "%06d" % ((int.from_bytes(mac[at:at + 4], "big") & 0x7fffffff)
                     % 1000000)


def source(story, address):
    """Whoever uses the program gets what it was built of, and nobody's core."""
    told = json.loads(call(address, "/api/hello")[2])["source"]
    http, headers, body = call(address, told)
    story.check(http == 200 and headers["Content-Type"] == "application/gzip",
                "its source is there without a login", (told, http))
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        names = archive.getnames()
        build = archive.extractfile("sting/meson.build").read()
    with open(os.path.join(ROOT, "meson.build"), "rb") as file:
        story.check(build == file.read(), "and is that of this tree")
    story.check({"sting/LICENSE", "sting/Makefile", "sting/src/cli/main.c"}
                <= set(names) and not [one for one in names
                                       if one.startswith("sting/build/")],
                "whole, without what was built", len(names))


def telephone(story, address):
    """Who shows a telephone once has to show it always, each code once."""
    def post(path, cookie="", csrf="", **fields):
        http, headers, body = call(
            address, path, data=json.dumps(fields).encode(),
            headers={"Content-Type": "application/json", "Cookie": cookie,
                     "X-Sting-Csrf": csrf})
        return http, json.loads(body), (headers["Set-Cookie"] or "").split(
            ";")[0]
    user = {"user": "anna", "password": story.PASSPHRASE}
    _, got, cookie = post("/api/login", **user)
    csrf = got["session"]["csrf"]
    http, got, _ = post("/api/totp/new", cookie, csrf, password="not this one")
    story.check((http, got["error"]) == (403, "wrong"),
                "a telephone is taken by who knows the password")
    _, offer, _ = post("/api/totp/new", cookie, csrf,
                       password=story.PASSPHRASE)
    step = int(time.time()) // 30
    http, _, _ = post("/api/totp/set", cookie, csrf,
                      code=totp(offer["secret"], step))
    story.check(http == 200 and offer["secret"] in offer["uri"],
                "and confirmed by its first code")
    http, got, _ = post("/api/login", **user)
    story.check((http, got["error"]) == (401, "code-needed"),
                "from then on the password alone does not do")
    code = totp(offer["secret"], int(time.time()) // 30)
    story.check(post("/api/login", **user, code=code)[0] == 200
                and post("/api/login", **user, code=code)[0] == 401,
                "a code is good once")
    http, got, _ = post("/api/totp/off", cookie, csrf,
                        password=story.PASSPHRASE)
    story.check(http == 200, "it can be taken away again")


with Story("the console lets in who may be let in") as story:
    browser_is_there()
    pictures = pictures_of(story)
    op = story.operation()
    cameras_name(op, "  - name: garage\n    url: %s\n" % CLIP)
    station, link = console_start(story, op)
    address = link.group(1)
    station.wait_line("camera garage: recording", 20)

    http, headers, body = call(address, "/healthz")
    story.check((http, json.loads(body)) == (200, {"ok": True}),
                "it says that the record is kept")
    story.check("frame-ancestors 'none'" in headers["Content-Security-Policy"]
                and "unsafe" not in headers["Content-Security-Policy"],
                "scripts come from here alone, and no frame shows it")
    for path in ("/api/state", "/api/users", "/api/events?after=0"):
        story.check(call(address, path)[0] == 401, "%s wants a session" % path)
    for path in ("/page/../keys/users", "/keys/users", "/page/", "/page",
                 "/%2e%2e/operation.yaml", "/page/app.mjs%00.css"):
        story.check(call(address, path)[0] == 404, "there is no %s" % path)
    stranger = {"Content-Type": "application/json",
                "Origin": "https://elsewhere.example"}
    story.check(call(address, "/api/login", data=b"{}", headers=stranger)[0]
                == 403, "another site's page is refused")

    source(story, address)
    browser(story, "console.mjs", link.group(0), pictures)
    again = json.dumps({"link": link.group(2), "user": "eve",
                        "password": "twelve letters and more"}).encode()
    story.check(call(address, "/api/first", data=again,
                     headers={"Content-Type": "application/json"})[0] == 403,
                "the link was good once")
    telephone(story, address)
    with open(os.path.join(op, "keys", "users"), encoding="utf-8") as file:
        users = file.read()
    story.check("watering" not in users and users.count("\n") == 4,
                "passwords are kept as hashes")
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        told = [line.split() for line in file if " console what=" in line]
    story.check([row[4] for row in told] ==
                ["what=first", "what=user-added", "what=user-added",
                 "what=refused", "what=login", "what=login", "what=login",
                 "what=totp-on", "what=login", "what=totp-off"],
                "who was let in, and by whom, is in the ledger", told)
    story.sting("verify", op, code=0)

    station = story.sting_start("run", op, "--listen", "127.0.0.1:0")
    station.wait_line("watching", 20)
    story.check("first=" not in station.text(),
                "no further link is told once somebody has a password")
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
