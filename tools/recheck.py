#!/usr/bin/env python3
"""Recompute an attribution from its pack, by docs/formats/recheck.md alone. Usage: recheck.py PACK"""
import base64, hashlib, math, struct, sys
def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

# Ed25519, RFC 8032 section 5.1, for checking only.
P, D = 2 ** 255 - 19, -121665 * pow(121666, 2 ** 255 - 21, 2 ** 255 - 19)
ORDER = 2 ** 252 + 27742317777372353535851937790883648493

def recover_x(y, sign):
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - xx) % P or y >= P or (x == 0 and sign):
        raise ValueError("no point of the curve")
    return P - x if x & 1 != sign else x

def point(data):
    y = int.from_bytes(data, "little")
    x, y = recover_x(y & (1 << 255) - 1, y >> 255), y & (1 << 255) - 1
    return (x, y, 1, x * y % P)

def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)

def times(n, p):
    out = (0, 1, 1, 0)
    for bit in bin(n)[2:]:
        out = add(out, out)
        out = add(out, p) if bit == "1" else out
    return out

def signed(key, text, signature):
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    s = int.from_bytes(signature[32:], "little")
    h = hashlib.sha512(signature[:32] + key + text).digest()
    left = times(s, base)
    right = add(point(signature[:32]), times(int.from_bytes(h, "little") % ORDER, point(key)))
    return s < ORDER and not any((left[i] * right[2] - right[i] * left[2]) % P for i in (0, 1))

def chacha20(key, number, size):
    """Key stream of RFC 8439, counter 0, nonce: 8 bytes number, 4 of zero."""
    out, mask = b"", 0xffffffff
    for counter in range((size + 63) // 64):
        start = list(struct.unpack("<16I", b"expand 32-byte k" + key +
                                   struct.pack("<IQI", counter, number, 0)))
        s = start[:]
        for turn in range(80):
            a, b, c, d = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14),
                          (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12),
                          (2, 7, 8, 13), (3, 4, 9, 14))[turn % 8]
            for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                s[x] = s[x] + s[y] & mask
                v = s[z] ^ s[x]
                s[z] = (v << n | v >> 32 - n) & mask
        out += struct.pack("<16I", *(x + y & mask for x, y in zip(s, start)))
    return out[:size]

def leads_to(leaf, index, count, path, root):
    """RFC 9162, section 2.1.3.2."""
    last = count - 1
    for node in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            leaf = sha(b"\1", node, leaf)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            leaf = sha(b"\1", leaf, node)
        index, last = index >> 1, last >> 1
    return index < count and last == 0 and leaf == root

def fields(line):
    return dict(word.split("=", 1) for word in line.decode("ascii").split() if "=" in word)

def must(holds, what):
    if not holds:
        raise ValueError(what)
def whole(text):
    return int(text) if text.isdigit() and str(int(text)) == text else must(False, "the pack is damaged: a number")
