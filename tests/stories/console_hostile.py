"""A hostile hour at the console: every role at every door that is not its own,
a stolen session, one that has run out, our page in somebody else's frame, paths
that are none, uploads that are too large. Connections by the thousand and slow
ones are console_hard's, a live client that never reads is console_live's."""
import http.client
import json
import os
import re
import signal
import ssl
import urllib.parse

from browsing import browser, browser_is_there, call
from console_play import Person
from shim import BOOT, Shim
from story import ROOT, Story

PASSWORD = Story.PASSPHRASE
ROLES = ["viewer", "operator", "custodian", "auditor", "admin"]


def doors():
    """Rows of docs/formats/http.md: method, path, who may, what it needs."""
    with open(os.path.join(ROOT, "docs", "formats", "http.md"),
              encoding="utf-8") as file:
        rows = re.findall(r"^\| (GET|POST) \| (/api/\S+) \| ([a-z ]+) \|(.*)\|",
                          file.read(), re.M)
    return [(method, path, who, dict.fromkeys(re.findall(r"(\w+)!", fields),
                                              "1"))
            for method, path, who, fields in rows if who != "anybody"]


def knock(address, method, path, fields, headers):
    is_post = method == "POST"
    query = "?" + urllib.parse.urlencode(fields) if fields else ""
    http_, _, body = call(
        address, path if is_post else path + query, method=method,
        headers=dict(headers, **{"Content-Type": "application/json"}),
        data=json.dumps(fields).encode() if is_post else None)
    return http_, json.loads(body).get("error") if body[:1] == b"{" else None


def roles_held(story, address, anna):
    """Nobody gets through a door of another role, nor without a session."""
    people = {"admin": anna}
    for role in ROLES[:-1]:
        anna.ask("/api/users/add", {"user": role, "role": role,
                                    "cameras": "*", "password": PASSWORD})
        people[role] = Person(address, role)
    wrong, tried = [], 0
    for method, path, who, needs in doors():
        got = knock(address, method, path, needs, {})
        wrong += [] if got == (401, "no-session") else [(path, None, got)]
        for role in ROLES:
            if who == "all roles" or role in who.split():
                continue
            tried += 1
            got = knock(address, method, path, needs, {
                "Cookie": people[role].cookie,
                "X-Sting-Csrf": people[role].csrf})
            wrong += [] if got == (403, "role") else [(path, role, got)]
    story.check(tried > 50 and not wrong, "two roles: %d doors of others are "
                "closed to each, and all to who has no session" % tried, wrong)
    return people


def stolen(story, address, people):
    """Who has the cookie and no more writes nothing, from no other site, and
    reads nothing once it was ended."""
    ben = people["operator"]
    thief = {"Cookie": ben.cookie}
    door = ("POST", "/api/arm", {"state": "on"})
    got = [knock(address, *door, headers) for headers in (
        thief, dict(thief, **{"X-Sting-Csrf": people["viewer"].csrf}))]
    story.check(got == [(403, "csrf")] * 2, "a stolen cookie writes nothing "
                "without its word, nor with another's", got)
    got = [knock(address, *door, dict(
        thief, **{"X-Sting-Csrf": ben.csrf}, **more)) for more in (
            {"Origin": "https://elsewhere.example"},
            {"Sec-Fetch-Site": "cross-site"})]
    story.check([one[0] for one in got] == [403, 403],
                "nor from another site", got)
    guess = ben.cookie[:-1] + ("0" if ben.cookie[-1] != "0" else "1")
    story.check(call(address, "/api/state", headers={"Cookie": guess})[0]
                == 401, "a cookie that is nearly right is none")
    story.check(call(address, "/api/state", headers=thief)[0] == 200
                and people["admin"].ask("/api/sessions/end",
                                        {"user": "operator"})[0] == 200
                and call(address, "/api/state", headers=thief)[0] == 401,
                "a stolen session reads nothing once an admin has ended it")


def unframed(story, address):
    _, headers, _ = call(address, "/")
    story.check("frame-ancestors 'none'" in headers["Content-Security-Policy"]
                and headers["X-Frame-Options"] == "DENY",
                "clickjacking: the page says that no frame may show it")
    browser(story, "framed.mjs", address + "/")
    story.check(True, "and Chromium shows it in none")


