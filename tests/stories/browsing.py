"""A station with a console, and a browser in front of it."""
import json
import os
import signal
import ssl
import sys
import urllib.error
import urllib.request

from story import ROOT, SKIPPED

MODULES = os.environ.get("BROWSER_MODULES",
                         os.path.join(ROOT, "build", "browser"))


def browser_is_there():
    """End the story as skipped where no browser was set up."""
    if not os.path.isdir(os.path.join(MODULES, "node_modules")):
        print("tools/setup_browser.sh was not run")
        sys.exit(SKIPPED)


def browser(story, script, *words):
    """Run a script of tests/browser; gives the object that it prints."""
    got = story.run("node", os.path.join(ROOT, "tests", "browser", script),
                    *words, seconds=300,
                    env=dict(os.environ, BROWSER_MODULES=MODULES))
    return json.loads(got.out)


def pictures_of(story):
    """The folder that pictures of pages are kept in."""
    folder = os.environ.get("PICTURES", story.path("pictures"))
    os.makedirs(folder, exist_ok=True)
    return folder


def console_start(story, op):
    """`sting run` with a console: the station, and the one-time link."""
    station = story.sting_start("run", op, "--listen", "127.0.0.1:0", "--json")
    return station, station.wait_line(
        r"(https://127\.0\.0\.1:\d+)/#first=([0-9a-f]{64})", 20)


def station_ends(story, station, op, code=None):
    """It ends in order, and what it recorded is whole, with gaps or none."""
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    found = story.sting("verify", op, "--json", code=code).json()[-1]
    story.check(found["verdict"].startswith("INTACT"), "the record holds",
                found)


def call(address, path, **kwargs):
    """A request without a browser: (status, headers, body)."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(address + path, **kwargs)
    try:
        with urllib.request.urlopen(request, context=context) as got:
            return got.status, got.headers, got.read()
    except urllib.error.HTTPError as got:
        return got.code, got.headers, got.read()
