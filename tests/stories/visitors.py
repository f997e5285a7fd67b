"""Six people walk up to a table with a paper on it, one after another.

Real footage, made into a camera's stream (30 s of its own empty frames under
fresh noise, 15 s between visits) and served by an RTSP server in real time.
Usage: visitors.py [replay | coded | live]: over the clip, over two of its visits
as other cameras code them, or through `sting run`.
"""
import os
import sys

from story import SKIPPED, Story

X264 = ("libx264", "-preset", "superfast", "-bf", "0", "-crf", "24")
# What encodes it, and how; where keyframes come seldom or never, none comes in
# between by itself.
CODED = {
    "H.265": ("libx265", "-preset", "superfast", "-crf", "26", "-x265-params",
              "bframes=0:keyint=10:log-level=none"),
    "motion JPEG": ("mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"),
    "AV1": ("libsvtav1", "-preset", "12", "-crf", "35", "-g", "10"),
    "keyframes 20 s apart": (*X264, "-g", "200", "-sc_threshold", "0"),
    "renewed bit by bit": (*X264, "-g", "20", "-x264-params",
                           "intra-refresh=1"),
}
FOOTAGE = os.environ["FOOTAGE"]
BUILD = os.environ["VISITORS_BUILD"]
SERVE = os.environ["RTSP_SERVE"]


def stream(story, name, *options):
    """Build a stream; gives its path and when each visit begins and ends."""
    path = story.path(name + ".mp4")
    made = story.run(BUILD, FOOTAGE, path, *options)
    return path, [tuple(map(float, line.split()))
                  for line in made.out.splitlines()]


def acts(lines):
    """Incidents that somebody would be told of."""
    return [line for line in lines
            if line.get("kind") in ("person", "page", "tamper", "loss")]


def meets(visits, found, begin, end):
    """Visit i and incident i overlap, one to one."""
    return len(found) == len(visits) and all(
        begin(one) < end_s and end(one) > begin_s
        for one, (begin_s, end_s) in zip(found, visits))


def replay(story, op):
    for options in ((), ("mirror=1", "light=0.3", "noise=6", "seed=21",
                         "all-noisy=1"), ("noise=5", "crf=22", "seed=22")):
        clip, visits = stream(story, "clip", *options)
        lines = story.sting("replay", op, clip, "--json").json()
        found = acts(lines)
        story.check(
            meets(visits, found, lambda x: x["start_s"],
                  lambda x: x["end_s"]),
            "six visits are six incidents and nothing else is [%s]"
            % " ".join(options), lines)
        story.check([one["persons"] for one in found] == [1] * len(found),
                    "each is one person, also standing at the table", found)
        late = [one["first_look_s"] - visit[0]
                for one, visit in zip(found, visits)]
        story.check(max(late) < 2.5, "each is told within 2.5 s: %s"
                    % " ".join("%.1f" % s for s in late))
        story.check(lines[-1]["looks"] < 0.5 * 10 * lines[-1]["stream_s"],
                    "fewer than half of the frames were decoded")


def coded(story, op):
    clip, visits = stream(story, "clip", "visits=3", "width=320")
    for what, how in CODED.items():
        path = story.path("coded.mkv")
        made = story.run("ffmpeg", "-v", "error", "-y", "-i", clip, "-c:v",
                         *how, path, code=None)
        if made.code:
            print("ffmpeg cannot encode %s" % what)
            sys.exit(SKIPPED)
        lines = story.sting("replay", op, path, "--json").json()
        found = acts(lines)
        story.check(meets(visits, found, lambda x: x["start_s"],
                          lambda x: x["end_s"]),
                    "%s: two visits are two incidents" % what, lines)
        late = [one["first_look_s"] - visit[0]
                for one, visit in zip(found, visits)]
        story.check(late and max(late) < 2.5, "each is told within 2.5 s", late)


def packets(story, path):
    """Presentation times of a file's frames, by another program."""
    got = story.run("ffprobe", "-v", "error", "-select_streams", "v",
                    "-show_entries", "packet=pts_time", "-of", "csv=p=0", path)
    return sorted(float(line.split(",")[0]) for line in got.out.split())


def recording(story, op, identity):
    """What was sealed, opened with age and put together."""
    folder = os.path.join(op, "evidence", "segments", "table")
    data, inits = b"", 0
    for day in sorted(os.listdir(folder)):
        names = sorted(os.listdir(os.path.join(folder, day)),
                       key=lambda name: (not name.startswith("init"), name))
        for name in names:
            inits += name.startswith("init")
            data += story.run("age", "-d", "-i", identity,
                              os.path.join(folder, day, name)).bytes
    story.check(inits == 1, "one connection, one recording")
    return story.write("recording.mp4", data)


def live(story, op, identity):
    clip, visits = stream(story, "clip")
    camera = story.start(SERVE, clip, "0")
    port = camera.wait_line(r"listening (\d+)").group(1)
    path = os.path.join(op, "operation.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    story.write("op/operation.yaml", text.replace(
        "cameras:\n", "cameras:\n  - name: table\n    url: "
        "rtsp://127.0.0.1:%s/camera\n" % port, 1))
    station = story.sting_start("run", op)
    station.wait_line(r"camera table: recording", 15)
    began = station.at
    station.wait_line(r"camera table: a person is seen: from [0-9.]+ % contr",
                      30)
    # The clip's end is the camera's loss, the only incident beside the six.
    station.wait_line(r"NO PICTURE", visits[-1][1] + 40)
    lines = [(at - began, line) for at, line in station.line]
    station.stop()
    told = [at for at, line in lines if "INCIDENT" in line
            and "somebody" in line]
    story.check(len(told) == 6, "six visits are six incidents",
                station.text())
    # That the film shows its quiet anew is told too, of the incident it is in.
    story.check(not any("INCIDENT" in line and "somebody" not in line
                        and "gone" not in line and " grows, " not in line
                        for _, line in lines),
                "and nothing else is", station.text())
    # `recording` is told when the first second has passed.
    late = [at + 1 - visit[0] for at, visit in zip(told, visits)]
    story.check(all(-1 < s < 4 for s in late),
                "each is told in time: %s s after the person is visible"
                % " ".join("%.1f" % s for s in late))
    served = packets(story, clip)
    kept = packets(story, recording(story, op, identity))
    story.check(len(kept) == len(served),
                "no frame is lost between server and recording: %d of %d"
                % (len(kept), len(served)))
    story.check(all(abs((a - kept[0]) - (b - served[0])) < 1e-4
                    for a, b in zip(kept, served)),
                "every presentation time is the camera's")
    story.sting("verify", op, code=None)


if not os.path.exists(FOOTAGE):
    print("the footage is not here")
    sys.exit(SKIPPED)
with Story("visitors and nothing else") as s:
    _, second = s.recipient()
    operation = s.operation()
    if "live" in sys.argv[1:]:
        live(s, operation, second)
    elif "coded" in sys.argv[1:]:
        coded(s, operation)
    else:
        replay(s, operation)
