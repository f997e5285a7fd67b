"""Documents and copies at the console; a photograph dropped there waits sealed
until somebody unlocks on the machine what tracing takes, and then is told: the
copy first, and whose it is once a second person has opened that name.
Pictures of the page are kept where PICTURES says."""
import glob
import os
import signal

from browsing import MODULES, browser_is_there, console_start, pictures_of
from story import ROOT, Story, cameras_name



def copy_photographed(story, op, both):
    """The sample issued to twelve, in an order of its own: copy 7, and a photograph of
    its page 1."""
    story.sting("bait", "add", op, story.sample("water-tank.pdf"), "--name",
                "tank")
    lines = story.sting("bait", "issue", op, "tank", "--to",
                        *["gardener-%02d" % n for n in range(1, 13)], "--out",
                        story.path("out"), "--json", *both).json()
    out = story.path("found in the shed.jpg")
    story.sting("drill", "--photograph", lines[6]["file"], "--page", "1",
                "--setting", "half-light", "--seed", "3", "--out", out)
    given = story.path("given.jpg")
    story.sting("drill", "--photograph", lines[4]["file"], "--page", "2",
                "--setting", "room", "--seed", "2", "--out", given)
    got = story.sting("bait", "confirm", op, given, "--holder",
                      lines[4]["holder"], "--by", "Stores", "--json",
                      *both).json()[0]
    story.check((got["handover"], got["copy"]) == ("verified", 5),
                "copy 5 is confirmed when it is handed over", got)
    return lines[6], out


def camera_start(story, op, copy):
    """A camera in a rendered garage; copy 7 lies on the table."""
    port = story.free_port()
    scene = story.sting_start("drill", "--camera", "127.0.0.1:%d" % port,
                              "--pages", copy, "--quiet", "16", "--seed", "7")
    corners = scene.wait_line(r"^zone (.+)$", 60).group(1).split()
    scene.wait_line("^listening", 60)
    cameras_name(op, "  - name: garage\n    url: rtsp://127.0.0.1:%d/garage\n"
                 "    zones:\n      - name: table\n        bait: tank\n"
                 "        copy: 7\n        polygon: [%s]\n" % (
                     port, ", ".join("[%s]" % at for at in corners)))
    return scene


def plain_anywhere(op, photo):
    """Files of the folder that hold a piece of the photograph."""
    with open(photo, "rb") as file:
        file.seek(20000)
        piece = file.read(64)
    found = []
    for at, _, names in os.walk(op):
        for name in names:
            path = os.path.join(at, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    if piece in file.read():
                        found.append(path)
    return found


with Story("a photograph dropped at the console is traced") as story:
    browser_is_there()
    second = story.write("second", "nine blue garden hoses\n")
    both = (*story.keys(), "--passphrase-file", second)
    op = story.path("op")
    story.new(op, "--goal", "who takes the drawing", "--legal-basis",
              "house rules", "--decided-by", "the head gardener", "--blind",
              "--recipient", story.recipient()[0], *both)
    copy, photo = copy_photographed(story, op, both)
    large = story.path("large.tiff")
    with open(large, "wb") as file:
        file.truncate(17 * 1024 * 1024)
    scene = camera_start(story, op, copy["file"])
    station, link = console_start(story, op)
    node = story.start(
        "node", os.path.join(ROOT, "tests", "browser", "bait.mjs"),
        link.group(0), pictures_of(story), photo, large, copy["holder"],
        env=dict(os.environ, BROWSER_MODULES=MODULES))
    node.wait_line("given", 60)
    waiting = glob.glob(os.path.join(op, "queue", "photo-*.age"))
    story.check(len(waiting) == 1 and not plain_anywhere(op, photo),
                "it waits sealed", waiting)
    # One that cannot be opened holds up no other.
    with open(os.path.join(op, "queue", "photo-00000002.age"), "wb") as file:
        file.write(b"age-encryption.org/v1\nno photograph\n")
    told = story.sting("trace", op, "--waiting", "--json", *story.keys())
    got = told.json()
    story.check("photograph 2 is unreadable" in told.err
                and glob.glob(os.path.join(op, "queue", "unreadable-*-2.age")),
                "one that cannot be opened is told of and put aside", told.err)
    story.check((got[0]["verdict"], got[0]["copy"], got[0]["picture"])
                == ("attributed", 7, "found in the shed.jpg")
                and got[0]["issued_to"] is None,
                "on the machine it is traced", got)
    story.check(not glob.glob(os.path.join(op, "queue", "photo-*")),
                "and waits no more")
    node.wait_line("told", 60)
    story.sting("bait", "list", op, "--show", *story.keys())
    story.sting("unlock", op, "--name", "7", "--show", "--by", "Ben",
                "--reason", "it was found in the shed", *both)
    story.check(node.wait(90) == 0, "the console tells", node.text())
    story.sting("trace", op, "--waiting", *story.keys(), code=2)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    scene.stop()
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        text = file.read()
    story.check("what=photo-given by=anna" in text and " trace run=" in text
                and "what=photo-unreadable why=photograph%202" in text,
                "the ledger says who gave it, and that it was traced", text)
    shown = [line for line in text.splitlines() if " custody " in line
             and "state=shown by=anna" in line]
    story.check("item=names%20of%20copies%207 " in shown[0] and "shed" in shown[0]
                and "item=report" in shown[1] and len(shown) == 2
                and "gardener" not in text,
                "and who read which name, and why, and the report", shown)
    story.sting("verify", op, code=None)
