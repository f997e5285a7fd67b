#!/usr/bin/env python3
"""A stranger checks an evidence folder: written from docs/formats/ledger.md
alone, with hashlib, openssl and age. It must agree with `sting verify`,
also about folders in which one bit was changed.

Usage: stranger.py PLANT STING [FLIPS]
"""
import base64
import glob
import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

LINE = re.compile(
    rb"(0|[1-9][0-9]*) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) "
    rb"([0-9a-f]{8})\+((?:0|[1-9][0-9]*)\.\d{6}) ([a-z]+)((?: [a-z][a-z0-9_]*="
    rb"(?:[!-$&-<>-~]|%[0-9a-f]{2})*)*) r=([0-9a-f]{32}) prev=((?:[0-9a-f]{32}){1,2})\n")


class Bad(Exception):
    pass


def sha(data):
    return hashlib.sha256(data).digest()


def need(so, why):
    if not so:
        raise Bad(why)


def signed(key, message, signature):
    with tempfile.TemporaryDirectory() as room:
        put = lambda name, data: open(f"{room}/{name}", "wb").write(data)
        put("said", message)
        put("sig", signature)
        put("key", bytes.fromhex("302a300506032b6570032100") + key)
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER",
             "-inkey", "key", "-rawin", "-in", "said", "-sigfile", "sig"],
            cwd=room, capture_output=True).returncode == 0


