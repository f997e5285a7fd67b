"""A custodian of some cameras, in a browser: of those he sees all there is, of
the others nothing, neither on a page nor by asking. Pictures are kept where
PICTURES says."""
from browsing import browser, browser_is_there, pictures_of, station_ends
from console_play import begin, first_of, ledger, stretch_of
from story import Story


def played_by_another(story, op, cleo):
    """Who sees all has looked at both, and noted something: lines that name
    what otto does not see."""
    wish = dict(stretch_of(op), cameras="garage,yard", browser="none",
                why="was it at the garage?")
    http, got = cleo.ask("/api/play/ask", wish)
    story.check(http == 200, "another custodian asks for both", got)
    story.sting("unlock", op, "--code", got["play"]["code"], *story.keys())
    http, got = cleo.ask("/api/note", {"incident": "1", "type": "note",
                                       "who": "", "text": "the gate is shut"})
    story.check(http == 200, "and notes something", got)


def main(story):
    browser_is_there()
    # A yard that otto sees, a garage and a gate that he does not.
    op, station, link, who = begin(story, placed=True)
    played_by_another(story, op, who["cleo"])
    begin_ms = first_of(op) - 20000
    browser(story, "limited.mjs", link.group(1) + "/", pictures_of(story),
            str(begin_ms), str(begin_ms + 61000), op, *story.keys())
    shown = [line for line in ledger(op, "custody") if "by=otto" in line]
    story.check(shown and not any("garage" in line or "gate" in line
                                  for line in shown),
                "what he was shown is of his camera, and is a line", shown)
    made = story.sting("verify", op + "-exhibit", "--json").json()[-1]
    story.check(made["verdict"].startswith("INTACT"),
                "an exhibit of his holds", made)
    station_ends(story, station, op)


if __name__ == "__main__":
    with Story("a custodian of one camera learns nothing of others") as told:
        main(told)
