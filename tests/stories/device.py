"""A camera at this machine itself: a real kernel's test device, in an emulated
machine. Recorded, lost while it is unbound, recorded again; what is kept are
the device's colour bars."""
import os

from cameras import recorded
from machine import machine_start
from story import Story, cameras_name

WIDTH, HEIGHT = 1280, 720
# The device's 75 % bars from left to right, as luma of television.
BARS = [180, 162, 131, 112, 84, 65, 35, 16]
SCRIPT = """
until_told() { # words, seconds
    n=0
    until grep -q "$1" /media/told; do
        n=$((n + 1))
        [ $n -lt $(($2 * 5)) ] || { echo "NOT TOLD: $1"; break; }
        sleep 0.2
    done
}
cp -a /mnt/op /media/op
%(sting)s run /media/op >/dev/null 2>/media/told &
station=$!
until_told 'camera table: recording' 60
sleep 3
date -u +'unbound at %%s'
echo vivid.0 >/sys/bus/platform/drivers/vivid/unbind
until_told 'camera table: NO PICTURE' 20
sleep 1
echo vivid.0 >/sys/bus/platform/drivers/vivid/bind
until_told 'camera table: recording again' 30
sleep 2
kill -INT $station
wait $station
echo "station ended: $?"
cat /media/told
cp -a /media/op /mnt/after
echo "all is kept"
"""


def pictures(story, path):
    """Luma of each frame, and its time."""
    raw = story.run("ffmpeg", "-v", "error", "-i", path, "-map", "0:v",
                    "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "gray",
                    "-").bytes
    told = story.run("ffprobe", "-v", "error", "-select_streams", "v",
                     "-show_entries", "packet=pts_time", "-of",
                     "csv=p=0", path).out
    size = WIDTH * HEIGHT
    return ([raw[i:i + size] for i in range(0, len(raw), size)],
            sorted(float(one.strip(",")) for one in told.split()))


def bars_of(picture):
    """Mean luma in the middle of each bar, below what is written there."""
    rows = range(HEIGHT * 3 // 4, HEIGHT * 7 // 8, 8)
    centre = [int(WIDTH * (i + 0.5) / 8) for i in range(8)]
    return [sum(picture[y * WIDTH + x + dx] for y in rows
                for dx in range(-20, 20)) / len(rows) / 40 for x in centre]


with Story("a camera at this machine itself is recorded") as story:
    op = story.operation()
    cameras_name(op, "  - name: table\n    url: /dev/video0\n")
    machine = machine_start(story, "vivid",
                            "n_devs=1 node_types=0x1 no_error_inj=1",
                            SCRIPT % {"sting": story.binary})
    machine.wait_line("all is kept", 800)
    machine.wait(60)
    told, kept = machine.text(), story.path("after")
    story.check("NOT TOLD" not in told and "station ended: 0" in told,
                "recorded, lost, recorded again, and ended in order", told)
    story.check("NO PICTURE: the device is gone" in told,
                "a device that is unbound is told to be gone")
    with open(os.path.join(kept, "evidence", "ledger")) as file:
        lines = file.read().splitlines()
    cameras = [line for line in lines if " camera camera=table" in line]
    inits = [line for line in lines if " init camera=table" in line]
    story.check(cameras and all("source=device" in one for one in cameras),
                "lines call it a device", cameras)
    story.check(len(inits) == 2 and all(" raw=1" in one for one in inits) and
                "encoded%20here" in "".join(cameras),
                "and say that its pictures were encoded here", inits)
    found = story.sting("verify", kept, "--json", code=None).json()[-1]
    gaps = [one["cause"] for one in found["gaps"]]
    story.check(found["verdict"] == "INTACT WITH GAPS" and gaps == ["camera"],
                "intact, but for the time without the device", found)
    film, _ = recorded(story, kept, "table")
    shown, times = pictures(story, film)
    apart = sorted(b - a for a, b in zip(times, times[1:]))
    usual = apart[len(apart) // 2]
    story.check(len(shown) == len(times) and len(shown) > 20 and
                1 / 15.5 < apart[0] and usual < 0.25,
                "%d pictures, %.0f ms apart, never over 15 a second" %
                (len(shown), 1000 * usual))
    worst = max(abs(one - bar) for picture in (shown[0], shown[-1])
                for one, bar in zip(bars_of(picture), BARS))
    story.check(worst <= 3, "they are the device's colour bars, luma off by "
                "%.1f at most" % worst, [bars_of(one) for one in shown[:1]])
