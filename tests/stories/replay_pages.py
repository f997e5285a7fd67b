"""What a clip shows is judged by `sting replay` as the station judges it live:
a page that is touched while somebody is seen is a touch."""
import os

from story import Story, cameras_name

BEGIN, LAST = 40, 55
ACTS = {  # whether it is a touch
    "take": True,
    "lift": True,
    "turn": True,
    "pass": False,
    "lean": False,
}
SEEN = ("lean",)  # he darkens all of it, and is no lamp


def replayed(story, act):
    """States of the page, and tiers of the incidents."""
    op, clip = story.operation("op-" + act), story.path(act + ".mp4")
    zone = story.run(os.environ["PAGE_FILM"], clip, act, "3", str(BEGIN),
                     str(LAST)).out.strip()
    cameras_name(op, "  - name: desk\n    url: %s\n    zones:\n"
                 "      - name: table\n        bait: tank\n        copy: 7\n"
                 "        polygon: %s\n" % (clip, zone))
    rows = story.sting("replay", op, clip, "--json").json()
    return ([row["page"] for row in rows if "page" in row],
            [row["tier"] for row in rows if row.get("incident")], rows)


with Story("a clip of a touched page replays as a touch") as story:
    for act, is_touch in ACTS.items():
        states, tiers, rows = replayed(story, act)
        story.check(("touch" in tiers) == is_touch and "in-view" in states,
                    "%s: %s" % (act, "a touch" if is_touch else "no touch"),
                    rows)
        if act in SEEN:
            story.check("presence" in tiers, "%s: somebody is there" % act,
                        rows)
