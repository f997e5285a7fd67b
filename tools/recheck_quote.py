#!/usr/bin/env python3
"""Check the opening of planted facts, by docs/formats/recheck.md alone, with recheck.py beside it. Usage: recheck_quote.py PACK"""
import base64, math, re, struct, sys, unicodedata

from recheck import chacha20, fields, leads_to, must, sha, signed

LIKE = str.maketrans("oli|szb", "0111528")  # letters that are read as digits
SLIPS = (0.001, 0.03, 0.2)

def plain(text):
    """What two people would agree that it says: small letters, plain blanks, dashes and quotes."""
    text = re.sub("-\r?\n", "", unicodedata.normalize("NFKC", text))
    text = re.sub("[\u2010-\u2015\u2212]", "-", re.sub("[\u2018-\u201b`\u00b4]", "'", text))
    text = re.sub("[\u201c-\u201f\u00ab\u00bb]", '"', re.sub("[\u00ad\u200b-\u200f\ufeff]", "", text))
    return re.sub(r"\s+", " ", text).lstrip().lower()

def distance(a, b):
    """Letters to change, add or leave out until a is b."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(last + (x != y), row[j] + 1, row[j - 1] + 1)
    return row[-1]

def sheet_read(data):
    lines = data.decode().split("\n")[:-1]
    must(lines.pop(0) == "sting-facts-1", "the sheet is none")

    def take(key):
        name, _, value = lines.pop(0).partition(" ")
        must(name == key, "%s is not where it should be in the sheet" % key)
        return value

    head = {key: take(key) for key in ("bait", "original", "salt", "declared", "facts")}
    facts = []
    for _ in range(int(head["facts"])):
        fact = {key: take(key) for key in ("page", "content", "glyph", "glyphs", "before", "after")}
        fact["value"] = [take("value") for _ in range(int(take("values")))]
        free = fact["value"][0].count("#") if len(fact["value"]) == 1 else 0
        fact["choices"], fact["free"] = 10 ** free if free else len(fact["value"]), free
        facts.append(fact)
    must(not lines, "there is more in the sheet than there should be")
    return head, facts

def value_of(fact, choice):
    if not fact["free"]:
        return fact["value"][choice]
    digits = iter("%0*d" % (fact["free"], choice))
    return "".join(next(digits) if c == "#" else c for c in fact["value"][0])

def reads(fact, choice, passage):
    """Does the passage say this, and better than any other wording of the fact?"""
    here = plain(passage).translate(LIKE)

    def off(value):
        before = plain(fact["before"])
        after = " " * fact["after"].startswith(" ") + plain(fact["after"])[:28]
        whole = before + after if fact["choices"] == 1 else before[-28:] + plain(value) + after
        return distance(here, whole.replace("  ", " ").translate(LIKE)), len(whole)

    wrong, size = off(value_of(fact, choice))
    if fact["free"]:
        figure = "[^0-9]?".join(re.findall("[0-9]", value_of(fact, choice)))
        return wrong <= size / 8 and re.search("(?<![0-9])%s(?![0-9])" % figure, here) is not None
    others = [off(value)[0] for i, value in enumerate(fact["value"]) if i != choice]
    return wrong <= size / 8 and all(wrong < other for other in others)

def strength(facts, quoted, key):
    """log10 of the likelihood ratio of the copy with this key, and what it has in each fact."""
    stream = chacha20(key, 1 << 63, 8 * len(facts))
    own = [struct.unpack_from("<Q", stream, 8 * i)[0] % fact["choices"] for i, fact in enumerate(facts)]
    sums = [sum(math.log((1 - e) * k if own[i] == choice else e * k / (k - 1))
                for i, (choice, _, _) in quoted.items() for k in [facts[i]["choices"]] if k > 1) for e in SLIPS]
    most = max(sums)
    return (most + math.log(sum(math.exp(s - most) for s in sums) / len(SLIPS))) / math.log(10)

def check(data):
    head, tail = data[:-139], data[-139:].decode("ascii")
    lines = [line.split(" ", 1) for line in head.decode().split("\n")[:-1]]
    must(lines.pop(0) == ["sting-quote-1"] and tail[:10] == "signature ", "this is no pack of a quotation")

    def take(key, kind=str):
        name, value = lines.pop(0)
        must(name == key, "%s is not where it should be" % key)
        return kind(value)

    def many(count, key, kind):
        return [take(key, kind) for _ in range(take(count, int))]

    hexed, based = bytes.fromhex, base64.b64decode

    def line_take(name, kind):
        """A line of the ledger that the checkpoint behind it signs."""
        line, number, size = take(name, based), take("line", int), take("lines", int)
        path, note = many("line-depth", "line-path", hexed), take("checkpoint", based)
        text, names = note.split(b"\n\n")[:2]
        must(any(signed(hexed(g["log"]), text + b"\n", based(n.split()[2])[4:]) for n in names.splitlines()
                 if n.split()[1].decode() == g["origin"]), "the log key did not sign the checkpoint")
        origin, lines_signed, root = text.decode().splitlines()
        must(origin == g["origin"] and int(lines_signed) == size and line.split()[0] == b"%d" % number
             and line.split()[3] == kind and leads_to(sha(b"\0", line), number, size, path, based(root)),
             "the %s line is not under the checkpoint" % kind.decode())
        return number, line.split()[1].decode(), fields(line)

    text, raw = take("text", based), take("sheet", based)
    sheet, facts = sheet_read(raw)
    quoted = {}
    for _ in range(take("quoted", int)):
        number = take("fact", int) - 1
        quoted[number] = take("choice", int), take("from", int), take("to", int)
    has_copy = take("copies", int)
    if has_copy:
        copy, key, salt = take("copy", int), take("key", hexed), take("salt", hexed)
        holder, first, count = take("holder"), take("first", int), take("count", int)
        path, told = many("copy-depth", "copy-path", hexed), take("log10-lr", float)
        tried, run = take("tried", int), take("run", int)
    genesis = take("genesis", based)
    g = fields(genesis)
    must(signed(hexed(g["case"]), genesis.split(b" sig=")[0], hexed(g["sig"])), "the case key did not sign the ledger's first line")
    must(signed(hexed(g["log"]), head, hexed(tail[10:].strip())), "the pack was changed after it was signed")
    declared, when, d = line_take("declared", b"bait")
    must(tuple(d.get(key) for key in ("state", "bait", "original", "pt")) == ("declared", sheet["bait"], sheet["original"], sha(raw).hex()), "the facts are not those that were declared")
    said = ["holds: %d of %d facts of %s, declared %s; case key %s" % (
        len(quoted), len(facts), sheet["bait"], when, sha(hexed(g["case"])).hex())]
    for i, (choice, begin, end) in quoted.items():
        rest = re.match(b"[\x80-\xbf]*", text[end + 1:]).group()  # of its last character
        passage = (text[begin:end + 1] + rest).decode()
        must(choice < facts[i]["choices"] and reads(facts[i], choice, passage), "fact %d is not what stands in the text" % (i + 1))
        said.append("  fact %d, 1 of %d: %s\n    the text has: %s" % (
            i + 1, facts[i]["choices"], value_of(facts[i], choice), " ".join(passage.split())))
    if has_copy:
        issue, issued, i = line_take("issue", b"issue")
        must(issue > declared and i.get("facts") == sha(raw).hex(), "the copy was issued without these facts")
        must((i["bait"], i["original"], int(i["first"]), int(i["count"])) == (d["bait"], d["original"], first, count), "the commitment speaks of another batch")
        leaf = sha(b"\0", struct.pack("<Q", copy), sha(key), sha(salt, holder.encode()))
        must(leads_to(leaf, copy - first, count, path, hexed(i["root"])), "copy, key or holder is not what was committed to")
        lr = strength(facts, quoted, key)
        must(abs(lr - told) < 1e-6, "the strength reported is not what comes out")
        said.append("copy %d, issued to %s: log10_lr %.4f, log10_false %.4f; committed %s" % (
            copy, holder, lr, math.log10(tried) + math.log10(run) + math.log10(run + 1) - lr, issued))
    must(not lines, "there is more in it than there should be")
    return "\n".join(said)

if __name__ == "__main__":
    try:
        with open(sys.argv[1], "rb") as pack:
            print(check(pack.read()))
    except (ValueError, KeyError, IndexError, ZeroDivisionError) as why:
        sys.exit("does not hold: %s" % why)
