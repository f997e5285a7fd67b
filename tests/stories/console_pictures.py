"""Who makes single pictures is killed while somebody looks at them, and who
makes those for alerts while somebody looks at Health: pictures come again, and
Health tells of both in Chromium. Pictures are kept where PICTURES says."""
import contextlib
import os
import signal
import time

from alerts import configure, form
from browsing import MODULES, browser_is_there, console_start, pictures_of
from cameras import begin, end
from console_play import Person, ledger
from deaths import workers_of
from story import ROOT, Story, wait_for


def film(story, name, size, keyframes):
    """Nothing happens, but for the noise of a sensor: each picture is another
    one. It is longer than the story, since one that is played again is told
    of."""
    path = story.path(name + ".mp4")
    story.run("ffmpeg", "-v", "error", "-f", "lavfi", "-i",
              "smptebars=size=%s:rate=10:duration=200,noise=alls=4:allf=t"
              % size, "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0",
              "-crf", "26", "-g", str(keyframes), path, seconds=120)
    return path


def players(station):
    return set(workers_of(station, "player"))


def used_ticks(pid):
    """Processor time, in hundredths of a second, of one that is locked in;
    None while it is not, or is gone."""
    try:
        with open("/proc/%d/status" % pid, encoding="ascii") as status:
            is_locked_in = "Seccomp:\t2" in status.read()
        with open("/proc/%d/stat" % pid, encoding="ascii") as stat:
            used = stat.read().rsplit(")", 1)[1].split()[11:13]
    except OSError:
        return None
    return sum(map(int, used)) if is_locked_in else None


def killed_at_work(station, known, seconds=30):
    """The next one that begins, once it has worked for 20 ms and more on its
    seconds of film. Killed before it has said that it is locked in, it would
    be one that could not be started; from then on it gets less of a busy
    machine than who is to kill it."""
    first, deadline = {}, time.time() + seconds
    while time.time() < deadline:
        for pid in players(station) - known:
            used = used_ticks(pid)
            with contextlib.suppress(ProcessLookupError):
                if used is not None and pid not in first:
                    first[pid] = used
                    os.setpriority(os.PRIO_PROCESS, pid, 10)
                elif used is not None and used >= first[pid] + 2:
                    os.kill(pid, signal.SIGKILL)
                    return True
        time.sleep(0.001)
    return False


def stills(story, station, node):
    """One worker makes single pictures; it is killed."""
    node.wait_line("it is shown", 90)
    mine = players(station)
    story.check(len(mine) == 1, "one worker makes single pictures", mine)
    os.kill(mine.pop(), signal.SIGKILL)
    node.wait_line("Health is open", 60)
    print("  so: single pictures come again, and Health tells who died")


def film_of(story, hook, number):
    """What carries pictures of that incident."""
    deadline = time.time() + 20
    while time.time() < deadline:
        for got in list(hook.received):
            if (got[2]["Content-Type"].startswith("multipart/")
                    and b'"incident":%d,' % number in got[3]):
                return form(got)
        time.sleep(0.1)
    return story.check(False, "pictures of incident %d follow" % number,
                       len(hook.received))


def keyframes_of(op, camera):
    """A recording ends where the next keyframe is there."""
    return len([line for line in ledger(op, "seg")
                if " camera=%s " % camera in line])


def wait_far_from_keyframe(story, op):
    """The last picture is to take work: all since its keyframe is decoded for
    it, and keyframes are ten seconds apart."""
    before = keyframes_of(op, "garage")
    story.check(wait_for(lambda: keyframes_of(op, "garage") > before),
                "a keyframe comes")
    time.sleep(7)


def gone(story, station, hook, camera, is_killed):
    """A camera goes: an incident, and pictures of it, made by a worker that
    may live or not. Gives the names of the form's parts."""
    known, told = players(station), len(station.line)
    end(camera)
    if is_killed:
        story.check(killed_at_work(station, known), "who makes pictures for "
                    "alerts is killed at work", station.text())
    number = int(station.wait_line(
        r"INCIDENT (\d+) at camera garage: the camera is gone", 30,
        after=told).group(1))
    fields = film_of(story, hook, number)
    story.check("clip" in fields and ("picture" in fields) != is_killed,
                "the film comes %s a picture"
                % ("without" if is_killed else "with"), list(fields))


def main(story):
    browser_is_there()
    clips = {"yard": film(story, "yard", "640x360", 10),
             "garage": film(story, "garage", "1280x720", 100)}
    yard, garage = (begin([os.environ["RTSP_SERVE"], clips[name], "0"])
                    for name in ("yard", "garage"))
    op = story.operation()
    hook = story.webhook()
    configure(story, op, "", "  - webhook: %s\n    attach: clear\n" % hook.url,
              camera="rtsp://127.0.0.1:%d/camera" % garage[1])
    path = op + "/operation.yaml"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("\ncameras:\n", "\ncameras:\n  - name: yard\n"
                                "    url: rtsp://127.0.0.1:%d/camera\n"
                                "    place: yard\n" % yard[1]))
    station, link = console_start(story, op)
    for name in ("yard", "garage"):
        station.wait_line("camera %s: recording" % name, 30)
    Person(link.group(1), "anna", link.group(2))
    node = story.start(
        "node", os.path.join(ROOT, "tests", "browser", "pictures.mjs"),
        link.group(1) + "/", pictures_of(story), "yard",
        env=dict(os.environ, BROWSER_MODULES=MODULES))
    stills(story, station, node)
    wait_far_from_keyframe(story, op)
    gone(story, station, hook, garage[0], True)
    died = [line for line in ledger(op, "worker") if "of=glimpse" in line]
    story.check(len(died) == 1 and "why=was%20killed" in died[0],
                "its death is one line", died)
    node.wait_line("Health tells", 60)
    garage = begin([os.environ["RTSP_SERVE"], clips["garage"], str(garage[1])])
    station.wait_line("camera garage: recording again", 60)
    gone(story, station, hook, garage[0], False)
    story.check(node.wait(120) == 0, "a picture comes again with the next "
                "incident, and Health tells", node.text())
    whose = [line for line in ledger(op, "worker") if "name=player" in line]
    story.check(len(whose) == 2 and all("killed" in line for line in whose),
                "each death is one line", whose)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    end(yard[0])
    found = story.sting("verify", op, "--json", code=None).json()[-1]
    story.check(found["verdict"].startswith("INTACT"), "the record holds",
                found)


if __name__ == "__main__":
    with Story("pictures come again when who makes them dies") as told:
        main(told)
