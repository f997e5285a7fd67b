"""Trials of a campaign survive: they are taken up again where they are of this
version or come out the same when some are done again; else they are dropped."""
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "campaign"))
import trace  # noqa: E402
import trials  # noqa: E402

FIELDS = ["row", "seed", "outcome", "log10_lr", "seconds"]


def git(*args):
    subprocess.run(["git", "-C", trials.ROOT, "-c", "user.name=t", "-c",
                    "user.email=t@t", *args], check=True, capture_output=True)


def commit(text):
    with open(os.path.join(trials.ROOT, "reader"), "w",
              encoding="ascii") as file:
        file.write(text)
    git("add", "-A")
    git("commit", "-m", text)


def record():
    return trials.Record("made", FIELDS, ["reader"], trials.ROOT + "-aside",
                         loose=["seconds"])


def trial(row, seed):
    return {"row": row, "seed": seed, "outcome": "traced",
            "log10_lr": seed / 3, "seconds": 1.5}


def settled(replay, group=lambda row: "", **words):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        got = record()
        got.settle(replay, group, **words)
    return got, said.getvalue()


def same(row):
    return dict(trial(row["row"], row["seed"]), seconds=9.0)


def garage_differs(row):
    bit = 1e-15 if row["row"] == "garage" else 0
    return dict(trial(row["row"], row["seed"]),
                log10_lr=row["seed"] / 3 + bit)


def they_are_taken_up_again():
    commit("one")
    first = record()
    for seed in range(1, 31):
        first.add(trial("desk", seed))
        first.add(trial("garage", seed))
    again, said = settled(None)
    assert not said and again.rows == first.rows and len(again.rows) == 60


def a_line_cut_in_two_costs_that_trial_alone():
    with open(record().path, "a", encoding="ascii") as file:
        file.write('["desk",31,"tra')
    record().add(trial("desk", 32))
    assert [row["seed"] for row in record().rows][-2:] == [30, 32]


def what_comes_out_the_same_holds_at_another_version():
    of = record().version
    commit("two")
    got, said = settled(same)
    assert len(got.rows) == 61, said
    assert "%d of them done again" % trials.AGAIN in said, said
    assert got.earlier == [of] and record().earlier == [of]
    assert settled(None)[1] == ""


def one_bit_more_drops_what_it_is_of_and_nothing_else():
    commit("three")
    got, said = settled(garage_differs, group=lambda row: row["row"])
    assert {row["row"] for row in got.rows} == {"desk"}, said
    assert "30 trials" in said and "garage" in said and "log10_lr" in said
    assert len(record().rows) == 31
    commit("four")
    got, said = settled(lambda row: dict(same(row), outcome="missed"))
    assert not got.rows and not got.earlier and "31 trials" in said


def fill():
    for row in ("desk", "garage"):
        for seed in range(1, 31):
            record().add(trial(row, seed))


def empty():
    with contextlib.redirect_stdout(io.StringIO()):
        record().keep(lambda row: False, "they are made anew")


def several_done_at_once_are_judged_alike():
    fill()
    commit("one more")
    both = threading.Barrier(2, timeout=20)  # broken, were they one by one

    def replay(row):
        both.wait()
        return garage_differs(row)

    got, said = settled(replay, lambda row: row["row"], workers=2)
    assert {row["row"] for row in got.rows} == {"desk"}, said
    assert "30 of desk done again are the same" in said, said
    empty()


def a_trial_that_cannot_be_done_again_is_no_trial_that_holds():
    for workers in (1, 2):
        fill()
        commit("with %d workers" % workers)
        try:
            settled(lambda row: next(iter(())), workers=workers)
            raise AssertionError("it was taken for the same")
        except (StopIteration, ValueError, RuntimeError):
            empty()


def settling_that_broke_off_goes_on_behind_what_held():
    fill()
    commit("a slow one")

    def until_garage(row):
        if row["row"] == "garage":
            raise KeyboardInterrupt
        return same(row)

    for replay in (until_garage, until_garage, None):
        try:
            got, said = settled(replay or garage_differs,
                                lambda row: row["row"])
        except KeyboardInterrupt:
            assert len(record().rows) == 60 and record().held == ["desk"]
    assert "desk" not in said and "30 trials" in said, said
    assert {row["row"] for row in record().rows} == {"desk"}
    assert record().of == record().version and not record().held
    commit("and another")
    assert not record().held
    empty()


