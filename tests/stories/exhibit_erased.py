"""Exhibits of which some was erased on purpose."""
import os
import re

from exhibit_changes import changed, of_what_was_erased
from exhibit_made import exhibit, stretch
from exhibit_matrix import row_of


def erase(story, op, segments):
    """`sting erase` of those recordings, counted from the first: what is kept
    of their day is elsewhere meanwhile, and the day is not the newest one."""
    folder = op + "/evidence/segments/garage/"
    day = sorted(os.listdir(folder))[0]
    kept = [name for i, name in enumerate(sorted(
        one for one in os.listdir(folder + day) if one.endswith(".m4s.age")))
        if i not in segments]
    os.mkdir(op + "-kept")
    os.mkdir(folder + "2100-01-01")
    for name in kept:
        os.rename(folder + day + "/" + name, op + "-kept/" + name)
    story.sting("erase", op, "--date", day, "--by", "the gardener",
                "--reason", "the month is over")
    for name in kept:
        os.rename(op + "-kept/" + name, folder + day + "/" + name)
    os.rmdir(folder + "2100-01-01")
    return folder + day + "/", kept


def told_as_erased(story, op, matrix, where, segments):
    """An exhibit of which some was erased, judged by all three."""
    there = story.copy(op, "op-" + where)
    folder, kept = erase(story, there, segments)
    story.sting("verify", there)
    got = exhibit(story, there, "ABC/6", where, *stretch(op, 3), "--json")
    made, t0 = got.json()[0], re.findall(r" seg .* t0=(\S+)", open(
        op + "/evidence/ledger", encoding="ascii").read())
    first = t0[min(set(range(len(t0))) - set(segments))]
    told = [open(story.path(where, name), encoding="utf-8").read()
            for name in ("LIMITS.txt", "data/REPORT.html")]
    story.check(made["erased"] == len(segments) and made["films_since"][:23] == first[:23]
                and "were deleted on purpose" in got.err and all(
                    "deleted on purpose afterwards" in one
                    and "by the gardener: the month is over" in one
                    for one in told) and "IT WAS DELETED" in told[1],
                "what was erased %s is a gap, and who erased it is told"
                % where, (got, told[0]))
    name = "two recordings erased %s" % where.replace("-", " ")
    matrix.known.append(row_of("nobody", name))
    answers = matrix.case("nobody", name, story.path(where), 10, None)
    gaps = {re.search(r"GAPS: (\d+)", one.out)[1] for one in answers}
    story.check(gaps == {str(made["films"])}, "all count one gap for what was "
                "erased and one for each film after the first", gaps)
    return there, folder, kept


def erased_checks(story, op, matrix, log_key):
    """Retention took some of it, and signed lines say so."""
    there, folder, kept = told_as_erased(story, op, matrix, "in-the-middle",
                                         (1, 2))
    for name, change, code, rule in of_what_was_erased():
        bag = changed(story, story.path("in-the-middle"), log_key)
        change(bag)
        bag.resign()
        who = "the holder of the log key, of what was erased"
        matrix.known.append(row_of(who, name))
        matrix.case(who, name, bag.folder, code, rule)
    os.unlink(folder + kept[-1])
    got = exhibit(story, there, "ABC/7", "more", *stretch(op, 3), code=2)
    story.check("1 more recordings of garage" in got.err
                and got.err.count("\n") <= 2
                and not os.path.exists(story.path("more")),
                "of more than signed lines account for none is made", got)
    told_as_erased(story, op, matrix, "at-the-start", (0, 1))
    there = story.copy(op, "op-all")
    erase(story, there, range(100))
    got = exhibit(story, there, "ABC/8", "all", *stretch(op, 3), code=2)
    story.check("in that time were deleted on purpose: entry " in got.err
                and "by the gardener: the month is over" in got.err
                and not os.path.exists(story.path("all")),
                "where all was erased none is made, and who erased it is told",
                got)
