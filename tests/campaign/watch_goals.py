"""What was to be reached in watch.md beside what was counted: met, or missed,
when the whole 95 % interval is on one side of the goal, else open."""
import collections
import statistics

import interval

VISIT_GOALS = [  # row, least rate found, median s, 99 % s
    ("visit grain", 0.98, 0.7, 1.5), ("visit dark", 0.95, 0.7, 2.5),
    ("coded grain, keyframe every 1 s", 0.98, 0.7, 1.5),
    ("coded dark, keyframe every 1 s", 0.95, 0.7, 2.5),
]
TAIL = 0.01  # later than the goal for 99 %
FALSE_A_DAY = 1.0
AT_IT, AT_HALF = 0.9, 0.5
EFFICIENCY = 0.5


def verdict(low, high, goal, more_is_better=True):
    if more_is_better:
        return "met" if low >= goal else "missed" if high < goal else "open"
    return "met" if high <= goal else "missed" if low > goal else "open"


def name_of(row):
    return row.replace("visit ", "").replace("coded ", "through H.264: ")


def visit_lines(row, mine, goal, median_s, tail_s):
    found = [t["late_s"] for t in mine if t["found"]]
    late = sum(1 for s in found if s > tail_s)
    middle = statistics.median(found) if found else float("nan")
    return [
        ("visits found, " + name_of(row), ">= %.0f %%" % (100 * goal),
         "%d of %d, %s" % (len(found), len(mine),
                           interval.text(len(found), len(mine))),
         verdict(*interval.interval(len(found), len(mine)), goal)),
        ("later than %.1f s, %s" % (tail_s, name_of(row)), "<= 1 %",
         "%d of %d, %s" % (late, len(found), interval.text(late, len(found))),
         verdict(*interval.interval(late, len(found)), TAIL, False)),
        ("median, " + name_of(row), "<= %.1f s" % median_s,
         "%.1f s" % middle, "met" if middle <= median_s else "missed")]


def quiet_line(what, mine):
    hours = sum(t["hours"] for t in mine)
    false = sum(t["groups"] for t in mine)
    upper = interval.upper_a_day(false, hours)
    return ("false presence, " + what, "<= %.0f a day" % FALSE_A_DAY,
            "%d in %.0f h, at most %.1f a day" % (false, hours, upper),
            "met" if upper <= FALSE_A_DAY
            else "missed" if false / hours * 24 > FALSE_A_DAY else "open")


def light_line(what, mine):
    persons = sum(t["persons"] > 0 for t in mine)
    as_light = [t for t in mine if t["change"] != "flash"]
    lit = sum(t["light"] > 0 for t in as_light)
    return ("changes of light told as a person, " + what, "0 in 100",
            "%d of %d, %s; as light %d of %d that last" % (
                persons, len(mine), interval.text(persons, len(mine)), lit,
                len(as_light)),
            "missed" if persons else "met" if len(mine) >= 100 else "open")


REACH = ("reach grain", "reach dark", "reach soft")


def worst_line(trials):
    """Of light and size of the figure, where half of it is found most often."""
    mine = collections.defaultdict(list)
    for row in REACH:
        for trial in trials[row]:
            if trial["part"] == 0.5 and trial["target"] == "contrast":
                mine[row[6:], trial["tall"]].append(trial["found"])
    if not mine:
        return []
    where = max(mine, key=lambda key: sum(mine[key]) / len(mine[key]))
    hits, all_ = sum(mine[where]), len(mine[where])
    return [("the same where it is most: %s, %.2f of the height" % where,
             "< %.0f %%" % (100 * AT_HALF),
             "%d of %d, %s" % (hits, all_, interval.text(hits, all_)),
             verdict(*interval.interval(hits, all_), AT_HALF, False))]


def sight_lines(trials):
    mine = collections.defaultdict(list)
    for row in REACH:
        for trial in trials[row]:
            mine[trial["part"]].append(trial["found"])
    for part, goal, is_least in ((1.0, AT_IT, True), (0.5, AT_HALF, False)):
        hits, all_ = sum(mine[part]), len(mine[part])
        if all_:
            yield ("found at the contrast or size that is told" if is_least
                   else "found at half of it",
                   "%s %.0f %%" % (">=" if is_least else "<", 100 * goal),
                   "%d of %d, %s" % (hits, all_, interval.text(hits, all_)),
                   verdict(*interval.interval(hits, all_), goal, is_least))


def ideal_line(name, where, trials):
    rooms = collections.defaultdict(list)
    for trial in trials[name]:
        if trial["ideal"] > 0:
            rooms[trial["room"]].append(trial["ideal"])
    means = [statistics.mean(ratio) for ratio in rooms.values()]
    if len(means) < 2:
        return []
    low, high = interval.mean(means)
    return [("efficiency beside the ideal observer, " + where,
             ">= %.1f" % EFFICIENCY, "%.2f [%.2f, %.2f] of %d rooms" % (
                 statistics.mean(means), low, high, len(means)),
             verdict(low, high, EFFICIENCY))]


def goal_rows(trials):
    """Of trials by row."""
    lines = []
    for row, *goals in VISIT_GOALS:
        if trials[row]:
            lines += visit_lines(row, trials[row], *goals)
    for what, begins in (("straight", "quiet "),
                         ("through H.264", "coded quiet")):
        mine = sum((rows for row, rows in trials.items()
                    if row.startswith(begins)), [])
        if mine:
            lines.append(quiet_line(what, mine))
    for what, rows in (("straight", ("light", "flicker")),
                       ("through H.264", ("coded light", "coded flicker"))):
        mine = trials[rows[0]] + trials[rows[1]]
        if mine:
            lines.append(light_line(what, mine))
    lines += sight_lines(trials)
    lines += worst_line(trials)
    lines += ideal_line("ideal grain", "clean wall", trials)
    lines += ideal_line("shades ideal", "rooms full of things", trials)
    return ["| figure | goal | counted | |", "|---|---|---|---|"] + [
        "| %s | %s | %s | %s |" % line for line in lines]