def recheck(data):
    head, tail = data[:-139], data[-139:].decode("ascii")
    lines = [line.split(" ", 1) for line in head.decode().split("\n")[:-1]]
    must(lines.pop(0) == ["sting-recheck-1"] and tail[:10] == "signature ", "this is no pack for a re-check")

    def take(key, kind=str):
        name, value = lines.pop(0)
        must(name == key, "%s is not where it should be" % key)
        return kind(value)
    def many(count, key, kind):
        return [take(key, kind) for _ in range(take(count, whole))]

    hexed, based = bytes.fromhex, base64.b64decode
    picture, sheet, pages, bait, original = take("picture"), take("sheet", whole), [], take("bait"), take("original")
    copy, key, salt, holder = take("copy", whole), take("key", hexed), take("salt", hexed), take("holder")
    first, count, path = take("first", whole), take("count", whole), many("copy-depth", "copy-path", hexed)
    bias, total, k = many("pages", "bias", hexed), 0.0, [0.0] * 8
    for _ in range(take("parts", whole)):
        pages, bias_key, units = pages + [take("page", whole)], take("bias-key", hexed), take("units", whole)
        must(max([0] + pages[:-1]) < pages[-1] <= len(bias), "the pack is damaged: its pages do not ascend")
        must(sha(bias_key) == bias[pages[-1] - 1], "a bias key is not the one committed to")
        high, code = chacha20(bias_key, 0, units), chacha20(key, pages[-1], units)
        seen = [(whole(unit), float(a)) for unit, a in (v.split(" ") for v in many("measured", "unit", str))]
        must([unit for unit, _ in seen] == sorted({unit for unit, a in seen if unit < units and a}), "the pack is damaged: its units do not ascend")
        for unit, a in seen:
            p = (202 if high[unit] & 1 else 54) / 256
            one, zero = a * math.sqrt((1 - p) / p), -a * math.sqrt(p / (1 - p))
            total += one if code[unit] < 256 * p else zero
            for i in range(8):
                x, y = (i + 1) / 4 * one, (i + 1) / 4 * zero
                k[i] += max(x, y) + math.log(p * math.exp(x - max(x, y)) + (1 - p) * math.exp(y - max(x, y)))
        must(len(take("record", based)) == 13 + 33 * units, "the page record does not fit")
    told, tried, run = take("log10-lr", float), take("tried", whole), take("run", whole)
    genesis, issue, line, size = take("genesis", based), take("issue", based), take("line", whole), take("lines", whole)
    line_path, note = many("line-depth", "line-path", hexed), take("checkpoint", based)
    must(not lines, "there is more in it than there should be")
    g, i = fields(genesis), fields(issue)
    must(signed(hexed(g["case"]), genesis.split(b" sig=")[0], hexed(g["sig"])), "the case key did not sign the ledger's first line")
    must(signed(hexed(g["log"]), head, hexed(tail[10:].strip())), "the pack was changed after it was signed")
    text, names = note.split(b"\n\n")[:2]
    must(any(signed(hexed(g["log"]), text + b"\n", based(n.split()[2])[4:]) for n in names.splitlines()
             if n.split()[1].decode() == g["origin"]), "the log key did not sign the checkpoint")
    origin, lines_signed, root = text.decode().splitlines()
    must(origin == g["origin"] and int(lines_signed) == size and issue.split()[0] == b"%d" % line and issue.split()[3] == b"issue"
         and leads_to(sha(b"\0", issue), line, size, line_path, based(root)), "the commitment is not under the checkpoint")
    must((i["bait"], i["original"], int(i["first"]), int(i["count"])) == (bait, original, first, count), "the commitment speaks of another batch")
    leaf = sha(b"\0", struct.pack("<Q", copy), sha(key), sha(salt, holder.encode()))
    must(leads_to(leaf, copy - first, count, path, hexed(i["root"])), "copy, key or holder is not what was committed to")
    must(sha(*bias).hex() == i["bias"], "the bias keys are not what was committed to")
    exponent = [(n + 1) / 4 * total - k[n] for n in range(8)]
    lr = (max(exponent) + math.log(sum(math.exp(e - max(exponent)) for e in exponent) / 8)) / math.log(10)
    must(abs(lr - told) < 1e-6, "the strength reported is not what comes out")
    false = math.log10(tried) + math.log10(run) + math.log10(run + 1) - lr
    must(false <= -6, "what was measured names no copy")
    which = ("sheet %d of the picture with SHA-256" % sheet if sheet else "several pictures, digest over theirs") + " %s, page %s" % (picture, ", ".join(map(str, pages)))
    return ("holds: %s, copy %d, issued to %s: log10_lr %.4f, log10_false %.4f; committed %s; case key %s; %s" % (bait, copy, holder, lr, false, issue.split()[1].decode(), sha(hexed(g["case"])).hex(), which))
def clean(text):
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)
if __name__ == "__main__":
    try:
        with open(sys.argv[1], "rb") as pack:
            print(clean(recheck(pack.read())))
    except (ValueError, KeyError, IndexError, ZeroDivisionError) as why:
        sys.exit("does not hold: %s" % why)
