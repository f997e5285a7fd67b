"""Trials that were done, so that counts survive: docs/results/trials/NAME.jsonl.

The first line is an object: the version that the trials are of, the earlier
ones at which some were done, and the names of their fields. Then one array a
trial, in that order. A trial is a function of its row and seed, so whether
those of another version still hold is asked of the trials: some are done
again, and if all come out the same to the last digit the file goes on under
the new version. Else they are dropped. While that is under way the first line
names the groups that "held" at the new one, and it goes on behind them. A field that is new is null in trials
from before it, and not compared. A change that alters one trial in ten
passes 60 of them unseen in 2 cases of 1,000, one in twenty in 5 of 100; 20, of
slow trials, in 12 and 36 of 100.
"""
import concurrent.futures
import json
import os
import random
import subprocess
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FOLDER = os.path.join(ROOT, "docs", "results", "trials")
AGAIN = 60  # trials of a group that are done again ..
AGAIN_SLOW = int(os.environ.get("AGAIN", 20))  # .. where one takes long
UNCOMMITTED = "uncommitted"


def git(*args):
    return subprocess.run(["git", "-C", ROOT, *args], capture_output=True,
                          text=True).stdout.strip()


def version(paths):
    """The last commit that touched what a trial's outcome depends on; no
    README is that."""
    paths = [*paths, ":(exclude,glob)**/*.md"]
    if git("status", "--porcelain", "--", *paths):
        return UNCOMMITTED
    return git("log", "-1", "--format=%h", "--", *paths) or "unknown"


def told(value):
    """As it is read again from the file."""
    return json.loads(json.dumps(value))


class Record:
    """fields: of a trial, "row" and "seed" among them; loose: those that may
    differ when it is done again; aside: where trials of uncommitted work go,
    which are never counted with others."""

    def __init__(self, name, fields, paths, aside, loose=()):
        self.version = version(paths)
        self.fields, self.loose = list(fields), set(loose)
        self.rows, self.of, self.earlier = [], self.version, []
        self.held = []  # groups that hold at this version, of an older file
        self._lock = threading.Lock()
        is_aside = self.version == UNCOMMITTED
        self.path = os.path.join(aside if is_aside else FOLDER,
                                 name + ".jsonl")
        if is_aside:
            self._write(self.version)
        elif os.path.exists(self.path):
            self._read()

    def _read(self):
        with open(self.path, encoding="utf-8") as file:
            lines = file.readlines()
        if lines and not lines[-1].endswith("\n"):
            lines.pop()  # a trial that was being written when all ended
            os.truncate(self.path, sum(len(line.encode()) for line in lines))
        if not lines:
            return
        head, *rows = map(json.loads, lines)
        self.of, self.earlier = head["version"], head["earlier"]
        held = head.get("held", {})
        self.held = held.get(self.version, [])
        self.rows = [dict(dict.fromkeys(self.fields), **dict(
            zip(head["fields"], row))) for row in rows]
        if head["fields"] == self.fields:
            return
        lost = [field for field in head["fields"] if field not in self.fields]
        if lost:
            self._drop(self.rows, "nothing asks for their %s" % lost[0])
        self._write(self.of)

    def _write(self, of):
        """The whole file anew, as of this version."""
        if self.of != of:
            self.earlier = (self.earlier + [self.of]) if self.rows else []
        self.of = of
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            file.write(json.dumps(self._head()) + "\n")
            for row in self.rows:
                file.write(self._line(row))
        os.replace(self.path + ".new", self.path)

    def _head(self):
        head = {"version": self.of, "earlier": self.earlier,
                "fields": self.fields}
        if self.of != self.version and self.held:
            head["held"] = {self.version: self.held}
        return head

    def _line(self, row):
        return json.dumps([row.get(field) for field in self.fields],
                          separators=(",", ":"), ensure_ascii=False) + "\n"

    def _drop(self, rows, why):
        if rows:
            print("%s: %d trials of version %s are dropped: %s" % (
                os.path.basename(self.path), len(rows), self.of, why),
                flush=True)
        gone = {id(row) for row in rows}
        self.rows = [row for row in self.rows if id(row) not in gone]

    def add(self, row):
        row = {field: told(row.get(field)) for field in self.fields}
        with self._lock:
            if not self.rows:
                self._write(self.version)
            self.rows.append(row)
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(self._line(row))

    def rewrite(self):
        """Rows were changed: fields that they had not told."""
        self._write(self.of)

    def keep(self, wanted, why):
        """Those that are not wanted(row) any more go."""
        gone = [row for row in self.rows if not wanted(row)]
        if gone:
            self._drop(gone, why)
            self._write(self.of)

    def settle(self, replay, group=lambda row: "", most=AGAIN, workers=1,
               odd=lambda row: False, renew=lambda rows: None):
        """Do trials of another version still hold? replay(row) does one
        again, so many at once. What has something in common is one group: it
        stands or falls as a whole, by one trial of each row and others up to
        `most`, and besides by up to `most` odd ones: what is mended changes
        those that went wrong. renew(rows) asks anew what is no outcome of a
        group that holds, before it is written as held."""
        if self.of == self.version:
            return
        groups = {}
        for row in self.rows:
            groups.setdefault(group(row), []).append(row)
        for name, rows in groups.items():
            if name in self.held:
                continue
            again = sample(rows, self.version, most)
            again += [row for row in rows if odd(row)
                      and not any(row is one for one in again)][:most]
            if self._settle_group(name, rows, again, replay, workers):
                renew(rows)
            self.held.append(name)
            self._write(self.of)
        self._write(self.version)

    def _other(self, row, got):
        """The fields in which a trial done again is another."""
        return [field for field in self.fields if field not in self.loose
                and row.get(field) is not None
                and told(got.get(field)) != row[field]]

    def _settle_group(self, name, rows, again, replay, workers):
        """Does it hold?"""
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            done = pool.map(replay, again) if workers > 1 else map(replay,
                                                                   again)
            for row, got in zip(again, done, strict=True):
                other = self._other(row, got)
                if other:
                    pool.shutdown(wait=False, cancel_futures=True)
                    self._drop(rows, "%s %s has another %s at %s" % (
                        row["row"], row["seed"], other[0], self.version))
                    return False
        print("%s: %d trials of version %s hold at %s too: %d of %s done "
              "again are the same" % (os.path.basename(self.path), len(rows),
                                      self.of, self.version, len(again),
                                      name or "them"), flush=True)
        return True


def sample(rows, seed, most):
    """One trial of each row, and others until there are as many; other ones for
    every version."""
    chance = random.Random(seed)
    mixed = chance.sample(rows, len(rows))
    first = list({row["row"]: row for row in mixed}.values())
    taken = {id(row) for row in first}
    rest = [row for row in mixed if id(row) not in taken]
    return first + rest[:max(0, most - len(first))]
