"""Cameras that misbehave as cameras do, all at once, and one beside them that
does not and must not notice."""
import os
import re
import signal
import sys
import time

from cameras import begin, end, recorded, frames, ODD
from story import SKIPPED, Story, cameras_name

CLIP = os.environ["CLIP"]
X264 = ["-c:v", "libx264", "-preset", "superfast", "-bf", "0"]
SMALL = ["-vf", "scale=320:180"]
CLIPS = {
    "one": [*SMALL, "-g", "10"],
    "long": [*SMALL, "-g", "200"],
    "refresh": [*SMALL, "-g", "20", "-x264-params", "intra-refresh=1"],
    "other": ["-vf", "scale=256:144", "-g", "10"],
}
# name: (clip, words for the camera, more of operation.yaml)
LOGIN = ("user=gardener", "password=p@ss:w%rd")
CAMERAS = {
    "good": ("one", ("loop=1",), ""),
    "basic": ("one", ("auth=basic", *LOGIN), "user"),
    "digest": ("one", ("auth=digest", "audio=1", *LOGIN), "user"),
    "stranger": ("one", ("auth=digest", *LOGIN), ""),
    "drops": ("one", ("drop_s=4",), ""),
    "nonce": ("one", ("auth=digest", "drop_s=4", "nonce_s=3", *LOGIN), "user"),
    "untold": ("one", ("drop_s=14", "untold=1"), ""),
    "boots": ("one", ("boot_s=8",), ""),
    "stale": ("one", ("loop=0", "stale_s=3"), ""),
    "hangs": ("one", ("hang_s=5",), ""),
    "early": ("one", ("early=1", "sei=1", "equal=1", "own=1"), ""),
    "jumps": ("one", ("jump=6:3600,12:-7000",), ""),
    "masked": ("one", ("jump=6:-3,12:-7000",), "masks"),
    "udp": ("one", ("udp=1",), ""),
    "keyless": ("long", ("skip=5",), ""),
    "refresh": ("refresh", ("loop=1",), ""),
    "changes": ("one", ("other=",), ""),
    "huge": ("one", ("size=13040x13040",), ""),
    "vast": ("one", ("size=16384x16384",), ""),
    "garbage": ("one", ("answer=garbage",), ""),
    "headers": ("one", ("answer=headers",), ""),
    "redirect": ("one", ("answer=redirect",), ""),
}
LOST = "camera %s: NO PICTURE: .*"


def clips_make(story):
    made = {}
    for name, words in CLIPS.items():
        made[name] = story.path("clip-%s.mp4" % name)
        done = story.run("ffmpeg", "-v", "error", "-y", "-ss", "20", "-t", "12",
                         "-i", CLIP, "-an", *X264, *words, made[name],
                         code=None)
        if done.code:
            print("ffmpeg has no x264")
            sys.exit(SKIPPED)
    return made


def cameras_begin(story, clips):
    secret = story.write("camera-password", "p@ss:w%rd\n")
    text, process = "", {}
    for name, (clip, words, more) in CAMERAS.items():
        words = [one + clips["other"] if one == "other=" else one
                 for one in words]
        process[name], port = begin([sys.executable, ODD, clips[clip], "0",
                                     *words])
        text += "  - name: %s\n    url: rtsp://127.0.0.1:%d/camera\n" % (
            name, port)
        if more == "masks":
            text += "    masks:\n      - [[0, 0], [0.2, 0], [0.2, 0.2]]\n"
        elif more:
            text += "    user: gardener\n    password_file: %s\n" % secret
    return text, process


def told(station, pattern):
    """All lines that match, with their moments."""
    return [(at, line) for at, line in station.line
            if re.search(pattern, line)]


def judge(story, station):
    def never_lost(name, sentence):
        lost = station.lost(name)
        story.check(not lost, sentence, lost)

    def lost_for(name, pattern, sentence):
        story.check(told(station, (LOST % name) + pattern), sentence,
                    told(station, "camera %s:" % name))

    def back_after(name, most_s, sentence):
        lost = told(station, "camera %s: NO PICTURE" % name)
        back = told(station, "camera %s: recording again" % name)
        story.check(lost and back and back[0][0] - lost[0][0] < most_s,
                    sentence, told(station, "camera %s:" % name))

    never_lost("good", "a camera beside them notices nothing")
    never_lost("basic", "Basic authentication")
    never_lost("digest", "Digest authentication, and sound that nobody wants")
    lost_for("stranger", "the camera refuses us",
             "a camera that refuses says so")
    never_lost("drops", "a session that ends after 4 silent seconds is kept")
    never_lost("nonce", "and one whose nonce is good for 3 seconds")
    never_lost("untold", "and one that ends after 14 and does not say so")
    lost_for("boots", "it answers with 503", "a camera that is starting says so")
    back_after("boots", 20, "and is had once it has started")
    back_after("stale", 20, "a camera that holds its stale session is had again")
    back_after("hangs", 25, "a camera that hangs is had again")
    never_lost("early", "pictures before PLAY, remarks with times of their "
               "own, two pictures of one time, answers with numbers of its own")
    never_lost("jumps", "a clock that jumps stops nothing")
    story.check(told(station, "camera jumps: its clock jumped by "
                     r"(3599\.[5-9]|3600\.[0-5]) s"),
                "and is told", told(station, "camera jumps:"))
    never_lost("masked", "nor one whose pictures are masked")
    story.check(told(station, "camera masked: its clock jumped by "
                     r"-(2\.[5-9]|3\.[0-5]) s"),
                "and that is told", told(station, "camera masked:"))
    lost_for("udp", "no RTP over TCP", "a camera of UDP alone gets its line")
    never_lost("keyless", "without keyframes it is recorded all the same")
    never_lost("refresh", "intra refresh")
    never_lost("changes", "another size every second")
    lost_for("huge", "13040x13040 pixels", "13040 x 13040 is refused")
    # On a busy machine its first picture is waited for in vain before that.
    lost_for("vast", "(.* cannot be decoded|it sends no pictures)",
             "16384 x 16384 is refused")
    for name in ("garbage", "headers", "redirect"):
        lost_for(name, "", "%s: told as no camera" % name)