class Foretold:
    """In the place of trace's processes: what they tell at one version, until
    asked for a photograph of that row."""

    name, until = "one", None

    def __init__(self, choose=False):
        self._choose = choose

    def trial(self, row, seed):
        if not self._choose and row.name == self.until:
            raise KeyboardInterrupt
        return {"row": row.name, "seed": seed, "outcome": "traced",
                "log10_lr": seed / 3, "bait": self.name, "page": seed}

    def close(self):
        pass


def what_was_foretold_stays_until_it_is_asked_anew():
    rows = [row for row in trace.ROWS if row.name in ("desk", "garage")]

    def journal():
        return trials.Record("foretold", trace.FIELDS, ["reader"],
                             trials.ROOT + "-aside")

    def baits():
        return {(row["row"], row["bait"]) for row in journal().rows}

    def settle():
        with contextlib.redirect_stdout(io.StringIO()):
            trace.settle(journal(), rows)

    trace.Benches = Foretold
    for row in rows:
        for seed in (1, 2):
            journal().add(Foretold().trial(row, seed))
    commit("foretold anew")
    Foretold.name, Foretold.until = "two", "garage"
    try:
        settle()
    except KeyboardInterrupt:
        assert baits() == {("desk", "two"), ("garage", "one")}, baits()
    Foretold.until = None
    settle()
    assert baits() == {("desk", "two"), ("garage", "two")}, baits()
    assert len(journal().rows) == 4 and journal().of == journal().version


def those_that_went_wrong_are_all_done_again():
    for seed in range(1, 301):
        record().add(dict(trial("desk", seed), outcome="missed"
                          if seed == 77 else "traced"))
    commit("mended")
    got, said = settled(lambda row: trial("desk", row["seed"]), most=2,
                        odd=lambda row: row["outcome"] == "missed")
    assert not got.rows and "desk 77 has another outcome" in said, said


def a_readme_makes_no_other_version():
    room = os.path.join(trials.ROOT, "room")
    before = trials.version(["reader", "room"])
    os.mkdir(room)
    with open(os.path.join(room, "README.md"), "w",
              encoding="ascii") as file:
        file.write("more")
    assert trials.version(["reader", "room"]) == before
    git("add", "-A")
    git("commit", "-m", "told")
    assert trials.version(["reader", "room"]) == before


def a_field_that_is_new_is_null_in_trials_from_before_it():
    record().add(trial("desk", 1))
    FIELDS.append("words")
    got, said = settled(None)
    assert [row["words"] for row in got.rows] == [None] and not said
    got.add(dict(trial("desk", 2), words=7))
    commit("five")
    got, said = settled(lambda row: dict(same(row), words=7))
    assert [row["words"] for row in got.rows] == [None, 7], said
    FIELDS.remove("words")
    got, said = settled(None)
    assert not got.rows and "2 trials" in said and "words" in said


def uncommitted_work_is_never_counted_with_others():
    record().add(trial("desk", 1))
    with open(os.path.join(trials.ROOT, "reader"), "a",
              encoding="ascii") as file:
        file.write("more")
    aside = record()
    aside.add(trial("desk", 2))
    assert aside.path.startswith(trials.ROOT + "-aside")
    git("checkout", "reader")
    assert [row["seed"] for row in record().rows] == [1]


def every_row_is_asked_and_others_for_another_version():
    rows = [trial("row %d" % (n % 25), n) for n in range(500)]
    one, other = trials.sample(rows, "a", 20), trials.sample(rows, "b", 20)
    assert len({row["row"] for row in one}) == 25 == len(one)
    assert one != other and one == trials.sample(rows, "a", 20)
    assert len(trials.sample(rows, "a", 60)) == 60


def main():
    with tempfile.TemporaryDirectory() as folder:
        trials.ROOT = os.path.join(folder, "tree")
        trials.FOLDER = os.path.join(trials.ROOT, "docs", "results", "trials")
        os.makedirs(trials.ROOT)
        git("init")
        they_are_taken_up_again()
        a_line_cut_in_two_costs_that_trial_alone()
        what_comes_out_the_same_holds_at_another_version()
        one_bit_more_drops_what_it_is_of_and_nothing_else()
        several_done_at_once_are_judged_alike()
        a_trial_that_cannot_be_done_again_is_no_trial_that_holds()
        settling_that_broke_off_goes_on_behind_what_held()
        what_was_foretold_stays_until_it_is_asked_anew()
        those_that_went_wrong_are_all_done_again()
        a_readme_makes_no_other_version()
        a_field_that_is_new_is_null_in_trials_from_before_it()
        uncommitted_work_is_never_counted_with_others()
        every_row_is_asked_and_others_for_another_version()


if __name__ == "__main__":
    main()
