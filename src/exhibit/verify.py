"""python3 verify.py [FINGERPRINT of the case key]: check this exhibit with Python alone.
Rules E1 to E8: docs/formats/exhibit.md. 0 INTACT, 10 WITH GAPS, 12 TAMPERED, 13 UNVERIFIABLE, 2 unread."""
import base64, glob, hashlib, os, re, stat, sys  # noqa: E401
NEEDED = [name + ".txt" for name in (
    "bagit bag-info manifest-sha256 tagmanifest-sha256 signature data/exhibit data/ledger/lines "
    "data/ledger/proofs data/ledger/epochs data/ledger/checkpoint").split()]
NAME, N, TIME = "[A-Za-z0-9_-][A-Za-z0-9._-]*", b"(?:0|[1-9][0-9]{0,17})", b"[0-9T:.Z-]{27}"
LINE = re.compile(rb"(%s) %s [0-9a-f]{8}\+[0-9]+\.[0-9]{6} ([a-z]+)((?: [a-z0-9_]+=[!-~]*)*)"
                  rb" r=[0-9a-f]{32} prev=((?:[0-9a-f]{32}){1,2})" % (N, TIME))
HEAD = re.compile(rb"mark ([A-Z0-9/]+)\norigin (sting/[0-9a-f]{32})\nlines (%s)\n"
                  rb"camera ([A-Za-z0-9._-]+)\nfrom %s\nto %s\nincident %s\n"
                  rb"((?:film [A-Za-z0-9._/-]+\n(?:piece %s %s\n)+)+)" % (N, TIME, TIME, N, N, N))
Q, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, RULE, Bad = -121665 * pow(121666, Q - 2, Q) % Q, ["E1"], type("Bad", (Exception,), {})
OFFICE, EARLIER = "data/ledger/office.txt", "data/ledger/consistency.txt"  # may be missing
def need(is_so, why, code=12):
    if not is_so: raise Bad(code, why)  # noqa: E701
def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % Q, (p[1] + p[0]) * (q[1] + q[0]) % Q
    c, d = 2 * p[3] * q[3] * D % Q, 2 * p[2] * q[2] % Q; e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % Q, g * h % Q, f * g % Q, e * h % Q
def point(raw):
    y = int.from_bytes(raw, "little") & (1 << 255) - 1; xx = (y * y - 1) * pow(D * y * y + 1, Q - 2, Q) % Q
    x = pow(xx, (Q + 3) // 8, Q); x = x if x * x % Q == xx else x * pow(2, (Q - 1) // 4, Q) % Q
    need(len(raw) == 32 and y < Q and x * x % Q == xx, "a key is malformed")
    x = x if x & 1 == raw[31] >> 7 else Q - x; return x, y, 1, x * y % Q  # noqa: E702
BASE = point((4 * pow(5, Q - 2, Q) % Q).to_bytes(32, "little"))
def ed25519(key, text, sig):  # RFC 8032: is R what S B - k A gives?
    k = int.from_bytes(hashlib.sha512(sig[:32] + key + text).digest(), "little") % L
    (x, y, _, t), s, got = point(key), int.from_bytes(sig[32:], "little"), (0, 1, 1, 0)
    a = Q - x, y, 1, Q - t; term = {(1, 0): BASE, (0, 1): a, (1, 1): add(BASE, a)}
    for i in reversed(range(253)):
        got, bits = add(got, got), (s >> i & 1, k >> i & 1)
        got = add(got, term[bits]) if bits in term else got
    x, y = (c * pow(got[2], Q - 2, Q) % Q for c in got[:2])
    return len(sig) == 64 and s < L and (y | (x & 1) << 255).to_bytes(32, "little") == sig[:32]
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()  # noqa: E704
def read(path): return open(path, "rb").read()  # noqa: E704
def hashes(path, sizes):  # of a film's pieces
    with open(path, "rb") as file:
        for size in sizes:
            state = hashlib.sha256()
            for at in range(0, size, 1 << 20): state.update(file.read(min(size - at, 1 << 20)))
            yield state.hexdigest()
def unbase64(text, size=32):
    raw = base64.b64decode(text, validate=True)
    need(len(raw) == size and base64.b64encode(raw) == text, "base64 is malformed"); return raw
def number(text): need(re.fullmatch(N, text), "no number"); return int(text)  # noqa: E704
def notes(path):  # [(lines, signatures as words)]
    part = [part.split(b"\n") for part in read(path).split(b"\n\n")]; need(len(part) % 2 and part[-1] == [b""], path + " is malformed")
    return [(a, [row.split(b" ") for row in b]) for a, b in zip(part[::2], part[1::2])]
def signed(note, name, key):
    need(all(len(row) == 3 and row[0] == "\u2014".encode() for row in note[1]), "no signatures")
    mine = [unbase64(row[2], 68) for row in note[1] if row[1] == name]
    mine = [raw[4:] for raw in mine if raw[:4] == sha(name, b"\n\x01", key)[:4]]
    text = b"\n".join(note[0]) + b"\n"; need(mine, "no signature by " + name.decode(), 13)
    need(all(ed25519(key, text, sig) for sig in mine), "false signature by " + name.decode())
def fold(nodes, fn, sn, leaf):  # RFC 9162, 2.1.3.2: roots of all, and up to this line
    root = ending = leaf
    for node in nodes:
        need(sn > 0, "a path is too long")
        if fn & 1 or fn == sn:
            root, ending = sha(b"\1", node, root), sha(b"\1", node, ending)
            while fn and not fn & 1: fn, sn = fn >> 1, sn >> 1  # noqa: E701
        else: root = sha(b"\1", root, node)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, "a path is too short"); return root, ending
