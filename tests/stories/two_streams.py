"""A camera with two streams, as stories have it: the clips that both send,
and one port at which both are."""
import os
import socket
import sys
import threading

from cameras import begin
from story import SKIPPED, cameras_name

CLIP = os.environ["CLIP"]
STILL = "[0:v]trim=start_frame=20:end_frame=21,loop=%d:1,setpts=N/10/TB[%s];"
# Somebody walks in the small one, and nobody in the large one.
SEEN = ("[0:v]trim=start_frame=40:end_frame=215,setpts=PTS-STARTPTS[v];"
        + STILL % (180, "a") + STILL % (500, "b")
        + "[a][v][b]concat=n=3,scale=384:216,noise=c0s=5:c0f=t,format=yuv420p")
UNSEEN = STILL % (1000, "a") + "[a]scale=768:432,noise=c0s=5:c0f=t,format=yuv420p"


def clip_make(story, name, filters, *more):
    clip = story.path(name + ".mp4")
    done = story.run("ffmpeg", "-v", "error", "-y", "-i", CLIP, "-an",
                     "-filter_complex", filters, "-c:v", "libx264", "-preset",
                     "ultrafast", "-bf", "0", "-g", "10", "-r", "10", *more, clip,
                     code=None)
    if done.code:
        print("ffmpeg has no x264:", done.err)
        sys.exit(SKIPPED)
    return clip


def soon_quiet(op):
    """Two seconds and not ten end an incident: films are short."""
    path = os.path.join(op, "operation.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("quiet_s: 10", "quiet_s: 2"))


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


def garage_begin(story, large, small):
    """A camera that sends both clips, its servers, and an operation with it:
    one clip is recorded, the other looked at."""
    servers = [begin([os.environ["RTSP_SERVE"], clip, "0", "--second", clip])
               for clip in (large, small)]
    camera = Camera(*(port for _, port in servers))
    op = story.operation()
    cameras_name(op, "  - name: garage\n"
                 "    url: rtsp://localhost:%d/camera\n"
                 "    look: rtsp://localhost:%d/second\n"
                 % (camera.port, camera.port))
    soon_quiet(op)
    return servers, camera, op


def ledger(op):
    with open(os.path.join(op, "evidence", "ledger"), encoding="utf-8") as file:
        return file.read().splitlines()


def remarks(op, name):
    return [line for line in ledger(op)
            if "camera=%s state=remark " % name in line]
