#!/usr/bin/env python3
"""Check the opening of planted facts, by docs/formats/recheck.md alone, with recheck.py and recheck_words.py beside it. Usage: recheck_quote.py PACK"""
import base64, math, re, struct, sys

from recheck import chacha20, clean, fields, leads_to, must, sha, signed
from recheck_words import reads

SLIPS = (0.001, 0.03, 0.2)

def sheet_read(data):
    lines = data.decode().split("\n")[:-1]
    must(lines.pop(0) == "sting-facts-1", "the sheet is none")

    def take(key):
        name, _, value = lines.pop(0).partition(" ")
        must(name == key, "%s is not where it should be in the sheet" % key)
        return value

    head = {key: take(key) for key in ("bait", "original", "salt", "declared", "facts")}
    facts, least = [], (0, 0, 0)
    for _ in range(int(head["facts"])):
        fact = {key: take(key) for key in ("page", "content", "glyph", "glyphs", "before", "after")}
        fact["value"] = [take("value") for _ in range(int(take("values")))]
        free = fact["value"][0].count("#") if len(fact["value"]) == 1 else 0
        fact["choices"], fact["free"] = 10 ** free if free else len(fact["value"]), free
        place = int(fact["page"]), int(fact["content"]), int(fact["glyph"])
        must(place >= least, "facts of the sheet are not apart")
        least = place[:2] + (max(place[2] + 1, place[2] + int(fact["glyphs"])),)
        facts.append(fact)
    must(not lines, "there is more in the sheet than there should be")
    return head, facts

def value_of(fact, choice):
    if not fact["free"]:
        return fact["value"][choice]
    digits = iter("%0*d" % (fact["free"], choice))
    return "".join(next(digits) if c == "#" else c for c in fact["value"][0])

def own_of(facts, key):
    stream = chacha20(key, 1 << 63, 8 * len(facts))
    return [struct.unpack_from("<Q", stream, 8 * i)[0] % fact["choices"] for i, fact in enumerate(facts)]

def strength(facts, quoted, own):
    """log10 of the likelihood ratio of the copy that has these choices."""
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
        must(name == key and (kind is not int or re.fullmatch("0|[1-9][0-9]*", value, re.ASCII)), "%s is not where it should be" % key)
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
        return number, line.split()[1].decode(), fields(line), note

    text, raw = take("text", based), take("sheet", based)
    sheet, facts = sheet_read(raw)
    quoted = {}
    for _ in range(take("quoted", int)):
        number = take("fact", int) - 1
        must(max(quoted, default=-1) < number < len(facts), "fact is not where it should be")
        quoted[number] = take("choice", int), take("from", int), take("to", int)
        must(quoted[number][1] <= quoted[number][2] < len(text), "a passage is not in the text")
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
    declared, when, d, under = line_take("declared", b"bait")
    must(tuple(d.get(key) for key in ("state", "bait", "original", "pt")) == ("declared", sheet["bait"], sheet["original"], sha(raw).hex()), "the facts are not those that were declared")
    own = own_of(facts, key) if has_copy else [None] * len(facts)
    said = ["holds: the text quotes %d of %d facts of %s, declared %s; case key %s" % (
        len(quoted), len(facts), sheet["bait"], when, sha(hexed(g["case"])).hex()),
        "  compare that with the day on which the text was published; the rest of the text was not searched"]
    for i, (choice, begin, end) in quoted.items():
        rest = re.match(b"[\x80-\xbf]*", text[end + 1:]).group()  # of its last character
        passage = (text[begin:end + 1] + rest).decode()
        must(choice < facts[i]["choices"] and reads(facts[i], choice, passage), "fact %d is not what stands in the text" % (i + 1))
        said.append("  fact %d, %s%s\n    the text has: %s" % (
            i + 1, "the same in every copy" if facts[i]["choices"] == 1 else "1 of %d: %s" % (facts[i]["choices"], value_of(facts[i], choice)),
            "" if own[i] is None or facts[i]["choices"] == 1 else ", as the copy has it" if own[i] == choice else ", WHICH THE COPY HAS NOT",
            " ".join(passage.split())))
    if has_copy:
        issue, issued, i, note = line_take("issue", b"issue")
        must(note == under and issue > declared and i.get("facts") == sha(raw).hex(), "the copy was issued without these facts")
        must((i["bait"], i["original"], int(i["first"]), int(i["count"])) == (d["bait"], d["original"], first, count), "the commitment speaks of another batch")
        leaf = sha(b"\0", struct.pack("<Q", copy), sha(key), sha(salt, holder.encode()))
        must(leads_to(leaf, copy - first, count, path, hexed(i["root"])), "copy, key or holder is not what was committed to")
        lr = strength(facts, quoted, own)
        must(abs(lr - told) < 1e-6, "the strength reported is not what comes out")
        false = math.log10(tried) + math.log10(run) + math.log10(run + 1) - lr
        must(false <= -6, "what is quoted names no copy")
        said.append("copy %d, issued to %s: log10_lr %.4f, log10_false %.4f; committed %s" % (
            copy, holder, lr, false, issued))
    must(not lines, "there is more in it than there should be")
    return "\n".join(said)

if __name__ == "__main__":
    try:
        with open(sys.argv[1], "rb") as pack:
            print(clean(check(pack.read())))
    except (ValueError, KeyError, IndexError, ZeroDivisionError) as why:
        sys.exit("does not hold: %s" % why)
