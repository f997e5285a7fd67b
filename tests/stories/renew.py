"""Sealed in 2011, released in 2017: certificates have ended meanwhile, and a
hash has grown weak. Renewed in time, the first time stamp still counts; not
renewed, or too late, it is said so. All in faked years; the records are read
by a second reader too, written from RFC 4998 and openssl asn1parse."""
import glob
import hashlib
import os
import re
import shutil

from outsiders import Authority
from shim import on_day
from story import Story


# ---- the second reader ----

def elements(der, start=0, end=None):
    """(tag, begin, content, end) of the elements in a stretch."""
    end = len(der) if end is None else end
    while start < end:
        tag, size, head = der[start], der[start + 1], 2
        if size & 0x80:
            more = size & 0x7f
            size = int.from_bytes(der[start + 2:start + 2 + more], "big")
            head += more
        yield tag, start, start + head, start + head + size
        start += head + size


def stamps(der):
    """The tokens of an EvidenceRecord, a list for each chain, and the DER of
    each chain."""
    (_, _, content, end), = elements(der)
    version, _, sequence = elements(der, content, end)
    assert der[version[2]:version[3]] == b"\1"
    chains, whole = [], []
    for _, begin, inside, over in elements(der, sequence[2], sequence[3]):
        whole.append(der[begin:over])
        chains.append([])
        for _, _, stamp, stop in elements(der, inside, over):
            (_, a, _, b), = elements(der, stamp, stop)
            chains[-1].append(der[a:b])
    return chains, whole


