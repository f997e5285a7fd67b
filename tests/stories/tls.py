"""Outsiders who are asked over https, by certificates of a private authority:
who shows another certificate, an old one or that of another host is not
believed, in one clear line each."""
import json
import os
import re
import urllib.request

from outsiders import Authority, Serving
from story import Story

FALSE = {"another authority's": "unable to get local issuer|self.signed",
         "an expired": "expired",
         "another host's": "match|subject name"}


def passes_on(address):
    """A front with TLS for a witness that has none of its own."""
    def answer(path, body):
        ask = urllib.request.Request(address + path, data=body)
        with urllib.request.urlopen(ask, timeout=20) as got:
            return got.status, got.headers["Content-Type"], got.read()
    return answer


def certificates(story):
    """The right authority, and what each server shows."""
    mine = Authority(story.path("mine"), name="Garden Web")
    theirs = Authority(story.path("theirs"), name="Somebody Else")
    shown = {"right": mine.certify("right", 30, "127.0.0.1", "server"),
             "another authority's": theirs.certify("theirs", 30, "127.0.0.1",
                                                   "server"),
             "another host's": mine.certify("host", 30, "elsewhere",
                                            "elsewhere")}
    mine.day = "2011-11-01"
    shown["an expired"] = mine.certify("old", 1, "127.0.0.1", "server")
    return mine.ca, shown


def main():
    with Story("outsiders are asked over https") as story:
        op = story.operation()
        stamps = Authority(story.path("tsa"))
        tls_ca, shown = certificates(story)
        note = story.sting("verify", op, "--note", "--json").json()[0]
        witness = story.sting_start(
            "verify", "--witness", story.path("witness"), "--listen",
            "127.0.0.1:0", "--log", note["log_key"], "--json")
        said = json.loads(witness.wait_line(r"^\{.*witness.*\}$").group(0))
        front = Serving(passes_on("http://127.0.0.1:%d" % said["port"]),
                        shown["right"])
        servers = [(name, Serving(stamps.answer, shown[name]))
                   for name in ["right", *FALSE]]
        rows = ["  - tsa: %s\n    ca_file: %s\n    tls_ca_file: %s\n" % (
            server.url, stamps.ca, tls_ca) for _, server in servers]
        rows.append("  - witness: %s\n    key: %s\n    tls_ca_file: %s\n" % (
            front.url, said["key"], tls_ca))
        with open(op + "/operation.yaml", "a", encoding="utf-8") as config:
            config.write("anchors:\n" + "".join(rows))
        story.sting("check", op)
        station = story.sting_start("run", op)
        station.wait_line("tsa-1 vouches", 60)
        station.wait_line("witness-5 vouches", 60)
        for i in range(len(FALSE)):
            station.wait_line("tsa-%d does not vouch" % (i + 2), 60)
        story.check(station.stop() == 0, "the station ends in order")
        ledger = open(op + "/evidence/ledger", encoding="ascii").read()
        for i, (name, words) in enumerate(FALSE.items()):
            told = re.findall(r" anchor .*state=failed .*by=tsa-%d .*why=(\S+)"
                              % (i + 2), ledger)
            story.check(len(told) == 1 and re.search(
                words, told[0].replace("%20", " ")),
                "%s certificate is refused, told once and clearly" % name,
                told)
        asked = {name: server.asked for name, server in servers}
        story.check(asked.pop("right") > 0 and not any(asked.values()),
                    "and who shows it learns nothing", asked)
        got = story.sting("verify", op, "--json").json()[0]
        story.check(got["verdict"] == "INTACT" and {
            a["kind"] for a in got["anchors"] if a["counts"]}
            == {"tsa", "witness"}, "the two others vouch", got)
        os.remove(tls_ca)
        lost = story.sting("check", op, code=1)
        story.check("ca.pem" in lost.out + lost.err,
                    "sting check misses a file of authorities", lost)


if __name__ == "__main__":
    main()
