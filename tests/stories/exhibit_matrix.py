"""Changes to an exhibit, and what each of three verifiers says of them."""
import os
import re
from concurrent.futures import ThreadPoolExecutor

from exhibit_changes import SEED, changed
from story import ROOT

VERDICT = {0: "INTACT", 10: "INTACT WITH GAPS", 12: "TAMPERED",
           13: "UNVERIFIABLE"}
RESULTS = os.path.join(ROOT, "docs", "results", "exhibit.md")


def first_of_each(cases):
    """Of the cases of one verdict and rule, the first."""
    seen = set()
    for case in cases:
        if case[2:] not in seen:
            seen.add(case[2:])
            yield case


def row_of(who, name):
    """How a row of the matrix begins."""
    return "| %s | %s |" % (who, name.replace("\n", " "))


class Matrix:
    """Cases and what each verifier said of them."""

    NAMES = ["VERIFY.sh", "verify.py", "sting verify"]

    def __init__(self, story, scripts, is_full):
        self.story, self.scripts, self.row = story, scripts, []
        self.is_full, self.known = is_full, []

    def ask(self, folder, *key):
        words = [["sh", self.scripts[0]], ["python3", self.scripts[1]],
                 [self.story.binary, "verify", "."]]
        option = [list(key), list(key),
                  ["--case-key", *key] if key else []]
        with ThreadPoolExecutor() as three:  # none of them writes
            return list(three.map(lambda a, b: self.story.run(
                *a, *b, code=None, cwd=folder), words, option))

    @staticmethod
    def cell(result):
        rule = re.match(r"[A-Z ]+ (E\d):", result.out)
        return VERDICT.get(result.code, "exit %d" % result.code) + (
            " " + rule[1] if rule else "")

    def case(self, who, name, folder, code, rule, *key):
        results = self.ask(folder, *key)
        cells = [self.cell(one) for one in results]
        self.row.append((who, name, cells))
        wanted = VERDICT[code] if code is not None else "that it is changed"
        wanted += " " + rule if rule else ""
        is_so = len(set(cells)) == 1 and results[0].code in (
            (12, 13) if code is None else (code,)) and (
                not rule or cells[0] == wanted)
        if not is_so:
            self.story.check(False, "%s, %s: all three say %s" % (
                name, who, wanted), "\n".join(
                    "%s: %s%s" % (a, b.out, b.err)
                    for a, b in zip(self.NAMES, results)))
        return results

    def play(self, whole, log_key, who, cases, after):
        """Each case on a copy of the whole, then `after` it is mended."""
        cases, count = list(cases), 0
        self.known += [row_of(who, case[0]) for case in cases]
        for name, change, code, rule in (
                cases if self.is_full else first_of_each(cases)):
            bag = changed(self.story, whole, log_key)
            change(bag)
            if after:
                getattr(bag, after)()
            self.case(who, name, bag.folder, code, rule)
            count += 1
        self.story.check(True, "%d of %d cases of changes %s: three "
                         "verifiers, one verdict" % (count, len(cases), who))

    def whole_checks(self):
        """Every rule was broken here; no case is without its row there."""
        rules = {cell.split()[-1] for _, _, cells in self.row
                 for cell in cells[:1] if re.search(r" E\d$", cell)}
        self.story.check(rules == {"E%d" % n for n in range(1, 9)},
                         "each of the rules E1 to E8 was broken", rules)
        if not self.is_full:
            with open(RESULTS, encoding="utf-8") as file:
                there = file.read()
            lost = [row for row in self.known if row not in there
                    and not row.startswith("| chance")]
            self.story.check(not lost, "docs/results/exhibit.md has a row of "
                             "each of %d cases" % len(self.known), lost)

    def write(self, path):
        """The table; figures below it were measured otherwise and stay."""
        figures = ""
        if os.path.exists(path):
            with open(path, encoding="utf-8") as old:
                figures = "".join(old.read().partition("\n## Figures")[1:])
        with open(path, "w", encoding="utf-8") as out:
            out.write(
                "# Three verifiers, one verdict\n\nMade by `tools/campaign.sh "
                "build exhibit`, seed %d; `make test` tries the first case of "
                "each changer, verdict and\nrule, and all about folders. "
                "Each case is a change to an "
                "exhibit; each verifier was run on it by itself: VERIFY.sh "
                "(sh, sha256sum,\nopenssl, xxd, awk), verify.py (Python alone) "
                "and `sting verify`. Rules: docs/formats/exhibit.md.\n%d "
                "cases, %d answers, no disagreement.\n\n| changed by | case "
                "| %s |\n|---|---|---|---|---|\n" % (
                    SEED, len(self.row), 3 * len(self.row),
                    " | ".join(self.NAMES)))
            for who, name, cells in self.row:
                out.write("%s %s |\n" % (row_of(who, name),
                                         " | ".join(cells)))
            out.write(
                "\nWhat is INTACT there although it was changed, whoever "
                "holds the log key can do: write another report, or\nshow "
                "less. Neither touches a picture; the hash of each exhibit "
                "made stands in the operation's ledger.\n" + figures)
