"""Motion, as Debian has it, before a film; and when whoever is before one has
found who came. Shared by watch_peers.py and tests/bench/watch.py."""
import os
import re
import signal
import subprocess
import threading
import time

CONF = """daemon off
setup_mode off
log_level 7
netcam_url file://%s
width %d
height %d
framerate %d
picture_output off
movie_output off
webcontrol_port 0
stream_port 0
event_gap 2
minimum_motion_frames 1
on_event_start %s B
on_event_end %s E
"""


def waited(process):
    """Processor seconds of a child that ends, and of its own."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def play(conf, length_s):
    """When Motion began to play and when it was through, by our clock, and
    its processor seconds."""
    begin, end = None, None
    with subprocess.Popen(["motion", "-c", conf, "-n"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace") as child:
        late = threading.Timer(1.5 * length_s + 30, child.kill)
        late.start()
        for line in child.stdout:
            if begin is None and "connected" in line:
                begin = time.time()
            if "End of file" in line:
                end = time.time()
                break
        child.send_signal(signal.SIGTERM)
        child.stdout.read()
        spent = waited(child)
        late.cancel()
    return begin, end, spent


def see(path, folder, shape, length_s):
    """What Motion says of a film of that shape (width, height, frames a
    second): when it is alarmed, and its processor seconds. It plays a file at
    a pace of its own: one of ten frames a second is over some 7 % too early.
    Its times are stretched to the film's."""
    conf, log, note = (os.path.join(folder, name)
                       for name in ("motion.conf", "motion.log", "note.sh"))
    with open(note, "w", encoding="ascii") as file:
        file.write("#!/bin/sh\necho $1$(date +%%s.%%N) >> %s\n" % log)
    os.chmod(note, 0o700)
    with open(conf, "w", encoding="ascii") as file:
        file.write(CONF % (path, *shape, note, note))
    with open(log, "w", encoding="ascii"):
        pass
    begin, end, spent = play(conf, length_s)
    if begin is None or end is None:
        raise RuntimeError("Motion did not play %s" % path)
    spans = []
    with open(log, encoding="ascii") as file:
        for kind, at in re.findall(r"([BE])([0-9.]+)", file.read()):
            at = (float(at) - begin) / (end - begin) * length_s
            if kind == "B":
                spans.append([at, length_s])
            elif spans:
                spans[-1][1] = min(at, length_s)
    return spans, spent


def judge(spans, visits, length_s):
    """Visits found, how late, alarms beside them, share of quiet alarmed."""
    late = []
    for begin, end in visits:
        hit = [max(a, begin) for a, b in spans
               if a < end and b > begin and not a < begin - 1]
        if hit:
            late.append(min(hit) - begin)
    beside = sum(all(b < begin or a > end + 4 for begin, end in visits)
                 and b > 25 for a, b in spans)
    quiet = alarmed = 0
    for tenth in range(250, int(10 * length_s)):
        at = tenth / 10
        if all(at < begin or at > end + 6 for begin, end in visits):
            quiet += 1
            alarmed += any(a <= at <= b for a, b in spans)
    return {"found": len(late), "late": late, "beside": beside,
            "visits": len(visits), "share": alarmed / max(1, quiet),
            "quiet_s": quiet / 10}
