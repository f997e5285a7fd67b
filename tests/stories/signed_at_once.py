"""What an alert tells is signed at once, and not only when its epoch ends: who
cuts the power right behind it takes nothing of it away."""
import os
import re
import time

from story import Story

SECONDS = 60  # to wait at most; an epoch that ends before is a failure


def lines(op):
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        return [line.split() for line in file.read().split("\n")[:-1]]


def signed_to(op):
    """Lines that the last checkpoint speaks of."""
    folder, last = op + "/evidence/checkpoints/", 0
    for name in os.listdir(folder):
        with open(folder + name, encoding="utf-8") as file:
            last = max([last] + [int(size) for size in re.findall(
                r"^sting/[0-9a-f]+\n(\d+)\n", file.read(), re.M)])
    return last


def first(op, kind, behind=0):
    found = [int(line[0]) for line in lines(op)
             if line[3] == kind and int(line[0]) >= behind]
    return found[0] if found else None


with Story("what an alert tells is signed at once") as story:
    op, hook = story.operation(), story.webhook()
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    story.write("op/operation.yaml", text[:text.index("cameras:")] +
                "cameras:\n  - name: garage\n    url: %s\n    look: all\n"
                "alerts:\n  - webhook: %s\n"
                % (os.environ["CLIP"], hook.url))
    station = story.sting_start("run", op)
    station.wait_line(r"INCIDENT \d+ at camera garage", 60)
    until = time.time() + SECONDS
    while first(op, "alert") is None and time.time() < until:
        time.sleep(0.05)
    at = first(op, "alert")
    story.check(at is not None and first(op, "incident") < at,
                "an incident is a line, and so is its alert")
    while signed_to(op) <= at and time.time() < until and (
            first(op, "epoch", at) is None):
        time.sleep(0.05)
    story.check(signed_to(op) > at and first(op, "epoch", at) is None,
                "a checkpoint signs both before their epoch has ended",
                (at, signed_to(op), first(op, "epoch", at)))
    station.kill()
    found = story.sting("verify", op, "--json", code=None).json()[0]
    told = [line for line in lines(op)[:found["entries"]
                                       - found["tail_entries"]]
            if line[3] in ("incident", "alert")]
    story.check(found["verdict"].startswith("INTACT") and len(told) >= 2,
                "and who kills the station then takes neither away", found)