def root(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def read_lines(folder):
    data = open(f"{folder}/evidence/ledger", "rb").read()
    texts = data.splitlines(keepends=True)
    prev, out, size = bytes(32), [], 0
    for seq, text in enumerate(texts):
        match = LINE.fullmatch(text)
        need(match and len(text) <= 4096, f"line {seq} is malformed")
        need(int(match[1]) == seq, f"line {seq} is misnumbered")
        fields = dict(f.split("=", 1) for f in match[6].decode().split())
        size = size or {"1": 32, "2": 16}[fields["v"]]
        need(bytes.fromhex(match[8].decode()) == prev[:size], f"chain at {seq}")
        out.append((match[5].decode(), fields, text))
        prev = sha(text)
    return out


def read_notes(folder):
    for path in sorted(glob.glob(f"{folder}/evidence/checkpoints/*.notes")):
        notes = open(path, "rb").read().decode()
        need(notes.endswith("\n\n"), "the last checkpoint is cut")
        parts = notes[:-2].split("\n\n")
        need(len(parts) % 2 == 0, "checkpoints are malformed")
        for text, signatures in zip(parts[::2], parts[1::2]):
            origin, size, top = text.split("\n")
            by_name = {}
            for line in signatures.split("\n"):
                dash, name, blob = line.split(" ")
                need(dash == "\u2014", "no dash before a signature")
                by_name[name] = base64.b64decode(blob, validate=True)
                need(base64.b64encode(by_name[name]).decode() == blob, "base64")
            need(size == str(int(size)), "the size is not canonical")
            need(base64.b64encode(base64.b64decode(top)).decode() == top, "root")
            yield origin, int(size), top, (text + "\n").encode(), by_name


def check_note(note, name, key):
    blob = note[4].get(name)
    need(blob is not None, f"{name} did not sign")
    key_id = sha(name.encode() + b"\n\x01" + key)[:4]
    need(blob[:4] == key_id, f"the id of {name} is wrong")
    need(signed(key, note[3], blob[4:]), f"{name} signed something else")


def check_signatures(folder, lines):
    genesis = lines[0][1]
    case = bytes.fromhex(genesis["case"])
    need(signed(case, lines[0][2].split(b" sig=")[0],
                bytes.fromhex(genesis["sig"])), "the case key did not sign")
    need(genesis["origin"] == "sting/" + sha(case).hex()[:32], "origin")
    log, epoch_key = (bytes.fromhex(genesis[k]) for k in ("log", "epoch"))
    leaves = [sha(b"\0" + text) for _, _, text in lines]
    notes, epoch, first = list(read_notes(folder)), 0, 0
    need(notes and notes[-1][1] == len(lines), "not all of it is signed")
    for i, (kind, fields, _) in enumerate(lines):
        closing = kind == "epoch"
        if closing:
            need((int(fields["n"]), int(fields["first"])) == (epoch, first),
                 "epochs are out of turn")
        here = [n for n in notes if n[1] == i + 1]
        need(here or not closing, f"epoch {epoch} lacks its checkpoint")
        for note in here:
            need(note[0] == genesis["origin"], "a foreign checkpoint")
            check_note(note, note[0], log)
            check_note(note, f"{note[0]}/epoch/{epoch}", epoch_key)
            need(base64.b64decode(note[2]) == root(leaves[:i + 1]), "root")
        if closing:
            epoch, first = epoch + 1, i + 1
            epoch_key = bytes.fromhex(fields["next"])


def files_of(kind, f):
    day = f"evidence/segments/{f.get('camera')}/{f.get('date')}"
    if kind == "init":
        yield f"{day}/init-{int(f['n']):04}.mp4.age", f["ct"], f.get("pt")
    elif kind == "seg" and "part" in f:
        yield f"{day}/{int(f['n']):08}.{f['part']}.part", f["ct"], f.get("pt")
    elif kind == "seg":
        yield f"{day}/{int(f['n']):08}.m4s.age", f["ct"], f.get("pt")
    elif kind == "genesis":
        yield f"evidence/blobs/{f['purpose']}.age", f["purpose"], f["purpose_pt"]
    elif "blob" in f:
        yield f"evidence/blobs/{f['blob']}.age", f["blob"], f["pt"]


def check_files(folder, lines, inside):
    for kind, fields, _ in lines:
        for path, ct, pt in files_of(kind, fields):
            path = f"{folder}/{path}"
            need(os.path.isfile(path), f"{path} is missing")
            need(sha(open(path, "rb").read()).hex() == ct, f"{path} differs")
            if inside and pt:
                opened = subprocess.run(
                    ["age", "-d", "-i", f"{folder}/identity.txt", path],
                    capture_output=True)
                need(opened.returncode == 0, f"age does not open {path}")
                need(sha(opened.stdout).hex() == pt, f"inside of {path}")


def judge(folder, inside=False):
    try:
        lines = read_lines(folder)
        need(lines and lines[0][0] == "genesis", "no genesis")
        check_signatures(folder, lines)
        check_files(folder, lines, inside)
    except (Bad, ValueError, KeyError, UnicodeDecodeError) as why:
        return f"{type(why).__name__}: {why}"
    return None


def flip_and_compare(folder, sting, flips):
    files = sorted(p for p in glob.glob(f"{folder}/evidence/**", recursive=True)
                   if os.path.isfile(p))
    for i in range(flips):
        path = random.choice(files)
        whole = open(path, "rb").read()
        at, bit = random.randrange(len(whole)), random.randrange(8)
        bent = bytearray(whole)
        bent[at] ^= 1 << bit
        open(path, "wb").write(bent)
        why = judge(folder)
        code = subprocess.run([sting, "verify", folder],
                              capture_output=True).returncode
        open(path, "wb").write(whole)
        if why is None or code not in (12, 13):
            sys.exit(f"{path} byte {at} bit {bit}: stranger: {why}, "
                     f"sting: {code}")


def main():
    plant, sting = sys.argv[1:3]
    flips = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    with tempfile.TemporaryDirectory() as room:
        folder = subprocess.run([plant, room], capture_output=True, text=True,
                                check=True).stdout.strip()
        why = judge(folder, inside=True)
        if why:
            sys.exit(f"the stranger finds fault with it: {why}")
        said = subprocess.run([sting, "verify", folder], capture_output=True,
                              text=True)
        if said.returncode != 10 or "crash" not in said.stdout:
            sys.exit(f"sting says {said.returncode}: {said.stdout}")
        flip_and_compare(folder, sting, flips)
        shutil.rmtree(folder)
    print(f"a stranger agrees, also about {flips} changed bits")


if __name__ == "__main__":
    main()
