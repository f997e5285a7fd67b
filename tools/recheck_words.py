"""How a passage is read, by docs/formats/recheck.md ("Reading") alone: for recheck_quote.py."""

LIKE = dict(zip("ol1i|s5b8z2", "01111558822"), **{d: d for d in "0123456789"})  # read as digits
EDIT, LIKENESS, CONTEXT, MOST = 2, 1, 28, 256

def runs(text):
    """What characters are taken for, as recheck.md lists them: FIRST-LAST=AS."""
    for item in text.split():
        span, _, to = item.partition("=")
        first, _, last = span.partition("-")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            yield chr(code), bytes.fromhex(to).decode()

ALIKE = dict(runs("9-d=20 a0=20 ad= 2000-200a=20 200b-200f= 2010-2015=2d 2018-201b=27 201c-201f=22 ab=22 bb=22 "
                  "2026=2e2e2e 2028-2029=20 202f=20 2032=27 2033=22 2039-203a=27 2044=2f 2212=2d 3000=20 fb00=6666 "
                  "fb01=6669 fb02=666c fb03=666669 fb04=66666c feff= 60=27 b4=27"))

def small(c):
    n = ord(c)
    for first, last, step, far in ((65, 90, 1, 32), (0xc0, 0xd6, 1, 32), (0xd8, 0xde, 1, 32), (0x100, 0x136, 2, 1),
                                   (0x139, 0x147, 2, 1), (0x14a, 0x176, 2, 1), (0x179, 0x17d, 2, 1),
                                   (0x391, 0x3a9, 1, 32), (0x400, 0x40f, 1, 80), (0x410, 0x42f, 1, 32)):
        if first <= n <= last and (n - first) % step == 0:
            return chr(n + far)
    return c

def plain(text):
    """What two people would agree that it says."""
    out = []
    for c in text.replace("\r\n", "\n"):
        if c == "\n" and len(out) > 1 and out[-1] == "-" and out[-2] != " ":
            out.pop()
            continue
        for d in ALIKE.get(c, c):
            if d != " " or (out and out[-1] != " "):
                out.append(small(d))
    return "".join(out)

def needle_of(fact, value):
    """What is sought, and where in it the value begins and ends."""
    common = fact["choices"] == 1
    before = plain(fact["before"])[-(MOST if common else CONTEXT):]
    joined = before + ("" if common else plain(value))
    begin, end = len(before), len(joined.replace("  ", " "))
    joined += " " * fact["after"].startswith(" ") + plain(fact["after"])[:CONTEXT]
    return joined.replace("  ", " ")[:MOST], begin, min(end, MOST)

def align(fact, value, here):
    """Cost of the whole passage against a value, and the figure that is read (None: none)."""
    needle, begin, end = needle_of(fact, value)
    free = fact["free"] > 0

    def cost(i, j):
        w, c = needle[i], here[j]
        if free and w == "#" and begin <= i < end:
            return 0 if c in "0123456789" else LIKENESS if c in LIKE else 2 * EDIT
        return 0 if w == c else LIKENESS if LIKE.get(w, w) == LIKE.get(c) else EDIT

    grid = [[EDIT * j for j in range(len(here) + 1)]]
    for i in range(len(needle)):
        row = [grid[i][0] + EDIT]
        for j in range(len(here)):
            row.append(min(grid[i][j] + cost(i, j), grid[i][j + 1] + EDIT, row[j] + EDIT))
        grid.append(row)
    i, j, read = len(needle), len(here), ""
    while free and i > 0:
        w = needle[i - 1]
        inside, digit = begin < i <= end, w in "0123456789" or w == "#"
        if j and grid[i][j] == grid[i - 1][j - 1] + cost(i - 1, j - 1):
            got = LIKE.get(here[j - 1])
            if inside and digit and (got is None or w not in ("#", got)):
                return grid[-1][-1], len(needle), None
            read, i, j = (got + read if inside and w == "#" else read), i - 1, j - 1
        elif j and grid[i][j] == grid[i][j - 1] + EDIT:
            if (inside or i in (begin, end)) and here[j - 1] in LIKE:
                return grid[-1][-1], len(needle), None
            j -= 1
        elif inside and digit:
            return grid[-1][-1], len(needle), None
        else:
            i -= 1
    return grid[-1][-1], len(needle), read

def reads(fact, choice, passage):
    """Does the passage say this, and clearly better than any other wording of the fact?"""
    here = plain(passage)
    if fact["free"]:
        cost, size, read = align(fact, fact["value"][0], here)
        return cost <= size * EDIT // 8 and read == "%0*d" % (fact["free"], choice)
    found = [align(fact, value, here)[:2] for value in fact["value"]]
    cost, size = found[choice]
    return cost <= size * EDIT // 8 and all(cost + EDIT <= other for i, (other, _) in enumerate(found) if i != choice)