def earlier(origin, size, root):  # RFC 9162, 2.1.4.2: checkpoints within epochs
    before = 0
    for text, rows in notes(EARLIER) or [([b""] * 3, [])]:  # one at least
        old, fn, sn, nodes = text[2], int(text[1]) - 1, size - 1, [b" ".join(row) for row in rows]
        need(text == [origin, b"%d" % (fn + 1), old] and before <= fn < sn, EARLIER + ": malformed")
        before, shift = fn + 1, (~fn & fn + 1).bit_length() - 1
        nodes = list(map(unbase64, nodes if fn >> shift else [old] + nodes))
        need(fold(nodes[1:], fn >> shift, sn >> shift, nodes[0]) == (root, unbase64(old)), "ledgers")
def names():
    shut, paths = [], []  # what may not be read; what there is
    for folder, folders, plain in os.walk(".", onerror=shut.append):
        for path in (os.path.join(folder, name)[2:] for name in folders + plain):
            need(re.fullmatch(NAME, os.path.basename(path)), "a name that no exhibit has")
            need(len(path) < 256 and path.count("/") < 17 and len(paths) < 10**5, "too deep, long, many")
            paths.append(path)
            try: mode = os.lstat(path).st_mode
            except OSError: shut.append(path); continue
            must = {stat.S_IFREG: 4, stat.S_IFDIR: 5}.get(stat.S_IFMT(mode))
            need(must, path + " is neither file nor folder: ask for the exhibit anew")
            if mode >> 6 & must != must or not os.access(path, must): shut.append(path)
    need(len({path.lower() for path in paths}) == len(paths), "two names differ by case alone")
    files = set(filter(os.path.isfile, paths)); shut += [p for p in files if p[-4:] == ".txt" and os.path.getsize(p) > 192 << 20]
    need(not shut, "what may not be read, or a .txt over 192 MiB", 13); need(files >= set(NEEDED), "a file is missing", 13)
    need(read("bagit.txt") == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bagit"); return files
def manifests(files):
    listed, outside = {}, {"signature.txt", "tagmanifest-sha256.txt"}
    for name in NEEDED[2:4]:
        rows, before = read(name).decode("latin-1").split("\n"), ""
        for row in rows[:-1]:
            found = re.fullmatch(r"([0-9a-f]{64})  ((?:%s/)*%s)" % (NAME, NAME), row)
            need(found and found[2] > before and found[2] not in outside and
                 found[2].startswith("data/") == (name[0] == "m"), name + " is malformed")
            before, listed[found[2]] = found[2], found[1]
        need(rows[-1] == "", name + " is malformed")
    need(files <= listed.keys() | outside, "a file stands in no manifest"); need(files >= listed.keys(), "a file is missing", 13)
    for path, value in listed.items(): need([value] == list(hashes(path, [os.path.getsize(path)])), path + " was changed")
def founded(row, rest):  # whose ledger begins with this line
    found = LINE.fullmatch(row)
    need(found and found.group(1, 2) == (b"0", b"genesis") and not rest, "no first line"); value = dict(part.split(b"=", 1) for part in found[3].split())
    need(value[b"v"] in (b"1", b"2"), "another version", 13)
    case, log, key, sig = (bytes.fromhex(value[k].decode()) for k in b"case log epoch sig".split())
    need(ed25519(case, row.split(b" sig=")[0], sig) and len(found[4]) * int(value[b"v"]) == 64,
         "the case key did not sign the first line")
    need(value[b"origin"] == b"sting/" + sha(case).hex()[:32].encode(), "of another operation")
    return value[b"origin"], log, key, sha(case).hex()
def genesis(expected):
    text, rows = read("data/exhibit.txt"), read("data/ledger/lines.txt").split(b"\n")
    need(text[:16] in (b"sting-exhibit-1\n", b"sting-exhibit-2\n"), "another version", 13)
    head, found = HEAD.fullmatch(text, 16), [LINE.fullmatch(row) for row in rows[:-1]]
    need(head and found and all(found) and not rows[-1] and len({len(f[4]) for f in found}) == 1, "exhibit.txt or lines.txt is malformed")
    lines = [(int(f[1]), f[2].decode(), dict(p.split(b"=", 1) for p in f[3].split()), f[0]) for f in found]
    need([one[0] for one in lines] == sorted({one[0] for one in lines}), "lines are out of order")
    origin, log, key, name = founded(rows[0], b"")
    need(origin == head[2] and (not expected or len(expected) >= 32 and name.startswith(expected)), "of another operation, or case key")
    return head, lines, log, key, name
def epochs(lines, endings, final, size, origin, log, key):
    closings, start, number, used = notes("data/ledger/epochs.txt"), 0, 0, key
    for seq, _, value, _ in (one for one in lines if one[1] == "epoch"):
        need(value[b"n"] == b"%d" % number and value[b"first"] == b"%d" % start, "an epoch is out")
        need(number < len(closings), "a checkpoint is missing", 13); note, start = closings[number], seq + 1
        need(note[0] == [origin, b"%d" % start, base64.b64encode(endings[seq])],
             "the checkpoint of epoch %d is another" % number)
        signed(note, origin, log); signed(note, origin + b"/epoch/%d" % number, key)  # noqa: E702
        used, key, number = key, bytes.fromhex(value[b"next"].decode()), number + 1
    need(number == len(closings), "a checkpoint too many"); end = number > 0 and start == size
    signed(final, origin + b"/epoch/%d" % (number - end), used if end else key)
def films(files, head, lines):
    value = {seq: (kind, keys) for seq, kind, keys, _ in lines}
    found, last, count, before, stream, gone, again = set(), -1, 0, None, None, {}, False
    gaps, rest = sum(kind == "gap" for kind, _ in value.values()), sorted(value)[::-1]
    def erased(until):  # lines before a piece that are none, or tell what was erased
        nonlocal gaps, again, before
        while rest and rest[-1] < until:
            kind, keys = value[rest.pop()]; day, mine = keys.get(b"date"), keys.get(b"camera", head[4]) == head[4]
            if kind == "erase" and mine and day in gone:
                gone[day] = [old - min(old, number(keys.get(k, b"%d" % old))) for k, old in zip((b"count", b"bytes"), gone[day])]
            if kind == "seg":
                need(mine and len(day) == 10 and head.string[14:15] == b"2", "a line without its film")
                old, gaps, again = gone.get(day, (0, 0)), gaps + (not again), True
                gone[day] = [old[0] + 1, old[1] + number(keys[b"bytes"])]; need(len(gone) <= 4096, "too many days")
                before = (int(keys[b"n"]), int(keys[b"pts"]) + int(keys[b"us"])) if keys[b"init"] == stream else before
    for film in head[5].decode().split("film ")[1:]:
        path, *pieces = film[:-1].split("\n"); pieces = [[int(n) for n in piece.split()[1:]] for piece in pieces]
        need(path in files - found and path.endswith(".mp4") and os.path.getsize(path) == sum(
            size for _, size in pieces), path + " is missing, or of another length")
        found.add(path); gaps, before, stream = gaps + (count > 0), None, None  # noqa: E702
        for (seq, _), got in zip(pieces, hashes(path, [size for _, size in pieces])):
            kind, keys = value.get(seq, ("", {})); need(seq > last and kind == ("seg" if stream else "init") and keys[b"camera"] == head[4], "a piece is of no such line")
            need(keys.get(b"pt") == got.encode(), "line %d speaks of other bytes" % seq)
            if stream:
                n, pts, us = (int(keys[k]) for k in (b"n", b"pts", b"us")); need(keys[b"init"] == stream, "another stream")
                erased(seq); rest.pop(); again = False  # noqa: E702
                gaps += bool(before and (n - before[0] not in (0, 1) or pts - before[1] > 10**5))
                before = n, pts + us
            stream, last, count = stream or keys[b"n"], seq, count + 1
    erased(10**18); need(not any(map(any, gone.values())), "more is not shown than lines say was erased")
    need(found == {f for f in files if f.endswith(".mp4")} and len(found) == sum(
        kind == "init" for kind, _ in value.values()), "a film or line without the other"); return gaps
def judged(verdict):  # and the folder that it is about
    print(verdict + "\njudged: " + re.sub(b"[^ -~]", b"?", os.getcwdb()).decode())
def main(expected):
    files = names(); RULE[0] = "E2"; manifests(files); RULE[0] = "E3"
    head, lines, log, key, name = genesis(expected); origin, size, tags = head[2], int(head[3]), sha(read("tagmanifest-sha256.txt")).hex()
    RULE[0] = "E4"; whole = notes("signature.txt")
    need([note[0] for note in whole] == [[b"sting-exhibit-1", head[1], tags.encode()]], "another's")
    by = founded(*read(OFFICE).split(b"\n")) if OFFICE in files else (origin, log)
    signed(whole[0], *by[:2])
    RULE[0] = "E5"; final = notes("data/ledger/checkpoint.txt")
    need([note[0][:2] + note[0][3:] for note in final] == [[origin, b"%d" % size]], "checkpoint")
    root = unbase64(final[0][0][2]); signed(final[0], origin, log)
    RULE[0] = "E6"; paths, endings = read("data/ledger/proofs.txt").split(b"\n\n"), {}
    need(paths.pop() == b"" and len(paths) == len(lines), "a path for each line is needed")
    for (seq, _, _, row), path in zip(lines, paths):
        index, *nodes = path.split(b"\n")
        need(index == b"index %d" % seq and seq < size, "the path of line %d is another's" % seq)
        got, endings[seq] = fold(map(unbase64, nodes), seq, size - 1, sha(b"\0", row, b"\n"))
        need(got == root, "line %d is not in the ledger" % seq)
    EARLIER in files and earlier(origin, size, root)
    RULE[0] = "E7"; epochs(lines, endings, final[0], size, origin, log, key); RULE[0] = "E8"
    gaps, word = films(files, head, lines), "; REPORT, CUSTODY, MARK: THE WORD OF WHO IMPORTED IT, %s, VOUCHED FOR BY NOBODY HERE: ask them"
    judged(("INTACT WITH GAPS: %d" % gaps if gaps else "INTACT") + (word % by[0].decode() if OFFICE in files else ""))
    print("exhibit %s: %d of %d lines; tagmanifest-sha256.txt %s; case key %s" % (
        head[1].decode(), len(lines), size, tags, name), end="" if expected else
        "\nORIGIN UNKNOWN: compare the case key with what its owner told you\n")
    return 10 if gaps else 0
if not any(map(glob.glob, ("bagit.txt", "data", "*manifest-*.txt"))):
    os.chdir(os.path.dirname(os.path.abspath(__file__)))  # no bag is here
try:
    sys.exit(main(re.sub("[^0-9a-f]", "", "".join(sys.argv[1:]).lower())))
except OSError as bad: print("unread: %s: check the disk, or check a copy" % bad, file=sys.stderr); sys.exit(2)  # noqa: E701, E702
except (Bad, ValueError, KeyError, IndexError, TypeError) as bad:
    code, why = bad.args if isinstance(bad, Bad) else (12, "malformed: %r" % bad)
    judged("%s %s: %s" % ({12: "TAMPERED", 13: "UNVERIFIABLE"}[code], RULE[0], why)); sys.exit(code)  # noqa: E702