def sequence_of(parts):
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else (
        lambda b: bytes([0x80 | len(b)]) + b)(
            size.to_bytes((size.bit_length() + 7) // 8, "big"))
    return b"\x30" + length + body


def second_reader(story, record, manifest, authorities):
    """Every stamp is over what RFC 4998 says, and openssl verifies it."""
    with open(record, "rb") as file:
        der = file.read()
    out = story.run("openssl", "asn1parse", "-inform", "DER", "-in", record)
    assert out.out.startswith("    0:d=0"), out.out
    with open(manifest, "rb") as file:
        data = file.read()
    chains, whole = stamps(der)
    count = 0
    for number, chain in enumerate(chains):
        before = None
        for token in chain:
            path = story.write("token", token)
            said = story.run("openssl", "ts", "-reply", "-in", path,
                             "-token_in", "-text").out
            name = re.search(r"Hash Algorithm: (\w+)", said).group(1)
            if before is not None:
                over = before
            elif number == 0:
                over = data
            else:
                over = hashlib.new(name, data).digest() + hashlib.new(
                    name, sequence_of(whole[:number])).digest()
            count += 1
            made = re.search(r"Time stamp: (.*)", said).group(1)
            epoch = story.run("date", "-u", "-d", made, "+%s").out.strip()
            ok = [story.run("openssl", "ts", "-verify", "-in", path,
                            "-token_in", "-data",
                            story.write("over", over), "-CAfile", a.ca,
                            "-attime", epoch, code=None).code
                  for a in authorities]
            story.check(0 in ok, "a second reader verifies stamp %d (%s)"
                        % (count, name))
            before = token
    return count


with Story("proof outlives certificates and hashes") as story:
    def sting(day, *words, **kwargs):
        return story.run(*on_day(story.folder, day), story.binary, *words, **kwargs)

    def verify(day, folder, **kwargs):
        return sting(day, "verify", folder, "--json", **kwargs).json()[0]

    def renew_with(authority, day, *words, **kwargs):
        authority.day = day
        return sting(day, "renew", op, "--json", *words, **kwargs)

    def configured(authority):
        with open(op + "/operation.yaml", encoding="utf-8") as file:
            text = re.sub(r"(?m)^#?anchors:(.|\n)*", "", file.read())
        story.write(op + "/operation.yaml",
                    text + "anchors:\n  - tsa: %s\n    ca_file: %s\n"
                    % (authority.server.url, authority.ca))

    old = Authority(story.path("old"), "2011-10-01", 730, "Old Clock")
    middle = Authority(story.path("middle"), "2013-01-01", 1100,
                       "Middle Clock")
    new = Authority(story.path("new"), "2015-06-01", 3650, "New Clock")
    for authority in (old, middle, new):
        authority.serve()
    recipient, _ = story.recipient()
    op = story.path("op")
    sting("2011-11-01", "new", op, "--goal", "who takes the drawing",
          "--legal-basis", "house rules", "--decided-by", "the head gardener",
          "--recipient", recipient, *story.keys())
    sting("2011-11-01", "log", op, "The valve was photographed")
    got = sting("2011-11-01", "renew", op, code=1)
    story.check("no time-stamping authority" in got.err,
                "without an authority it says what to write")

    # 2011: a station is vouched for, and all is stamped
    configured(old)
    old.day = "2011-11-01"
    run = story.start(*on_day(story.folder, "2011-11-01"), story.binary, "run", op)
    run.wait_line("tsa-1 vouches", 60)
    story.check(run.stop() == 0, "the station of 2011 ends in order")
    stray = os.path.join(op, "evidence", "blobs", "stray.age")
    story.write("op/evidence/blobs/stray.age", b"a file that no line names")
    story.check(verify("2011-11-02", op)["anchored_until"][:10]
                == "2011-11-01", "in 2011 the authority counts")
    left = story.copy(op, "left")
    first = renew_with(old, "2011-11-02").json()[0]
    story.check((first["renewed"], first["begun"]) == (0, 1),
                "the first run begins a record", first)
    again = renew_with(old, "2011-11-03").json()[0]
    story.check((again["renewed"], again["begun"]) == (1, 0),
                "a second run stamps the stamp", again)
    late = story.copy(op, "late")
    gone = story.copy(op, "gone")

    # 2013: before the old certificate ends, by another authority
    configured(middle)
    renew_with(middle, "2013-02-01")
    # 2015: SHA-256 is called weak; somebody has put an old record back under
    # a higher number, where no line names it
    put_back = os.path.join(op, "evidence/renewals/00000001.9.er")
    shutil.copy(os.path.join(op, "evidence/renewals/00000001.1.er"), put_back)
    told = verify("2015-07-01", op)
    story.check(told["verdict"] == "INTACT" and any(
        a["kind"] == "renewal" and not a["counts"]
        and "no line names it" in (a["reason"] or "") for a in told["anchors"]),
                "an old record that was put back is told, and decides nothing",
                told["anchors"])
    configured(new)
    got = renew_with(new, "2015-07-01", "--hash", "sha512").json()[0]
    story.check((got["renewed"], got["begun"], got["broken"]) == (1, 1, 0),
                "a new chain with another hash: the good record goes on", got)
    os.remove(put_back)

    # 2017
    got = verify("2017-01-01", op)
    story.check(got["verdict"] == "INTACT" and any(
        a["kind"] == "renewal" and a["counts"]
        and a["time"][:10] == "2011-11-02" for a in got["anchors"]),
                "in 2017 the record of 2011 still counts", got)
    story.check(got["anchored_until"][:10] == "2015-07-01",
                "what was written since, another authority in the "
                "configuration, counts from its own stamp", got)
    kinds = {(a["kind"], a["state"]) for a in got["anchors"]}
    story.check(("tsa", "renewed") in kinds and ("renewal", "good") in kinds,
                "and so does the station's first stamp, since it was renewed",
                got["anchors"])
    got = verify("2017-01-01", left)
    words = sting("2017-01-01", "verify", left).out
    story.check(got["verdict"] == "INTACT" and got["anchored_until"] is None
                and {a["state"] for a in got["anchors"]} == {"expired"}
                and "not renewed in time" in words and "no outsider" in words,
                "what was not renewed says so", words)

    # renewed too late: the chain has a hole
    op, kept = late, op
    shutil.copy(kept + "/operation.yaml", late + "/operation.yaml")
    got = renew_with(new, "2016-01-01").json()[0]
    story.check((got["renewed"], got["begun"], got["broken"]) == (0, 1, 1),
                "renewed too late, a new record is begun and it is told", got)
    got = renew_with(new, "2016-02-01").json()[0]
    story.check((got["renewed"], got["broken"]) == (1, 1),
                "the new one is renewed from then on", got)
    got = verify("2017-01-01", late)
    story.check(got["verdict"] == "INTACT"
                and got["anchored_until"][:4] == "2016"
                and {(a["state"], a["time"][:10]) for a in got["anchors"]
                     if a["kind"] == "renewal"} >=
                {("expired", "2011-11-02"), ("good", "2016-01-01")},
                "the old one says so, the new one counts", got["anchors"])
    story.check("1 record is broken" in sting("2016-03-01", "renew",
                                              late).out,
                "and people are told in words")
    op = kept

    # closed: no line can be written, no key is left, and it is renewed yet
    op, kept = gone, op
    sting("2012-01-01", "close", gone, "--by", "Head of stores", "--reason",
          "it is over", "--destroy-keys")
    put_back = os.path.join(gone, "evidence/renewals/00000001.7.er")
    for authority, day in [(middle, "2013-02-01"), (new, "2015-07-01")]:
        configured(authority)
        shutil.copy(os.path.join(gone, "evidence/renewals/00000001.1.er"),
                    put_back)
        got = renew_with(authority, day).json()[0]
        story.check(got["renewed"] >= 1,
                    "a closed operation is renewed in " + day[:4], got)
        os.remove(put_back)
    story.check(
        sorted(os.path.basename(p) for p in glob.glob(
            gone + "/evidence/renewals/00000001.*.er"))
        == ["00000001.%d.er" % n for n in (1, 2, 3, 4)],
        "on from its newest stamp, not from an old one that was put back")
    got = verify("2017-01-01", gone)
    story.check(got["verdict"] == "INTACT" and got["anchored_until"] is None
                and {"other-authority", "expired"} <= {
                    a["state"] for a in got["anchors"]},
                "but not by authorities that only files beside it name", got)
    roots = story.write("roots.pem", b"".join(
        open(a.ca, "rb").read() for a in (old, middle, new)))
    got = sting("2017-01-01", "verify", gone, "--ca", roots,
                "--json").json()[0]
    story.check(got["verdict"] == "INTACT" and any(
        a["kind"] == "renewal" and a["counts"]
        and a["time"][:10] == "2011-11-02" for a in got["anchors"]),
                "who knows the authorities sees that it counts", got)
    stray_record = os.path.join(gone, "evidence/renewals/00000001.9.er")
    for junk in (b"", b"\x30\x03\x02\x01\x01", os.urandom(4000)):
        with open(stray_record, "wb") as file:
            file.write(junk)
        got = sting("2017-01-01", "verify", gone, "--ca", roots, "--json")
        story.check(got.json()[0]["verdict"] == "INTACT",
                    "a file of junk beside it changes no verdict")
    op = kept

    # a second, independent reader
    count = 0
    for manifest in glob.glob(op + "/evidence/renewals/*.manifest"):
        newest = sorted(glob.glob(manifest[:-8] + "*.er"))[-1]
        count += second_reader(story, newest, manifest, (old, middle, new))
        out = story.run("sha512sum", "-c", "--quiet",
                        os.path.abspath(manifest), cwd=op)
        story.check(out.out == "", "sha512sum agrees with the manifest")
        with open(manifest, encoding="ascii") as file:
            size, digest = re.search(r"# ledger (\d+) (\w+)",
                                     file.read()).groups()
        with open(op + "/evidence/ledger", "rb") as file:
            story.check(hashlib.sha512(file.read(int(size))).hexdigest()
                        == digest, "and with the ledger so far")
    story.check(count == 5, "four stamps in two chains, and one over what "
                "was written since", count)

    # changes are seen
    for name, path in [
            ("record", "evidence/renewals/00000001.4.er"),
            ("manifest", "evidence/renewals/00000001.manifest"),
            ("stamp", "evidence/anchors/00000001.tsr"),
            ("note", "evidence/anchors/00000001.note")]:
        bad = story.copy(op, "bad-" + name)
        story.flip_bit(os.path.join(bad, path), 99)
        got = verify("2017-01-01", bad, code=12)
        story.check(got["file"] == path, "a flipped bit in a %s is found"
                    % name, got)
    # as if SHA-256 had fallen: no hash of the ledger speaks of this file
    story.flip_bit(stray, 3)
    got = verify("2017-01-01", op, code=12)
    story.check(got["file"] == "evidence/blobs/stray.age"
                and "renewed" in got["reason"],
                "after a hash renewal SHA-512 of every file is compared", got)
    for authority in (old, middle, new):
        authority.close()
