"""Somebody moves while a camera learns: what can be seen there is not known
then, and nothing calls a bright room dark."""
import os

from two_streams import ledger
from story import Script, Story

CAMERA = """  - name: garage
    url: garage.txt
    zones:
      - name: table
        bait: tank
        copy: 7
        polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]
"""

with Story("nothing is said of what can be seen before it is known") as story:
    story.binary = os.environ["STANDIN"]
    op = story.operation()
    script = Script(op + "/garage.txt", "interval_ms=100 duration_ms=100 "
                    "unquiet_at=2 person_at=6 blind_at=20", 10)
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as out:
        out.write(text.replace("\ncameras:\n", "\ncameras:\n" + CAMERA, 1))
    station = story.sting_start("run", op)
    station.wait_line("camera garage: NOT KNOWN YET WHAT CAN BE SEEN: learned "
                      "while somebody moved", 20)
    station.wait_line("INCIDENT 1 at camera garage", 20)
    script.go_on()
    station.wait_line("camera garage, table: A PERSON IS NOT SEEN", 20)
    story.check(station.stop() == 0, "the station ends in order")
    told = [line for line in ledger(op) if " sight camera=garage" in line]
    story.check(len(told) == 3 and all(
        " state=unknown " in line and " contrast=" not in line
        for line in told[:2]) and " zone=table state=blind " in told[2],
        "the ledger says so too", told)
    opened = [line for line in ledger(op) if " state=opened " in line
              and " kind=person " in line]
    story.check(len(opened) == 1 and " sight=" not in opened[0],
                "and nothing of it beside who came meanwhile", opened)
    why = story.sting("drill", op, "--watched", "--json").out
    story.check('"learning"' in why and '"blind"' in why
                and '"dark"' not in why,
                "hours that nobody saw are not called dark", why)
    page = story.path("d.html")
    story.sting("dossier", op, "--out", page, *story.keys_for("the court"))
    with open(page, encoding="utf-8") as file:
        html = file.read()
    story.check("too dark" not in html.lower(), "nor are they in the dossier")