def kept(story, op, clips):
    """Frames of the recording whose clock jumped, and what the ledger says."""
    before = [one for _, one in frames(story, clips["one"])]
    path, inits = recorded(story, op, "jumps")
    after = frames(story, path)
    same = sum(one == before[i % len(before)]
               for i, (_, one) in enumerate(after))
    steps = [after[i + 1][0] - after[i][0] for i in range(len(after) - 1)]
    story.check(inits == 1 and len(after) > 100 and same == len(after),
                "a jump loses none of %d frames" % len(after), (inits, same))
    story.check(0 < min(steps) and max(steps) < 1.5,
                "and the recording's times go on", (min(steps), max(steps)))
    with open(os.path.join(op, "evidence", "ledger")) as file:
        lines = file.read().splitlines()
    died = [line for line in lines if " worker " in line]
    story.check(not died, "no worker died of any of it", died)
    for name in ("garbage", "headers", "redirect", "huge", "vast", "udp"):
        lost = [line for line in lines
                if "camera=%s " % name in line and "state=lost" in line]
        story.check(len(lost) == 1, "%s costs one line" % name, lost)
    # Whole segments: of a last second the end may come before a look.
    looks = [tuple(int(re.search(r"\b%s=(\d+)" % of, line).group(1))
                   for of in ("us", "looks")) for line in lines
             if " seg " in line and "camera=refresh" in line]
    whole = [seen for us, seen in looks if us >= 8000000]
    story.check(whole and min(whole) > 0,
                "pictures that renew bit by bit are seen", looks)
    found = story.sting("verify", op, "--json", code=10).json()[-1]
    story.check({gap["cause"] for gap in found["gaps"]} == {"camera"},
                "and every gap is told", found["gaps"])


def kept_of_sizes(story, op):
    """A camera that changes its size: pictures of each are kept."""
    _, identity = story.recipient()
    folder = os.path.join(op, "evidence", "segments", "changes")
    clear, sizes = {}, []
    for day in sorted(os.listdir(folder)):
        for name in sorted(os.listdir(os.path.join(folder, day))):
            clear[name] = story.run("age", "-d", "-i", identity, os.path.join(
                folder, day, name)).bytes
    inits = [clear[name] for name in sorted(clear) if name.startswith("init-")]
    segments = [clear[name] for name in sorted(clear) if "m4s" in name]
    for begin, segment in zip(inits, segments):
        path = story.write("size.mp4", begin + segment)
        told = story.run("ffprobe", "-v", "error", "-select_streams", "v",
                         "-show_entries", "frame=width,height", "-of",
                         "csv=p=0", path).out.split()
        sizes.append({line.strip(",") for line in told})
    story.check(len(sizes) > 3 and all(
        one == ({"256,144"} if i % 2 else {"320,180"})
        for i, one in enumerate(sizes)),
                "frames of both sizes are kept, each with its own", sizes)


def main():
    with Story("cameras that misbehave are borne, and told") as story:
        clips = clips_make(story)
        op = story.operation()
        text, process = cameras_begin(story, clips)
        cameras_name(op, text)
        station = story.sting_start("run", op)
        station.wait_line("camera good: recording", 60)
        end_at = time.time() + float(os.environ.get("ODD_S", "28"))
        for name in ("boots", "stale", "hangs"):
            station.wait_line("camera %s: recording again" % name, 60)
        time.sleep(max(0, end_at - time.time()))
        story.check(station.stop(signal.SIGINT, 60) == 0, "ended in order")
        process["digest"].kill()
        said = process["digest"].stdout.read()
        for one in process.values():
            end(one)
        if os.environ.get("SHOW"):
            print(station.text())
        judge(story, station)
        kept(story, op, clips)
        kept_of_sizes(story, op)
        path, _ = recorded(story, op, "digest")
        story.check(b"sends sound" in said
                    and len(frames(story, path)) > 150,
                    "sound that came all the same stopped no picture", said)


if __name__ == "__main__":
    main()
