"""Two cameras tell of one incident: who sees the second alone hears of it when
that one joins, in a browser and by asking, and of that one only. Pictures are
kept where PICTURES says."""
import os
import signal

from browsing import browser, browser_is_there, console_start, pictures_of
from console_play import people
from story import Script, Story, cameras_name, wait_for

# Somebody is at the garage, then at the yard, too; then the page in the garage
# is touched. Each waits until the one before has been looked at.
GARAGE = ("interval_ms=100 duration_ms=100 person_at=10 page_at=20 "
          "person_until=60", 10, 20)
YARD = "interval_ms=100 duration_ms=100 person_at=10 person_until=40", 10, 20


def begin(story):
    op, scripts = story.operation(), {}
    for name, words in (("yard", YARD), ("garage", GARAGE)):
        cameras_name(op, "  - name: %s\n    url: %s.txt\n" % (name, name))
        scripts[name] = Script("%s/%s.txt" % (op, name), *words)
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("quiet_s: 10", "quiet_s: 2"))
    station, link = console_start(story, op)
    who = people(story, link.group(1), link.group(2))
    return op, station, link, who, scripts


def hears(person):
    """All that otto may be told of an incident: words, and where they stand."""
    _, state = person.ask("/api/state")
    _, list_ = person.ask("/api/incidents")
    http, one = person.ask("/api/incidents?incident=1")
    _, events = person.ask("/api/events")
    return (state["incidents"], list_["incidents"], one if http == 200 else
            None, [event for event in events["events"] if event["incident"]])


def names_no_other(story, got):
    story.check("garage" not in repr(got) and "touch" not in repr(got),
                "and of nothing else of it", got)


def joined(story, otto):
    """Each of the ways to hear says the yard, since it joined."""
    wait_for(lambda: hears(otto)[1])
    got = hears(otto)
    open_, list_, one, events = got
    story.check([(row["camera"], row["kind"], row["tier"]) for row in open_]
                == [("yard", "person", "presence")], "it is open to him", got)
    story.check([(row["camera"], row["word"]) for row in list_]
                == [("yard", "person")], "it is one of his incidents", got)
    story.check(one is not None and any(
        event["what"] == "alert" and event["camera"] == "yard"
        for event in one["events"]), "with who was told of it", got)
    story.check([(event["state"], event["camera"]) for event in events]
                == [("grew", "yard")], "he is told as it joins", got)
    names_no_other(story, got)


def over(story, otto):
    wait_for(lambda: hears(otto)[1][0]["to"])
    got = hears(otto)
    story.check(got[0] == [] and got[1][0]["to"] is not None
                and got[1][0]["tier"] == "presence", "it is over for him", got)
    story.check([event["state"] for event in got[3]] == ["grew", "closed"],
                "he is told that it is over", got)
    names_no_other(story, got)
    http, said = otto.ask("/api/ack", {"incident": "1"})
    story.check(http == 200, "and may say that he has seen to it", said)


def main(story):
    browser_is_there()
    story.binary = os.environ["STANDIN"]
    op, station, link, who, scripts = begin(story)
    otto = who["otto"]
    scripts["garage"].go_on()
    station.wait_line("INCIDENT 1 at camera garage", 40)
    got = hears(otto)
    story.check(got == ([], [], None, []), "before it joins, of nothing", got)
    scripts["yard"].go_on()
    station.wait_line("INCIDENT 1 grows, at camera yard: somebody", 40)
    joined(story, otto)
    browser(story, "joined.mjs", link.group(1) + "/", pictures_of(story))
    for script in scripts.values():
        script.go_on()
    station.wait_line("ALERT! INCIDENT 1 at camera garage", 40)
    names_no_other(story, hears(otto))
    is_touch = lambda: who["cleo"].ask("/api/incidents")[1]["incidents"][0][
        "tier"] == "touch"
    wait_for(is_touch)
    _, got = who["cleo"].ask("/api/incidents")
    story.check(got["incidents"][0]["tier"] == "touch",
                "who sees all hears all", got)
    station.wait_line("incident 1: over", 40)
    over(story, otto)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"] == "INTACT", "the record holds", found)


if __name__ == "__main__":
    with Story("who sees the second camera hears when it joins") as told:
        main(told)
