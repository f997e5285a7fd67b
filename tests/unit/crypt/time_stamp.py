#!/usr/bin/env python3
"""Replies of OpenSSL's own authority, judged by ours, case by case.
usage: time_stamp.py STAMP_JUDGE"""
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "stories"))
from outsiders import Authority  # noqa: E402

JUDGE = os.path.abspath(sys.argv[1])
TODAY = "2012-06-01T00:00:00Z"
bad = 0


def judge(data, reply, ca, crl="-", day=TODAY):
    done = subprocess.run([JUDGE, data, reply, ca, crl, day],
                          capture_output=True, check=False, timeout=60)
    if done.returncode != 0:
        return "died %d %s" % (done.returncode, done.stderr.decode())
    return done.stdout.decode().strip()


def case(sentence, got, expected):
    global bad
    is_so = got.split()[0] == expected
    bad += not is_so
    print("%s: %s%s" % ("so" if is_so else "NOT SO", sentence,
                        "" if is_so else "\n  it said: " + got))


with tempfile.TemporaryDirectory(prefix="sting-stamp-") as folder:
    def put(name, content):
        path = os.path.join(folder, name)
        with open(path, "wb") as out:
            out.write(content)
        return path

    ours = Authority(folder + "/tsa", day="2011-11-01", days=365)
    other = Authority(folder + "/other", day="2011-11-01", name="Other")
    data = put("data", b"sting/garden\n5\nAAAA\n")
    reply = ours.reply(ours.query(b"sting/garden\n5\nAAAA\n"))
    tsr = put("tsr", reply)
    case("a reply over these bytes is good", judge(data, tsr, ours.ca), "good")
    case("of other bytes it is told",
         judge(put("two", b"other"), tsr, ours.ca), "wrong-hash")
    case("of another hash it is told",
         judge(data, put("sha512", ours.reply(ours.query(
             b"sting/garden\n5\nAAAA\n", "sha512"))), ours.ca), "wrong-hash")
    case("by another authority it is told", judge(data, tsr, other.ca),
         "other-authority")
    case("without any authority it is told", judge(data, tsr, "-"),
         "other-authority")
    case("out of date it is told",
         judge(data, tsr, ours.ca, day="2017-01-01T00:00:00Z"), "expired")
    case("of a later day it is told",
         judge(data, tsr, ours.ca, day="2011-10-01T00:00:00Z"), "future")
    ours.openssl("ts", "-reply", "-in", "reply.tsr", "-token_out", "-out",
                 "token")
    case("a bare token is told", judge(data, folder + "/tsa/token", ours.ca),
         "bare-token")
    case("nothing is no reply", judge(data, put("none", b""), ours.ca),
         "malformed")
    case("a list without this certificate changes nothing",
         judge(data, tsr, ours.ca, ours.crl()), "good")
    case("a revoked certificate is told",
         judge(data, tsr, ours.ca, ours.revoke()), "revoked")
    case("also after it has ended",
         judge(data, tsr, ours.ca, ours.crl(), "2017-01-01T00:00:00Z"),
         "revoked")
    busy = Authority(folder + "/busy", day="2011-11-01", days=3650)
    tsr3 = put("tsr3", busy.reply(busy.query(b"sting/garden\n5\nAAAA\n")))

    def listed(day, days):
        """What the authority publishes on that day, for so many days."""
        busy.day = day
        busy.openssl("ca", "-config", "openssl.cnf", "-keyfile", "ca.key",
                     "-cert", "ca.pem", "-gencrl", "-crldays", str(days),
                     "-out", "some.pem")
        with open(folder + "/busy/some.pem", "rb") as file:
            return file.read()

    none = listed("2011-11-02", 3650)
    busy.day = "2012-02-01"
    busy.revoke()
    short, long = listed("2012-02-01", 30), listed("2012-02-01", 3650)
    for sentence, lists, day, expected in [
            ("of two lists the newer one counts", none + long, TODAY,
             "revoked"),
            ("in whatever order they come", long + none, TODAY, "revoked"),
            ("also when it ended and the older one did not", none + short,
             TODAY, "revoked"),
            ("and in the other order", short + none, TODAY, "revoked"),
            ("but not before its day", long + none, "2011-12-01T00:00:00Z",
             "good")]:
        case(sentence, judge(data, tsr3, busy.ca, put("lists", lists), day),
             expected)
    refused = ours.reply(b"\x30\x03\x02\x01\x01")
    case("a refusal is told", judge(data, put("no", refused), ours.ca),
         "refused")
    case("behind a reply nothing may follow",
         judge(data, put("long", reply + b"\0"), ours.ca), "malformed")

    chance = random.Random(11)
    wrong = []
    whole = judge(data, tsr, ours.ca)
    for i in range(200):
        flipped = bytearray(reply)
        flipped[chance.randrange(len(reply))] ^= 1 << chance.randrange(8)
        got = judge(data, put("flip", bytes(flipped)), ours.ca)
        if got.startswith("died") or (
                got.startswith("good") and got.split()[1] != whole.split()[1]):
            wrong.append(got)
    case("no flipped bit of 200 kills, or moves a good stamp's time: %s"
         % wrong[:1], "no" if wrong else "none", "none")
    for size in range(0, len(reply), 97):
        got = judge(data, put("cut", reply[:size]), ours.ca)
        if got.split()[0] != "malformed":
            wrong.append(got)
    case("a reply cut short is no reply: %s" % wrong[:1],
         "no" if wrong else "none", "none")
sys.exit(1 if bad else 0)
