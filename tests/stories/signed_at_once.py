"""What an alert tells is signed at once, and not only when its epoch ends: who
cuts the power right behind it takes nothing of it away."""
import os
import re

from story import Story, wait_for


def lines(op):
    with open(op + "/evidence/ledger", encoding="ascii") as file:
        return [line.split() for line in file.read().split("\n")[:-1]]


def signed(op):
    """How many lines each checkpoint speaks of."""
    folder, sizes = op + "/evidence/checkpoints/", []
    for name in os.listdir(folder):
        with open(folder + name, encoding="utf-8") as file:
            sizes += [int(size) for size in re.findall(
                r"^sting/[0-9a-f]+\n(\d+)\n", file.read(), re.M)]
    return sizes


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
    wait_for(lambda: first(op, "alert") is not None)
    at = first(op, "alert")
    story.check(at is not None and first(op, "incident") < at,
                "an incident is a line, and so is its alert")
    wait_for(lambda: max(signed(op), default=0) > at, 90)
    # What ends an epoch signs its own line too.
    end = first(op, "epoch", at)
    story.check(any(at < size and (end is None or size <= end)
                    for size in signed(op)),
                "a checkpoint signs both, and not only the end of their epoch",
                (at, end, signed(op)))
    station.kill()
    found = story.sting("verify", op, "--json", code=None).json()[0]
    told = [line for line in lines(op)[:found["entries"]
                                       - found["tail_entries"]]
            if line[3] in ("incident", "alert")]
    story.check(found["verdict"].startswith("INTACT") and len(told) >= 2,
                "and who kills the station then takes neither away", found)
