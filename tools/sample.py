#!/usr/bin/env python3
"""The sample sting, from bait to press cut, as `make run` plays it.

Every step is told in a line or two with the command that a user would type,
run for real, and checked. It ends with one HTML page with five pictures.

Usage: tools/sample.py BINARY
  ONCE=1                  end after the story; exit 0 only when all held
  CAMERA=rtsp://...|clip  watch that instead of the sample scene
"""
import json
import os
import re
import shlex
import shutil
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "stories"))
sys.path.insert(0, os.path.join(ROOT, "tools"))
from sample_page import write_page  # noqa: E402
from story import Broken, Story  # noqa: E402

HOLDERS = """reading room
workshop
drawing office
archive
head gardener
deputy gardener
garage
greenhouse
pump house
orchard
seed store
tool shed
rain station
potting bench
rose garden
compost yard
water works
accounts
night watch
visitors' desk
"""
ON_THE_TABLE = 7  # the garage's own copy
PAGES_TAKEN = (2, 4)


def stamp(moment):
    """A moment as commands take it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


class Sample:
    """The steps share what is found here."""

    def __init__(self, story, camera):
        self.story, self.camera, self.once = story, camera, False
        self.op, self.step_number = story.path("op"), 0
        self.scene = self.station = None
        self.drills = []
        self.clip = story.path("segment.mp4")
        self.dossier = story.path("dossier.html")
        self.cut = story.path("cut.mp4")
        self.began = time.time()

    # telling
    def step(self, words):
        self.step_number += 1
        print("\n%d. %s" % (self.step_number, words), flush=True)

    def told(self, words):
        print("     " + words, flush=True)

    def short(self, words):
        """The command as a user would type it here, with short paths."""
        named = [word.replace(self.story.folder + "/", "").replace(
            ROOT + "/", "") for word in map(str, words)]
        named = [word for word in named
                 if word not in ("--passphrase-file", "passphrase", "--json")]
        return " ".join(shlex.quote(word) for word in named)

    def sting(self, *words, code=0, seconds=60, show=True):
        if show:
            print("   $ sting " + self.short(words), flush=True)
        return self.story.sting(*words, code=code, seconds=seconds)

    def keys(self):
        return self.story.keys()

    # the steps
    def begin(self):
        self.step("A sting begins: what for, on what ground, who decided.")
        refused = self.story.sting("new", self.op, "--goal", "to see",
                                   *self.keys(), code=1)
        self.told("without ground and name it refuses: "
                  + refused.err.strip().removeprefix("sting: "))
        recipient, self.identity = self.story.recipient()
        self.sting("new", self.op,
                   "--goal", "Who takes the drawings of the water tank?",
                   "--legal-basis", "house rules, section 4: cameras in the "
                   "garage, agreed with the works council",
                   "--decided-by", "the head gardener",
                   "--recipient", recipient, *self.keys())
        self.told("everything is sealed to two keys, ours and "
                  + recipient[:16] + "...")

    def bait(self):
        self.step("Bait: six pages that somebody may want, 20 copies for 20 "
                  "holders.")
        self.sting("bait", "add", self.op, self.story.sample("water-tank.pdf"),
                   "--name", "water-tank")
        holders = self.story.write("holders.csv", HOLDERS)
        issued = self.sting("bait", "issue", self.op, "water-tank",
                            "--holders", holders, "--out",
                            self.story.path("copies"), "--json",
                            *self.keys()).json()
        self.copy = {row["copy"]: row for row in issued}
        if len(self.copy) != 20:
            raise Broken("20 copies were to be issued, not %d"
                         % len(self.copy))
        here = self.copy[ON_THE_TABLE]
        self.told("copy %d, issued to %s, goes on the table: %d marks, none "
                  "moves a word by more than %.2f pt"
                  % (ON_THE_TABLE, here["holder"], here["units"],
                     here["max_shift_pt"]))
        self.sting("log", self.op, "asks twice for the drawings of the tank",
                   "--asked", "water-tank", "--by", "a visitor")

    def copy_file(self):
        path = self.copy[ON_THE_TABLE]["file"]
        return path if os.path.isabs(path) else os.path.join(os.getcwd(), path)

    def start_scene(self):
        port = self.story.free_port()
        # In a group of its own: Ctrl-C ends the station, not its camera first.
        self.scene = self.story.sting_start(
            "drill", "--camera", "127.0.0.1:%d" % port, "--pages",
            self.copy_file(), "--quiet", "8", "--seed", "7",
            preexec_fn=os.setpgrp)
        self.scene.wait_line(r"^listening", 40)
        zone = re.search(r"^zone (.+)$", self.scene.text(), re.M)
        return ("rtsp://127.0.0.1:%d/garage" % port,
                zone.group(1).split() if zone else [])

    def configure(self, url, zone):
        self.hook = self.story.webhook()
        points = ", ".join("[%s]" % point.replace(",", ", ") for point in zone)
        lines = ["", "cameras:", "  - name: garage", "    url: " + url]
        if zone:
            lines += ["    zones:", "      - name: table",
                      "        bait: water-tank",
                      "        copy: %d" % ON_THE_TABLE,
                      "        polygon: [%s]" % points]
        lines += ["", "alerts:", "  - webhook: " + self.hook.url, "",
                  "quiet_s: 5", ""]
        with open(os.path.join(self.op, "operation.yaml"),
                  encoding="utf-8") as file:
            kept = re.sub(r"^(?:(?:cameras|alerts):.*\n(?:[ #-].*\n)*"
                          r"|quiet_s:.*\n)", "", file.read(), flags=re.M)
        with open(os.path.join(self.op, "operation.yaml"), "w",
                  encoding="utf-8") as file:
            file.write(kept.rstrip("\n") + "\n" + "\n".join(lines))
        self.sting("check", self.op)

    def watch(self):
        if self.camera:
            self.step("The station watches %s." % self.camera)
            url, zone = self.camera, []
        else:
            self.step("A camera in the garage, and a station that watches it.")
            url, zone = self.start_scene()
        self.configure(url, zone)
        print("   $ sting run " + self.short([self.op]), flush=True)
        self.station = self.story.sting_start("run", self.op)
        self.station.wait_line("recording", 20)
        self.told("recording")

    def incident(self):
        self.step("Somebody comes.")
        self.station.wait_line(r"INCIDENT 1\b", 60)
        self.incident_at = self.station.at
        self.told(self.last_line("INCIDENT 1"))
        at, _, _, body = self.hook.wait(1, 20)
        self.told("the webhook heard of it %.1f s later: %s"
                  % (max(0, at - self.incident_at), body.decode()[:110]))
        entered = self.event("enter")
        if entered:
            self.told("%.1f s after the first figure came in"
                      % (self.incident_at - entered))

    def last_line(self, part):
        found = [line for _, line in self.station.line if part in line]
        return found[-1] if found else ""

    def event(self, name):
        """When the scene says that something happened, by our clock."""
        for at, line in self.scene.line if self.scene else []:
            if line.split(" ")[0] == name:
                return at
        return None

    def trace(self):
        self.step("Photographs turn up. Which document, which page, which "
                  "copy?")
        self.photo = []
        for page in PAGES_TAKEN:
            out = self.story.path("found-%d.jpg" % page)
            self.photograph(self.copy_file(), page, "half-light", out)
            self.photo.append(out)
        marks = self.story.path("marks")
        os.makedirs(marks, exist_ok=True)
        got = self.sting("trace", self.op, *self.photo, "--draw", marks,
                         "--json", *self.keys()).json()
        for row, page in zip(got, PAGES_TAKEN):
            self.told("page %s, copy %s, issued to %s: log10 LR %.1f, "
                      "log10 false %.1f (%.1f s)"
                      % (row["page"], row["copy"], row["issued_to"],
                         row["log10_lr"], row["log10_false"], row["seconds"]))
            if (row["verdict"], row["page"], row["copy"]) != (
                    "attributed", page, ON_THE_TABLE):
                raise Broken("page %d of copy %d was to be named, not %s"
                             % (page, ON_THE_TABLE, row))
        self.findings = got

    def photograph(self, pdf, page, setting, out):
        self.story.sting("drill", "--photograph", pdf, "--page", page,
                         "--setting", setting, "--seed", 40 + page,
                         "--out", out)

    def trace_original(self):
        self.told("and a photograph of the unmarked original:")
        out = self.story.path("original.jpg")
        self.photograph(self.story.sample("water-tank.pdf"), 3, "half-light",
                        out)
        got = self.sting("trace", self.op, out, "--json", *self.keys(),
                         code=3).json()
        if got[0]["verdict"] != "none" or got[0]["copy"] is not None:
            raise Broken("no copy was to be named, not %s" % got)
        self.told("our page %s, no copy of ours (exit 3)" % got[0]["page"])

    def seen_out(self):
        """Wait until the scene is over and its recording is sealed."""
        if self.scene:
            self.scene.wait_line(r"^end", 90)
            self.step("The team has come in. The incident closes and the "
                      "record is sealed.")
            self.station.wait_line(r"incident \d+: over", 40)
            self.told(self.last_line(": over, after"))
        else:
            time.sleep(15)

    def intact(self):
        got = self.sting("verify", self.op, "--json", code=None)
        row = got.json()[0] if got.out.strip() else {}
        if row.get("verdict") != "INTACT" or got.code != 0:
            raise Broken("INTACT was expected of\n%s" % got)
        self.told("INTACT: %d entries, %d segments, %.1f MB; %s"
                  % (row["entries"], row["segments"], row["bytes"] / 1e6,
                     "nobody outside vouches for it yet"
                     if row["anchored_until"] is None
                     else "vouched for until " + row["anchored_until"]))

    def verify(self):
        self.step("Is the record whole? Anybody can check.")
        self.intact()
        bad = self.story.copy(self.op, "flipped")
        segment = self.segments(bad)[0]
        self.story.flip_bit(segment, os.path.getsize(segment) // 2)
        print("   $ sting verify flipped     # a copy with one bit changed",
              flush=True)
        got = self.story.sting("verify", bad, "--json", code=12).json()[0]
        self.told("%s at %s: %s" % (got["verdict"], got["at"], got["reason"]))
        shutil.rmtree(bad)

    @staticmethod
    def segments(op):
        found = []
        for folder, _, names in os.walk(os.path.join(op, "evidence",
                                                     "segments")):
            found += [os.path.join(folder, name) for name in names
                      if name.endswith(".m4s.age")]
        return sorted(found)

    def open_segment(self):
        self.step("Debian's own age opens a segment with the second key, and "
                  "it plays.")
        segment = self.segments(self.op)[0]
        folder = os.path.dirname(segment)
        init = sorted(name for name in os.listdir(folder)
                      if name.startswith("init-"))[0]
        parts = [os.path.join(folder, init), segment]
        print("   $ age -d -i second-identity " + self.short([segment])
              + " >> segment.mp4", flush=True)
        with open(self.clip, "wb") as out:
            for part in parts:
                out.write(self.story.run("age", "-d", "-i", self.identity,
                                         part).bytes)
        rows = self.sting("replay", self.op, self.clip, "--json").json()
        total = rows[-1]
        if not total["looks"] or total["stream_s"] < 1:
            raise Broken("the opened segment was to play: %s" % total)
        self.told("%.1f s of video, looked at %d times"
                  % (total["stream_s"], total["looks"]))

    def give_out(self):
        self.step("For the court: a dossier.")
        self.sting("dossier", self.op, "--out", self.dossier,
                   *self.story.keys_for("the court asks"))
        self.told("%.1f MB, one page of HTML, prints on paper"
                  % (os.path.getsize(self.dossier) / 1e6))
        self.step("For the press: a new encoding with a mask, and what it "
                  "comes from.")
        taking = self.event("photograph") or self.incident_at + 6
        got = self.sting("release", self.op, "--incident", "1", "--mask",
                         "0.02,0.02,0.16,0.12", "--from", stamp(taking - 2),
                         "--to", stamp(taking + 9), "--out", self.cut,
                         "--json", *self.story.keys_for("the press asks"),
                         seconds=90).json()[0]
        self.told("%.1f s, %d frames, sha256 %s...; %s tells its sources"
                  % (got["seconds"], got["frames"], got["sha256"][:16],
                     os.path.basename(got["text"])))
        self.cut_text = got["text"]

    def start_drill(self, intruders, photographs):
        """Goes on beside all that follows, with what that leaves free."""
        self.drills.append(self.story.sting_start(
            "drill", self.op, "--intruders", intruders, "--photographs",
            photographs, "--seed", "1", "--json", *self.keys(),
            preexec_fn=lambda: os.nice(10)))

    def drill_intruders(self):
        self.start_drill("10", "0")

    def drill_photographs(self):
        before = self.unlocks()
        self.start_drill("0", "10")
        end = time.time() + 30  # it goes by the configuration of now
        while self.unlocks() == before and time.time() < end:
            time.sleep(0.1)

    def unlocks(self):
        with open(os.path.join(self.op, "evidence", "ledger"),
                  encoding="utf-8") as file:
            return file.read().count(" unlock ")

    def go_on_telling(self, process):
        """Minutes pass: whoever looks on is told that they are meant to."""
        began = told = time.time()
        while process.is_running() and time.time() - began < 1200:
            time.sleep(0.2)
            if time.time() - told >= 60:
                told = time.time()
                self.told("still being tried, for %.0f minutes"
                          % ((told - self.began) / 60))

    def drill(self):
        self.step("Would it work another time? Ten intruders, ten "
                  "photographs, tried beside all this.")
        for process in self.drills:
            print("   $ " + self.short(["sting"] + process.words[1:]),
                  flush=True)
            self.go_on_telling(process)
            code = process.wait(1200)
            if code != 0:
                raise Broken("the drill ended with %d:\n%s"
                             % (code, process.text()[-1000:]))
            for line in process.text().splitlines():
                row = json.loads(line) if line.startswith("{") else {}
                if "trials" in row:
                    self.told("%s: %d of %d, 95 %% interval %.0f to %.0f %%"
                              % (row["what"], row["hits"], row["trials"],
                                 100 * row["low"], 100 * row["high"]))

    def stop(self):
        self.step("The station stops in order.")
        code = self.station.stop()
        if code != 0:
            raise Broken("the station ended with %d:\n%s"
                         % (code, self.station.text()[-2000:]))
        self.intact()

    def page(self):
        path = write_page(self)
        print("\nFive pictures: " + path, flush=True)

    def go_on(self):
        print("\nThe station runs on until Ctrl-C. Folder: "
              + self.story.folder, flush=True)
        shown = len(self.station.line)
        try:
            while self.station.is_running():
                time.sleep(0.2)
                for _, line in self.station.line[shown:]:
                    self.told(line)
                    shown += 1
        except KeyboardInterrupt:
            print()
        self.stop()


def main():
    os.environ["STING"] = os.path.abspath(sys.argv[1])
    once = bool(os.environ.get("ONCE"))
    camera = os.environ.get("CAMERA") or None
    if camera and "://" not in camera:
        camera = os.path.abspath(camera)  # the operation has its own folder
    folder = os.path.join(os.path.dirname(os.environ["STING"]), "sample")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with Story("the sample sting", folder) as story:
        sample = Sample(story, camera)
        steps = [sample.begin, sample.bait, sample.watch]
        if not camera:
            steps = [sample.begin, sample.drill_intruders, sample.bait,
                     sample.drill_photographs, sample.watch]
            steps += [sample.incident, sample.trace, sample.trace_original,
                      sample.seen_out, sample.verify,
                      sample.open_segment, sample.give_out, sample.drill,
                      sample.page]
        for step in steps:
            step()
        print("\nThe story took %.0f s." % (time.time() - sample.began))
        if once:
            sample.stop()
        else:
            sample.go_on()


if __name__ == "__main__":
    main()
