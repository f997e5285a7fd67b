"""sting check: what operation.yaml says and cannot be, or cannot be meant, is
told with its line and column, and nothing that is right is."""
import os
import re

from story import Story

CLIP = "tank.mp4"
GARAGE = "cameras:\n  - name: garage\n    url: %s\n"
MASK = "    masks:\n      - [[0, 0], [1, 0], [1, %s], [0, %s]]\n"
ZONE = ("    zones:\n      - name: table\n"
        "        polygon: [[0.2, 0.2], [0.4, 0.2], [0.4, 0.4], [0.2, 0.4]]\n")
STAFF = "staff:\n  - name: gardeners\n    hours: mo-fr 08:00-12:00\n"

# What is added to a right text, from its first line on: line, column, words.
WRONG = [
    (GARAGE % "rtsp://192.0.2.7:0/tank", 3, 10, "it is at no port"),
    (GARAGE % "rtsp://192.0.2.7:99999/tank", 3, 10, "1 to 65535"),
    (GARAGE % "rtsp://192.0.2.7:abc/tank", 3, 10, "it is at no port"),
    (GARAGE % "rtsp://192.0.2.7:/tank", 3, 10, "it is at no port"),
    (GARAGE % "'rtsp://[fd00::7/tank'", 3, 10, "between [ and ]"),
    (GARAGE % "rtsp:/192.0.2.7/tank", 3, 10,
     "did you mean rtsp://192.0.2.7/tank?"),
    (GARAGE % "192.0.2.7", 3, 10, "did you mean rtsp://192.0.2.7?"),
    (GARAGE % "192.0.2.7:8554/x", 3, 10,
     "did you mean rtsp://192.0.2.7:8554/x?"),
    (GARAGE % "nofile.mp4", 3, 10, "nofile.mp4: the clip cannot be opened: No"),
    (GARAGE % "/etc", 3, 10, "the clip is not a regular file"),
    (GARAGE % "/dev/null", 3, 10, "the device is no camera"),
    (GARAGE % "/dev/", 3, 10, "the device is no camera"),
    (GARAGE % CLIP + "    user: gardener\n    password_file: nofile\n", 5, 20,
     "nofile cannot be read: No such file"),
    (GARAGE % CLIP + "    user: gardener\n    password_file: keys\n", 5, 20,
     "keys cannot be read: Is a directory"),
    (GARAGE % CLIP + ZONE.replace("        p", "        bait: drawing\n"
                                  "        p"), 6, 15,
     'there is no bait "drawing"'),
    (GARAGE % CLIP + "  - name: door\n    url: %s\n" % CLIP, 5, 10,
     "this is the url of camera garage too"),
    (GARAGE % "rtsp://Tank.example/1" + "  - name: door\n"
     "    url: rtsp://tank.example:554/1\n", 5, 10,
     "this is the url of camera garage too"),
    (GARAGE % "rtsp://192.0.2.7/1" + "    look: rtsp://192.0.2.7/1\n", 4, 11,
     "look: is the very stream of url:"),
    (GARAGE % CLIP + MASK % (1, 1), 5, 7, "cover the whole picture"),
    (GARAGE % CLIP + ZONE + MASK % (0.5, 0.5), 8, 7,
     "the masks of camera garage cover its zone table"),
    (GARAGE % CLIP + STAFF + "    camera: garag\n", 7, 13,
     'there is no camera "garag": these staff are nowhere: did you mean '
     '"garage"?'),
    (STAFF + "    camera: garage\n", 4, 13, 'there is no camera "garage"'),
    ("until: 2001-01-01\n" + GARAGE % CLIP, 1, 8, "the operation has ended"),
    ("alerts:\n  - webhook: https://192.0.2.7/\n    secret_file: nofile\n", 3,
     18, "nofile cannot be read"),
    ("anchors:\n  - tsa: https://192.0.2.7/\n    ca_file: nofile\n", 3, 14,
     "nofile cannot be read"),
]
RIGHT = [
    GARAGE % CLIP + ZONE + MASK % (0.3, 0.3),
    GARAGE % "rtsp://192.0.2.7/1" + "    look: rtsp://192.0.2.7/2\n"
    "  - name: door\n    url: rtsp://192.0.2.7:8554/1\n",
    STAFF + "    camera: garage\n" + GARAGE % CLIP,
    "until: 2999-01-01\n",
]


def main(story):
    op = story.operation()
    config = os.path.join(op, "operation.yaml")
    story.write(os.path.join(op, CLIP), "")
    with open(config, encoding="utf-8") as file:
        head = re.sub(r"\n(cameras|alerts|until):.*", "", file.read())
    lines = head.count("\n") + 1

    def check(text, code):
        with open(config, "w", encoding="utf-8") as file:
            file.write(head + "\n" + text)
        return story.sting("check", op, code=code)

    for text, line, column, words in WRONG:
        got = check(text, 1)
        place = "operation.yaml:%d:%d: " % (lines + line, column)
        story.check(place in got.err and words in got.err
                    and got.err.count("\n") == 1,
                    "line %d, column %d: %s" % (line, column, words), got)
    for text in RIGHT:
        got = check(text, 0)
        story.check(" is right" in got.out and not got.err,
                    "what is right is told as right", got)
    check(GARAGE % "nofile.mp4", 1)
    told = story.sting("check", op, "--json", code=1).json()
    story.check([(one["line"] - lines, one["column"]) for one in told]
                == [(3, 10)], "a program is told the place as well", told)
    for text in (WRONG[1][0], WRONG[4][0]):
        check(text, 1)
        got = story.sting("run", op, code=1)
        story.check("operation.yaml:%d:10: " % (lines + 3) in got.err,
                    "what cannot be watched is not run, and told alike", got)
        story.sting("verify", op)


if __name__ == "__main__":
    with Story("sting check tells each mistake with its place") as told:
        main(told)
