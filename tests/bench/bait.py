"""Copies made a second, and what reading one photograph costs."""
import os
import resource
import sys

from story import Story


def figure(name, value, peer="", its="", is_met=None):
    judged = () if is_met is None else ("met" if is_met else "MISSED",)
    print("\t".join((name, value, peer, its, *judged)), flush=True)


with Story("bench") as story:
    op = story.operation()
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name",
                "tank")
    holders = story.write("holders.csv", "".join(
        "holder %d\n" % n for n in range(1, 101)))
    got = story.sting("bait", "issue", op, "tank", "--holders", holders,
                      "--out", story.path("copies"), "--json", *story.keys(),
                      seconds=600)
    rows = got.json()
    pages = sum(row["pages"] for row in rows)
    figure("pages a second, 100 copies", "%.0f pages/s"
           % (pages / got.seconds), "with commitment and durable files")
    photo = story.path("photo.jpg")
    story.sting("drill", "--photograph", rows[6]["file"], "--page", "2",
                "--setting", "half-light", "--seed", "1", "--out", photo)
    size = os.path.getsize(photo) / 1e6
    traced = story.sting("trace", op, photo, "--json", *story.keys())
    row = traced.json()[0]
    figure("seconds a photograph (%.1f MB, 6 pages)" % size,
           "%.1f s" % row["seconds"], "with keys and start, %.1f s"
           % traced.seconds)
    figure("log10 LR of that photograph", "%.0f" % row["log10_lr"])
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    figure("memory a photograph, largest process", "%.0f MB" % (most / 1024))
    many = story.write("many.csv", "no,holder\n" + "".join(
        "%d,Garden worker %d\n" % (n, n) for n in range(1000000)))
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name",
                "million")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    got = story.sting("bait", "issue", op, "million", "--holders", many,
                      "--register-only", *story.keys(), seconds=600)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    register = os.path.join(op, "bait", "million", "register")
    figure("a million copies registered and committed",
           "%.1f s of CPU" % (after.ru_utime - before.ru_utime
                              + after.ru_stime - before.ru_stime),
           "register", "%.0f MB" % (sum(
               os.path.getsize(os.path.join(register, name))
               for name in os.listdir(register)) / 1e6))
    got = story.sting("bait", "copy", op, "million", "1000100", "--out",
                      story.path("late"), *story.keys())
    figure("one of them written later", "%.1f s" % got.seconds,
           "with keys and register")
    story.sting("drill", "--photograph", next(
        os.path.join(at, name) for at, _, names in os.walk(story.path("late"))
        for name in names), "--page", "2",
                "--setting", "half-light", "--seed", "2", "--out", photo)
    traced = story.sting("trace", op, photo, "--json", *story.keys())
    row = traced.json()[0]
    if row["copy"] != 1000100:
        sys.exit("copy 1,000,100 is not named: %s" % row)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    figure("it is photographed, and named among all",
           "%.1f s, %.0f MB" % (traced.seconds, most / 1024),
           "%.0f scores of copies, goal" % row["tried"], "400 MB",
           most / 1024 <= 400)