def request(port, method, path):
    """The path as it is, not as a library would mend it."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    line = http.client.HTTPSConnection("127.0.0.1", port, context=context,
                                       timeout=20)
    try:
        line.putrequest(method, path, skip_accept_encoding=True)
        line.endheaders()
        got = line.getresponse()
        return got.status, got.read()
    except (http.client.HTTPException, OSError):
        return None, b""
    finally:
        line.close()


def paths_held(story, port):
    tricks = ["/page/../../keys/users", "/page/%2e%2e/%2e%2e/keys/users",
              "/page/..%2fkeys%2fusers", "/page/..%5c..%5ckeys%5cusers",
              "//keys/users", "/page//app.mjs", "/./page/app.mjs",
              "/page/app.mjs/", "/page/app.mjs/../app.mjs", "/PAGE/app.mjs",
              "/page/app.mjs%00", "/page/%61pp.mjs%2500", "/api/../api/state",
              "/api/state/", "/API/state", "/api/state%00", "/proc/self/environ",
              "http://elsewhere.example/keys/users", "/" + "a" * 8000,
              "/page/" + "../" * 1000 + "etc/passwd"]
    got = {path[:40]: request(port, "GET", path) for path in tricks}
    given = {path: http_ for path, (http_, body) in got.items()
             if http_ == 200 or b"root:" in body or b"scrypt" in body}
    story.check(not given, "path tricks: %d of %d lead anywhere" % (
        len(given), len(tricks)), given)
    got = [request(port, method, "/healthz")[0] for method in (
        "PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "OPTIONS", "NONSENSE")]
    story.check(not {200, 204} & set(got), "nor other methods", got)


def uploads_held(story, people):
    cleo = people["custodian"]
    piece = {"name": "tank.jpg", "at": "0", "part": "YWJj"}
    http_, got = cleo.ask("/api/photo", dict(piece, size=str((16 << 20) + 1)))
    story.check((http_, got["error"]) == (413, "too-long"),
                "an upload of more than 16 MB is refused at its first piece",
                got)
    http_, got = cleo.ask("/api/photo", dict(piece, size="2"))
    story.check(http_ == 400, "so is a piece that is longer than it said", got)
    http_, _, _ = cleo.raw("/api/photo", dict(piece, size="99999",
                                              part="A" * (1 << 20)))
    story.check(http_ == 413, "and one of a megabyte", http_)
    http_, _ = cleo.ask("/api/photo", dict(piece, size="9", at="6"))
    story.check(http_ == 409, "and one that begins nowhere", http_)


def run_out(story, address, people, shim):
    """Half an hour in which nobody did anything."""
    vera = people["viewer"]
    before = vera.raw("/api/state")[0]
    shim.add(BOOT, 31 * 60 * 10 ** 9)
    after = [people[role].raw("/api/hello" if role == "auditor"
                              else "/api/state") for role in people]
    told = [http_ for http_, _, _ in after]
    named = json.loads(after[list(people).index("auditor")][2])["session"]
    story.check(before == 200 and told.count(401) == len(people) - 1
                and named is None, "sessions that have run out open nothing",
                told)
    story.check(Person(address, "viewer").raw("/api/state")[0] == 200,
                "who logs in again is let in")


def main(story):
    browser_is_there()
    op = story.operation()
    shim = Shim(story)
    station = story.start(os.environ["STING"], "run", op, "--listen",
                          "127.0.0.1:0", "--json", env=shim.env)
    link = station.wait_line(
        r"(https://127\.0\.0\.1:(\d+))/#first=([0-9a-f]{64})", 20)
    address, port = link.group(1), int(link.group(2))
    people = roles_held(story, address, Person(address, "anna", link.group(3)))
    stolen(story, address, people)
    unframed(story, address)
    paths_held(story, port)
    uploads_held(story, people)
    run_out(story, address, people, shim)
    http_, _, body = call(address, "/healthz")
    story.check((http_, json.loads(body)) == (200, {"ok": True}),
                "the record is kept all the while")
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")


if __name__ == "__main__":
    with Story("a hostile hour at the console") as told:
        main(told)
