"""A camera with two streams: the large one is recorded, the small one looked
at. Somebody is to be seen on the small one alone; it goes and comes back, and
the recording of the large one lacks no frame."""
import os
import re
import signal
import socket
import sys
import threading
import time

from cameras import begin, compare, end, frames, recorded
from story import SKIPPED, Story, cameras_name

CLIP = os.environ["CLIP"]
STILL = "[0:v]trim=start_frame=20:end_frame=21,loop=%d:1,setpts=N/10/TB[%s];"
SEEN = ("[0:v]trim=start_frame=40:end_frame=215,setpts=PTS-STARTPTS[v];"
        + STILL % (180, "a") + STILL % (500, "b")
        + "[a][v][b]concat=n=3,scale=384:216,noise=c0s=5:c0f=t,format=yuv420p")
UNSEEN = STILL % (750, "a") + "[a]scale=768:432,noise=c0s=5:c0f=t,format=yuv420p"


def clip_make(story, name, filters):
    clip = story.path(name + ".mp4")
    done = story.run("ffmpeg", "-v", "error", "-y", "-i", CLIP, "-an",
                     "-filter_complex", filters, "-c:v", "libx264", "-preset",
                     "ultrafast", "-bf", "0", "-g", "10", "-r", "10", clip,
                     code=None)
    if done.code:
        print("ffmpeg has no x264:", done.err)
        sys.exit(SKIPPED)
    return clip


class Camera:
    """Both streams at one port, as a camera has them: who asks for /second is
    led to the one server, everybody else to the other."""

    def __init__(self, large, small):
        self.small_is_there = True
        self._to = {False: large, True: small}
        self._open = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            one, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(one,),
                             daemon=True).start()

    def _serve(self, one):
        first = one.recv(65536)
        is_small = b"/second" in first.split(b"\r\n")[0]
        if is_small and not self.small_is_there:
            one.close()
            return
        other = socket.create_connection(("127.0.0.1", self._to[is_small]))
        other.sendall(first)
        if is_small:
            self._open += [one, other]
        for pair in ((one, other), (other, one)):
            threading.Thread(target=self._copy, args=pair, daemon=True).start()

    @staticmethod
    def _copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def small_ends(self):
        self.small_is_there = False
        for one in self._open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._open = []


def remarks(op):
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        return re.findall(r"camera=garage state=remark .*", file.read())


with Story("a second stream is looked at, and the first recorded") as story:
    large = clip_make(story, "large", UNSEEN)
    small = clip_make(story, "small", SEEN)
    servers = [begin([os.environ["RTSP_SERVE"], clip, "0", "--second", clip])
               for clip in (large, small)]
    camera = Camera(*(port for _, port in servers))
    op = story.operation()
    cameras_name(op, "  - name: garage\n"
                 "    url: rtsp://localhost:%d/camera\n"
                 "    look: rtsp://localhost:%d/second\n"
                 % (camera.port, camera.port))
    story.sting("check", op)
    station = story.sting_start("run", op)
    station.wait_line("camera garage: recording, 768 x 432", 20)
    station.wait_line("camera garage: looking at its second stream, "
                      "384 x 216; the recorded one is not decoded", 25)
    station.wait_line("INCIDENT", 40)
    story.check(True, "who is to be seen on the small stream alone is an "
                "incident")
    station.wait_line("incident.*over|is over|ended", 60)
    gone = time.time()
    camera.small_ends()
    station.wait_line("camera garage: NO SECOND STREAM: .*; looking at the "
                      "recorded one instead", 10)
    story.check(station.at - gone < 5, "its loss is told at once",
                station.at - gone)
    lines = len(station.line)
    camera.small_is_there = True
    station.wait_line("camera garage: looking at its second stream", 30,
                      after=lines)
    time.sleep(3)
    story.check(station.stop(signal.SIGINT) == 0, "it ends in order")
    for process, _ in servers:
        end(process)
    told = remarks(op)
    story.check(["NO%20SECOND" in line for line in told]
                == [False, True, False],
                "each change is a line in the ledger", told)
    made, inits = recorded(story, op, "garage")
    story.check(inits == 1, "the large stream was recorded in one", inits)
    compare(story, "garage", frames(story, large), frames(story, made))
    story.sting("verify", op)
